"""How the perceptron learns, one example at a time."""

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from coursekit import nn, plots
from coursekit.language import join, list_of, mark, say, say_n
from coursekit.nn.validation import Array
from coursekit.plots.format_number import format_number
from coursekit.widgets.base.controls import StepSlider
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.overlays import Rings, soft_step
from coursekit.widgets.base.text import point


@dataclass(frozen=True)
class Visit:
    """One example shown to the perceptron. Weights are (w₁, w₂, w₀)."""

    example: int | None  # its index; None before the first
    epoch: int  # counted from 1
    before: Array  # (3,)
    after: Array  # (3,)
    updates: int  # so far, this one included

    @property
    def updated(self) -> bool:
        return bool((self.before != self.after).any())


_RIGHT = mark("Epoch {epoch}, example {example} with target {target}: score {score}, right.")
_MISTAKE = mark(
    "Epoch {epoch}, example {example} with target {target}: score {score}, a mistake. "
    "Update {update}: {weights}."
)
_EPOCH_AGAIN = mark("The weights are those of epoch {epoch} again: the rule goes round in circles.")
_START_AGAIN = mark("The weights are those of the start again: the rule goes round in circles.")


@dataclass(frozen=True)
class PerceptronState:
    """The perceptron after some examples."""

    visit: Visit
    wrong: NDArray[np.bool_]  # (N,), the mistakes of the line after the visit
    last: bool  # the last visit of the record
    seen_at: int | None  # at an epoch's end, the earlier epoch that ended in the same weights

    @property
    def errors(self) -> int:
        return int(self.wrong.sum())


class PerceptronSteps(Explorer[PerceptronState]):
    """Rosenblatt's rule: if ``t·s ≤ 0``, then ``w := w + η·t·x``, one example after the other.

    The run ends with the first epoch without a mistake, if there is one. The goal is a line
    without a mistake; where no line separates the classes, the rule never finds one.

    Parameters
    ----------
    x : array (N, 2)
        Examples, shown in this order in every epoch.
    t : array (N,)
        Classes 0 and 1, or -1 and +1.
    lr : float
        The learning rate η.
    start : array (3,)
        The first w₁, w₂ and w₀.
    epochs : int
        The most epochs to record.
    """

    title = mark("The perceptron learns, one example at a time")
    goal_text = mark("a line without a mistake")
    size = (4.4, 4.7)
    played = ("step",)

    def __init__(
        self,
        x: ArrayLike,
        t: ArrayLike,
        *,
        lr: float = 1.0,
        start: ArrayLike = (0.0, 0.0, 0.0),
        epochs: int = 10,
    ) -> None:
        self.x = np.asarray(x, dtype=np.float64)
        self.t = np.where(np.ravel(t) > 0, 1.0, -1.0)
        if self.x.ndim != 2 or self.x.shape[1] != 2 or len(self.t) != len(self.x):
            raise ValueError(
                say("x must be (N, 2) and t (N,), got {x} and {t}", x=self.x.shape, t=np.shape(t))
            )
        self.lr = lr
        self.visits = record(self.x, self.t, lr=lr, start=start, epochs=epochs)
        lines = [k for k, visit in enumerate(self.visits) if visit.before[:2].any()]
        self.example = {"step": next((k for k in lines if self.visits[k].updated), 0)}
        super().__init__(
            step=StepSlider(say("example (of {n})", n=len(self.visits) - 1), len(self.visits) - 1)
        )

    def compute(self, step: int) -> PerceptronState:
        visit = self.visits[step]
        scores = self.x @ visit.after[:2] - visit.after[2]
        seen_at = None
        if step and step % len(self.x) == 0:
            ends = self.visits[: step : len(self.x)]
            same = [k for k, end in enumerate(ends) if (end.after == visit.after).all()]
            seen_at = same[0] if same else None
        last = step == len(self.visits) - 1
        return PerceptronState(visit, self.t * scores <= 0, last, seen_at)

    def goal(self, state: PerceptronState) -> bool:
        return state.errors == 0

    def describe(self, state: PerceptronState) -> str:
        visit = state.visit
        names = ("w₁", "w₂", "w₀")
        now = list_of(
            f"{name} = {format_number(w)}" for name, w in zip(names, visit.after, strict=True)
        )
        if visit.example is None:
            return say_n(
                state.errors,
                "Start: {weights}. {n} mistake among {all} examples.",
                "Start: {weights}. {n} mistakes among {all} examples.",
                weights=now,
                all=len(self.x),
            )
        score = self.x[visit.example] @ visit.before[:2] - visit.before[2]
        seen = say(
            _MISTAKE if visit.updated else _RIGHT,
            epoch=visit.epoch,
            example=point(self.x[visit.example]),
            target=format_number(self.t[visit.example], "+.0f"),
            score=format_number(score),
            update=visit.updates,
            weights=now,
        )
        mistakes = say_n(
            state.errors,
            "{n} mistake among {all} examples with this line, {updates} so far.",
            "{n} mistakes among {all} examples with this line, {updates} so far.",
            all=len(self.x),
            updates=say_n(visit.updates, "{n} update", "{n} updates"),
        )
        again = ""
        if state.seen_at is not None and state.errors:
            again = say(_EPOCH_AGAIN if state.seen_at else _START_AGAIN, epoch=state.seen_at)
        return join(seen, mistakes, again)

    def prepare(self, figure: Figure) -> None:
        axes = figure.add_subplot()
        low, high = self.x.min(axis=0), self.x.max(axis=0)
        corners = set(self.x.ravel()) == {0.0, 1.0}
        margin = (0.6 if corners else 0.15) * float((high - low).max())
        limits = [low[0] - margin, high[0] + margin, low[1] - margin, high[1] + margin]
        self.map = plots.decision_map(axes, lambda x: np.zeros(len(x)), limits=limits)
        self.before = plots.line(axes, [1, 0], 0, label=say("line before"), style=1)
        self.after = plots.line(axes, [1, 0], 0, label=say("line after"))
        size = 70 if len(self.x) <= 20 else 30
        plots.points(axes, self.x, self.t, labels=[say("target −1"), say("target +1")], size=size)
        self.now = Rings(axes, say("this example"))
        (self.crosses,) = axes.plot(
            [], [], "x", color=plots.INK, ms=12, mew=1.6, zorder=5, label=say("mistake")
        )
        self.hint = axes.text(
            0.5, 0.5, say("no line yet: the weights are 0"), transform=axes.transAxes, ha="center"
        )
        handles, _ = axes.get_legend_handles_labels()
        figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
        axes.set(aspect="equal")
        axes.set_title(say("what the perceptron answers"))
        if corners:
            axes.set(xticks=[0, 1], yticks=[0, 1])

    def draw(self, state: PerceptronState) -> None:
        visit = state.visit
        self.map.update(lambda x: soft_step(x @ visit.after[:2] - visit.after[2]))
        self.before.update(visit.before[:2], -visit.before[2])
        self.before.arrow.set_visible(False)
        if not visit.updated:
            self.before.line.set_visible(False)
        self.after.update(visit.after[:2], -visit.after[2])
        self.hint.set_visible(not visit.after[:2].any())
        here = [] if visit.example is None else [visit.example]
        self.now.update(self.x[here])
        self.crosses.set_data(*self.x[state.wrong].T)


def record(x: Array, t: Array, *, lr: float, start: ArrayLike, epochs: int) -> list[Visit]:
    """Show the examples in turn until an epoch passes without a mistake, and record every visit."""
    w = np.array(start, dtype=np.float64)
    if w.shape != (3,):
        raise ValueError(say("start must be (w₁, w₂, w₀), got {start!r}", start=start))
    net = nn.Sequential(nn.Dense.from_weights(w[:2, None], -w[2:]))
    loss, optimizer = nn.PerceptronLoss(), nn.SGD(lr)
    visits = [Visit(None, 1, w, w, 0)]
    for epoch in range(1, epochs + 1):
        updates = visits[-1].updates
        for i in range(len(x)):
            before = visits[-1].after
            y, caches = net.forward(x[i : i + 1])
            net.backward(loss(y, t[i : i + 1, None])[1], caches)
            optimizer.step(net.theta, net.grad)
            after = np.append(net.theta[:2], -net.theta[2])
            count = visits[-1].updates + bool((before != after).any())
            visits.append(Visit(i, epoch, before, after, count))
        if visits[-1].updates == updates:
            break
    return visits
