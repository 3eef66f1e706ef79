"""An answer's exceptions in words: what stopped it, in which line, and which shapes met there."""

import ast
import itertools
import linecache
import re
from types import CodeType, FrameType, TracebackType
from typing import Any

import numpy as np

from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.grading.judge.forbidden_imports import REFUSED, refusal
from coursekit.grading.judge.limits import LimitExceeded
from coursekit.language import join, mark, say

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_COMPARE = mark("Compare its arguments with those that the task asks for.")


def explain_cell(
    error: BaseException, source: str | None, namespace: dict[str, Any]
) -> AnswerError:
    """Translate an exception that a cell raised into a sentence; see `explain`.

    Parameters
    ----------
    source : str or None
        The cell's text if it could not be compiled.
    """
    if source is not None and isinstance(error, SyntaxError):
        return AnswerError("SyntaxError", _explain_syntax(error, source))
    return explain(error, namespace)


def explain(error: BaseException, namespace: dict[str, Any], arguments: str = "") -> AnswerError:
    """Translate an exception into a sentence that names the line of the student's code.

    Parameters
    ----------
    error : BaseException
        What the answer raised.
    namespace : dict
        The globals of the student's code, which distinguish it from a library's.
    arguments : str, optional
        How the arguments of what was called differ from those that the task asks for.

    Returns
    -------
    AnswerError
        To be raised instead.
    """
    kind = type(error).__name__[:80]
    place = _innermost(error, namespace)
    match error:
        case AnswerError():  # of a library that is refused
            return error
        case NotImplementedError() if kind != "StdinNotImplementedError":  # of input()
            return _not_written(place)
        case KeyboardInterrupt():
            return AnswerError("stopped", say("It was stopped by an interrupt."))
        case LimitExceeded():
            return AnswerError("stopped", error.args[0])
        case SystemExit() | GeneratorExit():
            ends = say("Your code ends the program (exit or quit): let it return.")
            return AnswerError(kind, ends)
        case ModuleNotFoundError(name=str(name)) if name.partition(".")[0] in REFUSED:
            return AnswerError("refused", refusal(name.partition(".")[0]))
    if place and isinstance(error, ValueError) and (shapes := _explain_shapes(place)):
        return AnswerError(kind, join(_stopped_at(place), shapes))
    try:
        message = str(error)
    except Exception:  # a student's own exception class may have a __str__ that fails
        message = ""
    message = _ADDRESS.sub("", message).strip().split("\n")[0][:300].rstrip(".")
    described = f"{kind}: {message}" if message else kind
    if place:
        return AnswerError(kind, _stopped_with(described, place))
    stopped = say("Your code stopped with {error}.", error=described)
    return AnswerError(kind, join(stopped, arguments or say(_COMPARE)))


def _explain_syntax(error: SyntaxError, source: str) -> str:
    """Describe why a cell can't be compiled."""
    line = error.lineno or 1
    lines = source.splitlines()
    text = lines[line - 1].strip() if line <= len(lines) else ""
    if text.startswith(("%", "!", "?")) or text.endswith("?"):
        return say(
            "Line {line}, `{text}`, is a notebook command: remove it from the answer.",
            line=line,
            text=text,
        )
    return say(
        "The cell is not valid Python in line {line}, `{text}`: {error}.",
        line=line,
        text=text,
        error=error.msg,
    )


def _innermost(error: BaseException, namespace: dict[str, Any]) -> TracebackType | None:
    """The last place in the student's own code."""
    found, here = None, error.__traceback__
    while here is not None:
        if here.tb_frame.f_globals is namespace:
            found = here
        here = here.tb_next
    return found


def _stopped_at(place: TracebackType) -> str:
    line, source = _line(place)
    if not source:
        return say("Your code stopped, in line {line}.", line=line)
    return say(
        "Your code stopped, in line {line} of its cell: `{source}`.", line=line, source=source
    )


def _stopped_with(error: str, place: TracebackType) -> str:
    line, source = _line(place)
    if not source:
        return say("Your code stopped with {error}, in line {line}.", error=error, line=line)
    return say(
        "Your code stopped with {error}, in line {line} of its cell: `{source}`",
        error=error,
        line=line,
        source=source,
    )


def _line(place: TracebackType) -> tuple[int, str]:
    number = place.tb_lineno
    return number, linecache.getline(place.tb_frame.f_code.co_filename, number).strip()


def _not_written(place: TracebackType | None) -> AnswerError:
    """Distinguish a class of which one method was overlooked from an answer not yet begun."""
    name = place.tb_frame.f_code.co_qualname if place else ""
    owner = place.tb_frame.f_locals.get("self") if place else None
    members = vars(type(owner)).values() if owner is not None else ()
    codes = [member.__code__ for member in members if hasattr(member, "__code__")]
    if any(not _is_stub(code) for code in codes):
        return AnswerError(
            "NotImplementedError",
            say(
                "`{name}` still raises NotImplementedError, although other methods are written.",
                name=name,
            ),
        )
    return AnswerError("missing", say("It still raises NotImplementedError."))


def _is_stub(code: CodeType) -> bool:
    return "NotImplementedError" in code.co_names


def _explain_shapes(place: TracebackType) -> str:
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
    """The products that may have been meant."""
    found = [(f"{b} @ {a}", (other.shape, one.shape))]
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
