"""Backpropagation on a drawn network, one connection at a time, forward and back."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coursekit import nn, plots
from coursekit.nn.validation import Array
from coursekit.plots.format_number import format_number
from coursekit.widgets.base.controls import Slider, StepSlider
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.text import scientific

X = np.array([1.0, -0.5])
TARGETS = np.array([1.0, 0.0])
# The steps: four products on the way forward, the loss, four connections on the way back.
LOSS, LAST = 5, 9
INPUTS = ((0.0, 1.1), (0.0, -1.1))
HIDDEN = (1.25, 0.0)
OUTPUTS = ((2.5, 1.1), (2.5, -1.1))


@dataclass(frozen=True)
class Connection:
    """A connection of the drawing, and the steps that take place along it."""

    start: tuple[float, float]
    end: tuple[float, float]
    forward: int
    back: int


CONNECTIONS = (
    Connection(INPUTS[0], HIDDEN, forward=1, back=8),
    Connection(INPUTS[1], HIDDEN, forward=2, back=9),
    Connection(HIDDEN, OUTPUTS[0], forward=3, back=6),
    Connection(HIDDEN, OUTPUTS[1], forward=4, back=7),
)


@dataclass(frozen=True)
class BackpropState:
    """All values of a pass in both directions, and the step up to which they are shown."""

    step: int
    w: Array  # (2,), from the inputs to h
    v: Array  # (2,), from h to the outputs
    score: float  # of h, the lecture's Σ
    h: float
    slope: float  # of h, the lecture's z
    scores: Array  # (2,), of the outputs
    y: Array  # (2,)
    slopes: Array  # (2,)
    loss: float
    errors: Array  # (2,), ε of the outputs
    sent: Array  # (2,), what each output sends back to h: ε z v
    error: float  # ε of h, their sum
    grad_w: Array  # (2,)
    grad_v: Array  # (2,)

    @property
    def largest_gradient(self) -> float:
        return float(np.abs([self.grad_w, self.grad_v]).max())


class Backprop(Explorer[BackpropState]):
    """Two inputs, one hidden unit (tanh), two outputs (sigmoid), no thresholds.

    The steps follow the connections: forward, each adds its product ``w·x`` to a unit's sum;
    backward, each adds ``ε·z·w`` to the sum that is the error of the unit before, and gets its
    gradient ``ε·z·x``. The loss is ``½ Σ (y − t)²``. The goal is a network that is wrong and can't
    learn.

    Parameters
    ----------
    w1, w2, v1, v2 : float
        First values of the weights, from -6 to 6: those of x1 and x2 into h, of h into y1 and y2.
    """

    title = "Backpropagation, one connection at a time"
    goal_text = "the last step, with a loss above 0.8 and no gradient larger than 0.01"
    size = (6.0, 4.5)

    def __init__(
        self, *, w1: float = 0.5, w2: float = -1.0, v1: float = 1.5, v2: float = -1.0
    ) -> None:
        super().__init__(
            step=StepSlider("step", LAST),
            w1=Slider("weight x₁ → h", w1, -6.0, 6.0),
            w2=Slider("weight x₂ → h", w2, -6.0, 6.0),
            v1=Slider("weight h → y₁", v1, -6.0, 6.0),
            v2=Slider("weight h → y₂", v2, -6.0, 6.0),
        )

    def compute(self, step: int, w1: float, w2: float, v1: float, v2: float) -> BackpropState:
        w, v = np.array([w1, w2]), np.array([v1, v2])
        hidden, output = nn.Dense.from_weights(w[:, None]), nn.Dense.from_weights(v[None])
        net = nn.Sequential(hidden, nn.Tanh(), output, nn.Sigmoid())
        answer, caches = net.forward(X[None])
        loss, error = nn.MSE()(answer, TARGETS[None])  # of two outputs: ½ Σ (y − t)²
        net.backward(error, caches)
        _, score, h, scores, y = (values[0] for values in net.activations)
        return BackpropState(
            step,
            w,
            v,
            score.item(),
            h.item(),
            nn.Tanh().derivative(score).item(),
            scores,
            y,
            nn.Sigmoid().derivative(scores),
            loss,
            net.errors[4][0],
            net.errors[3][0] * v,
            net.errors[2].item(),
            hidden.grads["W"][:, 0],
            output.grads["W"][0],
        )

    def goal(self, state: BackpropState) -> bool:
        return state.step == LAST and state.loss > 0.8 and state.largest_gradient < 0.01

    def describe(self, state: BackpropState) -> str:
        k = state.step
        if k == 0:
            return "Start: the inputs are known. Go forward."
        if k == LOSS:
            errors = " and ".join(_num(error) for error in state.errors)
            return f"The loss is {_num(state.loss)}. The errors of the outputs, y − t: {errors}."
        return self._describe_forward(state) if k < LOSS else self._describe_back(state)

    def _describe_forward(self, state: BackpropState) -> str:
        i = (state.step - 1) % 2
        if state.step > 2:
            return (
                f"Forward along h → y{'₁₂'[i]}: Σ = {_product(state.v[i], state.h)}, "
                f"y{'₁₂'[i]} = sigmoid(Σ) = {_num(state.y[i])}, slope z = {_num(state.slopes[i])}."
            )
        text = f"Forward along x{'₁₂'[i]} → h: the product is {_product(state.w[i], X[i])}."
        if i == 1:
            text += (
                f" Now Σ = {_num(state.score)}, h = tanh(Σ) = {_num(state.h)}, "
                f"slope z = {_num(state.slope)}."
            )
        return text

    def _describe_back(self, state: BackpropState) -> str:
        i = (state.step - LOSS - 1) % 2
        if state.step <= 7:
            text = (
                f"Back along h → y{'₁₂'[i]}: the gradient ε·z·h is {_num(state.grad_v[i])}, and "
                f"ε·z·w = {_num(state.sent[i])} goes to h."
            )
            if i == 1:
                text += f" The sum of both paths is the error of h: {_num(state.error)}."
            return text
        text = f"Back along x{'₁₂'[i]} → h: the gradient ε·z·x is {_num(state.grad_w[i])}."
        if state.step == LAST:
            text += f" Loss {_num(state.loss)}; largest gradient {_num(state.largest_gradient)}."
        return text

    def prepare(self, figure: Figure) -> None:
        self.axes = figure.add_subplot()
        self.axes.set(xlim=(-0.3, 3.15), ylim=(-1.6, 1.6))
        self.axes.set_axis_off()
        self.axes.set_title("values forward →, errors and gradients back ←", loc="center")

    def draw(self, state: BackpropState) -> None:
        ax, k = self.axes, state.step
        rows = zip(
            CONNECTIONS,
            [*state.w, *state.v],
            [*(state.w * X), *(state.v * state.h)],
            ["", "", *(f"← {_num(sent)}\n" for sent in state.sent)],  # none goes to the inputs
            [*state.grad_w, *state.grad_v],
            strict=True,
        )
        for connection, weight, product, sent, gradient in rows:
            forward = f"→ {_num(product)}" if k >= connection.forward else ""
            back = f"{sent}gradient {_num(gradient)}" if k >= connection.back else ""
            _draw_connection(ax, connection, weight, forward, back, k)
        for i in (0, 1):
            _draw_unit(ax, INPUTS[i], f"$x_{i + 1}$", [f"x = {format_number(X[i])}"], "")
            score, y, slope = state.scores[i], state.y[i], state.slopes[i]
            values = [f"Σ = {_num(score)}", f"y = {_num(y)}", f"z = {_num(slope)}"]
            values = [*(values if k >= 3 + i else []), f"t = {format_number(TARGETS[i])}"]
            error = f"ε = {_num(state.errors[i])}" if k >= LOSS else ""
            _draw_unit(ax, OUTPUTS[i], f"$y_{i + 1}$", values, error)
        values = [f"Σ = {_num(state.score)}", f"h = {_num(state.h)}", f"z = {_num(state.slope)}"]
        error = f"ε = {_num(state.error)}" if k >= 7 else ""
        _draw_unit(ax, HIDDEN, "$h$", values if k >= 2 else [], error)
        if k >= LOSS:
            _write(ax, (OUTPUTS[0][0], 0.0), f"loss = {_num(state.loss)}", plots.INK, weight="bold")


def _draw_connection(
    ax: Axes, connection: Connection, weight: float, forward: str, back: str, step: int
) -> None:
    """A line, blue or dashed and orange, in a broad band at the two steps that take place on it.

    The weight is written in its middle, the forward value above, the backward ones below.
    """
    (x0, y0), (x1, y1) = connection.start, connection.end
    if step in (connection.forward, connection.back):
        band = ax.plot([x0, x1], [y0, y1], "-", color="#E9D27A", linewidth=13, zorder=1)
        band[0].set_solid_capstyle("butt")
    color, style = (plots.ORANGE, "--") if weight < 0 else (plots.BLUE, "-")
    if weight == 0:
        color, style = "0.5", ":"
    width = 0.8 + abs(weight) / 2
    ax.plot([x0, x1], [y0, y1], color=color, linestyle=style, linewidth=width, zorder=2)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    aside = 0.14 if y1 < y0 else -0.14  # away from a falling line, or a rising one
    _write(ax, (x, y), f"w = {format_number(weight)}", plots.INK, zorder=3)
    _write(ax, (x + aside, y + 0.29), forward, plots.BLUE, zorder=3)
    _write(ax, (x - aside, y - 0.22), back, plots.WINE, va="top", zorder=3)


def _draw_unit(ax: Axes, at: tuple[float, float], name: str, values: list[str], error: str) -> None:
    """A unit with its name, its forward values beside or above it, its error below."""
    marker, face = ("s", "#E4E4E4") if at in INPUTS else ("o", "white")
    ax.plot(*at, marker, ms=27, mfc=face, mec=plots.INK, mew=1.2, zorder=4)
    ax.text(*at, name, ha="center", va="center", fontsize=11, zorder=5)
    x, y = at
    if at in OUTPUTS:
        _write(ax, (x + 0.2, y + 0.06), "\n".join(values), plots.INK, ha="left")
    else:
        _write(ax, (x, y + 0.25), "\n".join(values), plots.INK, va="bottom")
    _write(ax, (x, y - 0.25), error, plots.WINE, va="top", weight="bold")


def _write(ax: Axes, at: tuple[float, float], text: str, color: str, **options: Any) -> None:
    """A text on a white background, which keeps it readable over a line."""
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}
    written = ax.text(*at, text, color=color, fontsize=9, ha="center", va="center", zorder=5)
    written.set(bbox=paper, **options)


def _num(value: float) -> str:
    """Three decimals; a power of ten where they would all be 0."""
    return scientific(value, 0) if 0 < abs(value) < 0.0005 else format_number(value, ".3f")


def _product(weight: float, x: float) -> str:
    return f"{format_number(weight)}·{f'({_num(x)})' if x < 0 else _num(x)} = {_num(weight * x)}"
