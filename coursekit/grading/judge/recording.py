"""The recording of an exercise, from which tests replay the reference and name mistakes.

A recording contains the student's notebook, and for each task what the course's own answer and each
known mistake returned in each test. It contains no answer's code.
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
from coursekit.grading.judge.misconceptions import Mistake
from coursekit.grading.judge.values import fingerprint

_DIGITS = 9  # of a mistake's floats: it is compared to a millionth


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
    reference : dict
        For each test the calls of the course's own answer.
    mistakes : dict
        For each task.
    """

    name: str
    title: str
    notebook: Mapping[str, Any]
    points: Mapping[str, float]
    titles: Mapping[str, str]
    reference: Mapping[str, list[Call]]
    mistakes: Mapping[str, list[Mistake]]

    def source(self, task: str, test: str) -> Backend:
        """Replay the course's own answer."""
        return _Replay(self.reference.get(test, []))


class _Replay:
    """A backend that returns recorded values, as long as the calls are the recorded ones."""

    output: list[str] = []  # noqa: RUF012  (always empty)

    def __init__(self, calls: list[Call]) -> None:
        self._calls = iter(calls)

    def call(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `coursekit.grading.judge.answer_proxy.Backend`."""
        call = next(self._calls, None)
        if call is None or (call.target, call.fingerprint) != (target, fingerprint(args, kwargs)):
            raise StaleRecording(
                "the recording does not match the tests; run `coursekit exercises`"
            )
        if call.error is not None:
            raise AnswerError(call.error, "recorded")
        return call.value


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
                        "says": m.says,
                        "failed": sorted(m.failed),
                        "logs": {test: _log_code(log) for test, log in m.logs.items()},
                    }
                    for m in recording.mistakes[task]
                ],
            }
            for task, points in recording.points.items()
        },
        "reference": {
            test: [[c.target, c.fingerprint, c.error, encode(c.value)] for c in calls]
            for test, calls in recording.reference.items()
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
        reference={
            test: [Call(target, key, decode(value), error) for target, key, error, value in calls]
            for test, calls in code["reference"].items()
        },
        mistakes={
            task: [
                Mistake(
                    m["says"],
                    frozenset(m["failed"]),
                    {test: _log(log) for test, log in m["logs"].items()},
                )
                for m in parts["mistakes"]
            ]
            for task, parts in tasks.items()
        },
    )


def _log_code(log: Log) -> dict[str, Any]:
    if log.notes:
        return {"notes": [[name, encode(value, _DIGITS)] for name, value in log.notes]}
    return {"calls": [[c.target, c.error, encode(c.value, _DIGITS)] for c in log.calls]}


def _log(code: Mapping[str, Any]) -> Log:
    return Log(
        calls=[Call(target, "", decode(value), e) for target, e, value in code.get("calls", [])],
        notes=[(name, decode(value)) for name, value in code.get("notes", [])],
    )


def recording_of(course: Course, task: str) -> Recording:
    """Return what is recorded of a task's exercise.

    Raises
    ------
    CourseError
        If there is no such task.
    """
    if not isinstance(task, str) or not TASK.fullmatch(task):
        raise CourseError('A task has a number such as "05.2": check("05.2").')
    recording = recorded(course, course.name(task))
    if task not in recording.points:
        known = ", ".join(recording.points)
        raise CourseError(f"There is no task {task}; exercise {task[:2]} has {known}.")
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
        raise CourseError(f"Exercise {name[:2]} has not been recorded: run `coursekit exercises`.")
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
