"""A training without a picture: settings that change, epochs, updates and curves."""

import copy
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from coursekit import nn
from coursekit.nn.validation import Array
from coursekit.widgets.base.parts import OPTIMIZERS
from coursekit.widgets.playground.training.advice import explain_divergence, explain_obstacle
from coursekit.widgets.playground.training.choices import LOSSES, OWN, REGRESSION, TWO
from coursekit.widgets.playground.training.datasets import OwnPoints, make_problem
from coursekit.widgets.playground.training.factories import CurrentPenalty, make_penalty
from coursekit.widgets.playground.training.loss_history import LossHistory
from coursekit.widgets.playground.training.model import Measures, Model
from coursekit.widgets.playground.training.network import hidden_layers
from coursekit.widgets.playground.training.settings import Settings, whole

# Settings that replace the points or the network. The others act while training goes on.
NEW_DATA = {"data", "noise", "train_percent", "classes", "data_seed"}
NEW_NETWORK = {"features", "hidden", "init", "init_scale", "net_seed", "loss"}
FOREVER = 2**62


class Session:
    """What the playground trains.

    Parameters
    ----------
    net : nn.Sequential, optional
        The reader's network. It is copied. Its layers replace those of the settings.
    own : OwnPoints, optional
        The reader's points.
    **values
        Settings. The default loss is the usual one for the points and the network.

    Attributes
    ----------
    model : Model
    own : OwnPoints
    optimizer : nn.Optimizer
    epoch, updates : int
        Numbers of finished epochs and of updates since the start.
    curves : LossHistory
        The losses after each epoch.
    message : str
        Why training has stopped or can't begin; empty if it can go on.
    diverged : bool
        Whether training has stopped because a number became infinite or NaN.
    builds, points : int
        Numbers of models and of sets of points so far.
    """

    optimizer: nn.Optimizer
    _measures: Measures | None

    def __init__(
        self, net: nn.Sequential | None = None, own: OwnPoints | None = None, /, **values: Any
    ) -> None:
        self.own = own or OwnPoints()
        self.builds = self.points = 0
        settings = Settings().changed(**values)
        kind = make_problem(settings, self.own).kind
        if "loss" not in values:
            bounded = net is not None and isinstance(net.layers[-1], nn.Tanh | nn.Sigmoid)
            usual = "squared error" if bounded and kind == TWO else LOSSES[kind][0]
            settings = replace(settings, loss=usual)
        if net is not None:
            settings = replace(settings, hidden=hidden_layers(net))
        self._begin(Model(settings, self.own, net))

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

    # changes

    def change(self, /, **values: Any) -> None:
        """Change settings; those that replace the points or the network restart training.

        Raises
        ------
        ValueError
            If the settings don't fit. Then nothing is changed.
        """
        new = self.settings.changed(**values)
        changed = {name for name in vars(new) if vars(new)[name] != vars(self.settings)[name]}
        if changed & NEW_DATA and "loss" not in values:
            kind = make_problem(new, self.own).kind
            if kind != self.model.problem.kind:
                new = replace(new, loss=LOSSES[kind][0])
        if changed & (NEW_DATA | NEW_NETWORK):
            remade = changed & NEW_NETWORK - {"loss", "net_seed"}
            self._begin(Model(new, self.own, None if remade else self.model.given))
            return
        switched = (make_penalty(new) is None) != (make_penalty(self.settings) is None)
        self.model.settings = new
        self.optimizer.lr = new.lr
        if "optimizer" in changed:
            self.optimizer = OPTIMIZERS[new.optimizer](new.lr)
        if switched or changed & {"optimizer", "batch_size"}:
            self._new_pass()

    def reset(self, same: bool = False) -> None:
        """Restart training, with the same starting weights or newly drawn ones.

        The reader's network restarts with its own weights.
        """
        seed = self.settings.net_seed + (0 if same else 1)
        self._begin(Model(replace(self.settings, net_seed=seed), self.own, self.model.given))

    def new_data(self) -> None:
        """Draw new points of the same kind."""
        self.change(data_seed=self.settings.data_seed + 1)

    def add_points(self, points: Sequence[Sequence[float]]) -> None:
        """Append to the reader's points, ``[x1, x2, class]`` each, and train on those."""
        own = copy.deepcopy(self.own)
        own.add(points)
        self._use(own)

    def clear_points(self) -> None:
        """Remove the reader's points."""
        self._use(OwnPoints())

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
            raise ValueError("this connection has been removed by the layer's mask")
        self._edit(dense.params["W"], (i, j), value)

    def set_bias(self, layer: int, j: int, value: float) -> None:
        """Set the bias of unit j of an affine layer; 0 is the first."""
        b = self.model.dense(layer).params["b"]
        self._edit(b, whole("unit", j, 0, len(b) - 1), value)

    def _edit(self, array: Array, place: Any, value: Any) -> None:
        if not isinstance(value, int | float) or not np.isfinite(value):
            raise ValueError(f"a weight or bias must be a finite number, got {value!r}")
        array[place] = value
        self._measures = None
        if self.diverged and np.isfinite(self.measures.train_loss):
            self._new_pass()

    # training

    def _begin(self, model: Model) -> None:
        self.model = model
        self.epoch = self.updates = 0
        self.curves = LossHistory(2 if model.problem.kind == REGRESSION else 4)
        self.builds += 1
        self.points += 1
        self.message, self.diverged = "", False
        self.optimizer = OPTIMIZERS[self.settings.optimizer](self.settings.lr)
        self._new_pass()
        self._record()

    def _new_pass(self) -> None:
        """Start an epoch at its first batch."""
        self._batch = 0
        self._measures = None
        self._steps: Iterator[nn.TrainingStep] | None = None
        if np.isfinite(self.model.net.theta).all():
            self.message, self.diverged = explain_obstacle(self.model), False

    def update(self) -> bool:
        """Make one update, and record the losses at an epoch's end; whether training can go on."""
        if self.message:
            return False
        self._measures = None
        try:
            if self._steps is None:
                self._steps = self._start()
            next(self._steps)
        except nn.Diverged:
            self._report_divergence()
            return False
        self.updates += 1
        self._batch += 1
        if self._batch == self.model.updates_per_epoch:
            self._batch = 0
            self.epoch += 1
            self._record()
        return not self.message

    def advance(
        self, *, updates: int = FOREVER, epochs: int = FOREVER, seconds: float = np.inf
    ) -> bool:
        """Train until one of these limits is reached, or training can't go on.

        Returns
        -------
        bool
            Whether training can go on.
        """
        begin = time.monotonic()
        last_update, last_epoch = self.updates + updates, self.epoch + epochs
        while self.updates < last_update and self.epoch < last_epoch:
            if not self.update():
                return False
            if time.monotonic() - begin > seconds:
                break
        return True

    def _start(self) -> Iterator[nn.TrainingStep]:
        return nn.train(
            self.model.net,
            self.model.head.loss,
            self.optimizer,
            self.model.x_train,
            self.model.t_train,
            epochs=FOREVER,
            batch_size=self.settings.batch_size,
            rng=np.random.default_rng([self.settings.net_seed, self.updates]),
            penalty=CurrentPenalty(self.model) if make_penalty(self.settings) else None,
        )

    def _record(self) -> None:
        self.curves.add(self.epoch, self.measures)
        if not self.message and not np.isfinite(self.measures.train_loss):
            self._report_divergence()

    def _report_divergence(self) -> None:
        self.message, self.diverged = explain_divergence(self.settings, self.epoch), True
