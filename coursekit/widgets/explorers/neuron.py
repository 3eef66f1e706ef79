"""One neuron and its parts: products, sum, activation."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit import nn, plots
from coursekit.widgets.base.controls import Choice, Slider
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.text import number

ACTIVATIONS: dict[str, nn.Activation] = {
    "step": nn.Step(),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "ReLU": nn.ReLU(),
    "identity": nn.Identity(),
}
FARTHEST = 6.0  # the largest score that the sliders allow
HEIGHTS = {
    "step": (-0.25, 1.25),
    "sigmoid": (-0.25, 1.25),
    "tanh": (-1.25, 1.25),
    "ReLU": (-1.0, FARTHEST),
    "identity": (-FARTHEST, FARTHEST),
}


@dataclass(frozen=True)
class NeuronState:
    """The parts of a neuron's answer."""

    inputs: NDArray[np.float64]  # (2,)
    weights: NDArray[np.float64]  # (2,)
    threshold: float
    products: NDArray[np.float64]  # (2,)
    score: float  # their sum less the threshold
    output: float
    activation: str


class Neuron(Explorer[NeuronState]):
    """``a(x) = σ(w₁·x₁ + w₂·x₂ − w₀)``, part by part.

    The goal asks for a sigmoid that is sure of two negative inputs.

    Parameters
    ----------
    x1, x2, w1, w2, threshold : float
        Where the sliders stand at first: inputs from -1 to 1, the others from -2 to 2.
    activation : {"step", "sigmoid", "tanh", "ReLU", "identity"}
        Which is chosen at first.
    """

    title = "A neuron and its parts"
    goal_text = "an output above 0.9 from the sigmoid, with both inputs negative"
    size: ClassVar[tuple[float, float]] = (6.0, 3.2)

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
            x1=Slider("input x₁", x1, -1.0, 1.0),
            x2=Slider("input x₂", x2, -1.0, 1.0),
            w1=Slider("weight w₁", w1, -2.0, 2.0),
            w2=Slider("weight w₂", w2, -2.0, 2.0),
            threshold=Slider("threshold w₀", threshold, -2.0, 2.0),
            activation=Choice("activation", list(ACTIVATIONS), activation),
        )

    def compute(
        self, x1: float, x2: float, w1: float, w2: float, threshold: float, activation: str
    ) -> NeuronState:
        x, w = np.array([x1, x2]), np.array([w1, w2])
        dense = nn.Dense(2, 1, rng=np.random.default_rng(0), init=nn.zeros)
        dense.params.update(W=w[:, None], b=[-threshold])
        _, score, output = nn.Sequential(dense, ACTIVATIONS[activation]).trace(x[None])
        return NeuronState(x, w, threshold, x * w, score.item(), output.item(), activation)

    def goal(self, state: NeuronState) -> bool:
        negative = bool((state.inputs < 0).all())
        return state.activation == "sigmoid" and negative and state.output > 0.9

    def describe(self, state: NeuronState) -> str:
        products = [
            f"{number(w)}·{_bracketed(x)}" for w, x in zip(state.weights, state.inputs, strict=True)
        ]
        total = f"{' + '.join(products)} − {_bracketed(state.threshold)} = {number(state.score)}"
        answer = f"{state.activation}({number(state.score)}) = {number(state.output, 3)}"
        return f"Score: {total}. Output: {answer}."

    def prepare(self, figure: Figure) -> None:
        parts, self.curve = figure.subplots(1, 2, width_ratios=(1, 1.1))
        names = ["$w_1 x_1$", "$w_2 x_2$", "$-w_0$", "score"]
        self.bars = parts.barh(names, [0.0] * 4, height=0.62, color=plots.BLUE, ec=plots.INK)
        self.sizes = [parts.text(0, k, "", va="center", fontsize=9) for k in range(4)]
        parts.axvline(0, color=plots.INK, linewidth=0.8)
        parts.axhline(2.5, color="0.5", linewidth=0.8)
        parts.set(xlabel="value", xlim=(-FARTHEST, FARTHEST), ylim=(3.6, -0.6))
        parts.grid(False)
        parts.set_title("what is added up", loc="center")
        self.curves = {}
        for name, function in ACTIVATIONS.items():
            limits = (-FARTHEST, FARTHEST)
            self.curves[name] = plots.activation(self.curve, function, limits=limits, slope=False)
            for curve in self.curves[name]:
                curve.set_linestyle("-")
        self.curve.get_legend().remove()
        (self.guide,) = self.curve.plot([], [], ":", color=plots.INK, linewidth=1.2)
        (self.now,) = self.curve.plot([], [], "D", color=plots.ORANGE, mec=plots.INK, ms=9)
        heights = HEIGHTS[self.values["activation"]]
        self.curve.set(xlabel="score", ylabel="output", ylim=heights)
        self.curve.set_title("the activation", loc="center")

    def draw(self, state: NeuronState) -> None:
        values = [*state.products, -state.threshold, state.score]
        for bar, size, value in zip(self.bars, self.sizes, values, strict=True):
            positive = value >= 0
            bar.set_width(value)
            bar.set(facecolor=plots.BLUE if positive else plots.ORANGE)
            bar.set(hatch="" if positive else "///")
            size.set(text=number(value), ha="left" if positive else "right")
            size.set_x(value + (0.4 if positive else -0.4))
        for name, curves in self.curves.items():
            for curve in curves:
                curve.set_visible(name == state.activation)
        x, y = state.score, state.output
        self.guide.set_data([x, x, -FARTHEST], [-FARTHEST, y, y])
        self.now.set_data([x], [y])
        if self.curve.get_ylim() != HEIGHTS[state.activation]:
            self.curve.set_ylim(HEIGHTS[state.activation])
            self.canvas.redraw_frame()


def _bracketed(value: float) -> str:
    return f"({number(value)})" if value < 0 else number(value)
