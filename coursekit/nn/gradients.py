"""Checking a gradient against differences of the function itself."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.language import say
from coursekit.nn.validation import Array


def numerical_gradient(f: Callable[[Array], float], theta: Array, h: float = 1e-6) -> Array:
    """Central differences ``(f(θ + h e_i) - f(θ - h e_i)) / 2h``, in theta's shape.

    Costs two calls of `f` for each number in `theta`. The numbers are changed in place and put
    back, so `theta` may be a network's own vector and `f` may ignore its argument.

    Parameters
    ----------
    f : function of an array
        Returns a number.
    theta : float array
        The point.
    h : float
        Half the distance between the two points. Its square is the error of the formula; too small
        a step loses digits in the subtraction.

    Raises
    ------
    ValueError
        If `theta` is not an array of floats: whole numbers could not move by `h`.
    """
    if not isinstance(theta, np.ndarray) or theta.dtype.kind != "f":
        raise ValueError(say("theta must be an array of floats, got {theta!r:.60}", theta=theta))
    gradient = np.empty_like(theta)
    for i in np.ndindex(theta.shape):
        here = theta[i]
        theta[i] = here + h
        above = f(theta)
        theta[i] = here - h
        below = f(theta)
        theta[i] = here
        gradient[i] = (above - below) / (2 * h)
    return gradient


def relative_error(a: Any, n: Any) -> float:
    """``‖a - n‖ / (‖a‖ + ‖n‖)``, from 0 to 1; 0 if both are all zeros."""
    a, n = np.asarray(a, dtype=float), np.asarray(n, dtype=float)
    size = np.linalg.norm(a) + np.linalg.norm(n)
    return float(np.linalg.norm(a - n) / size) if size else 0.0
