"""Every command of the teachers' page is tried as it is written there."""

import contextlib
import csv
import io
import json
import re
import shlex
import shutil
import zipfile
from contextlib import redirect_stdout
from html import unescape
from pathlib import Path

import pytest

from coursekit.cli import main
from coursekit.grading.course.notebook import answer_cells, with_answers
from coursekit.grading.course.paths import Course, find_course
from coursekit.grading.judge.reference import read_notebook

from .conftest import needs_sandbox

pytestmark = needs_sandbox
COURSE = find_course()
PAGE = COURSE.root / "docs" / "grading.md"
NAME = COURSE.name("01")
POINTS = {"1234567": 18, "1234568": 16, "1234569": 0}  # of 18
CONSTANT = "def gate_weights(name):\n    return np.array([1.0, 1.0]), 0.5"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course, of its first exercise alone, and what stands beside it."""
    root = tmp_path_factory.mktemp("teacher") / "course"
    shutil.copytree(COURSE.root / "coursekit", root / "coursekit")
    course = Course(root)
    for file in COURSE.root.iterdir():
        if file.is_file():
            shutil.copy(file, root)
    for file in (
        *(COURSE.root / "notebooks").glob("*.ipynb"),
        *(COURSE.exercises / f"{NAME}.ipynb", COURSE.solutions / f"{NAME}.ipynb"),
        *(COURSE.tests / "conftest.py", COURSE.test_file(NAME), COURSE.recorded_file(NAME)),
    ):
        target = root / file.relative_to(COURSE.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    _hand_in(course)
    return course


def _hand_in(course):
    """What Moodle packs, the tables of Moodle and Canvas, and those that teachers write."""
    right = answer_cells(read_notebook(course.solutions / f"{NAME}.ipynb"))
    stub = read_notebook(course.exercises / f"{NAME}.ipynb")
    moodle = "Identifier,Full name,Grade,Maximum grade,Last modified (submission)\r\n"
    canvas = "Student,ID,Exercise 01 (77),Total\r\n    Points Possible,,9.00,\r\n"
    gradebook = "First name,Last name,Assignment: Ex 1 (Real)\r\n"
    with zipfile.ZipFile(course.root.parent / "submissions.zip", "w") as archive:
        for id, answers in zip(
            POINTS, (right, {**right, "answer-01-2": CONSTANT}, {}), strict=True
        ):
            file = f"Student {id[-1]}_{id}_assignsubmission_file_/{NAME}.ipynb"
            archive.writestr(file, json.dumps(with_answers(stub, answers)))
            time = "Monday, 23 November 2026, 8:11 PM"
            moodle += f'Participant {id},Student {id[-1]},,100.00,"{time}"\r\n'
            canvas += f"Student {id[-1]},{id},,\r\n"
            gradebook += f"Student,{id[-1]},-\r\n"
    tables = {
        "grades.csv": moodle,
        "canvas.csv": canvas,
        "gradebook.csv": gradebook,
        "class.csv": "name,email\n" + "".join(f"Student {k},{k}@u.example\n" for k in (7, 8, 9, 0)),
        "deadlines.csv": "exercise,deadline\n01,2099-11-23 23:59\n",
        "marks-by-hand.csv": "student,task,points,comment\nStudent 9,01.1,0,Copied.\n",
    }
    for name, text in tables.items():
        (course.root.parent / name).write_text(text, newline="")


def commands():
    """The lines of the page's first block of code."""
    block = re.search(r"```\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return [shlex.split(line, comments=True) for line in block[1].splitlines()]


@pytest.fixture(scope="module")
def said(course):
    """What each command said, one after the other."""
    said = []
    with contextlib.chdir(course.root):
        for program, *arguments in commands():
            assert program == "coursekit"
            with redirect_stdout(io.StringIO()) as screen:
                assert main(arguments) == 0, arguments
            said.append(screen.getvalue())
    return said


def test_the_page_s_commands_work_in_order(course, said):
    assert len(said) == 14
    assert "none with an answer" in said[0]
    assert "3 graded, 0 unchanged" in said[1]
    assert all("0 graded, 3 unchanged" in text for text in (said[2], said[8]))
    assert all("0 graded, 0 unchanged" in text for text in said[9:])
    assert "17.5 of 18  The tests gave 18." in said[3]
    assert "12 of 18  The tests gave 18." in said[5]
    assert "18 of 18\n" in said[4] and said[6] == said[4]
    assert "0 of 18" in said[7] and "tests gave" not in said[7]  # there was nothing to test
    assert "Nothing was submitted by Student 0." in said[8]
    assert "when they were submitted: 3." in said[8]  # Moodle's zip doesn't say it
    assert "2 of 4 reach the pass mark of 50 percent." in said[10]
    assert "when they were submitted" not in said[12]  # the worksheet did
    home = course.root.parent
    assert (home / "handout" / "exercises" / f"{NAME}.ipynb").exists()
    rows = list(csv.DictReader((home / "marks" / "marks.csv").read_text().splitlines()))
    scores = {f"{id[-1]}@u.example": points for id, points in POINTS.items()}
    assert {row["student_id"]: float(row["score"]) for row in rows} == scores
    assert {row["timestamp"][:16] for row in rows} == {"2026-11-23T20:11"}
    for file, column, most in (
        ("grades.csv", "Grade", 100),
        ("canvas.csv", "Exercise 01 (77)", 9),
        ("gradebook.csv", "Assignment: Ex 1 (Real)", 20),
    ):
        rows = list(csv.DictReader((home / "marks" / file).read_text().splitlines()))
        marks = [float(row[column]) for row in rows if "Possible" not in row.get("Student", "")]
        assert marks == [round(points * most / 18, 2) for points in POINTS.values()]
    with zipfile.ZipFile(home / "marks" / "upload" / "feedback-01.zip") as archive:
        assert len(archive.namelist()) == 3


def test_the_page_s_table_names_what_is_written(course, said):
    marks = course.root.parent / "marks"
    named = re.findall(r"(?m)^\| `([^`]+)` \|", PAGE.read_text("utf-8"))
    assert len(named) >= 8
    assert all((marks / name).exists() for name in named)
    unnamed = {path.name for path in marks.iterdir()} - {name.strip("/") for name in named}
    assert unnamed == {"canvas.csv", "gradebook.csv"}


def test_to_resume_is_the_default_and_may_be_said(course, said, monkeypatch, capsys):
    monkeypatch.chdir(course.root)
    assert main(["grade", "../submissions.zip", "--to", "../marks", "--resume"]) == 0
    assert "0 graded, 3 unchanged" in capsys.readouterr().out


def test_the_commands_that_repeat_a_task(course, said, monkeypatch, capsys):
    """That of the docs, that of the teacher's page, and the one for any file and seed."""
    (line,) = re.findall(r"(?m)^coursekit (grade .*--student .*)$", PAGE.read_text("utf-8"))
    monkeypatch.chdir(course.root)
    assert main(shlex.split(line)) == 0
    shown = capsys.readouterr().out
    assert "01.2 in 01_linear_limits.ipynb" in shown
    assert "✗ gate_weights('nor')" in shown and "returned" in shown
    (page,) = Path("../marks/teacher").glob("8_u*.html")
    command = re.search(r"<code>coursekit (grade --to .*?)</code>", page.read_text())[1]
    assert main(shlex.split(unescape(command))) == 0
    assert "01.1 in 01_linear_limits.ipynb" in capsys.readouterr().out
    with zipfile.ZipFile("../submissions.zip") as archive:
        Path("../file.ipynb").write_bytes(archive.read(archive.namelist()[1]))
    assert main(["grade", "../file.ipynb", "--seed", "7", "--task", "01.2"]) == 0
    assert "with the inputs of seed 7" in capsys.readouterr().out
    assert main(["grade", "../file.ipynb", "--student", "8", "--task", "01.2"]) == 2
    assert "coursekit grade --to MARKS --student STUDENT --task" in capsys.readouterr().err
    Path("../submissions.zip").rename("../moved.zip")
    try:
        assert main(shlex.split(line)) == 2
        assert "is no longer in" in capsys.readouterr().err
        assert main(["grade", "../moved.zip", *shlex.split(line)[1:]]) == 0
    finally:
        Path("../moved.zip").rename("../submissions.zip")
