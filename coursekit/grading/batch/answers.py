"""The commands ``coursekit similar`` and ``coursekit export``: all answers of a class."""

import builtins
import io
import json
import random
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from coursekit.grading.batch.exports import similar
from coursekit.grading.batch.marks.class_book import ClassBook, Student
from coursekit.grading.batch.marks.gradebook import open_gradebook
from coursekit.grading.course.notebook import parse
from coursekit.grading.course.paths import Course, write_atomically, writing
from coursekit.grading.judge.recording import recorded
from coursekit.grading.judge.reference import solution
from coursekit.language import say, say_n

_SHORTEST = 3  # letters of a name that is looked for in code
_OF_PYTHON = {name.lower() for name in (*dir(builtins), *dir(np))}  # Max is a name, and `np.max`


def report_similar(course: Course, folder: Path, *, names: bool = False) -> str:
    """Write the report of answers that are alike; return a sentence about it.

    Parameters
    ----------
    course : Course
        With ``solutions/``.
    folder : Path
        The folder written by ``grade --to``.
    names : bool
        Whether the report names students; otherwise it numbers them.

    Raises
    ------
    CourseError
        If there is no gradebook, or the report can't be written.
    """
    with open_gradebook(folder) as book:
        people = ClassBook(book, course)
    called = _pseudonyms(people.students)
    if names:
        called = {student.key: student.name for student in people.students}
    found = {}
    for exercise in people.exercises:
        counted = [(student.key, student.counted(exercise)) for student in people.students]
        # What a group has submitted is compared once.
        files = {e.key: (student, e.grade) for student, e in counted if e and e.grade.file}
        answers = {
            student: {task.task: task.code for task in grade.tasks}
            for student, grade in files.values()
        }
        found[exercise] = similar.pairs(answers, _known(course, exercise)), answers
    target = folder / "similar.html"
    with writing(folder):
        write_atomically(target, similar.page(found, called))
    number = sum(len(similar.groups(pairs)) for pairs, _ in found.values())
    if not number:
        return say("No answers are more alike than the task explains: {file}", file=target)
    return say_n(
        number,
        "{n} group of students whose answers are more alike than the task explains, to be read "
        "side by side: {file}",
        "{n} groups of students whose answers are more alike than the task explains, to be read "
        "side by side: {file}",
        file=target,
    )


def export(course: Course, folder: Path, target: Path) -> str:
    """Write all answers and verdicts without names, one answer in each line, as JSON.

    Students are numbered anew in a random order. Comments are left out, and what the class knows a
    student by is replaced where it appears in code. The file has no times and no file names.

    Raises
    ------
    CourseError
        If there is no gradebook, or the file can't be written.
    """
    with open_gradebook(folder) as book:
        people = ClassBook(book, course)
    lines = [json.dumps(line, ensure_ascii=False) for line in _lines(people)]
    with writing(target.parent):
        write_atomically(target, "".join(f"{line}\n" for line in lines))
    return say_n(
        len(lines),
        "{n} answer without names: {file}",
        "{n} answers without names: {file}",
        file=target,
    )


def _lines(people: ClassBook) -> Iterator[dict[str, Any]]:
    called = _pseudonyms(people.students)
    secret = _names(people.students)
    for student in sorted(people.students, key=lambda student: called[student.key]):
        for exercise in people.exercises:
            entry = student.counted(exercise)
            for task in entry.for_teacher.grade.tasks if entry and entry.grade.file else []:
                yield {
                    "student": called[student.key],
                    "task": task.task,
                    "code": secret.sub("…", without_comments(task.code)),
                    "points": task.points,
                    "possible": task.possible,
                    "status": task.status,
                    "mistake": task.mistake,
                    "tests": {test.test: test.status for test in task.tests},
                }


def _pseudonyms(students: list[Student]) -> dict[str, str]:
    keys = [student.key for student in students]
    random.SystemRandom().shuffle(keys)
    digits = len(str(len(keys)))
    return {key: f"student {place:0{digits}}" for place, key in enumerate(keys, start=1)}


def _names(students: list[Student]) -> re.Pattern[str]:
    """Match everything that students are called by, and each part of their names."""
    known = {
        text
        for student in students
        for text in (student.key, student.email, *student.ids, student.name, *student.name.split())
        if len(text) >= _SHORTEST and text.lower() not in _OF_PYTHON
    }
    parts = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return re.compile(rf"\b(?:{parts})\b" if parts else r"(?!)", re.IGNORECASE)


def without_comments(code: str) -> str:
    """Take the comments out of code; of what is not Python, each line from its first #."""
    lines = code.splitlines()
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                row, column = token.start
                lines[row - 1] = lines[row - 1][:column].rstrip()
    except (tokenize.TokenError, SyntaxError):
        lines = [line.partition("#")[0].rstrip() for line in code.splitlines()]
    return "\n".join(lines)


def _known(course: Course, exercise: str) -> dict[str, str]:
    """The code of each task that a student has or may have: the hand-out, the course's answer."""
    ours = solution(course, exercise).tasks
    handed_out = parse(recorded(course, exercise).notebook, exercise).tasks
    return {
        id: "\n\n".join([*task.answers.values(), *handed_out[id].answers.values()])
        for id, task in ours.items()
    }
