"""Elementwise activations, each beside its slope, as layers without parameters.

Any shape in, the same shape out. Where an activation has a kink, at 0, any value between the
slopes on either side is a subgradient; each docstring names the one that is taken.
"""

from abc import abstractmethod
from typing import Any

import numpy as np

from coursekit.nn.layers import Layer
from coursekit.nn.validation import Array, as_floats, check_fraction, check_positive


def sigmoid(x: Any) -> Array:
    """``σ(x) = 1 / (1 + e^-x)``, any shape, written so that no exponential can overflow."""
    x = np.asarray(x, dtype=float)
    z = np.exp(-np.abs(x))
    y: Array = np.where(x >= 0, 1.0, z) / (1.0 + z)
    return y


class Activation(Layer):
    """An elementwise function, given by `infer` and its `slope`."""

    @abstractmethod
    def infer(self, x: Array) -> Array:
        """Return ``y = f(x)``."""

    @abstractmethod
    def slope(self, x: Array, y: Array) -> Array:
        """Return ``f'(x)``, from the input x or the output ``y = f(x)``, whichever is shorter."""

    def derivative(self, x: Any) -> Array:
        """Check `x` and return ``f'(x)``: the lecture's z, if x is its Σ."""
        x = as_floats("x", x)
        return np.asarray(self.slope(x, self.infer(x)), dtype=float)

    def forward(self, x: Array) -> tuple[Array, tuple[Array, Array]]:
        y = self.infer(x)
        return y, (x, y)

    def backward(self, dy: Array, cache: tuple[Array, Array]) -> Array:
        """``dx = dy · f'(x)``: the lecture's ε · z."""
        return dy * self.slope(*cache)


class Identity(Activation):
    """``f(x) = x``: the linear control."""

    def infer(self, x: Array) -> Array:
        return x

    def slope(self, x: Array, y: Array) -> Array:
        return np.ones_like(x)


class Step(Activation):
    """``f(x) = [x > 0]``, the threshold unit of McCulloch & Pitts (1943).

    Its slope is 0 wherever it exists, and 0 is taken at 0 too: nothing below it can learn.
    """

    def infer(self, x: Array) -> Array:
        return (x > 0).astype(float)

    def slope(self, x: Array, y: Array) -> Array:
        return np.zeros_like(x)


class Sigmoid(Activation):
    """``f(x) = 1 / (1 + e^-x)``, range (0, 1), ``f' = f (1 - f)``."""

    def infer(self, x: Array) -> Array:
        return sigmoid(x)

    def slope(self, x: Array, y: Array) -> Array:
        return y * (1.0 - y)


class Tanh(Activation):
    """``f(x) = (e^x - e^-x) / (e^x + e^-x)``, range (-1, 1), ``f' = 1 - f²``."""

    def infer(self, x: Array) -> Array:
        return np.tanh(x)

    def slope(self, x: Array, y: Array) -> Array:
        return 1.0 - y * y


class ReLU(Activation):
    """``f(x) = max(0, x)``, range [0, ∞), ``f' = sign(f)``; the slope at 0 is taken as 0."""

    def infer(self, x: Array) -> Array:
        return np.maximum(x, 0.0)

    def slope(self, x: Array, y: Array) -> Array:
        return np.sign(y)


class LeakyReLU(Activation):
    """``f(x) = x`` for x > 0, ``negative_slope · x`` otherwise; the slope at 0 is the left one.

    Maas et al., "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013,
    with slope 0.01; any small one will do.

    Parameters
    ----------
    negative_slope : float in [0, 1)
        Slope on the left: the lecture's leak.
    """

    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__()
        self.negative_slope = check_fraction("negative_slope", negative_slope)

    def infer(self, x: Array) -> Array:
        return np.maximum(x, self.negative_slope * x)

    def slope(self, x: Array, y: Array) -> Array:
        return np.where(x > 0, 1.0, self.negative_slope)


class ELU(Activation):
    """``f(x) = x`` for x > 0, ``α (e^x - 1)`` otherwise; the slope at 0 is the left one, α.

    Clevert et al., "Fast and Accurate Deep Network Learning by Exponential Linear Units", 2016.

    Parameters
    ----------
    alpha : float
        α > 0; the range is (-α, ∞).
    """

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__()
        self.alpha = check_positive("alpha", alpha)

    def infer(self, x: Array) -> Array:
        return np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0.0)))

    def slope(self, x: Array, y: Array) -> Array:
        return np.where(x > 0, 1.0, y + self.alpha)


class Softplus(Activation):
    """``f(x) = ln(1 + e^x)``, a smooth ReLU whose slope is the sigmoid."""

    def infer(self, x: Array) -> Array:
        return np.logaddexp(0.0, x)

    def slope(self, x: Array, y: Array) -> Array:
        return sigmoid(x)
