"""Which cells run for which task, and what one task's end means for the others."""

import os
import signal
import time
from contextlib import contextmanager

import numpy as np
import pytest

from coursekit.grading.batch.grader.analyses import needs
from coursekit.grading.batch.grader.sandboxed_answers import SandboxedAnswers
from coursekit.grading.batch.sandbox import bubblewrap
from coursekit.grading.batch.sandbox.bubblewrap import SandboxUnavailable
from coursekit.grading.batch.sandbox.endings import SandboxKilled
from coursekit.grading.batch.sandbox.time_left import TimeLeft
from coursekit.grading.judge.answer_proxy import AnswerError

from .conftest import WORK, busy_machine, descendants, gone, needs_sandbox

pytestmark = needs_sandbox


@contextmanager
def opened(answers, setup="base = 1", **limits):
    with SandboxedAnswers(
        bubblewrap.command(),
        {"setup": setup},
        {task: [] for task in answers},
        {task: {f"answer-{task}": source} for task, source in answers.items()},
        **{"seconds": 10.0, "budget": 20.0, **limits},
    ) as sandboxed:
        sandboxed.read()
        yield sandboxed


def call(sandboxed, task, target="f", *args):
    return sandboxed.source(task, "test").call(target, args, {})


def test_tasks_share_the_setup_and_nothing_else():
    one = "base += 1\ndef f(): return base"
    with opened({"a": one, "b": one, "c": "def f(): return base"}) as sandboxed:
        assert [call(sandboxed, task) for task in "abcab"] == [2, 2, 1, 2, 2]


def test_numpy_is_whole():
    """Though the sandbox imports it without what most answers don't need."""
    answer = """
import numpy as np
import numpy.typing as npt
from numpy import testing

def f(x: npt.NDArray[np.float64]):
    testing.assert_allclose(np.linalg.inv(np.linalg.inv(x)), x)
    parts = [np.fft.ifft(np.fft.fft(x)).real, np.random.default_rng(0).normal(size=2)]
    return [npt.NDArray is not list, "ndarray" in repr(npt.NDArray).lower(), *map(len, parts)]
"""
    with opened({"a": answer}) as sandboxed:
        assert call(sandboxed, "a", "f", np.eye(2)) == [True, True, 2, 2]


@pytest.mark.parametrize("end", ["import os; os._exit(1)", "while True: pass"])
def test_a_cell_that_ends_its_process_is_run_once_and_costs_nobody_else(end):
    answers = {"a": f"import os\nx = 5\n{end}", "b": "def f(): return 2", "c": "def f(): return x"}
    with opened(answers, seconds=1.0) as sandboxed:
        # c needs a: so a's cell is tried first when c is, and is not a's own fault to ask c first
        with pytest.raises(AnswerError, match="name 'x' is not defined"):
            call(sandboxed, "c")
        assert call(sandboxed, "b") == 2
        for _ in range(2):
            with pytest.raises(AnswerError, match=r"ended the whole program|did not finish") as got:
                call(sandboxed, "a")
            assert got.value.kind == "stopped"
        assert call(sandboxed, "b") == 2
        assert list(sandboxed.errors) == ["a"]


def test_a_function_that_ends_its_process_ends_its_task_alone():
    answers = {"a": "import os\ndef f(): os._exit(1)\ndef g(): return 1", "b": "def f(): return 2"}
    with opened(answers) as sandboxed:
        assert call(sandboxed, "a", "g") == 1
        for says in ("ended the whole program", "was stopped in an earlier test"):
            with pytest.raises(AnswerError, match=says):
                call(sandboxed, "a")
        assert call(sandboxed, "b") == 2
        assert sandboxed.errors == {}
        assert call(sandboxed, "a", "g") == 1  # when it is its turn again


def test_a_cell_that_fails_leaves_what_it_defined_before():
    with opened({"a": "def f(): return 1\n1 / 0\ndef g(): return 2"}) as sandboxed:
        assert call(sandboxed, "a") == 1
        with pytest.raises(AnswerError, match="No cell of the task defines `g`"):
            call(sandboxed, "a", "g")
        assert "ZeroDivisionError" in sandboxed.errors["a"]


@pytest.mark.parametrize("bad", ["a", "c"])
def test_a_text_that_ends_the_reader_costs_its_task_alone(monkeypatch, bad):
    cells = dict.fromkeys("abc", "base += 1\ndef f(): return base")
    with opened({**cells, bad: "# bad"}) as sandboxed:
        ask = sandboxed._ask

        def ends(**request):
            if request["do"] == "read" and request["source"] == "# bad":
                sandboxed._sandbox.close()
                sandboxed._sandbox = None
                raise AnswerError("stopped", "It crashed.")
            return ask(**request)

        monkeypatch.setattr(sandboxed, "_ask", ends)
        sandboxed.read()
        others = [task for task in "abcb" if task != bad]
        assert [call(sandboxed, task) for task in others] == [2, 2, 2]
        with pytest.raises(AnswerError, match="It crashed"):
            call(sandboxed, bad)
        assert call(sandboxed, "b") == 2
        assert sandboxed.errors == {bad: "It crashed."}


def test_what_is_registered_for_a_task_is_found_again_within_it():
    cell = "class A:\n    n = 0\n    def step(self):\n        self.n += 1\n        return self.n"
    with opened({"a": cell}) as sandboxed:
        kept = call(sandboxed, "a", "A")
        assert [call(sandboxed, "a", f"{kept.id}.step") for _ in range(3)] == [1, 2, 3]
        sandboxed.reset()
        with pytest.raises(AnswerError):
            call(sandboxed, "a", f"{kept.id}.step")


def test_all_calls_of_a_task_together_have_a_limit():
    with opened({"a": WORK}, budget=0.8) as sandboxed:
        call(sandboxed, "a", "f", 0.5)
        with pytest.raises(AnswerError, match="did not finish"):
            call(sandboxed, "a", "f", 0.5)
        sandboxed.reset()
        call(sandboxed, "a", "f", 0.5)  # each run has the whole time


def test_processor_time_counts_and_the_clock_is_generous():
    """On a busy core a right answer is only slow, and still right."""
    with busy_machine(), opened({"a": WORK}, seconds=1.0) as sandboxed:
        started = time.monotonic()
        assert call(sandboxed, "a", "f", 0.6) == "done"
        assert time.monotonic() - started > 1.0


def test_calls_that_sleep_are_counted_for_the_whole_submission():
    total = TimeLeft.of(1.0)
    cells = {"a": WORK, "b": WORK, "c": WORK}
    with opened(cells, seconds=1.0, total=total) as sandboxed:
        assert call(sandboxed, "a", "wait", 0.6) == "done"
        with pytest.raises(AnswerError, match="did not finish within") as got:
            call(sandboxed, "b", "wait", 0.6)
        assert got.value.kind == "stopped"
        assert total.is_over
        with pytest.raises(AnswerError, match="All tasks of the notebook together"):
            call(sandboxed, "c", "wait", 0.1)


def test_the_processor_time_of_the_whole_submission_is_counted():
    total = TimeLeft.of(0.5)
    with opened({"a": WORK, "b": WORK}, total=total) as sandboxed:
        assert call(sandboxed, "a", "f", 0.3) == "done"
        with pytest.raises(AnswerError, match="did not finish"):
            call(sandboxed, "b", "f", 0.3)


@pytest.mark.parametrize("place", ["first", "innermost"])
def test_a_sandbox_that_is_killed_from_outside_is_not_the_students_fault(place):
    around = descendants(os.getpid())
    killed = pytest.raises(SandboxKilled)
    with killed, opened({"a": WORK, "b": WORK}) as sandboxed:
        assert call(sandboxed, "a", "f", 0) == "done"
        inside = sorted(descendants(os.getpid()) - around)
        os.kill(inside[0] if place == "first" else inside[-1], signal.SIGKILL)
        assert gone(set(inside))
        with pytest.raises(AnswerError, match="Something outside stopped it"):
            call(sandboxed, "a", "f", 0)
        with pytest.raises(AnswerError, match="Something outside stopped it"):
            call(sandboxed, "b", "f", 0)  # the verdict does not count, so nothing more is run


def test_a_sandbox_that_does_not_start_is_not_the_students_fault(monkeypatch):
    answers = {"a": "import os\ndef f(): os._exit(1)", "b": "def f(): return 2"}
    unavailable = pytest.raises(SandboxUnavailable, match="no more")
    with unavailable, opened(answers) as sandboxed:
        with pytest.raises(AnswerError, match="ended the whole program"):
            call(sandboxed, "a")

        def fails(command):
            raise SandboxUnavailable("There are no more processes.")

        monkeypatch.setattr("coursekit.grading.batch.grader.prepared.Sandbox", fails)
        with pytest.raises(AnswerError, match="no more processes"):
            call(sandboxed, "b")


@pytest.mark.parametrize(
    "end", ["os._exit(137)", "os.kill(os.getpid(), 9)", "os.kill(os.getppid(), 9)"]
)
def test_no_answer_can_look_as_if_it_was_killed_from_outside(end):
    answers = {"a": f"import os\ndef f(): {end}", "b": "def f(): return 2"}
    with opened(answers) as sandboxed:
        with pytest.raises(AnswerError, match=r"ended the whole program|PermissionError"):
            call(sandboxed, "a")
        assert call(sandboxed, "b") == 2


def test_no_worker_lives_on_into_the_next_task():
    """A copy that acknowledges its end and goes on would answer for the next task."""
    stays = """
import os
os._exit, os.fork = lambda status: None, lambda: 0
def f(): return "a's own"
"""
    with opened({"a": stays, "b": "def g(): return 1"}, seconds=1.0) as sandboxed:
        assert call(sandboxed, "a") == "a's own"
        assert call(sandboxed, "b", "g") == 1
        with pytest.raises(AnswerError, match="No cell of the task defines `f`"):
            call(sandboxed, "b", "f")


def test_a_setup_that_fails_is_the_courses_fault():
    failure = pytest.raises(RuntimeError, match="the course's own cell setup fails")
    with failure, opened({"a": ""}, setup="1 / 0"):
        pass


def test_names_lead_from_task_to_task():
    def cell(binds, uses="", first=""):
        return {"binds": binds.split(), "later": uses.split(), "first": first.split()}

    answers = {"a": {"a1": ""}, "b": {"b1": "", "b2": ""}, "c": {"c1": ""}, "d": {"d1": ""}}
    said = {
        "a1": cell("f np"),
        "b1": cell("g", "f"),
        "b2": cell("h", "g"),
        "c1": cell("f", "f np"),
        "d1": cell("x", "h", "np"),
    }
    assert needs(answers, said, {"np"}) == {"a": [], "b": ["a"], "c": [], "d": ["a", "b"]}


def test_waiting_counts_unless_it_is_for_a_processor():
    """Beside busy processes a call takes its own time, and one that sleeps takes all of it."""
    with opened({"a": WORK}, seconds=2.0) as sandboxed:
        assert call(sandboxed, "a", "wait", 0.8) == "done"
        taken, passed = sandboxed._sandbox.spent
        assert 0.6 < taken <= passed
        started = time.monotonic()
        with pytest.raises(AnswerError, match="did not finish within 2 s"):
            call(sandboxed, "a", "wait", 60)
        assert time.monotonic() - started < 8
