"""The command ``coursekit override``: points given by hand."""

from pathlib import Path

from coursekit.grading.batch.base.csv_text import CsvText
from coursekit.grading.batch.exports.screen import as_table
from coursekit.grading.batch.exports.written import filled_before, write_all
from coursekit.grading.batch.marks.class_book import ClassBook
from coursekit.grading.batch.marks.entry import Override
from coursekit.grading.batch.marks.gradebook import open_gradebook
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.judge.values import printable
from coursekit.language import mark, say

_STALE = mark(
    "{table} does not have these points yet. Fill in the platform's table again: coursekit grade "
    "--to {folder} --fill …/{table}, with the options of last time."
)
_HEADINGS = ("student", "task", "points", "comment")


def override(
    course: Course,
    folder: Path,
    student: str | None = None,
    task: str | None = None,
    points: str | None = None,
    comment: str = "",
    table: Path | None = None,
) -> None:
    """Override a student's points for a task or an exercise, or without points remove that.

    With a table, each of its rows is an override.

    Raises
    ------
    CourseError
        If there is no such student, task or override, or a row of the table is wrong.
    """
    with open_gradebook(folder) as book:
        people = ClassBook(book, course)
        if table is not None:
            given = from_table(table, people, course)
            book.override(*given)
            keys = {one.student for one in given}
        elif student is None or task is None:
            raise CourseError(say("Name a student and a task, or give a table with --from."))
        elif points is None:
            found = people.find(student)
            book.withdraw(found.key, task, found.ids)
            keys = {found.key}
        else:
            given = [checked(people, course, student, task, _number(points), comment)]
            book.override(*given)
            keys = {one.student for one in given}
        people = ClassBook(book, course)
    write_all(people, folder)
    print(as_table([entry for entry in people.entries if entry.grade.student in keys]))
    for name in filled_before(folder):
        print(say(_STALE, table=name, folder=folder))


def checked(
    book: ClassBook, course: Course, student: str, task: str, points: float, comment: str
) -> Override:
    """Make an override, for any task or exercise of any student of the gradebook or the roster.

    Raises
    ------
    CourseError
        If there is no such student or task, the points are not in its range, or the comment is
        empty.
    """
    if not comment.strip():
        raise CourseError(say("Add a comment that says why; the student reads it."))
    key = book.find(student).key
    name = course.name(task[:2])
    tasks = {found.task: found.possible for found in book.tasks(name)}
    possible = {**tasks, name[:2]: sum(tasks.values())}
    if task not in possible:
        raise CourseError(
            say(
                "There is no task {task}; the tasks are {tasks}.",
                task=printable(task),
                tasks=", ".join(tasks),
            )
        )
    most = possible[task]
    if not 0 <= points <= most:
        raise CourseError(
            say(
                "The points for {task} must be between 0 and {most:g}, got {points:g}.",
                task=task,
                most=most,
                points=points,
            )
        )
    return Override(key, task, points, comment.strip())


def from_table(path: Path, book: ClassBook, course: Course) -> list[Override]:
    """Read a table with the columns ``student``, ``task``, ``points`` and ``comment``.

    Raises
    ------
    CourseError
        If it can't be read, or rows are wrong; the message names each of them.
    """
    table = CsvText.at(path)
    names = [heading.casefold() for heading in table.headings]
    if missing := [heading for heading in _HEADINGS if heading not in names]:
        raise CourseError(
            say("{path} has no column {columns}.", path=path, columns=", ".join(missing))
        )
    places = [names.index(heading) for heading in _HEADINGS]
    given, errors = [], []
    for row in range(1, len(table.rows)):
        student, task, points, comment = (table.field(row, place) for place in places)
        if not any((student, task, points, comment)):
            continue
        try:
            given.append(checked(book, course, student, task, _number(points), comment))
        except CourseError as error:
            errors.append(say("{path}, row {row}: {error}", path=path, row=row + 1, error=error))
    if errors:
        raise CourseError("\n".join([*errors, say("Nothing was changed.")]))
    return given


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise CourseError(
            say("{text!r} is not a number of points.", text=printable(text))
        ) from error
