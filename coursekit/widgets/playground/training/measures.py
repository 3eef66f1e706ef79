"""How well a network does, and which of its units stand still."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coursekit import nn
from coursekit.widgets.playground.training.network import Stage
from coursekit.widgets.playground.training.output_head import Output

Array = NDArray[np.float64]

STILL = 1e-3


class Measures(NamedTuple):
    """Losses and shares of right answers; NaN where there are no points or no classes."""

    train_loss: float
    test_loss: float
    train_accuracy: float
    test_accuracy: float


def judge(
    net: nn.Sequential, output: Output, x: Array, targets: Any, t: Array
) -> tuple[float, float]:
    """Loss and accuracy in inference on features x (N, F) with targets, from classes t (N,)."""
    if len(x) == 0:
        return float("nan"), float("nan")
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        y = net.infer(x)
        return output.loss(y, targets)[0], output.accuracy(y, t)


def dead_units(net: nn.Sequential, stages: Sequence[Stage], x: Array) -> NDArray[np.bool_]:
    """Which hidden units stand still: at no row of x, (N, F), has their activation a slope.

    (hidden units,), layer after layer. A slope below 0.001 everywhere counts as none.
    """
    dead = [np.zeros(stage.width, dtype=bool) for stage in stages[:-1]]
    if dead and len(x):
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            values = [x]
            for layer in net.layers[: stages[-2].end]:
                values.append(layer.infer(values[-1]))
            for i, stage in enumerate(stages[:-1]):
                k = stage.activation
                layer = net.layers[k]
                if isinstance(layer, nn.Activation):
                    slope = np.abs(layer.slope(values[k], values[k + 1]))
                    dead[i] = slope.max(axis=0) < STILL
    return np.concatenate([np.empty(0, dtype=bool), *dead])
