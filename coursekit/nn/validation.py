"""Checks of the numbers and arrays that enter from outside.

Each returns the value that it checked, or raises a ``ValueError`` that says what the value must be
and what it is. They are called where values enter, at construction, before training and at
inference, and never in a layer's step.
"""

from collections.abc import Iterable
from math import isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt

from coursekit.language import say

Array = npt.NDArray[np.float64]


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)


def check_positive(name: str, value: Any) -> float:
    """Return `value` as a float if it is a finite number greater than 0."""
    if not _is_number(value) or value <= 0:
        raise ValueError(
            say("{name} must be a number greater than 0, got {value!r}", name=name, value=value)
        )
    return float(value)


def check_non_negative(name: str, value: Any) -> float:
    """Return `value` as a float if it is a finite number of at least 0."""
    if not _is_number(value) or value < 0:
        raise ValueError(
            say("{name} must be a number of at least 0, got {value!r}", name=name, value=value)
        )
    return float(value)


def check_fraction(name: str, value: Any) -> float:
    """Return `value` as a float if ``0 <= value < 1``."""
    if not _is_number(value) or not 0 <= value < 1:
        raise ValueError(
            say("{name} must be a number from 0 to below 1, got {value!r}", name=name, value=value)
        )
    return float(value)


def check_range(name: str, value: Any, low: float, high: float) -> float:
    """Return `value` as a float if it is a finite number from `low` to `high`, both included."""
    if not _is_number(value) or not low <= value <= high:
        raise ValueError(
            say(
                "{name} must be a number from {low:g} to {high:g}, got {value!r}",
                name=name,
                low=low,
                high=high,
                value=value,
            )
        )
    return float(value)


def check_count(name: str, value: Any, low: int = 1, high: int | None = None) -> int:
    """Return `value` as an int if it is a whole number from `low` to `high`, both included."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if high is None and not (whole and value >= low):
        raise ValueError(
            say(
                "{name} must be a whole number of at least {low}, got {value!r}",
                name=name,
                low=low,
                value=value,
            )
        )
    if high is not None and not (whole and low <= value <= high):
        raise ValueError(
            say(
                "{name} must be a whole number from {low} to {high}, got {value!r}",
                name=name,
                low=low,
                high=high,
                value=value,
            )
        )
    return int(value)


def check_choice(name: str, value: Any, choices: Iterable[str]) -> str:
    """Return `value` if it is one of the `choices`."""
    choices = list(choices)
    if value not in choices:
        raise ValueError(
            say(
                "{name} must be one of {choices}, got {value!r}",
                name=name,
                choices=", ".join(choices),
                value=value,
            )
        )
    return str(value)


def check_flag(name: str, value: Any) -> bool:
    """Return `value` if it is True or False."""
    if not isinstance(value, bool):
        raise ValueError(say("{name} must be True or False, got {value!r}", name=name, value=value))
    return value


def check_instance(name: str, value: Any, kind: type, example: str) -> None:
    """Refuse anything but an object of the class `kind`: the class itself too, or its name."""
    if not isinstance(value, kind):
        raise ValueError(
            say(
                "{name} must be an object such as {example}, got {value!r:.60}",
                name=name,
                example=example,
                value=value,
            )
        )


def check_rng(rng: np.random.Generator) -> np.random.Generator:
    """Return `rng` if it is a generator; a seed would start every layer on the same numbers."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(
            say(
                "rng must be a np.random.Generator, such as np.random.default_rng(0), got {rng!r}",
                rng=rng,
            )
        )
    return rng


def as_floats(name: str, a: Any) -> Array:
    """Return `a` as a non-empty float64 array if all of its numbers are finite."""
    try:
        array: Array = np.asarray(a, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            say("{name} must be an array of numbers, got {a!r:.60}", name=name, a=a)
        ) from error
    if array.size == 0:
        raise ValueError(
            say(
                "{name} must hold at least one sample, got an array of {shape}",
                name=name,
                shape=array.shape,
            )
        )
    if not np.isfinite(array).all():
        bad = array[~np.isfinite(array)]
        raise ValueError(
            say(
                "{name} must hold finite numbers, got {bad} ({n} of them bad)",
                name=name,
                bad=bad[0],
                n=bad.size,
            )
        )
    return array


def as_shaped(name: str, a: Any, shape: tuple[int, ...]) -> Array:
    """Return `a` as a float64 array of finite numbers if it has that shape."""
    array = as_floats(name, a)
    if array.shape != shape:
        raise ValueError(
            say(
                "{name} must have the shape {shape}, got {got}",
                name=name,
                shape=shape,
                got=array.shape,
            )
        )
    return array


def as_batch(callee: str, x: Any, width: int | None) -> Array:
    """Return `x` as a batch of samples, float64 of shape (N, width); None takes any width."""
    array = as_floats("x", x)
    if array.ndim != 2 or width not in (None, array.shape[1]):
        fields = {"callee": callee, "width": width, "got": array.shape}
        if width is None:
            raise ValueError(say("{callee} expected (N, features), got {got}", **fields))
        if array.shape == (width,):
            raise ValueError(
                say(
                    "{callee} expected (N, {width}), got {got}; "
                    "one sample is a batch too: x.reshape(1, -1)",
                    **fields,
                )
            )
        raise ValueError(say("{callee} expected (N, {width}), got {got}", **fields))
    return array
