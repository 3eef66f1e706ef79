"""A class over a term: who is who, what is late, which file counts, totals, marks by hand."""

import csv
import io
import re
import zipfile
from dataclasses import replace

import pytest

from coursekit.grading.batch.base.records import About, Grade, TaskGrade, TestGrade
from coursekit.grading.batch.exports import reports, totals, upload
from coursekit.grading.batch.exports.screen import as_table
from coursekit.grading.batch.exports.table_places import Choice
from coursekit.grading.batch.exports.table_to_fill import Table
from coursekit.grading.batch.exports.teachers_pages import summary
from coursekit.grading.batch.exports.written import write_all
from coursekit.grading.batch.hand_ins.times import moodle_time, nbgrader_time
from coursekit.grading.batch.marks.class_book import ClassBook
from coursekit.grading.batch.marks.counted import with_withdrawn
from coursekit.grading.batch.marks.entry import Override
from coursekit.grading.batch.marks.gradebook import Gradebook
from coursekit.grading.batch.marks.gradebook_file import BOOK
from coursekit.grading.batch.marks.late import LateRule
from coursekit.grading.batch.marks.term import Term
from coursekit.grading.batch.override import checked, from_table, override
from coursekit.grading.course.paths import CourseError, find_course
from coursekit.grading.judge.reference import solution

COURSE = find_course()
FIRST, SECOND, THIRD = (COURSE.name(number) for number in ("01", "02", "03"))

# Moodle's list of participants, and the roster of somebody's own: both are read.
PARTICIPANTS = (
    '\ufeff"First name","Last name","ID number","Email address",Groups\n'
    "Ada,Lovelace,s1,ada@u.example,A\nAlan,Turing,s2,alan@u.example,A\n"
    'Grace,Hopper,s3,grace@u.example,B\n"Анна","Абель",s4,anna@u.example,B\n'
)


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / BOOK) as book:
        yield book


def graded(exercise, share, student, name, file=None, **about):
    """A grade with this share of all points, in the first tasks."""
    tasks = [TaskGrade(t.id, t.title, t.points * share, t.points, "done")
             for t in solution(COURSE, exercise).tasks.values()]  # fmt: skip
    return Grade(student, name, file or f"{exercise}.ipynb", exercise, tasks), About(**about)


def put(book, *grades):
    for grade, about in grades:
        book.put(grade, "key", about)


def with_roster(book, tmp_path, text=PARTICIPANTS, **settings):
    path = tmp_path / "class.csv"
    path.write_text(text, encoding="utf-8")
    book.term = book.term.changed(COURSE, roster=path, **settings)
    return ClassBook(book, COURSE)


def rows(people):
    """The table of totals, by student."""
    text = totals.as_csv(people, totals.totals(people))
    return {row["student_id"]: row for row in csv.DictReader(io.StringIO(text))}


def said(people):
    return " ".join(totals.sentences(people, totals.totals(people)))


# Who is who


def test_one_person_has_another_number_in_each_of_moodles_assignments(book, tmp_path):
    """As reported in https://github.com/dodona-edu/dodona/issues/2816: totals for each student."""
    put(
        book,
        graded(FIRST, 1, "1001", "Ada Lovelace"),
        graded(SECOND, 0.5, "2001", "Ada Lovelace"),
        graded(FIRST, 0.5, "1002", "Group A-Alan Turing"),
        graded(SECOND, 1, "2004", "Анна Абель"),
        graded(SECOND, 1, "2005", "A. Stranger"),
    )
    found = rows(with_roster(book, tmp_path))
    most = {name: sum(t.points for t in solution(COURSE, name).tasks.values())
            for name in (FIRST, SECOND)}  # fmt: skip
    ada = found["s1"]
    assert (ada["name"], ada["email"], ada["group"]) == ("Ada Lovelace", "ada@u.example", "A")
    assert float(ada[FIRST]) == most[FIRST] and float(ada[SECOND]) == most[SECOND] / 2
    assert float(ada["total"]) == most[FIRST] + most[SECOND] / 2
    assert float(ada["possible"]) == sum(most.values())
    assert found["s2"][SECOND] == "" and float(found["s2"][FIRST]) == most[FIRST] / 2
    assert found["s4"]["total"] == f"{most[SECOND]:g}"
    assert set(found) == {"s1", "s2", "s3", "s4", "2005"}
    text = said(ClassBook(book, COURSE))
    assert "Nothing was submitted by Grace Hopper." in text
    assert "Not in the roster: A. Stranger (2005)." in text


def test_a_number_of_another_assignment_is_somebody_else_s_in_this_one(book, tmp_path):
    """As at two Moodles: Alan had Ada's number, who has submitted nothing the second time."""
    put(book, graded(FIRST, 1, "1001", "Alan Turing"), graded(SECOND, 1, "1002", "Alan Turing"))
    people = with_roster(book, tmp_path)
    path = tmp_path / "t.csv"
    for head, row, mark in (
        ("Identifier,Full name,Grade,Maximum grade", "Participant 1001,Ada Lovelace,{},100.00", ""),
        ("Identifier,Full name,Grade,Maximum grade", "Participant 1002,A. T.,{},100.00", "100"),
    ):
        path.write_text(f"{head}\n{row.format('')}\n")
        (tmp_path / "marks").mkdir(exist_ok=True)
        table = Table(path, tmp_path / "marks", Choice())
        assert table.facts(people, SECOND) == {}
        table.fill(people, SECOND)
        assert (tmp_path / "marks" / "t.csv").read_text() == f"{head}\n{row.format(mark)}\n"


def test_an_alias_brings_a_stranger_home(book, tmp_path):
    put(book, graded(FIRST, 1, "gh77", "gh77"))
    roster = "name,email,alias\nGrace Hopper,grace@u.example,amazing; GH77\n"
    (student,) = with_roster(book, tmp_path, roster).students
    assert (student.name, student.counted(FIRST).grade.student) == ("Grace Hopper", student.key)


def test_namesakes_are_not_mixed_up(book, tmp_path):
    put(book, graded(FIRST, 1, "1001", "Ada Lovelace"))
    people = with_roster(book, tmp_path, "name,number\nAda Lovelace,s1\nAda Lovelace,s2\n"
                         .replace("number", "ID number"))  # fmt: skip
    assert {s.key: len(s.entries) for s in people.students} == {"1001": 1, "s1": 0, "s2": 0}
    assert "Nothing was submitted by Ada Lovelace (s1), Ada Lovelace (s2)." in said(people)
    assert "not clear whose files these are: Ada Lovelace (1001). Fill in" in said(people)
    assert "Not in the roster" not in said(people)
    assert people.find("Ada Lovelace (s2)").key == "s2"
    assert "Ada Lovelace (1001)  " in as_table([*people.entries, replace(
        people.entries[0], grade=replace(people.entries[0].grade, student="1002"))])  # fmt: skip
    with pytest.raises(CourseError, match="ada lovelace may be any of 1001, s1, s2"):
        people.find("ada lovelace")


def test_a_table_with_numbers_and_e_mail_addresses_tells_namesakes_apart(book, tmp_path):
    """Moodle's worksheet and Canvas's gradebook have both, the names of the files one alone."""
    for number in ("1001", "1002"):
        put(book, graded(FIRST, 1, number, "Ada Lovelace", submitted="2026-11-20T10:00:00+00:00"))
    with_roster(book, tmp_path, "name,email\nAda Lovelace,a@u.example\nAda Lovelace,b@u.example\n")
    path = tmp_path / "t.csv"
    for text, known in (
        ("Full name,Email address\nAda Lovelace,b@u.example\n", {}),  # no number
        (
            "Identifier,Full name,Email address\nParticipant 1001,Ada Lovelace,B@u.example\n"
            "Participant 1002,Ada Lovelace,a@u.example\n",
            {"b@u.example": "1001", "a@u.example": "1002"},
        ),
    ):
        path.write_text(text)
        book.know(Table(path, tmp_path / "marks", Choice()).facts(ClassBook(book, COURSE), FIRST))
        found = ClassBook(book, COURSE).students
        assert {s.key: s.entries[0].key[0] for s in found if s.person and s.entries} == known
    abouts = with_withdrawn(book.files(), {("1001", f"{FIRST}.ipynb"): About()})  # a later run
    assert abouts["1001", f"{FIRST}.ipynb"].also == ("B@u.example",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("email\na@b\n", "names: its first row must contain the headings, .*contains email"),
        ("Ada,a@b\nBob,b@b\n", "must contain the headings, one of them 'name', and contains Ada"),
        ("Class of 2026,\nname,email\nAda,a@b\n", "must contain the headings"),
        (
            "name,email\n(register),(work)\nAda,a@b\n",
            r"row 2 is not .*: \(register\), \(work\). Head",
        ),
        ("name;email\nAda;a@b\nName;E-Mail\nBob;b@b\n", "row 3 is not .*: Name, E-Mail. Headings"),
        ("Имя,Фамилия\nАда,Л\nИмя,Фамилия\n", "row 3 is not about a student: Имя, Фамилия"),
        ("student,task,points,comment\nAda,01.1,1,Ok\n", "it has a column 'task'"),
        ("exercise,Deadline,student\n01,2026-11-23,Ada\n", "it has a column 'Deadline'"),
        ("name,email\n,\n", "lists no students"),
        ("\n ,\n", "table is empty"),
        ("PK\3\4\0\0 and what follows in an .xlsx", "not a CSV table: save it as CSV"),
        ("name,email\nAda,a@b\nBob,A@B\n", "Ada and Bob have the same id a@b"),
        ("name\nAda Lovelace\nAda Lovelace\n", "have the same id ada lovelace"),
    ],
)
def test_what_is_no_roster(book, tmp_path, text, says):
    with pytest.raises(CourseError, match=says):
        with_roster(book, tmp_path, text)


@pytest.mark.parametrize("id", ["ada", "x7"])
@pytest.mark.parametrize(
    "head",
    [
        "id,first_name,last_name,email", "student_id,name,_,email",
        "Benutzername,Vorname,Nachname,E-Mail",  # of ILIAS, OpenOlat and Stud.IP
    ],
)  # fmt: skip
def test_lists_with_ids_of_one_s_own(book, tmp_path, head, id):
    """Such as nbgrader's; "-" is nobody's e-mail address, and x7 is not the 7 of others."""
    put(book, graded(FIRST, 1, id, id))
    text = f"{head}\n{id},Ada,Lovelace,-\ny7,Bob,Baker,-\n"
    first, _ = with_roster(book, tmp_path, text).students
    assert (first.key, len(first.entries)) == (id, 1)
    path = tmp_path / "t.csv"
    path.write_text(f"ID,Grade,Maximum grade\ny7,,10\n{id},,10\n")
    (tmp_path / "marks").mkdir()
    Table(path, tmp_path / "marks", Choice()).fill(ClassBook(book, COURSE), FIRST)
    assert (tmp_path / "marks" / "t.csv").read_text().endswith(f"\ny7,,10\n{id},10,10\n")


def test_a_namesake_who_is_not_in_the_roster_keeps_the_own_file(book, tmp_path):
    """Two numbers in one hand-in are two people, and in two hand-ins they may be one."""
    for number, exercise, source in (
        ("1", FIRST, "a"), ("2", FIRST, "a"), ("3", FIRST, "b"), ("4", SECOND, "a")
    ):  # fmt: skip
        put(book, graded(exercise, 1, number, "Ada Lovelace", source=source))
    people = with_roster(book, tmp_path, "name,email\nAda Lovelace,a@u.example\n")
    assert {s.key: len(s.entries) for s in people.students} == {"1": 1, "2": 1, "a@u.example": 2}
    assert "whose files these are: Ada Lovelace (1), Ada Lovelace (2). Fill" in said(people)
    people = with_roster(book, tmp_path, "name,email,alias\nAda Lovelace,a@u.example,2\n")
    assert {s.key: len(s.entries) for s in people.students} == {"1": 1, "a@u.example": 3}
    assert "whose files these are: Ada Lovelace (1). Fill" in said(people)


@pytest.mark.parametrize(
    ("name", "squashed"),
    [
        ("Ada Lovelace", "lovelaceada"),
        ("Bob O'Brien", "obrienbob"),
        ("Jörg de la Mer", "delamerjörg"),
    ],
)
def test_canvas_joins_a_name_into_one_word(book, tmp_path, name, squashed):
    put(book, graded(FIRST, 1, "77", squashed))
    (student,) = with_roster(book, tmp_path, f"name\n{name}\n").students
    assert student.name == name and len(student.entries) == 1


@pytest.mark.parametrize(("one", "other"), [("Пётр Ильин", "Петр Ильин"), ("Zoë Žák", "Zoe Zak")])
def test_accents_do_not_part_a_name_from_itself(book, tmp_path, one, other):
    put(book, graded(FIRST, 1, "77", one))
    (student,) = with_roster(book, tmp_path, f"name\n{other}\n").students
    assert student.name == other and len(student.entries) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Имя;Фамилия;Адрес электронной почты;Группы\nАда;Лавлейс;a@u.example;А\n",
        "\ufeffVorname,Nachname,E-Mail-Adresse,Gruppen\nАда,Лавлейс,a@u.example,A\n",
        "Идентификатор,Полное имя,Адрес электронной почты,Оценка\nУчастник1001,x,a@u.example,\n",
        "Student,ID,SIS Login ID,Section,Exercise 01 (4)\n    Points Possible,,,,18\n"
        '"Лавлейс, Ада",1001,a@u.example,One,\n',
    ],
)
def test_lists_of_people_that_platforms_write(book, tmp_path, text):
    put(book, graded(FIRST, 1, "1001", "Лавлейс Ада"))
    (student,) = with_roster(book, tmp_path, text).students
    assert "a@u.example" in student.ids and len(student.entries) == 1


# Totals


def test_weights_the_best_and_a_pass_mark(book, tmp_path):
    put(
        book,
        graded(FIRST, 1, "1001", "Ada Lovelace"),
        graded(SECOND, 0.5, "2001", "Ada Lovelace"),
        graded(THIRD, 0, "3001", "Ada Lovelace"),
        graded(THIRD, 0.25, "3002", "Alan Turing"),
    )
    settings = {"weights": "01=1, 02=2, 03=1", "pass_mark": 50.0}
    found = rows(with_roster(book, tmp_path, **settings))
    assert [found["s1"][n] for n in ("total", "possible", "percent", "passed")] == [
        "2", "4", "50", "yes"
    ]  # fmt: skip
    assert (found["s2"]["percent"], found["s2"]["passed"]) == ("6.25", "no")
    assert "1 of 4 reach the pass mark of 50 percent." in said(ClassBook(book, COURSE))
    found = rows(with_roster(book, tmp_path, best=2))
    assert (found["s1"]["total"], found["s1"]["possible"]) == ("2", "3")
    assert "does not name" not in said(ClassBook(book, COURSE))
    found = rows(
        with_roster(book, tmp_path, best=1, weights="02=3, 03=1")
    )  # 01, the best, has none
    assert (found["s1"]["total"], found["s1"]["possible"]) == ("1.5", "3")
    text = f"does not name, and that count nothing in the totals: {FIRST}."
    assert text in said(ClassBook(book, COURSE))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"weights": "01"}, "'01' is not a weight"),
        ({"weights": "99=1"}, "There is no exercise 99"),
        ({"weights": "01=-1"}, "must be 0 or greater, got -1"),
        ({"best": -1}, "must be 0 or greater"),
        ({"pass_mark": 101.0}, "between 0 and 100, got 101"),
        ({"late": "two a day"}, "'two a day' is not a rule for late work"),
    ],
)
def test_what_is_no_setting(settings, says):
    with pytest.raises(CourseError, match=says):
        Term().changed(COURSE, **settings)


# Late work


def late(book, tmp_path, deadlines, rule=None):
    path = tmp_path / "deadlines.csv"
    path.write_text(deadlines)
    book.term = book.term.changed(COURSE, deadlines=path, late=rule)
    return ClassBook(book, COURSE)


def test_late_work_is_shown_and_costs_nothing_unless_that_is_asked_for(book, tmp_path):
    put(book, graded(FIRST, 1, "1001", "Ada Lovelace", submitted="2026-11-25T01:00:00+00:00"))
    due = "exercise,deadline\n01,2026-11-23T23:59+00:00\n"
    (entry,) = late(book, tmp_path, due).entries
    full = entry.possible
    assert (entry.lateness.days, entry.points) == (2, full)
    assert re.search(r"after the deadline .*: 2 days late\.$", entry.lateness.in_words())
    (entry,) = late(book, tmp_path, due, "10%/day").entries
    assert entry.points == pytest.approx(0.8 * full)
    assert "Points taken off for this" in entry.lateness.in_words()
    (entry,) = late(book, tmp_path, due, "none").entries
    assert entry.points == full


def test_a_deadline_that_moves_takes_its_deduction_with_it(book, tmp_path):
    """As reported in https://github.com/jupyter/nbgrader/issues/723: the penalty stayed there."""
    put(book, graded(FIRST, 1, "1001", "Ada Lovelace", submitted="2026-11-25T01:00:00+00:00"))
    (entry,) = late(book, tmp_path, "exercise,deadline\n01,2026-11-23\n", "refuse").entries
    assert entry.points == 0
    assert "not accepted: it counts 0 points" in entry.lateness.in_words()
    (entry,) = late(book, tmp_path, "exercise,deadline\n01,2026-11-26\n").entries
    assert entry.points == entry.possible
    assert entry.lateness.in_words() == ""


def test_without_a_time_nothing_is_late_and_the_cure_is_named(book, tmp_path):
    put(book, graded(FIRST, 1, "1", "Ada"), graded(FIRST, 1, "2", "Bob", late=True))
    people = late(book, tmp_path, "exercise,deadline\n01,2026-11-20\n", "1/day")
    assert [entry.lateness.deduction for entry in people.entries] == [0, 1]
    assert "when they were submitted: 1." in said(people)
    assert "add --only 01 --fill WORKSHEET.csv" in said(people)


def test_an_extension_is_one_persons(book, tmp_path):
    for number, name in ((1001, "Ada Lovelace"), (1002, "Alan Turing")):
        put(book, graded(FIRST, 1, str(number), name, submitted="2026-11-25T01:00:00+00:00",
                         late=True))  # fmt: skip
    with_roster(book, tmp_path)
    text = (
        "exercise,deadline,student\n1,2026-11-23 23:59,\n01,2026-12-01,ada@u.example\n"
        "01,2026-12-01,Nobody\n"
    )
    people = late(book, tmp_path, text, "1/day, max 1")
    assert {e.grade.name: e.lateness.deduction for e in people.entries} == {
        "Ada Lovelace": 0, "Alan Turing": 1
    }  # fmt: skip
    assert "There is no student Nobody" in said(people)


def test_what_only_canvas_calls_late_is_one_day_late(book, tmp_path):
    put(book, graded(FIRST, 1, "77", "lovelaceada", late=True))
    assert ClassBook(book, COURSE).entries[0].points == ClassBook(book, COURSE).entries[0].possible
    book.term = book.term.changed(COURSE, late="2/day")
    (entry,) = ClassBook(book, COURSE).entries
    assert entry.lateness.deduction == 2
    assert "marks this file as late" in entry.lateness.in_words()


@pytest.mark.parametrize(
    ("rule", "days", "off"),
    [
        ("2/day", 3, 6), ("10%/day", 3, 6), ("10% a day, at most 25%", 4, 5),
        ("2/day, max 5", 9, 5),
        ("refuse", 1, 18), ("refuse after 2", 2, 0), ("1/day, refuse after 2", 3, 18),
        ("50%/day", 3, 18),
    ],
)  # fmt: skip
def test_rules(rule, days, off):
    assert LateRule.parse(rule).deduction(days, points=18, possible=20) == off


@pytest.mark.parametrize(
    "text",
    [
        "Monday, 23 November 2026, 8:11 PM", "понедельник, 23 ноября 2026, 20:11",
        "Montag, 23. November 2026, 20:11", "lundi 23 novembre 2026, 20:11",
        "lunes, 23 de noviembre de 2026, 20:11", "2026年11月23日 星期一 20:11", "2026-11-23 20:11",
    ],
)  # fmt: skip
def test_moodles_times(text):
    assert moodle_time(text).startswith("2026-11-23T20:11:00")
    assert moodle_time("-") == moodle_time("Draft") == ""


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2015-02-02 15:58:23.948203 America/Los_Angeles\n", "2015-02-02T15:58:23.948203-08:00"),
        ("2015-02-02 15:58:23 UTC", "2015-02-02T15:58:23+00:00"),
        ("2015-02-02 15:58:23 +0100", "2015-02-02T15:58:23+01:00"),
        ("2015-02-02 15:58:23", "2015-02-02T15:58:23+00:00"),
        ("yesterday", ""), ("2015-02-02 15:58:23 Nowhere/Else", ""),
    ],
)  # fmt: skip
def test_nbgraders_times(text, time):
    assert nbgrader_time(text) == time


# Which file counts


def test_the_best_or_the_latest_file_counts_and_the_page_says_so(book, tmp_path):
    put(
        book,
        graded(FIRST, 1, "1001", "Ada", "a.ipynb", submitted="2026-11-20T10:00:00+00:00"),
        graded(FIRST, 0.5, "1001", "Ada", "b.ipynb", submitted="2026-11-21T10:00:00+00:00"),
    )
    for count, file in (("best", "a.ipynb"), ("latest", "b.ipynb")):
        book.term = book.term.changed(COURSE, count=count)
        people = ClassBook(book, COURSE)
        assert people.students[0].counted(FIRST).grade.file == file
        write_all(people, tmp_path / "out")
        page = (tmp_path / "out" / "feedback" / "1001.html").read_text()
        assert f"the {count} one counts, which is <code>{file}</code>." in page


def test_all_files_of_a_row_have_its_time_and_a_tie_is_told(book, tmp_path):
    for file, share, moodle in (("a", 1, "x"), ("b", 0.5, "x"), ("own", 0, "")):
        put(book, graded(FIRST, share, "1", "Ada", file, place=moodle,
                         submitted="" if moodle else "2026-11-20T10:00+00:00"))  # fmt: skip
    path = tmp_path / "t.csv"
    head = "Identifier,Full name,Grade,Last modified (submission)\n"
    path.write_text(f'{head}Participant 1,Ada,,"23 November 2026, 20:11"\n')
    book.term = book.term.changed(COURSE, count="latest")
    facts = Table(path, tmp_path / "marks", Choice()).facts(ClassBook(book, COURSE), FIRST)
    assert [key[1] for key in facts] == ["a", "b"]
    book.know(facts)
    counted = ClassBook(book, COURSE).students[0].counted(FIRST)
    assert counted.grade.file == "a"
    assert (
        "the latest ones have the same time or none; the best of these counts"
        in reports.remarks(counted)[0]
    )


def test_a_withdrawn_file_stops_counting():
    files = [
        ("ada", "old.ipynb", FIRST, About(source="moodle.zip")),
        ("ada", "new.ipynb", FIRST, About(source="moodle (1).zip")),
        ("ada", "second.ipynb", SECOND, About(source="second.zip")),
        ("bob", "b.ipynb", FIRST, About(source="moodle (1).zip")),
        ("bob", "gone.ipynb", FIRST, About(source="elsewhere.zip")),
        ("cy", "gone.ipynb", FIRST, About(source="moodle (1).zip")),
    ]
    found = {(s, f): about for s, f, _, about in files if f in ("new.ipynb", "b.ipynb")}
    withdrawn = {key for key, a in with_withdrawn(files, found).items() if a.withdrawn}
    assert withdrawn == {("ada", "old.ipynb"), ("bob", "gone.ipynb"), ("cy", "gone.ipynb")}


def test_a_time_from_a_table_outlives_the_date_of_the_file():
    table, date = "2026-11-23T20:11:00+00:00", "2026-11-29T10:00:00+00:00"
    for known, new, kept in (
        (About(table), About(date, by_file=True, place="x"), About(table, place="x")),
        (About(table), About(), About(table)),
        (About(table), About(date), About(date)),  # such as of Blackboard
        (About(table, by_file=True), About(date, by_file=True), About(date, by_file=True)),
    ):
        key = ("ada", "a.ipynb")
        assert with_withdrawn([(*key, FIRST, known)], {key: new}) == {key: kept}


def test_a_withdrawn_file_is_on_the_page_and_in_no_total(book):
    put(book, graded(FIRST, 1, "1", "Ada", "old.ipynb", withdrawn=True),
        graded(FIRST, 0.5, "1", "Ada", "new.ipynb"))  # fmt: skip
    people = ClassBook(book, COURSE)
    assert people.students[0].counted(FIRST).grade.file == "new.ipynb"
    assert float(rows(people)["1"]["percent"]) == 50
    assert reports.remarks(people.entries[1])[0].startswith("This file was withdrawn")


# Marks by hand


def test_marks_by_hand_for_any_task_of_anybody(book, tmp_path):
    """As asked for in https://github.com/autolab/Autolab/pull/362: where autograding failed."""
    unreadable = Grade("1001", "Ada Lovelace", "x.ipynb", "", [], ["x.ipynb is empty."])
    put(book, (unreadable, About()))
    people = with_roster(book, tmp_path)
    for called in ("1001", "Ada Lovelace", "ada lovelace", "ada@u.example", "S1"):
        given = checked(people, COURSE, called, "01.1", 1, "Seen on paper.")
        assert given == Override("s1", "01.1", 1, "Seen on paper.")
    book.override(given, checked(people, COURSE, "Grace Hopper", "02.1", 0.5, "Told me."))
    people = ClassBook(book, COURSE)
    ada, grace = people.find("1001"), people.find("grace@u.example")
    assert ada.counted(FIRST).points == 1 and grace.counted(SECOND).points == 0.5
    assert [e.grade.exercise for e in ada.entries] == ["", FIRST]  # the file keeps its line
    assert "Nothing was submitted by Alan Turing, Grace Hopper, Анна Абель." in said(people)
    book.withdraw(grace.key, "02.1", grace.ids)
    assert ClassBook(book, COURSE).find("s3").counted(SECOND) is None


def test_points_for_a_whole_exercise(book, tmp_path):
    put(book, graded(FIRST, 1, "7", "Ada Lovelace"))
    most = ClassBook(book, COURSE).entries[0].possible
    with pytest.raises(CourseError, match=f"for 01 must be between 0 and {most:g}, got 99"):
        checked(ClassBook(book, COURSE), COURSE, "7", "01", 99, "Why.")
    book.override(Override("7", "01.1", 0, "No."), Override("7", "01", 3.5, "An oral exam."))
    book.override(Override("7", "02", 1, "On paper."))
    first, second = ClassBook(book, COURSE).entries
    assert (first.points, second.points, second.grade.exercise) == (3.5, 1, SECOND)
    page = reports.feedback([first])
    assert f"gave 3.5 points in place of {most:g}:</strong> An oral exam." in page
    assert "An oral exam." in upload.comment([first])
    assert f"The tests gave {most:g}." in as_table([first])
    (row,) = csv.DictReader(io.StringIO(reports.as_csv([first])))
    assert (row["score"], row["first_name"], row["last_name"]) == ("3.5", "Ada", "Lovelace")


def test_marks_for_an_exercise_that_the_course_no_longer_has_do_no_harm(book):
    put(book, graded(FIRST, 1, "7", "Ada"))
    book.override(Override("7", "99.1", 1, "Once."), Override("7", "01.99", 1, "Once."))
    (entry,) = ClassBook(book, COURSE).entries
    assert entry.points == entry.possible


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("7", "01.1", 99, "Why."), r"must be between 0 and \d"),
        (("7", "01.1", -1, "Why."), "must be between 0 and"),
        (("7", "01.1", float("nan"), "Why."), "must be between 0 and"),
        (("7", "01.99", 1, "Why."), "There is no task 01.99"),
        (("7", "99.1", 1, "Why."), "There is no exercise 99"),
        (("8", "01.1", 1, "Why."), "There is no student 8"),
        (("7", "01.1", 1, "  "), "says why"),
    ],
)
def test_what_a_teacher_may_not_give(book, given, says):
    put(book, graded(FIRST, 1, "7", "Ada"))
    with pytest.raises(CourseError, match=says):
        checked(ClassBook(book, COURSE), COURSE, *given)


def test_a_table_of_marks_by_hand_is_applied_as_a_whole_or_not(book, tmp_path, capsys):
    put(book, graded(FIRST, 0, "7", "Ada"))
    table = tmp_path / "marks-by-hand.csv"
    head = "Student,Task,Points,Comment\n"
    table.write_text(head + 'ada,01.1,"0,5","Half, but well explained."\n7,01.2,1,Ok.\n')
    given = from_table(table, ClassBook(book, COURSE), COURSE)
    assert [(o.task, o.points) for o in given] == [("01.1", 0.5), ("01.2", 1)]
    table.write_text(head + "ada,01.1,0.5,Ok.\nada,01.2,many,Ok.\nbob,01.2,1,Ok.\n")
    with pytest.raises(CourseError, match="'many' is not a number") as error:
        override(COURSE, tmp_path, table=table)
    lines = str(error.value).splitlines()
    assert ["row 3:" in lines[0], "row 4:" in lines[1], lines[2:]] == [
        True, True, ["Nothing was changed."]
    ]  # fmt: skip
    assert book.overrides() == []
    table.write_text(head + "ada,01.1,0.5,Ok.\n")
    override(COURSE, tmp_path, table=table)
    assert "The tests gave 0." in capsys.readouterr().out
    (tmp_path / "moodle.csv").touch()
    override(COURSE, tmp_path, "ada", "01.1", "0,75", "Better.")
    assert "moodle.csv does not have these points yet." in capsys.readouterr().out
    assert "totals.csv does not" not in capsys.readouterr().out
    assert [(o.task, o.points) for o in book.overrides()] == [("01.1", 0.75)]
    table.write_text("Student,Points\nada,1\n")
    with pytest.raises(CourseError, match="has no column task, comment"):
        override(COURSE, tmp_path, table=table)


# Feedback goes back


def test_feedback_for_moodle_and_canvas_is_one_zip(book):
    """In the form that mod/assign/feedback/file/importziplib.php and Canvas's
    Assignment#infer_comment_context_from_filename read. Carrying pages back one by one is the
    toil of https://github.com/jupyter/nbgrader/issues/996."""
    moodle, canvas = "Ada Lovelace_1001_assignsubmission_file", "turingalan_LATE_77_45678"
    put(
        book,
        graded(FIRST, 1, "1001", "Ada Lovelace", place=moodle),
        graded(FIRST, 1, "77", "turingalan", place=canvas),
        graded(FIRST, 1, "bob", "bob"),
        graded(SECOND, 1, "bob", "bob"),
    )
    ((exercise, packed),) = upload.feedback_zips(ClassBook(book, COURSE))
    assert exercise == FIRST
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        first, second = archive.namelist()
        assert "Feedback for Ada Lovelace" in archive.read(first).decode()
    # As Moodle splits it: the full name, the participant, the kind and the name of the plugin.
    assert first.split("/")[0].split("_", 4)[1:4] == ["1001", "assignsubmission", "file"]
    # As Canvas reads it: the first two parts that are numbers.
    assert [part for part in second.split("_") if part.isdigit()][:2] == ["77", "45678"]
    assert not second.split("_")[-1].startswith("link")
    assert list(upload.feedback_zips(ClassBook(book, COURSE))) == [(FIRST, packed)]


def test_the_comment_says_what_the_page_says(book):
    grade, about = graded(FIRST, 1, "1", "Ada")
    wrong = replace(grade.tasks[0], points=0.0, mistake="You forgot that x <b is 0.")
    put(book, (replace(grade, tasks=[wrong, *grade.tasks[1:]]), about))
    book.override(Override("1", grade.tasks[1].task, 0.5, "Only half."))
    lines = upload.comment(ClassBook(book, COURSE).entries).split("<br>")
    assert lines[1].endswith(f"of {wrong.possible:g}. You forgot that x &lt;b is 0.")
    assert "Only half." in lines[2]
    assert lines[3].endswith(f"of {grade.tasks[2].possible:g}.")  # nothing to say
    test = TestGrade("t", "The tie.", 1.0, "failed", "It is 1,\nnot 0.")
    put(book, (replace(grade, tasks=[replace(wrong, mistake=None, tests=[test])]), about))
    assert upload.comment(ClassBook(book, COURSE).entries).endswith(". It is 1,<br>not 0.")


def test_a_student_whose_file_cannot_be_read_gets_a_page_and_a_comment(book, tmp_path):
    """Also without an exercise: a zip in which all other files are for one is for it."""
    said = "01_x.ipynb is not a notebook: it is not valid JSON."
    unread = Grade("1002", "Alan Turing", "01_x.ipynb", "", [], [said])
    place = "{}_assignsubmission_file".format
    put(
        book,
        graded(FIRST, 1, "1001", "Ada", place=place("Ada_1001"), source="a.zip"),
        (unread, About(place=place("Alan Turing_1002"), source="a.zip")),
        (replace(unread, student="9", name="Bob"), About(place=place("Bob_9"), source="b.zip")),
    )
    path = tmp_path / "worksheet.csv"
    path.write_text(
        "Identifier,Full name,Grade,Maximum Grade,Last modified (submission),Feedback comments\n"
        'Participant 1001,Ada,,100,"23 November 2026, 20:11",\n'
        'Participant 1002,Alan Turing,,100,"23 November 2026, 20:11",\n'
    )
    table = Table(path, tmp_path / "marks", Choice())
    (tmp_path / "marks").mkdir()

    def filled():
        said = table.fill(ClassBook(book, COURSE), FIRST)
        text = (tmp_path / "marks" / "worksheet.csv").read_text().splitlines()
        return said, list(csv.reader(text))[2]

    sentences, row = filled()
    assert (row[2], row[5]) == ("", said)
    assert "there is a comment and no mark: Alan Turing." in sentences[1] and len(sentences) == 2
    assert len(table.facts(ClassBook(book, COURSE), FIRST)) == 2
    ((_, packed),) = upload.feedback_zips(ClassBook(book, COURSE))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
        assert [name.split("_")[1] for name in names] == ["1001", "1002"]
        assert said in archive.read(names[1]).decode()
    book.override(Override("1002", "01.1", 1, "Seen."))
    assert filled()[1][2] == f"{round(100 / ClassBook(book, COURSE).entries[0].possible, 2):g}"
    ((_, packed),) = upload.feedback_zips(ClassBook(book, COURSE))
    page = zipfile.ZipFile(io.BytesIO(packed)).read(names[1]).decode()
    assert "Your teacher gave 1 points:</strong> Seen." in page
    assert "Not written yet" not in page + filled()[1][5]  # nobody knows
    assert "The tests gave" not in as_table(ClassBook(book, COURSE).entries)
    assert not re.search(r'class="n">-', summary(ClassBook(book, COURSE).entries))


def test_earlier_feedback_is_kept_where_it_changes(book, tmp_path):
    """As asked for in https://github.com/jupyter/nbgrader/issues/927."""
    put(book, graded(FIRST, 0, "ada", "Ada"))
    pages = tmp_path / "feedback"
    write_all(ClassBook(book, COURSE), tmp_path)
    first = (pages / "ada.html").read_text()
    put(book, graded(SECOND, 1, "ada", "Ada"))
    write_all(ClassBook(book, COURSE), tmp_path)  # adds something, and changes nothing
    assert not (pages / "earlier").exists()
    second = (pages / "ada.html").read_text()
    assert first != second
    put(book, graded(FIRST, 1, "ada", "Ada"))
    for part in ("teacher/bob.html", f"gradescope/bob/{FIRST}/results.json"):  # another name now
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / part).touch()
    for _ in range(2):
        write_all(ClassBook(book, COURSE), tmp_path)
        assert [path.name for path in (pages / "earlier").iterdir()] == ["ada-1.html"]
    assert (pages / "earlier" / "ada-1.html").read_text() == second
    assert [path.name for path in (tmp_path / "teacher").iterdir()] == ["ada.html"]
    assert [path.name for path in (tmp_path / "gradescope").iterdir()] == ["ada"]
