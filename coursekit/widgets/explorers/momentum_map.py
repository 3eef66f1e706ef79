"""A learning rate and a momentum: a point on the map of how fast, and the walk that it gives."""

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from coursekit import nn, plots
from coursekit.language import mark, say
from coursekit.nn.validation import Array
from coursekit.plots.format_number import format_number
from coursekit.widgets.base.controls import Slider
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.handles import Handle
from coursekit.widgets.base.text import point

CURVATURES = np.array([1.0, 25.0])  # along the valley and across it
START, NEAR, STEPS = (-10.0, 1.0), 0.1, 150
VIEW = (-11.0, 5.0, -2.6, 2.6)  # of the valley: left, right, bottom, top
ALONG = {
    "creeps": mark("Along the valley the walk creeps."),
    "rings": mark("Along the valley the walk rings."),
    "jumps": mark("Along the valley the walk jumps back and forth."),
    "diverges": mark("Along the valley the walk diverges."),
}
ACROSS = {
    "creeps": mark("Across it the walk creeps."),
    "rings": mark("Across it the walk rings."),
    "jumps": mark("Across it the walk jumps back and forth."),
    "diverges": mark("Across it the walk diverges."),
}


@dataclass(frozen=True)
class MomentumState:
    """A walk down the valley, and what each direction does."""

    alpha: float
    rho: float
    start: tuple[float, float]
    path: Array  # (STEPS + 1, 2)
    arrival: int | None  # the step from which on it stays near the minimum
    factor: float  # by which a step shrinks the slower direction
    kinds: tuple[str, str]  # along and across


class MomentumMap(Explorer[MomentumState]):
    """Momentum in a valley with condition number 25.

    On the left is the map of the factor by which a step shrinks the slower direction, with the
    chosen point; on the right the walk from a start. The point and the start can be dragged.

    Parameters
    ----------
    alpha : float
        Learning rate at first, from 0.005 to 0.15.
    rho : float
        Momentum at first, from 0 to 0.95.
    x1, x2 : float
        The start at first, from -10.5 to 4.5 and from -2.4 to 2.4.
    """

    title = mark("Momentum in a narrow valley")
    goal_text = mark(
        "a walk from (−10, 1) that stays within 0.1 of the minimum from step 14 on, or sooner"
    )
    size = (6.0, 3.3)
    played = ("alpha", "rho")

    def __init__(
        self, *, alpha: float = 0.03, rho: float = 0.9, x1: float = START[0], x2: float = START[1]
    ) -> None:
        super().__init__(
            alpha=Slider(say("learning rate α"), alpha, 0.005, 0.15, 0.005),
            rho=Slider(say("momentum ρ"), rho, 0.0, 0.95, 0.05),
            x1=Slider(say("start {name}", name="x₁"), x1, -10.5, 4.5, 0.5),
            x2=Slider(say("start {name}", name="x₂"), x2, -2.4, 2.4, 0.2),
        )

    def compute(self, *, alpha: float, rho: float, x1: float, x2: float) -> MomentumState:
        x, optimizer = np.array([x1, x2]), nn.Momentum(alpha, rho)
        path = [x.copy()]
        for _ in range(STEPS):
            optimizer.step(x, CURVATURES * x)
            path.append(x.copy())
        near_from = 1 + max(np.flatnonzero(np.hypot(*np.transpose(path)) > NEAR), default=-1)
        arrival = int(near_from) if near_from <= STEPS else None
        factor = float(slower_factor(np.array([[alpha, rho]]))[0])
        kinds = (kind(alpha * CURVATURES[0], rho), kind(alpha * CURVATURES[1], rho))
        return MomentumState(alpha, rho, (x1, x2), np.array(path), arrival, factor, kinds)

    def goal(self, state: MomentumState) -> bool:
        return state.start == START and state.arrival is not None and state.arrival <= 14

    def describe(self, state: MomentumState) -> str:
        alpha, rho = format_number(state.alpha, ".3f"), format_number(state.rho)
        along, across = state.kinds
        start = point(list(state.start))
        chosen = say(
            "Learning rate {alpha}, momentum {rho}, from {start}.",
            alpha=alpha,
            rho=rho,
            start=start,
        )
        walk = f"{chosen} {say(ALONG[along])} {say(ACROSS[across])}"
        if "diverges" in state.kinds:
            return walk
        factor = format_number(state.factor, ".3f")
        late = mark("Factor per step {factor}; not at the minimum within {steps} steps.")
        reached = mark("Factor per step {factor}; at the minimum from step {step} on.")
        if state.arrival is None:
            return f"{walk} {say(late, factor=factor, steps=STEPS)}"
        return f"{walk} {say(reached, factor=factor, step=state.arrival)}"

    def prepare(self, figure: Figure) -> None:
        rates, valley = figure.subplots(1, 2, width_ratios=(1, 1.3))
        self.rates = rates
        plots.loss_surface(
            rates, slower_factor, limits=(0.001, 0.16, 0, 0.98), levels=[0.7, 0.8, 0.9, 0.95, 1]
        )
        rho = np.linspace(0, 0.98, 100)
        rates.plot((2 + 2 * rho) / CURVATURES[1], rho, color=plots.ORANGE, lw=1, label=say("limit"))
        damped = (1 - np.sqrt(rho)) ** 2 / CURVATURES[0]
        rates.plot(damped, rho, "--", color=plots.BLUE, lw=1, label=say("$x_1$ critically damped"))
        (self.here,) = rates.plot([], [], "o", color=plots.INK, ms=9, label=say("chosen α and ρ"))
        self.here.set(clip_on=False, in_layout=False)  # whole at the map's edge, too
        rates.set(xlim=(0.001, 0.16), xlabel="α", ylabel="ρ")
        rates.set_title(say("factor per step"), loc="center")
        plots.loss_surface(valley, height, limits=VIEW, log=True, levels=8)
        self.valley = valley
        (self.walk,) = valley.plot([], [], "-", marker=".", color=plots.BLUE, ms=6, lw=1)
        (self.begin,) = valley.plot([], [], "x", color=plots.INK, ms=8, mew=2)
        valley.plot(0, 0, "*", color=plots.INK, mfc="white", ms=12)
        valley.set(xlabel="$x_1$", ylabel="$x_2$")
        valley.set_title(say("the first {n} steps", n=STEPS), loc="center")
        plots.legend(figure)

    def handles(self) -> list[Handle]:
        return [
            Handle(self.rates, ("alpha", "rho"), lambda alpha, rho, **_: (alpha, rho)),
            Handle(self.valley, ("x1", "x2"), lambda x1, x2, **_: (x1, x2)),
        ]

    def draw(self, state: MomentumState) -> None:
        self.here.set_data([state.alpha], [state.rho])
        self.begin.set_data(*np.transpose([state.start]))
        self.walk.set_data(*np.clip(state.path, -50, 50).T)


def height(x: Array) -> Array:
    """The loss, ½ (x₁² + 25 x₂²), (M, 2) -> (M,)."""
    loss: Array = 0.5 * (x**2 @ CURVATURES)
    return loss


def slower_factor(settings: Array) -> Array:
    """By how much a step shrinks the slower direction: the largest root of the two equations.

    In a direction of curvature c, ``r² - (1 + ρ - αc) r + ρ = 0``; settings (M, 2) are α and ρ.
    """
    alpha, rho = settings.T
    total = 1 + rho - alpha * CURVATURES[:, None]
    spread = np.sqrt(np.maximum(total**2 - 4 * rho, 0))
    largest: Array = np.maximum((np.abs(total) + spread) / 2, np.sqrt(rho)).max(axis=0)
    return largest


def kind(alpha_c: float, rho: float) -> str:
    """What a direction does whose curvature times the rate is `alpha_c`."""
    if alpha_c >= 2 + 2 * rho:
        return "diverges"
    total = 1 + rho - alpha_c
    if total**2 < 4 * rho:
        return "rings"
    return "creeps" if total > 0 else "jumps"
