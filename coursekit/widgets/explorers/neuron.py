"""One neuron and its parts: products, sum, activation."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from coursekit import nn, plots
from coursekit.language import mark, say
from coursekit.nn.validation import Array
from coursekit.plots.format_number import format_number
from coursekit.widgets.base.controls import Choice, Slider
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.handles import Handle
from coursekit.widgets.base.parts import ACTIVATIONS, FARTHEST, offer

OFFERED = offer(ACTIVATIONS, ("step", "sigmoid", "tanh"), without=("leaky ReLU", "ELU", "softplus"))


@dataclass(frozen=True)
class NeuronState:
    """The parts of a neuron's answer."""

    inputs: Array  # (2,)
    weights: Array  # (2,)
    threshold: float
    products: Array  # (2,)
    score: float  # their sum less the threshold
    output: float
    activation: str


class Neuron(Explorer[NeuronState]):
    """``a(x) = σ(w₁·x₁ + w₂·x₂ − w₀)``, part by part.

    The goal is a sigmoid whose output is above 0.9 although both inputs are negative.

    The ends of the bars can be dragged, and the point on the curve.

    Parameters
    ----------
    x1, x2, w1, w2, threshold : float
        First values of the sliders: inputs from -1 to 1, the others from -2 to 2.
    activation : str
        The activation chosen at first, such as ``"sigmoid"``; one of those in the list.
    """

    title = mark("A neuron and its parts")
    goal_text = mark("an output above 0.9 from the sigmoid, with both inputs negative")
    size = (6.0, 3.2)

    def __init__(
        self,
        *,
        x1: float = 1.0,
        x2: float = -0.5,
        w1: float = 0.8,
        w2: float = 1.2,
        threshold: float = 0.5,
        activation: str = "step",
    ) -> None:
        super().__init__(
            x1=Slider(say("input x₁"), x1, -1.0, 1.0),
            x2=Slider(say("input x₂"), x2, -1.0, 1.0),
            w1=Slider(say("weight w₁"), w1, -2.0, 2.0),
            w2=Slider(say("weight w₂"), w2, -2.0, 2.0),
            threshold=Slider(say("threshold w₀"), threshold, -2.0, 2.0),
            activation=Choice(say("activation"), OFFERED, activation),
        )

    def compute(
        self, x1: float, x2: float, w1: float, w2: float, threshold: float, activation: str
    ) -> NeuronState:
        x, w = np.array([x1, x2]), np.array([w1, w2])
        dense = nn.Dense.from_weights(w[:, None], [-threshold])
        _, score, output = nn.Sequential(dense, ACTIVATIONS[activation].make()).trace(x[None])
        return NeuronState(x, w, threshold, x * w, score.item(), output.item(), activation)

    def goal(self, state: NeuronState) -> bool:
        negative = bool((state.inputs < 0).all())
        return state.activation == "sigmoid" and negative and state.output > 0.9

    def describe(self, state: NeuronState) -> str:
        (w1, w2), (x1, x2) = state.weights, state.inputs
        first, second = (
            f"{format_number(w1)}·{_bracketed(x1)}",
            f"{_bracketed(w2)}·{_bracketed(x2)}",
        )
        score, output = format_number(state.score), format_number(state.output, ".3f")
        total = f"{first} + {second} − {_bracketed(state.threshold)} = {score}"
        return say(
            "Score: {total}. Output: {activation}({score}) = {output}.",
            total=total,
            activation=say(state.activation),
            score=score,
            output=output,
        )

    def prepare(self, figure: Figure) -> None:
        self.parts, self.curve = figure.subplots(1, 2, width_ratios=(1, 1.1))
        parts = self.parts
        names = ["$w_1 x_1$", "$w_2 x_2$", "$-w_0$", say("score")]
        self.bars = parts.barh(names, [0.0] * 4, height=0.62, color=plots.BLUE, ec=plots.INK)
        self.sizes = [parts.text(0, k, "", va="center", fontsize=9) for k in range(4)]
        parts.axvline(0, color=plots.INK, linewidth=0.8)
        parts.axhline(2.5, color="0.5", linewidth=0.8)
        parts.set(xlabel=say("value"), xlim=(-FARTHEST, FARTHEST), ylim=(3.6, -0.6))
        parts.grid(False)
        parts.set_title(say("what is added up"), loc="center")
        self.curves = {}
        for name in OFFERED:
            f, limits = ACTIVATIONS[name].make(), (-FARTHEST, FARTHEST)
            self.curves[name] = plots.activation(self.curve, f, limits=limits, slope=False)
            for curve in self.curves[name]:
                curve.set_linestyle("-")
        self.curve.get_legend().remove()
        (self.guide,) = self.curve.plot([], [], ":", color=plots.INK, linewidth=1.2)
        (self.now,) = self.curve.plot([], [], "D", color=plots.ORANGE, mec=plots.INK, ms=9)
        ylim = ACTIVATIONS[self.values["activation"]].ylim
        self.curve.set(xlabel=say("score"), ylabel=say("output"), ylim=ylim)
        self.curve.set_title(say("the activation"), loc="center")

    def handles(self) -> list[Handle]:
        """The ends of the bars, and the point on the curve; each says what it is made of."""
        bars = [
            Handle(self.parts, ("w1",), lambda x1, w1, **_: (x1 * w1, 0), ("x1",), _product_1),
            Handle(self.parts, ("w2",), lambda x2, w2, **_: (x2 * w2, 1), ("x2",), _product_2),
            Handle(self.parts, ("threshold",), lambda threshold, **_: (-threshold, 2)),
        ]
        rest = ("x1", "x2", "w1", "w2", "activation")
        return [*bars, Handle(self.curve, ("threshold",), self._on_curve, rest, self._in_words)]

    def _on_curve(self, *, threshold: Any, **values: Any) -> tuple[Any, Any]:
        """Score and output, for each threshold."""
        score = self.compute(threshold=0.0, **values).score - threshold
        return score, ACTIVATIONS[values["activation"]].make()(score)

    def _in_words(self, **values: Any) -> str:
        state = self.compute(**values)
        score, output = format_number(state.score), format_number(state.output, ".3f")
        return f"{say(state.activation)}({score}) = {output}"

    def draw(self, state: NeuronState) -> None:
        values = [*state.products, -state.threshold, state.score]
        for bar, size, value in zip(self.bars, self.sizes, values, strict=True):
            positive = value >= 0
            bar.set_width(value)
            bar.set(facecolor=plots.BLUE if positive else plots.ORANGE)
            bar.set(hatch="" if positive else "///")
            size.set(text=format_number(value), ha="left" if positive else "right")
            size.set_x(value + (0.8 if positive else -0.8))
        for name, curves in self.curves.items():
            for curve in curves:
                curve.set_visible(name == state.activation)
        x, y = state.score, state.output
        self.guide.set_data([x, x, -FARTHEST], [-FARTHEST, y, y])
        self.now.set_data([x], [y])
        if self.curve.get_ylim() != (ylim := ACTIVATIONS[state.activation].ylim):
            self.curve.set_ylim(ylim)
            self.canvas.redraw_frame()


def _product_1(*, w1: float, x1: float, **_: Any) -> str:
    return f"w₁·x₁ = {format_number(w1)}·{_bracketed(x1)} = {format_number(w1 * x1)}"


def _product_2(*, w2: float, x2: float, **_: Any) -> str:
    return f"w₂·x₂ = {format_number(w2)}·{_bracketed(x2)} = {format_number(w2 * x2)}"


def _bracketed(value: float) -> str:
    return f"({format_number(value)})" if value < 0 else format_number(value)
