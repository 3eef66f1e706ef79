"""Three answers without understanding: they look up what the hand-out's recordings hold.

A table is made of the calls that the tests make with the inputs that students see, and of every
value that is recorded. One forger finds a value by its arguments, one by the number of the call,
one by the function and how often it was called. What is not recorded can't be looked up: an answer
whose value, or a part of it, is in no recording is not in the table.
"""

from collections import defaultdict
from typing import Any
from unittest.mock import patch

import numpy as np

from coursekit.grading.course.paths import Course
from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.grading.judge.recording import Recording, Replay
from coursekit.grading.judge.reference import run_reference, solution
from coursekit.grading.judge.runner import run
from coursekit.grading.judge.values import Function, RemoteObject, fingerprint

WAYS = ("arguments", "order", "kind")


class Table:
    """What can be looked up of one exercise."""

    def __init__(self, course: Course, recording: Recording) -> None:
        recorded = recorded_pieces(recording)
        own = run_reference(solution(course, recording.name))
        results = run(course.test_file(recording.name), student=own, reference=own)
        self.calls: dict[str, list[tuple[str, str, Any]]] = {}
        for result in results:
            self.calls[result.test] = [
                (call.target, call.fingerprint, call.value)
                for call in result.student.calls
                if isinstance(call.value, RemoteObject) or set(pieces(call.value)) <= recorded
            ]
        every = [call for calls in self.calls.values() for call in calls]
        self.by_arguments = {(target, key): value for target, key, value in every}


def recorded_pieces(recording: Recording) -> set[str]:
    """Digests of all that is recorded of the right answers."""
    found = set()
    for log in recording.reference.values():
        for value in [v for case in log.cases for v in case[1:]] + [c.value for c in log.calls]:
            found |= set(pieces(value))
    return found


def pieces(value: Any) -> list[str]:
    """Digests of the parts of a value, as far as they are arrays or plain."""
    if isinstance(value, (list, tuple)):
        if any(isinstance(item, (list, tuple, np.ndarray)) for item in value):
            return [piece for item in value for piece in pieces(item)]
        value = np.asarray(value)
    return [fingerprint(np.asarray(value) if isinstance(value, (int, float)) else value)]


class Forger:
    """A backend that answers from the table."""

    output: list[str] = []  # noqa: RUF012  (always empty)
    notes: list[str] = []  # noqa: RUF012  (always empty)

    def __init__(self, table: Table, way: str, test: str) -> None:
        self._way = way
        self._calls = iter(table.calls[test])
        self._by_arguments = table.by_arguments
        self._by_kind: dict[str, list[Any]] = defaultdict(list)
        for target, _, value in table.calls[test]:
            self._by_kind[target].append(value)
        self._counts: dict[str, int] = defaultdict(int)

    def call(self, target: str | Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        name = target if isinstance(target, str) else "a function of the test"
        if self._way == "arguments":
            key = (name, fingerprint(args, kwargs))
            if key in self._by_arguments:
                return self._by_arguments[key]
        elif self._way == "order":
            for called, _, value in self._calls:
                if called == name:
                    return value
        elif values := self._by_kind[name]:
            self._counts[name] += 1
            return values[(self._counts[name] - 1) % len(values)]
        raise AnswerError("KeyError", "not in the table")


class Absent:
    """A backend without an answer; the reference runs all the same."""

    output: list[str] = []  # noqa: RUF012  (always empty)
    notes: list[str] = []  # noqa: RUF012  (always empty)

    def call(self, target: str | Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise AnswerError("missing", "not written")


class Hidden:
    """The tests of one exercise with hidden inputs; the reference runs once for all forgers."""

    def __init__(self, course: Course, name: str, seed: int) -> None:
        self._tests, self._seed = course.test_file(name), seed
        live = run_reference(solution(course, name))
        absent = lambda task, test: Absent()  # noqa: E731
        results = run(self._tests, student=absent, reference=live, seed=seed)
        self._recorded = {result.test: result.reference for result in results}

    def points(self, table: Table, way: str) -> dict[str, float]:
        """What a forger gets, test by test."""
        # Points don't depend on what is said about a wrong result, which takes half of the time.
        with (
            patch("coursekit.grading.judge.cases.state_fact", return_value=""),
            patch("coursekit.grading.judge.case.example", return_value=""),
        ):
            results = run(
                self._tests,
                student=lambda task, test: Forger(table, way, test),
                reference=lambda task, test: Replay(self._recorded[test]),
                seed=self._seed,
            )
        return {result.test: result.points for result in results if result.passed}
