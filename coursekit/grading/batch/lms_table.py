"""Marks filled into the table that Moodle or Canvas exported, every other byte as it was."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from coursekit.grading.course.paths import CourseError

_IDS = ("Identifier", "ID")  # Moodle's column of students, and Canvas's
_POINTS_POSSIBLE = "Points Possible"  # Canvas's second row


@dataclass(frozen=True)
class _Field:
    """One field of a table: what it says, and where it stands in the text."""

    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Filled:
    """A filled table.

    Attributes
    ----------
    content : bytes
        The file.
    missing : list of str
        Students with a mark and no row.
    without : list of str
        Rows of students without a mark, left as they were.
    """

    content: bytes
    missing: list[str]
    without: list[str]


def fill(
    content: bytes, points: Mapping[str, float], possible: float, column: str | None = None
) -> Filled:
    """Fill marks into a table.

    Where the table says how many points its column has (Moodle's "Maximum Grade", Canvas's row
    "Points Possible"), marks are scaled to that.

    Parameters
    ----------
    content : bytes
        The file that was exported, as it is.
    points : mapping of str to float
        By the student's number.
    possible : float
        All points.
    column : str, optional
        The column's heading, or how it begins; default: Moodle's "Grade".

    Raises
    ------
    CourseError
        If the table is not understood.
    """
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise CourseError("The table's text is neither UTF-8 nor UTF-16.") from error
    start = 1 if text.startswith("\ufeff") else 0
    head = text[start:].split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    rows = list(_rows(text, start, separator))
    if not rows:
        raise CourseError("The table is empty.")
    names = [field.value.strip() for field in rows[0]]
    id_column = next((names.index(name) for name in _IDS if name in names), None)
    if id_column is None:
        raise CourseError(f"The table has no column {' or '.join(_IDS)}: {', '.join(names)}.")
    mark_column = _find(names, column or "Grade")
    scale = _scales(rows, names, mark_column)
    edits: list[tuple[_Field, str]] = []
    seen, without = set(), []
    for row in rows[1:]:
        if len(row) <= max(id_column, mark_column) or _POINTS_POSSIBLE in row[0].value:
            continue
        student = re.sub(r"^\D*", "", row[id_column].value.strip())  # "Participant 1234567"
        if student in points:
            seen.add(student)
            full = scale(row)
            scaled = points[student] * (full / possible if full and possible else 1.0)
            edits.append((row[mark_column], f"{round(scaled, 2):g}"))
        elif student:
            without.append(student)
    if any("," in row[mark_column].value for row in rows[1:] if len(row) > mark_column):
        edits = [(field, mark.replace(".", ",")) for field, mark in edits]
    for field, mark in reversed(edits):
        quoted = text[field.start : field.start + 1] == '"' or separator in mark
        text = text[: field.start] + (f'"{mark}"' if quoted else mark) + text[field.end :]
    if encoding == "utf-16":  # which writes its mark of the byte order itself, in this machine's
        order = "utf-16-le" if content[:2] == b"\xff\xfe" else "utf-16-be"
        return Filled(content[:2] + text.encode(order), sorted(set(points) - seen), without)
    return Filled(text.encode(encoding), sorted(set(points) - seen), without)


def _rows(text: str, start: int, separator: str) -> Iterator[list[_Field]]:
    """Split a table into rows of fields; quoted ones may hold separators and line ends."""
    row: list[_Field] = []
    at = start
    while at < len(text):
        begin = at
        if text[at] == '"':
            at += 1
            while at < len(text) and (text[at] != '"' or text[at + 1 : at + 2] == '"'):
                at += 2 if text[at] == '"' else 1
            at += 1
            value = text[begin + 1 : at - 1].replace('""', '"')
        else:
            while at < len(text) and text[at] not in (separator, "\n", "\r"):
                at += 1
            value = text[begin:at]
        row.append(_Field(value, begin, at))
        if text[at : at + 1] == separator:
            at += 1
            if at == len(text):
                row.append(_Field("", at, at))
            continue
        at += 2 if text[at : at + 2] == "\r\n" else 1
        yield row
        row = []
    if row:
        yield row


def _find(names: list[str], column: str) -> int:
    found = [i for i, name in enumerate(names) if name == column]
    found = found or [i for i, name in enumerate(names) if name.startswith(column)]
    if len(found) != 1:
        what = "no column" if not found else "more than one column"
        raise CourseError(f"The table has {what} {column!r}; its columns are {', '.join(names)}.")
    return found[0]


def _scales(
    rows: list[list[_Field]], names: list[str], column: int
) -> Callable[[list[_Field]], float | None]:
    """How many points the column has, for each row."""
    if "Maximum Grade" in names:
        most = names.index("Maximum Grade")
        return lambda row: _number(row[most].value) if len(row) > most else None
    for row in rows[1:3]:
        if _POINTS_POSSIBLE in row[0].value and len(row) > column:
            full = _number(row[column].value)
            return lambda row: full
    return lambda row: None


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None
