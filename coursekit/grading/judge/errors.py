"""An answer's exceptions in words: what stopped it, and in which line."""

import linecache
import re
from types import CodeType, TracebackType
from typing import Any

from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.grading.judge.error_causes import explain_error
from coursekit.grading.judge.forbidden_imports import REFUSED, refusal
from coursekit.grading.judge.limits import LimitExceeded
from coursekit.grading.judge.shape_errors import explain_shapes
from coursekit.language import join, mark, say

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_UNTOLD = ("gufunc", "broadcast", "not aligned")  # in NumPy's words, to which shapes are better
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
    try:
        message = str(error)
    except Exception:  # a student's own exception class may have a __str__ that fails
        message = ""
    message = _ADDRESS.sub("", message).strip().split("\n")[0][:300].rstrip(".")
    described = f"{kind}: {message}" if message else kind
    of_shapes = isinstance(error, (ValueError, IndexError)) or " integer" in message
    shapes = explain_shapes(place) if place and of_shapes else ""
    if place and shapes and any(words in message for words in _UNTOLD):
        return AnswerError(kind, join(_stopped_at(place), shapes), fact=shapes)
    fact = shapes or explain_error(kind, message)
    if place:
        return AnswerError(kind, join(_stopped_with(described, place), fact), fact=fact)
    stopped = say("Your code stopped with {error}.", error=described)
    return AnswerError(kind, join(stopped, arguments or say(_COMPARE)), fact=arguments)


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
        "Your code stopped with {error}, in line {line} of its cell: `{source}`.",
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
