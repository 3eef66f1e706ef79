"""One neuron of one input: a soft step that is dragged to its place."""

from dataclasses import dataclass
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

LEFT, RIGHT = -0.2, 1.2
X = np.linspace(LEFT, RIGHT, 421)
STEEPEST = 60  # weight, up or down
HIGHEST = 1.5  # output weight, up or down
LEVER = 0.14  # length, in units of x


@dataclass(frozen=True)
class SoftStepState:
    """The neuron's curve."""

    w: float
    b: float
    v: float
    place: float
    y: Array  # (421,)
    error: float  # the largest distance from the dashed curve


class SoftStep(Explorer[SoftStepState]):
    """One neuron with its output weight, ``v · σ(w·x + b)``, and what each number does.

    The goal is a falling step, so the weight must become negative.

    The step can be dragged by its middle, the lever beside it turns the weight, and the end of the
    curve moves the output weight.

    Parameters
    ----------
    w : int
        First value of the weight, from -60 to 60.
    place : float
        Where the step is first, from 0 to 1; the bias is ``-w * place``.
    v : float
        First value of the output weight, from -1.5 to 1.5.
    """

    title = mark("One neuron, a soft step")
    goal_text = mark("the dashed curve, at no place more than 0.05 away")
    size = (5.6, 3.6)
    played = ("w",)

    def __init__(self, *, w: int = 10, place: float = 0.3, v: float = 1.0) -> None:
        super().__init__(
            w=Slider(say("weight w"), w, -STEEPEST, STEEPEST, 2),
            place=Slider(say("place −b/w"), place, 0.0, 1.0, 0.02),
            v=Slider(say("output weight v"), v, -HIGHEST, HIGHEST, 0.1),
        )

    def compute(self, w: float, place: float, v: float) -> SoftStepState:
        y = curve(w, place, v)
        error = float(np.abs(y - curve(-40, 0.7, 1.0)).max())
        return SoftStepState(w, -w * place + 0.0, v, place, y, error)

    def goal(self, state: SoftStepState) -> bool:
        return state.error <= 0.05

    def describe(self, state: SoftStepState) -> str:
        w, b, v = format_number(state.w), format_number(state.b), format_number(state.v)
        place, error = format_number(state.place), format_number(state.error, ".2f")
        fields = {"w": w, "b": b, "v": v, "place": place, "error": error}
        if state.w:
            return say(
                "w = {w}, b = {b}, v = {v}: the step is at x = {place}. Largest distance: {error}.",
                **fields,
            )
        return say(
            "w = {w}, b = {b}, v = {v}: with the weight 0 there is no step. Largest distance: "
            "{error}.",
            **fields,
        )

    def prepare(self, figure: Figure) -> None:
        axes = self.axes = figure.subplots()
        axes.plot(X, curve(-40, 0.7, 1.0), "--", color=plots.INK, lw=1.4, label=say("to be met"))
        (self.curve,) = axes.plot(X, 0 * X, "-", color=plots.BLUE, lw=2.4, label="v · σ(w·x + b)")
        (self.lever,) = axes.plot(
            [], [], "-", color=plots.ORANGE, lw=2.0, label=say("lever of the weight")
        )
        axes.set(xlabel="x", ylabel="y", xlim=(LEFT, RIGHT), ylim=(-1.6, 1.6))
        axes.set_title(say("one neuron"), loc="center")
        plots.legend(figure)

    def handles(self) -> list[Handle]:
        return [
            Handle(self.axes, ("place",), lambda place, v, **_: (place, v / 2), ("w",)),
            Handle(self.axes, ("w",), lever),
            Handle(self.axes, ("v",), end),
        ]

    def draw(self, state: SoftStepState) -> None:
        self.curve.set_ydata(state.y)
        x, y = lever(state.w, state.place, state.v)
        self.lever.set_data([state.place, x], [state.v / 2, y])


def curve(w: float, place: float, v: float) -> Array:
    """The neuron's answers at `X`, computed by a network 1 – 1 – 1."""
    hidden = nn.Dense.from_weights([[w]], [-w * place])
    net = nn.Sequential(hidden, nn.Sigmoid(), nn.Dense.from_weights([[v]]))
    y: Array = net(X[:, None])[:, 0]
    return y


def lever(w: Any, place: float, v: float) -> tuple[Any, Any]:
    """The end of the lever: the higher above the step's middle, the larger the weight."""
    return place + LEVER, v / 2 + 0.5 * w / STEEPEST


def end(w: float, place: float, v: Any) -> tuple[Any, Any]:
    """Where the curve ends, on the side on which the neuron is active."""
    x = RIGHT - 0.05 if w >= 0 else LEFT + 0.05
    return x, v * nn.sigmoid(np.array(w * (x - place))).item()
