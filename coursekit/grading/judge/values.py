"""The values that a test and an answer exchange: plain data, copied, of exact types.

A test and the answer that it tests may run in two processes, so they exchange nothing but data:
numbers, strings, None, lists, tuples, dicts and arrays of numbers. Everything else that an answer
returns stays on its side, and the test receives a `RemoteObject` that refers to it.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from coursekit.language import mark, say, say_n

MAX_DEPTH = 16
MAX_ITEMS = 1_000_000
MAX_STRING = 10_000
_NUMBER_KINDS = "biuf"
_PLAIN_ARRAYS = "?bBhHiIlLqQefd"  # no long doubles
_CONTAINERS: tuple[Any, ...] = (tuple, list, dict, deque)


@dataclass(frozen=True)
class RemoteObject:
    """A reference to an object that stays on the answer's side.

    Attributes
    ----------
    id : str
        ``"#3"`` for the fourth registered object, or the name of a function of the answer.
    kind : str
        The name of its type, for messages.
    """

    id: str
    kind: str


@dataclass(frozen=True)
class Function:
    """A function of a test's own, sent to an answer as the text of an expression.

    It runs beside the answer, in globals of its own, so that an answer can't rebind what it uses.

    Parameters
    ----------
    source : str
        Such as ``"lambda x: np.sin(3 * x)"``; it may use ``np`` and ``math``.
    """

    source: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.compiled()(*args, **kwargs)

    def compiled(self) -> Any:
        """Evaluate the expression."""
        code = compile(self.source, "<a function of the check>", "eval")
        return eval(code, {"np": np, "math": math})


def to_plain_data(value: object, register: Callable[[object, str], RemoteObject]) -> Any:
    """Copy a value into plain data.

    A subclass of a plain type is copied to that type, without what it adds (a namedtuple becomes a
    tuple, a defaultdict a dict); a subclass of ndarray is not, because it may mean something else
    (a mask, a unit). NumPy's scalars and fractions become Python's numbers, long doubles ordinary
    floats, and arrays of strings or of objects lists.

    Parameters
    ----------
    value : object
        What an answer returned, or what a test sends.
    register : callable ``(object, kind) -> RemoteObject``
        Called for everything that is not data.

    Returns
    -------
    None, bool, int, float, str, list, tuple, dict, ndarray, Function or RemoteObject
        The copy; containers hold the same types.
    """
    if value is None or type(value) in (bool, float, RemoteObject, Function):  # most are
        return value
    if type(value) is np.ndarray and value.dtype.char in _PLAIN_ARRAYS and value.size <= MAX_ITEMS:
        return value.copy("C")
    budget = MAX_ITEMS

    def copy(value: Any, depth: int) -> Any:
        nonlocal budget
        if value is None or type(value) in (bool, float, RemoteObject, Function):
            return value
        if isinstance(value, (np.generic, str, int, float, Fraction, Decimal)):
            return _scalar(value, register)
        if type(value) is np.ndarray:
            text = value.dtype.kind == "U" and value.ndim < 2
            if text or (value.dtype.kind == "O" and value.ndim and value.size <= budget):
                return copy(value.tolist(), depth)
            if value.dtype.kind == "f" and value.dtype.itemsize > 8:
                with np.errstate(all="ignore"):
                    value = value.astype(float)
            if value.dtype.kind not in _NUMBER_KINDS:
                return register(value, f"array of {value.dtype.name}"[:80])
            budget -= value.size
            return value.copy("C") if budget >= 0 else register(value, "very large array")
        kind = next((kind for kind in _CONTAINERS if isinstance(value, kind)), None)
        if kind is None or (kind is dict and not all(map(_is_key, dict.keys(value)))):
            return register(value, str(type(value).__name__)[:80])
        if depth == MAX_DEPTH:
            return register(value, "very deep nest")
        budget -= kind.__len__(value)
        if budget < 0:
            large = "very large dict" if kind is dict else f"very long {kind.__name__}"
            return register(value, large)
        if kind is dict:  # of a subclass the plain type's own methods, which run no other code
            items = dict.items(value)
            return {_scalar(key, register): copy(item, depth + 1) for key, item in items}
        made = tuple if kind is tuple else list
        return made(copy(item, depth + 1) for item in kind.__iter__(value))

    return copy(value, 0)


def _is_key(key: object) -> bool:
    return isinstance(key, (str, int, np.integer)) and not isinstance(key, bool)


def _scalar(value: Any, register: Callable[[object, str], RemoteObject]) -> Any:
    """Copy a string or a number of any class to Python's own."""
    if isinstance(value, np.generic) and not isinstance(value, (str, float)):
        if value.dtype.kind not in _NUMBER_KINDS:
            return register(value, str(type(value).__name__)[:80])
        value = float(value) if value.dtype.kind == "f" else value.item()
    if isinstance(value, str):
        text = str.__str__(value)
        return text if len(text) <= MAX_STRING else register(value, "very long string")
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        number = int.__int__(value)
        return number if abs(number) < 2**63 else register(value, "int beyond 64 bits")
    return float.__float__(value) if isinstance(value, float) else float(value)


def substitute(value: Any, replace: Callable[[Any], Any]) -> Any:
    """Rebuild nested lists, tuples and dicts with `replace` applied to everything in them."""
    kind = type(value)
    if kind is list or kind is tuple:
        return kind([substitute(item, replace) for item in value])
    if kind is dict:
        return {key: substitute(item, replace) for key, item in value.items()}
    return replace(value)


_WHOLE_NUMBERS = mark("an array of whole numbers of shape {shape}")
_ARRAYS = {
    "b": mark("an array of truth values of shape {shape}"),
    "f": mark("an array of numbers of shape {shape}"),
}


def describe(value: object) -> str:
    """Describe the type and shape of a value in words, without the value itself."""
    match value:
        case None:
            return "None"
        case bool():
            return say("a truth value")
        case int():
            return say("a whole number")
        case float():
            return say("a number")
        case str():
            return say("a string")
        case np.ndarray():
            return say(_ARRAYS.get(value.dtype.kind, _WHOLE_NUMBERS), shape=value.shape)
        case list() | tuple() | dict():
            kind = type(value).__name__
            return say_n(len(value), "a {kind} of {n} value", "a {kind} of {n} values", kind=kind)
        case _:
            kind = getattr(value, "kind", type(value).__name__)
            return say("an object of kind `{kind}`", kind=kind)


def printable(text: str) -> str:
    """The text without characters that would act on a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def quotable(text: str) -> str:
    """The printable text without the sign that would end its quotation in a sentence."""
    return printable(text).replace("`", "'")


def fingerprint(*values: Any) -> str:
    """Identify the arguments of a call by sixteen hexadecimal digits.

    Floats are rounded to nine significant digits, because their last bits differ between
    processors.
    """
    import hashlib  # here, because a sandbox needs no fingerprints and starts faster without it

    return hashlib.sha256(_canonical(values).encode()).hexdigest()[:16]


def _canonical(value: Any) -> str:
    if type(value) is float:
        return f"{value + 0.0:.9g}"
    if isinstance(value, np.ndarray):
        entries = value.ravel()  # all of one type, so that none is asked for its own
        if value.dtype.kind == "f":  # in one operation: long arrays take half of a check's time
            written = ",".join(["%.9g"] * entries.size) % tuple((entries + 0.0).tolist())
        else:
            written = ",".join(map(repr, entries.tolist()))
        return f"array{value.shape}[{written}]"
    if type(value) in (list, tuple):
        return f"{type(value).__name__}({','.join(map(_canonical, value))})"
    if type(value) is dict:
        return f"{{{','.join(f'{key!r}:{_canonical(value[key])}' for key in value)}}}"
    return f"object {value.id}" if type(value) is RemoteObject else repr(value)
