"""Marks get into Moodle's and Canvas's tables, and nothing else in them changes."""

import csv
import io

import pytest
from hypothesis import given, strategies as st

from coursekit.grading.batch.lms_table import fill
from coursekit.grading.course.paths import CourseError

MOODLE = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments\r\n"
    'Participant 17,"Lovelace, Ada",ada@example.org,"Submitted, graded",,10.00,""\r\n'
    'Participant 18,"Turing ""the"" Alan",alan@example.org,Draft,3.00,10.00,"two\nlines, comma"\r\n'
    "Participant 19,Grace Hopper,grace@example.org,No submission,,10.00,\r\n"
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Exercise 01 (4711),Final Score\n"
    "    Points Possible,,,,,20.00,(read only)\n"
    '"Lovelace, Ada",17,,ada,One,,\n'
    '"Turing, Alan",18,,alan,One,2.0,\n'
)


def changed(before, after):
    """The fields that differ, by row and column."""
    rows = [list(csv.reader(io.StringIO(text, newline=""))) for text in (before, after)]
    assert [len(row) for row in rows[0]] == [len(row) for row in rows[1]]
    return {
        (i, j): new
        for i, (old_row, new_row) in enumerate(zip(*rows, strict=True))
        for j, (old, new) in enumerate(zip(old_row, new_row, strict=True))
        if old != new
    }


def test_moodles_table():
    filled = fill(MOODLE.encode(), {"17": 4.5, "18": 3.25, "99": 1.0}, possible=10)
    text = filled.content.decode()
    assert changed(MOODLE, text) == {(1, 4): "4.5", (2, 4): "3.25"}
    # Byte for byte, but for the two marks.
    expected = MOODLE.replace('graded",,', 'graded",4.5,').replace("Draft,3.00", "Draft,3.25")
    assert text == expected
    assert filled.missing == ["99"]
    assert filled.rows_without_submission == ["19"]


def test_canvas_table_is_scaled_to_its_points():
    filled = fill(CANVAS.encode(), {"17": 5.0, "18": 10.0}, possible=10, column="Exercise 01")
    assert changed(CANVAS, filled.content.decode()) == {(2, 5): "10", (3, 5): "20"}
    assert filled.missing == filled.rows_without_submission == []


def test_decimal_commas_quotes_and_semicolons_stay():
    table = 'Identifier;Grade;Maximum Grade\nParticipant 1;"0,00";10,00\nParticipant 2;;10,00\n'
    filled = fill(table.encode(), {"1": 2.5, "2": 1.25}, possible=10)
    assert filled.content.decode() == table.replace('"0,00"', '"2,5"').replace("2;;", "2;1,25;")
    commas = 'Identifier,Grade\nParticipant 1,"0,00"\nParticipant 2,\n'
    filled = fill(commas.encode(), {"1": 2.5, "2": 1.25}, possible=10)
    assert filled.content.decode() == commas.replace('"0,00"', '"2,5"').replace(
        "2,\n", '2,"1,25"\n'
    )


def test_quotation_marks_and_line_ends_within_fields_stay():
    table = (
        "Full name,Identifier,Grade,Comment\r\n\r\n"
        '5" disk,Participant 1,,"a ""b"", c\nd"\r\n'
        '"x\r\ny, ""z""",Participant 2,"","e\nf"\r\n'
        "last,Participant 3,"
    )
    filled = fill(table.encode(), {"1": 1, "2": 2, "3": 3}, possible=10)
    expected = table.replace("1,,", "1,1,").replace('2,""', '2,"2"') + "3"
    assert filled.content.decode() == expected


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_utf_16_stays_utf_16(order):
    content = MOODLE.encode(order)
    filled = fill(content, {"17": 4.5}, possible=10)
    assert filled.content == MOODLE.replace('graded",,', 'graded",4.5,').encode(order)


@pytest.mark.parametrize(
    ("content", "column", "says"),
    [
        (b"", None, "is empty"),
        (b"\xff\xfe\x00", None, "neither in UTF-8 nor in UTF-16"),
        (b"\xe9,Grade\n", None, "neither in UTF-8 nor in UTF-16"),
        (b'Identifier,Grade\n17,"' + b"x" * 200_000 + b'"\n', None, "can't be read: field larger"),
        (b"name,Grade\nAda,1\n", None, "no column Identifier or ID"),
        (CANVAS.encode(), None, "no column 'Grade'"),
        (b"ID,Exercise 1 a,Exercise 1 b\n", "Exercise 1", "more than one column"),
    ],
)
def test_what_is_not_understood_is_told(content, column, says):
    with pytest.raises(CourseError, match=says):
        fill(content, {"17": 1.0}, possible=10, column=column)


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), max_size=8)


@given(st.lists(st.tuples(cells, cells, cells), max_size=6), st.sampled_from(["\r\n", "\n"]))
def test_any_table_that_csv_writes_changes_in_the_marks_alone(rows, end):
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator=end)
    table.writerow(["Identifier", "Full name", "Grade", "Feedback comments"])
    for number, (name, grade, comment) in enumerate(rows):
        table.writerow([f"Participant {number}", name, grade.replace(",", ""), comment])
    before = text.getvalue()
    points = {str(number): 7.5 for number in range(0, len(rows), 2)}
    after = fill(before.encode(), points, possible=10).content.decode()
    assert set(changed(before, after).values()) <= {"7.5"}
    assert {i for i, _ in changed(before, after)} <= {int(n) + 1 for n in points}
    filled = list(csv.reader(io.StringIO(after, newline="")))
    assert all(filled[int(number) + 1][2] == "7.5" for number in points)
