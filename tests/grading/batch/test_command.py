"""The teacher's command from end to end, in sandboxes."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace

import pytest

from coursekit.cli import main
from coursekit.grading.batch.command import BOOK, Options, file_name, grade_batch
from coursekit.grading.batch.gradebook import Gradebook
from coursekit.grading.batch.sandbox import bubblewrap
from coursekit.grading.course.paths import CourseError

from ..small_course import MEAN, NAME, TESTS, edit, solutions_notebook, write_notebook
from .conftest import descendants, gone, needs_sandbox

pytestmark = needs_sandbox
FORGOT = "def mean(x):\n    return x.sum()\n\n\n" + MEAN[MEAN.index("def spread") :]


@pytest.fixture
def handed_in(ready, tmp_path):
    """Ada is right, Bob makes a known mistake, Cai wrote nothing, Dan's file is empty."""
    folder = tmp_path / "submissions"
    for student in ("ada", "bob", "cai"):
        (folder / student).mkdir(parents=True)
        write_notebook(folder / student / f"{NAME}.ipynb", solutions_notebook())
    edit(folder / "bob" / f"{NAME}.ipynb", "answer-01-1", FORGOT)
    shutil.copy(ready.exercises / f"{NAME}.ipynb", folder / "cai")
    (folder / "dan").mkdir()
    (folder / "dan" / f"{NAME}.ipynb").touch()
    return folder


@pytest.fixture
def options(handed_in, tmp_path):
    return Options(paths=[handed_in], to=tmp_path / "marks", jobs=2)


def points(to):
    rows = csv.DictReader((to / "marks.csv").read_text().splitlines())
    return {row["student_id"]: float(row["score"]) for row in rows}


def test_a_class_is_graded(ready, options, capsys):
    grade_batch(ready, options)
    assert points(options.to) == {"ada": 4.5, "bob": 2.5, "cai": 0.0}
    said = capsys.readouterr().out
    assert "4 graded, 0 unchanged" in said
    assert "01_small.ipynb is empty." in said
    page = (options.to / "feedback" / "bob.html").read_text()
    assert "You forgot to divide by the number of values." in page
    assert "Not written yet." in (options.to / "feedback" / "cai.html").read_text()
    results = json.loads((options.to / "gradescope" / "ada" / NAME / "results.json").read_text())
    assert results["score"] == 4.5
    assert "You forgot to divide" in (options.to / "summary.html").read_text()


def test_a_course_where_a_sandbox_could_read_it_is_refused(ready, options, monkeypatch):
    there = {**bubblewrap._files({}), "/sandbox/numpy": str(ready.root.resolve())}
    monkeypatch.setattr(bubblewrap, "_files", lambda installed: there)
    with pytest.raises(CourseError, match="a sandbox can read"):
        grade_batch(ready, options)


def test_a_second_run_grades_what_is_new(ready, options, handed_in, capsys):
    grade_batch(ready, options)
    first = (options.to / "marks.csv").read_bytes()
    grade_batch(ready, options)
    assert "0 graded, 4 unchanged" in capsys.readouterr().out
    assert (options.to / "marks.csv").read_bytes() == first

    write_notebook(handed_in / "dan" / f"{NAME}.ipynb", solutions_notebook())
    grade_batch(ready, options)
    assert "1 graded, 3 unchanged" in capsys.readouterr().out
    assert points(options.to)["dan"] == 4.5

    grade_batch(ready, replace(options, again=True))
    assert "4 graded, 0 unchanged" in capsys.readouterr().out


def test_a_changed_test_grades_again_and_leaves_the_teachers_points(ready, options, capsys):
    grade_batch(ready, options)
    assert (
        main_in(ready, "override", options.to, "bob", "01.1", "--points", "2", "--comment", "Ok.")
        == 0
    )
    assert "tests gave 2.5" in capsys.readouterr().out
    assert points(options.to)["bob"] == 4.0
    ready.test_file(NAME).write_text(TESTS + "\n# another version\n")
    grade_batch(ready, options)
    said = capsys.readouterr().out
    assert "3 graded, 1 unchanged" in said  # Dan's file is no exercise, so no test touches it
    assert "tests gave 2.5" in said
    assert points(options.to)["bob"] == 4.0
    assert "Your teacher gave 2 points" in (options.to / "feedback" / "bob.html").read_text()
    assert main_in(ready, "override", options.to, "bob", "01.1", "--withdraw") == 0
    assert points(options.to)["bob"] == 2.5


def main_in(course, *arguments):
    """Run the command in the course's folder."""
    before = os.getcwd()
    os.chdir(course.root)
    try:
        return main([str(argument) for argument in arguments])
    finally:
        os.chdir(before)


def test_hidden_inputs_are_each_students_own_and_stay(ready, options):
    grade_batch(ready, options)
    with Gradebook(options.to / BOOK) as book:
        seeds = {e.grade.student: e.grade.seed for e in book.entries() if e.grade.exercise}
    assert len(set(seeds.values())) == 3
    grade_batch(ready, replace(options, again=True))
    with Gradebook(options.to / BOOK) as book:
        assert seeds == {e.grade.student: e.grade.seed for e in book.entries() if e.grade.exercise}
    feedback = "".join(path.read_text() for path in (options.to / "feedback").iterdir())
    assert not any(str(seed) in feedback for seed in seeds.values())


def test_moodles_zip_and_table(ready, options, handed_in, tmp_path, capsys):
    packed = tmp_path / "moodle.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for number, student in enumerate(("ada", "bob"), 17):
            folder = f"{student.title()} X_{number}_assignsubmission_file_"
            archive.write(handed_in / student / f"{NAME}.ipynb", f"{folder}/{NAME}.ipynb")
    table = tmp_path / "grades.csv"
    table.write_bytes(
        b"\xef\xbb\xbfIdentifier,Full name,Grade,Maximum Grade\r\n"
        b"Participant 17,Ada X,,9.00\r\nParticipant 18,Bob X,,9.00\r\nParticipant 19,Eve,,9.00\r\n"
    )
    filled = replace(options, paths=[packed], fill=table, only="01")
    grade_batch(ready, filled)
    before = table.read_bytes()
    assert (options.to / "grades.csv").read_bytes() == before.replace(
        b"Ada X,,", b"Ada X,9,"
    ).replace(b"Bob X,,", b"Bob X,5,")
    assert "without a submission: 1." in capsys.readouterr().out


def test_json_for_programs(ready, options, capsys):
    assert main_in(ready, "grade", options.paths[0], "--to", options.to, "--json", "--jobs", 1) == 0
    marks = json.loads(capsys.readouterr().out)["marks"]
    assert {mark["student"]: mark["counts"] for mark in marks} == {
        "ada": 4.5,
        "bob": 2.5,
        "cai": 0,
        "dan": 0,
    }


def test_unsafe_is_warned_of_and_noted(ready, options, capsys):
    grade_batch(ready, replace(options, unsafe=True))
    assert "Warning: --unsafe" in capsys.readouterr().err
    assert points(options.to) == {"ada": 4.5, "bob": 2.5, "cai": 0.0}
    with Gradebook(options.to / BOOK) as book:
        assert all(entry.grade.unsafe for entry in book.entries())
    grade_batch(ready, options)  # what was graded without a sandbox is graded again
    with Gradebook(options.to / BOOK) as book:
        assert not any(entry.grade.unsafe for entry in book.entries())


def test_without_bubblewrap_it_refuses_and_says_what_to_do(ready, options, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CourseError, match=r"apt install bubblewrap.*--unsafe"):
        grade_batch(ready, options)
    assert not options.to.exists()


RUN = """
import sys
from pathlib import Path
from coursekit.grading.batch.command import Options, grade_batch
from coursekit.grading.course.paths import Course
if __name__ == "__main__":
    root, submissions, marks = map(Path, sys.argv[1:])
    grade_batch(Course(root), Options([submissions], marks, jobs=2))
"""


def test_a_killed_run_resumes_and_counts_nothing_twice(ready, handed_in, tmp_path, capsys):
    for number in range(30):
        shutil.copytree(handed_in / "bob", handed_in / f"student{number}")
    script, to = tmp_path / "run.py", tmp_path / "marks"
    script.write_text(RUN)
    run = subprocess.Popen([sys.executable, script, ready.root, handed_in, to])
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and graded(to) < 4:
        time.sleep(0.05)
    started = descendants(run.pid)
    assert len(started) >= 4  # two graders, and their sandboxes
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert gone(started)
    before = graded(to)
    assert 4 <= before < 34
    grade_batch(ready, Options([handed_in], to, jobs=2))
    assert f"{34 - before} graded, {before} unchanged" in capsys.readouterr().out
    assert len(points(to)) == 33  # all but Dan's, which is empty
    assert set(points(to).values()) == {0.0, 2.5, 4.5}


def graded(to):
    if not (to / BOOK).exists():
        return 0
    try:
        with Gradebook(to / BOOK) as book:
            return len(list(book.entries()))
    except CourseError:  # just being made
        return 0


def test_names_of_files_are_safe_and_never_shared():
    names = ["ada", "Ada L.", "Ada_L_", "../x", "", "a/b", "a_b", "é" * 300, "=cmd"]
    files = [file_name(name) for name in names]
    assert len(set(files)) == len(names)
    assert all(len(name) < 100 and "/" not in name and not name.startswith(".") for name in files)
