"""A training without a picture: changes, epochs, updates, curves, and why it can't go on."""

import copy
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from coursekit import nn
from coursekit.widgets.playground.training.advice import DIVERGED, divergence
from coursekit.widgets.playground.training.choices import LOSSES, OWN, REGRESSION, TWO
from coursekit.widgets.playground.training.datasets import OwnPoints, problem
from coursekit.widgets.playground.training.factories import Present, optimizer, penalty
from coursekit.widgets.playground.training.loss_history import Curves
from coursekit.widgets.playground.training.measures import Measures
from coursekit.widgets.playground.training.model import Model
from coursekit.widgets.playground.training.network import hidden_layers
from coursekit.widgets.playground.training.settings import Settings

# Settings that make new points or a new network. The others act while training goes on.
NEW_DATA = {"data", "noise", "train_percent", "classes", "data_seed"}
NEW_NETWORK = {"features", "hidden", "init", "init_scale", "net_seed", "loss"}
FOREVER = 2**62


class Session:
    """What the playground trains.

    Parameters
    ----------
    net : nn.Sequential, optional
        The reader's network. It is copied. Its layers take the place of those in the settings.
    own : OwnPoints, optional
        The reader's points.
    **values
        Settings. The loss is by default the usual one for the points and the network.

    Attributes
    ----------
    model : Model
    own : OwnPoints
    optimizer : nn.Optimizer
    epoch, updates : int
        Epochs that have been finished, and updates made, since the start.
    curves : Curves
        The losses after each epoch.
    message : str
        Why training has stopped or can't begin; empty if nothing stands in its way.
    builds, points : int
        Count the models, and the sets of points, that there have been.
    """

    _measures: Measures | None

    def __init__(
        self, net: nn.Sequential | None = None, own: OwnPoints | None = None, **values: Any
    ) -> None:
        self.own = own or OwnPoints()
        self.builds = self.points = 0
        settings = Settings().changed(**values)
        kind = problem(settings, self.own).kind
        if "loss" not in values:
            bounded = net is not None and isinstance(net.layers[-1], nn.Tanh | nn.Sigmoid)
            usual = "squared error" if bounded and kind == TWO else LOSSES[kind][0]
            settings = replace(settings, loss=usual)
        if net is not None:
            settings = replace(settings, hidden=hidden_layers(net))
        self._begin(Model(settings, self.own, net))

    @property
    def settings(self) -> Settings:
        """What is chosen."""
        return self.model.settings

    @property
    def diverged(self) -> bool:
        """Whether the numbers have left the range of floats."""
        return self.message.startswith(DIVERGED)

    @property
    def measures(self) -> Measures:
        """Losses and accuracies of the present network."""
        if self._measures is None:
            self._measures = self.model.measure()
        return self._measures

    # changes

    def change(self, **values: Any) -> None:
        """Change settings; those that change points or network start afresh.

        Raises
        ------
        ValueError
            If the settings don't fit. Nothing is changed then.
        """
        new = self.settings.changed(**values)
        before, after = self.settings.as_json(), new.as_json()
        changed = {name for name in after if after[name] != before[name]}
        if changed & NEW_DATA and "loss" not in values:
            kind = problem(new, self.own).kind
            if kind != self.model.problem.kind:
                new = replace(new, loss=LOSSES[kind][0])
        if changed & (NEW_DATA | NEW_NETWORK):
            remade = changed & NEW_NETWORK - {"loss", "net_seed"}
            self._begin(Model(new, self.own, None if remade else self.model.given))
            return
        comes_or_goes = (penalty(new) is None) != (self._penalty() is None)
        self.model.settings = new
        self.optimizer.lr = new.lr
        if "optimizer" in changed:
            self._new_optimizer()
        elif "batch_size" in changed or comes_or_goes:
            self._new_pass()

    def reset(self, same: bool = False) -> None:
        """Start afresh, with the same starting weights or newly drawn ones.

        A network of the reader's starts with its own.
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
        """Take the reader's points away."""
        self._use(OwnPoints())

    def _use(self, own: OwnPoints) -> None:
        """Train on other points of the reader's; the network stays where it fits."""
        settings = replace(self.settings, data=OWN)
        task, model = problem(settings, own), self.model
        if self.settings.data == OWN and task.fits(model.problem):
            self.own = own
            model.take(task)
            self.points += 1
            self._measures = None
            self._new_pass()
            return
        if task.kind != model.problem.kind:
            settings = replace(settings, loss=LOSSES[task.kind][0])
        given = model.given if task.fits(model.problem) else None
        begun = Model(settings, own, given)
        self.own = own
        self._begin(begun)

    def set_weight(self, layer: int, i: int, j: int, value: float) -> None:
        """Set the weight from unit i to unit j of an affine layer; 0 is the first."""
        self.model.set_weight(layer, i, j, value)
        self._edited()

    def set_bias(self, layer: int, j: int, value: float) -> None:
        """Set the bias of unit j of an affine layer; 0 is the first."""
        self.model.set_bias(layer, j, value)
        self._edited()

    def _edited(self) -> None:
        self._measures = None
        if self.diverged and np.isfinite(self.measures.train_loss):
            self._new_pass()

    # training

    def _begin(self, model: Model) -> None:
        self.model = model
        self.epoch = self.updates = 0
        self.curves = Curves(2 if model.problem.kind == REGRESSION else 4)
        self.builds += 1
        self.points += 1
        self._measures = None
        self.message = ""
        self._new_optimizer()
        self._record()

    def _new_optimizer(self) -> None:
        self.optimizer = optimizer(self.settings)
        self._new_pass()

    def _new_pass(self) -> None:
        """Begin an epoch at its first batch."""
        self._batch = 0
        self._batches = self.model.updates_per_epoch
        self._steps: Iterator[nn.TrainingStep] | None = None
        if self.model.finite:
            self.message = self.model.obstacle

    def _penalty(self) -> nn.Penalty | None:
        return penalty(self.settings)

    def update(self) -> bool:
        """Make one update; return whether training can go on. An epoch's last one is recorded."""
        if self.message:
            return False
        self._measures = None
        try:
            if self._steps is None:
                self._steps = self._start()
            next(self._steps)
        except nn.Diverged:
            self.message = divergence(self.settings, self.epoch)
            return False
        self.updates += 1
        self._batch += 1
        if self._batch == self._batches:
            self._batch = 0
            self.epoch += 1
            self._record()
        return not self.message

    def advance(
        self, *, updates: int = FOREVER, epochs: int = FOREVER, seconds: float = np.inf
    ) -> bool:
        """Train until one of these is done, or it can't go on.

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
        model, size = self.model, self.settings.batch_size
        return nn.train(
            model.net,
            model.output.loss,
            self.optimizer,
            model.x_train,
            model.t_train,
            epochs=FOREVER,
            batch_size=size,
            rng=np.random.default_rng([self.settings.net_seed, self.updates]),
            penalty=Present(self._penalty) if self._penalty() else None,  # none takes no time
        )

    def _record(self) -> None:
        self.curves.add(self.epoch, self.measures)
        if not self.message and not np.isfinite(self.measures.train_loss):
            self.message = divergence(self.settings, self.epoch)
