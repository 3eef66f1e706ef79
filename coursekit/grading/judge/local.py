"""Answers that run in this process: the student's own in the notebook, and the reference."""

import linecache
from typing import Any

import numpy as np

from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.grading.judge.errors import explain, explain_cell
from coursekit.grading.judge.forbidden_imports import refusal, refused_object
from coursekit.grading.judge.handed_out import (
    Signatures,
    compare_arguments,
    nearest,
    own_functions,
)
from coursekit.grading.judge.limits import limited
from coursekit.grading.judge.values import (
    Function,
    RemoteObject,
    describe,
    substitute,
    to_plain_data,
)
from coursekit.language import say


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
        What the handed-out notebook defines, so that messages show misspelt names and arguments.
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
        self._allowed: dict[int, object] = {}  # by id, and kept so that no other gets the id
        self.output: list[str] = []
        self.notes: list[str] = []

    def call(self, target: str | Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `coursekit.grading.judge.answer_proxy.Backend`."""
        self.notes = []
        if self._trusted:
            with np.errstate(all="ignore"):
                return self._call(target, args, kwargs)
        # An answer may have switched NumPy's warnings off for the whole process.
        with limited(self._seconds) as captured, np.errstate(all="warn", under="ignore"):
            try:
                return self._call(target, args, kwargs)
            finally:
                output = captured.output
                if output and output != self.output[-len(output) :]:  # else said already
                    self.output += output
                self.notes += captured.numeric_warnings

    def _call(self, target: str | Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        function = None
        try:
            function = target.compiled() if isinstance(target, Function) else self._find(target)
            given, named = (substitute(a, self._own) for a in (args, kwargs))
            result = function(*given, **named)
            for place, (now, before) in enumerate(zip(given, args, strict=True)):
                if is_changed(now, before):
                    self.notes.append(f"changed {place}")
            return to_plain_data(result, self._register)
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
            if not self._trusted and id(found) not in self._allowed:
                if module := refused_object(found, self._namespace):
                    raise AnswerError("refused", refusal(module))
                self._allowed[id(found)] = found
        else:
            raise self._absent(first)
        for name in names:
            kind = type(found)
            if not hasattr(found, name):
                raise self._no_method(name, kind)
            hidden = callable(getattr(kind, name, None))
            found = getattr(found, name)
            if hidden and not callable(found):
                says = say(
                    "`self.{name} = …` hides the method `{name}` of {kind}: choose another name "
                    "for the attribute.",
                    name=name,
                    kind=kind.__name__,
                )
                raise AnswerError("TypeError", says, fact=says)
        if not callable(found):
            what = describe(to_plain_data(found, self._register))
            says = say("`{name}` should be a function; it is {kind}.", name=path, kind=what)
            raise AnswerError("TypeError", says, fact=says)
        return found

    def _absent(self, name: str) -> AnswerError:
        if self._asked is not None:
            near = nearest(name, own_functions(self._namespace), self._asked)
            if near:
                says = say("`{name}` is not there; you defined `{near}`.", name=name, near=near)
                return AnswerError("NameError", says, fact=says)
        says = say("`{name}` is not there: run the cell that defines it.", name=name)
        return AnswerError("missing", says)

    def _no_method(self, name: str, kind: type) -> AnswerError:
        if self._asked is not None:
            methods = [own for own, value in vars(kind).items() if callable(value)]
            known = {own for own in methods if f"{kind.__name__}.{own}" in self._asked}
            near = nearest(name, methods, known)
            if near:
                says = say(
                    "{kind} has no method `{name}`; you defined `{near}`.",
                    kind=kind.__name__,
                    name=name,
                    near=near,
                )
                return AnswerError("AttributeError", says, fact=says)
        says = say("`{name}` is missing: {kind} has no such method.", name=name, kind=kind.__name__)
        return AnswerError("missing", says)

    def _other_arguments(self, target: str | Function, function: Any) -> str:
        if isinstance(target, Function):
            return ""
        first, *names = target.split(".")
        if first.startswith("#"):
            first = type(self._registered[int(first[1:])]).__name__
        name = ".".join([first, *names])
        return compare_arguments(name, function, self._asked or {})

    def _own(self, value: Any) -> Any:
        """What the answer receives in place of a value that was sent."""
        if isinstance(value, Function):
            return value.compiled()
        if isinstance(value, np.ndarray):
            return value.copy()
        if not isinstance(value, RemoteObject):
            return value
        if value.id.startswith("#"):
            return self._registered[int(value.id[1:])]
        return self._find(value.id)

    def _register(self, value: object, kind: str) -> RemoteObject:
        self._registered.append(value)
        return RemoteObject(f"#{len(self._registered) - 1}", kind)


def is_changed(now: Any, before: Any) -> bool:
    """Whether an argument is no longer what it was; objects and functions are not looked into."""
    if isinstance(before, np.ndarray):
        return bool(now.shape != before.shape or now.tobytes() != before.tobytes())
    if type(before) in (list, tuple):
        return len(now) != len(before) or any(map(is_changed, now, before))
    if type(before) is dict:
        return list(now) != list(before) or any(is_changed(now[k], before[k]) for k in before)
    plain = before is None or type(before) in (bool, int, float, str)
    return plain and now is not before and bool(now != before) and before == before


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
