"""Let pytest run the tests of the exercises: on the reference, in place of a student's answers."""

from functools import cache
from pathlib import Path

import pytest

from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.answer_proxy import AnswerProxy
from coursekit.grading.judge.cases import Cases
from coursekit.grading.judge.reference import run_reference, solution
from coursekit.grading.judge.runner import random_generator


def pytest_generate_tests(metafunc):
    """Translate the decorator `parametrize`."""
    for name, values in getattr(metafunc.function, "parameters", []):
        metafunc.parametrize(name, values)


@cache
def reference_of(file: Path):
    """Run the course's own answers to the exercise that a file tests."""
    return run_reference(solution(find_course(file.parent), file.stem.removeprefix("test_")))


@pytest.fixture
def student(reference):
    """The reference again, so that the tests themselves are tested."""
    return reference


@pytest.fixture
def reference(request):
    """The course's own answer."""
    backend = reference_of(request.path)(request.function.task[0], request.node.name)
    return AnswerProxy(backend, trusted=True)


@pytest.fixture
def case(request, student, reference):
    """Calls both; what they return is compared when the test is over."""
    cases = Cases(student, reference, **request.function.options)
    yield cases
    cases.judge()


@pytest.fixture
def rng(request):
    """The random numbers that a student's check draws."""
    return random_generator(request.node.name)
