"""The recording of an exercise, from which tests replay the reference and name mistakes.

A recording contains the student's notebook, for each test the values with which an answer's are
compared, and for each known mistake a sketch of what it does. It contains no answer's code.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from coursekit.grading.course.paths import TASK, Course, CourseError
from coursekit.grading.judge.answer_proxy import AnswerError, Backend, Call, Log
from coursekit.grading.judge.encoding import decode, encode
from coursekit.grading.judge.misconceptions import Mistake, Sketch
from coursekit.grading.judge.values import Function, fingerprint
from coursekit.language import say

STALE = "the recording does not match the tests; run `coursekit exercises`"


class StaleRecording(Exception):
    """A test calls the reference differently than when it was recorded."""


@dataclass(frozen=True)
class Recording:
    """The recording of one exercise.

    Attributes
    ----------
    name, title : str
        Of the exercise.
    notebook : mapping
        The student's version.
    points, titles : dict
        Of each task.
    reference : dict of str to Log
        For each test what the course's own answer does: the values of the test's cases, and the
        calls that it makes besides.
    mistakes : dict
        For each task.
    """

    name: str
    title: str
    notebook: Mapping[str, Any]
    points: Mapping[str, float]
    titles: Mapping[str, str]
    reference: Mapping[str, Log]
    mistakes: Mapping[str, list[Mistake]]

    @property
    def length(self) -> int:
        """How many cases its tests have."""
        return sum(len(log.cases or log.calls) for log in self.reference.values())

    def source(self, task: str, test: str) -> Backend:
        """Replay the course's own answer."""
        return Replay(self.reference.get(test, Log()))


class Replay:
    """A backend that returns recorded values, as long as the calls are the recorded ones."""

    output: list[str] = []  # noqa: RUF012  (always empty)
    notes: list[str] = []  # noqa: RUF012  (always empty)

    def __init__(self, log: Log) -> None:
        self._calls, self._cases = iter(log.calls), iter(log.cases)

    def call(self, target: str | Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `coursekit.grading.judge.answer_proxy.Backend`."""
        call = next(self._calls, None)
        if call is None or (call.target, call.fingerprint) != (target, fingerprint(args, kwargs)):
            raise StaleRecording(STALE)
        if call.error is not None:
            raise AnswerError(call.error, "recorded")
        return call.value

    def recorded_case(self, inputs: str) -> list[Any]:
        """Return what was compared in the next case, if it has these inputs."""
        case = next(self._cases, [None])
        if case[0] != inputs:
            raise StaleRecording(STALE)
        return list(case[1:])


def to_json(recording: Recording) -> dict[str, Any]:
    """Convert a recording to what JSON can hold."""
    return {
        "exercise": recording.name,
        "title": recording.title,
        "tasks": {
            task: {
                "title": recording.titles[task],
                "points": points,
                "mistakes": [
                    {
                        "says": list(m.says),
                        "failed": sorted(m.failed),
                        "sketches": {
                            test: [one.digest, one.count, *one.sums]
                            for test, one in m.sketches.items()
                        },
                    }
                    for m in recording.mistakes[task]
                ],
            }
            for task, points in recording.points.items()
        },
        "tests": {
            test: {
                "cases": [[inputs, *map(encode, values)] for inputs, *values in log.cases],
                "calls": [[c.target, c.fingerprint, c.error, encode(c.value)] for c in log.calls],
            }
            for test, log in recording.reference.items()
        },
        "notebook": recording.notebook,
    }


def load(path: Path) -> Recording:
    """Read a recording from its file."""
    code = json.loads(path.read_text(encoding="utf-8"))
    tasks = code["tasks"]
    return Recording(
        name=code["exercise"],
        title=code["title"],
        notebook=code["notebook"],
        points={task: float(parts["points"]) for task, parts in tasks.items()},
        titles={task: parts["title"] for task, parts in tasks.items()},
        reference={test: _log(parts) for test, parts in code["tests"].items()},
        mistakes={
            task: [
                Mistake(
                    tuple(m["says"]),
                    frozenset(m["failed"]),
                    {
                        test: Sketch(digest, count, (one, other))
                        for test, (digest, count, one, other) in m["sketches"].items()
                    },
                )
                for m in parts["mistakes"]
            ]
            for task, parts in tasks.items()
        },
    )


def _log(code: Mapping[str, Any]) -> Log:
    return Log(
        calls=[
            Call(target, key, decode(value), error) for target, key, error, value in code["calls"]
        ],
        cases=[[inputs, *map(decode, values)] for inputs, *values in code["cases"]],
    )


def recording_of(course: Course, task: str) -> Recording:
    """Return what is recorded of a task's exercise.

    Raises
    ------
    CourseError
        If there is no such task.
    """
    if not isinstance(task, str) or not TASK.fullmatch(task):
        raise CourseError(say('A task has a number such as "05.2": check("05.2").'))
    recording = recorded(course, course.name(task[:2]))
    if task not in recording.points:
        known = ", ".join(recording.points)
        raise CourseError(
            say(
                "There is no task {task}; exercise {exercise} has {known}.",
                task=task,
                exercise=task[:2],
                known=known,
            )
        )
    return recording


def recorded(course: Course, name: str) -> Recording:
    """Read what is recorded of an exercise, once for each version of the file.

    Raises
    ------
    CourseError
        If there is no recording.
    """
    path = course.recorded_file(name)
    if not path.exists():
        raise CourseError(
            say(
                "Exercise {exercise} has not been recorded: run `coursekit exercises`.",
                exercise=name[:2],
            )
        )
    return _load(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _load(path: Path, changed: int) -> Recording:
    return load(path)


def dumps(value: Any, indent: int = 0) -> str:
    """Write JSON with short values on one line, so that a change gives a short diff."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + indent <= 100 or not isinstance(value, (dict, list)):
        return line
    space = "\n" + " " * (indent + 1)
    if isinstance(value, dict):
        pairs = (
            f"{json.dumps(k, ensure_ascii=False)}: {dumps(v, indent + 1)}" for k, v in value.items()
        )
        return "{" + space + ("," + space).join(pairs) + space[:-1] + "}"
    return "[" + space + ("," + space).join(dumps(v, indent + 1) for v in value) + space[:-1] + "]"


def differences(old: Any, new: Any, place: str = "") -> list[str]:
    """List where two recordings as JSON differ by more than the last bits of floats."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if list(old) != list(new):
            return [f"{place}: {list(old)} and {list(new)}"]
        if "array" in old and old["array"][:2] == new["array"][:2]:
            left, right = (decode(side).ravel().tolist() for side in (old, new))
            return differences(left, right, place)
        return [text for key in old for text in differences(old[key], new[key], f"{place}/{key}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [text for i, (a, b) in pairs for text in differences(a, b, f"{place}/{i}")]
    if isinstance(old, float) and isinstance(new, float):
        same = abs(old - new) <= 1e-8 * max(1.0, abs(old)) or old == new or old != old != new
        return [] if same else [f"{place}: {old} and {new}"]
    return [] if old == new else [f"{place}: {old!r:.80} and {new!r:.80}"]
