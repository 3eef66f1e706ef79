"""What a reader changes by hand: own points, single weights and biases, and links."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from coursekit.language import say
from coursekit.nn.validation import Array
from coursekit.widgets.playground.training.choices import LOSSES, OWN
from coursekit.widgets.playground.training.datasets import OwnPoints, make_problem
from coursekit.widgets.playground.training.model import Measures, Model
from coursekit.widgets.playground.training.settings import Settings, whole
from coursekit.widgets.playground.training.state_text import Link


class ByHand:
    """The part of a session that changes what it trains.

    Attributes
    ----------
    own : OwnPoints
    model : Model
    cuts : dict
        The links that are cut, with their weights before.
    points : int
        Counts the changes of the points.
    diverged : bool
    """

    own: OwnPoints
    model: Model
    cuts: dict[Link, float]
    points: int
    diverged: bool
    _before: list[OwnPoints]  # the reader's points before each change
    _measures: Measures | None

    @property
    def settings(self) -> Settings:
        """The current settings."""
        return self.model.settings

    @property
    def measures(self) -> Measures:
        """Losses and accuracies of the network as it is now."""
        if self._measures is None:
            self._measures = self.model.measure()
        return self._measures

    def _begin(self, model: Model) -> None:
        """Restart training with another model."""
        raise NotImplementedError

    def _new_pass(self) -> None:
        """Start an epoch at its first batch."""
        raise NotImplementedError

    def add_points(self, points: Sequence[Sequence[float]]) -> None:
        """Append to the reader's points, ``[x1, x2, class]`` each, and train on those."""
        own = copy.deepcopy(self.own)
        own.add(points)
        self._change_points(own)

    def remove_point(self, x1: float, x2: float) -> None:
        """Remove the reader's point nearest to a place.

        Raises
        ------
        ValueError
            If there is none near it.
        """
        own = copy.deepcopy(self.own)
        own.remove(x1, x2)
        self._change_points(own)

    def clear_points(self) -> None:
        """Remove the reader's points."""
        self._change_points(OwnPoints())

    def undo_points(self) -> None:
        """Take back the last change of the reader's points."""
        if self._before:
            self._use(self._before.pop())

    def _change_points(self, own: OwnPoints) -> None:
        before = self.own
        self._use(own)
        self._before.append(before)

    def _use(self, own: OwnPoints) -> None:
        """Train on these points of the reader's; the network is kept if it fits them."""
        settings = replace(self.settings, data=OWN)
        task, model = make_problem(settings, own), self.model
        if self.settings.data == OWN and task.fits(model.problem):
            self.own = own
            model.set_data(task)
            self.points += 1
            self._new_pass()
            return
        if task.kind != model.problem.kind:
            settings = replace(settings, loss=LOSSES[task.kind][0])
        new = Model(settings, own, model.given if task.fits(model.problem) else None)
        self.own = own
        self._begin(new)

    def set_weight(self, layer: int, i: int, j: int, value: float) -> None:
        """Set the weight from unit i to unit j of an affine layer; 0 is the first."""
        dense = self.model.dense(layer)
        n_in, n_out = dense.params["W"].shape
        i, j = whole("from", i, 0, n_in - 1), whole("to", j, 0, n_out - 1)
        if dense.mask is not None and not dense.mask[i, j]:
            raise ValueError(say("this connection has been removed by the layer's mask"))
        self._edit(dense.params["W"], (i, j), value)

    def set_bias(self, layer: int, j: int, value: float) -> None:
        """Set the bias of unit j of an affine layer; 0 is the first."""
        b = self.model.dense(layer).params["b"]
        self._edit(b, whole("unit", j, 0, len(b) - 1), value)

    def toggle_link(self, layer: int, i: int, j: int) -> None:
        """Cut the link from unit i to unit j of an affine layer, or mend it with its old weight."""
        link = (layer, i, j)
        if link in self.cuts:
            self.model.set_link(*link, self.cuts.pop(link))
        elif self.model.is_cut(*link):  # by the mask of the reader's network
            self.model.set_link(*link, 0.0)
        else:
            self.cuts[link] = self.model.set_link(*link, None)
        self._new_pass()

    def _edit(self, array: Array, place: Any, value: Any) -> None:
        if not isinstance(value, int | float) or not np.isfinite(value):
            raise ValueError(
                say("a weight or bias must be a finite number, got {value!r}", value=value)
            )
        array[place] = value
        self._measures = None
        if self.diverged and np.isfinite(self.measures.train_loss):
            self._new_pass()
