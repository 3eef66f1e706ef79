"""How a test calls an answer: by name, with plain values, wherever the code runs.

A `Backend` runs the code: this process, a recording of earlier calls, or a sandbox at the other end
of a pipe. `AnswerProxy` is what a test sees as ``student`` or ``reference``, the same for all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from coursekit.grading.judge.values import RemoteObject, fingerprint, substitute, to_plain_data


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
    """

    def __init__(self, kind: str, message: str, output: list[str] | None = None) -> None:
        super().__init__(kind, message)
        self.kind = kind
        self.message = message
        self.output = output or []

    def __str__(self) -> str:
        return self.message


class Backend(Protocol):
    """Runs answers.

    A target is a dotted path: the name of a function, or the id of an object that stays with the
    backend and the name of a method (``"#0.step"``).
    """

    def call(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call with plain values (`RemoteObject` for the backend's objects); return a plain value.

        Raises
        ------
        AnswerError
            If the answer raises an exception or can't be called.
        """

    @property
    def output(self) -> list[str]:
        """What the answer printed and warned in all calls so far."""


BackendFactory = Callable[[str, str], Backend]  # (task, test) -> what runs the task's answers


@dataclass
class Call:
    """One call in a log.

    Attributes
    ----------
    target : str
        See `Backend`.
    fingerprint : str
        Of the arguments.
    value : plain value
        What it returned; None if it raised.
    error : str or None
        The kind of the `AnswerError`.
    """

    target: str
    fingerprint: str
    value: Any = None
    error: str | None = None


@dataclass
class Log:
    """The calls of one answer in one test, and the values noted there."""

    calls: list[Call] = field(default_factory=list)
    notes: list[tuple[str, Any]] = field(default_factory=list)


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

    def note(self, name: str, value: Any) -> None:
        """Record a derived value, which is compared with known mistakes in place of the calls.

        A test that accepts many answers (weights found by hand) notes what they should all lead to
        (the network's truth table).

        Parameters
        ----------
        name : str
            What the value is.
        value : plain value
            The derived value.
        """
        self._log.notes.append((name, to_plain_data(value, _refuse)))

    def _call(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        sent_args = substitute(args, self._sent)
        sent_kwargs = substitute(kwargs, self._sent)
        call = Call(target, fingerprint(sent_args, sent_kwargs))
        self._log.calls.append(call)
        try:
            call.value = self._backend.call(target, sent_args, sent_kwargs)
        except AnswerError as error:
            call.error = error.kind
            if self._trusted:
                raise RuntimeError(f"the course's own {target}: {error.message}") from error
            raise
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
    raise TypeError(f"a test can send and note plain values only, got {kind}")
