"""Answers that are not run: each call of one fails in the same way."""

from collections.abc import Collection, Mapping
from typing import Any

from coursekit.grading.judge.answer_proxy import AnswerError, Backend, BackendFactory
from coursekit.grading.judge.values import Function
from coursekit.language import mark, say

NOT_TESTED = mark("It was not tested, because an earlier test stopped your code.")


class _FixedError:
    """A backend whose every call raises the same `AnswerError`."""

    output: list[str] = []  # noqa: RUF012  (never changed)
    notes: list[str] = []  # noqa: RUF012  (never changed)

    def __init__(self, kind: str, message: str) -> None:
        self._error = (kind, message)

    def call(self, target: str | Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise AnswerError(*self._error)


def limited_to(
    tasks: Collection[str], source: BackendFactory, stops: Mapping[str, str]
) -> BackendFactory:
    """Run answers in `source`, but for other tasks and for the tests in `stops`, with messages."""

    def open_backend(task: str, test: str) -> Backend:
        if task not in tasks:
            return _FixedError("missing", say(NOT_TESTED))
        return _FixedError("stopped", stops[test]) if test in stops else source(task, test)

    return open_backend
