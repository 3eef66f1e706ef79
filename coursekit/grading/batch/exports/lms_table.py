"""Points filled into the table that Moodle or Canvas exported, every other byte unchanged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from coursekit.grading.batch.base.csv_text import CsvText
from coursekit.grading.batch.base.platform_words import NO_MARK, columns
from coursekit.grading.batch.exports.table_places import Choice, Places, value
from coursekit.grading.batch.marks.people import Finder, identifiers, name_in
from coursekit.grading.batch.marks.teams import Teams


@dataclass(frozen=True)
class Mark:
    """What is filled in for one student.

    Attributes
    ----------
    label : str
        What messages call the student.
    ids : tuple of str
        All ids: of the platform, e-mail, numbers, login.
    name : str
        The student's name.
    points : float or None
        Reached; None if no file could be read.
    possible : float
        All points.
    comment : str
        For the column of comments.
    """

    label: str
    ids: tuple[str, ...]
    name: str
    points: float | None
    possible: float
    comment: str = ""


@dataclass
class Filled:
    """A filled table.

    Attributes
    ----------
    content : bytes
        The file.
    columns : str
        Which columns were used and what the maximum was, as a sentence.
    missing : list of str
        Students with points and no row.
    unread : list of str
        Students whose files could not be read; they get a comment and no mark.
    kept : list of str
        Students whose row has another mark already, which stays.
    unclear : list of str
        Students who fit several rows, or whose row fits several students.
    rows_without_submission : list of str
        Students with a row and no points; their rows are unchanged.
    """

    content: bytes = b""
    columns: str = ""
    missing: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    rows_without_submission: list[str] = field(default_factory=list)


def fill(content: bytes, marks: Sequence[Mark], choice: Choice | None = None) -> Filled:
    """Fill marks into a table, scaled to the table's own maximum.

    The columns are found by the platforms' words for them (`platform_words`), or else by what
    is in them, or are given.

    Parameters
    ----------
    content : bytes
        The exported file.
    marks : sequence of Mark
        Of all students with points.
    choice : Choice, optional
        What the teacher says about the table.

    Raises
    ------
    CourseError
        If the table has no such column, no maximum is known, or two are.
    """
    choice = choice or Choice()
    table = CsvText(content)
    places = Places(table, choice, {number for mark in marks for number in mark.ids})
    rows, result = _rows_of(table, places, marks)
    result.columns = places.in_words()
    for row, mark in rows.items():
        there = table.field(row, places.mark)
        number = there if mark.points is None else _scaled(mark.points, mark.possible, places, row)
        if value(there) != value(number):
            if there not in NO_MARK and not choice.overwrite:
                result.kept.append(mark.label)
                continue
            table.replace(row, places.mark, number)
        if mark.points is None:
            result.unread.append(mark.label)
        column = places.comment
        if not mark.comment or column is None:
            continue
        if table.field(row, column) in NO_MARK or choice.overwrite:
            table.replace(row, column, mark.comment)
    result.content = table.content()
    return result


def teams(table: CsvText, rows: Iterable[int]) -> Teams[int]:
    """Return the rows of the groups' members, in a table with a column of groups."""
    places = columns(table.headings)
    return Teams(
        (row, name_in(table, row, places), table.field(row, places["group"]))
        for row in rows
        if "group" in places
    )


def _scaled(points: float, possible: float, places: Places, row: int) -> str:
    """Write a mark of the table's own scale, as numbers are written there."""
    number = f"{round(points * places.maximum(row) / possible, 2):g}" if possible else "0"
    return number.replace(".", ",") if places.comma else number


def _rows_of(
    table: CsvText, places: Places, marks: Sequence[Mark]
) -> tuple[dict[int, Mark], Filled]:
    """Find each student's row: by the id, e-mail, number or login, or else by the name.

    A group's rows are those of its members.
    """
    members = teams(table, places.students())
    of_groups: dict[int, Mark] = {}
    finder: Finder[int] = Finder()
    for number, mark in enumerate(marks):
        rows = members.of(mark.name)
        of_groups |= dict.fromkeys(rows, mark)
        if not rows:
            finder.add(number, mark.ids, mark.name)
    owners: dict[int, set[int]] = {}
    by_name: dict[int, set[int]] = {}
    known, result = places.known, Filled()
    column = known.get("id") if places.id is None else places.id
    own_ids = None if column is None else identifiers(table, column)
    for row in places.students():
        if row in of_groups:
            continue
        own = own_ids[row] if own_ids else ("",)
        ids: list[str] = []
        name = own[-1]
        if places.id is None:
            ids = [table.field(row, known[r]) for r in ("email", "number", "login") if r in known]
            name = name_in(table, row, known) or name
        found = finder.by_id(own[0]) or finder.by_id(own[-1]) or finder.by_id(*ids)
        if found:
            owners[row] = found
        elif found := finder.by_name(name):
            by_name[row] = found
        elif name:
            result.rows_without_submission.append(name)
    certain = set().union(*owners.values())
    owners |= {row: found - certain for row, found in by_name.items() if found - certain}
    filled = of_groups
    for number, mark in enumerate(marks):
        if members.of(mark.name):
            continue
        rows = [row for row, found in owners.items() if number in found]
        if not rows:
            result.missing.append(mark.label)
        elif len(rows) > 1 or len(owners[rows[0]]) > 1:
            result.unclear.append(mark.label)
        else:
            filled[rows[0]] = mark
    return dict(sorted(filled.items())), result
