"""A curve put together by hand from six bumps, each the difference of two sigmoids."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from coursekit import nn, plots
from coursekit.language import mark, say
from coursekit.nn.validation import Array
from coursekit.plots.format_number import format_number
from coursekit.widgets.base.controls import Slider
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.handles import Handle

COUNT = 6
HIGHEST = 1.5  # of a bump, up or down
X = np.linspace(0, 1, 301)
# The outermost edges lie outside the interval, where the curve is not compared.
EDGES = np.array([-0.5, *np.arange(1, COUNT) / COUNT, 1.5])


def target(x: Array) -> Array:
    """The curve to be built, any shape."""
    return 0.9 * np.sin(3 * x) * np.sin(7 * x)


@dataclass(frozen=True)
class BumpsState:
    """The curve that the bumps add up to."""

    steepness: float
    bumps: Array  # (6, 301), each with its height
    y: Array  # (301,), their sum
    error: float  # the largest distance from the target
    worst: float  # where it is
    mean: float  # error over the interval


class Bumps(Explorer[BumpsState]):
    """Six bumps ``h · (σ(k(x − a)) − σ(k(x − b)))`` side by side, and a curve to approximate.

    The model is a network with twelve sigmoids. The goal is far below the error of the best
    function with six flat steps: heights alone don't reach it; the edges must be soft as well.

    The tops of the bumps can be dragged.

    Parameters
    ----------
    h1, h2, h3, h4, h5, h6 : float
        First values of the heights, from -1.5 to 1.5.
    steepness : int
        First value of the weight k of every sigmoid, from 5 to 200.
    """

    title = mark("A curve built from six bumps")
    goal_text = mark("a largest error below 0.1 (six flat steps can't get below 0.43)")
    size = (5.6, 4.0)
    played = ("steepness",)

    def __init__(
        self,
        *,
        h1: float = 0.0,
        h2: float = 0.5,
        h3: float = 0.0,
        h4: float = 0.0,
        h5: float = 0.0,
        h6: float = 0.0,
        steepness: int = 100,
    ) -> None:
        heights = (h1, h2, h3, h4, h5, h6)
        sliders = {
            f"h{k}": Slider(
                say("height {name}", name=f"h{chr(0x2080 + k)}"), h, -HIGHEST, HIGHEST, 0.05
            )
            for k, h in enumerate(heights, start=1)
        }
        super().__init__(**sliders, steepness=Slider(say("steepness k"), steepness, 5, 200, 5))

    def compute(self, *, steepness: float, **heights: float) -> BumpsState:
        h = np.array(list(heights.values()))
        net = network(h, steepness)
        sigmoids = net.trace(X[:, None])[2]
        bumps = (sigmoids[:, :COUNT] - sigmoids[:, COUNT:]) * h
        y = net(X[:, None])[:, 0]
        errors = np.abs(y - target(X))
        worst = float(X[errors.argmax()])
        return BumpsState(steepness, bumps.T, y, float(errors.max()), worst, float(errors.mean()))

    def goal(self, state: BumpsState) -> bool:
        return state.error < 0.1

    def describe(self, state: BumpsState) -> str:
        return say(
            "Largest error of the {n} sigmoids: {largest}, at x = {place}. Mean error: {mean}.",
            n=2 * COUNT,
            largest=format_number(state.error, ".3f"),
            place=format_number(state.worst),
            mean=format_number(state.mean, ".3f"),
        )

    def prepare(self, figure: Figure) -> None:
        axes = self.axes = figure.subplots()
        self.lines = axes.plot(X, np.zeros((len(X), COUNT)), "-", color="0.45", lw=1)
        self.lines[0].set_label(say("bumps"))
        axes.plot(X, target(X), "--", color=plots.INK, label=say("curve to be met"))
        (self.sum,) = axes.plot(
            X, 0 * X, "-", color=plots.BLUE, linewidth=2.4, label=say("their sum")
        )
        (self.gap,) = axes.plot(
            [], [], "-", color=plots.ORANGE, marker="_", ms=10, lw=2.4, label=say("largest error")
        )
        axes.set(xlabel="x", ylabel="y", xlim=(0, 1), ylim=(-1.6, 1.6))
        axes.set_title(say("six bumps and their sum"), loc="center")
        plots.legend(figure)

    def handles(self) -> list[Handle]:
        return [Handle(self.axes, (f"h{k + 1}",), partial(top, k)) for k in range(COUNT)]

    def draw(self, state: BumpsState) -> None:
        for line, bump in zip(self.lines, state.bumps, strict=True):
            line.set_ydata(bump)
        self.sum.set_ydata(state.y)
        here = state.worst == X
        self.gap.set_data([state.worst] * 2, [target(X[here])[0], state.y[here][0]])


def top(k: int, *, steepness: float, **heights: Any) -> tuple[Any, Any]:
    """The middle of the k-th bump, counted from 0, in its height."""
    x = (k + 0.5) / COUNT
    unit = network(np.eye(COUNT)[k], steepness)(np.array([[x]])).item()
    return x, unit * heights[f"h{k + 1}"]


def network(heights: Array, steepness: float) -> nn.Sequential:
    """Six bumps as a network 1 – 12 – 1: first the rising sigmoids, then the falling ones."""
    edges = np.concatenate([EDGES[:-1], EDGES[1:]])
    hidden = nn.Dense.from_weights(np.full((1, 2 * COUNT), steepness), -steepness * edges)
    output = nn.Dense.from_weights(np.concatenate([heights, -heights])[:, None])
    return nn.Sequential(hidden, nn.Sigmoid(), output)
