"""A network, its points, its loss and its penalty: all that is needed before training."""

import copy
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coursekit import nn
from coursekit.language import mark, say
from coursekit.nn.validation import Array
from coursekit.widgets.playground.training import datasets
from coursekit.widgets.playground.training.choices import LOSSES, REGRESSION, SEVERAL
from coursekit.widgets.playground.training.datasets import OwnPoints, Problem
from coursekit.widgets.playground.training.network import build_network, find_stages
from coursekit.widgets.playground.training.output_head import make_output_head
from coursekit.widgets.playground.training.settings import Settings, whole

# Why a loss is refused, by the kind of problem; with two classes none is.
_NEEDS = {
    SEVERAL: mark("{loss!r} needs two classes; for more than two use cross-entropy"),
    REGRESSION: mark("{loss!r} needs classes; for regression use squared error"),
}
NO_SLOPE = 1e-3  # of an activation: less than this everywhere counts as none


class Measures(NamedTuple):
    """Losses and accuracies; NaN where there are no points or no classes."""

    train_loss: float
    test_loss: float
    train_accuracy: float
    test_accuracy: float


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
            raise ValueError(say(_NEEDS[task.kind], loss=settings.loss))
        if given is None:
            bounded = settings.loss == "squared error" and task.kind != REGRESSION
            last: nn.Activation | None = nn.Tanh() if bounded else None  # for targets ±1
            self.net = build_network(settings, task.outputs, last)
        else:
            wanted = (len(settings.features), task.outputs)
            if (given.n_in, given.n_out) != wanted:
                raise ValueError(
                    say(
                        "the features and points need a network with {inputs} inputs and "
                        "{outputs} outputs, got one with {n_in} and {n_out}",
                        inputs=wanted[0],
                        outputs=wanted[1],
                        n_in=given.n_in,
                        n_out=given.n_out,
                    )
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
    def dead_units(self) -> NDArray[np.bool_]:
        """Which hidden units, layer after layer, have no slope at any training point."""
        dead = [np.zeros(stage.width, dtype=bool) for stage in self.stages[:-1]]
        if dead and len(self.x_train):
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                values = self.net.trace(self.x_train)
                for i, stage in enumerate(self.stages[:-1]):
                    k = stage.activation
                    layer = self.net.layers[k]
                    if isinstance(layer, nn.Activation):
                        slope = np.abs(layer.slope(values[k], values[k + 1]))
                        dead[i] = slope.max(axis=0) < NO_SLOPE
        return np.concatenate([np.empty(0, dtype=bool), *dead])

    def measure(self) -> Measures:
        """Losses and accuracies of the network as it is now, in inference."""
        train = self._loss_and_accuracy(self.x_train, self.t_train, self.problem.t_train)
        test = self._loss_and_accuracy(self.x_test, self.t_test, self.problem.t_test)
        return Measures(train[0], test[0], train[1], test[1])

    def _loss_and_accuracy(self, x: Array, targets: Any, t: Array) -> tuple[float, float]:
        if len(x) == 0:
            return float("nan"), float("nan")
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            y = self.net.infer(x)
            return self.head.loss(y, targets)[0], self.head.accuracy(y, t)

    def set_link(self, layer: int, i: int, j: int, weight: float | None) -> float:
        """Cut the link from unit i to unit j of an affine layer, or put a weight in its place.

        Returns
        -------
        float
            The weight before.
        """
        dense = self.dense(layer)
        n_in, n_out = dense.params["W"].shape
        i, j = whole("from", i, 0, n_in - 1), whole("to", j, 0, n_out - 1)
        before = float(dense.weights()[i, j])
        mask = np.ones((n_in, n_out)) if dense.mask is None else dense.mask
        mask[i, j] = weight is not None
        dense.mask = None if mask.all() else mask
        dense.masks = {} if mask.all() else {"W": mask}
        dense.params["W"][i, j] = weight or 0
        self.net = copy.deepcopy(self.net)  # reads the masks again
        self.stages = find_stages(self.net)
        return before

    def is_cut(self, layer: int, i: int, j: int) -> bool:
        """Whether this link, of which there is one, is cut."""
        mask = self.dense(layer).mask
        return mask is not None and not mask[i, j]

    def dense(self, layer: int) -> nn.Dense:
        """The affine layer of this number, 0 for the first."""
        return self.stages[whole("layer", layer, 0, len(self.stages) - 1)].dense


def make_penalty(settings: Settings) -> nn.Penalty | None:
    """The penalty; the elastic net divides the strength equally between its two halves."""
    strength = settings.strength
    if settings.penalty == "none" or strength == 0:
        return None
    if settings.penalty == "elastic net":
        return nn.ElasticNet(strength / 2, strength / 2)
    return nn.L1(strength) if settings.penalty == "L1" else nn.L2(strength)


class CurrentPenalty(nn.Penalty):
    """The penalty that a model's settings choose, which may change while `nn.train` runs."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def __call__(self, w: Array) -> tuple[float, Array]:
        penalty = make_penalty(self._model.settings)
        return penalty(w) if penalty else (0.0, np.zeros_like(w))
