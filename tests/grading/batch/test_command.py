"""The teacher's command from end to end, in sandboxes."""

import csv
import errno
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from dataclasses import replace

import pytest

from coursekit.cli import main
from coursekit.grading.batch import command
from coursekit.grading.batch.base.records import Grade
from coursekit.grading.batch.command import BOOK, Options, alone_in, grade_batch
from coursekit.grading.batch.exports import written
from coursekit.grading.batch.exports.written import file_name
from coursekit.grading.batch.marks.gradebook import Gradebook
from coursekit.grading.batch.sandbox import bubblewrap
from coursekit.grading.course.paths import CourseError, find_course

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
    # One process: a second one costs more than these few submissions.
    return Options(paths=[handed_in], to=tmp_path / "marks", jobs=1)


def points(to):
    rows = csv.DictReader((to / "marks.csv").read_text().splitlines())
    return {row["student_id"]: float(row["score"]) for row in rows}


def test_a_class_is_graded(ready, options, capsys):
    grade_batch(ready, replace(options, jobs=2))
    assert points(options.to) == {"ada": 4.5, "bob": 2.5, "cai": 0.0}
    said = capsys.readouterr().out
    assert "3 graded, 0 unchanged" in said
    assert "Files that could not be graded: 1." in said
    assert f"What is late or unusual: {options.to / 'summary.html'}, Remarks." in said
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
    assert "The tests gave 2.5." in capsys.readouterr().out
    assert points(options.to)["bob"] == 4.0
    ready.test_file(NAME).write_text(TESTS + "\n# another version\n")
    grade_batch(ready, options)
    said = capsys.readouterr().out
    assert "3 graded, 1 unchanged" in said  # Dan's file is not an exercise, so no test touches it
    assert "The tests gave 2.5." in said
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
        b"\xef\xbb\xbfIdentifier,Full name,Grade,Maximum Grade,Last modified (submission)\r\n"
        b"Participant 17,Ada X,,9.00,2026-11-23 20:11\r\nParticipant 18,Bob X,,9.00,-\r\n"
        b"Participant 19,Eve,,9.00,-\r\n"
    )
    filled = replace(options, paths=[packed], fill=table, only="01")
    grade_batch(ready, filled)
    before = table.read_bytes()
    assert (options.to / "grades.csv").read_bytes() == before.replace(
        b"Ada X,,", b"Ada X,9,"
    ).replace(b"Bob X,,", b"Bob X,5,")
    assert "without a submission: 1." in capsys.readouterr().out
    grade_batch(ready, replace(options, paths=[packed], again=True))  # without the table's times
    assert ",2026-11-23T20:11" in (options.to / "marks.csv").read_text()


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
    for number in range(16):
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
    assert 4 <= before < 20
    grade_batch(ready, Options([handed_in], to, jobs=2))
    assert f"{20 - before} graded, {before} unchanged" in capsys.readouterr().out
    assert len(points(to)) == 19  # all but Dan's, which is empty
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
    assert len({file.lower() for file in files}) == len(names)


@pytest.mark.parametrize("name", ["CON", "con", "Nul", "lpt1", "Ada", "ada-0123abcd"])
def test_names_that_another_system_would_take_for_others_get_a_number(name):
    assert file_name(name) != name
    assert file_name(name).lower() not in {"con", "nul", "lpt1", "ada", "ada-0123abcd"}


# What can go wrong around it


def test_an_interrupted_run_writes_what_there_is_and_goes_on_later(ready, handed_in, tmp_path):
    for number in range(16):
        shutil.copytree(handed_in / "bob", handed_in / f"student{number}")
    script, to = tmp_path / "run.py", tmp_path / "marks"
    script.write_text(RUN)
    run = subprocess.Popen(
        [sys.executable, script, ready.root, handed_in, to],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell lets what it runs in the background ignore this signal, and children inherit it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and graded(to) < 4:
        time.sleep(0.05)
    started = descendants(run.pid)
    os.killpg(run.pid, signal.SIGINT)  # as Ctrl-C does, to all of them
    said = run.communicate(timeout=60)[1]
    assert gone(started)
    assert "Interrupted after" in said
    assert "Traceback" not in said.partition("CourseError: ")[2]
    assert said.count("KeyboardInterrupt") <= 2  # none of a process that grades
    before = graded(to)
    assert 4 <= before < 20
    written = csv.DictReader((to / "marks.csv").read_text().splitlines())
    assert before - 1 <= len(list(written)) <= before  # all but Dan's, which is empty
    assert (to / "summary.html").exists()


def stops_after(monkeypatch, number, error):
    """Let a run end with an error after so many grades."""
    real = command.executor

    def executor(*chosen):
        def run(submissions, settings):
            for done, graded in enumerate(real(*chosen)(submissions, settings)):
                if done == number:
                    raise error
                yield graded

        return run

    monkeypatch.setattr(command, "executor", executor)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), CourseError("A worker is broken.")])
def test_whatever_ends_a_run_the_grades_so_far_are_written(ready, options, monkeypatch, error):
    stops_after(monkeypatch, 2, error)
    with pytest.raises(CourseError, match=r"Interrupted after 2 new grades|A worker is broken\."):
        grade_batch(ready, options)
    assert graded(options.to) == 2
    assert (options.to / "marks.csv").exists()
    assert len(list((options.to / "feedback").iterdir())) == 2


def test_what_was_set_aside_is_told_and_graded_by_the_next_run(ready, options, monkeypatch, capsys):
    aside = Grade("bob", "bob", f"{NAME}.ipynb", "", remarks=["Not graded yet."], unfinished=True)

    def executor(*_):
        def run(submissions, settings):
            return iter([(one.load(), aside) for one in submissions if "bob" in str(one)])

        return run

    with monkeypatch.context() as patch:
        patch.setattr(command, "executor", executor)
        grade_batch(ready, options)
    assert "0 graded, 0 unchanged" in (said := capsys.readouterr().out)
    assert "Not graded yet." in said
    assert points(options.to) == {}
    grade_batch(ready, options)
    assert "3 graded, 0 unchanged" in capsys.readouterr().out
    assert points(options.to)["bob"] == 2.5
    with monkeypatch.context() as patch:  # an earlier grade of the same file stays
        patch.setattr(command, "executor", executor)
        grade_batch(ready, replace(options, again=True))
    assert f"bob, {NAME}.ipynb: Not graded yet." in capsys.readouterr().out
    assert points(options.to)["bob"] == 2.5


def test_two_commands_at_once_on_a_folder(ready, options):
    options.to.mkdir()
    with (
        alone_in(options.to),
        pytest.raises(CourseError, match="Another command is grading into"),
    ):
        grade_batch(ready, options)
    assert list(options.to.iterdir()) == []
    grade_batch(ready, options)
    assert points(options.to)["ada"] == 4.5


def test_a_target_that_is_a_file(ready, options):
    options.to.write_text("x")
    with pytest.raises(CourseError, match="can't be written to: something of this name exists"):
        grade_batch(ready, options)
    assert options.to.read_text() == "x"


@pytest.mark.parametrize("name", ["marks.csv", "summary.html", "feedback", "gradescope"])
def test_an_export_that_cannot_be_written(ready, options, name):
    """As on a disk that is full, or may only be read; something else is in its place here."""
    options.to.mkdir()
    if name.endswith(("csv", "html")):
        (options.to / name / "x").mkdir(parents=True)
    else:
        (options.to / name).touch()
    with pytest.raises(CourseError, match=r"can't be written to: .* The grades are safe"):
        grade_batch(ready, options)
    assert graded(options.to) == 4


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "no space is left on the disk"),
        (errno.EROFS, "it can only be read"),
        (errno.EDQUOT, "no more space is allowed"),
    ],
)
def test_a_full_disk_during_the_exports(ready, options, monkeypatch, number, reason):
    def fails(path, text):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(written, "write_atomically", fails)
    with pytest.raises(CourseError, match=reason):
        grade_batch(ready, options)
    assert graded(options.to) == 4


@pytest.mark.parametrize(
    "name", ["gradebook.sqlite", "Gradebook.SQLite", "marks.csv", "summary.html", "feedback",
             "gradebook.sqlite-journal"],
)  # fmt: skip
def test_a_table_to_fill_overwrites_nothing_of_the_graders(ready, options, tmp_path, name):
    table = tmp_path / name
    table.write_text("Identifier,Grade\r\n")
    with pytest.raises(CourseError, match=r"would be overwritten: give .* another name"):
        grade_batch(ready, replace(options, fill=table))
    assert not options.to.exists()  # it is said before the work


def test_a_table_to_fill_that_is_not_there(ready, options, tmp_path):
    with pytest.raises(CourseError, match="there is no such file"):
        grade_batch(ready, replace(options, fill=tmp_path / "none.csv"))
    assert not options.to.exists()


def test_a_damaged_grade_is_told_before_the_work_and_replaced_by_again(ready, options):
    grade_batch(ready, options)
    with sqlite3.connect(options.to / BOOK) as db:
        db.execute("UPDATE marks SET mark = '{' WHERE student = 'ada'")
    with pytest.raises(CourseError, match=r"the grade of ada, .* can't be read"):
        grade_batch(ready, options)
    grade_batch(ready, replace(options, again=True))
    assert points(options.to)["ada"] == 4.5


def test_a_damaged_zip_is_a_line_of_the_table(ready, options, tmp_path, capsys):
    (tmp_path / "eve.zip").write_bytes(b"PK\3\4 and no more")
    grade_batch(ready, replace(options, paths=[tmp_path / "eve.zip", *options.paths]))
    said = capsys.readouterr().out
    assert "It is no zip, or a damaged one." in said
    assert "3 graded" in said and "could not be graded: 2." in said


def test_names_do_not_act_on_the_terminal(ready, options, capsys):
    shutil.copytree(options.paths[0] / "ada", options.paths[0] / "\x1b[2Jeve\nx")
    grade_batch(ready, options)
    said = capsys.readouterr()
    assert "[2Jeve x" in said.out
    assert "\x1b" not in said.out + said.err


def test_only_one_exercise_is_graded_and_unreadable_files_are_told(ready, options, capsys):
    (options.paths[0] / "eve").mkdir()
    other = json.loads((options.paths[0] / "ada" / f"{NAME}.ipynb").read_text())
    for cell in other["cells"]:
        cell["id"] = cell["id"].replace("-01-", "-02-")
        cell["metadata"] = {}
    (options.paths[0] / "eve" / "02_other.ipynb").write_text(json.dumps(other))
    grade_batch(ready, replace(options, only="01"))
    said = capsys.readouterr().out
    assert "01_small.ipynb is empty." in said
    assert points(options.to) == {"ada": 4.5, "bob": 2.5, "cai": 0.0}


def test_a_terminal_without_a_names_letters(ready, options, monkeypatch):
    shutil.copytree(options.paths[0] / "ada", options.paths[0] / "Žák Ω")
    screen = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr(sys, "stdout", screen)
    assert main_in(ready, "grade", options.paths[0], "--to", options.to, "--jobs", 1) == 0
    screen.flush()
    assert b"?\xe1k ?" in screen.buffer.getvalue()


@pytest.mark.skipif(os.name == "nt", reason="its pipes are others")
def test_output_into_a_pipe_whose_reader_has_gone(ready, options):
    read, write = os.pipe()
    os.close(read)
    run = subprocess.run(
        [sys.executable, "-m", "coursekit.cli", "grade", options.paths[0], "--to", options.to],
        cwd=ready.root,
        env={**os.environ, "PYTHONPATH": str(find_course().root)},
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(write)
    assert run.stderr == ""
    assert points(options.to)["ada"] == 4.5
