"""The gradebook in the forms that other programs read."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from coursekit.grading.batch.gradebook import Entry
from coursekit.grading.judge.verdict import number

# The columns of `nbgrader export`.
COLUMNS = [
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
]  # fmt: skip


def counted(entries: Iterable[Entry]) -> list[Entry]:
    """Select one entry for each student and exercise: the best of several files."""
    best: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        key = entry.grade.student, entry.grade.exercise
        if entry.grade.exercise and (key not in best or entry.points > best[key].points):
            best[key] = entry
    return [best[key] for key in sorted(best)]


def as_csv(entries: Iterable[Entry]) -> str:
    """Write a table with nbgrader's columns, one row for each student and exercise."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    for entry in counted(entries):
        grade = entry.grade
        table.writerow(
            {
                "assignment": grade.exercise,
                "student_id": _harmless(grade.student),
                "last_name": _harmless(grade.name),
                "raw_score": number(grade.points),
                "late_submission_penalty": "0",
                "score": number(entry.points),
                "max_score": number(grade.possible),
            }
        )
    return text.getvalue()


def _harmless(text: str) -> str:
    """Escape text that a spreadsheet would evaluate as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def as_gradescope(entry: Entry) -> str:
    """Write one submission's ``results.json``, as Gradescope reads it."""
    tests = []
    for task in entry.grade.tasks:
        given = entry.overrides.get(task.task)
        lines = [task.mistake or task.error or ""]
        lines += [test.message for test in task.tests if test.message]
        if given:
            lines = [f"Your teacher: {given.comment}", *lines]
        tests.append(
            {
                "number": task.task,
                "name": task.title,
                "score": entry.task_points(task.task),
                "max_score": task.possible,
                "output": "\n".join(dict.fromkeys(filter(None, lines))),
                "visibility": "visible",
            }
        )
    results: dict[str, Any] = {
        "score": entry.points,
        "output": "\n".join(entry.grade.remarks),
        "tests": tests,
    }
    return json.dumps(results, ensure_ascii=False, indent=1) + "\n"
