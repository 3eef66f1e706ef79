"""`check`: what a student runs below an answer."""

import sys
import traceback
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from coursekit.grading.course.paths import TASK, Course, CourseError, find_course
from coursekit.grading.judge.answer_proxy import Source
from coursekit.grading.judge.judge import judge
from coursekit.grading.judge.local import LocalSource
from coursekit.grading.judge.recording import Recording, load
from coursekit.grading.judge.verdict import Verdict
from coursekit.grading.student.display import current_shell, quiet_screen, show
from coursekit.grading.student.progress_file import note_mark
from coursekit.grading.student.report import as_html, as_text
from coursekit.grading.student.stale_cell import not_run
from coursekit.grading.student.table import number

SECONDS = 10.0  # that one call of an answer may take


def check(task: str) -> float:
    """Try the answers to a task, show what came out, and return the points.

    Takes the answers from where it is called, as they are now. Raises nothing.

    Parameters
    ----------
    task : str
        Such as ``"05.2"``.

    Returns
    -------
    float
        The points.
    """
    namespace = sys._getframe(1).f_globals
    try:
        course = find_course()
        verdict, recording = check_namespace(course, task, namespace)
        footer = _footer(course, verdict, recording)
    except CourseError as error:
        show(str(error))
        return 0.0
    except Exception as error:  # told to the student, whose fault it is not
        show(
            f"The check of task {task} is broken; this is not your fault. Please report:\n"
            + "".join(traceback.format_exception_only(error))
        )
        return 0.0
    show(as_text(verdict, footer), as_html(verdict, footer))
    return verdict.points


def check_namespace(
    course: Course, task: str, namespace: dict[str, Any]
) -> tuple[Verdict, Recording]:
    """Judge the answers to one task that a namespace holds, against what is recorded.

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

    def student(task: str, test: str) -> Source:
        return LocalSource(namespace, SECONDS)

    with quiet_screen():
        verdicts = judge(
            course,
            recording.name,
            student=student,
            reference=recording.source,
            mistakes=recording.mistakes,
            task=task,
        )
    verdict = verdicts[task]
    if verdict.status in ("missing", "wrong"):
        called = (call.target for outcome in verdict.outcomes for call in outcome.student.calls)
        names = dict.fromkeys(target.partition(".")[0] for target in called)
        verdict.trouble = not_run(names, namespace, current_shell())
    return verdict, recording


def recorded(course: Course, name: str) -> Recording:
    """Read what is recorded of an exercise, once for each version of the file.

    Raises
    ------
    CourseError
        If there is nothing.
    """
    path = course.recorded_file(name)
    if not path.exists():
        raise CourseError(f"Exercise {name[:2]} has not been recorded: run `coursekit exercises`.")
    return _load(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _load(path: Path, changed: int) -> Recording:
    return load(path)


def _footer(course: Course, verdict: Verdict, recording: Recording) -> str:
    """Keep the points and sum the exercise up, where a student works: in ``exercises/``."""
    if Path.cwd() != course.exercises:
        return ""
    try:
        return summary(recording, note_mark(course.progress, verdict.task, verdict.points))
    except CourseError as error:
        return str(error)


def summary(recording: Recording, marks: Mapping[str, float]) -> str:
    """One line: how far an exercise is done."""
    reached = {task: min(marks.get(task, 0.0), all_) for task, all_ in recording.points.items()}
    done = sum(reached[task] == points for task, points in recording.points.items())
    points = f"{number(sum(reached.values()))} of {number(sum(recording.points.values()))} points"
    return f"Exercise {recording.name[:2]}: {points}, {done} of {len(reached)} tasks"
