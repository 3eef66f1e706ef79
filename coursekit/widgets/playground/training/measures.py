"""How well a network does, and which of its units are dead."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coursekit import nn
from coursekit.widgets.playground.training.network import Stage
from coursekit.widgets.playground.training.output_head import OutputHead

Array = NDArray[np.float64]

NO_SLOPE = 1e-3  # of an activation: less than this everywhere counts as none


class Measures(NamedTuple):
    """Losses and accuracies; NaN where there are no points or no classes."""

    train_loss: float
    test_loss: float
    train_accuracy: float
    test_accuracy: float


def loss_and_accuracy(
    net: nn.Sequential, head: OutputHead, x: Array, targets: Any, t: Array
) -> tuple[float, float]:
    """Loss and accuracy in inference.

    Parameters
    ----------
    net : nn.Sequential
    head : OutputHead
    x : array (N, features)
    targets : array
        As the loss takes them.
    t : array (N,)
        Classes or heights.
    """
    if len(x) == 0:
        return float("nan"), float("nan")
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        y = net.infer(x)
        return head.loss(y, targets)[0], head.accuracy(y, t)


def find_dead_units(net: nn.Sequential, stages: Sequence[Stage], x: Array) -> NDArray[np.bool_]:
    """Which hidden units are dead: their activation has no slope at any row of x, (N, features).

    Returns
    -------
    array of bool (hidden units,)
        Layer after layer.
    """
    dead = [np.zeros(stage.width, dtype=bool) for stage in stages[:-1]]
    if dead and len(x):
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            values = net.trace(x)
            for i, stage in enumerate(stages[:-1]):
                k = stage.activation
                layer = net.layers[k]
                if isinstance(layer, nn.Activation):
                    slope = np.abs(layer.slope(values[k], values[k + 1]))
                    dead[i] = slope.max(axis=0) < NO_SLOPE
    return np.concatenate([np.empty(0, dtype=bool), *dead])
