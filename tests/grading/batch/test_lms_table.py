"""Marks get into Moodle's and Canvas's tables, and nothing else in them changes."""

import csv
import io

import pytest
from hypothesis import given, strategies as st

from coursekit.grading.batch.exports import lms_table
from coursekit.grading.batch.exports.lms_table import Mark
from coursekit.grading.batch.exports.table_places import Choice
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


NAMES = {"17": "Ada Lovelace", "18": "Alan Turing", "19": "Grace Hopper"}


def fill(content, points, possible=10, **choice):
    """Fill in the points of students with these ids."""
    marks = [Mark(id, (id,), NAMES.get(id, id), p, possible) for id, p in points.items()]
    return lms_table.fill(content, marks, Choice(**choice))


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
    filled = fill(MOODLE.encode(), {"17": 4.5, "18": 3.25, "99": 1.0}, overwrite=True)
    text = filled.content.decode()
    assert changed(MOODLE, text) == {(1, 4): "4.5", (2, 4): "3.25"}
    # Byte for byte, but for the two marks.
    expected = MOODLE.replace('graded",,', 'graded",4.5,').replace("Draft,3.00", "Draft,3.25")
    assert text == expected
    assert filled.missing == ["99"]
    assert filled.rows_without_submission == ["Grace Hopper"]


def test_a_mark_that_is_there_stays_unless_it_may_be_overwritten():
    filled = fill(MOODLE.encode(), {"17": 4.5, "18": 3.25})
    assert changed(MOODLE, filled.content.decode()) == {(1, 4): "4.5"}
    assert filled.kept == ["18"]
    same = fill(MOODLE.encode(), {"18": 3.0})
    assert (same.content.decode(), same.kept) == (MOODLE, [])


def test_canvas_table_is_scaled_to_its_points():
    filled = fill(CANVAS.encode(), {"17": 5.0, "18": 10.0}, overwrite=True)
    assert changed(CANVAS, filled.content.decode()) == {(2, 5): "10", (3, 5): "20"}
    assert filled.missing == filled.rows_without_submission == []


def test_decimal_commas_quotes_and_semicolons_stay():
    table = 'Identifier;Grade;Maximum Grade\nParticipant 1;"0,00";10,00\nParticipant 2;;10,00\n'
    filled = fill(table.encode(), {"1": 2.5, "2": 1.25}, overwrite=True)
    assert filled.content.decode() == table.replace('"0,00"', '"2,5"').replace("2;;", "2;1,25;")
    commas = 'Identifier,Grade\nParticipant 1,"0,00"\nParticipant 2,\n'
    filled = fill(commas.encode(), {"1": 2.5, "2": 1.25}, of=10, overwrite=True)
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
    filled = fill(table.encode(), {"1": 1, "2": 2, "3": 3}, of=10)
    expected = table.replace("1,,", "1,1,").replace('2,""', '2,"2"') + "3"
    assert filled.content.decode() == expected


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_utf_16_stays_utf_16(order):
    content = MOODLE.encode(order)
    filled = fill(content, {"17": 4.5})
    assert filled.content == MOODLE.replace('graded",,', 'graded",4.5,').encode(order)


@pytest.mark.parametrize(
    ("content", "column", "says"),
    [
        (b"", None, "is empty"),
        (b"\xff\xfe\x00", None, "neither in UTF-8 nor in UTF-16"),
        (b"\xe9,Grade\n", None, "neither in UTF-8 nor in UTF-16"),
        (
            b'Identifier,Grade\n17,"' + b"x" * 200_000 + b'"\n',
            None,
            "can't be read: one of its fields has more",
        ),
        (
            b"who,Grade\nAda,1\n",
            None,
            "students' ids with --id-column; the table's columns are who",
        ),
        (CANVAS.encode(), "Exercise 2", "no column 'Exercise 2'"),
        (CANVAS.replace("Final Score", "Two (9)").encode(), None, "marks with --mark-column"),
        (b"ID,Grade\n17,\n", None, "--of 100"),
        (b"ID,Exercise 1 a,Exercise 1 b\n", "Exercise 1", "more than one column"),
    ],
)
def test_what_is_not_understood_is_told(content, column, says):
    with pytest.raises(CourseError, match=says):
        fill(content, {"17": 1.0}, mark_column=column)


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
    after = fill(before.encode(), points, of=10, overwrite=True).content.decode()
    assert set(changed(before, after).values()) <= {"7.5"}
    assert {i for i, _ in changed(before, after)} <= {int(n) + 1 for n in points}
    filled = list(csv.reader(io.StringIO(after, newline="")))
    assert all(filled[int(number) + 1][2] == "7.5" for number in points)


# The tables of Moodle in its languages, as mod/assign/gradingtable.php writes them: the headings
# are the strings of the language packs, a mark that is not there is an empty field or a hyphen.
LANGUAGES = {
    "en": (
        "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
        "Last modified (submission),Last modified (grade),Feedback comments",
        "Participant 17,Ada Lovelace,a@u.example,Submitted for grading,,100.00,Yes,-,-,",
    ),
    "ru": (
        "Идентификатор,Полное имя,Адрес электронной почты,Статус,Оценка,Максимальная оценка,"
        "Оценка может быть изменена,Последнее изменение (ответ),Последнее изменение (оценка),"
        "Отзыв в виде комментария",
        'Участник17,Ada Lovelace,a@u.example,Отправлено для оценивания,-,"100,00",Да,-,-,',
    ),
    "de": (
        'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,'
        '"Bewertung kann geändert werden","Zuletzt geändert (Abgabe)",'
        '"Zuletzt geändert (Bewertung)","Feedback als Kommentar"',
        'Teilnehmer/in17,"Ada Lovelace",a@u.example,"Zur Bewertung abgegeben",,"100,00",Ja,-,-,',
    ),
    "fr": (
        'Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale",'
        '"La note peut être modifiée","Dernière modification (travail remis)",'
        '"Dernière modification (note)","Feedback par commentaires"',
        'Participant17,"Ada Lovelace",a@u.example,"Remis pour évaluation",,"100,00",Oui,-,-,',
    ),
    "es": (
        'Identificador,"Nombre completo","Dirección de correo",Estado,Calificación,'
        '"Calificación máxima","La calificación puede ser cambiada",'
        '"Última modificación (entrega)","Última modificación (calificación)",'
        '"Comentarios de retroalimentación"',
        'Participante17,"Ada Lovelace",a@u.example,"Enviado para calificar",,"100,00",Sí,-,-,',
    ),
    "zh": (
        "标识符,全名,电子邮件地址,状态,成绩,最高分,允许更改成绩,上次修改（作业）,上次修改（评分）,反馈意见",
        "参与人17,Ada Lovelace,a@u.example,已提交请评分,,100.00,是,-,-,",
    ),
    "hu": (  # a language whose words are not known: the columns are known by their content
        'Azonosító,"Teljes név",E-mail-cím,Állapot,Pont,"Legmagasabb pontszám",'
        '"A pont módosítható","Utolsó módosítás","Utolsó pontozás",Megjegyzések',
        'Résztvevő17,"Ada Lovelace",a@u.example,Leadva,,100.00,Igen,-,-,',
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("points", [18, 9.1])
def test_moodles_table_in_each_language_is_filled_and_scaled(language, points):
    """As asked for in https://github.com/sakaiproject/sakai/issues/3231."""
    table = "\ufeff" + "\n".join(LANGUAGES[language]) + "\n"
    mark = Mark("Ada", ("17",), "Ada Lovelace", points, 18, 'Well done,\n"all" of it.')
    after = lms_table.fill(table.encode(), [mark]).content.decode()
    comma = language in ("ru", "de", "fr", "es")
    expected = {(1, 4): {18: "100", 9.1: "50,56" if comma else "50.56"}[points]}
    if language != "hu":
        expected[1, 9] = mark.comment
    assert changed(table, after) == expected


@pytest.mark.parametrize("head", ["", "sep=;\r\n"])
def test_a_russian_table_that_a_spreadsheet_has_saved(head):
    table = "\r\n".join(LANGUAGES["ru"]).replace(',"100,00",', ";100,00;").replace(",", ";")
    table = table.replace("100;00", "100,00")
    filled = fill((head + table).encode("cp1251"), {"17": 5}).content.decode("cp1251")
    assert filled.startswith(head)
    assert changed_semicolons(table, filled.removeprefix(head)) == {(1, 4): "50"}


def test_headings_with_as_many_commas_as_semicolons():
    table = "Name, Vorname;Punkte\r\nLovelace, Ada;\r\n"
    filled = lms_table.fill(table.encode(), [Mark("Ada", (), "Ada Lovelace", 9, 18)],
                            Choice(mark_column="Punkte", id_column="Name", of=5))  # fmt: skip
    assert filled.content.decode() == table.replace("Ada;", "Ada;2.5")


def changed_semicolons(before, after):
    rows = [list(csv.reader(io.StringIO(t, newline=""), delimiter=";")) for t in (before, after)]
    return {
        (i, j): new
        for i, (old_row, new_row) in enumerate(zip(*rows, strict=True))
        for j, (old, new) in enumerate(zip(old_row, new_row, strict=True))
        if old != new
    }


def test_a_table_of_an_unknown_form_is_not_guessed():
    """A number that is the same for all is the maximum only to the right of the marks."""
    table = "Azonosító,Pont,Kor\nRésztvevő17,,20\nRésztvevő18,,20\n"
    filled = fill(table.encode(), {"17": 5}, mark_column="Pont")
    assert "full marks are 20" in filled.columns  # said, so that a teacher sees it
    other = "Azonosító,Pont,Csoport,Kor\nRésztvevő17,,A,20\nRésztvevő18,,B,20\n"
    with pytest.raises(CourseError, match="--of 100"):
        fill(other.encode(), {"17": 5}, mark_column="Pont")
    filled = fill(other.encode(), {"17": 5}, mark_column="Pont", of=30)
    assert changed(other, filled.content.decode()) == {(1, 1): "15"}


def test_other_numbers_that_are_the_same_for_all_are_no_maximum():
    """As in Moodle's columns of further data on people, which come before the marks."""
    table = (
        "Identifier,Full name,Phone,Department,Grade,Maximum grade\n"
        "Participant 17,Ada Lovelace,,12,,100.00\nParticipant 18,Alan Turing,,12,,100.00\n"
    )
    filled = fill(table.encode(), {"17": 5})
    assert changed(table, filled.content.decode()) == {(1, 4): "50"}


def test_of_must_not_contradict_the_table():
    with pytest.raises(CourseError, match=r"full marks in the table are 10, not 100: leave out"):
        fill(MOODLE.encode(), {"17": 1}, of=100)
    filled = fill(MOODLE.encode(), {"17": 1}, of=10)
    assert list(changed(MOODLE, filled.content.decode())) == [(1, 4)]


def test_a_scale_takes_no_points():
    table = MOODLE.replace("Maximum Grade", "Scale").replace("10.00", "Poor,Good".replace(",", "-"))
    with pytest.raises(CourseError, match=r"on a scale \(Scale\)"):
        fill(table.encode(), {"17": 1}, of=10)


# Moodle's gradebook (grade/export/txt): the course's students, and a column for each item.
GRADEBOOK = (
    '"First name","Last name","ID number",Institution,Department,"Email address",'
    '"Assignment: Exercise 01 (Real)","Assignment: Exercise 01 (Feedback)","Course total (Real)",'
    '"Last downloaded from this course"\n'
    "Ada,Lovelace,s17,,,ada@u.example,-,,-,1764441600\n"
    "Alan,Turing,s18,,,alan@u.example,55.00,,-,1764441600\n"
    "Alan,Turing,s19,,,turing@u.example,-,,-,1764441600\n"
)


def test_moodles_gradebook_is_filled_by_e_mail_or_name():
    ada = Mark("Ada", ("1234", "ADA@u.example"), "A. Lovelace", 9, 18)
    choice = Choice(mark_column="Assignment: Exercise 01 (Real)", of=100)
    filled = lms_table.fill(GRADEBOOK.encode(), [ada], choice)
    assert changed(GRADEBOOK, filled.content.decode()) == {(1, 6): "50"}
    by_name = Mark("Ada", ("1234",), "Lovelace, Ada", 9, 18)
    assert lms_table.fill(GRADEBOOK.encode(), [by_name], choice).content == filled.content
    with pytest.raises(CourseError, match="--of 100"):
        lms_table.fill(GRADEBOOK.encode(), [ada], Choice(mark_column=choice.mark_column))
    with pytest.raises(CourseError, match="--mark-column"):
        lms_table.fill(GRADEBOOK.encode(), [ada], Choice(of=100))


def test_a_name_of_two_rows_fills_neither():
    turing = Mark("Alan", ("18",), "Alan Turing", 9, 18)
    choice = Choice(mark_column="Assignment: Exercise 01 (Real)", of=100, overwrite=True)
    filled = lms_table.fill(GRADEBOOK.encode(), [turing], choice)
    assert (filled.content.decode(), filled.unclear) == (GRADEBOOK, ["Alan"])
    two = [Mark(id, (id,), "Ada Lovelace", 9, 18) for id in ("1", "2")]
    filled = lms_table.fill(GRADEBOOK.encode(), two, choice)
    assert (filled.content.decode(), filled.unclear) == (GRADEBOOK, ["1", "2"])


# Canvas's gradebook (lib/gradebook_exporter.rb), with a row for manual posting.
CANVAS_NOW = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Exercise 01 (4711),Exercise 02 (4712),"
    "Final Score\n"
    ",,,,,Manual Posting,,\n"
    "    Points Possible,,,,,20.00,10.00,(read only)\n"
    '"Lovelace, Ada",17,,ada,One,,3.00,\n'
    '"Turing, Alan",18,,alan,One,EX,3.00,\n'
    '"Hopper, Grace",19,,grace,One,12.50,3.00,\n'
    '"Student, Test",20,,test,One,,,\n'
)


def test_canvas_marks_and_ex_stay_unless_they_may_be_overwritten():
    points = {"17": 5.0, "18": 10.0, "19": 9.0}
    filled = fill(CANVAS_NOW.encode(), points, mark_column="Exercise 01")
    assert changed(CANVAS_NOW, filled.content.decode()) == {(3, 5): "10"}
    assert filled.kept == ["18", "19"]
    assert filled.rows_without_submission == ["Test Student"]
    filled = fill(CANVAS_NOW.encode(), points, mark_column="Exercise 01", overwrite=True)
    assert changed(CANVAS_NOW, filled.content.decode()) == {
        (3, 5): "10", (4, 5): "20", (5, 5): "18"
    }  # fmt: skip


def test_columns_may_be_named():
    table = "Matricola;Chi;Voto\n17;Ada;\n"
    filled = fill(table.encode(), {"17": 5}, id_column="Matricola", mark_column="Voto", of=30)
    assert filled.content.decode() == "Matricola;Chi;Voto\n17;Ada;15\n"


# Gradebooks whose headings contain the full marks.
@pytest.mark.parametrize(
    ("head", "row"),
    [
        (
            "Last Name,First Name,Username,Exercise 01 [Total Pts: {} Score] |47,"
            "Weighted Total [Total Pts: up to 90 Score] |3",
            "Lovelace,Ada,ada,MARK,",
        ),
        (
            "OrgDefinedId,Username,Exercise 01 Points Grade <Numeric MaxPoints:{}>,"
            "End-of-Line Indicator",
            "#17,#ada,MARK,#",
        ),
        ("Student ID,Name,Exercise 01 [{}],* Exercise 01", 'ada,"Lovelace, Ada",MARK,'),
    ],
    ids=["Blackboard", "Brightspace", "Sakai"],
)
@pytest.mark.parametrize("most", ["20", "2.5"])
def test_full_marks_in_a_heading(head, row, most):
    table = f"{head.format(most)}\n{row}\n"
    mark = Mark("Ada", ("ada",), "Ada L.", 9, 18)
    after = lms_table.fill(table.replace("MARK", "").encode(), [mark]).content.decode()
    assert after == table.replace("MARK", f"{float(most) / 2:g}")
    with pytest.raises(CourseError, match="leave out --of"):
        lms_table.fill(table.encode(), [mark], Choice(of=100))
