"""The values that a test and an answer exchange: plain data, copied, of exact types.

A test and the answer that it tests may run in two processes, so they exchange nothing but data:
numbers, strings, None, lists, tuples, dicts and arrays of numbers. Everything else that an answer
returns stays on its side, and the test receives a `RemoteObject` that refers to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_DEPTH = 16
MAX_ITEMS = 1_000_000
MAX_STRING = 10_000
_NUMBER_KINDS = "biuf"


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


def to_plain_data(value: object, register: Callable[[object, str], RemoteObject]) -> Any:
    """Copy a value into plain data.

    Only exact types are data: a subclass of float or of ndarray may contain code. NumPy's scalars
    become Python's.

    Parameters
    ----------
    value : object
        What an answer returned, or what a test sends.
    register : callable ``(object, kind) -> RemoteObject``
        Called for everything that is not data.

    Returns
    -------
    None, bool, int, float, str, list, tuple, dict, ndarray or RemoteObject
        The copy; containers hold the same types.
    """
    budget = MAX_ITEMS

    def copy(value: Any, depth: int) -> Any:
        nonlocal budget
        kind = type(value)
        if value is None or kind is bool or kind is float or kind is RemoteObject:
            return value
        if isinstance(value, np.generic) and kind.__module__ == "numpy":
            number = value.dtype.kind in _NUMBER_KINDS and value.dtype.itemsize <= 8
            return copy(value.item(), depth) if number else give_up(value)
        if kind is int:
            return value if abs(value) < 2**63 else register(value, "int beyond 64 bits")
        if kind is str:
            return value if len(value) <= MAX_STRING else register(value, "very long string")
        if kind is np.ndarray:
            if value.dtype.kind not in _NUMBER_KINDS or value.dtype.itemsize > 8:
                return register(value, f"array of {value.dtype.name}"[:80])
            budget -= value.size
            return value.copy("C") if budget >= 0 else register(value, "very large array")
        if depth == MAX_DEPTH:
            return register(value, "very deep nest")
        if kind in (list, tuple):
            budget -= len(value)
            if budget < 0:
                return register(value, f"very long {kind.__name__}")
            return kind(copy(item, depth + 1) for item in value)
        if kind is dict and all(type(key) in (str, int) for key in value):
            budget -= len(value)
            if budget < 0:
                return register(value, "very large dict")
            return {key: copy(item, depth + 1) for key, item in value.items()}
        return give_up(value)

    def give_up(value: object) -> RemoteObject:
        return register(value, str(type(value).__name__)[:80])

    return copy(value, 0)


def substitute(value: Any, replace: Callable[[Any], Any]) -> Any:
    """Rebuild nested lists, tuples and dicts with `replace` applied to everything in them."""
    if type(value) in (list, tuple):
        return type(value)(substitute(item, replace) for item in value)
    if type(value) is dict:
        return {key: substitute(item, replace) for key, item in value.items()}
    return replace(value)


def describe(value: object) -> str:
    """Describe the type and shape of a value in words, without the value itself."""
    match value:
        case None:
            return "None"
        case bool():
            return "a truth value"
        case int():
            return "a whole number"
        case float():
            return "a number"
        case str():
            return "a string"
        case np.ndarray():
            entries = {"b": "truth values", "f": "numbers"}.get(value.dtype.kind, "whole numbers")
            return f"an array of {entries} of shape {value.shape}"
        case list() | tuple() | dict():
            count = f"{len(value)} value{'' if len(value) == 1 else 's'}"
            return f"a {type(value).__name__} of {count}"
        case _:
            kind = getattr(value, "kind", type(value).__name__)
            return f"an object of kind `{kind}`"


def printable(text: str) -> str:
    """The text without characters that would act on a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


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
        entries = ",".join(_canonical(entry) for entry in value.ravel().tolist())
        return f"array{value.shape}[{entries}]"
    if type(value) in (list, tuple):
        return f"{type(value).__name__}({','.join(map(_canonical, value))})"
    if type(value) is dict:
        return f"{{{','.join(f'{key!r}:{_canonical(value[key])}' for key in value)}}}"
    return f"object {value.id}" if type(value) is RemoteObject else repr(value)
