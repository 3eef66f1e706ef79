"""Calls of answers in this process: copies both ways, and whatever an answer may do."""

import builtins
import signal
import sys
import time

import numpy as np
import pytest

from coursekit.grading.judge.answer_proxy import AnswerError, AnswerProxy, Handle
from coursekit.grading.judge.local import LocalBackend, new_namespace, run_cell


def answers(source, *, seconds=None, trusted=False):
    space = new_namespace()
    run_cell("import numpy as np\n" + source, space, "answer-01-1")
    return AnswerProxy(LocalBackend(space, seconds), trusted=trusted)


def failure(source, *args, seconds=None):
    """Call f, and return the error that the test would see."""
    with pytest.raises(AnswerError) as caught:
        answers(source, seconds=seconds).f(*args)
    return caught.value


def test_an_answer_can_change_its_arguments_to_no_effect():
    x, nested = np.ones(2), {"a": [np.ones(2)]}
    student = answers("def f(x, y):\n    x += 1\n    y['a'][0] += 1\n    y['b'] = 1\n    return x")
    assert student.f(x, y=nested).tolist() == [2, 2]
    assert x.tolist() == [1, 1] and list(nested) == ["a"] and nested["a"][0].tolist() == [1, 1]


def test_a_result_is_a_copy():
    student = answers("kept = np.zeros(2)\ndef f():\n    return kept")
    student.f()[:] = 7
    assert student.f().tolist() == [0, 0]


def test_objects_stay_there_and_take_calls():
    student = answers(
        "class Counter:\n"
        "    def __init__(self, start): self.n = start\n"
        "    def step(self, by=1): self.n += by; return self.n\n"
        "    def twin(self): return Counter(self.n)\n"
        "def value(counter): return counter.n\n"
        "def apply(g, x): return g(x)\n"
        "def double(x): return 2 * x\n"
        "def make(): return double\n"
    )
    counter = student.Counter(start=5)
    assert isinstance(counter, Handle) and counter.kind == "Counter"
    assert (counter.step(), counter.step(by=3)) == (6, 9)
    assert counter.twin().step() == 10 and counter.step() == 10
    assert student.value(counter) == 10
    assert student.apply(student.double, 4) == 8
    assert student.make()(3) == 6
    with pytest.raises(AnswerError, match="Counter has no such method") as caught:
        counter.jump()
    assert caught.value.kind == "missing"


def test_private_names_do_not_cross():
    student = answers("class A: pass")
    with pytest.raises(AttributeError):
        getattr(student.A(), "__dict__")  # noqa: B009
    with pytest.raises(AttributeError):
        getattr(student, "_hidden")  # noqa: B009


def test_a_test_cannot_send_what_is_no_data():
    with pytest.raises(TypeError, match="Generator"):
        answers("def f(x): return 1").f(np.random.default_rng(0))


@pytest.mark.parametrize(
    ("source", "kind", "parts"),
    [
        ("pass", "missing", ["`f`", "run the cell"]),
        ("def f(): raise NotImplementedError", "missing", []),
        ("f = 3", "TypeError", ["should be a function", "whole number"]),
        ("def f(): return 1 / 0", "ZeroDivisionError", ["line 2", "`def f(): return 1 / 0`"]),
        (
            "def f():\n    x = 1\n    return np.linalg.inv(np.zeros((2, 2)))",
            "LinAlgError",
            ["line 4", "`return np.linalg.inv(np.zeros((2, 2)))`", "Singular"],
        ),
        ("def f(a): return a", "TypeError", ["missing 1 required", "Compare its arguments"]),
        ("def f(): return f()", "RecursionError", ["maximum recursion"]),
        ("def f(): return 10**400 * 0.5", "OverflowError", ["no number above 1.8e308"]),
        ("def f(): raise SystemExit", "SystemExit", ["ends the program"]),
        ("import sys\ndef f(): sys.exit(3)", "SystemExit", ["ends the program"]),
        ("def f(): raise KeyboardInterrupt", "stopped", ["interrupt"]),
        ("def f(): raise GeneratorExit", "GeneratorExit", []),
        ("def f(): return input('name?')", "EOFError", ["input()"]),
        ("def f():\n    while True: print('x' * 1000)", "stopped", ["million characters"]),
        (
            "def f():\n    try: print('x' * 10**7)\n    except Exception: return 1",
            "stopped",
            ["million characters"],
        ),
        ("def f(): raise ValueError(object())", "ValueError", ["<object object>"]),
        (
            "class E(Exception):\n    def __str__(self): raise OSError\ndef f(): raise E",
            "E",
            ["stopped with E, in line"],
        ),
        ("def f(): raise ExceptionGroup('both', [ValueError()])", "ExceptionGroup", ["both"]),
        ("def f():\n    import torch", "refused", ["must not use torch"]),
    ],
)
def test_whatever_stops_an_answer_becomes_a_sentence(source, kind, parts):
    error = failure(source)
    assert error.kind == kind
    assert all(part in error.message for part in parts), error.message
    assert "0x" not in error.message and "/" not in error.message.replace("1 / 0", "")
    assert len(error.message) < 500


def test_an_answer_has_its_own_globals_only():
    assert "answers" in globals()
    assert failure("def f(): return answers").kind == "NameError"


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarm clock on this system")
@pytest.mark.parametrize(
    "body",
    ["while True: pass", "try:\n        while True: pass\n    except Exception: return 1"],
)
def test_an_endless_loop_is_ended(body):
    started = time.perf_counter()
    error = failure(f"def f():\n    {body}", seconds=0.1)
    assert error.kind == "stopped" and "0.1 s" in error.message
    assert time.perf_counter() - started < 2
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_prints_and_warnings_cost_nothing_and_are_kept(monkeypatch):
    space = new_namespace()
    run_cell(
        "import sys, warnings, numpy as np\n"
        "def f():\n"
        "    print('one'); print('two', file=sys.stderr)\n"
        "    warnings.warn('mind')\n"
        "    return float(np.float64(1) / np.float64(0))",
        space,
        "a",
    )
    source = LocalBackend(space)
    out, err, asking = sys.stdout, sys.stderr, lambda: "asked"
    monkeypatch.setattr(builtins, "input", asking)
    assert AnswerProxy(source).f() == np.inf
    assert source.output[:3] == ["one", "two", "UserWarning: mind"]
    assert source.output[3].startswith("RuntimeWarning: divide by zero")
    assert (sys.stdout, sys.stderr, builtins.input) == (out, err, asking)


def test_long_output_is_cut():
    space = new_namespace()
    run_cell("def f():\n    for i in range(100): print(i)", space, "a")
    source = LocalBackend(space)
    AnswerProxy(source).f()
    assert len(source.output) == 9 and source.output[-1] == "… 92 more lines"


def test_the_log_holds_calls():
    student = answers("def f(x):\n    if x > 1: raise ValueError\n    return x")
    student.f(1)
    with pytest.raises(AnswerError):
        student.f(2)
    first, second = student._log.calls
    assert (first.target, first.value, first.error) == ("f", 1, None)
    assert (second.value, second.error) == (None, "ValueError")
    assert first.fingerprint != second.fingerprint


def test_a_failure_of_the_course_s_own_answer_is_not_the_student_s():
    with pytest.raises(RuntimeError, match="the course's own f"):
        answers("def f(): return 1 / 0", trusted=True).f()


def test_a_cell_with_a_syntax_error_is_told_with_its_line():
    with pytest.raises(AnswerError) as caught:
        run_cell("x = 1\ndef f(:\n    pass", new_namespace(), "answer-01-1")
    assert caught.value.kind == "SyntaxError"
    assert "line 2, `def f(:`" in caught.value.message


@pytest.mark.parametrize("line", ["%matplotlib inline", "!ls", "np.sum?"])
def test_a_notebook_command_in_an_answer_is_told(line):
    with pytest.raises(AnswerError, match="notebook command"):
        run_cell(f"x = 1\n{line}", new_namespace(), "answer-01-1")


def test_an_error_while_a_cell_runs_is_told_with_its_line():
    with pytest.raises(AnswerError, match=r"ZeroDivisionError.*line 2 .*`y = 1 / 0`"):
        run_cell("x = 1\ny = 1 / 0", new_namespace(), "answer-01-1")
    with pytest.raises(AnswerError, match=r"SyntaxError.*line 1"):
        run_cell("eval('1 +')", new_namespace(), "answer-01-1")
    with pytest.raises(AnswerError, match="null"):
        run_cell("x = '\0'", new_namespace(), "answer-01-1")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no such timer")
def test_an_alarm_while_another_one_ends_a_call_leaves_no_timer_running(monkeypatch):
    """On a busy machine a second passes between the two."""
    start, before = signal.setitimer, signal.getsignal(signal.SIGALRM)

    def alarm_just_before_the_end(which, seconds, interval=0.0):
        if not seconds:
            signal.raise_signal(signal.SIGALRM)
        return start(which, seconds, interval)

    monkeypatch.setattr(signal, "setitimer", alarm_just_before_the_end)
    stopped = failure("def f():\n    while True: pass", seconds=0.05)
    left = start(signal.ITIMER_REAL, 0)
    assert "did not finish" in stopped.message and left == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before
