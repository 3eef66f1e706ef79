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
    """One entry for each student and exercise, the best where somebody handed in several files."""
    best: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        key = entry.mark.student, entry.mark.exercise
        if entry.mark.exercise and (key not in best or entry.points > best[key].points):
            best[key] = entry
    return [best[key] for key in sorted(best)]


def as_csv(entries: Iterable[Entry]) -> str:
    """A table with nbgrader's columns, one row for each student and exercise."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    for entry in counted(entries):
        mark = entry.mark
        table.writerow(
            {
                "assignment": mark.exercise,
                "student_id": _harmless(mark.student),
                "last_name": _harmless(mark.name),
                "raw_score": number(mark.points),
                "late_submission_penalty": "0",
                "score": number(entry.points),
                "max_score": number(mark.possible),
            }
        )
    return text.getvalue()


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def as_gradescope(entry: Entry) -> str:
    """One submission's ``results.json``, as Gradescope reads it."""
    tests = []
    for task in entry.mark.tasks:
        given = entry.overrides.get(task.task)
        said = [task.mistake or task.trouble or ""]
        said += [test.message for test in task.tests if test.message]
        if given:
            said = [f"Your teacher: {given.comment}", *said]
        tests.append(
            {
                "number": task.task,
                "name": task.title,
                "score": entry.task_points(task.task),
                "max_score": task.possible,
                "output": "\n".join(dict.fromkeys(filter(None, said))),
                "visibility": "visible",
            }
        )
    results: dict[str, Any] = {
        "score": entry.points,
        "output": "\n".join(entry.mark.remarks),
        "tests": tests,
    }
    return json.dumps(results, ensure_ascii=False, indent=1) + "\n"
