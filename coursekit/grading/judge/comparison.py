"""Compare what an answer returned with what the reference returned, and describe the difference.

The messages say what type and shape were expected and what was returned. They never contain an
expected value.
"""

from typing import Any

import numpy as np

from coursekit.grading.judge.answer_proxy import Handle
from coursekit.grading.judge.values import describe

RTOL = 1e-6
ATOL = 1e-9


def close(got: Any, want: Any, what: str, *, rtol: float = RTOL, atol: float = ATOL) -> None:
    """Fail the test unless two values agree.

    Integers, booleans (as 0 and 1) and floats are compared as numbers; a list or tuple of numbers
    may be given for an array. Shapes must be equal. NaN equals NaN only.

    Parameters
    ----------
    got : plain value
        From the answer.
    want : plain value
        From the reference.
    what : str
        What is compared, the subject of the message: ``"the output for [0, 1]"``.
    rtol, atol : float
        Tolerances: ``|got - want| <= atol + rtol * |want|``.

    Raises
    ------
    AssertionError
        With a sentence for the student.
    """
    subject = what[:1].upper() + what[1:]
    if isinstance(want, Handle):
        raise TypeError("close compares values; compare what an object's methods return")
    if got is None and want is not None:
        raise AssertionError(f"{subject} is None: is a `return` missing?")
    numbers = as_numbers(want) if not isinstance(want, tuple) else None
    if numbers is not None and (numbers.size or isinstance(want, np.ndarray)):
        _compare(got, numbers, subject, rtol, atol)
    elif isinstance(want, (list, tuple)):
        items = list(got) if isinstance(got, np.ndarray) and got.ndim else got
        if not isinstance(items, (list, tuple)) or len(items) != len(want):
            raise AssertionError(f"{subject}: expected {len(want)} values, got {describe(got)}.")
        for place, (one, other) in enumerate(zip(items, want, strict=True), 1):
            close(one, other, f"{what}, value {place} of {len(want)}", rtol=rtol, atol=atol)
    elif isinstance(want, dict):
        if not isinstance(got, dict) or set(got) != set(want):
            keys = ", ".join(map(repr, want))
            raise AssertionError(f"{subject}: expected a dict with the keys {keys}.")
        for key in want:
            close(got[key], want[key], f"{what}[{key!r}]", rtol=rtol, atol=atol)
    elif type(got) is not type(want):
        raise AssertionError(f"{subject}: expected {describe(want)}, got {describe(got)}.")
    elif got != want:
        raise AssertionError(f"{subject} is {got!r:.80}, which is not right.")


def as_numbers(value: Any) -> Any:
    """Convert numbers, or nested lists of them, to an array; return None for anything else."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, (bool, int, float)):
        return np.asarray(value)
    if not isinstance(value, (list, tuple)):
        return None
    parts = [as_numbers(item) for item in value]
    if any(part is None or part.shape != parts[0].shape for part in parts):
        return None
    return np.array(parts)


def _compare(got: Any, want: Any, subject: str, rtol: float, atol: float) -> None:
    array = as_numbers(got)
    if array is None:
        raise AssertionError(f"{subject}: expected {_kind(want.shape)}, got {describe(got)}.")
    if array.shape != want.shape:
        raise AssertionError(f"{subject}: {_shapes(array.shape, want.shape)}")
    wrong = ~np.isclose(
        array.astype(float), want.astype(float), rtol=rtol, atol=atol, equal_nan=True
    )
    if not wrong.any():
        return
    first = tuple(int(index) for index in np.argwhere(wrong)[0])
    value = array[first]
    if array.ndim == 0:
        raise AssertionError(f"{subject} is {_short(value)}, which is not right.{_odd(value)}")
    count = int(wrong.sum())
    place = f"at [{', '.join(map(str, first))}]"
    which = (
        f"is not right: the one {place}" if count == 1 else f"are not right: the first, {place},"
    )
    raise AssertionError(
        f"{subject}: {count} of {want.size} values {which} is {_short(value)}.{_odd(value)}"
    )


def _kind(shape: tuple[int, ...]) -> str:
    return f"an array of numbers of shape {shape}" if shape else "a single number"


def _shapes(got: tuple[int, ...], want: tuple[int, ...]) -> str:
    came = f"one of shape {got}" if got and want else _kind(got)
    text = f"expected {_kind(want)}, got {came}."
    if got == want[::-1] and len(want) > 1:
        return f"{text} Rows and columns have changed places."
    if got and want and [n for n in got if n != 1] == [n for n in want if n != 1]:
        fault = "There is an axis too many" if len(got) > len(want) else "An axis is missing"
        return f"{text} {fault}; its length is 1."
    return text


def _short(value: Any) -> str:
    return f"{value.item():.6g}" if value.dtype.kind == "f" else str(value.item())


def _odd(value: Any) -> str:
    if value.dtype.kind == "f" and np.isnan(value):
        return " NaN comes from 0/0, ∞ - ∞ or the log of a negative number."
    if value.dtype.kind == "f" and np.isinf(value):
        return " Infinity comes from a division by 0, a log of 0 or an overflow."
    return ""
