"""What is added to the loss to keep weights small: ``penalty(w) -> (value, gradient)``.

Penalties act on weights only. Training gives them ``net.theta * net.decay_mask``, where biases,
γ and β are 0; at 0 every penalty and its gradient are 0.
"""

from abc import ABC, abstractmethod

import numpy as np

from coursekit.nn.validation import Array, check_non_negative


class Penalty(ABC):
    """A function of a vector of weights, with its gradient."""

    @abstractmethod
    def __call__(self, w: Array) -> tuple[float, Array]:
        """Return the value and the gradient, in w's shape."""


class L2(Penalty):
    """``strength/2 · Σ w²``, gradient ``strength · w``: shrinks every weight by the same share.

    The half is a convention, chosen so that the gradient has no 2. Under Adam this is not the same
    as weight decay (Loshchilov & Hutter 2019).
    """

    def __init__(self, strength: float) -> None:
        self.strength = check_non_negative("strength", strength)

    def __call__(self, w: Array) -> tuple[float, Array]:
        return self.strength / 2 * float(np.vdot(w, w)), self.strength * w


class L1(Penalty):
    """``strength · Σ |w|``, gradient ``strength · sign(w)``: pulls every weight by the same amount.

    At 0 the subgradient 0 is taken.
    """

    def __init__(self, strength: float) -> None:
        self.strength = check_non_negative("strength", strength)

    def __call__(self, w: Array) -> tuple[float, Array]:
        return self.strength * float(np.abs(w).sum()), self.strength * np.sign(w)


class ElasticNet(Penalty):
    """``l1 · Σ |w| + l2/2 · Σ w²``: both pulls at once (Zou & Hastie 2005)."""

    def __init__(self, l1: float, l2: float) -> None:
        self.l1, self.l2 = check_non_negative("l1", l1), check_non_negative("l2", l2)

    def __call__(self, w: Array) -> tuple[float, Array]:
        value1, gradient1 = L1(self.l1)(w)
        value2, gradient2 = L2(self.l2)(w)
        return value1 + value2, gradient1 + gradient2
