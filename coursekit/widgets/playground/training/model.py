"""A network, its points and its loss: all that is needed before training."""

import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit import nn
from coursekit.widgets.playground.training import datasets, measures
from coursekit.widgets.playground.training.advice import explain_obstacle
from coursekit.widgets.playground.training.choices import LOSSES, REGRESSION, SEVERAL
from coursekit.widgets.playground.training.datasets import OwnPoints, Problem
from coursekit.widgets.playground.training.measures import Measures
from coursekit.widgets.playground.training.network import build_network, find_stages
from coursekit.widgets.playground.training.output_head import last_activation, make_output_head
from coursekit.widgets.playground.training.settings import Settings, whole

# Why a loss is refused, by the kind of problem; with two classes none is.
_NEEDS = {
    SEVERAL: "{!r} needs two classes; for more than two use cross-entropy",
    REGRESSION: "{!r} needs classes; for regression use squared error",
}


class Model:
    """What the settings choose, before any training.

    Parameters
    ----------
    settings : Settings
    own : OwnPoints
        The reader's points, for the data set "own".
    given : nn.Sequential, optional
        The reader's network. It is copied.

    Attributes
    ----------
    settings : Settings
        May be replaced by settings with the same points and network.
    problem : Problem
    net : nn.Sequential
    stages : list of Stage
    head : OutputHead
    x_train, x_test : arrays (N, features)
    t_train, t_test : arrays
        Targets as the loss takes them.

    Raises
    ------
    ValueError
        If points, features, loss and network don't fit together.
    """

    def __init__(
        self, settings: Settings, own: OwnPoints, given: nn.Sequential | None = None
    ) -> None:
        task = datasets.make_problem(settings, own)
        if settings.loss not in LOSSES[task.kind]:
            raise ValueError(_NEEDS[task.kind].format(settings.loss))
        last = last_activation(task.kind, settings.loss)
        if given is None:
            self.net = build_network(settings, task.outputs, last)
        else:
            wanted = (len(settings.features), task.outputs)
            if (given.n_in, given.n_out) != wanted:
                raise ValueError(
                    f"the features and points need a network with {wanted[0]} inputs and "
                    f"{wanted[1]} outputs, got one with {given.n_in} and {given.n_out}"
                )
            self.net = copy.deepcopy(given)
            final = self.net.layers[-1]
            last = final if isinstance(final, nn.Activation) else None
        self.settings, self.given = settings, given
        self.stages = find_stages(self.net)
        self.head = make_output_head(task.kind, settings.loss, last)
        self.set_data(task)

    def set_data(self, task: Problem) -> None:
        """Replace the points by others of the same kind."""
        self.problem = task
        names = self.settings.features
        self.x_train = datasets.compute_features(task.x_train, names)
        self.x_test = datasets.compute_features(task.x_test, names)
        self.t_train = self.head.targets(task.t_train)
        self.t_test = self.head.targets(task.t_test)

    @property
    def widths(self) -> list[int]:
        """Features, units of each hidden layer, outputs."""
        return [len(self.settings.features), *(stage.width for stage in self.stages)]

    @property
    def n_hidden_units(self) -> int:
        """Number of units in all hidden layers."""
        return sum(self.widths[1:-1])

    @property
    def updates_per_epoch(self) -> int:
        """Number of updates in one epoch."""
        return -(-len(self.x_train) // self.settings.batch_size)

    @property
    def obstacle(self) -> str:
        """Why training can't begin; empty if it can."""
        return explain_obstacle(self.settings, self.net, len(self.x_train))

    @property
    def finite(self) -> bool:
        """Whether all parameters are numbers."""
        return bool(np.isfinite(self.net.theta).all())

    @property
    def dead_units(self) -> NDArray[np.bool_]:
        """Which hidden units are dead, layer after layer."""
        return measures.find_dead_units(self.net, self.stages, self.x_train)

    def measure(self) -> Measures:
        """Losses and accuracies of the network as it is now."""
        task, evaluate = self.problem, measures.loss_and_accuracy
        train = evaluate(self.net, self.head, self.x_train, self.t_train, task.t_train)
        test = evaluate(self.net, self.head, self.x_test, self.t_test, task.t_test)
        return Measures(train[0], test[0], train[1], test[1])

    def set_weight(self, layer: int, i: int, j: int, value: float) -> None:
        """Set the weight from unit i to unit j of an affine layer; 0 is the first."""
        dense = self._dense(layer)
        n_in, n_out = dense.params["W"].shape
        i, j = whole("from", i, 0, n_in - 1), whole("to", j, 0, n_out - 1)
        if dense.mask is not None and not dense.mask[i, j]:
            raise ValueError("this connection has been removed by the layer's mask")
        dense.params["W"][i, j] = _finite(value)

    def set_bias(self, layer: int, j: int, value: float) -> None:
        """Set the bias of unit j of an affine layer; 0 is the first."""
        b = self._dense(layer).params["b"]
        b[whole("unit", j, 0, len(b) - 1)] = _finite(value)

    def _dense(self, layer: int) -> nn.Dense:
        return self.stages[whole("layer", layer, 0, len(self.stages) - 1)].dense


def _finite(value: Any) -> float:
    if not isinstance(value, int | float) or not np.isfinite(value):
        raise ValueError(f"a weight or bias must be a finite number, got {value!r}")
    return float(value)
