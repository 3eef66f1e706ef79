"""The whole notebook as a second way: what it finds, what it costs, and that nothing is gained."""

import json
import os
import signal
import sys
import time
import zlib
from contextlib import contextmanager
from threading import Timer

import numpy as np
import pytest

from coursekit.grading.batch.base.records import Settings, SubmittedFile
from coursekit.grading.batch.grader.grade_one import grade_one
from coursekit.grading.batch.grader.notebook_run import MAX_STOPS, NotebookRun
from coursekit.grading.batch.grader.prepared import sandbox_command
from coursekit.grading.batch.sandbox import packages
from coursekit.grading.batch.sandbox.endings import SandboxKilled
from coursekit.grading.batch.sandbox.time_left import TimeLeft
from coursekit.grading.judge.answer_proxy import AnswerError

from ..corpus.arrangements import REGISTER
from ..corpus.book import COURSE, Book, full_marks
from .conftest import (
    COUNTER,
    MEAN,
    RIGHT,
    WORK,
    busy_machine,
    descendants,
    needs_sandbox,
    notebook_of,
    points,
)

pytestmark = needs_sandbox
FULL = {"01.1": 2.5, "01.2": 2.0}
STEP = "def step(z):\n    return (z > 0).astype(int)"
USES_STEP = "def neuron(x, w, w0):\n    return step(x @ w - w0)"


def half(cases):
    """Run over every second case: a whole notebook is run for each; the others are long."""
    marks = ((), pytest.mark.long)
    params = [pytest.param(case, marks=marks[n % 2]) for n, case in enumerate(cases)]
    return pytest.mark.parametrize("case", params)


def graded(book, **settings):
    content = book if isinstance(book, bytes) else book.to_bytes()
    file = SubmittedFile("ada", "Ada", "01_linear_limits.ipynb", content)
    return grade_one(file, Settings(COURSE.root, **{"seed": 1, "seconds": 2.0, **settings}))


# What people do, all with full marks in the notebook

ROWS = {
    "a helper function in a cell of their own": "helper above the answer",
    "an import in the setup cell": "import in the setup cell",
    "the answer cell is split": "split, metadata copied",
    "an import of pyplot as an answer's first line": "import of pyplot",
    "display as an answer's first line": "display",
    "written in the cell below the answer cell": "written below the stub",
    "deleted and written anew": "deleted and written anew",
    "copied, and the copy edited": "copied, the copy below is right",
}


@pytest.mark.parametrize("row", ROWS)
def test_what_is_right_in_the_notebook_has_full_marks_and_a_remark_that_names_the_task(row):
    one = REGISTER[ROWS[row]]()
    mark = graded(one.content)
    assert points(mark) == {task.task: task.possible for task in mark.tasks}
    assert any("01." in remark for remark in mark.remarks)


HELPERS = {
    "a plot in the helper": f"import matplotlib.pyplot as plt\nplt.plot([1]); plt.show()\n{STEP}",
    "a cell that is captured": f"%%capture\n{STEP}",
    "the last output": f"{STEP}\nstep\n",
    "an alias of a library": f"import numpy as xp\n{STEP.replace('(z >', '(xp.asarray(z) >')}",
    "a value that was awaited": f"import asyncio\nawait asyncio.sleep(0)\n{STEP}",
    "a thread": f"import threading as t\na = t.Thread(target=print); a.start(); a.join()\n{STEP}",
    "a widget": f"from ipywidgets import interact\ninteract(lambda a: a, a=(0, 1))\n{STEP}",
    "the course's plots and models": f"from coursekit import nn, plots, progress\n{STEP}",
    "commands": f"!ls\nfiles = !ls\n%matplotlib inline\n%timeit -n 1 -r 1 1\nnp.sum?\n{STEP}",
    "help": f"help(print)\n{STEP}",
    "a module that a cell writes": "open('mine.py', 'w').write('''" + STEP + "''')\n"
    "from mine import step",
    "warnings as errors": f"import warnings\nwarnings.simplefilter('error')\n{STEP}",
    "exit below": f"{STEP}\nexit()",
    "a loop below": f"{STEP}\nwhile True:\n    pass",
    "an error below": f"{STEP}\n1 / 0",
    "no checks of the course": f"def check(task):\n    print('fine')\n{STEP}",
}


@half(HELPERS)
def test_a_helper_beside_something_of_a_notebook(case):
    book = Book("01")
    book.own(HELPERS[case], before="answer-01-1")
    book.write("answer-01-1", USES_STEP)
    # A loop is waited for several times: once for each run of the notebook.
    mark = graded(book, **({"seconds": 1.0} if "while True" in HELPERS[case] else {}))
    assert points(mark) == full_marks(book.name)
    assert any("Task 01.1 got its points from the whole notebook" in text for text in mark.remarks)


ENDS = {
    "an exit": "import os\nos._exit(1)",
    "a crash": "import ctypes\nctypes.string_at(0)",
    "a loop that nothing interrupts": "while True:\n    try:\n        i = 1\n    except:\n"
    "        pass",
    "memory": "a = [1] * 10**9",
    "output": "print('x' * 10**8)",
    "an input": "input('name: ')",
}


@half(ENDS)
def test_a_cell_that_ends_the_process_is_left_out(case):
    book = Book("01")
    book.own(ENDS[case], after="setup")
    book.own(STEP, before="answer-01-1")
    book.write("answer-01-1", USES_STEP)
    assert points(graded(book, seconds=2.0)) == full_marks(book.name)


def test_a_plain_wrong_answer_needs_no_second_way(grade, monkeypatch):
    monkeypatch.setattr("coursekit.grading.batch.grader.judging.NotebookRun", None)
    assert points(grade({**RIGHT, "answer-01-1": "def mean(x):\n    return 0"}))["01.1"] == 0


@pytest.mark.parametrize(
    "cell", ["x = 1\ndef mean(x):\n    return 0", "def mean(x):\n    display(x); return 0"]
)
def test_an_answer_that_other_cells_may_help_has_one(grade, monkeypatch, cell):
    monkeypatch.setattr("coursekit.grading.batch.grader.judging.NotebookRun", None)
    with pytest.raises(TypeError):
        grade({**RIGHT, "answer-01-1": cell})


def with_own(small, own, **cells):
    notebook = notebook_of(small, {**RIGHT, **{k.replace("_", "-"): v for k, v in cells.items()}})
    for place, source in own:
        cell = {"cell_type": "code", "id": f"own{place}", "metadata": {}, "source": source}
        notebook["cells"].insert(place, cell)
    return notebook


def test_a_function_that_is_changed_by_another_tasks_cell(grade, small):
    patched = f"{COUNTER}\ndef rest(self, by):\n    self.value += by\n    return self.value"
    broken = COUNTER.replace("self.value = np.add(self.value, by)", "pass")
    notebook = with_own(small, [(8, "Counter.step = rest")], answer_01_1=f"{MEAN}\n{patched}")
    mark = grade(with_own(small, [(8, "Counter.step = rest")],
                          answer_01_1=f"{MEAN}\ndef rest(self, by):\n    self.value = self.value + "
                          "by\n    return self.value", answer_01_2=broken))  # fmt: skip
    assert points(mark) == FULL
    assert points(grade(notebook)) == FULL


def test_points_are_from_inputs_drawn_for_the_submission(grade, small):
    """Though the notebook's check says full marks."""
    known = "KNOWN = {3: 0.0, 5: 0.0}"
    answer = MEAN.replace("return np.mean(x)", "return KNOWN and seen(x)")
    x = inputs(0)
    table = {f"{x[0]:.12g}": float(np.mean(x[:3])), f"{x[3]:.12g}": float(np.mean(x[3:]))}
    helper = f"{known}\nTABLE = {table}\ndef seen(x):\n    return TABLE.get(f'{{x[0]:.12g}}', 0.0)"
    mark = grade(with_own(small, [(3, helper)], answer_01_1=answer))
    assert points(mark) == {"01.1": 0.5, "01.2": 2.0}
    assert "fails on other inputs" in mark.tasks[0].mistake


# What the grader asks, and what a hostile notebook can answer


@contextmanager
def running(cells, names, **limits):
    with NotebookRun(
        sandbox_command(Settings(COURSE.root, 1), wide=True),
        {"setup": "base = 1"},
        cells,
        names,
        {"01.9": 4.0},
        **{"seconds": 2.0, "budget": 20.0, **limits},
    ) as notebook:
        yield notebook


def values(cells, *calls, names=None):
    """For each judgement of task 01.1 the values of calls of f, each in a copy of its own."""
    found = []

    def visit(task, point, source):
        one = []
        for args in calls or [()]:
            try:
                one.append(source(task, "test").call("f", args, {}))
            except AnswerError as error:
                one.append(error.kind)
        found.append((point, one))
        return 2.5

    with running(cells, names or {"01.1": ["f"]}) as notebook:
        notebook.run(visit)
    return found


def test_a_task_is_judged_at_each_check_in_the_state_of_that_moment():
    cells = [
        "x = 1\ndef f(): return x",
        "check('01.1')",
        "x = 2",
        "x = 3; check('01.1'); check('01.1')",
    ]
    assert values(cells) == [((1, 0), [1]), ((3, 0), [3]), ((3, 1), [3])]


def test_each_version_is_judged_and_the_end_where_no_check_was():
    cells = ["def f(): return 1", "def f(): return 2", "y = 0"]
    assert values(cells) == [((0, 0), [1]), ((1, 0), [2]), ((3, 0), [2])]


def test_a_call_leaves_no_trace_and_a_check_returns_the_points():
    cells = [
        "seen = []\ndef f(*a):\n    seen.append(1)\n    return len(seen)",
        "p = check('01.1'), check('01.9'), check(7)\nassert not seen\ndef f(*a): return list(p)",
    ]
    found = values(cells, (), (), ())
    assert found[0] == ((1, 0), [1, 1, 1])
    assert found[1] == ((1, 2), [[2.5, 4.0, 0.0]] * 3)


def test_a_copy_that_ends_or_hangs_costs_its_call_alone():
    cell = "import os\ndef f(n):\n    if n == 1: os._exit(0)\n    while n == 2: pass\n    return n"
    assert values([cell], (0,), (1,), (2,), (3,))[0][1] == [0, "stopped", "stopped", 3]


def test_a_copy_that_kills_the_notebook_costs_its_own_judgement_alone():
    kill = "import os, signal\ndef f(): os.kill(os.getppid(), signal.SIGTERM)\n"
    found = values([f"{kill}check('01.1')", "def f(): return 7", "check('01.1')"])
    assert found == [((0, 0), ["stopped"]), ((0, 1), ["stopped"]), ((2, 0), [7])]


def test_no_copy_can_look_as_if_it_was_killed_from_outside():
    """For its process would be started again and again."""
    ends = ["os._exit(137)", "os.kill(os.getpid(), 9)", "os.kill(os.getpid(), 15)"]
    cell = f"import os\ndef f(n): eval({ends}[n])"
    assert values([cell], (0,), (1,), (2,))[0][1] == ["stopped", "PermissionError", "stopped"]


@pytest.mark.parametrize("place", ["first", "innermost"])
@pytest.mark.parametrize("moment", ["call", "cell"])
def test_what_something_outside_kills_is_no_verdict(place, moment):
    around = descendants(os.getpid())

    def kill():
        inside = sorted(descendants(os.getpid()) - around)
        os.kill(inside[0] if place == "first" else inside[-1], signal.SIGKILL)

    def visit(task, point, source):
        backend = source(task, "test")
        assert backend.call("f", (0,), {}) == "done"
        Timer(0.5, kill).start()
        if moment == "call":
            with pytest.raises(AnswerError, match="Something outside stopped it"):
                backend.call("wait", (20,), {})
        return 1.0

    cells = [WORK, "check('01.1')", "wait(20)"]
    run = running(cells, {"01.1": ["f"]}, seconds=30.0, budget=60.0)
    with run as notebook, pytest.raises(SandboxKilled):
        notebook.run(visit)


def test_processor_time_counts_in_cells_and_in_calls():
    """On a busy core what is right is only slow, and still right."""
    found = []

    def visit(task, point, source):
        found.append((point, source(task, "test").call("f", (0.6,), {})))
        return 1.0

    with busy_machine(), running([WORK, "f(0.6)\ncheck('01.1')"], {"01.1": ["f"]},
                                 seconds=1.0) as notebook:  # fmt: skip
        started = time.monotonic()
        notebook.run(visit)
        assert time.monotonic() - started > 2.0
    assert found == [((1, 0), "done")]


@pytest.mark.parametrize("hangs", ["wait(60)", "f(60)"])
def test_a_cell_and_a_call_that_take_too_long_are_interrupted_and_the_rest_goes_on(hangs):
    found = []

    def visit(task, point, source):
        with pytest.raises(AnswerError, match="did not finish within 1 s"):
            source(task, "test").call("g", (), {})
        found.append((point, source(task, "test").call("kept", (), {})))
        return 1.0

    cells = [WORK, f"x = 1\ndef kept(): return x\ndef g(): {hangs}\n{hangs}", "check('01.1')"]
    with running(cells, {"01.1": ["g"]}, seconds=1.0) as notebook:
        started = time.monotonic()
        notebook.run(visit)
        assert time.monotonic() - started < 20
    assert found == [((2, 0), 1)]


@pytest.mark.parametrize("work", ["f", "wait"])
def test_the_time_of_the_whole_submission_is_counted(work):
    total = TimeLeft.of(0.5)
    cells = [WORK, *[f"{work}(0.3)", "check('01.1')"] * 9]
    found = []
    with running(cells, {"01.1": ["f"]}, total=total) as notebook:
        notebook.run(lambda task, point, source: found.append(point) or 1.0)
        assert total.is_over
        assert 1 <= len(found) <= 2
        notebook.run(lambda task, point, source: pytest.fail("There is no time."))


def test_a_notebook_can_not_make_the_grader_judge_without_end():
    found = values(["def f(): return 1\nwhile True: check('01.1')"])
    assert len(found) == MAX_STOPS + 1  # once more at the notebook's end, without that cell


FORGED = """
import os, sys
frame = sys._getframe()
while "channel" not in frame.f_locals: frame = frame.f_back
channel = frame.f_locals["channel"]
def forge(value): channel.send({{"value": value, "error": None, "output": []}})
forge({value})
def f(): return 1
"""


@pytest.mark.parametrize(
    "value",
    [
        "{'check': 5, 'changed': [], 'error': None}",
        "{'check': None, 'changed': '01.1', 'error': None}",
        "{'check': None, 'changed': [], 'error': 7}",
        "[1]",
        "None",
        "{'check': None, 'changed': [['01.1']], 'error': None, 'points': 9}",
    ],
)
def test_a_forged_report_of_a_cell_gains_nothing(value):
    cells = [FORGED.format(value=value), "def f(): return 2", "check('01.1')"]
    assert all(one in ([1], [2], ["stopped"]) for _, one in values(cells))


def test_hidden_inputs_reach_no_sentence(grade, small):
    """Not by a file, nor by memory that processes share, from one check to the next."""
    store = (
        "import mmap\nSHARED = mmap.mmap(-1, 4096)\n"
        "def told(x):\n    SHARED[:64] = repr(float(np.ravel(x)[0])).ljust(64).encode()\n"
        "    open('/tmp/told', 'a').write(repr(x))\n    return np.mean(x)\n"
        "def tell():\n    kept = bytes(SHARED[:64]).decode().strip(chr(0) + ' ')\n"
        "    raise ValueError('TOLD ' + kept + open('/tmp/told').read()[:200])\n"
    )
    answer = "def mean(x):\n    return told(x)\ndef spread(x):\n    tell()"
    mark = grade(with_own(small, [(3, store)], answer_01_1=answer))
    assert points(mark) == {"01.1": 2.0, "01.2": 2.0}
    said = json.dumps([[t.message for t in task.tests] for task in mark.tasks])
    assert "TOLD" in said
    assert not any(f"{value:.9g}"[:-1] in said for value in inputs(mark.seed))


def inputs(seed):
    """What the test of `mean` draws, for each of its two sizes."""
    names = {n: zlib.crc32(f"test_mean[{n}]".encode()) for n in (3, 5)}
    return [
        x for n, name in names.items() for x in np.random.default_rng([seed, name]).normal(size=n)
    ]


# The student's environment


def test_the_lock_files_packages_are_there_and_no_others(monkeypatch):
    cells = [
        "import importlib.util as u, os, sys\n"
        "def f(names): return [n for n in names if (s := u.find_spec(n)) and s.origin]",
        "def f(*a): return [os.listdir('/packages'), sys.version[:4], os.environ['MPLBACKEND']]",
    ]
    names = ["matplotlib", "IPython", "ipywidgets", "numpy", "pytest", "mypy", "coursekit.nn",
             "nbgrader", "torch", "hypothesis", "playwright"]  # fmt: skip
    (_, (there,)), (_, (more,)), *_ = values(cells, (names,))
    assert there == ["matplotlib", "IPython", "ipywidgets", "numpy"]
    listed, version, backend = more
    assert set(listed) <= {
        path.split("/")[2] for path in packages.visible(packages.lock_of(COURSE.root))
    }
    assert not [name for name in listed if name.endswith((".pth", ".dist-info"))]
    assert version == sys.version[:4] and backend == "agg"


def test_an_import_of_pyplot_takes_no_points_by_its_time():
    book = Book("01")
    book.write("answer-01-1", "import matplotlib.pyplot as plt", book.text("answer-01-1"))
    mark = graded(book, seconds=2.0)
    assert points(mark) == full_marks(book.name)
    assert mark.remarks == ["The answer to task 01.1 imports matplotlib; no figure was drawn."]


def test_a_library_that_is_missing_and_another_python_have_a_sentence():
    """Elsewhere such an import stops the cell, and all that follows is undefined:
    https://github.com/ucbds-infra/otter-grader/issues/906 and #884. Here it costs a sentence."""
    book = Book("01")
    book.write("answer-01-1", "import scipy", book.text("answer-01-1"))
    book.notebook["metadata"]["language_info"]["version"] = "3.4.1"
    assert graded(book).remarks == [
        "The answer to task 01.1 imports `scipy`, which is not in the course's environment.",
        "The notebook was saved with Python 3.4; it was graded with Python "
        f"{sys.version_info.major}.{sys.version_info.minor}.",
    ]
