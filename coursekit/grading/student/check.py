"""`check`: what a student runs below an answer."""

import linecache
import re
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import FunctionType
from typing import Any

from coursekit.grading.course.paths import Course, CourseError, find_course
from coursekit.grading.judge.limits import current_shell
from coursekit.grading.judge.recording import Recording, recording_of
from coursekit.grading.judge.report import as_html, show
from coursekit.grading.judge.runner import judge_namespace
from coursekit.grading.judge.verdict import Verdict
from coursekit.grading.student.progress import save_points, summary


def check(task: str) -> float:
    """Judge the answers to a task, show the report, and return the points.

    The answers are those in the caller's namespace, as they are now. Raises nothing.

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
        recording = recording_of(course, task)
        verdict = check_namespace(course, recording, task, namespace)
        footer = _footer(course, verdict, recording)
    except CourseError as error:
        show(str(error))
        return 0.0
    except Exception as error:  # the student must learn that it is not their fault
        show(
            f"The check of task {task} is broken; this is not your fault. Please report:\n"
            + "".join(traceback.format_exception_only(error))
        )
        return 0.0
    show("\n".join(filter(None, [verdict.sentence, footer])), as_html(verdict, footer))
    return verdict.points


def check_namespace(
    course: Course, recording: Recording, task: str, namespace: dict[str, Any]
) -> Verdict:
    """Judge the answers to a task in a notebook's namespace; notice a cell that did not run."""
    verdict = judge_namespace(course, recording, task, namespace)
    if verdict.status in ("missing", "wrong"):
        called = (call.target for result in verdict.results for call in result.student.calls)
        names = dict.fromkeys(target.partition(".")[0] for target in called)
        verdict.error = _not_run(names, namespace, current_shell())
    return verdict


def _footer(course: Course, verdict: Verdict, recording: Recording) -> str:
    """Save the points and summarise the exercise, if the notebook is in ``exercises/``."""
    if Path.cwd() != course.exercises:
        return ""
    try:
        return summary(recording, save_points(course.progress, verdict.task, verdict.points))
    except CourseError as error:
        return str(error)


def _not_run(names: Iterable[str], namespace: dict[str, Any], shell: Any) -> str | None:
    """Return a sentence if an answer is not from the last cell that defines it.

    After a cell with a syntax error the old answer is still there.

    Parameters
    ----------
    names : iterable of str
        Functions and classes that the tests called.
    namespace : dict
        The globals of the notebook.
    shell : InteractiveShell or None
        Has run the notebook's cells; if None, nothing is known about them.
    """
    if shell is None or shell.user_ns is not namespace:
        return None
    for name in names:
        definition = re.compile(rf"^(async )?(def|class) +{re.escape(name)}\b", re.MULTILINE)
        typed = [text for text in shell.user_ns.get("In", []) if definition.search(text)]
        if not typed:
            continue
        if name not in namespace:
            return f"The last cell that defines `{name}` did not run: see the error below it."
        cell = _cell_of(namespace[name]).strip()
        if cell and cell != shell.transform_cell(typed[-1]).strip():
            return (
                f"The last cell that defines `{name}` did not run (see the error below it), so "
                "this is the check of an earlier one."
            )
    return None


def _cell_of(value: object) -> str:
    """Return the text of the cell in which a function or a class was defined."""
    members = [value, *(vars(value).values() if isinstance(value, type) else ())]
    functions = (member for member in members if isinstance(member, FunctionType))
    return next(("".join(linecache.getlines(f.__code__.co_filename)) for f in functions), "")
