"""What the network's outputs mean: the loss, its targets, right answers, and colours of a map."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit import nn
from coursekit.widgets.playground.training.choices import REGRESSION, SEVERAL

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Output:
    """How outputs (N, outputs) are read, and what they are compared with.

    Attributes
    ----------
    kind : str
        "two" or "several" classes, or "regression".
    loss_name : str
    loss : nn.Loss
    low : float
        With two classes the target of class 0; that of class 1 is 1.
    """

    kind: str
    loss_name: str
    loss: nn.Loss
    low: float

    def targets(self, t: Array) -> Any:
        """Classes or heights (N,) as the loss takes them."""
        if self.kind == SEVERAL:
            return t.astype(np.int64)
        column = t.reshape(-1, 1)
        return column if self.kind == REGRESSION else np.where(column > 0, 1.0, self.low)

    def accuracy(self, y: Array, t: Array) -> float:
        """Share of points, of classes t (N,), whose class the outputs name; NaN in regression."""
        if self.kind == REGRESSION:
            return float("nan")
        if self.kind == SEVERAL:
            return float(np.mean(y.argmax(axis=1) == t))
        return float(np.mean((self.score(y)[:, 0] > 0) == (t > 0)))

    def score(self, y: Any) -> Any:
        """A single output moved so that 0 divides the classes, in [-1, 1] for the map's colour.

        A logit becomes how far its probability is from a half.
        """
        if self.loss_name == "cross-entropy":
            return np.tanh(y / 2)
        return 2 * y - 1 if self.low == 0 else y


def output(kind: str, loss: str, last: nn.Activation | None) -> Output:
    """The reading of a network that ends in the activation `last`, or in a linear layer."""
    if loss == "squared error":
        low = 0.0 if isinstance(last, nn.Sigmoid) else -1.0
        return Output(kind, loss, nn.MSE(), low)
    if loss == "cross-entropy":
        entropy = nn.CrossEntropy() if kind == SEVERAL else nn.BinaryCrossEntropy()
        return Output(kind, loss, entropy, 0.0)
    return Output(kind, loss, nn.Hinge() if loss == "hinge" else nn.PerceptronLoss(), -1.0)


def last_activation(kind: str, loss: str) -> nn.Activation | None:
    """What stands behind the outputs of a network of ours: tanh, for classes as numbers ±1."""
    return nn.Tanh() if loss == "squared error" and kind != REGRESSION else None
