"""An exercise's tests are collected once and run often, and no run meets what another left."""

from functools import partial
from unittest import mock

import pytest

from coursekit.grading.judge.reference import live, solution
from coursekit.grading.judge.runner import BrokenTests, run

from .small_course import NAME


class Interrupting:
    """The source of an answer in the middle of which somebody presses Ctrl+C."""

    output = ()

    def call(self, *_):
        raise KeyboardInterrupt


@pytest.fixture
def tried(course):
    """Runs the course's own answers, or others, and returns the statuses of the tests."""
    right = live(solution(course, NAME))

    def statuses(student=right, **more):
        outcomes = run(course.test_file(NAME), student=student, reference=right, **more)
        return [outcome.status for outcome in outcomes]

    return statuses


def test_pytest_starts_once(tried):
    with mock.patch.object(pytest, "main", wraps=pytest.main) as main:
        assert [tried(), tried(task="01.2"), tried(seed=5)] == [["passed"] * n for n in (4, 1, 4)]
    assert main.call_count == 1


@pytest.mark.parametrize("file", ["test_file", "conftest"])
def test_changed_tests_are_collected_anew(course, tried, file):
    assert tried() == ["passed"] * 4
    if file == "conftest":
        path, old, new = course.tests / "conftest.py", "rng, student", "student"
    else:
        path, old, new = course.test_file(NAME), "def test_counter(", "def test_counter(rng, "
        new += "nobody, "
    text = path.read_text()
    path.write_text(text.replace(old, new))
    assert "fault" in tried()
    path.write_text(text)
    assert tried() == ["passed"] * 4


def test_no_run_meets_what_another_left(course, tried):
    path = course.test_file(NAME)
    path.write_text(
        path.read_text()
        + """

@pytest.fixture(scope="module")
def kept():
    return []


@pytest.mark.task("01.2")
def test_kept(kept):
    kept.append(1)
    assert len(kept) == 1
"""
    )
    assert tried() == tried() == tried(task="01.2") + ["passed"] * 3 == ["passed"] * 5


def test_after_an_interrupt_all_is_as_before(tried):
    assert tried(lambda task, test: Interrupting()) == ["stopped", *["skipped"] * 3]
    assert tried() == ["passed"] * 4


def test_after_a_fault_all_is_as_before(tried):
    assert tried(lambda task, test: 1 / 0) == ["fault"] * 4
    assert tried() == ["passed"] * 4


def test_a_file_without_tests_is_broken_each_time(course, tried):
    course.test_file(NAME).write_text("")
    for call in (tried, partial(tried, task="01.1")):
        with pytest.raises(BrokenTests, match="there is no test of"):
            call()
