"""Tests of an exercise run without pytest, as pytest would run them, and in several threads."""

import json
import os
import re
import subprocess
import sys
import threading
from functools import cache, partial

import pytest

from coursekit.grading import parametrize, task
from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.grading.judge.local import LocalBackend
from coursekit.grading.judge.recording import load
from coursekit.grading.judge.reference import reference_namespace, run_reference, solution
from coursekit.grading.judge.runner import BrokenTests, run

from ..small_course import NAME

COURSE = find_course()


class Interrupting:
    """A backend in which somebody presses Ctrl+C during a call."""

    output = ()

    def call(self, *_):
        raise KeyboardInterrupt


@pytest.fixture
def tried(course):
    """Runs the course's own answers, or others, and returns the statuses of the tests."""
    right = run_reference(solution(course, NAME))

    def statuses(student=right, **more):
        results = run(course.test_file(NAME), student=student, reference=right, **more)
        return [result.status for result in results]

    return statuses


def test_a_task_or_all_with_any_seed(tried):
    assert [tried(), tried(tasks=["01.2"]), tried(seed=5)] == [["passed"] * n for n in (4, 1, 4)]


class Counting:
    """A backend that remembers which tests have called it, in this order."""

    output = ()

    def __init__(self, test, called):
        self.test, self.called = test, called

    def call(self, *_):
        self.called.append(self.test)
        raise AnswerError("stopped", "It was stopped.")


def test_an_order_of_its_own(course):
    """Each seed has one; the results stay in the file's order, and a stop skips no other test."""
    right = run_reference(solution(course, NAME))
    orders = set()
    for order in (*range(20), None):
        called = []
        results = run(
            course.test_file(NAME),
            student=lambda task, test, called=called: Counting(test, called),
            reference=right,
            order=order,
            persist=order is not None,
        )
        names = [result.test for result in results]
        assert names == ["test_mean[3]", "test_mean[5]", "test_spread", "test_counter"]
        if order is None:  # then a stop ends its task
            assert called == ["test_mean[3]", "test_counter"]
            continue
        assert sorted(called) == sorted(names)
        assert {result.status for result in results} == {"stopped"}
        orders.add(tuple(called))
    assert len(orders) > 5


@cache
def collected(*files):
    """Lets plain pytest list the tests of files."""
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
        env=alone,
        cwd=files[0].parent,
    )
    return re.findall(r"(test_\w+\.py)::(.+)$", run.stdout, flags=re.MULTILINE)


@pytest.mark.parametrize("name", COURSE.names)
def test_names_and_order_are_those_of_plain_pytest(name):
    """And those that are recorded."""
    own = run_reference(solution(COURSE, name))
    results = [r.test for r in run(COURSE.test_file(name), student=own, reference=own)]
    every = collected(*map(COURSE.test_file, COURSE.names))
    assert results == [test for file, test in every if file == f"test_{name}.py"]
    assert results == list(load(COURSE.recorded_file(name)).reference)


def test_stacked_parameters_have_pytests_names(course):
    path = course.test_file(NAME)
    text = """
@task("01.1", points=0)
@parametrize("a", [1.5, True, "x y"])
@parametrize("b", [(1, 2), None, [3]])
def test_stacked(student, a, b):
    \"\"\"With {a}\\n    and {b}.\"\"\"
"""
    path.write_text(path.read_text() + text)
    own = run_reference(solution(course, NAME))
    results = run(path, student=own, reference=own)
    assert [(path.name, result.test) for result in results] == collected(path)
    assert results[4].test == "test_stacked[b0-1.5]" and len(results) == 13
    assert results[4].tried == "With 1.5 and (1, 2)."


def test_decorators_change_nothing_else():
    def test():
        return "as before"

    assert task("01.1")(parametrize("n", [1])(test)) is test and test() == "as before"


CHECK = """
import json, sys
from coursekit import check
from coursekit.grading import judge_answer
points = [judge_answer(task, "").points for task in json.load(sys.stdin)]
points.append(check("05.2"))
slow = ["pytest", "_pytest", "matplotlib", "IPython", "nbformat", "urllib.request"]
print(json.dumps([points, [name for name in slow if name in sys.modules]]))
"""


def test_no_check_imports_what_takes_long():
    tasks = [task for name in COURSE.names for task in load(COURSE.recorded_file(name)).points]
    ran = subprocess.run(
        [sys.executable, "-c", CHECK],
        input=json.dumps(tasks),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(COURSE.root)},
        cwd=COURSE.root,
    )
    points, imported = json.loads(ran.stdout.splitlines()[-1])
    assert points == [0.0] * (len(tasks) + 1) and imported == []


def test_changed_tests_are_loaded_again(course, tried):
    assert tried() == ["passed"] * 4
    path = course.test_file(NAME)
    text = path.read_text()
    path.write_text(text.replace('"the spread"', "1 / 0"))
    assert tried() == ["passed", "passed", "fault", "passed"]
    path.write_text(text)
    assert tried() == ["passed"] * 4


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "def test_counter(",
            "def test_counter(nobody, ",
            "test_counter takes an unknown .*nobody",
        ),
        ('@task("01.2", points=2)\n', "", "test_counter needs @task"),
        ("import numpy as np", "import no_such_module", "line 1: ModuleNotFoundError"),
        ("import numpy as np", "def (", "SyntaxError"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_broken(course, tried, old, new, message):
    path = course.test_file(NAME)
    path.write_text(path.read_text().replace(old, new))
    for _ in range(2):
        with pytest.raises(BrokenTests, match=message):
            tried()


def test_a_fault_is_reported_with_its_line(course):
    path = course.test_file(NAME)
    text = path.read_text().replace("x = np.array", "x = 1 / 0 or np.array")
    path.write_text(text)
    (number,) = (n for n, line in enumerate(text.splitlines(), 1) if "1 / 0" in line)
    own = run_reference(solution(course, NAME))
    fault = run(path, student=own, reference=own)[2]
    place = f"{path.name}, line {number}: "
    assert (fault.status, fault.message) == ("fault", f"{place}ZeroDivisionError: division by zero")


def test_after_an_interrupt_all_is_as_before(tried):
    assert tried(lambda task, test: Interrupting()) == ["stopped", *["skipped"] * 3]
    assert tried() == ["passed"] * 4


def test_after_a_fault_all_is_as_before(tried):
    assert tried(lambda task, test: 1 / 0) == ["fault"] * 4
    assert tried() == ["passed"] * 4


def test_a_file_without_tests_is_broken_each_time(course, tried):
    course.test_file(NAME).write_text("")
    for call in (tried, partial(tried, tasks=["01.1"])):
        with pytest.raises(BrokenTests, match="there is no test of"):
            call()


def test_two_threads_judge_at_the_same_time(course):
    """A call in one thread returns only when the other is in a call, too."""
    exercise, both, found = solution(course, NAME), threading.Barrier(2), {}
    streams = {sys.stdout}

    def together(function):
        def call(x):
            both.wait(timeout=60)
            streams.add(sys.stdout)
            return function(x)

        return call

    def judged(name, factor):
        def backend(task, test):
            namespace = reference_namespace(exercise, exercise.tasks[task])
            mean, spread = namespace["mean"], namespace["spread"]
            namespace["mean"] = together(lambda x: factor * mean(x))
            namespace["spread"] = together(lambda x: factor * spread(x))
            return LocalBackend(namespace, trusted=True)

        found[name] = run(
            course.test_file(NAME),
            student=backend,
            reference=run_reference(exercise),
            tasks=["01.1"],
        )

    threads = [threading.Thread(target=judged, args=(factor, factor)) for factor in (1.0, 2.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result.status for result in found[1.0]] == ["passed"] * 3
    assert [result.status for result in found[2.0]] == ["failed"] * 3
    assert streams == {sys.stdout}
