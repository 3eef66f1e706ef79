"""The command ``coursekit override``: points given by hand."""

import math
from collections.abc import Iterator
from pathlib import Path

from coursekit.grading.batch.base.csv_text import CsvText
from coursekit.grading.batch.exports.screen import as_table
from coursekit.grading.batch.exports.written import write_all
from coursekit.grading.batch.marks.class_book import ClassBook
from coursekit.grading.batch.marks.entry import Override
from coursekit.grading.batch.marks.gradebook import open_gradebook
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.judge.values import printable
from coursekit.language import say

_HEADINGS = ("student", "task", "points", "comment")


def override(
    course: Course,
    folder: Path,
    student: str | None = None,
    task: str | None = None,
    points: float | None = None,
    comment: str = "",
    table: Path | None = None,
) -> None:
    """Override a student's points for a task, or without points remove the override.

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
            given = [checked(people, course, student, task, points, comment)]
            book.override(*given)
            keys = {one.student for one in given}
        people = ClassBook(book, course)
    write_all(people, folder)
    print(as_table([entry for entry in people.entries if entry.grade.student in keys]))


def checked(
    book: ClassBook, course: Course, student: str, task: str, points: float, comment: str
) -> Override:
    """Make an override, for any task of any student of the gradebook or the roster.

    Raises
    ------
    CourseError
        If there is no such student or task, the points are not in the task's range, or the comment
        is empty.
    """
    if not comment.strip():
        raise CourseError(say("Add a comment that says why; the student reads it."))
    key = book.find(student).key
    tasks = {found.task: found for found in book.tasks(course.name(task[:2]))}
    if task not in tasks:
        raise CourseError(
            say(
                "There is no task {task}; the tasks are {tasks}.",
                task=printable(task),
                tasks=", ".join(tasks),
            )
        )
    most = tasks[task].possible
    if not 0 <= points <= most:
        raise CourseError(
            say(
                "The points for task {task} must be between 0 and {most:g}, got {points:g}.",
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
        If it can't be read, or one of its rows is wrong; the message names the row.
    """
    table = CsvText.at(path)
    names = [heading.casefold() for heading in table.headings]
    if missing := [heading for heading in _HEADINGS if heading not in names]:
        raise CourseError(
            say("{path} has no column {columns}.", path=path, columns=", ".join(missing))
        )
    return list(_rows(path, table, [names.index(h) for h in _HEADINGS], book, course))


def _rows(
    path: Path, table: CsvText, places: list[int], book: ClassBook, course: Course
) -> Iterator[Override]:
    for row in range(1, len(table.rows)):
        student, task, points, comment = (table.field(row, place) for place in places)
        if not any((student, task, points, comment)):
            continue
        try:
            yield checked(book, course, student, task, _number(points), comment)
        except CourseError as error:
            raise CourseError(
                say(
                    "{path}, row {row}: {error} Nothing was changed.",
                    path=path,
                    row=row + 1,
                    error=error,
                )
            ) from error


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return math.nan
