"""What the commands of a term answer where something is missing, misplaced or misread."""

import re

import pytest

from coursekit.grading.authoring import autograder, bundle
from coursekit.grading.batch.base.records import Grade, Settings, SubmittedFile, TaskGrade
from coursekit.grading.batch.exports.table_places import Choice
from coursekit.grading.batch.exports.table_to_fill import Table
from coursekit.grading.batch.grader import grading_process
from coursekit.grading.batch.marks.class_book import ClassBook
from coursekit.grading.batch.marks.gradebook import Gradebook
from coursekit.grading.batch.marks.gradebook_file import BOOK
from coursekit.grading.course.paths import Course, CourseError

from ..small_course import NAME
from .test_command import main_in


@pytest.fixture
def here(tmp_path):
    """A folder with marks of one student, a roster of two, and some files."""
    (tmp_path / "marks").mkdir()
    tasks = [TaskGrade(f"01.{k}", "A task", 1.0, 2.0, "done") for k in (1, 2)]
    with Gradebook(tmp_path / "marks" / BOOK) as book:
        book.put(Grade("7", "Ada Lovelace", f"{NAME}.ipynb", NAME, tasks), "key")
    for file, text in {
        "empty.csv": "",
        "latin.csv": "Pr\xe9nom\xff",
        "due.csv": "exercise,deadline\n01,tomorrow\n",
        "class.csv": "name,ID number\nAda Lovelace,7\nGrace Hopper,8\n",
        "points.csv": "student,task,points,comment\nGrace,01.1,1,Told me.\n7,01.1,9,Why.\n",
    }.items():
        (tmp_path / file).write_bytes(text.encode("latin-1"))
    (tmp_path / "submitted" / "ada").mkdir(parents=True)
    (tmp_path / "submitted" / "ada" / f"{NAME}.ipynb").write_text("{}")
    return tmp_path


GRADE = ("grade", "{here}/submitted", "--to", "{here}/new")
MARKS = ("grade", "--to", "{here}/marks")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("grade", "{here}/submitted"), "are graded with --to and a folder for the marks."),
        (("grade", "{here}/class.csv", "--to", "new"), "class.csv is not a folder, a zip or a"),
        (("grade", "{here}/no.zip", "--to", "{here}/new"), "no.zip does not exist."),
        ((*GRADE, "--executor", "host:8786"), "an address such as dask://host:8786, got host"),
        ((*GRADE, "--roster", "{here}/empty.csv"), "empty.csv: The table is empty."),
        ((*GRADE, "--roster", "{here}/latin.csv"), "latin.csv: The table is encoded neither in"),
        ((*GRADE, "--deadlines", "{here}/due.csv"), "due.csv: 'tomorrow' is not a time; write"),
        ((*GRADE, "--deadlines", "{here}/no.csv"), "no.csv can't be read: there is no such file"),
        ((*GRADE, "--fill", "{here}/empty.csv"), "empty.csv: The table is empty."),
        ((*GRADE, "--jobs", "0"), "--jobs and --timeout must be greater than 0."),
        ((*GRADE, "--timeout", "nan"), "--jobs and --timeout must be greater than 0."),
        ((*GRADE, "--deadlines", "{here}/class.csv"), "class.csv has no column deadline."),
        ((*GRADE, "--roster", "{here}/due.csv"), "due.csv is not a list of students: it has a"),
        ((*MARKS, "--student", "Grace Hopper", "--task", "01.1"), "no student Grace Hopper"),
        (
            (*MARKS, "--student", "7", "--task", "01.1"),
            f"record where {NAME}.ipynb of Ada Lovelace",
        ),
        (
            ("override", "{here}/marks", "--withdraw"),
            "Name a student and a task",
        ),
        (("override", "{here}/marks", "--from", "{here}/points.csv"), "points.csv, row 3: The po"),
        (("override", "{here}/marks", "7", "01.1", "--withdraw"), "no override for 7, task 01.1"),
        (
            ("release", "--solutions", "--to", "{here}/due.csv"),
            "due.csv can't be written to: ",
        ),
        (("release", "--to", "{here}/due.csv/x"), "due.csv/x can't be written to: "),
        (("gradescope", "01", "--to", "{here}/due.csv/x"), "due.csv can't be written to: "),
    ],
)
def test_what_a_command_answers(small, here, capsys, monkeypatch, arguments, says):
    if arguments[0] in ("release", "gradescope"):  # which hand out the course's own files
        monkeypatch.setattr(bundle, "bundle_files", lambda course, names: {"x": b""})
        monkeypatch.setattr(autograder, "bundle_files", lambda course, names: {"x": b""})
    assert main_in(small, *(one.format(here=here) for one in arguments)) == 2
    out, err = capsys.readouterr()
    assert says in err and not out
    assert not (here / "new").exists()


def test_somebody_of_the_roster_without_a_file(small, here, capsys):
    assert main_in(small, "grade", "--to", here / "marks", "--roster", here / "class.csv") == 0
    assert "Nothing was submitted by Grace Hopper." in capsys.readouterr().out
    arguments = ("--student", "Grace Hopper", "--task", "01.1")
    assert main_in(small, "grade", "--to", here / "marks", *arguments) == 2
    assert f"No file of Grace Hopper was graded for {NAME}." in capsys.readouterr().err
    assert main_in(small, "similar", here / "marks") == 0
    assert "No answers are more alike than the task explains: " in capsys.readouterr().out


def test_a_student_s_copy_grades_no_class(small, here, capsys):
    copy = Course(here / "course")
    for folder in (copy.exercises, copy.tests):
        folder.mkdir(parents=True)
    assert main_in(copy, "grade", here / "submitted", "--to", here / "new") == 2
    assert "needs the folder solutions/, which teachers have." in capsys.readouterr().err


def test_a_table_is_filled_with_one_exercise(small, here):
    (here / "t.csv").write_text("ID,Grade,Maximum grade\nParticipant 8,,10\n")
    table = Table(here / "t.csv", here / "marks", Choice())
    with Gradebook(here / "marks" / BOOK) as book:
        filled, more = table.fill(ClassBook(book, small), None)[:2]
        assert filled.startswith(f"Filled in: {here / 'marks' / 't.csv'}. The column 'Grade'")
        assert more == "Not in the table: Ada Lovelace."
        with pytest.raises(CourseError, match="no grades yet with which to fill"):
            table.fill(ClassBook(book, small), "02_more")
        book.put(Grade("7", "Ada", "second.ipynb", "02_more", []), "key")
        with pytest.raises(CourseError, match=f"choose one with --only: {NAME}, 02_more"):
            table.fill(ClassBook(book, small), None)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (MemoryError(), r"Grading it takes more than \d+ MB of memory"),
        (KeyError("seed"), "The grader itself failed: KeyError: 'seed'"),
    ],
)
def test_what_fails_in_the_grader_costs_one_submission(small, monkeypatch, error, says):
    def fail(*arguments):
        raise error

    monkeypatch.setattr(grading_process, "grade_for_both", fail)
    failed = grading_process.outcome(SubmittedFile("7", "Ada", "x", b""), Settings(small.root, 1))
    assert re.match(says, failed.reason) and failed.then == "aside"
