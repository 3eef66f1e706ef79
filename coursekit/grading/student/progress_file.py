"""The student's best points so far, kept in a file of the course's folder."""

import json
from pathlib import Path

from coursekit.grading.course.files import write_atomically
from coursekit.grading.course.paths import CourseError


def read_marks(path: Path) -> dict[str, float]:
    """Read the best points, by task.

    Raises
    ------
    CourseError
        If the file can't be understood.
    """
    try:
        marks = json.loads(path.read_text(encoding="utf-8"))
        return {str(task): float(points) for task, points in marks.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise CourseError(
            f"The record of your progress can't be read ({type(error).__name__}). Your answers are "
            f"safe. To start the record anew, delete the file {path.parent.name}/{path.name} in "
            "the course's folder and run the checks again."
        ) from error


def note_mark(path: Path, task: str, points: float) -> dict[str, float]:
    """Keep the points of a task if they are the best so far; return all best points.

    Nothing is written for an answer that never had a point.

    Raises
    ------
    CourseError
        If the file can't be understood or written; it stays as it is.
    """
    marks = read_marks(path)
    if points <= marks.get(task, 0.0):
        return marks
    marks[task] = points
    try:
        write_atomically(path, json.dumps(dict(sorted(marks.items())), indent=1) + "\n")
    except OSError as error:
        raise CourseError(f"Your progress could not be saved: {error.strerror}.") from error
    return marks
