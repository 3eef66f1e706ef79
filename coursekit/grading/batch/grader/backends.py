"""Calls of answers, as tests make them: in a sandbox, or failing without being run."""

from collections.abc import Callable, Mapping
from typing import Any

from coursekit.grading.batch.sandbox.channel import ENDED
from coursekit.grading.judge.answer_proxy import AnswerError, Backend, BackendFactory
from coursekit.grading.judge.values import Function, printable
from coursekit.language import Sentence, mark, say

NOT_TESTED = mark("It was not tested, because an earlier test stopped your code.")


def raise_error(reply: dict[str, Any]) -> None:
    """Raise the error of a reply, if it has one.

    Raises
    ------
    AnswerError
        With a sentence that remembers its English text, if the reply has one.
    """
    if reply["error"]:
        kind, *messages = reply["error"]
        first, last = printable(messages[0]), printable(messages[-1])
        message = say(ENDED) if first == ENDED else Sentence.of(first, last)
        raise AnswerError(kind, message, reply["output"])


class SandboxBackend:
    """Calls answers in the sandbox; see `coursekit.grading.judge.answer_proxy.Backend`."""

    def __init__(self, call: Callable[[str | Function, Any, Any], dict[str, Any]]) -> None:
        self._call = call
        self.output: list[str] = []
        self.notes: list[str] = []

    def call(self, target: str | Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.notes = []
        try:
            reply = self._call(target, args, kwargs)
        except AnswerError as error:
            self.output += error.output
            raise
        self.output += reply["output"]
        self.notes = reply["notes"]
        return reply["value"]


class _FixedError:
    """A backend whose every call raises the same `AnswerError`."""

    output: list[str] = []  # noqa: RUF012  (never changed)
    notes: list[str] = []  # noqa: RUF012  (never changed)

    def __init__(self, kind: str, message: str) -> None:
        self._error = (kind, message)

    def call(self, target: str | Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise AnswerError(*self._error)


def except_stopped(source: BackendFactory, stops: Mapping[str, str]) -> BackendFactory:
    """Run answers in `source`, but for the tests in `stops`, whose messages are there."""

    def open_backend(task: str, test: str) -> Backend:
        return _FixedError("stopped", stops[test]) if test in stops else source(task, test)

    return open_backend
