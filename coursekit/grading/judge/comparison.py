"""Compare what an answer returned with what the reference returned, and describe the difference.

The messages say what type and shape were expected and what was returned. They never contain an
expected value.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.grading.judge.answer_proxy import Handle
from coursekit.grading.judge.kinds import state_keys, state_kind
from coursekit.grading.judge.values import describe
from coursekit.language import Sentence, english, join, mark, say, say_n

_NOT_RIGHT = mark("{what} is {value}, which is not right.")
_EXPECTED = mark("{what}: expected {expected}, got {got}.")
_NEVER_FILLED = mark("{what} is None: it was never filled.")
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
        super().__init__(join(message, fact))
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
            return None if same else say(_NOT_RIGHT, what=self.what, value=f"{self.got!r:.80}")
        want = self.want.astype(float)
        got = self.got.astype(float)
        if np.isfinite(want).all():  # then the same as below, in less time
            with np.errstate(all="ignore"):
                if (abs(got - want) <= atol + rtol * abs(want)).all():
                    return None
        wrong = ~np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
        if not wrong.any():
            return None
        first = tuple(int(index) for index in np.argwhere(wrong)[0])
        value = self.got[first]
        if wrong.size == 1:
            return join(say(_NOT_RIGHT, what=self.what, value=_short(value)), _odd(value))
        place = ", ".join(map(str, first))
        counted = say_n(
            int(wrong.sum()),
            "{what}: {n} of {all} values is not right: the one at [{place}] is {value}.",
            "{what}: {n} of {all} values are not right: the first, at [{place}], is {value}.",
            what=self.what,
            all=wrong.size,
            place=place,
            value=_short(value),
        )
        return join(counted, _odd(value))


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
    subject = Sentence.of(_capital(what), _capital(english(what)))
    if isinstance(want, Handle):
        raise TypeError("compare what an object's methods return, not the object")
    if got is None and want is not None:
        if what.endswith("]`"):
            raise WrongAnswer("", say(_NEVER_FILLED, what=subject))
        raise WrongAnswer(
            say("{what} is None.", what=subject),
            say("Is a `return` missing, or is there a `print` in its place?"),
        )
    numbers = as_numbers(want) if not isinstance(want, tuple) else None
    if numbers is not None and (numbers.size or isinstance(want, np.ndarray)):
        return [_number_leaf(got, numbers, subject, strict)]
    if isinstance(want, (list, tuple)):
        rows = isinstance(got, np.ndarray) and got.ndim > min(1, max(map(np.ndim, want), default=0))
        items = list(got) if rows else got
        if not isinstance(items, (list, tuple)) or len(items) != len(want):
            count = say_n(len(want), "{n} value", "{n} values")
            named = say("{values}, {names}", values=count, names=", ".join(names))
            kinds = {"expected": named if names else count, "got": describe(got)}
            raise WrongAnswer(say(_EXPECTED, what=subject, **kinds), state_kind(got, want, names))
        parts = names or tuple(_entry(what, place, len(want)) for place in range(len(want)))
        pairs = zip(items, want, parts, strict=True)
        return [leaf for a, b, name in pairs for leaf in leaves(a, b, name, strict=strict)]
    if isinstance(want, dict):
        if not isinstance(got, dict) or set(got) != set(want):
            keys = ", ".join(map(repr, want))
            raise WrongAnswer(
                say("{what}: expected a dict with the keys {keys}.", what=subject, keys=keys),
                state_keys(got, want),
            )
        parts = tuple(_index(what, repr(key)) for key in want)
        pairs = zip((got[key] for key in want), want.values(), parts, strict=True)
        return [leaf for a, b, name in pairs for leaf in leaves(a, b, name, strict=strict)]
    if type(got) is not type(want):
        kinds = {"expected": describe(want), "got": describe(got)}
        raise WrongAnswer(say(_EXPECTED, what=subject, **kinds), state_kind(got, want))
    return [Leaf(subject, got, want)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _entry(what: str, place: int, count: int) -> str:
    if what.endswith("`"):
        return _index(what, str(place))
    return say("{what}, value {number} of {count}", what=what, number=place + 1, count=count)


def _index(what: str, key: str) -> str:
    return f"{what[:-1]}[{key}]`" if what.endswith("`") else f"{what}[{key}]"


def _number_leaf(got: Any, want: Any, subject: str, strict: bool) -> Leaf:
    array = as_numbers(got)
    if array is None:
        if isinstance(got, (list, tuple)) and any(item is None for item in got):
            place = next(place for place, item in enumerate(got) if item is None)
            raise WrongAnswer("", say(_NEVER_FILLED, what=_index(subject, str(place))))
        fact = state_kind(got, want)
        # An object of the same kind in every call is described once, so without a shape.
        shape = want.shape if not fact or isinstance(got, (list, tuple)) else np.shape(want)[:0]
        expected = say("an array of numbers") if want.ndim and not shape else number_kind(shape)
        raise WrongAnswer(say(_EXPECTED, what=subject, expected=expected, got=describe(got)), fact)
    if array.shape != want.shape:
        raise WrongAnswer(_shapes(subject, array.shape, want.shape), state_kind(got, want))
    if strict and array.dtype.kind == "b" and want.dtype.kind != "b":
        raise WrongAnswer(
            say("{what}: numbers are asked for, such as 0 and 1; got truth values.", what=subject),
            say("`.astype(int)` makes numbers of an array of truth values."),
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


def number_kind(shape: object) -> str:
    """Describe what is made of numbers; without a shape it is a single one."""
    if not shape:
        return say("a single number")
    return say("an array of numbers of shape {shape}", shape=shape)


def _shapes(subject: str, got: tuple[int, ...], want: tuple[int, ...]) -> str:
    if not (got and want):
        return say(_EXPECTED, what=subject, expected=number_kind(want), got=number_kind(got))
    return say(
        "{what}: expected an array of numbers of shape {want}, got one of shape {got}.",
        what=subject,
        want=want,
        got=got,
    )


def _short(value: Any) -> str:
    # A zero is shown without its sign.
    return f"{value.item() + 0.0:.6g}" if value.dtype.kind == "f" else str(value.item())


def _odd(value: Any) -> str:
    if value.dtype.kind == "f" and np.isnan(value):
        return say("NaN comes from 0/0, ∞ - ∞ or the log of a negative number.")
    if value.dtype.kind == "f" and np.isinf(value):
        return say("Infinity comes from a division by 0, a log of 0 or an overflow.")
    return ""
