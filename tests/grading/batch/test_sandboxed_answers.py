"""Which cells run for which task, and what one task's end means for the others."""

from contextlib import contextmanager

import numpy as np
import pytest

from coursekit.grading.batch.analyses import needs
from coursekit.grading.batch.sandbox import bubblewrap
from coursekit.grading.batch.sandboxed_answers import SandboxedAnswers
from coursekit.grading.judge.answer_proxy import AnswerError

from .conftest import needs_sandbox

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
    with opened({"a": "import time\ndef f(): time.sleep(0.5)"}, budget=0.8) as sandboxed:
        call(sandboxed, "a")
        with pytest.raises(AnswerError, match="did not finish"):
            call(sandboxed, "a")
        sandboxed.reset()
        call(sandboxed, "a")  # each run has the whole time


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
