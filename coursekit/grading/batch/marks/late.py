"""Late work: deadlines, when a file was submitted, and what a rule takes off for it."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from coursekit.grading.batch.base.csv_text import CsvText
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.judge.verdict import number
from coursekit.language import join, say, say_n

_HEADINGS = ("exercise", "deadline", "student")
_DAY = timedelta(days=1)
_AMOUNT = r"(\d+(?:\.\d+)?)(%?)"


@dataclass(frozen=True)
class Deadline:
    """When an exercise is due: for one student, or for all where `student` is empty."""

    exercise: str
    time: str  # ISO 8601, with the offset from UTC
    student: str = ""


def read_deadlines(path: Path, course: Course) -> list[Deadline]:
    """Read a table with the columns ``exercise``, ``deadline`` and, where needed, ``student``.

    Raises
    ------
    CourseError
        If it can't be read, or a row has no exercise of the course or no time.
    """
    table = CsvText.at(path)
    names = [heading.casefold() for heading in table.headings]
    if missing := {"exercise", "deadline"} - set(names):
        raise CourseError(say("{path} has no column {column}.", path=path, column=min(missing)))
    places = [names.index(name) if name in names else -1 for name in _HEADINGS]
    deadlines = []
    for row in range(1, len(table.rows)):
        exercise, time, student = (table.field(row, p) if p >= 0 else "" for p in places)
        if not exercise and not time:
            continue
        try:
            due = datetime.fromisoformat(time)
        except ValueError as error:
            raise CourseError(
                say(
                    "{path}: {time!r} is not a time; write it as 2026-11-23 23:59.",
                    path=path,
                    time=time,
                )
            ) from error
        if re.fullmatch(r"[\d-]+", time):  # a date alone: the day's last second
            due += _DAY - timedelta(seconds=1)
        name = course.name(exercise)
        deadlines.append(Deadline(name, due.astimezone().isoformat(), student))
    return deadlines


@dataclass(frozen=True)
class LateRule:
    """What late work costs.

    Attributes
    ----------
    text : str
        The rule as the teacher wrote it.
    a_day, at_most : float
        Taken off for each day begun, and in all; a share of all points if it ends in a percent
        sign, else points.
    a_day_share, at_most_share : bool
        Whether they are shares.
    refused_after : float
        Days after which nothing counts; infinite if that is never.
    """

    text: str
    a_day: float = 0.0
    a_day_share: bool = False
    at_most: float = math.inf
    at_most_share: bool = False
    refused_after: float = math.inf

    @classmethod
    def parse(cls, text: str) -> "LateRule":
        """Read a rule: ``10%/day, max 50%, refuse after 7``, or a part of that.

        Raises
        ------
        CourseError
            If it is something else.
        """
        found: dict[str, float | bool] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            if match := re.fullmatch(_AMOUNT + r" ?(?:/|a|per) ?day", part):
                found |= {"a_day": float(match[1]), "a_day_share": match[2] == "%"}
            elif match := re.fullmatch(r"(?:max|at most) " + _AMOUNT, part):
                found |= {"at_most": float(match[1]), "at_most_share": match[2] == "%"}
            elif match := re.fullmatch(r"refuse(?: after (\d+)(?: days?)?)?", part):
                found["refused_after"] = float(match[1] or 0)
            else:
                raise CourseError(
                    say(
                        "{rule!r} is not a rule for late work: write one such as '10%/day', "
                        "'2/day, max 6', 'refuse', or '10%/day, refuse after 7'.",
                        rule=part,
                    )
                )
        return cls(text, **found)  # type: ignore[arg-type]

    def deduction(self, days: int, points: float, possible: float) -> float:
        """Return what is taken off points, for so many days begun, of all that are possible."""
        if days > self.refused_after:
            return points
        share = possible / 100
        off = days * self.a_day * (share if self.a_day_share else 1.0)
        return min(off, self.at_most * (share if self.at_most_share else 1.0), points)


@dataclass(frozen=True)
class Lateness:
    """How late a file is, and what that costs.

    Attributes
    ----------
    submitted, due : str
        ISO 8601; `submitted` is empty if only the platform says that it is late.
    days : int
        Days begun after the deadline; 0 if it is in time.
    deduction : float
        Points taken off.
    refused : bool
        Whether nothing counts for being late.
    by_file : bool
        Whether `submitted` is only the date of the file.
    """

    submitted: str = ""
    due: str = ""
    days: int = 0
    deduction: float = 0.0
    refused: bool = False
    by_file: bool = False

    def in_words(self) -> str:
        """Return sentences for the student; an empty string if it is in time."""
        if not self.days:
            return ""
        if self.due and self.submitted:
            sentence = self._days_in_words()
        else:
            sentence = say("The learning platform marks this file as late.")
        if self.refused:
            return join(sentence, say("Late work is not accepted: it counts 0 points."))
        if self.deduction:
            off = say("Points taken off for this: {points}.", points=number(self.deduction))
            return join(sentence, off)
        return sentence

    def _days_in_words(self) -> str:
        times = {"submitted": shown(self.submitted), "due": shown(self.due)}
        if self.by_file:
            return say_n(
                self.days,
                "The file's date is {submitted}, after the deadline {due}: {n} day late.",
                "The file's date is {submitted}, after the deadline {due}: {n} days late.",
                **times,
            )
        return say_n(
            self.days,
            "Submitted {submitted}, after the deadline {due}: {n} day late.",
            "Submitted {submitted}, after the deadline {due}: {n} days late.",
            **times,
        )


def shown(time: str) -> str:
    """Format a time for people, in this machine's time zone."""
    return datetime.fromisoformat(time).astimezone().strftime("%Y-%m-%d %H:%M")


def lateness(
    submitted: str, marked_late: bool, due: str, rule: LateRule | None, points: float, most: float
) -> Lateness:
    """Find how late a file is, and what the rule takes off; without a rule that is nothing.

    If only the platform marks it as late, it is one day late, because nothing says how late.
    """
    days = 0
    if due and submitted:
        after = datetime.fromisoformat(submitted) - datetime.fromisoformat(due)
        days = math.ceil(after / _DAY)
    if days <= 0 and marked_late:
        days, submitted = 1, ""
    days = max(days, 0)
    if not days:
        return Lateness(submitted, due)
    off = rule.deduction(days, points, most) if rule else 0.0
    refused = rule is not None and days > rule.refused_after
    return Lateness(submitted, due, days, off, refused)


def due_for(deadlines: Sequence[Deadline], exercise: str, student: str = "") -> tuple[str, bool]:
    """Return when an exercise is due for a student, and whether that is the student's own time."""
    mine = [d for d in deadlines if d.exercise == exercise]
    own = [d.time for d in mine if d.student and d.student == student]
    everybody = [d.time for d in mine if not d.student]
    return (own or everybody or [""])[-1], bool(own)
