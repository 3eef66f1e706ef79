"""The table of totals: a row for each student, a column for each exercise."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from coursekit.grading.batch.exports.reports import harmless
from coursekit.grading.batch.marks.class_book import ClassBook, Student
from coursekit.grading.batch.marks.entry import Entry
from coursekit.grading.judge.verdict import number
from coursekit.language import mark, say

_UNDATED = mark(
    "Files of which it is not known when they were submitted: {number}. Their dates are those of "
    "the download, so none of them is called late and nothing is taken off. To read the times from "
    "Moodle's grading worksheet, add --only {exercise} --fill WORKSHEET.csv."
)

_STRANGERS = mark(
    "Not in the roster: {names}. If one of them is in it under another name, write it into a "
    "column 'alias' there."
)
_UNCLEAR = mark(
    "Several students have this name, so that it is not clear whose files these are: "
    "{names}. Fill in the platform's table with --fill, if it has e-mail addresses, or write the "
    "number into a column 'alias' of the roster."
)
_WEIGHTLESS = mark(
    "Exercises that --weights does not name, and that count nothing in the totals: {names}."
)


@dataclass(frozen=True)
class Total:
    """What a student has in all.

    Attributes
    ----------
    points : dict of str to float
        By exercise; without those that were not submitted.
    total, possible : float
        Of the exercises that count, by their weights.
    """

    student: Student
    points: dict[str, float]
    total: float
    possible: float

    @property
    def percent(self) -> float:
        """The total in percent."""
        return 100 * self.total / self.possible if self.possible else 0.0


def totals(book: ClassBook) -> list[Total]:
    """Add up what counts, student by student.

    With weights, an exercise counts its weight times the share of its points that was reached. If
    only the best exercises count, they are those with the highest shares, of those with a weight.
    """
    term, most = book.term, _possible(book)
    result = []
    for student in book.students:
        counted = {name: student.counted(name) for name in most}
        points = {name: entry.points for name, entry in counted.items() if entry}
        weights = {
            name: term.weights.get(name, 0.0) if term.weights else most[name] for name in most
        }
        shares = {name: points.get(name, 0.0) / most[name] if most[name] else 0.0 for name in most}
        weighty = (name for name in most if weights[name])  # the others count nothing
        chosen = sorted(weighty, key=lambda name: (-shares[name], -weights[name], name))
        chosen = chosen[: term.best or None]
        total = sum(weights[name] * shares[name] for name in chosen)
        result.append(Total(student, points, total, sum(weights[name] for name in chosen)))
    return result


def _possible(book: ClassBook) -> dict[str, float]:
    """Return the points of each exercise."""
    counted = (entry for entry in book.entries if entry.counts and entry.grade.exercise)
    return dict(sorted({entry.grade.exercise: entry.possible for entry in counted}.items()))


def as_csv(book: ClassBook, rows: Sequence[Total]) -> str:
    """Write the table; an exercise that was not submitted is an empty field."""
    names = list(_possible(book))
    head = ["student_id", "name", "email", "group", *names, "total", "possible", "percent"]
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*head, *(["passed"] if book.term.pass_mark else [])])
    for row in rows:
        who = row.student
        fields = [harmless(part) for part in (who.key, who.name, who.email, who.group)]
        fields += [number(row.points[name]) if name in row.points else "" for name in names]
        fields += [number(round(value, 2)) for value in (row.total, row.possible, row.percent)]
        if book.term.pass_mark:
            fields.append("yes" if passed(row, book) else "no")
        table.writerow(fields)
    return text.getvalue()


def _undated(book: ClassBook) -> list[Entry]:
    """Return the entries that count and have a deadline, and of which no time is known."""
    due = (e for e in book.entries if e.counts and e.grade.file and e.lateness.due)
    return [entry for entry in due if not entry.about.submitted and not entry.about.late]


def passed(row: Total, book: ClassBook) -> bool:
    """Whether a total reaches the pass mark."""
    return row.percent >= book.term.pass_mark - 1e-9


def sentences(book: ClassBook, rows: Sequence[Total]) -> list[str]:
    """Say who has submitted nothing, who is not in the roster, and how many have passed."""
    found = list(book.unknown)
    if nothing := [student.label for student in book.without_files()]:
        found.append(say("Nothing was submitted by {names}.", names=", ".join(nothing)))
    if undated := _undated(book):
        exercise = undated[0].grade.exercise[:2]
        found.append(say(_UNDATED, number=len(undated), exercise=exercise))
    names = _possible(book) if book.term.weights else {}
    if weightless := [name for name in names if name not in book.term.weights]:
        found.append(say(_WEIGHTLESS, names=", ".join(weightless)))
    strangers = {f"{one.name} ({one.key})": one.name for one in book.strangers()}
    unclear = [who for who, name in strangers.items() if book.term.roster.has(name)]
    if unclear:
        found.append(say(_UNCLEAR, names=", ".join(unclear)))
    if unknown := [who for who in strangers if who not in unclear]:
        found.append(say(_STRANGERS, names=", ".join(unknown)))
    if book.term.pass_mark and rows:
        reached = sum(passed(row, book) for row in rows)
        found.append(
            say(
                "{reached} of {all} reach the pass mark of {mark} percent.",
                reached=reached,
                all=len(rows),
                mark=number(book.term.pass_mark),
            )
        )
    return found
