"""The student's progress through the course: the best points so far."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from coursekit.grading.course.paths import Course, CourseError, find_course, write_atomically
from coursekit.grading.judge.recording import Recording, recorded
from coursekit.grading.judge.report import show, text_table
from coursekit.grading.judge.verdict import number

HEAD = ("", "exercise", "tasks", "points")

Row = tuple[str, str, str, str]


def progress() -> None:
    """Show how many tasks of each exercise are done."""
    try:
        show(*report(find_course()))
    except CourseError as error:
        show(str(error))


def report(course: Course) -> tuple[str, str]:
    """Return the table of the exercises, as text and as HTML.

    Raises
    ------
    CourseError
        If an exercise has no recording.
    """
    try:
        best, note = read_points(course.progress), ""
    except CourseError as error:
        best, note = {}, str(error)
    rows: list[Row] = []
    everything: list[tuple[float, float]] = []
    for name in course.names:
        recording = recorded(course, name)
        points = [(min(best.get(t, 0.0), most), most) for t, most in recording.points.items()]
        rows.append(exercise_row(name[:2], recording.title, points))
        everything += points
    rows.append(exercise_row("", "all", everything))
    if not any(reached for reached, _ in everything) and not note:
        note = "Nothing is done yet. Begin with lecture 01, then exercise 01."
    text = "\n".join([text_table([HEAD, *rows]), *([note] if note else [])])
    return text, _html_table(rows, note)


def exercise_row(label: str, title: str, points: Sequence[tuple[float, float]]) -> Row:
    """Return one row of the table.

    Parameters
    ----------
    label, title : str
        The number and the heading of the exercise.
    points : sequence of (float, float)
        For each task the points reached and those possible.
    """
    done = sum(reached >= possible for reached, possible in points)
    reached, possible = (number(round(sum(p[k] for p in points), 6)) for k in (0, 1))
    title = title.partition(":")[2].strip() or title
    return label, title, f"{done} of {len(points)}", f"{reached} of {possible}"


def summary(recording: Recording, best: Mapping[str, float]) -> str:
    """Return one line about an exercise: its points, and how many tasks are done."""
    points = [(min(best.get(t, 0.0), most), most) for t, most in recording.points.items()]
    _, _, tasks, reached = exercise_row("", "", points)
    return f"Exercise {recording.name[:2]}: {reached} points, {tasks} tasks"


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
            f"The record of your progress can't be read ({type(error).__name__}). Your answers are "
            f"safe. To start a new record, delete the file {path.parent.name}/{path.name} in "
            "the course's folder and run the checks again."
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
        raise CourseError(f"Your progress could not be saved: {error.strerror}.") from error
    return best


def _html_table(rows: Sequence[Row], note: str) -> str:
    left = 'style="text-align: left"'
    head = "<td></td>" + "".join(f'<th scope="col" {left}>{cell}</th>' for cell in HEAD[1:])
    body = ""
    for label, title, *cells in rows:
        first, *rest = (label, title, *cells) if label else (title, "", *cells)
        body += f'<tr><th scope="row" {left}>{escape(first)}</th>'
        body += "".join(f"<td {left}>{escape(cell)}</td>" for cell in rest) + "</tr>\n"
    caption = "<caption>Your progress</caption>"
    text = f"<p>{escape(note)}</p>\n" if note else ""
    return f"<table>\n{caption}\n<tr>{head}</tr>\n{body}</table>\n{text}"
