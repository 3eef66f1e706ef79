"""The copy in which a student works keeps what is written there, and gets what is new."""

import json
import subprocess
import sys

import pytest
from ipykernel.ipkernel import IPythonKernel

from coursekit import bootstrap
from coursekit.cli import main
from coursekit.grading.authoring.record import write_exercise
from coursekit.grading.course.notebook import cell_id, notebook_text, source_of
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.judge.recording import recorded
from coursekit.grading.student.merge import cell_prints, merge
from coursekit.grading.student.progress import read_points, save_points
from coursekit.grading.student.working_copy import MANIFEST, update_copy

from ..small_course import MEAN, NAME, cell, edit, write_notebook

LECTURE = "01_lines.ipynb"
EXERCISE = f"exercises/{NAME}.ipynb"


def lecture(**texts):
    cells = {"title": "# Lines", "run": "1 + 1", "end": "The end."} | texts
    kinds = {"run": "code"}
    return {
        "cells": [plain(id, text, kinds.get(id, "markdown")) for id, text in cells.items()],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def plain(id, text, kind="markdown"):
    return cell(id, text, kind) | {"metadata": {}}


@pytest.fixture
def clone(ready):
    """A small course with one lecture, as somebody has cloned it."""
    (ready.root / "notebooks").mkdir()
    write_notebook(ready.root / "notebooks" / LECTURE, lecture())
    return ready


def update(clone):
    return update_copy(clone)[1]


def texts(path):
    return [source_of(one) for one in json.loads(path.read_text())["cells"]]


def add(path, place, one):
    notebook = json.loads(path.read_text())
    notebook["cells"].insert(place, one)
    write_notebook(path, notebook)


def run_all(path):
    """Do to a notebook what running it does: outputs and counts, no text."""
    notebook = json.loads(path.read_text())
    for one in notebook["cells"]:
        if one["cell_type"] == "code":
            one["execution_count"] = 7
            one["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "ran"}]
    notebook["metadata"]["language_info"] = {"name": "python", "version": "3.12"}
    write_notebook(path, notebook)


def change_course(clone, text="## Task 01.1: mean and spread\n\nWrite both."):
    edit(clone.solutions / f"{NAME}.ipynb", "task-01-1", text)
    write_exercise(clone, NAME)
    write_notebook(clone.root / "notebooks" / LECTURE, lecture(end="The new end."))


def test_a_copy_is_a_course_of_its_own_without_answers(clone):
    copy, messages = update_copy(clone)
    assert copy.root == clone.root / "my-course"
    assert messages == [
        "my-course is your copy of the course. Work in it: updates keep what you write there."
    ]
    assert copy.names == [NAME]
    files = {p.relative_to(copy.root).as_posix() for p in copy.root.rglob("*") if p.is_file()}
    assert files == {
        EXERCISE,
        f"notebooks/{LECTURE}",
        f"tests/exercises/test_{NAME}.py",
        "tests/exercises/conftest.py",
        "tests/exercises/recorded/01.json",
        MANIFEST.as_posix(),
    }
    assert clone.students.root == copy.root and copy.students.root == copy.root


def test_without_a_change_nothing_is_written_or_said(clone):
    copy, _ = update_copy(clone)
    edit(copy.root / EXERCISE, "answer-01-1", MEAN)
    run_all(copy.root / "notebooks" / LECTURE)
    before = {p: p.stat().st_mtime_ns for p in copy.root.rglob("*.ipynb")}
    assert update(clone) == update(copy) == []
    assert {p: p.stat().st_mtime_ns for p in copy.root.rglob("*.ipynb")} == before


def test_untouched_notebooks_are_replaced(clone):
    copy, _ = update_copy(clone)
    for file in (EXERCISE, f"notebooks/{LECTURE}"):
        run_all(copy.root / file)
    change_course(clone)
    assert update(clone) == [f"Updated: {EXERCISE}", f"Updated: notebooks/{LECTURE}"]
    assert texts(copy.root / EXERCISE) == texts(clone.root / EXERCISE)
    assert texts(copy.root / "notebooks" / LECTURE)[-1] == "The new end."
    stored = json.loads((copy.root / EXERCISE).read_text())  # as JupyterLab would have it
    assert stored["metadata"]["language_info"] == dict(IPythonKernel.language_info)
    assert not list(copy.root.rglob("*.backup-*"))
    assert recorded(copy, NAME).notebook == recorded(clone, NAME).notebook


def test_lectures_come_without_outputs_and_a_run_touches_nothing(clone):
    stored = clone.root / "notebooks" / LECTURE
    run_all(stored)
    copy, _ = update_copy(clone)
    path = copy.root / "notebooks" / LECTURE
    assert texts(path) == texts(stored)
    assert '"ran"' in stored.read_text() and '"ran"' not in path.read_text()
    assert json.loads(path.read_text())["cells"][1]["execution_count"] is None
    run_all(path)  # by the student
    write_notebook(stored, json.loads(stored.read_text().replace("ran", "ran again")))
    assert update(clone) == []  # other outputs are no other lecture
    assert '"ran"' in path.read_text()
    write_notebook(stored, lecture(end="The new end."))
    assert update(clone) == [f"Updated: notebooks/{LECTURE}"]
    assert "ran" not in path.read_text() and not list(copy.root.rglob("*.backup-*"))


def test_a_lecture_that_is_no_notebook_is_named(clone):
    (clone.root / "notebooks" / LECTURE).write_text("<<<<<<< HEAD")
    with pytest.raises(CourseError, match=r"01_lines\.ipynb can't be read as a notebook"):
        update(clone)


def test_what_was_written_is_put_into_the_new_version_and_kept_beside_it(clone):
    copy, _ = update_copy(clone)
    path, notes = copy.root / EXERCISE, copy.root / "notebooks" / LECTURE
    edit(path, "answer-01-1", MEAN)
    add(path, 5, plain("helper", "h = 1", "code"))
    run_all(path)
    add(notes, 1, plain("mine", "My note."))
    before = path.read_bytes()
    change_course(clone)
    backups = [f"{NAME}.backup-1.ipynb", "01_lines.backup-1.ipynb"]
    assert update(clone) == [
        f"Updated, with what you wrote: {EXERCISE} (as it was: {backups[0]})",
        f"Updated, with what you wrote: notebooks/{LECTURE} (as it was: {backups[1]})",
    ]
    assert (copy.exercises / backups[0]).read_bytes() == before
    found = texts(path)
    assert found[3].endswith("Write both.") and found[4:6] == [MEAN, "h = 1"]
    assert texts(notes) == ["# Lines", "My note.", "1 + 1", "The new end."]
    assert '"ran"' in path.read_text()  # outputs of what has not changed
    assert update(clone) == []


def test_a_broken_notebook_is_kept_and_a_fresh_one_is_there(clone):
    copy, _ = update_copy(clone)
    (copy.root / EXERCISE).write_text("{")
    assert update(clone) == []
    change_course(clone)
    assert "could not be read and is a fresh copy now" in update(clone)[0]
    assert (copy.exercises / f"{NAME}.backup-1.ipynb").read_text() == "{"


@pytest.mark.parametrize("how", ["deleted", "broken"])
def test_without_a_manifest_answers_are_kept_as_well(clone, how):
    copy, _ = update_copy(clone)
    edit(copy.root / EXERCISE, "answer-01-1", MEAN)
    manifest = copy.root / MANIFEST
    manifest.write_text("{") if how == "broken" else manifest.unlink()
    change_course(clone)
    assert len(update(clone)) == 2
    assert MEAN in texts(copy.root / EXERCISE)


def test_what_the_course_has_no_longer_is_removed_unless_written_in(clone):
    for number in ("02", "03"):
        write_notebook(clone.root / "notebooks" / f"{number}_more.ipynb", lecture())
    copy, _ = update_copy(clone)
    add(copy.root / "notebooks" / "03_more.ipynb", 0, plain("mine", "My note."))
    for number in ("02", "03"):
        (clone.root / "notebooks" / f"{number}_more.ipynb").unlink()
    assert update(clone) == ["No longer part of the course, and removed: notebooks/02_more.ipynb"]
    left = sorted(p.name for p in (copy.root / "notebooks").iterdir())
    assert left == [LECTURE, "03_more.ipynb"]


def test_what_was_written_before_there_was_a_copy_is_taken_over_once(clone):
    edit(clone.root / EXERCISE, "answer-01-1", MEAN)
    save_points(clone.progress, "01.1", 2.5)
    copy, messages = update_copy(clone)
    assert messages[1:] == [
        "Your progress so far was taken over.",
        f"What you wrote in {EXERCISE} is now in my-course/{EXERCISE}.",
    ]
    assert MEAN in texts(copy.root / EXERCISE) and read_points(copy.progress) == {"01.1": 2.5}
    edit(copy.root / EXERCISE, "answer-01-1", "def mean(x):\n    return 1")
    assert update(clone) == []
    edit(clone.root / EXERCISE, "answer-01-1", "def mean(x):\n    return 2")
    (said,) = update(clone)
    assert "both hold answers" in said and "return 1" in "".join(texts(copy.root / EXERCISE))
    assert update(clone) == []


def test_something_else_in_its_place_is_left_alone(clone):
    mine = clone.root / "my-course"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine")
    with pytest.raises(CourseError, match="rename what is there"):
        update(clone)
    (mine / "notes.txt").unlink()
    assert len(update(clone)) == 1


def test_an_interrupted_beginning_is_finished(clone):
    (clone.root / "my-course" / "exercises").mkdir(parents=True)
    (clone.root / "my-course" / "tests" / "exercises").mkdir(parents=True)
    assert len(update(clone)) == 2  # "New: …"
    assert (clone.root / "my-course" / EXERCISE).exists()


def test_an_exercise_that_is_being_written_does_not_stop_students(clone):
    clone.test_file("02_new").write_text("")
    copy, _ = update_copy(clone)
    assert copy.names == [NAME]


# Merging, cell by cell

OLD = lecture(a="a", b="b")


def merged(mine, new, before=OLD):
    before = cell_prints(before) if before else {}
    found, written = merge(mine, new, before)
    assert [cell_id(one) for one in found["cells"] if not cell_id(one)] == []
    return [source_of(one) for one in found["cells"]], written


def test_both_sides_changes_meet():
    new = lecture(a="a, newer", b="b", c="c")
    assert merged(lecture(a="a", b="b, mine"), new) == (
        ["# Lines", "1 + 1", "The end.", "a, newer", "b, mine", "c"],
        True,
    )
    # both changed one cell: the newer one counts, and the caller keeps the student's file
    assert merged(lecture(a="a, mine", b="b"), new)[0][3] == "a, newer"
    assert merged(lecture(a="a, mine", b="b"), new)[1]


def test_nothing_written_is_nothing_written():
    new = lecture(a="a, newer")
    assert merged(OLD, new) == (["# Lines", "1 + 1", "The end.", "a, newer"], False)
    for mine in (OLD, new, lecture()):
        assert not merged(mine, new)[1]


def test_cells_that_lost_their_ids_are_found_by_their_texts():
    mine = json.loads(json.dumps(OLD))
    for place, one in enumerate(mine["cells"]):
        one["id"] = f"x{place}"
    mine["cells"].insert(2, plain("y", "My note."))
    new = lecture(a="a, newer", b="b")
    assert merged(mine, new) == (
        ["# Lines", "1 + 1", "My note.", "The end.", "a, newer", "b"],
        True,
    )


def test_an_answer_in_another_cell_comes_after_the_stub_it_replaces(ready):
    """The stub would else define the function anew."""
    new = recorded(ready, NAME).notebook
    mine = json.loads(notebook_text(new))
    place = [one["id"] for one in mine["cells"]].index("answer-01-1")
    mine["cells"][place] = plain("q", MEAN, "code")
    found, _ = merge(mine, new, cell_prints(new))
    ids = [one["id"] for one in found["cells"]]
    assert ids.index("answer-01-1") < ids.index("q") < ids.index("check-01-1")


def test_a_copied_cell_is_kept_beside_the_one_that_it_was_copied_from(ready):
    new = recorded(ready, NAME).notebook
    mine = json.loads(notebook_text(new))
    place = [one["id"] for one in mine["cells"]].index("answer-01-1")
    mine["cells"][place]["source"] = MEAN
    mine["cells"].insert(place + 1, mine["cells"][place] | {"id": "z", "source": "mean = len"})
    found, written = merge(mine, new, cell_prints(new))
    sources = [source_of(one) for one in found["cells"]]
    assert written and sources.index("mean = len") == sources.index(MEAN) + 1


# The commands


def test_a_student_s_commands_mean_the_copy(clone, monkeypatch, capsys):
    copy, _ = update_copy(clone)
    monkeypatch.chdir(clone.root)
    save_points(copy.progress, "01.2", 2)
    assert main(["progress"]) == 0
    assert "2 of 4.5" in capsys.readouterr().out
    edit(copy.root / EXERCISE, "answer-01-1", MEAN)
    assert main(["reset", "01"]) == 0
    assert MEAN not in texts(copy.root / EXERCISE)
    assert "my-course" in capsys.readouterr().out
    edit(copy.root / EXERCISE, "answer-01-1", MEAN)
    main(["grade"])
    assert "2.5 of 2.5" in capsys.readouterr().out


def test_lab_opens_the_copy_and_authors_the_source(clone, monkeypatch, capsys):
    opened = []
    monkeypatch.setattr("coursekit.lab.main", lambda root, extra: opened.append((root, extra)) or 0)
    monkeypatch.chdir(clone.root)
    assert main(["lab", "--no-browser"]) == 0
    assert "my-course is your copy" in capsys.readouterr().out
    assert main(["lab", "--source"]) == 0
    assert opened == [(clone.root / "my-course", ["--no-browser"]), (clone.root, [])]
    monkeypatch.chdir(clone.root / "my-course")
    assert main(["lab"]) == 0
    assert opened[-1][0] == clone.root / "my-course"


def test_git_ignores_the_copy():
    root = Course(bootstrap.ROOT).root
    assert "my-course/" in (root / ".gitignore").read_text().splitlines()


def test_python_m_coursekit_is_the_command(clone):
    """With any Python: the course's own environment takes over."""
    run = subprocess.run(
        [sys.executable, "-m", "coursekit", "progress"],
        cwd=clone.root,
        env={"PYTHONPATH": str(bootstrap.ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "") and "small numbers" in run.stdout
