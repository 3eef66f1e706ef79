"""Which shapes met where an answer stopped, and which operation may have been meant."""

import ast
import inspect
import itertools
import linecache
from types import FrameType, TracebackType
from typing import Any

import numpy as np

from coursekit.language import join, say, say_n


def explain_shapes(place: TracebackType) -> str:
    """Name the shapes of what met where an answer stopped; empty if they are unknown."""
    node = _failing_expression(place)
    frame = place.tb_frame
    match node:
        case ast.BinOp(left=left, op=operator, right=right):
            product = isinstance(operator, ast.MatMult)
        case ast.Call(func=ast.Attribute(attr="dot" | "matmul"), args=[left, right]):
            product = True
        case ast.Call(func=ast.Attribute(value=left, attr="dot"), args=[right]):
            product = True
        case ast.Call():
            return _arguments(node, frame)
        case ast.Subscript(value=whole):
            return _whole(whole, frame)
        case _:
            return ""
    one, other = (shape_value(operand, frame) for operand in (left, right))
    if not isinstance(one, np.ndarray) or not isinstance(other, np.ndarray):
        return ""
    a, b = _text(left), _text(right)
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


def _arguments(call: ast.Call, frame: FrameType) -> str:
    """Name the shapes of the arrays that a function was called with."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if isinstance(call.func, ast.Attribute):  # a method's own array
        given.insert(0, call.func.value)
    lists = [item.elts if isinstance(item, (ast.List, ast.Tuple)) else [item] for item in given]
    values = [(item, shape_value(item, frame)) for items in lists for item in items]
    arrays = [(item, value) for item, value in values if isinstance(value, np.ndarray)]
    match call:
        case ast.Call(func=ast.Attribute(attr="max" | "min" as name), args=[_, second]):
            if isinstance(shape_value(second, frame), np.ndarray):
                return say(
                    "The second argument of `np.{name}` is an axis; `np.{entrywise}` compares two "
                    "arrays entry by entry.",
                    name=name,
                    entrywise=f"{name}imum",
                )
    return " ".join(_has_shape(ast.unparse(item), value.shape) for item, value in arrays)


def _whole(node: ast.expr, frame: FrameType) -> str:
    """State how large a thing is of which code wanted an entry."""
    value, name = shape_value(node, frame), ast.unparse(node)
    if isinstance(value, np.ndarray):
        return _has_shape(name, value.shape)
    if type(value) in (list, tuple):
        return say_n(len(value), "`{name}` has {n} entry.", "`{name}` has {n} entries.", name=name)
    return ""


def _text(node: ast.expr) -> str:
    """Write an expression so that it can be part of a product."""
    atom = isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.Call))
    return ast.unparse(node) if atom else f"({ast.unparse(node)})"


def _has_shape(name: str, shape: tuple[int, ...]) -> str:
    return say("`{name}` has the shape {shape}.", name=name, shape=shape)


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
    source = b"".join(raw)
    for text in (b"(" + source + b")", source):  # brackets, for an expression of several lines
        try:
            (statement,) = ast.parse(text).body
        except (SyntaxError, ValueError):
            continue
        match statement:
            case ast.Expr(value=node):
                return node
            case ast.AugAssign(target=target, op=operator, value=value):
                return ast.BinOp(target, operator, value)
    return None


def shape_value(node: ast.expr, frame: FrameType) -> Any:
    """Look up what an expression stands for; nothing of the student's is run again.

    Returns
    -------
    object
        An array of the right shape, but perhaps of zeros, where arrays are computed with; None for
        what is unknown.
    """
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return frame.f_locals.get(name, frame.f_globals.get(name))
        case ast.Attribute(value=inner, attr="T"):
            array = shape_value(inner, frame)
            return array.T if type(array) is np.ndarray else None
        case ast.Attribute(value=inner, attr=name):
            return inspect.getattr_static(shape_value(inner, frame), name, None)
        case ast.Subscript(value=inner, slice=index):
            return _entry(shape_value(inner, frame), index, frame)
        case ast.UnaryOp(operand=inner):
            array = shape_value(inner, frame)
            return array if type(array) is np.ndarray else None
        case ast.BinOp(left=left, op=operator, right=right):
            return _computed(shape_value(left, frame), operator, shape_value(right, frame))
        case ast.Compare(left=left, comparators=[right]):
            return _computed(shape_value(left, frame), ast.Sub(), shape_value(right, frame))
    return None


def _entry(items: Any, index: ast.expr, frame: FrameType) -> Any:
    place = _index(index, frame)
    try:
        if type(items) is np.ndarray and place is not _UNKNOWN:
            return items[place]
        if type(items) in (list, tuple) and type(place) is int:
            return items[place]
        return items.get(place) if type(items) is dict and type(place) in (str, int) else None
    except (IndexError, ValueError):
        return None


_UNKNOWN = object()


def _index(node: ast.expr, frame: FrameType) -> Any:
    match node:
        case ast.Slice(lower=lower, upper=upper, step=None):
            ends = [_whole_number(end, frame) if end else None for end in (lower, upper)]
            known = all(
                n is not None or not end for n, end in zip(ends, (lower, upper), strict=True)
            )
            return slice(*ends) if known else _UNKNOWN
        case ast.Tuple(elts=parts):
            found = tuple(_index(part, frame) for part in parts)
            return _UNKNOWN if _UNKNOWN in found else found
        case ast.Constant(value=value):
            return value
        case ast.Attribute(value=ast.Name(id="np"), attr="newaxis"):
            return None
    number = _whole_number(node, frame)
    return _UNKNOWN if number is None else number


def _computed(one: Any, operator: ast.operator, other: Any) -> Any:
    """Zeros of the shape that an operation on arrays and numbers leads to."""
    if not all(type(v) in (np.ndarray, int, float, bool) for v in (one, other)):
        return None
    zeros = [np.broadcast_to(0.0, np.shape(value)) for value in (one, other)]
    try:
        if isinstance(operator, ast.MatMult):
            a, b = zeros
            if not _fits(a.shape, b.shape) or max(a.ndim, b.ndim) > 2:
                return None
            last = b.shape[1:] if b.ndim == 2 else ()
            return np.broadcast_to(0.0, a.shape[:-1] + last)
        return np.broadcast_to(0.0, np.broadcast_shapes(*(zero.shape for zero in zeros)))
    except ValueError:
        return None


def _whole_number(node: ast.expr, frame: FrameType) -> int | None:
    """The value of an index such as ``l - 1``, by the same rule."""
    match node:
        case ast.Constant(value=int(number)):
            return number
        case ast.Name():
            value = shape_value(node, frame)
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
