"""A training without a picture: settings that change, epochs, updates and curves."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from coursekit import nn
from coursekit.widgets.base.parts import OPTIMIZERS
from coursekit.widgets.playground.training.advice import explain_divergence, explain_obstacle
from coursekit.widgets.playground.training.by_hand import ByHand
from coursekit.widgets.playground.training.choices import LOSSES, REGRESSION, TWO
from coursekit.widgets.playground.training.datasets import OwnPoints, make_problem
from coursekit.widgets.playground.training.loss_history import LossHistory
from coursekit.widgets.playground.training.model import CurrentPenalty, Model, make_penalty
from coursekit.widgets.playground.training.network import hidden_layers
from coursekit.widgets.playground.training.settings import Settings

# Settings that replace the points or the network. The others act while training goes on.
NEW_DATA = {"data", "noise", "train_percent", "classes", "data_seed"}
NEW_NETWORK = {"features", "hidden", "init", "init_scale", "net_seed", "loss"}
FOREVER = 2**62


class Session(ByHand):
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

    def __init__(
        self, net: nn.Sequential | None = None, own: OwnPoints | None = None, /, **values: Any
    ) -> None:
        self.own = own or OwnPoints()
        self._before = []
        self.cuts = {}
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

    # training

    def _begin(self, model: Model) -> None:
        if self.cuts and model.widths == self.model.widths:
            self.cuts = {link: model.set_link(*link, None) for link in self.cuts}
        else:
            self.cuts = {}
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
