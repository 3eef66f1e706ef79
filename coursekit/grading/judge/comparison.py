"""Compare what an answer returned with what the reference returned, and describe the difference.

The messages say what type and shape were expected and what was returned. They never contain an
expected value.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.grading.judge.answer_proxy import Handle
from coursekit.grading.judge.values import describe

RTOL = 1e-6
ATOL = 1e-9


class WrongAnswer(AssertionError):
    """A wrong result, in a sentence.

    Parameters
    ----------
    message : str
        For the student.
    fact : str
        How the result differs, as far as it can be computed; it is a part of the message.
    example : str
        The smallest failing call as code, and what it returned.
    """

    def __init__(self, message: str, fact: str = "", example: str = "") -> None:
        super().__init__(" ".join(filter(None, [message, fact])))
        self.text, self.fact, self.example = message, fact, example


@dataclass(frozen=True)
class Leaf:
    """A value that has the right kind and shape, and is yet to be compared.

    Attributes
    ----------
    what : str
        What it is, the subject of a message.
    got, want : array or plain value
        Arrays of one shape if it is made of numbers.
    """

    what: str
    got: Any
    want: Any

    def difference(self, rtol: float = RTOL, atol: float = ATOL) -> str | None:
        """Describe the difference in a sentence; None if there is none."""
        if not isinstance(self.want, np.ndarray):
            same = self.got == self.want
            return None if same else f"{self.what} is {self.got!r:.80}, which is not right."
        want = self.want.astype(float)
        wrong = ~np.isclose(self.got.astype(float), want, rtol=rtol, atol=atol, equal_nan=True)
        if not wrong.any():
            return None
        first = tuple(int(index) for index in np.argwhere(wrong)[0])
        value = self.got[first]
        if not first:
            return f"{self.what} is {_short(value)}, which is not right.{_odd(value)}"
        place = ", ".join(map(str, first))
        if wrong.sum() == 1:
            return (
                f"{self.what}: 1 of {wrong.size} values is not right: the one at [{place}] is "
                f"{_short(value)}.{_odd(value)}"
            )
        return (
            f"{self.what}: {int(wrong.sum())} of {wrong.size} values are not right: the first, at "
            f"[{place}], is {_short(value)}.{_odd(value)}"
        )


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
    for leaf in leaves(got, want, what):
        if difference := leaf.difference(rtol, atol):
            raise AssertionError(difference)


def leaves(
    got: Any, want: Any, what: str, names: tuple[str, ...] = (), *, strict: bool = False
) -> list[Leaf]:
    """Check kinds and shapes, of all parts, before any value is compared.

    Parameters
    ----------
    got, want : plain value
        From the answer, and from the reference.
    what : str
        What is compared, the subject of messages.
    names : tuple of str
        Of the entries of a tuple.
    strict : bool
        Whether truth values are refused where numbers are asked for.

    Raises
    ------
    AssertionError
        With a sentence for the student, if a kind or a shape is wrong.
    """
    subject = what[:1].upper() + what[1:]
    if isinstance(want, Handle):
        raise TypeError("compare what an object's methods return, not the object")
    if got is None and want is not None:
        filled = "it was never filled." if what.endswith("]`") else "is a `return` missing?"
        raise AssertionError(f"{subject} is None: {filled}")
    numbers = as_numbers(want) if not isinstance(want, tuple) else None
    if numbers is not None and (numbers.size or isinstance(want, np.ndarray)):
        return [_number_leaf(got, numbers, subject, strict)]
    if isinstance(want, (list, tuple)):
        items = list(got) if isinstance(got, np.ndarray) and got.ndim else got
        if not isinstance(items, (list, tuple)) or len(items) != len(want):
            expected = f"{len(want)} values, {_listed(names)}" if names else f"{len(want)} values"
            raise AssertionError(f"{subject}: expected {expected}, got {describe(got)}.")
        parts = names or tuple(_entry(what, place, len(want)) for place in range(len(want)))
        pairs = zip(items, want, parts, strict=True)
        return [leaf for a, b, name in pairs for leaf in leaves(a, b, name, strict=strict)]
    if isinstance(want, dict):
        if not isinstance(got, dict) or set(got) != set(want):
            keys = ", ".join(map(repr, want))
            raise AssertionError(f"{subject}: expected a dict with the keys {keys}.")
        parts = tuple(_index(what, repr(key)) for key in want)
        pairs = zip((got[key] for key in want), want.values(), parts, strict=True)
        return [leaf for a, b, name in pairs for leaf in leaves(a, b, name, strict=strict)]
    if type(got) is not type(want):
        raise AssertionError(f"{subject}: expected {describe(want)}, got {describe(got)}.")
    return [Leaf(subject, got, want)]


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _entry(what: str, place: int, count: int) -> str:
    return (
        _index(what, str(place)) if what.endswith("`") else f"{what}, value {place + 1} of {count}"
    )


def _index(what: str, key: str) -> str:
    return f"{what[:-1]}[{key}]`" if what.endswith("`") else f"{what}[{key}]"


def _number_leaf(got: Any, want: Any, subject: str, strict: bool) -> Leaf:
    array = as_numbers(got)
    if array is None:
        if isinstance(got, (list, tuple)) and any(item is None for item in got):
            place = next(place for place, item in enumerate(got) if item is None)
            raise AssertionError(f"{_index(subject, str(place))} is None: it was never filled.")
        raise AssertionError(f"{subject}: expected {_kind(want.shape)}, got {describe(got)}.")
    if array.shape != want.shape:
        raise AssertionError(f"{subject}: {_shapes(array.shape, want.shape)}")
    if strict and array.dtype.kind == "b" and want.dtype.kind != "b":
        raise AssertionError(
            f"{subject}: numbers are asked for, such as 0 and 1; got truth values."
        )
    return Leaf(subject, array, want)


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


def _kind(shape: tuple[int, ...]) -> str:
    return f"an array of numbers of shape {shape}" if shape else "a single number"


def _shapes(got: tuple[int, ...], want: tuple[int, ...]) -> str:
    came = f"one of shape {got}" if got and want else _kind(got)
    return f"expected {_kind(want)}, got {came}."


def _short(value: Any) -> str:
    return f"{value.item():.6g}" if value.dtype.kind == "f" else str(value.item())


def _odd(value: Any) -> str:
    if value.dtype.kind == "f" and np.isnan(value):
        return " NaN comes from 0/0, ∞ - ∞ or the log of a negative number."
    if value.dtype.kind == "f" and np.isinf(value):
        return " Infinity comes from a division by 0, a log of 0 or an overflow."
    return ""
