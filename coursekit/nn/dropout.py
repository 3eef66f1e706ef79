"""Dropout: in training, features that are dropped at random."""

import numpy as np

from coursekit.nn.layers import Layer
from coursekit.nn.validation import Array, check_fraction, check_rng


class Dropout(Layer):
    """Set each number to zero with probability `p_drop` in training, any shape.

    "Inverted": the numbers that stay are divided by the probability of staying, so that the mean is
    kept and inference is the identity. The original multiplies at inference instead; the two agree
    in expectation. Srivastava et al., "Dropout", 2014.

    Parameters
    ----------
    p_drop : float in [0, 1)
        Probability that a number is dropped.
    rng : np.random.Generator
        Source of the masks.
    """

    def __init__(self, p_drop: float, *, rng: np.random.Generator) -> None:
        super().__init__()
        self.p_drop, self.rng = check_fraction("p_drop", p_drop), check_rng(rng)

    def infer(self, x: Array) -> Array:
        return x

    def forward(self, x: Array) -> tuple[Array, Array]:
        kept = (self.rng.random(x.shape) >= self.p_drop) / (1 - self.p_drop)
        return x * kept, kept

    def backward(self, dy: Array, kept: Array) -> Array:
        return dy * kept
