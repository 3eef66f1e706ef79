"""A failing call as code that can be pasted into a cell, with what it returned."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.grading.judge.answer_proxy import Call, Handle
from coursekit.grading.judge.values import Function, RemoteObject
from coursekit.language import say

_MOST = 800  # characters of an example: a longer one would help nobody
_LINE = 300  # characters of a returned value


def example(calls: Sequence[Call]) -> str:
    """Write the calls of one case as code; return an empty text if that would be too long."""
    lines: list[str] = []
    total = 0
    for call in calls:
        if call.target.startswith("a function"):
            return ""
        code = call_code(call)
        if isinstance(call.value, RemoteObject):
            held = call is not calls[-1]
            returned = say("returned an object of kind {kind}", kind=call.value.kind)
            code = f"{_named(call.value.id)} = {code}" if held else f"{code}  # {returned}"
        elif call.error is None:
            value = as_code(call.value)
            large = len(value) > _LINE
            returned = (
                say("returned a value that is too long to show")
                if large
                else say("returned {value}", value=value)
            )
            code += f"  # {returned}"
        total += len(code)
        if total > _MOST:
            return ""
        lines.append(code)
    return "\n".join(lines)


def call_code(call: Call) -> str:
    """Write a call as Python code, without what it returned."""
    arguments = [as_code(value) for value in call.args]
    arguments += [f"{name}={as_code(value)}" for name, value in call.kwargs.items()]
    return f"{_named(call.target)}({', '.join(arguments)})"


def as_code(value: Any) -> str:
    """Write a plain value as Python code; a large array as blanks, which is too long to show."""
    if isinstance(value, np.ndarray):
        if value.size > _MOST // 3 + 1:  # an entry takes three characters, "0, ", or more
            return " " * _MOST
        kind = "" if value.dtype.kind in "fib" and value.size else f", dtype=np.{value.dtype.name}"
        return f"np.array({_items(value.tolist())}{kind})"
    if isinstance(value, (Handle, RemoteObject)):
        return _named(value._id if isinstance(value, Handle) else value.id)
    if isinstance(value, Function):
        return f"({value.source})"
    return _items(value)


def _items(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(as_code, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(as_code, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {as_code(item)}' for key, item in value.items())}}}"
    if isinstance(value, float):
        return {"nan": "np.nan", "inf": "np.inf", "-inf": "-np.inf"}.get(repr(value), repr(value))
    return repr(value)


def _named(target: str) -> str:
    """The name of an object that the answer's side holds as ``#2``."""
    return f"object_{target[1:]}" if target.startswith("#") else target
