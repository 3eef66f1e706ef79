"""Which shapes met where an answer stopped, and which product may have been meant."""

import ast
import itertools
import linecache
from types import FrameType, TracebackType
from typing import Any

import numpy as np

from coursekit.language import join, say


def explain_shapes(place: TracebackType) -> str:
    """Name the shapes of two operands that don't fit; empty if they can't be told."""
    node = _failing_expression(place)
    frame = place.tb_frame
    match node:
        case ast.BinOp(left=left, op=operator, right=right):
            product = isinstance(operator, ast.MatMult)
        case ast.Call(func=ast.Attribute(attr="dot" | "matmul"), args=[left, right]):
            product = True
        case ast.Call(func=ast.Attribute(value=left, attr="dot"), args=[right]):
            product = True
        case _:
            return ""
    one, other = (_value(operand, frame) for operand in (left, right))
    if not isinstance(one, np.ndarray) or not isinstance(other, np.ndarray):
        return ""
    a, b = ast.unparse(left), ast.unparse(right)
    fields = {"a": a, "one": one.shape, "b": b, "other": other.shape}
    if not product:
        return say(
            "`{a}` has the shape {one}, `{b}` {other}: elementwise operations need equal shapes, "
            "or axes of length 1.",
            **fields,
        )
    stated = say(
        "`{a}` has the shape {one}, `{b}` {other}: the last axis of the first must be as long as "
        "the first of the second.",
        **fields,
    )
    fitting = [words for words, shapes in _orders(a, one, b, other) if _fits(*shapes)]
    if len(fitting) != 1:
        return stated
    return join(stated, say("Did you mean `{product}`?", product=fitting[0]))


def _orders(a: str, one: Any, b: str, other: Any) -> list[tuple[str, tuple[Any, Any]]]:
    """The products that may have been meant; each is named once."""
    found = [(f"{b} @ {a}", (other.shape, one.shape))]
    if 1 in (one.ndim, other.ndim):
        return found  # `w @ x.T` is `x @ w` where w is a vector
    if one.ndim == 2:
        found.append((f"{_transposed(a)} @ {b}", (one.T.shape, other.shape)))
    if other.ndim == 2:
        found.append((f"{a} @ {_transposed(b)}", (one.shape, other.T.shape)))
    return found


def _transposed(text: str) -> str:
    return text.removesuffix(".T") if text.endswith(".T") else f"{text}.T"


def _fits(left: tuple[int, ...], right: tuple[int, ...]) -> bool:
    return bool(left and right) and left[-1] == right[-2 if len(right) > 1 else 0]


def _failing_expression(place: TracebackType) -> ast.expr | None:
    """Parse the operation that raised."""
    code = place.tb_frame.f_code
    position = next(itertools.islice(code.co_positions(), place.tb_lasti // 2, None), None)
    if position is None or None in position:
        return None
    first, last, start, end = position
    lines = [linecache.getline(code.co_filename, n) for n in range(first, last + 1)]  # type: ignore[operator, arg-type]
    if not all(lines):
        return None
    raw = [line.encode() for line in lines]
    raw[-1] = raw[-1][:end]
    raw[0] = raw[0][start:]
    try:
        tree = ast.parse(b"(" + b"".join(raw) + b")", mode="eval")
    except SyntaxError:
        return None
    return tree.body


def _value(node: ast.expr, frame: FrameType) -> Any:
    """Look a name or an attribute up; nothing of the student's is run again."""
    match node:
        case ast.Name(id=name):
            return frame.f_locals.get(name, frame.f_globals.get(name))
        case ast.Attribute(value=inner, attr="T"):
            array = _value(inner, frame)
            return array.T if type(array) is np.ndarray else None
        case ast.Attribute(value=inner, attr=name):
            return getattr(_value(inner, frame), "__dict__", {}).get(name)
        case ast.Subscript(value=inner, slice=index):
            items, place = _value(inner, frame), _whole_number(index, frame)
            if type(items) not in (list, tuple) or place is None:
                return None
            return items[place] if -len(items) <= place < len(items) else None
    return None


def _whole_number(node: ast.expr, frame: FrameType) -> int | None:
    """The value of an index such as ``l - 1``, by the same rule."""
    match node:
        case ast.Constant(value=int(number)):
            return number
        case ast.Name():
            value = _value(node, frame)
            return value if type(value) is int else None
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            opposite = _whole_number(inner, frame)
            return None if opposite is None else -opposite
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=right):
            one, other = (_whole_number(part, frame) for part in (left, right))
            if one is None or other is None:
                return None
            return one + other if isinstance(sign, ast.Add) else one - other
    return None
