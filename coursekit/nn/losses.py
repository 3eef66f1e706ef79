"""How wrong an output is: the mean loss of a batch together with its error ``dL/dy``.

Value and error come from one call, so that they can't drift apart. ``1/N`` is in both, so layers
sum over the batch and never average. Cross-entropies take logits, the outputs of a linear layer.
"""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from coursekit.language import say
from coursekit.nn.activations import sigmoid
from coursekit.nn.validation import Array, as_floats


def softmax(x: Any) -> Array:
    """``e^x_k / Σ_j e^x_j`` along the last axis, shifted so that no exponential can overflow."""
    x = np.asarray(x, dtype=float)
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p: Array = e / e.sum(axis=-1, keepdims=True)
    return p


class Loss(ABC):
    """A mean over a batch: ``loss(y, t) -> (value, dL/dy)`` for outputs y and targets t."""

    @abstractmethod
    def __call__(self, y: Array, t: Any) -> tuple[float, Array]:
        """Return the mean loss and its derivative with respect to `y`, in y's shape."""

    def check(self, y: Array, t: Any) -> Any:
        """Return `t` as the array that the loss works with, or raise a ``ValueError``."""
        t = as_floats("targets", t)
        if t.shape != y.shape:
            fields = {"loss": type(self).__name__, "shape": y.shape, "got": t.shape}
            if t.shape == (len(y),):
                raise ValueError(
                    say(
                        "{loss} expected targets {shape}, got {got}; "
                        "t.reshape(-1, 1) makes a column",
                        **fields,
                    )
                )
            raise ValueError(say("{loss} expected targets {shape}, got {got}", **fields))
        return t


class MSE(Loss):
    """Mean squared error, ``mean((y - t)²)`` over samples and outputs; y and t (N, K)."""

    def __call__(self, y: Array, t: Array) -> tuple[float, Array]:
        d = y - t
        return float((d * d).sum()) / d.size, d * (2.0 / d.size)


class BinaryCrossEntropy(Loss):
    """``mean(-t ln σ(y) - (1 - t) ln(1 - σ(y)))``; logits y and targets t in [0, 1], (N, 1).

    Computed as ``max(y, 0) - t y + ln(1 + e^-|y|)``, which is the same and can't overflow.
    """

    def __call__(self, y: Array, t: Array) -> tuple[float, Array]:
        losses = np.maximum(y, 0.0) - t * y + np.log1p(np.exp(-np.abs(y)))
        return float(losses.sum()) / y.size, (sigmoid(y) - t) / y.size

    def check(self, y: Array, t: Any) -> Array:
        """Also check that the targets are in [0, 1]."""
        t = super().check(y, t)
        if t.min() < 0 or t.max() > 1:
            raise ValueError(
                say(
                    "BinaryCrossEntropy expected targets in [0, 1], got {low} to {high}",
                    low=t.min(),
                    high=t.max(),
                )
            )
        return np.asarray(t)


class CrossEntropy(Loss):
    """``mean(-ln softmax(y)[t])``; logits y (N, K), labels t (N,) from 0 to K - 1.

    Computed as ``ln Σ_k e^(y_k - m) - (y_t - m)`` with the row's largest logit m.
    """

    def __call__(self, y: Array, t: Any) -> tuple[float, Array]:
        n = len(y)
        target = np.arange(n), t
        z = y - y.max(axis=1, keepdims=True)
        p = np.exp(z)
        sums = p.sum(axis=1)
        losses = np.log(sums) - z[target]
        p /= sums[:, None]
        p[target] -= 1.0
        p /= n
        return float(losses.sum()) / n, p

    def check(self, y: Array, t: Any) -> Any:
        """Check that there is one whole-numbered label below K for each sample."""
        t = np.asarray(t)
        if y.shape[1] < 2:
            raise ValueError(
                say(
                    "CrossEntropy expected outputs (N, K) with K ≥ 2, got {got}; "
                    "BinaryCrossEntropy takes a single one",
                    got=y.shape,
                )
            )
        if t.shape != (len(y),):
            raise ValueError(
                say("CrossEntropy expected labels ({n},), got {got}", n=len(y), got=t.shape)
            )
        if not np.issubdtype(t.dtype, np.integer):
            raise ValueError(
                say("CrossEntropy expected whole-numbered labels, got {got}", got=t.dtype)
            )
        if t.min() < 0 or t.max() >= y.shape[1]:
            raise ValueError(
                say(
                    "CrossEntropy expected labels 0 to {most}, got {low} to {high}",
                    most=y.shape[1] - 1,
                    low=t.min(),
                    high=t.max(),
                )
            )
        return t


class SignLoss(Loss):
    """A loss of the margin ``t · y``, for targets t of -1 and +1; y and t (N, 1)."""

    def check(self, y: Array, t: Any) -> Array:
        """Also check that the targets are -1 and +1."""
        t = super().check(y, t)
        if not np.isin(t, (-1, 1)).all():
            raise ValueError(
                say(
                    "{loss} expected targets -1 and 1, got {got}",
                    loss=type(self).__name__,
                    got=np.unique(t),
                )
            )
        return np.asarray(t)


class PerceptronLoss(SignLoss):
    """``mean(max(0, -t y))``: gradient steps on it are Rosenblatt's rule (1958).

    At ``y = 0`` the error is that of a mistake, -t, so that learning can start from zero weights.
    """

    def __call__(self, y: Array, t: Array) -> tuple[float, Array]:
        margin = t * y
        return float(np.maximum(-margin, 0.0).sum()) / y.size, (margin <= 0) * t / -y.size


class Hinge(SignLoss):
    """``mean(max(0, 1 - t y))``: a right answer must be right by a margin of 1 to cost nothing.

    At ``t y = 1`` the error is taken as 0. Cortes & Vapnik, "Support-Vector Networks", 1995.
    """

    def __call__(self, y: Array, t: Array) -> tuple[float, Array]:
        margin = t * y
        return float(np.maximum(1.0 - margin, 0.0).sum()) / y.size, (margin < 1) * t / -y.size


def accuracy(y: Any, t: Any) -> float:
    """Share of right answers.

    Parameters
    ----------
    y : array (N, K) or (N, 1)
        Outputs of a network. With K ≥ 2 the largest wins; a single one is 1 if it is above 0.
    t : array (N,) of labels 0 to K - 1, or array (N, 1) of 0 and 1, or of -1 and +1
        Targets.

    Raises
    ------
    ValueError
        If the shapes don't belong together.
    """
    y, t = as_floats("outputs", y), as_floats("targets", t)
    if y.ndim == 2 and y.shape[1] > 1 and t.shape == (len(y),):
        return float(np.mean(y.argmax(axis=1) == t))
    if y.ndim == 2 and y.shape[1] == 1 and t.shape == y.shape:
        return float(np.mean((y > 0) == (t > 0)))
    raise ValueError(
        say(
            "accuracy expected outputs (N, K) with labels (N,), or (N, 1) with (N, 1), "
            "got {outputs} with {targets}",
            outputs=y.shape,
            targets=t.shape,
        )
    )
