"""The student's progress through the course: the best points so far, and what comes next."""

import json
from pathlib import Path

from coursekit.diary import read as read_diary
from coursekit.grading.course.notebook import code_cells
from coursekit.grading.course.paths import Course, CourseError, find_course, write_atomically
from coursekit.grading.course.reasons import reason_of
from coursekit.grading.course.submission import load_notebook
from coursekit.grading.judge.recording import recorded
from coursekit.grading.judge.report import show
from coursekit.grading.student.lost_checks import lost_checks
from coursekit.grading.student.next_step import next_step
from coursekit.grading.student.progress_page import Part, progress_page
from coursekit.language import say


def progress() -> None:
    """Show the tasks done, the predictions and goals of the lectures, and what comes next."""
    try:
        show(*report(find_course()))
    except CourseError as error:
        show(str(error))


def report(course: Course) -> tuple[str, str]:
    """Return the page of progress, as text and as HTML.

    Raises
    ------
    CourseError
        If an exercise has no recording.
    """
    try:
        best, note = read_points(course.progress), ""
    except CourseError as error:
        best, note = {}, str(error)
    diary = read_diary(course.root)
    parts = [Part.of(course, name, best, diary) for name in course.names]
    notes = [note, *(_lost_checks(course, name) for name in course.names)]
    return progress_page(parts, diary, next_step(course, best), notes)


def _lost_checks(course: Course, name: str) -> str:
    """Return a sentence about the checks that an exercise's notebook has lost, or ""."""
    try:
        notebook = load_notebook(course.exercises / f"{name}.ipynb")
    except CourseError:  # not there; or grading it says what is wrong with it
        return ""
    return lost_checks(code_cells(notebook), recorded(course, name).points)


def read_points(path: Path) -> dict[str, float]:
    """Read the best points, by task.

    Raises
    ------
    CourseError
        If the file can't be read.
    """
    try:
        best = json.loads(path.read_text(encoding="utf-8"))
        return {str(task): float(points) for task, points in best.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise CourseError(
            say(
                "The record of your progress can't be read ({error}). Your answers are safe. To "
                "start a new record, delete the file {file} in the course's folder and run the "
                "checks again.",
                error=type(error).__name__,
                file=f"{path.parent.name}/{path.name}",
            )
        ) from error


def save_points(path: Path, task: str, points: float) -> dict[str, float]:
    """Save the points of a task if they are the best so far; return all best points.

    Nothing is written for an answer that never reached a point.

    Raises
    ------
    CourseError
        If the file can't be read or written; it is left unchanged.
    """
    best = read_points(path)
    if points <= best.get(task, 0.0):
        return best
    best[task] = points
    try:
        write_atomically(path, json.dumps(dict(sorted(best.items())), indent=1) + "\n")
    except OSError as error:
        raise CourseError(
            say("Your progress could not be saved: {reason}.", reason=reason_of(error))
        ) from error
    return best
