"""Points filled into the table that Moodle or Canvas exported, every other byte unchanged."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from coursekit.grading.course.paths import CourseError

_IDS = ("Identifier", "ID")  # Moodle's column of students, and Canvas's
_POINTS_POSSIBLE = "Points Possible"  # Canvas's second row


@dataclass(frozen=True)
class Filled:
    """A filled table.

    Attributes
    ----------
    content : bytes
        The file.
    missing : list of str
        Students with points and no row.
    rows_without_submission : list of str
        Students with a row and no points; their rows are unchanged.
    """

    content: bytes
    missing: list[str]
    rows_without_submission: list[str]


def fill(
    content: bytes, points: Mapping[str, float], possible: float, column: str | None = None
) -> Filled:
    """Fill points into a table.

    If the table contains the column's maximum (Moodle's "Maximum Grade", Canvas's row "Points
    Possible"), points are scaled to it.

    Parameters
    ----------
    content : bytes
        The exported file.
    points : mapping of str to float
        By the student's id.
    possible : float
        The maximum of `points`.
    column : str, optional
        The column's heading, or its beginning; default: Moodle's "Grade".

    Raises
    ------
    CourseError
        If the table has another form.
    """
    orders = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
    encoding = orders.get(content[:2], "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise CourseError("The table is encoded neither in UTF-8 nor in UTF-16.") from error
    lines = list(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    separator = max(",;\t", key="".join(lines[:1]).count)
    reader = csv.reader(lines, delimiter=separator)
    rows, ends = [], [0]
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error as error:
        raise CourseError(f"The table can't be read: {error}.") from error
    if not rows:
        raise CourseError("The table is empty.")
    names = [name.strip() for name in rows[0]]
    id_column = next((names.index(name) for name in _IDS if name in names), None)
    if id_column is None:
        raise CourseError(f"The table has no column {' or '.join(_IDS)}: {', '.join(names)}.")
    column_of_points = _find(names, column or "Grade")
    scale = _scales(rows, names, column_of_points)
    last = max(id_column, column_of_points)
    comma = any("," in row[column_of_points] for row in rows[1:] if len(row) > last)
    seen, without = set(), []
    for place, row in enumerate(rows[1:], 1):
        if len(row) <= last or _POINTS_POSSIBLE in row[0]:
            continue
        student = re.sub(r"^\D*", "", row[id_column].strip())  # "Participant 1234567"
        if student in points:
            seen.add(student)
            full = scale(row)
            scaled = points[student] * (full / possible if full and possible else 1.0)
            number = f"{round(scaled, 2):g}".replace(".", "," if comma else ".")
            first, end = ends[place : place + 2]
            text_of_row = "".join(lines[first:end])
            lines[first] = _replaced(text_of_row, column_of_points, number, separator)
            lines[first + 1 : end] = [""] * (end - first - 1)
        elif student:
            without.append(student)
    filled = text[: text.startswith("\ufeff")] + "".join(lines)
    return Filled(filled.encode(encoding), sorted(set(points) - seen), without)


def _replaced(row: str, column: int, value: str, separator: str) -> str:
    """Replace one field in the text of a row, and keep every other character of it."""
    starts = [0]  # of the fields; the csv module tells separators from those within quotes
    for found in re.finditer(re.escape(separator), row):
        try:
            list(csv.reader([row[: found.start()]], delimiter=separator, strict=True))
        except csv.Error:
            continue
        starts.append(found.end())
    start = starts[column]
    end = starts[column + 1] - 1 if column + 1 < len(starts) else len(row.rstrip("\r\n"))
    if row[start : start + 1] == '"' or separator in value:
        value = f'"{value}"'
    return row[:start] + value + row[end:]


def _find(names: list[str], column: str) -> int:
    found = [i for i, name in enumerate(names) if name == column]
    found = found or [i for i, name in enumerate(names) if name.startswith(column)]
    if len(found) != 1:
        what = "no column" if not found else "more than one column"
        raise CourseError(f"The table has {what} {column!r}; its columns are {', '.join(names)}.")
    return found[0]


def _scales(
    rows: list[list[str]], names: list[str], column: int
) -> Callable[[list[str]], float | None]:
    """Find the maximum of the column of points, which may depend on the row."""
    if "Maximum Grade" in names:
        most = names.index("Maximum Grade")
        return lambda row: _number(row[most]) if len(row) > most else None
    for row in rows[1:3]:
        if len(row) > column and _POINTS_POSSIBLE in row[0]:
            full = _number(row[column])
            return lambda row: full
    return lambda row: None


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None
