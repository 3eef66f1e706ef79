"""What the tests of batch grading share: a small course, submissions to it, and what runs."""

import copy
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from coursekit.grading.authoring.record import write_exercise
from coursekit.grading.batch.base.records import Grade, Settings, SubmittedFile
from coursekit.grading.batch.grader.grade_one import grade_one
from coursekit.grading.course.paths import Course, find_course

from ..small_course import ANSWERS, NAME, TESTS, solutions_notebook, write_notebook

needs_sandbox = pytest.mark.skipif(
    shutil.which("bwrap") is None, reason="bubblewrap, which builds the sandboxes, is missing"
)
MEAN = """\
def mean(x):
    return np.mean(x)

def spread(x):
    return np.std(x)
"""
COUNTER = """\
class Counter:
    def __init__(self, start):
        self.value = start

    def step(self, by):
        self.value = np.add(self.value, by)
        return self.value
"""
WORK = """\
import time

def f(seconds):
    ends = time.process_time() + seconds
    while time.process_time() < ends:
        pass
    return "done"

def wait(seconds):
    time.sleep(seconds)
    return "done"
"""
RIGHT = {"answer-01-1": MEAN, "answer-01-2": COUNTER}
MARKER = "zFq7-not-for-students"  # stands in every file that a submission must not see


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The small course, generated and recorded; nobody changes it."""
    course = Course(tmp_path_factory.mktemp("course"))
    course.exercises.mkdir()
    course.solutions.mkdir()
    course.tests.mkdir(parents=True)
    notebook = solutions_notebook()
    notebook["metadata"]["note"] = MARKER
    write_notebook(course.solutions / f"{NAME}.ipynb", notebook)
    course.test_file(NAME).write_text(f"# {MARKER}\n{TESTS}")
    course.answers_file(NAME).write_text(ANSWERS)
    shutil.copy(find_course().tests / "conftest.py", course.tests)
    write_exercise(course, NAME)
    return course


def notebook_of(course: Course, cells: dict[str, str]) -> dict[str, Any]:
    """The exercise as it was handed out, with these cells' texts."""
    notebook = json.loads((course.exercises / f"{NAME}.ipynb").read_text())
    for cell in notebook["cells"]:
        cell["source"] = cells.get(cell["id"], cell["source"])
    return copy.deepcopy(notebook)


def submission(course: Course, cells: dict[str, str], student: str = "ada") -> SubmittedFile:
    """Hand these answers in."""
    content = json.dumps(notebook_of(course, cells)).encode()
    return SubmittedFile(student, student.title(), f"{NAME}.ipynb", content)


Grade = Callable[..., Grade]


@pytest.fixture
def grade(small: Course) -> Grade:
    """Grade cells, or a whole notebook, or bytes."""

    def graded(cells: Any, student: str = "ada", **settings: Any) -> Grade:
        chosen = Settings(small.root, **{"seed": 7, "seconds": 10.0, **settings})
        if isinstance(cells, dict) and "cells" in cells:
            cells = json.dumps(cells).encode()
        if isinstance(cells, bytes):
            return grade_one(SubmittedFile(student, student, f"{NAME}.ipynb", cells), chosen)
        return grade_one(submission(small, cells, student), chosen)

    return graded


def points(mark: Grade) -> dict[str, float]:
    """The points of each task."""
    return {task.task: task.points for task in mark.tasks}


def descendants(parent: int) -> set[int]:
    """All living processes below one, on Linux."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has just ended
                continue
            if fields[0] != "Z":
                children.setdefault(int(fields[1]), []).append(int(entry))
    found: set[int] = set()
    new = children.get(parent, [])
    while new:
        found |= set(new)
        new = [child for one in new for child in children.get(one, [])]
    return found


def gone(pids: set[int], seconds: float = 5.0) -> bool:
    """Whether these processes end within a time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(_lives(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def busy_machine() -> Iterator[None]:
    """Keep what is started here on one core, with three processes that compute all the time."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    loop = f"import os\nwhile os.getppid() == {os.getpid()}: pass"
    busy = [subprocess.Popen([sys.executable, "-c", loop]) for _ in range(3)]
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
        for process in busy:
            process.kill()
            process.wait()
