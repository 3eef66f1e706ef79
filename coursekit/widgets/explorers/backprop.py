"""Backpropagation on a drawn network, one connection at a time, there and back."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import NDArray

from coursekit import nn, plots
from coursekit.widgets.base.controls import Slider, Steps
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.text import number

Array = NDArray[np.float64]

X = np.array([1.0, -0.5])
TARGETS = np.array([1.0, 0.0])
# The walk: four products on the way forward, the loss, four connections on the way back.
LOSS, LAST = 5, 9
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
INPUTS = ((0.0, 1.1), (0.0, -1.1))
HIDDEN = (1.25, 0.0)
OUTPUTS = ((2.5, 1.1), (2.5, -1.1))


@dataclass(frozen=True)
class BackpropState:
    """All values of a pass in both directions, and how much of it has been walked."""

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

    The step walks along the connections: forward, each brings its product ``w·x`` to a unit's sum;
    backward, each brings ``ε·z·w`` to the sum that is the error of the unit before, and gets its
    gradient ``ε·z·x``. The loss is ``½ Σ (y − t)²``. The goal is a network that is wrong and can't
    learn.

    Parameters
    ----------
    w1, w2, v1, v2 : float
        The weights at first, -6 to 6: from the inputs x1 and x2 to h, from h to y1 and y2.
    """

    title = "Backpropagation, one connection at a time"
    goal_text = "the last step, with a loss above 0.8 and no gradient larger than 0.01"
    size: ClassVar[tuple[float, float]] = (6.0, 4.5)

    def __init__(
        self, *, w1: float = 0.5, w2: float = -1.0, v1: float = 1.5, v2: float = -1.0
    ) -> None:
        super().__init__(
            step=Steps("step", LAST),
            w1=Slider("weight x₁ → h", w1, -6.0, 6.0),
            w2=Slider("weight x₂ → h", w2, -6.0, 6.0),
            v1=Slider("weight h → y₁", v1, -6.0, 6.0),
            v2=Slider("weight h → y₂", v2, -6.0, 6.0),
        )

    def compute(self, step: int, w1: float, w2: float, v1: float, v2: float) -> BackpropState:
        w, v = np.array([w1, w2]), np.array([v1, v2])
        net = _network(w, v)
        output, caches = net.forward(X[None])
        loss, error = nn.MSE()(output, TARGETS[None])  # of two outputs: ½ Σ (y − t)²
        net.backward(error, caches)
        _, score, h, scores, y = (values[0] for values in net.activations)
        into_hidden, into_outputs = (net.layers[k].grads["W"].ravel().copy() for k in (0, 2))
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
            into_hidden,
            into_outputs,
        )

    def goal(self, state: BackpropState) -> bool:
        return state.step == LAST and state.loss > 0.8 and state.largest_gradient < 0.01

    def describe(self, state: BackpropState) -> str:
        k = state.step
        names = ("₁", "₂")
        if k == 0:
            return "Start: the inputs are known. Go forward."
        if k <= 2:
            i = k - 1
            text = f"Forward along x{names[i]} → h: the product is {_product(state.w[i], X[i])}."
            if k == 2:
                text += f" Now Σ = {_num(state.score)}, h = tanh(Σ) = {_num(state.h)}, "
                text += f"slope z = {_num(state.slope)}."
            return text
        if k < LOSS:
            i = k - 3
            return (
                f"Forward along h → y{names[i]}: Σ = {_product(state.v[i], state.h)}, "
                f"y{names[i]} = sigmoid(Σ) = {_num(state.y[i])}, slope z = {_num(state.slopes[i])}."
            )
        if k == LOSS:
            errors = " and ".join(_num(error) for error in state.errors)
            return f"The loss is {_num(state.loss)}. The errors of the outputs, y − t: {errors}."
        if k < 8:
            i = k - 6
            text = (
                f"Back along h → y{names[i]}: the gradient ε·z·h is {_num(state.grad_v[i])}, and "
                f"ε·z·w = {_num(state.sent[i])} goes to h."
            )
            if k == 7:
                text += f" The sum of both paths is the error of h: {_num(state.error)}."
            return text
        i = k - 8
        text = f"Back along x{names[i]} → h: the gradient ε·z·x is {_num(state.grad_w[i])}."
        if k == LAST:
            text += f" Loss {_num(state.loss)}; largest gradient {_num(state.largest_gradient)}."
        return text

    def prepare(self, figure: Figure) -> None:
        self.axes = figure.add_subplot()
        self.axes.set(xlim=(-0.3, 3.15), ylim=(-1.6, 1.6))
        self.axes.set_axis_off()
        self.axes.set_title("values forward →, errors and gradients back ←", loc="center")

    def draw(self, state: BackpropState) -> None:
        ax, k = self.axes, state.step
        forward = [X[0] * state.w[0], X[1] * state.w[1], *(state.h * state.v)]
        lines = [(INPUTS[0], HIDDEN), (INPUTS[1], HIDDEN), (HIDDEN, OUTPUTS[0])]
        lines.append((HIDDEN, OUTPUTS[1]))
        back_at = (8, 9, 6, 7)
        gradients = [*state.grad_w, *state.grad_v]
        for i, (start, end) in enumerate(lines):
            now = k in (i + 1, back_at[i])
            weight = [*state.w, *state.v][i]
            _line(ax, start, end, weight, now)
            below = []
            if k >= back_at[i]:
                if i >= 2:
                    below.append(f"← {_num(state.sent[i - 2])}")
                below.append(f"gradient {_num(gradients[i])}")
            product = f"→ {_num(forward[i])}" if k > i else ""
            _on_line(ax, start, end, f"w = {number(weight)}", product, "\n".join(below))
        for i in (0, 1):
            _unit(ax, INPUTS[i], f"$x_{i + 1}$", [f"x = {number(X[i])}"], "", square=True)
            values = []
            if k >= 3 + i:
                score, y, slope = state.scores[i], state.y[i], state.slopes[i]
                values = [f"Σ = {_num(score)}", f"y = {_num(y)}", f"z = {_num(slope)}"]
            values.append(f"t = {number(TARGETS[i])}")
            error = f"ε = {_num(state.errors[i])}" if k >= LOSS else ""
            _unit(ax, OUTPUTS[i], f"$y_{i + 1}$", values, error)
        values = []
        if k >= 2:
            values = [
                f"Σ = {_num(state.score)}",
                f"h = {_num(state.h)}",
                f"z = {_num(state.slope)}",
            ]
        _unit(ax, HIDDEN, "$h$", values, f"ε = {_num(state.error)}" if k >= 7 else "")
        if k >= LOSS:
            _write(ax, (OUTPUTS[0][0], 0.0), f"loss = {_num(state.loss)}", plots.INK, weight="bold")


def _network(w: Array, v: Array) -> nn.Sequential:
    rng = np.random.default_rng(0)  # draws nothing: all weights are given
    hidden = nn.Dense(2, 1, rng=rng, init=nn.zeros)
    output = nn.Dense(1, 2, rng=rng, init=nn.zeros)
    hidden.params["W"] = w[:, None]
    output.params["W"] = v[None]
    return nn.Sequential(hidden, nn.Tanh(), output, nn.Sigmoid())


def _line(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], weight: float, now: bool
) -> None:
    """A connection: solid and blue, or dashed and orange; in a broad band if it is being walked."""
    xs, ys = zip(start, end, strict=True)
    if now:
        ax.plot(xs, ys, "-", color="#E9D27A", linewidth=13, solid_capstyle="butt", zorder=1)
    color, style = (plots.ORANGE, "--") if weight < 0 else (plots.BLUE, "-")
    if weight == 0:
        color, style = "0.5", ":"
    ax.plot(xs, ys, color=color, linestyle=style, linewidth=0.8 + abs(weight) / 2, zorder=2)


def _on_line(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    weight: str,
    above: str,
    below: str,
) -> None:
    """The weight in the middle of its line, the forward value above, the backward ones below."""
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    aside = 0.14 if end[1] < start[1] else -0.14  # away from a falling line, or a rising one
    _write(ax, (x, y), weight, plots.INK, zorder=3)
    _write(ax, (x + aside, y + 0.29), above, plots.BLUE, zorder=3)
    _write(ax, (x - aside, y - 0.22), below, plots.WINE, va="top", zorder=3)


def _unit(
    ax: Axes,
    at: tuple[float, float],
    name: str,
    values: list[str],
    error: str,
    square: bool = False,
) -> None:
    """A unit with its name, its forward values beside or above it, its error below."""
    marker, face = ("s", "#E4E4E4") if square else ("o", "white")
    ax.plot(*at, marker, ms=27, mfc=face, mec=plots.INK, mew=1.2, zorder=4)
    ax.text(*at, name, ha="center", va="center", fontsize=11, zorder=5)
    x, y = at
    if x == OUTPUTS[0][0]:
        _write(ax, (x + 0.2, y + 0.06), "\n".join(values), plots.INK, ha="left")
    else:
        _write(ax, (x, y + 0.25), "\n".join(values), plots.INK, va="bottom")
    _write(ax, (x, y - 0.25), error, plots.WINE, va="top", weight="bold")


def _write(
    ax: Axes,
    at: tuple[float, float],
    text: str,
    color: str,
    ha: str = "center",
    va: str = "center",
    weight: str = "normal",
    zorder: float = 5,
) -> Text | None:
    """A text on a paper of its own; nothing for no text."""
    if not text:
        return None
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}
    return ax.text(
        *at,
        text,
        color=color,
        ha=ha,
        va=va,
        fontsize=9,
        weight=weight,
        zorder=zorder,
        bbox=paper,
    )


def _num(value: float) -> str:
    """Three decimals; a power of ten where they would all be 0."""
    if value == 0 or abs(value) >= 0.0005:
        return number(value, 3)
    digit, power = f"{value:.0e}".split("e")
    return f"{digit.replace('-', '−')}·10{str(int(power)).translate(RAISED)}"


def _product(weight: float, x: float) -> str:
    return f"{number(weight)}·{f'({_num(x)})' if x < 0 else _num(x)} = {_num(weight * x)}"
