"""Backpropagation on a drawn network, one connection at a time, forward and back."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from coursekit import nn, plots
from coursekit.language import list_of, mark, say
from coursekit.nn.validation import Array
from coursekit.plots.format_number import format_number
from coursekit.widgets.base.controls import Slider, StepSlider
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.handles import Handle
from coursekit.widgets.base.text import scientific
from coursekit.widgets.explorers.hidden_unit import (
    CONNECTIONS,
    HIDDEN,
    INPUTS,
    OUTPUTS,
    draw_connection,
    draw_unit,
    write,
    write_values,
)

X = np.array([1.0, -0.5])
TARGETS = np.array([1.0, 0.0])
# The steps: four products on the way forward, the loss, four connections on the way back.
LOSS, LAST = 5, 9


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
    learn. The beads on the connections can be dragged.

    Parameters
    ----------
    w1, w2, v1, v2 : float
        First values of the weights, from -6 to 6: those of x1 and x2 into h, of h into y1 and y2.
    """

    title = mark("Backpropagation, one connection at a time")
    goal_text = mark("the last step, with a loss above 0.8 and no gradient larger than 0.01")
    size = (6.0, 4.5)
    played = ("step",)

    def __init__(
        self, *, w1: float = 0.5, w2: float = -1.0, v1: float = 1.5, v2: float = -1.0
    ) -> None:
        self.example = {"step": LAST}
        super().__init__(
            step=StepSlider(say("step {n}", n="").strip(), LAST),
            w1=Slider(say("weight x₁ → h"), w1, -6.0, 6.0),
            w2=Slider(say("weight x₂ → h"), w2, -6.0, 6.0),
            v1=Slider(say("weight h → y₁"), v1, -6.0, 6.0),
            v2=Slider(say("weight h → y₂"), v2, -6.0, 6.0),
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
            return say("Start: the inputs are known. Go forward.")
        if k == LOSS:
            return say(
                "The loss is {loss}. The errors of the outputs, y − t: {errors}.",
                loss=_num(state.loss),
                errors=list_of(map(_num, state.errors)),
            )
        return self._describe_forward(state) if k < LOSS else self._describe_back(state)

    def _describe_forward(self, state: BackpropState) -> str:
        i = (state.step - 1) % 2
        if state.step > 2:
            return say(
                "Forward along h → {unit}: Σ = {product}, {unit} = sigmoid(Σ) = {output}, "
                "slope z = {slope}.",
                unit=f"y{'₁₂'[i]}",
                product=_product(state.v[i], state.h),
                output=_num(state.y[i]),
                slope=_num(state.slopes[i]),
            )
        text = say(
            "Forward along {input} → h: the product is {product}.",
            input=f"x{'₁₂'[i]}",
            product=_product(state.w[i], X[i]),
        )
        if i == 0:
            return text
        now = say(
            "Now Σ = {score}, h = tanh(Σ) = {output}, slope z = {slope}.",
            score=_num(state.score),
            output=_num(state.h),
            slope=_num(state.slope),
        )
        return f"{text} {now}"

    def _describe_back(self, state: BackpropState) -> str:
        i = (state.step - LOSS - 1) % 2
        if state.step <= 7:
            text = say(
                "Back along h → {unit}: the gradient ε·z·h is {gradient}, and ε·z·w = {sent} goes "
                "to h.",
                unit=f"y{'₁₂'[i]}",
                gradient=_num(state.grad_v[i]),
                sent=_num(state.sent[i]),
            )
            both = say("The sum of both paths is the error of h: {error}.", error=_num(state.error))
            return f"{text} {both}" if i == 1 else text
        text = say(
            "Back along {input} → h: the gradient ε·z·x is {gradient}.",
            input=f"x{'₁₂'[i]}",
            gradient=_num(state.grad_w[i]),
        )
        end = say(
            "Loss {loss}; largest gradient {gradient}.",
            loss=_num(state.loss),
            gradient=_num(state.largest_gradient),
        )
        return f"{text} {end}" if state.step == LAST else text

    def prepare(self, figure: Figure) -> None:
        self.axes = figure.add_subplot()
        self.axes.set(xlim=(-0.3, 3.15), ylim=(-1.6, 1.6))
        self.axes.set_axis_off()
        self.axes.set_title(say("values forward →, errors and gradients back ←"), loc="center")
        draw_unit(self.axes, HIDDEN, "$h$")
        for i in (0, 1):
            draw_unit(self.axes, INPUTS[i], f"$x_{i + 1}$")
            draw_unit(self.axes, OUTPUTS[i], f"$y_{i + 1}$")
            write_values(self.axes, INPUTS[i], [f"x = {format_number(X[i])}"])

    def handles(self) -> list[Handle]:
        """A bead on each connection, which moves with its weight and says what it is part of."""
        return [
            Handle(
                self.axes, (name,), partial(self._bead, k), (), partial(self._in_words, k), low=True
            )
            for k, name in enumerate(("w1", "w2", "v1", "v2"))
        ]

    def _bead(self, k: int, **values: Any) -> tuple[Any, Any]:
        weight = values[("w1", "w2", "v1", "v2")[k]]
        start, end = CONNECTIONS[k].start, CONNECTIONS[k].end
        share = 0.27 + 0.02 * weight  # between the unit and what is written in the middle
        x, y = (a + share * (b - a) for a, b in zip(start, end, strict=True))
        return x, y

    def _in_words(self, k: int, **values: Any) -> str:
        """The product and the gradient of a connection, once they are known."""
        state = self.compute(**values)
        weight, source = [*state.w, *state.v][k], [*X, state.h, state.h][k]
        text = f"w = {format_number(weight)}"
        if state.step >= CONNECTIONS[k].forward:
            text = f"w·x = {_product(weight, source)}"
        if state.step >= CONNECTIONS[k].back:
            factors = [*[state.error * state.slope] * 2, *(state.errors * state.slopes)]
            text += f", ε·z·x = {_product(factors[k], source)}"
        return text

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
            back = (
                sent + say("gradient {value}", value=_num(gradient)) if k >= connection.back else ""
            )
            draw_connection(ax, connection, weight, forward, back, k)
        for i in (0, 1):
            score, y, slope = state.scores[i], state.y[i], state.slopes[i]
            values = [f"Σ = {_num(score)}", f"y = {_num(y)}", f"z = {_num(slope)}"]
            values = [*(values if k >= 3 + i else []), f"t = {format_number(TARGETS[i])}"]
            error = f"ε = {_num(state.errors[i])}" if k >= LOSS else ""
            write_values(ax, OUTPUTS[i], values, error)
        values = [f"Σ = {_num(state.score)}", f"h = {_num(state.h)}", f"z = {_num(state.slope)}"]
        error = f"ε = {_num(state.error)}" if k >= 7 else ""
        write_values(ax, HIDDEN, values if k >= 2 else [], error)
        if k >= LOSS:
            loss = say("loss = {value}", value=_num(state.loss))
            write(ax, (OUTPUTS[0][0], 0.0), loss, plots.INK, weight="bold")


def _num(value: float) -> str:
    """Three decimals; a power of ten where they would all be 0."""
    return scientific(value, 0) if 0 < abs(value) < 0.0005 else format_number(value, ".3f")


def _product(a: float, x: float) -> str:
    return f"{_num(a)}·{f'({_num(x)})' if x < 0 else _num(x)} = {_num(a * x)}"
