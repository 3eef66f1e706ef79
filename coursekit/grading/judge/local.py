"""Answers that run in this process: the student's own in the notebook, and the reference."""

import linecache
import re
import traceback
from typing import Any

from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.grading.judge.forbidden_imports import refusal, refused_object
from coursekit.grading.judge.limits import Exceeded, limited
from coursekit.grading.judge.values import RemoteObject, describe, substitute, to_plain_data

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


class LocalSource:
    """Calls functions of a namespace, with copies of the arguments.

    Parameters
    ----------
    namespace : dict
        Where the cells of the answers ran.
    seconds : float or None
        Wall time that one call may take.
    """

    def __init__(self, namespace: dict[str, Any], seconds: float | None = None) -> None:
        self._namespace = namespace
        self._seconds = seconds
        self._registered: list[object] = []
        self._output: list[str] = []

    @property
    def output(self) -> list[str]:
        """What the answers printed and warned."""
        return self._output

    def call(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `coursekit.grading.judge.answer_proxy.Source`."""
        with limited(self._seconds) as sounds:
            try:
                function = self._find(target)
                args, kwargs = (substitute(a, self._own) for a in (args, kwargs))
                result = to_plain_data(function(*args, **kwargs), self._register)
            except AnswerError:
                raise
            except BaseException as error:
                raise explain(error, self._namespace) from None
            finally:
                self._output += sounds.lines()
        return result

    def _find(self, path: str) -> Any:
        first, *names = path.split(".")
        if first.startswith("#"):
            found = self._registered[int(first[1:])]
        elif first in self._namespace:
            found = self._namespace[first]
            if module := refused_object(found, self._namespace):
                raise AnswerError("refused", refusal(module))
        else:
            raise AnswerError("missing", f"`{first}` is not there: run the cell that defines it.")
        for name in names:
            if not hasattr(found, name):
                kind = type(found).__name__
                raise AnswerError("missing", f"`{name}` is missing: {kind} has no such method.")
            found = getattr(found, name)
        if not callable(found):
            what = describe(to_plain_data(found, self._register))
            raise AnswerError("TypeError", f"`{path}` should be a function; it is {what}.")
        return found

    def _own(self, value: Any) -> Any:
        if isinstance(value, RemoteObject):
            return self._find(value.id) if not value.id.startswith("#") else self._object(value)
        return value

    def _object(self, value: RemoteObject) -> Any:
        return self._registered[int(value.id[1:])]

    def _register(self, value: object, kind: str) -> RemoteObject:
        self._registered.append(value)
        return RemoteObject(f"#{len(self._registered) - 1}", kind)


def explain(error: BaseException, namespace: dict[str, Any]) -> AnswerError:
    """Say for the student what stopped the code, and in which line of their own.

    Parameters
    ----------
    error : BaseException
        What the answer raised.
    namespace : dict
        The globals of the student's code; they tell it from a library's.

    Returns
    -------
    AnswerError
        To be raised in its place.
    """
    kind = type(error).__name__[:80]
    match error:
        case NotImplementedError():
            return AnswerError("missing", "It still raises NotImplementedError.")
        case KeyboardInterrupt():
            return AnswerError("stopped", "It was stopped by an interrupt.")
        case Exceeded():
            return AnswerError("stopped", str(error))
        case SystemExit() | GeneratorExit():
            return AnswerError(kind, "Your code ends the program (exit or quit): let it return.")
    try:
        message = str(error)
    except Exception:  # a student's own exception class may have a __str__ that fails
        message = ""
    message = _ADDRESS.sub("", message).strip().split("\n")[0][:300]
    said = f"{kind}: {message}" if message else kind
    return AnswerError(kind, f"Your code stopped with {said}{_place(error, namespace)}")


def _place(error: BaseException, namespace: dict[str, Any]) -> str:
    places = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals is namespace
    ]
    if not places:
        return ". Compare its arguments with those that the task asks for."
    name, number = places[-1]
    source = linecache.getline(name, number).strip()
    return f", in line {number} of its cell: `{source}`" if source else f", in line {number}."
