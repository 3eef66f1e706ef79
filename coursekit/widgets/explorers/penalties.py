"""A loss and a penalty in the plane of two weights, and what the penalty does to twelve."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from coursekit import plots
from coursekit.language import mark, say, say_n
from coursekit.nn.validation import Array
from coursekit.plots.format_number import format_number
from coursekit.widgets.base.controls import Choice, Slider
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.handles import Handle
from coursekit.widgets.base.text import point

#: For each kind how much of the strength goes to Σ |w| and how much to ½ Σ w².
KINDS = {"L2": (0.0, 1.0), "L1": (1.0, 0.0), mark("elastic net"): (1.0, 1.0)}
STRONGEST, STEP = 1.5, 0.02

# The loss in the plane: ½ (w − MINIMUM)ᵀ CURVATURE (w − MINIMUM).
MINIMUM = np.array([0.3, 1.4])
CURVATURE = np.array([[1.0, 0.2], [0.2, 0.8]])

# The loss of twelve weights: half the mean squared error of a regression on few noisy samples.
TRUE = np.array([1.5, 0, 0, -1.2, 0, 0, 0.9, 0, 0, 0, -1.0, 0])
USELESS = TRUE == 0
SAMPLES, NOISE = 30, 1.0

ANGLES = np.linspace(0, 2 * np.pi, 241)  # holds the four corners


@dataclass(frozen=True)
class PenaltiesState:
    """Where loss and penalty together are lowest."""

    kind: str
    strength: float
    pair: Array  # (2,), in the plane
    weights: Array  # (12,), of the regression
    error: float  # mean squared, on unseen samples
    plain_error: float  # the same without a penalty

    @property
    def useless_out(self) -> int:
        return int((self.weights[USELESS] == 0).sum())

    @property
    def useful_out(self) -> int:
        return int((self.weights[~USELESS] == 0).sum())


class Penalties(Explorer[PenaltiesState]):
    """A penalty, its strength, and the exact minimum of the loss with it.

    On the left is a loss of two weights, with its contours and the penalty's; on the right a
    regression with twelve weights, eight of which belong to useless features. Both minima are
    found by coordinate descent, so a zero is exactly zero. The one on the left can be dragged along
    its path.

    Parameters
    ----------
    kind : {"L2", "L1", "elastic net"}
        Of the penalty at first. The elastic net has both parts, each with the full strength.
    strength : float
        From 0 to 1.5.
    """

    title = mark("Penalties in weight space")
    goal_text = mark(
        "all eight useless weights zero, none of the four useful ones, and an error below "
        "that without a penalty"
    )
    size = (6.0, 3.6)
    played = ("strength",)

    def __init__(self, *, kind: str = "L2", strength: float = 0.5) -> None:
        super().__init__(
            kind=Choice(say("penalty"), list(KINDS), kind),
            strength=Slider(say("strength λ"), strength, 0.0, STRONGEST, STEP),
        )

    def compute(self, *, kind: str, strength: float) -> PenaltiesState:
        l1, l2 = (strength * part for part in KINDS[kind])
        curvature, pull, unseen = regression()
        weights = minimise(curvature, pull, l1, l2)
        plain = minimise(curvature, pull, 0.0, 0.0)
        pair = minimise(CURVATURE, CURVATURE @ MINIMUM, l1, l2)
        x, t = unseen
        errors = [float(np.mean((x @ w - t) ** 2)) for w in (weights, plain)]
        return PenaltiesState(kind, strength, pair, weights, *errors)

    def goal(self, state: PenaltiesState) -> bool:
        chosen = (state.useless_out, state.useful_out) == (int(USELESS.sum()), 0)
        return chosen and state.error < state.plain_error

    def describe(self, state: PenaltiesState) -> str:
        return say(
            "{kind}, strength {strength}. In the plane the minimum lies at {place}: {zeros}. Of "
            "the twelve weights, {useless} of 8 useless and {useful} of 4 useful ones are exactly "
            "zero. Error on unseen data {error}, without a penalty {plain}.",
            kind=say(state.kind),
            strength=format_number(state.strength),
            place=point(state.pair.tolist()),
            zeros=say_n(int((state.pair == 0).sum()), "{n} zero", "{n} zeros"),
            useless=state.useless_out,
            useful=state.useful_out,
            error=format_number(state.error),
            plain=format_number(state.plain_error),
        )

    def prepare(self, figure: Figure) -> None:
        plane, stems = figure.subplots(1, 2, width_ratios=(1, 1.15))
        self.plane = plane
        for level in (0.05, 0.3, 0.8, 1.6, 2.8):
            plane.plot(*ellipse(level), "-", color="0.58", lw=0.6)
        plane.axhline(0, color=plots.INK, lw=0.8)
        plane.axvline(0, color=plots.INK, lw=0.8)
        (self.touching,) = plane.plot([], [], "-", color="0.45", label=say("loss"))
        (self.fence,) = plane.plot([], [], "--", color=plots.ORANGE, label=say("penalty"))
        (self.path,) = plane.plot([], [], ":", color=plots.INK, label=say("as λ grows"))
        plane.plot(*MINIMUM, "*", color=plots.INK, ms=10, label=say("least loss"))
        (self.here,) = plane.plot([], [], "o", color=plots.BLUE, ms=9, label=say("least sum"))
        plane.set(xlim=(-1.5, 1.9), ylim=(-1.5, 1.9), aspect="equal")
        plane.set(xlabel="$w_1$", ylabel="$w_2$")
        plane.set_title(say("two weights"), loc="center")
        k = np.arange(1, len(TRUE) + 1)
        stems.axhline(0, color=plots.INK, lw=0.8)
        stems.plot(k, TRUE, "s", mfc="none", mec=plots.INK, ms=9, label=say("true weight"))
        self.rods = stems.vlines(k, 0, 0 * k, color=plots.BLUE, lw=2)
        (self.kept,) = stems.plot([], [], "o", color=plots.BLUE, ms=6, label=say("weight"))
        (self.zeros,) = stems.plot([], [], "x", color=plots.ORANGE, ms=8, mew=2, label=say("zero"))
        stems.set(xlim=(0.3, len(TRUE) + 0.7), ylim=(-1.9, 1.9), xticks=k, xlabel=say("feature"))
        stems.set_title(say("twelve weights"), loc="center")
        plots.legend(figure)

    def handles(self) -> list[Handle]:
        return [Handle(self.plane, ("strength",), place_of_minimum)]

    def draw(self, state: PenaltiesState) -> None:
        self.touching.set_data(*ellipse(plane_loss(state.pair)))
        self.fence.set_data(*contour(state.kind, state.pair))
        self.path.set_data(*path_of_minima(state.kind).T)
        self.here.set_data(*state.pair[:, None])
        k, w = np.arange(1, len(TRUE) + 1), state.weights
        self.rods.set_segments([[(a, 0.0), (a, b)] for a, b in zip(k, w, strict=True)])
        self.kept.set_data(k[w != 0], w[w != 0])
        self.zeros.set_data(k[w == 0], w[w == 0])


def minimise(curvature: Array, pull: Array, l1: float, l2: float) -> Array:
    """Return the minimum of ½ wᵀ curvature w − pull·w + l1 Σ|w| + ½ l2 Σ w², by coordinate descent.

    Along one weight, the others fixed, the minimum is known: the pull on it, brought nearer to 0
    by l1 (and 0 if it is no larger), divided by the curvature there.
    """
    w = np.zeros(len(pull))
    for _ in range(1000):
        before = w.copy()
        for k in range(len(w)):
            rest = pull[k] - curvature[k] @ w + curvature[k, k] * w[k]
            size = max(abs(rest) - l1, 0.0)
            w[k] = np.copysign(size, rest) / (curvature[k, k] + l2) if size else 0.0
        if np.abs(w - before).max() < 1e-10:
            break
    return w


@cache
def regression() -> tuple[Array, Array, tuple[Array, Array]]:
    """Curvature and pull of the mean squared error's half, and samples to measure the error on."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(SAMPLES + 1000, len(TRUE)))
    t = x @ TRUE + NOISE * rng.normal(size=len(x))
    seen, t_seen = x[:SAMPLES], t[:SAMPLES]
    return seen.T @ seen / SAMPLES, seen.T @ t_seen / SAMPLES, (x[SAMPLES:], t[SAMPLES:])


def plane_loss(w: Array) -> float:
    """The loss of two weights."""
    return float((w - MINIMUM) @ CURVATURE @ (w - MINIMUM)) / 2


def ellipse(level: float) -> Array:
    """Where the loss of two weights has this value, (2, 361)."""
    return MINIMUM[:, None] + plots.level_ellipse(CURVATURE, level)


def contour(kind: str, w: Array) -> Array:
    """Where the penalty is as high as at w, (2, 241)."""
    l1, l2 = KINDS[kind]
    level = l1 * np.abs(w).sum() + l2 / 2 * (w @ w)
    ray = np.stack([np.cos(ANGLES), np.sin(ANGLES)])
    bend = l1 * np.abs(ray).sum(axis=0)
    length = 2 * level / (bend + np.sqrt(bend**2 + 2 * l2 * level)) if level else 0 * ANGLES
    return ray * length


def place_of_minimum(*, kind: str, strength: Any) -> tuple[Any, Any]:
    """The minimum of the plane for each strength, read from a table."""
    strengths, minima = minima_by_strength(kind)
    x, y = (np.interp(strength, strengths, w) for w in minima.T)
    return x, y


@cache
def minima_by_strength(kind: str) -> tuple[Array, Array]:
    """All strengths at which the slider stops, (N,), and the minima of the plane, (N, 2)."""
    l1, l2 = KINDS[kind]
    strengths = np.arange(0, STRONGEST + STEP / 2, STEP)
    pull = CURVATURE @ MINIMUM
    return strengths, np.array([minimise(CURVATURE, pull, l1 * s, l2 * s) for s in strengths])


@cache
def path_of_minima(kind: str) -> Array:
    """The minima of the plane from strength 0 to where nothing is left, (60, 2)."""
    l1, l2 = KINDS[kind]
    pull = CURVATURE @ MINIMUM
    strengths = np.append(0, np.geomspace(0.01, 50, 59))
    return np.array([minimise(CURVATURE, pull, l1 * s, l2 * s) for s in strengths])
