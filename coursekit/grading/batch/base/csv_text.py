"""A CSV file of which single fields can be replaced while every other byte stays as it is."""

import csv
import io
import re
from pathlib import Path
from unicodedata import normalize

from coursekit.grading.batch.base import platform_words
from coursekit.grading.course.paths import CourseError, reading
from coursekit.language import mark, say

_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}  # byte order marks
_HEAD = re.compile("^\ufeff?(sep=.\r?\n)?", re.IGNORECASE)  # Excel's line on the separator too
_OF_SPREADSHEETS = ("cp1251", "cp1252", "gb18030")  # what Excel writes for Russian, German, Chinese


class CsvText:
    """The rows of a CSV file, with accented letters as one character each, and its text.

    Parameters
    ----------
    content : bytes
        In UTF-8 or UTF-16, or in an encoding in which the headings are a platform's.

    Raises
    ------
    CourseError
        If it can't be read, is empty, or is not a CSV table.
    """

    def __init__(self, content: bytes) -> None:
        text, self._encoding = _decoded(content)
        table = _HEAD.sub("", text, count=1)
        self._head = text[: len(text) - len(table)]
        self._lines = list(io.StringIO(table, newline=""))
        self.separator = _separator(self._lines)
        reader = csv.reader(self._lines, delimiter=self.separator)
        self.rows: list[list[str]] = []
        self._ends = [0]
        try:
            for row in reader:
                self.rows.append([normalize("NFC", field) for field in row])
                self._ends.append(reader.line_num)
        except csv.Error as error:
            raise CourseError(
                say(
                    "The table can't be read: one of its fields has more than {n} characters. Is a "
                    "quotation mark missing?",
                    n=csv.field_size_limit(),
                )
            ) from error
        if not any(field.strip() for row in self.rows for field in row):
            raise CourseError(say("The table is empty."))
        self.headings = [" ".join(heading.split()) for heading in self.rows[0]]

    @classmethod
    def at(cls, path: Path) -> "CsvText":
        """Read a file.

        Raises
        ------
        CourseError
            If it can't be read, is empty, or is not a CSV table.
        """
        with reading(path):
            content = path.read_bytes()
        try:
            return cls(content)
        except CourseError as error:
            raise CourseError(say("{file}: {error}", file=path, error=error)) from error

    def field(self, row: int, column: int) -> str:
        """Return a field without spaces around it; it is empty where the row is too short."""
        fields = self.rows[row]
        return fields[column].strip() if column < len(fields) else ""

    def column(self, heading: str) -> int:
        """Find a column by its heading, or else by the beginning of it.

        Raises
        ------
        CourseError
            If there is none, or more than one.
        """
        names, heading = self.headings, normalize("NFC", heading)
        found = [i for i, name in enumerate(names) if name == heading]
        found = found or [i for i, name in enumerate(names) if name.startswith(heading)]
        if len(found) != 1:
            none = mark("The table has no column {heading!r}; its columns are {columns}.")
            several = mark(
                "The table has more than one column {heading!r}; its columns are {columns}."
            )
            columns = ", ".join(names)
            raise CourseError(say(several if found else none, heading=heading, columns=columns))
        return found[0]

    def replace(self, row: int, column: int, value: str) -> None:
        """Replace a field."""
        first, end = self._ends[row : row + 2]
        text = "".join(self._lines[first:end])
        self._lines[first] = _replaced(text, column, value, self.separator)
        self._lines[first + 1 : end] = [""] * (end - first - 1)

    def content(self) -> bytes:
        """Return the file as it is now."""
        return (self._head + "".join(self._lines)).encode(self._encoding)


def _decoded(content: bytes) -> tuple[str, str]:
    encoding = _MARKS.get(content[:2], "utf-8")
    if "\0" in content.decode(encoding, "replace"):  # a spreadsheet's own file, such as .xlsx
        raise CourseError(say("The file is not a CSV table: save it as CSV, in UTF-8."))
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError as error:
        for other in _OF_SPREADSHEETS if encoding == "utf-8" else ():
            text = content.decode(other, "replace")
            first = _HEAD.sub("", text, count=1).splitlines()[:1]
            headings = next(csv.reader(first, delimiter=_separator(first)), [])
            foreign = [heading for heading in headings if not heading.isascii()]
            if "\ufffd" not in text and any(map(platform_words.role, foreign)):
                return text, other
        raise CourseError(
            say("The table is encoded neither in UTF-8 nor in UTF-16: save it as CSV, in UTF-8.")
        ) from error


def _separator(lines: list[str]) -> str:
    headings = next(filter(str.strip, lines), "")
    return max(";\t,", key=headings.count)


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
    if row[start : start + 1] == '"' or re.search(rf'["\r\n{re.escape(separator)}]', value):
        value = '"' + value.replace('"', '""') + '"'
    return row[:start] + value + row[end:]
