"""A line against the truth table of a gate."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit import data, nn, plots
from coursekit.language import list_of, say, say_n
from coursekit.nn.validation import Array
from coursekit.widgets.base.controls import Choice, Slider
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.handles import Handle
from coursekit.widgets.base.overlays import AnswerGrid, Rings, soft_step
from coursekit.widgets.base.text import affine, point

LOW, HIGH = -0.6, 1.6  # of both axes
MIDDLE = (LOW + HIGH) / 2
ARROW = 0.3  # length of the arrow, in the axes' units, for a weight of 1
BEYOND = 16  # points from its handle to the plus
GATES = ("or", "and", "nand", "nor", "xor")


@dataclass(frozen=True)
class GateState:
    """What a line makes of a truth table."""

    gate: str
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

    The line and its arrow can be dragged: the one changes the threshold, the other the weights.

    Parameters
    ----------
    gate : {"or", "and", "nand", "nor", "xor"}
        The truth table that is chosen at first.
    w1, w2, threshold : float
        First values of the sliders, from -2 to 2.

    Attributes
    ----------
    fewest : dict of str to int
        By gate, the fewest errors of a line so far.
    """

    def __init__(
        self, gate: str = "or", *, w1: float = 0.5, w2: float = -1.0, threshold: float = -0.4
    ) -> None:
        self.x = data.gate("or")[0]
        self.fewest: dict[str, int] = {}
        self._name(gate)
        super().__init__(
            gate=Choice(say("gate"), GATES, gate),
            w1=Slider(say("weight w₁"), w1, -2.0, 2.0),
            w2=Slider(say("weight w₂"), w2, -2.0, 2.0),
            threshold=Slider(say("threshold w₀"), threshold, -2.0, 2.0),
        )

    def _name(self, gate: str) -> None:
        """Say in title and goal which gate it is; what no line can do is not asked for."""
        self.title = say("A line and the rows of {gate}", gate=gate.upper())
        self.goal_text = say("no error on {gate}", gate=gate.upper())
        if gate == "xor":
            self.goal_text = say("as few errors on XOR as possible")
            if gate in self.fewest:
                self.goal_text = say(
                    "as few errors on XOR as possible (fewest so far: {n})", n=self.fewest[gate]
                )

    def compute(self, gate: str, w1: float, w2: float, threshold: float) -> GateState:
        weights = np.array([w1, w2])
        outputs = (score_layer(weights, threshold)(self.x)[:, 0] > 0).astype(np.int64)
        return GateState(gate, weights, threshold, outputs, outputs != data.gate(gate)[1])

    def goal(self, state: GateState) -> bool:
        return state.errors == 0

    def describe(self, state: GateState) -> str:
        formula = affine({"x₁": state.weights[0], "x₂": state.weights[1]}, -state.threshold)
        text = errors_of(formula, state.gate.upper(), self.x[state.wrong])
        if state.gate == "xor" and state.errors == 1:
            return f"{text} {say('No line has fewer: 1 error is the best on XOR.')}"
        return text

    def prepare(self, figure: Figure) -> None:
        axes = self.axes = figure.add_subplot()
        self.map = plots.decision_map(axes, score_layer(np.zeros(2), 0), limits=(LOW, HIGH))
        self.answers = AnswerGrid(axes, LOW, HIGH, 4)
        self.line = plots.line(axes, [0, 0], 0)
        self.line.arrow.set_zorder(2.7)  # below the four points, which it would cover
        targets = data.gate("or")[1]
        self.marks = plots.points(
            axes, self.x, targets, labels=[say("target 0"), say("target 1")], size=70
        )
        self.rings = Rings(axes, say("wrong"))
        plots.legend(figure)
        axes.set(xticks=[0, 1], yticks=[0, 1], aspect="equal")
        axes.set_title(say("what the unit answers"))

    def handles(self) -> list[Handle]:
        return [
            Handle(self.axes, ("threshold",), foot, lit=("w1", "w2")),
            Handle(self.axes, ("w1", "w2"), tip),
        ]

    def draw(self, state: GateState) -> None:
        scores = score_layer(state.weights, state.threshold)
        self.map.update(lambda x: soft_step(scores(x)))
        answers = scores(self.answers.x)[:, 0]
        room = np.abs(answers) > 0.09 * np.linalg.norm(state.weights)  # none on the line itself
        self.answers.update(answers > 0, room)
        self.line.update(state.weights, -state.threshold)
        self._draw_arrow(state)
        self.rings.update(self.x[state.wrong])
        for target, marks in enumerate(self.marks):
            marks.set_offsets(self.x[data.gate(state.gate)[1] == target])
        self.fewest[state.gate] = min(state.errors, self.fewest.get(state.gate, 4))
        self._name(state.gate)

    def _draw_arrow(self, state: GateState) -> None:
        """As long as the weights are large, from the line's point nearest to the middle."""
        start = foot(state.weights[0], state.weights[1], state.threshold)
        inside = bool((np.abs(np.subtract(start, MIDDLE)) <= (HIGH - LOW) / 2).all())
        self.line.arrow.set_visible(inside)
        if inside:
            points = self.axes.bbox.width / self.axes.figure.dpi * 72 / (HIGH - LOW)
            size = np.linalg.norm(state.weights)
            self.line.arrow.xy = start
            across, up = state.weights * (ARROW * points + BEYOND / size)
            self.line.arrow.set_position((across, up))


def errors_of(formula: str, gate: str, wrong: Array) -> str:
    """Say on how many rows of a gate a unit errs, and on which, (N, 2)."""
    if not len(wrong):
        return say("[{formula} > 0] has 0 errors on {gate}.", formula=formula, gate=gate)
    return say_n(
        len(wrong),
        "[{formula} > 0] has {n} error on {gate}: {rows}.",
        "[{formula} > 0] has {n} errors on {gate}: {rows}.",
        formula=formula,
        gate=gate,
        rows=list_of(point(x) for x in wrong),
    )


def foot(w1: Any, w2: Any, threshold: Any, **_: Any) -> tuple[Any, Any]:
    """The line's point nearest to the middle of the picture; NaN without a line."""
    size = np.asarray(w1**2 + w2**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        along = np.where(size > 0, (threshold - MIDDLE * (w1 + w2)) / size, np.nan)
    return MIDDLE + along * w1, MIDDLE + along * w2


def tip(w1: Any, w2: Any, threshold: Any, **_: Any) -> tuple[Any, Any]:
    """The tip of the arrow that stands on the line, or in the middle without a line."""
    x, y = (np.nan_to_num(place, nan=MIDDLE) for place in foot(w1, w2, threshold))
    return x + ARROW * w1, y + ARROW * w2


def score_layer(weights: Array, threshold: float) -> nn.Dense:
    """The score ⟨w, x⟩ − w₀ of the lecture's unit [⟨w, x⟩ − w₀ > 0], as a layer."""
    return nn.Dense.from_weights(weights[:, None], [-threshold])
