"""What docs/hub.md has a teacher type is run as it is written, but for the paths of the machine."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from coursekit.grading.course.notebook import answer_cells, with_answers
from coursekit.grading.course.paths import Course, find_course
from coursekit.grading.judge.reference import read_notebook

from .conftest import needs_sandbox

pytestmark = needs_sandbox
COURSE = find_course()
PAGE = (COURSE.root / "docs" / "hub.md").read_text(encoding="utf-8")
COPIED = ("coursekit", "notebooks", "solutions", "exercises", "tests/exercises")


def block(heading):
    """The first block of commands below a heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.search(r"```\n(.*?)```", section, re.DOTALL)[1]


@pytest.fixture(scope="module")
def teacher(tmp_path_factory):
    """A function that runs a block in a copy of the course; beside it are the hub's folders."""
    top = tmp_path_factory.mktemp("hub")
    root = top / "course"
    for name in COPIED:
        shutil.copytree(COURSE.root / name, root / name)
    for file in COURSE.root.iterdir():
        if file.is_file():
            shutil.copy(file, root)
    command = root / ".venv" / "bin" / "coursekit"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m coursekit.cli "$@"\n')
    command.chmod(0o755)
    (top / "srv").mkdir()
    who = {f"GIT_{role}_{what}": "t@example.org" for role in ("AUTHOR", "COMMITTER")
           for what in ("NAME", "EMAIL")}  # fmt: skip
    environment = {**os.environ, **who, "PYTHONPATH": str(root), "GIT_CONFIG_NOSYSTEM": "1"}

    def run(heading):
        text = block(heading).replace("/srv/", f"{top}/srv/").replace("/home/", f"{top}/home/")
        done = subprocess.run(
            ["bash", "-euc", text], cwd=root, env=environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    run.top = top
    return run


def pulled(top, name):
    """A student's folder, as nbgitpuller makes it."""
    home = top / "home" / name
    subprocess.run(["git", "clone", "-q", top / "srv" / "course.git", home / "course"], check=True)
    return Course(home / "course")


def test_the_page_from_the_first_week_to_the_marks(teacher):
    top = teacher.top
    assert "with exercises 01," in teacher("Hand out")
    ada, bob = (pulled(top, name) for name in ("ada", "bob"))
    assert [name[:2] for name in ada.names] == ["01"]
    name = ada.names[0]
    path = ada.exercises / f"{name}.ipynb"
    right = answer_cells(read_notebook(COURSE.solutions / f"{name}.ipynb"))
    path.write_text(json.dumps(with_answers(read_notebook(path), right)))
    shutil.copy(path, path.with_name(f"{name}.backup-1.ipynb"))

    assert "with exercises 01, 02," in teacher("Each week, and after a correction")
    subprocess.run(["git", "-C", bob.root, "pull", "-q"], check=True)
    assert [one[:2] for one in Course(bob.root).names] == ["01", "02"]

    teacher("Collect")
    rows = list(csv.DictReader((top / "marks" / "marks.csv").read_text().splitlines()))
    scores = {row["student_id"]: float(row["score"]) / float(row["max_score"]) for row in rows}
    assert scores == {"ada": 1, "bob": 0}
    assert (top / "marks" / "feedback" / "ada.html").exists()

    teacher("Solutions")
    assert (top / "handout" / "exercises" / f"{name}.solution.ipynb").exists()
