"""A network in training, picture by picture: how it bends the plane."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit import nn, plots
from coursekit.language import mark, say
from coursekit.nn.validation import Array
from coursekit.widgets.base.controls import StepSlider
from coursekit.widgets.base.explorer import Explorer


@dataclass(frozen=True)
class BendingState:
    """The network after some epochs."""

    step: int
    epoch: int
    theta: Array  # (P,), its parameters
    right: int  # points on the right side of the border


class BendingPlane(Explorer[BendingState]):
    """The input plane with the border on the left, and the hidden plane in which it is straight.

    The goal is the earliest picture with the most points right.

    Parameters
    ----------
    net : Sequential
        With two inputs, two tanh units in the last hidden layer, and one output. It is copied.
    thetas : array (K, P)
        Its parameters at K times of the training.
    epochs : sequence of K ints
        After how many epochs each was recorded.
    x, t : arrays (N, 2) and (N,)
        The data, with classes 0 and 1.
    limits : tuple of two floats
        Range of both axes of the input plane.

    Raises
    ------
    ValueError
        If there are not as many rows of parameters as epochs.
    """

    title = mark("How training bends the plane")
    goal_text = mark("the earliest picture with the most points right")
    size = (6.4, 3.6)
    played = ("step",)

    def __init__(
        self,
        net: nn.Sequential,
        thetas: ArrayLike,
        epochs: Sequence[int],
        x: ArrayLike,
        t: ArrayLike,
        *,
        limits: tuple[float, float],
    ) -> None:
        self.net, self.thetas = copy.deepcopy(net), np.asarray(thetas, dtype=np.float64)
        self.epochs, self.limits = [int(epoch) for epoch in epochs], limits
        if len(self.thetas) != len(self.epochs):
            raise ValueError(
                say(
                    "thetas must have a row for each of {n} epochs, got {got}",
                    n=len(self.epochs),
                    got=len(self.thetas),
                )
            )
        self.x, self.t = np.asarray(x, dtype=np.float64), np.ravel(t)
        self.right = [self._right(theta) for theta in self.thetas]
        last = len(self.epochs) - 1
        self.example = {"step": last}
        super().__init__(step=StepSlider(say("picture (of {last})", last=last), last))

    def compute(self, step: int) -> BendingState:
        return BendingState(step, self.epochs[step], self.thetas[step], self.right[step])

    def goal(self, state: BendingState) -> bool:
        return state.step == int(np.argmax(self.right))

    def describe(self, state: BendingState) -> str:
        return say(
            "After {epoch} epochs: {right} of {all} points right.",
            epoch=state.epoch,
            right=state.right,
            all=len(self.t),
        )

    def prepare(self, figure: Figure) -> None:
        left, right = figure.subplots(1, 2)
        self.map = plots.decision_map(left, self.net, self.x, self.t, limits=self.limits)
        size = 60 if len(self.x) <= 20 else 14
        self.plane = plots.hidden_plane(
            right, self.net, self.x, self.t, limits=self.limits, size=size
        )
        for points in (*self.map.points, *self.plane.points):
            points.set_sizes([size])
        left.set_title(say("input plane"), loc="center")
        right.set_title(say("hidden plane and border"), loc="center")

    def draw(self, state: BendingState) -> None:
        net = self._at(state.theta)
        self.map.update(net)
        self.plane.update(net)

    def _at(self, theta: Array) -> nn.Sequential:
        """The network with these parameters."""
        net = copy.deepcopy(self.net)
        net.theta = theta
        return net

    def _right(self, theta: Array) -> int:
        answers = self._at(theta)(self.x)[:, 0] > 0
        return int((answers == (self.t > 0)).sum())
