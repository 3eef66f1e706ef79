"""Answers that run in this process: the student's own in the notebook, and the reference."""

import linecache
import re
import traceback
from typing import Any

import numpy as np

from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.grading.judge.forbidden_imports import REFUSED, refusal, refused_object
from coursekit.grading.judge.handed_out import (
    Signatures,
    compare_arguments,
    nearest,
    own_functions,
)
from coursekit.grading.judge.limits import LimitExceeded, limited
from coursekit.grading.judge.values import RemoteObject, describe, substitute, to_plain_data

_COMPARE = "Compare its arguments with those that the task asks for."
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


class LocalBackend:
    """Calls functions of a namespace, with copies of the arguments.

    Parameters
    ----------
    namespace : dict
        The globals in which the answers' cells ran.
    seconds : float or None
        Wall time that one call may take.
    trusted : bool
        Whether the code is the course's own. Its output is not captured, because that would
        redirect the streams of the whole process and keep other threads from judging.
    asked : mapping, optional
        What the handed-out notebook defines, so that a misspelt name or other arguments are told.
    """

    def __init__(
        self,
        namespace: dict[str, Any],
        seconds: float | None = None,
        *,
        trusted: bool = False,
        asked: Signatures | None = None,
    ) -> None:
        self._namespace = namespace
        self._seconds = seconds
        self._trusted = trusted
        self._asked = asked
        self._registered: list[object] = []
        self.output: list[str] = []

    def call(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `coursekit.grading.judge.answer_proxy.Backend`."""
        if self._trusted:
            with np.errstate(all="ignore"):
                return self._call(target, args, kwargs)
        with limited(self._seconds) as captured:
            try:
                return self._call(target, args, kwargs)
            finally:
                self.output += captured.output

    def _call(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        function = None
        try:
            function = self._find(target)
            args, kwargs = (substitute(a, self._own) for a in (args, kwargs))
            return to_plain_data(function(*args, **kwargs), self._register)
        except AnswerError:
            raise
        except BaseException as error:
            hint = self._other_arguments(target, function)
            raise explain(error, self._namespace, hint) from None

    def _find(self, path: str) -> Any:
        first, *names = path.split(".")
        if first.startswith("#"):
            found = self._registered[int(first[1:])]
        elif first in self._namespace:
            found = self._namespace[first]
            if module := refused_object(found, self._namespace):
                raise AnswerError("refused", refusal(module))
        else:
            raise self._absent(first)
        for name in names:
            if not hasattr(found, name):
                raise self._no_method(name, type(found))
            found = getattr(found, name)
        if not callable(found):
            what = describe(to_plain_data(found, self._register))
            raise AnswerError("TypeError", f"`{path}` should be a function; it is {what}.")
        return found

    def _absent(self, name: str) -> AnswerError:
        if self._asked is not None:
            near = nearest(name, own_functions(self._namespace), self._asked)
            if near:
                return AnswerError("NameError", f"`{name}` is not there; you defined `{near}`.")
        return AnswerError("missing", f"`{name}` is not there: run the cell that defines it.")

    def _no_method(self, name: str, kind: type) -> AnswerError:
        if self._asked is not None:
            methods = [own for own, value in vars(kind).items() if callable(value)]
            known = {own for own in methods if f"{kind.__name__}.{own}" in self._asked}
            near = nearest(name, methods, known)
            if near:
                says = f"{kind.__name__} has no method `{name}`; you defined `{near}`."
                return AnswerError("AttributeError", says)
        says = f"`{name}` is missing: {kind.__name__} has no such method."
        return AnswerError("missing", says)

    def _other_arguments(self, target: str, function: Any) -> str:
        first, *names = target.split(".")
        if first.startswith("#"):
            first = type(self._registered[int(first[1:])]).__name__
        name = ".".join([first, *names])
        return compare_arguments(name, function, self._asked or {})

    def _own(self, value: Any) -> Any:
        if not isinstance(value, RemoteObject):
            return value
        if value.id.startswith("#"):
            return self._registered[int(value.id[1:])]
        return self._find(value.id)

    def _register(self, value: object, kind: str) -> RemoteObject:
        self._registered.append(value)
        return RemoteObject(f"#{len(self._registered) - 1}", kind)


def new_namespace() -> dict[str, Any]:
    """Return the globals that a kernel has before its first cell."""
    return {"__name__": "__main__", "__builtins__": __builtins__}


def run_cell(
    source: str, namespace: dict[str, Any], id: str, seconds: float | None = None
) -> list[str]:
    """Execute a cell, so that a traceback can quote its lines.

    Parameters
    ----------
    source : str
        Its text, plain Python.
    namespace : dict
        Its globals.
    id : str
        Its id, for tracebacks.
    seconds : float, optional
        Wall time that it may take.

    Returns
    -------
    list of str
        What it printed and warned.

    Raises
    ------
    AnswerError
        If it can't be compiled, raises an exception or exceeds a limit.
    """
    name = f"<{id}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    with limited(seconds) as captured:
        try:
            exec(compile(source, name, "exec"), namespace)
        except BaseException as error:
            compiled = not (isinstance(error, SyntaxError) and error.filename == name)
            raise explain_cell(error, None if compiled else source, namespace) from None
    return captured.output


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
    match error:
        case AnswerError():  # of a library that is refused
            return error
        case NotImplementedError() if kind != "StdinNotImplementedError":  # of input()
            return AnswerError("missing", "It still raises NotImplementedError.")
        case KeyboardInterrupt():
            return AnswerError("stopped", "It was stopped by an interrupt.")
        case LimitExceeded():
            return AnswerError("stopped", str(error))
        case SystemExit() | GeneratorExit():
            return AnswerError(kind, "Your code ends the program (exit or quit): let it return.")
        case ModuleNotFoundError(name=str(name)) if name.partition(".")[0] in REFUSED:
            return AnswerError("refused", refusal(name.partition(".")[0]))
    try:
        message = str(error)
    except Exception:  # a student's own exception class may have a __str__ that fails
        message = ""
    message = _ADDRESS.sub("", message).strip().split("\n")[0][:300].rstrip(".")
    described = f"{kind}: {message}" if message else kind
    place = _place(error, namespace) or f". {arguments or _COMPARE}"
    return AnswerError(kind, f"Your code stopped with {described}{place}")


def _place(error: BaseException, namespace: dict[str, Any]) -> str:
    places = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals is namespace
    ]
    if not places:
        return ""
    name, number = places[-1]
    source = linecache.getline(name, number).strip()
    return f", in line {number} of its cell: `{source}`" if source else f", in line {number}."


def _explain_syntax(error: SyntaxError, source: str) -> str:
    line = error.lineno or 1
    lines = source.splitlines()
    text = lines[line - 1].strip() if line <= len(lines) else ""
    if text.startswith(("%", "!", "?")) or text.endswith("?"):
        return f"Line {line}, `{text}`, is a notebook command: remove it from the answer."
    return f"The cell is not valid Python in line {line}, `{text}`: {error.msg}."
