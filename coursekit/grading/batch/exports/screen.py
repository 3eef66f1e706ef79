"""What a command shows of the gradebook: a table for people, JSON for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from coursekit.grading.batch.exports.reports import remarks
from coursekit.grading.batch.marks.entry import Entry
from coursekit.grading.batch.marks.people import labels
from coursekit.grading.judge.report import text_table
from coursekit.grading.judge.values import printable
from coursekit.grading.judge.verdict import number
from coursekit.language import say


def as_json(entry: Entry) -> dict[str, Any]:
    """Return an entry as plain values."""
    given = {task: [o.points, o.comment] for task, o in entry.overrides.items()}
    late = {"submitted": entry.about.submitted, "days_late": entry.lateness.days}
    counts = entry.points if entry.counts else 0.0
    grade = asdict(entry.for_teacher.grade)
    del grade["for_teacher"]
    return {**grade, "counts": counts, "overrides": given, **late}


def as_table(entries: Sequence[Entry]) -> str:
    """Format entries as a table."""
    rows: list[Sequence[str]] = [(say("student"), say("exercise"), say("points"), "")]
    called = labels({entry.grade.student: entry.grade.name for entry in entries})
    for entry in (one.for_teacher for one in entries):
        grade = entry.grade
        points = (
            say(
                "{reached} of {possible}",
                reached=number(entry.points),
                possible=number(entry.possible),
            )
            if grade.tasks
            else "-"
        )
        points = points if entry.counts else f"({points})"
        given = entry.whole or any(task.task in entry.overrides for task in grade.tasks)
        tested = given and any(task.status != "missing" for task in grade.tasks)
        points_from_tests = number(entry.points_from_tests)
        from_tests = [say("The tests gave {points}.", points=points_from_tests)] if tested else []
        row = (
            called[grade.student], grade.exercise or grade.file, points,
            " ".join([*from_tests, *remarks(entry)]),
        )  # fmt: skip
        rows.append([printable(text) for text in row])  # names could act on the terminal
    return text_table(rows)
