"""A line against the truth table of a gate."""

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit import data, nn, plots
from coursekit.nn.validation import Array
from coursekit.widgets.base.controls import Slider
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.overlays import AnswerGrid, Rings, soft_step
from coursekit.widgets.base.text import affine, counted, listed, point

LOW, HIGH = -0.6, 1.6  # of both axes


@dataclass(frozen=True)
class GateState:
    """What a line makes of a truth table."""

    weights: Array  # (2,)
    threshold: float
    outputs: NDArray[np.int64]  # (4,), the unit's answers
    wrong: NDArray[np.bool_]  # (4,), where they differ from the gate's

    @property
    def errors(self) -> int:
        return int(self.wrong.sum())


class LineAndGates(Explorer[GateState]):
    """The line ``w₁·x₁ + w₂·x₂ = w₀`` and the four rows of a gate's truth table.

    On one side of the line the unit answers 1, on the other side and on the line 0. The goal,
    no error, can be reached for every gate but XOR, for which the best line has one error.

    Parameters
    ----------
    gate : {"or", "and", "nand", "nor", "xor"}
        The truth table.
    w1, w2, threshold : float
        First values of the sliders, from -2 to 2.

    Attributes
    ----------
    best : int
        The fewest errors of any line.
    """

    def __init__(
        self, gate: str = "or", *, w1: float = 0.5, w2: float = -1.0, threshold: float = -0.4
    ) -> None:
        self.x, self.t = data.gate(gate)
        if self.x.shape[1] != 2:
            raise ValueError(f"gate must have two inputs, got {gate!r}")
        self.gate = gate.upper()
        self.best = 1 if gate == "xor" else 0  # only its classes can't be separated by a line
        self.title = f"A line and the rows of {self.gate}"
        self.goal_text = f"no error on {self.gate}"
        super().__init__(
            w1=Slider("weight w₁", w1, -2.0, 2.0),
            w2=Slider("weight w₂", w2, -2.0, 2.0),
            threshold=Slider("threshold w₀", threshold, -2.0, 2.0),
        )

    def compute(self, w1: float, w2: float, threshold: float) -> GateState:
        weights = np.array([w1, w2])
        outputs = (score_layer(weights, threshold)(self.x)[:, 0] > 0).astype(np.int64)
        return GateState(weights, threshold, outputs, outputs != self.t)

    def goal(self, state: GateState) -> bool:
        return state.errors == 0

    def describe(self, state: GateState) -> str:
        formula = affine({"x₁": state.weights[0], "x₂": state.weights[1]}, -state.threshold)
        errors = counted(state.errors, "error")
        wrong = listed(point(x) for x in self.x[state.wrong])
        text = f"[{formula} > 0] has {errors} on {self.gate}" + (f": {wrong}." if wrong else ".")
        if state.errors == self.best > 0:
            text += f" No line has fewer: {errors} is the best on {self.gate}."
        return text

    def prepare(self, figure: Figure) -> None:
        axes = figure.add_subplot()
        self.map = plots.decision_map(axes, score_layer(np.zeros(2), 0), limits=(LOW, HIGH))
        self.answers = AnswerGrid(axes, LOW, HIGH, 4)
        self.line = plots.line(axes, [0, 0], 0)
        plots.points(axes, self.x, self.t, labels=["target 0", "target 1"], size=70)
        self.rings = Rings(axes, "wrong")
        plots.legend(figure)
        axes.set(xticks=[0, 1], yticks=[0, 1], aspect="equal")
        axes.set_title(f"{self.gate}: what the unit answers")

    def draw(self, state: GateState) -> None:
        scores = score_layer(state.weights, state.threshold)
        self.map.update(lambda x: soft_step(scores(x)))
        self.answers.update(scores(self.answers.x)[:, 0] > 0)
        self.line.update(state.weights, -state.threshold)
        self.rings.update(self.x[state.wrong])


def score_layer(weights: Array, threshold: float) -> nn.Dense:
    """The score ⟨w, x⟩ − w₀ of the lecture's unit [⟨w, x⟩ − w₀ > 0], as a layer."""
    return nn.Dense.from_weights(weights[:, None], [-threshold])
