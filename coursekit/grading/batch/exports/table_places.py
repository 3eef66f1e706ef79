"""Where the ids, the marks, their maximum and the comments of a platform's table are."""

import re
from dataclasses import dataclass

from coursekit.grading.batch.base import platform_words
from coursekit.grading.batch.base.csv_text import CsvText
from coursekit.grading.batch.marks.people import number_in
from coursekit.grading.course.paths import CourseError
from coursekit.language import say

_NUMBER = re.compile(r"\d+([.,]\d+)?")
_CANVAS_COLUMN = re.compile(r".*\(\d+\)")  # an assignment: "Exercise 01 (4711)"
# Blackboard's "Exercise 01 [Total Pts: 18 Score] |4711", Brightspace's "Exercise 01 Points Grade
# <Numeric MaxPoints:18>", Sakai's "Exercise 01 [18]"; the totals are "up to" something.
_WITH_MAXIMUM = re.compile(r".*(?:\[Total Pts: |<Numeric MaxPoints:|\[)(\d+(?:[.,]\d+)?)[] >].*")
_OF_PEOPLE = {"id", "name", "last name", "email", "number", "login"}


@dataclass(frozen=True)
class Choice:
    """What the teacher says about a table; what is None is found in the table.

    Attributes
    ----------
    id_column, mark_column : str or None
        Headings, or their beginnings.
    of : float or None
        The maximum of the marks in the table.
    overwrite : bool
        Replace marks and comments that are there, and Canvas's ``EX``.
    """

    id_column: str | None = None
    mark_column: str | None = None
    of: float | None = None
    overwrite: bool = False


def value(text: str) -> float | None:
    """Read a number with a decimal point or comma; None if it is something else."""
    text = text.strip().replace(",", ".")
    return float(text) if _NUMBER.fullmatch(text) else None


class Places:
    """The columns of a table: found by their headings or their content, or given.

    Parameters
    ----------
    table : CsvText
        The table.
    choice : Choice
        What the teacher says about it.
    numbers : set of str
        The ids of students, which an unknown column of ids contains.

    Attributes
    ----------
    known : dict of str to int
        The columns whose headings are known, by role.
    id, comment : int or None
        The only column by which students are found, if there is one, and that of comments.
    mark : int
        The column to fill.
    comma : bool
        Whether numbers have decimal commas.

    Raises
    ------
    CourseError
        If a column can't be found, or the maximum of the marks is unknown or contradictory.
    """

    def __init__(self, table: CsvText, choice: Choice, numbers: set[str]) -> None:
        self._table, self._of = table, choice.of
        self.known = platform_words.columns(table.headings)
        self._body = [r for r in range(1, len(table.rows)) if any(table.rows[r])]
        maxima = (r for r in self._body[:2] if self._names_maxima(r))
        self._canvas = next(maxima, None)
        self.id: int | None = None
        if choice.id_column is not None:
            self.id = table.column(choice.id_column)
        elif not _OF_PEOPLE & set(self.known):
            self.id = self._by_content(numbers)
        self._most = self.known.get("maximum")
        has_ids = "id" in self.known or self.id is not None
        if self._most is None and self._canvas is None and has_ids:
            self._most = self._constant_column()
        self.mark = self._mark(choice.mark_column)
        if self._most is not None and "maximum" not in self.known and self._most != self.mark + 1:
            self._most = None
        heading = _WITH_MAXIMUM.fullmatch(table.headings[self.mark])
        self._of_heading = value(heading[1]) if heading else None
        self.comment = self.known.get("comment")
        self._check_maximum()
        shown = [self.mark] if self._most is None else [self.mark, self._most]
        self.comma = any("," in table.field(row, column) for row in self._body for column in shown)

    def _names_maxima(self, row: int) -> bool:
        return self._table.field(row, 0).casefold() == platform_words.POINTS_POSSIBLE

    def students(self) -> list[int]:
        """Return the rows of students."""
        last = max(self.mark, self.id or 0)
        first = (self._canvas or 0) + 1  # above Canvas's maxima there may be a row "Manual Posting"
        return [r for r in self._body if r >= first and len(self._table.rows[r]) > last]

    def _mark(self, given: str | None) -> int:
        table = self._table
        if given is not None:
            return table.column(given)
        if "mark" in self.known:
            return self.known["mark"]
        for form in (_CANVAS_COLUMN, _WITH_MAXIMUM):
            ours = [i for i, name in enumerate(table.headings) if form.fullmatch(name)]
            if len(ours) == 1:
                return ours[0]
        if self._most and not ours:  # Moodle writes the maximum to the right of the mark
            return self._most - 1
        raise CourseError(
            say(
                "Name the column of marks with --mark-column; the table's columns are {columns}.",
                columns=", ".join(table.headings),
            )
        )

    def _by_content(self, numbers: set[str]) -> int:
        """Find Moodle's identifiers by the students' numbers in a column of an unknown name."""
        table = self._table
        for column in range(len(table.headings)):
            cells = [table.field(row, column) for row in self._body]
            known = any(number_in(cell) in numbers for cell in cells)
            if known and all(re.fullmatch(r"\D+\d+", cell) for cell in cells):
                return column
        raise CourseError(
            say(
                "Name the column of students' ids with --id-column; the table's columns are "
                "{columns}.",
                columns=", ".join(table.headings),
            )
        )

    def _constant_column(self) -> int | None:
        """Find a column with the same number in all rows, and none above it to its left."""
        for column in range(1, len(self._table.headings)):
            values = {value(self._table.field(row, column)) for row in self._body}
            most = values.pop() if len(values) == 1 else None
            marks = [self._table.field(row, column - 1) for row in self._body]
            given = [value(mark) for mark in marks if mark not in platform_words.NO_MARK]
            if most and all(mark is not None and mark <= most for mark in given):
                return column
        return None

    def _check_maximum(self) -> None:
        table = self._table
        if "scale" in self.known and self._most is None:
            heading = table.headings[self.known["scale"]]
            raise CourseError(
                say(
                    "The table's marks are on a scale ({heading}), so that points don't fit "
                    "into it.",
                    heading=heading,
                )
            )
        found = {self._in_table(row) for row in self.students()}
        if self._of is None and found & {None, 0.0}:
            raise CourseError(
                say("The table does not contain the full marks: give them, such as --of 100.")
            )
        named = "maximum" in self.known or self._canvas is not None or self._of_heading is not None
        other = {most for most in found if most and most != self._of}
        if self._of is not None and named and other:
            raise CourseError(
                say(
                    "The full marks in the table are {found:g}, not {given:g}: leave out --of.",
                    found=max(other),
                    given=self._of,
                )
            )

    def _in_table(self, row: int) -> float | None:
        table = self._table
        if self._of_heading is not None:
            return self._of_heading
        if self._canvas is not None:
            return value(table.field(self._canvas, self.mark))
        return value(table.field(row, self._most)) if self._most is not None else None

    def maximum(self, row: int) -> float:
        """Return the maximum of the mark in a row."""
        return self._of if self._of is not None else self._in_table(row) or 0.0

    def in_words(self) -> str:
        """Return a sentence about the column that is filled, and the full marks."""
        mark = self._table.headings[self.mark]
        numbers = sorted({self.maximum(row) for row in self.students()})
        most = ", ".join(f"{number:g}" for number in numbers)
        return say(
            "The column {column!r} of the table was filled; full marks are {most}.",
            column=mark,
            most=most,
        )
