"""What the network's outputs mean: the loss, its targets, the accuracy, and a map's scores."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit import nn
from coursekit.nn.validation import Array
from coursekit.widgets.playground.training.choices import REGRESSION, SEVERAL


@dataclass(frozen=True)
class OutputHead:
    """How outputs, (N, outputs), are interpreted, and the targets they are compared with.

    Attributes
    ----------
    kind : str
        "two" or "several" classes, or "regression".
    loss_name : str
    loss : nn.Loss
    low : float
        The target of class 0 if there are two classes; that of class 1 is 1.
    """

    kind: str
    loss_name: str
    loss: nn.Loss
    low: float

    def targets(self, t: Array) -> Any:
        """Classes or heights, (N,), as the loss takes them."""
        if self.kind == SEVERAL:
            return t.astype(np.int64)
        column = t.reshape(-1, 1)
        return column if self.kind == REGRESSION else np.where(column > 0, 1.0, self.low)

    def accuracy(self, y: Array, t: Array) -> float:
        """Share of points whose class t, (N,), the outputs predict; NaN in regression."""
        if self.kind == REGRESSION:
            return float("nan")
        if self.kind == SEVERAL:
            return float(np.mean(y.argmax(axis=1) == t))
        return float(np.mean((self.score(y)[:, 0] > 0) == (t > 0)))

    def score(self, y: Any) -> Any:
        """A single output as a number that is 0 at the border; a map shows it from -1 to 1.

        A logit becomes the distance of its probability from a half, times 2.
        """
        if self.loss_name == "cross-entropy":
            return np.tanh(y / 2)
        return 2 * y - 1 if self.low == 0 else y


def make_output_head(kind: str, loss: str, last: nn.Activation | None) -> OutputHead:
    """The head of a network that ends in the activation `last`, or in a linear layer."""
    if loss == "squared error":
        low = 0.0 if isinstance(last, nn.Sigmoid) else -1.0
        return OutputHead(kind, loss, nn.MSE(), low)
    if loss == "cross-entropy":
        entropy = nn.CrossEntropy() if kind == SEVERAL else nn.BinaryCrossEntropy()
        return OutputHead(kind, loss, entropy, 0.0)
    return OutputHead(kind, loss, nn.Hinge() if loss == "hinge" else nn.PerceptronLoss(), -1.0)
