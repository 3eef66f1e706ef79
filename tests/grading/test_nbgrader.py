"""The exercises are nbgrader assignments: nbgrader's own release and autograde agree with ours."""

import csv
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.grading.authoring.record import catalogue_of
from coursekit.grading.batch.base.records import Settings
from coursekit.grading.batch.exports import reports
from coursekit.grading.batch.grader.grade_one import grade_one
from coursekit.grading.batch.hand_ins.collection import collect
from coursekit.grading.batch.marks.gradebook import Gradebook
from coursekit.grading.course.notebook import with_answers
from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.reference import read_notebook, solution

from .small_course import installed_without_course

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("nbgrader") is None,
    reason="nbgrader is no part of the course: CONTRIBUTING.md says how to run this",
)
COURSE = find_course()
NUMBERS = ("raw_score", "late_submission_penalty", "score", "max_score")


def nbgrader(folder, *arguments, site=COURSE.root, **environment):
    """Run one of nbgrader's commands, with a copy of the package and its own ``alembic``."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(site), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0 and "ERROR" not in run.stdout, run.stdout


def answers(name, mistaken):
    """The course's own answers, with a known mistake in the tasks that are chosen."""
    wrong = {}
    for known in catalogue_of(COURSE, solution(COURSE, name)):
        if not known.right:
            wrong.setdefault(known.task, known.source)
    cells = {}
    for number, task in enumerate(solution(COURSE, name).tasks.values()):
        cells |= task.answers
        if mistaken(number):
            last = list(task.answers)[-1]
            cells[last] = f"{task.answers[last]}\n\n{wrong[task.id]}"
    return cells


@pytest.fixture(scope="module", params=COURSE.names)
def assignment(request, tmp_path_factory):
    """An exercise that nbgrader has released, collected and graded."""
    name, folder = request.param, tmp_path_factory.mktemp("nbgrader")
    file = f"{name}.ipynb"
    (folder / "source" / name).mkdir(parents=True)
    shutil.copy(COURSE.solutions / file, folder / "source" / name)
    nbgrader(folder, "generate_assignment", name)
    released = read_notebook(folder / "release" / name / file)
    ours = read_notebook(COURSE.exercises / file)
    handed_in = {
        "empty": released,
        "empty-ours": ours,
        "partly": with_answers(ours, answers(name, lambda number: number % 2)),
        "right": with_answers(released, answers(name, lambda number: False)),
        "wrong": with_answers(released, answers(name, lambda number: True)),
    }
    for student, notebook in handed_in.items():
        (folder / "submitted" / student / name).mkdir(parents=True)
        (folder / "submitted" / student / name / file).write_text(json.dumps(notebook))
    nbgrader(folder, "autograde", name)
    nbgrader(folder, "export")
    return name, folder


def test_nbgraders_release_is_ours(assignment):
    name, folder = assignment
    theirs = read_notebook(folder / "release" / name / f"{name}.ipynb")
    ours = read_notebook(COURSE.exercises / f"{name}.ipynb")
    asks = "raise NotImplementedError"
    for other, own in zip(theirs.cells, ours.cells, strict=True):
        assert other.source.replace(f"{asks}()", asks) == own.source
        assert own.metadata.nbgrader.items() <= other.metadata.nbgrader.items()


def test_the_points_are_ours(assignment, tmp_path):
    name, folder = assignment
    settings = Settings(COURSE.root, seed=1, unsafe=shutil.which("bwrap") is None)
    with Gradebook(tmp_path / "book.sqlite") as book:
        for found in collect(folder / "submitted"):
            submission = found.load()
            book.put(grade_one(submission, settings), submission.student)
        table = reports.as_csv(book.entries())
    ours = list(csv.DictReader(table.splitlines()))
    with (folder / "grades.csv").open(newline="") as file:
        theirs = list(csv.DictReader(file))
    assert list(ours[0]) == list(theirs[0])
    theirs.sort(key=lambda row: row["student_id"])
    for own, other in zip(ours, theirs, strict=True):
        assert [own[key] for key in ("assignment", "student_id")] == [name, other["student_id"]]
        assert [float(own[key]) for key in NUMBERS] == [float(other[key]) for key in NUMBERS]
    reached = {row["student_id"]: float(row["score"]) for row in ours}
    full = sum(task.points for task in solution(COURSE, name).tasks.values())
    assert reached["right"] == full
    assert reached["empty"] == reached["empty-ours"] == 0
    assert 0 <= reached["wrong"] < reached["partly"] < full


@pytest.mark.parametrize("named", [False, True])
def test_an_installed_package_finds_the_course_or_stops(tmp_path, named):
    """Without the course's files around the package, a right answer must not silently get 0."""
    name, site = COURSE.names[0], installed_without_course(tmp_path / "site")
    environment = {"COURSEKIT_COURSE": str(COURSE.root)} if named else {}
    folder = tmp_path / "class"
    for place in ("source", "submitted/ada"):
        (folder / place / name).mkdir(parents=True)
        shutil.copy(COURSE.solutions / f"{name}.ipynb", folder / place / name)
    nbgrader(folder, "generate_assignment", name, site=site)
    nbgrader(folder, "autograde", name, site=site, **environment)
    nbgrader(folder, "export", site=site)
    with (folder / "grades.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert float(row["score"]) == (float(row["max_score"]) if named else 0)
    cells = read_notebook(folder / "autograded" / "ada" / name / f"{name}.ipynb").cells
    checks = [cell for cell in cells if cell.get("id", "").startswith("check-")]
    errors = [out for cell in checks for out in cell.outputs if out.output_type == "error"]
    assert len(errors) == (0 if named else len(checks))
    assert all("course's files were not found" in error.evalue for error in errors)
