"""How a test speaks to an answer: calls by name, with plain values, whoever runs the code.

A `Source` is where the code runs: this process, a record of earlier calls, or a box at the other
end of a pipe. `Answers` is what a test sees as ``student`` or ``reference``, the same for all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from coursekit.grading.judge.values import RemoteObject, fingerprint, substitute, to_plain_data


class AnswerError(Exception):
    """An answer returned nothing, because it stopped.

    Parameters
    ----------
    kind : str
        ``"missing"`` when there is nothing yet, ``"stopped"`` when it was ended from outside,
        ``"refused"`` when it uses what it must not; otherwise the name of the exception's type.
    message : str
        A sentence for the student.
    output : list of str, optional
        What the answer printed and warned in this call, where its source can't keep that.
    """

    def __init__(self, kind: str, message: str, output: list[str] | None = None) -> None:
        super().__init__(kind, message)
        self.kind = kind
        self.message = message
        self.output = output or []

    def __str__(self) -> str:
        return self.message


class Source(Protocol):
    """Where answers run.

    A target is a dotted path: the name of a function, or the id of a kept object and the name of a
    method (``"#0.step"``).
    """

    def call(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call with plain values (`RemoteObject` for what is kept there) and return a plain value.

        Raises
        ------
        AnswerError
            When the answer stops.
        """

    @property
    def output(self) -> list[str]:
        """What the answer printed and warned in all calls so far."""


@dataclass
class Call:
    """One call in a log: what was asked, and what came.

    Attributes
    ----------
    target : str
        See `Source`.
    fingerprint : str
        Tells its arguments from others.
    value : plain value
        What it returned; None if it stopped.
    error : str or None
        The kind of the `AnswerError`.
    """

    target: str
    fingerprint: str
    value: Any = None
    error: str | None = None


@dataclass
class Log:
    """What one answer did in one test."""

    calls: list[Call] = field(default_factory=list)
    notes: list[tuple[str, Any]] = field(default_factory=list)


class Handle:
    """A function, an object or a method on the answer's side: call it, or name a method of it."""

    __slots__ = ("_answers", "_id", "_kind")

    def __init__(self, answers: "Answers", id: str, kind: str = "function") -> None:
        self._answers = answers
        self._id = id
        self._kind = kind

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._answers._call(self._id, args, kwargs)

    def __getattr__(self, name: str) -> "Handle":
        if name.startswith("_"):
            raise AttributeError(name)
        return Handle(self._answers, f"{self._id}.{name}")

    @property
    def kind(self) -> str:
        """The name of the object's type."""
        return self._kind

    def __repr__(self) -> str:
        return f"<{self._kind} {self._id}>"


class Answers:
    """The fixture ``student`` or ``reference``: ``student.f(x)`` calls f where it lives.

    Arguments and results are copied, so neither side sees what the other does to them.

    Parameters
    ----------
    source : Source
        Where the answers run.
    trusted : bool
        Whether they are the course's own, whose failure is not the student's.
    """

    def __init__(self, source: Source, *, trusted: bool = False) -> None:
        self._source = source
        self._trusted = trusted
        self._log = Log()

    def __getattr__(self, name: str) -> Handle:
        if name.startswith("_"):
            raise AttributeError(name)
        return Handle(self, name)

    def note(self, name: str, value: Any) -> None:
        """Let a derived value stand for the answer when it is compared with known mistakes.

        A test that accepts many answers (weights found by hand) notes what they all should lead to
        (the network's truth table). Where there are notes, what the calls returned doesn't count.

        Parameters
        ----------
        name : str
            Says what it is.
        value : plain value
            What was derived.
        """
        self._log.notes.append((name, to_plain_data(value, _refuse)))

    def _call(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        sent_args = substitute(args, self._sent)
        sent_kwargs = substitute(kwargs, self._sent)
        call = Call(target, fingerprint(sent_args, sent_kwargs))
        self._log.calls.append(call)
        try:
            call.value = self._source.call(target, sent_args, sent_kwargs)
        except AnswerError as error:
            call.error = error.kind
            if self._trusted:
                raise RuntimeError(f"the course's own {target}: {error.message}") from error
            raise
        return substitute(call.value, self._received)

    def _sent(self, value: Any) -> Any:
        if isinstance(value, Handle):
            return RemoteObject(value._id, value._kind)
        return to_plain_data(value, _refuse)

    def _received(self, value: Any) -> Any:
        if isinstance(value, RemoteObject):
            return Handle(self, value.id, value.kind)
        return to_plain_data(value, _refuse)


def _refuse(value: object, kind: str) -> RemoteObject:
    raise TypeError(f"a test sends and notes plain values only, not this: {kind}")


SourceOf = Callable[[str, str], Source]  # (task, test) -> where that task's answers run
