"""`check`: what a student runs below an answer."""

import contextlib
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from coursekit.grading.course.notebook import code_cells, parse
from coursekit.grading.course.paths import Course, CourseError, find_course
from coursekit.grading.course.submission import defined_names
from coursekit.grading.judge.handed_out import signatures
from coursekit.grading.judge.limits import current_shell
from coursekit.grading.judge.recording import Recording, recording_of
from coursekit.grading.judge.report import as_html, show
from coursekit.grading.judge.runner import judge_namespace
from coursekit.grading.judge.verdict import Verdict
from coursekit.grading.student.answer_state import AnswerState, exchanged_arguments
from coursekit.grading.student.kernel_history import KernelHistory
from coursekit.grading.student.next_step import next_step
from coursekit.grading.student.outcome import (
    Outcome,
    hand_over,
    hand_over_that_check_is_gone,
    is_handed_over,
    outcome_of,
)
from coursekit.grading.student.progress import save_points
from coursekit.grading.student.progress_page import link, summary
from coursekit.language import say
from coursekit.one_thread import use_one_thread

_SHELL = current_shell()
_BY_NBGRADER = "NBGRADER_EXECUTION" in os.environ
_HISTORY = None if _SHELL is None else KernelHistory(_SHELL)
if _SHELL is not None:
    use_one_thread()
if _SHELL is not None and is_handed_over():
    hand_over_that_check_is_gone(_SHELL)


def _find() -> tuple[Course, Path]:
    """Find the course and the current folder."""
    return find_course(), Path.cwd()


_judging = False
_FOUND: tuple[Course, Path] | None = None
if _SHELL is not None:  # as they are now, because cells can change the folder and the environment
    with contextlib.suppress(CourseError):  # which each check reports
        _FOUND = _find()


class Points(float):
    """The points of a task, which a cell does not show as its value: the report shows them."""

    def _ipython_display_(self) -> None:
        pass


def check(task: str) -> float:
    """Judge the answers to a task, show the report, and return the points.

    The answers are those in the caller's namespace, as they are now. Raises nothing, unless
    nbgrader runs it: there an exception is the only way to tell that nothing was judged.

    Parameters
    ----------
    task : str
        Such as ``"05.2"``.

    Returns
    -------
    float
        The points; 0 if an answer calls it while it is judged.
    """
    global _judging
    if _judging:  # an answer calls it, which would begin a check for each of its calls
        return 0.0
    _judging = True
    try:
        points = _check(task, sys._getframe(1).f_globals)
    finally:
        _judging = False
    # nbgrader reads the points from the cell's output.
    return points if _SHELL is None or _BY_NBGRADER else Points(points)


def _check(task: str, namespace: dict[str, Any]) -> float:
    try:
        course, folder = _FOUND or _find()
        recording = recording_of(course, task)
        if is_handed_over():
            hand_over("begun", task)
        verdict = check_namespace(course, recording, task, namespace)
        footer, next_link = _footer(course, folder, verdict, recording)
    except CourseError as error:
        if _BY_NBGRADER:
            raise
        show(str(error))
        return 0.0
    except Exception as error:  # the student must learn that it is not their fault
        if _BY_NBGRADER:
            raise
        what = "".join(traceback.format_exception_only(error))
        sentence = say(
            "The check of task {task} is broken; this is not your fault. Please report:\n{error}",
            task=task,
            error=what,
        )
        show(sentence)
        if is_handed_over():
            hand_over("outcome", Outcome(task, "fault", 0.0, 0.0, sentence))
        return 0.0
    if is_handed_over():
        hand_over("outcome", outcome_of(verdict))
    text = "\n".join(filter(None, [verdict.sentence, footer]))
    show(text, as_html(verdict, footer.partition("\n")[0], next_link))
    return verdict.points


def check_namespace(
    course: Course, recording: Recording, task: str, namespace: dict[str, Any]
) -> Verdict:
    """Judge the answers to a task in a notebook's namespace; see `AnswerState` for what counts."""
    answers = parse(recording.notebook, recording.name).tasks[task].answers
    asked = sorted(defined_names(answers))
    if _HISTORY is None or _SHELL.user_ns is not namespace:
        verdict = judge_namespace(course, recording, task, namespace)
    else:
        state = AnswerState(_HISTORY, namespace, asked, answers)
        # From top to bottom each cell runs once: a cell that fails then is not a later version.
        stale = {} if is_handed_over() or _BY_NBGRADER else state.stale()
        with state.without(stale):
            verdict = judge_namespace(course, recording, task, namespace)
        verdict.error = next(iter(stale.values()), None) or state.error()
        verdict.remarks = state.remarks(recording.notebook, verdict.status == "wrong")
    if verdict.status == "wrong":
        known = signatures(code_cells(recording.notebook))
        verdict.remarks += filter(None, [exchanged_arguments(asked, namespace, known)])
    return verdict


def _footer(
    course: Course, folder: Path, verdict: Verdict, recording: Recording
) -> tuple[str, str]:
    """Save the points, if a student works in ``exercises/``, and show how far the exercise is.

    A task with all its points also names what comes next, which is returned as a link too.
    """
    if folder != course.exercises or is_handed_over():
        return "", ""
    try:
        best = save_points(course.progress, verdict.task, verdict.points)
        if verdict.status != "done":
            return summary(recording, best), ""
        step = next_step(course, best, verdict.task)
    except CourseError as error:
        return str(error), ""
    return f"{summary(recording, best)}\n{step.sentence}", link(step)
