"""The student's progress through the course."""

from coursekit.grading.course.paths import Course, CourseError, find_course
from coursekit.grading.student import table
from coursekit.grading.student.check import recorded
from coursekit.grading.student.display import show
from coursekit.grading.student.progress_file import read_marks


def progress() -> None:
    """Show how far each exercise is done."""
    try:
        rows, note = overview(find_course())
    except CourseError as error:
        show(str(error))
        return
    show(table.as_text(rows, note), table.as_html(rows, note))


def overview(course: Course) -> tuple[list[table.Row], str]:
    """Collect the rows of the table, the last of them the sum, and a sentence below it.

    Raises
    ------
    CourseError
        If an exercise has no recording.
    """
    try:
        marks, note = read_marks(course.progress), ""
    except CourseError as error:
        marks, note = {}, str(error)
    rows: list[table.Row] = []
    everything: list[tuple[float, float]] = []
    for name in course.names:
        recording = recorded(course, name)
        points = [(min(marks.get(t, 0.0), most), most) for t, most in recording.points.items()]
        title = recording.title.partition(":")[2].strip() or recording.title
        rows.append(table.exercise_row(name[:2], title, points))
        everything += points
    rows.append(table.exercise_row("", "all", everything))
    if not any(reached for reached, _ in everything) and not note:
        note = "Nothing is done yet. Begin with lecture 01, then exercise 01."
    return rows, note
