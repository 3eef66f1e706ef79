"""The questions asked about every number and array that enters from outside.

They are asked once, at construction, before training and at inference, and never in a layer's
step. Each failure is a ``ValueError`` that says what was expected and what came.
"""

from math import isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def number(name: str, value: Any, wanted: str, low: float, high: float = np.inf) -> float:
    """Return `value` as a float if it is a finite number with ``low <= value < high``."""
    if not isinstance(value, Real) or not isfinite(value) or not low <= float(value) < high:
        raise ValueError(f"{name} expected {wanted}, got {value!r}")
    return float(value)


def positive(name: str, value: Any) -> float:
    """Return `value` as a float if it is greater than zero."""
    return number(name, value, "a number greater than 0", np.nextafter(0.0, 1.0))


def non_negative(name: str, value: Any) -> float:
    """Return `value` as a float if it is zero or greater."""
    return number(name, value, "a number of at least 0", 0.0)


def fraction(name: str, value: Any) -> float:
    """Return `value` as a float if ``0 <= value < 1``."""
    return number(name, value, "a number from 0 to below 1", 0.0, 1.0)


def count(name: str, value: Any) -> int:
    """Return `value` as an int if it is a whole number of at least one."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name} expected a whole number of at least 1, got {value!r}")
    return int(value)


def generator(rng: Any) -> np.random.Generator:
    """Return `rng` if it is a generator; a seed would start every layer on the same numbers."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(
            f"rng expected a np.random.Generator, such as np.random.default_rng(0), got {rng!r}"
        )
    return rng


def floats(name: str, a: Any) -> Array:
    """Return `a` as a non-empty float64 array if all of its numbers are finite."""
    try:
        array: Array = np.asarray(a, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} expected an array of numbers, got {a!r:.60}") from error
    if array.size == 0:
        raise ValueError(f"{name} expected at least one sample, got an array of {array.shape}")
    if not np.isfinite(array).all():
        bad = array[~np.isfinite(array)]
        raise ValueError(f"{name} expected finite numbers, got {bad[0]} ({bad.size} of them bad)")
    return array


def shaped(name: str, a: Any, shape: tuple[int, ...]) -> Array:
    """Return `a` as a float64 array of finite numbers if it has that shape."""
    array = floats(name, a)
    if array.shape != shape:
        raise ValueError(f"{name} expected {shape}, got {array.shape}")
    return array


def instance(name: str, value: Any, kind: type, example: str) -> None:
    """Ask for an object of a kind; its class, or its name in quotes, is none."""
    if not isinstance(value, kind):
        raise ValueError(f"{name} expected an object such as {example}, got {value!r:.60}")


def batch(name: str, x: Any, width: int | None) -> Array:
    """Return `x` as a batch of samples, float64 of shape (N, width); None takes any width."""
    array = floats(name, x)
    if array.ndim != 2 or width not in (None, array.shape[1]):
        hint = "; one sample is a batch too: x.reshape(1, -1)" if array.shape == (width,) else ""
        wanted = "features" if width is None else width
        raise ValueError(f"{name} expected (N, {wanted}), got {array.shape}{hint}")
    return array
