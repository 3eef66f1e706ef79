"""TensorFlow Playground's own arithmetic, where it differs from `nn.train`.

- The loss is ½(y - t)².
- Points are taken in their order, the same in every epoch, and an update comes after every
  ``batch_size`` of them counted from the epoch's beginning. Points left at an epoch's end wait: the
  next epoch's first update takes the mean over them and its own.
- The penalty's step follows the error's, with the slope that the penalty had before both.
- An L1 step that would carry a weight across zero leaves it at zero for good.

Source: github.com/tensorflow/playground, src/nn.ts and src/playground.ts, commit 02469bd.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from coursekit import nn

Array = NDArray[np.float64]


class HalfSquaredError(nn.MSE):
    """``mean(½ (y - t)²)``."""

    def __call__(self, y: Array, t: Array) -> tuple[float, Array]:
        value, error = super().__call__(y, t)
        return value / 2, error / 2


class Descent:
    """Gradient descent as TensorFlow Playground does it.

    Parameters
    ----------
    net : nn.Sequential
    loss : nn.Loss
    optimizer : nn.Optimizer
        An SGD: it holds the learning rate.
    penalty : function without arguments
        Returns the penalty of the moment, or None.

    Attributes
    ----------
    alive : array of bool
        False where L1 has cut a connection.
    """

    def __init__(
        self,
        net: nn.Sequential,
        loss: nn.Loss,
        optimizer: nn.Optimizer,
        penalty: Callable[[], nn.Penalty | None],
    ) -> None:
        self.net, self.loss, self.optimizer, self.penalty = net, loss, optimizer, penalty
        self.alive = np.ones(net.theta.shape, dtype=bool)

    def run(self, x: Array, t: Array, batch_size: int) -> Iterator[nn.TrainingStep]:
        """Train for ever, yielding after every update."""
        for update, (epoch, rows) in enumerate(_batches(len(x), batch_size)):
            with np.errstate(over="ignore", invalid="ignore"):
                y, caches = self.net.forward(x[rows])
                value, error = self.loss(y, t[rows])
                self.net.backward(error, caches, needs_input_grad=False)
                self._step()
            if not (np.isfinite(value) and np.isfinite(self.net.theta).all()):
                raise nn.Diverged(f"training diverged in epoch {epoch}, update {update}")
            yield nn.TrainingStep(epoch, update, value, len(rows))

    def _step(self) -> None:
        theta, grad = self.net.theta, self.net.grad
        grad[~self.alive] = 0.0
        penalty = self.penalty()
        if penalty is None:
            self.optimizer.step(theta, grad)
            return
        slope = penalty(theta * self.net.decay_mask)[1]
        self.optimizer.step(theta, grad)
        penalised = theta - self.optimizer.lr * slope
        if isinstance(penalty, nn.L1):
            cut = theta * penalised < 0  # never a bias: its slope is 0
            penalised[cut] = 0.0
            self.alive &= ~cut
        theta[:] = penalised


def _batches(n: int, batch_size: int) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """The epoch and the points of each update."""
    waiting: list[int] = []
    epoch = 0
    while True:
        for point in range(n):
            waiting.append(point)
            if (point + 1) % batch_size == 0:
                yield epoch, np.array(waiting)
                waiting = []
        epoch += 1
