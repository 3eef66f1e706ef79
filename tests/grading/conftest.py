"""A small course in a folder of its own, to break."""

import shutil
from pathlib import Path

import pytest

from coursekit.grading.authoring.record import write_exercise
from coursekit.grading.batch.sandbox.own_modules import compile_once
from coursekit.grading.course.paths import Course, find_course

from .corpus.kernels import kernels
from .small_course import ANSWERS, NAME, TESTS, solutions_notebook, write_notebook


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Compile what runs in a sandbox, as a batch does."""
    compile_once()


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course of one exercise with two tasks; nothing is generated yet."""
    course = Course(tmp_path)
    course.exercises.mkdir()
    course.solutions.mkdir()
    course.tests.mkdir(parents=True)
    write_notebook(course.solutions / f"{NAME}.ipynb", solutions_notebook())
    course.test_file(NAME).write_text(TESTS)
    course.answers_file(NAME).write_text(ANSWERS)
    shutil.copy(find_course().tests / "conftest.py", course.tests)
    return course


@pytest.fixture
def ready(course: Course) -> Course:
    """The same, with its exercise generated and recorded."""
    write_exercise(course, NAME)
    return course


@pytest.fixture(scope="session")
def forked():
    """Starts kernels faster than Jupyter does."""
    with kernels() as started:
        yield started
