"""Calls of answers in a sandbox, as tests make them, and the errors that come back."""

from collections.abc import Callable
from typing import Any

from coursekit.grading.batch.sandbox.channel import ENDED
from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.grading.judge.values import Function, printable
from coursekit.language import Sentence, say


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
