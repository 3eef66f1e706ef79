"""How a test calls an answer: by name, with plain values, wherever the code runs.

A `Backend` runs the code: this process, a recording of earlier calls, or a sandbox at the other end
of a pipe. `AnswerProxy` is what a test sees as ``student`` or ``reference``, the same for all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from coursekit.grading.judge.values import (
    Function,
    RemoteObject,
    fingerprint,
    substitute,
    to_plain_data,
)


class AnswerError(Exception):
    """A call of an answer raised an exception, or could not be made.

    Parameters
    ----------
    kind : str
        ``"missing"`` if the answer is not written yet, ``"stopped"`` if a limit or an interrupt
        ended it, ``"refused"`` if it uses a forbidden library; otherwise the name of the
        exception's type.
    message : str
        A sentence for the student.
    output : list of str, optional
        What the answer printed and warned in this call, if its backend can't store that.
    fact : str
        The end of the message, about the cause; a sandbox sends the message alone.
    """

    def __init__(self, kind: str, message: str, output: Any = None, fact: str = "") -> None:
        super().__init__(kind, message)
        self.kind, self.message, self.fact, self.output = kind, message, fact, output or []

    def __str__(self) -> str:
        return self.message


class ReferenceFailed(RuntimeError):
    """A call of the course's own answer failed, which is not the student's fault."""


class Backend(Protocol):
    """Runs answers.

    A target is a dotted path: the name of a function, or the id of an object that stays with the
    backend and the name of a method (``"#0.step"``). It may also be a `Function` of the test's.
    """

    def call(self, target: str | Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call with plain values (`RemoteObject` for the backend's objects); return a plain value.

        Raises
        ------
        AnswerError
            If the answer raises an exception or can't be called.
        """

    @property
    def output(self) -> list[str]:
        """What the answer printed and warned in all calls so far."""

    @property
    def notes(self) -> list[str]:
        """What was noticed in the last call.

        ``"changed 0"`` if the first argument is not what it was, ``"overflow"``, ``"divide"`` and
        ``"invalid"`` if NumPy warned of these.
        """


BackendFactory = Callable[[str, str], Backend]  # (task, test) -> what runs the task's answers


@dataclass
class Call:
    """One call in a log.

    Attributes
    ----------
    target : str
        See `Backend`.
    recorded : str
        The fingerprint of the arguments, if it comes from a recording.
    value : plain value
        What it returned; None if it raised.
    error : str or None
        The kind of the `AnswerError`.
    message : str
        Its sentence.
    args, kwargs : tuple and dict of plain values
        What the test gave; not stored with a recording.
    notes : list of str
        See `Backend.notes`.
    sent : tuple
        The same, as it was sent.
    """

    target: str
    recorded: str = ""
    value: Any = None
    error: str | None = None
    message: str = ""
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    sent: tuple[Any, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Of the arguments; nothing but a recording needs it, and it takes long."""
        return self.recorded or fingerprint(*self.sent)


@dataclass
class Log:
    """The calls of one answer in one test, and what became of them.

    Attributes
    ----------
    calls : list of Call
        In their order.
    cases : list of list
        For each case of the test the values that were compared, an exception as its kind and
        sentence; of the reference first a digest of the inputs (see
        `coursekit.grading.judge.cases`). They count in place of the calls.
    starts : list of int
        For each case the place of its first call; of an answer's log only.
    failed : set of int
        The places of the cases that were found wrong; of an answer's log only.
    """

    calls: list[Call] = field(default_factory=list)
    cases: list[list[Any]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    failed: set[int] = field(default_factory=set)


class Handle:
    """A function, an object or a method of the backend: call it, or access a method of it.

    Attributes
    ----------
    kind : str
        The name of the object's type.
    """

    __slots__ = ("_id", "_proxy", "kind")

    def __init__(self, proxy: "AnswerProxy", id: str, kind: str = "function") -> None:
        self._proxy = proxy
        self._id = id
        self.kind = kind

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._proxy._call(self._id, args, kwargs)

    def __getattr__(self, name: str) -> "Handle":
        if name.startswith("_"):
            raise AttributeError(name)
        return Handle(self._proxy, f"{self._id}.{name}")

    def __repr__(self) -> str:
        return f"<{self.kind} {self._id}>"


class AnswerProxy:
    """The argument ``student`` or ``reference`` of a test: ``student.f(x)`` calls f in its backend.

    Arguments and results are copied, so neither side sees what the other does to them.

    Parameters
    ----------
    backend : Backend
        Runs the answers.
    log : Log, optional
        Where the calls are recorded.
    trusted : bool
        Whether the answers are the course's own, whose failure is not the student's.
    """

    def __init__(self, backend: Backend, log: Log | None = None, *, trusted: bool = False) -> None:
        self._backend = backend
        self._trusted = trusted
        self._log = Log() if log is None else log

    def __getattr__(self, name: str) -> Handle:
        if name.startswith("_"):
            raise AttributeError(name)
        return Handle(self, name)

    @property
    def log(self) -> Log:
        """The calls so far."""
        return self._log

    @property
    def recorded(self) -> Callable[[str], list[Any]] | None:
        """Gives the values recorded for the next case with these inputs; None if answers run."""
        return getattr(self._backend, "recorded_case", None)

    def apart(self) -> "AnswerProxy":
        """The same answers with a log of their own."""
        return AnswerProxy(self._backend, trusted=self._trusted)

    def run(self, function: Function, *args: Any) -> Any:
        """Call a function of the test's own beside the answer, where it can hold its objects."""
        return self._call(function, args, {})

    def _call(self, target: str | Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        sent_args, sent_kwargs = (substitute(values, self._sent) for values in (args, kwargs))
        name = target if isinstance(target, str) else "a function of the test"
        call = Call(name, args=args, kwargs=kwargs, sent=(sent_args, sent_kwargs))
        self._log.calls.append(call)
        try:
            call.value = self._backend.call(target, sent_args, sent_kwargs)
        except AnswerError as error:
            call.error, call.message = error.kind, error.message
            if self._trusted:
                raise ReferenceFailed(f"the course's own {name}: {error.message}") from error
            raise
        finally:
            call.notes = list(getattr(self._backend, "notes", ()))
        return substitute(call.value, self._received)

    def _sent(self, value: Any) -> Any:
        if isinstance(value, Handle):
            return RemoteObject(value._id, value.kind)
        return to_plain_data(value, _refuse)

    def _received(self, value: Any) -> Any:
        if isinstance(value, RemoteObject):
            return Handle(self, value.id, value.kind)
        return to_plain_data(value, _refuse)


def _refuse(value: object, kind: str) -> RemoteObject:
    raise TypeError(f"a test can send plain values only, got {kind}")
