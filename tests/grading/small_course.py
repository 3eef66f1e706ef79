"""The parts of a small course: task 01.1 asks for `mean` and `spread`, 01.2 for a counter."""

import json
import shutil
from pathlib import Path
from typing import Any

import coursekit
from coursekit.grading.course.paths import Course
from coursekit.grading.judge.local import new_namespace, run_cell
from coursekit.grading.judge.recording import recording_of
from coursekit.grading.judge.verdict import Verdict
from coursekit.grading.student.check import check_namespace

NAME = "01_small"

MEAN = '''\
def mean(x):
    ### BEGIN SOLUTION
    total = x.sum()
    return total / count(x)
    ### END SOLUTION


def spread(x):
    """The root of the mean square distance from the mean."""
    ### BEGIN SOLUTION
    return np.sqrt(np.mean((x - np.mean(x)) ** 2))
    ### END SOLUTION
'''
COUNTER = """\
class Counter:
    def __init__(self, start):
        ### BEGIN SOLUTION
        self.value = start
        ### END SOLUTION

    def step(self, by):
        ### BEGIN SOLUTION
        self.value = self.value + by
        return self.value
        ### END SOLUTION
"""

TESTS = '''\
import numpy as np

from coursekit.grading import close, parametrize, task


@task("01.1", points=1)
@parametrize("n", [3, 5])
def test_mean(student, reference, rng, n):
    """The mean of {n} random numbers."""
    x = rng.normal(size=n)
    close(student.mean(x), reference.mean(x), "the mean")


@task("01.1", points=0.5)
def test_spread(student, reference):
    """The spread of four numbers."""
    x = np.array([1.0, 2.0, 4.0, 8.0])
    close(student.spread(x), reference.spread(x), "the spread")


@task("01.2", points=2)
def test_counter(student, reference):
    """A counter that starts at 5 takes two steps."""
    mine, other = student.Counter(5), reference.Counter(5)
    for by in (1, np.array([1.0, 2.0])):
        close(mine.step(by), other.step(by), f"the value after the step {by}")
'''

ANSWERS = """\
import numpy as np

from coursekit.grading import right, wrong


@wrong("01.1", "You forgot to divide by the number of values.")
def mean(x):
    return x.sum()


@wrong("01.1", "You divide by one less than the number of values.")
class cell:
    def mean(x):
        return x.sum() / (len(x) - 1)

    def spread(x):
        return np.sqrt(np.sum((x - x.mean()) ** 2) / (len(x) - 1))


@right("01.1", "with a loop")
def mean(x):
    total = 0
    for value in x:
        total += value
    return total / len(x)


@wrong("01.2", "You return the value from before the step.")
class Counter:
    def __init__(self, start):
        self.value = start

    def step(self, by):
        before = self.value
        self.value = self.value + by
        return before
"""

QUESTION = "## In your own words\n\nWhy does a mean divide?\n\n*In one sentence.*"
MODEL_ANSWER = "<details><summary>A model answer</summary>\n\nTo be no sum.\n\n</details>"


def cell(id: str, source: str, kind: str = "code", points: float | None = None) -> dict[str, Any]:
    """One cell with nbgrader's metadata."""
    nbgrader: dict[str, Any] = {
        "grade_id": id,
        "cell_type": kind,
        "schema_version": 3,
        "solution": id.startswith(("answer-", "explanation-")),
        "locked": not id.startswith(("answer-", "explanation-")),
        "grade": points is not None,
        "task": False,
    }
    if points is not None:
        nbgrader["points"] = points
    made = {"cell_type": kind, "id": id, "metadata": {"nbgrader": nbgrader}, "source": source}
    return made | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def solutions_notebook() -> dict[str, Any]:
    """The source of the exercise."""
    return {
        "cells": [
            cell("title", "# Exercise 01: small numbers", "markdown"),
            cell("import-check", "from coursekit import check"),
            cell("setup", "import numpy as np\n\n\ndef count(x):\n    return len(x)"),
            cell("task-01-1", "## Task 01.1: mean and spread\n\nWrite them.", "markdown"),
            cell("answer-01-1", MEAN),
            cell("check-01-1", 'check("01.1")', points=2.5),
            cell("task-01-2", "## Task 01.2: a counter\n\nWrite it.", "markdown"),
            cell("answer-01-2", COUNTER),
            cell("check-01-2", 'check("01.2")', points=2),
            cell("question-01", QUESTION, "markdown"),
            cell("explanation-01", "YOUR ANSWER HERE", "markdown", points=0),
            cell("model-answer-01", MODEL_ANSWER, "markdown"),
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def write_notebook(path: Path, notebook: dict[str, Any]) -> None:
    """Store a notebook."""
    path.write_text(json.dumps(notebook))


def edit(path: Path, id: str, source: str) -> None:
    """Change the text of a cell in a stored notebook."""
    notebook = json.loads(path.read_text())
    (found,) = (cell for cell in notebook["cells"] if cell["id"] == id)
    found["source"] = source
    write_notebook(path, notebook)


def checked(course: Course, task: str, source: str) -> Verdict:
    """Judge an answer cell as `check` does in a kernel."""
    namespace = new_namespace()
    run_cell("import numpy as np\ndef count(x): return len(x)", namespace, "setup")
    run_cell(source, namespace, "answer")
    return check_namespace(course, recording_of(course, task), task, namespace)


def installed_without_course(site: Path) -> Path:
    """Copy the package as pip would from a wheel: without the course's files around it."""
    shutil.copytree(Path(coursekit.__file__).parent, site / "coursekit")
    record = site / "coursekit-0.1.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: coursekit\nVersion: 0.1.0\n")
    return site
