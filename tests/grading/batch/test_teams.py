"""What a group has submitted at Moodle counts for its members, and for nobody else.

Since version 4.0 ``mod/assign/classes/downloader.php`` names a group's folder "Team A_17", after
the group and its own number, and those without a group are a "Default group" without a number;
the worksheet of ``mod/assign/gradingtable.php`` has a column "Group" beside the participants'
numbers, among which 17 may be somebody else's.
"""

import csv
import zipfile

import pytest

from coursekit.grading.batch.answers import report_similar
from coursekit.grading.batch.base.records import About, Grade, TaskGrade
from coursekit.grading.batch.exports import reports, upload
from coursekit.grading.batch.exports.table_places import Choice
from coursekit.grading.batch.exports.table_to_fill import Table
from coursekit.grading.batch.exports.written import write_all
from coursekit.grading.batch.hand_ins.collection import collect
from coursekit.grading.batch.marks.class_book import ClassBook
from coursekit.grading.batch.marks.counted import with_withdrawn
from coursekit.grading.batch.marks.gradebook import Gradebook
from coursekit.grading.batch.marks.gradebook_file import BOOK
from coursekit.grading.batch.marks.teams import Teams

from .test_answers import OTHER, OWN
from .test_term import COURSE, FIRST, graded, put, rows, with_roster

WORKSHEET = (
    "\ufeffIdentifier,Full name,Email address,Status,Group,Grade,Maximum grade,"
    "Last modified (submission),Feedback comments\n"
    "Participant 17,Cy Coe,c@u.example,-,{b},,100.00,-,\n"
    'Participant 18,Dee Doe,d@u.example,-,{a},,100.00,"Monday, 9 November 2026, 2:35 PM",\n'
    'Participant 19,Eve Eden,e@u.example,-,{a},,100.00,"Monday, 9 November 2026, 2:35 PM",\n'
    "Participant 20,Flo Fox,f@u.example,-,Default group,,100.00,-,\n"
)
LIST = "name,email,groups\n" + "".join(
    f"{name},{name[0].lower()}@u.example,{group}\n"
    for name, group in (
        ("Cy Coe", '"Lab 1, Team B"'), ("Dee Doe", '"Team A, Lab 1"'), ("Eve Eden", "Team A"),
        ("Flo Fox", ""),
    )
)  # fmt: skip


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / BOOK) as book:
        yield book


@pytest.fixture
def worksheet(tmp_path):
    (tmp_path / "marks").mkdir()
    path = tmp_path / "t.csv"
    path.write_text(WORKSHEET.format(a="Team A", b="Team B"))
    return path


def hand_in(book, *teams):
    for number, name, share in teams:
        place = f"{name}_{number}_assignsubmission_file"
        put(book, graded(FIRST, share, number, name, place=place))


def filled(book, path):
    table = Table(path, path.parent / "marks", Choice())
    book.know(table.facts(ClassBook(book, COURSE), FIRST))
    said = table.fill(ClassBook(book, COURSE), FIRST)
    with (path.parent / "marks" / path.name).open(encoding="utf-8-sig", newline="") as file:
        return {row["Full name"]: row["Grade"] for row in csv.DictReader(file)}, " ".join(said)


@pytest.mark.parametrize(("a", "b"), [("17", "18"), ("20", "17")])  # of others, and of a member
def test_a_groups_mark_is_its_members_and_not_that_of_its_number(book, tmp_path, worksheet, a, b):
    hand_in(book, (a, "Team A", 0.5), (b, "Team B", 1))
    write_all(ClassBook(book, COURSE), tmp_path)  # it is not known yet that these are groups
    assert (tmp_path / "upload" / "feedback-01.zip").exists()
    marks, said = filled(book, worksheet)
    assert marks == {"Cy Coe": "100", "Dee Doe": "50", "Eve Eden": "50", "Flo Fox": ""}
    assert "Students in the table without a submission: 1. They are Flo Fox." in said
    entries = ClassBook(book, COURSE).entries
    times = {e.grade.name: e.about.submitted[:16] for e in entries}
    assert times == {"Team A": "2026-11-09T14:35", "Team B": ""}
    assert not any(e.about.also for e in entries)
    # Moodle would hand the page to the participant of this number, now and after a later run.
    assert list(upload.feedback_zips(ClassBook(book, COURSE))) == []
    write_all(ClassBook(book, COURSE), tmp_path)
    assert not (tmp_path / "upload" / "feedback-01.zip").exists()
    file = f"{FIRST}.ipynb"
    place = f"Team A_{a}_assignsubmission_file"
    later = with_withdrawn(book.files(), {(a, file): About(place=place)})
    assert later[a, file].team


def test_a_roster_with_groups_has_each_members_points(book, tmp_path, worksheet):
    hand_in(book, ("17", "Team A", 0.5), ("18", "Team B", 1))
    people = with_roster(book, tmp_path, LIST)
    assert {key: row["percent"] for key, row in rows(people).items()} == {
        "c@u.example": "100", "d@u.example": "50", "e@u.example": "50", "f@u.example": "0",
    }  # fmt: skip
    assert people.strangers() == []
    assert [s.name for s in people.without_files()] == ["Flo Fox"]
    dee = people.find("Dee Doe")
    assert reports.remarks(dee.entries[0]) == [
        "Submitted by the group Team A; it counts for each of its members."
    ]
    assert "17" not in dee.ids
    assert list(upload.feedback_zips(people)) == []
    marks, _ = filled(book, worksheet)
    assert marks == {"Cy Coe": "100", "Dee Doe": "50", "Eve Eden": "50", "Flo Fox": ""}
    assert rows(ClassBook(book, COURSE))["d@u.example"]["percent"] == "50"


def test_the_worksheet_as_roster(book, tmp_path):
    """It has the participants' numbers too, of which one is the number of another group."""
    hand_in(book, ("17", "Team A", 0.5), ("18", "Team B", 1), ("Default group", "Default group", 1))
    people = with_roster(book, tmp_path, WORKSHEET.format(a="Team A", b="Team B"))
    percent = {row["name"]: row["percent"] for row in rows(people).values()}
    assert percent == {"Cy Coe": "100", "Dee Doe": "50", "Eve Eden": "50", "Flo Fox": "100"}


def test_a_student_with_the_name_of_a_group_is_no_group(book, worksheet):
    worksheet.write_text(WORKSHEET.format(a="Cy Coe", b="Team B"))
    hand_in(book, ("17", "Cy Coe", 0.5))
    marks, _ = filled(book, worksheet)
    assert marks == {"Cy Coe": "50", "Dee Doe": "", "Eve Eden": "", "Flo Fox": ""}


def test_the_members_of_a_group_have_not_copied(tmp_path):
    with Gradebook(tmp_path / BOOK) as book:
        for number, name, code in (("17", "Team A", OWN), ("18", "Team B", OTHER)):
            task = TaskGrade("05.1", "Loss", 1.0, 2.0, "wrong", code=code)
            grade = Grade(number, name, "x.ipynb", COURSE.name("05"), [task])
            put(book, (grade, About(place=f"{name}_{number}_assignsubmission_file")))
        with_roster(book, tmp_path, LIST)
    assert report_similar(COURSE, tmp_path).startswith("No answers are more alike")


def test_only_what_moodle_has_named_is_a_groups(book, tmp_path):
    """A folder of one's own that is called like a tutorial group is not everybody's work."""
    put(book, graded(FIRST, 1, "Team A", "Team A"))
    people = with_roster(book, tmp_path, LIST)
    assert [s.name for s in people.strangers()] == ["Team A"]
    assert rows(people)["d@u.example"]["percent"] == "0"


@pytest.mark.parametrize(
    ("group", "folder"),
    [
        ("Team A", "team a"),
        ("Team_A: R&D / \"C++\"", "Team A RD  C++"),
        ("Smith, Jones", "Smith, Jones"),
        ("Группа 1", "Группа 1"),
    ],
)  # fmt: skip
def test_moodle_takes_signs_from_the_names_of_folders(group, folder):
    teams = Teams([("dee", "Dee Doe", group)])
    assert teams.of(folder) == ["dee"]
    assert teams.of(folder + "1") == teams.of("") == []


def test_a_group_without_a_number_has_a_name(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for folder in ("Team A_17", "Team B_18", "Default group"):
            archive.writestr(f"{folder}_assignsubmission_file/{FIRST}.ipynb", "{}")
    found = [file.submission for file in collect(tmp_path / "x.zip")]
    assert [s.student for s in found] == ["17", "18", "Default group"]
    assert [s.name for s in found] == ["Team A", "Team B", "Default group"]
    assert not any(s.about.submitted for s in found)
