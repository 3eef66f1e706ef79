"""Checks in a real kernel, as a student runs them."""

import asyncio
import json
import os
import re
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from jupyter_client.manager import start_new_async_kernel

from coursekit.grading.student.progress import read_points

from ..small_course import COUNTER, MEAN, NAME, edit

SETUP = "import numpy as np\nfrom coursekit import check\ndef count(x): return len(x)"


@dataclass
class Cell:
    """What a cell put out."""

    text: list[str] = field(default_factory=list)  # of displays
    html: list[str] = field(default_factory=list)
    result: str | None = None
    streams: str = ""
    error: str | None = None
    pictures: int = 0


class Kernel:
    def __init__(self, manager, client):
        self.manager, self.client = manager, client

    async def run(self, source, id=None, deleted=()):
        """Run a cell; with an id, as JupyterLab does."""
        cell = Cell()
        sent = {} if id is None else {"cellId": id, "deletedCells": list(deleted)}
        self.client.session.metadata = sent

        def hook(message):
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "stream":
                cell.streams += content["text"]
            elif kind == "error":
                cell.error = content["ename"]
            elif kind == "execute_result":
                cell.result = content["data"]["text/plain"]
            elif kind == "display_data":
                cell.text.append(content["data"].get("text/plain", ""))
                cell.html.append(content["data"].get("text/html", ""))
                cell.pictures += "image/png" in content["data"]

        await self.client.execute_interactive(source, output_hook=hook, timeout=60)
        return cell


@asynccontextmanager
async def kernel_in(folder) -> AsyncIterator[Kernel]:
    manager, client = await start_new_async_kernel(cwd=str(folder), stderr=subprocess.DEVNULL)
    try:
        kernel = Kernel(manager, client)
        await kernel.run(SETUP)
        yield kernel
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


def test_a_student_s_hour(ready):
    asyncio.run(student_s_hour(ready))


# IPython asks for the second: since Python 3.13 a cell that stops too early has a class of its own.
SYNTAX_ERRORS = ("SyntaxError", "_IncompleteInputError")


async def student_s_hour(course):
    async with kernel_in(course.exercises) as kernel:
        # an untouched notebook
        cell = await kernel.run('check("01.1")')
        assert cell.text[0].startswith("Task 01.1: not written yet") and cell.result is None
        assert not cell.streams and not cell.error

        # an answer that prints, warns, draws and displays
        noisy = (
            "import warnings, sys\nimport matplotlib.pyplot as plt\n"
            "def mean(x):\n"
            "    print('out'); print('err', file=sys.stderr); warnings.warn('hm')\n"
            "    display('shown'); plt.plot(x)\n"
            "    return x.mean()\n"
            "def spread(x): return x.std()"
        )
        assert not (await kernel.run(noisy)).error
        cell = await kernel.run('check("01.1")')
        assert cell.text == [cell.text[0]] and cell.text[0].startswith(
            "Task 01.1: 2.5 of 2.5 points"
        )
        ends = [
            "Best so far in exercise 01: 2.5 of 4.5 points, 1 of 2 tasks",
            "Next: task 01.2, a counter.",
        ]
        assert cell.text[0].splitlines()[-2:] == ends
        assert f'<a href="{NAME}.ipynb#Task-01.2:-a-counter">{ends[1]}</a>' in cell.html[0]
        assert (cell.result, cell.streams, cell.pictures) == (None, "", 0)
        assert "<strong>Task 01.1: 2.5 of 2.5 points</strong>" in cell.html[0]
        assert read_points(course.progress) == {"01.1": 2.5}

        # a cell that does not run leaves the old answer
        assert (await kernel.run("def mean(x:\n    return 1")).error == "SyntaxError"
        await kernel.run("def mean(x):\n    return x.sum()")
        assert (await kernel.run("def mean(x:\n    return 1")).error == "SyntaxError"
        cell = await kernel.run('check("01.1")')
        assert "The last cell that defines `mean` did not run" in cell.text[0]
        assert "`def mean(x:`: '(' was never closed." in cell.text[0]
        assert (await kernel.run('check("01.1") + 0')).result == "0.5"

        # a name that was never defined, because its only cell did not run
        unfinished = await kernel.run("class Counter:\n    def step(self")
        assert unfinished.error in SYNTAX_ERRORS
        cell = await kernel.run('check("01.2")')
        assert "not valid Python in line 2, `def step(self`: '(' was never closed" in cell.text[0]

        # magics in a cell that ran are no reason to think it did not
        await kernel.run("%matplotlib inline\ndef mean(x):\n    return x.sum()")
        assert "did not run" not in (await kernel.run('check("01.1")')).text[0]

        # exit() does not end the kernel
        await kernel.run("def mean(x):\n    exit()")
        assert "ends the program" in (await kernel.run('check("01.1")')).text[0]

        # right again
        await kernel.run(MEAN)
        assert (await kernel.run('check("01.1") + 0')).result == "2.5"


def test_an_interrupt_ends_the_check_and_not_the_notebook(ready):
    asyncio.run(interrupted(ready))


async def interrupted(course):
    sleeper = (
        "import time, pathlib\ndef mean(x):\n    pathlib.Path('here').touch()\n    time.sleep(60)"
    )
    async with kernel_in(course.exercises) as kernel:
        await kernel.run(MEAN + sleeper)
        checking = asyncio.create_task(kernel.run('check("01.1") + 0'))
        while not (course.exercises / "here").exists():
            await asyncio.sleep(0.05)
        await kernel.manager.interrupt_kernel()
        cell = await checking
        assert "stopped by an interrupt" in cell.text[0]
        assert cell.text[0].count("not tried") == 2
        assert cell.result == "0.0" and not cell.error
        assert (await kernel.run("1 + 1")).result == "2"


SPREAD = "def spread(x): return x.std()"
RIGHT = "def mean(x): return x.mean()\ndef spread(x): return x.std()"
USES = "def mean(x): return total(x) / len(x)\ndef spread(x): return x.std()"
TOTAL = "def total(x): return x.sum()"
BROKEN = "def mean(x:\n    return 1"
CHECK = "check-01-1"
ANSWER = "answer-01-1"

# What is run, each with its cell's id, and with the cells that were deleted before it; then the
# points of 01.1 and what its check says, or must not say.
LIVE = {
    "right": ([(ANSWER, RIGHT)], 2.5, ""),
    "right, and changed to right": ([(ANSWER, RIGHT), (ANSWER, RIGHT + "\n")], 2.5, ""),
    "failed since": ([(ANSWER, RIGHT), (ANSWER, BROKEN)], 0, "does not count"),
    "failed since, in a line above": (
        [(ANSWER, RIGHT), (ANSWER, "1 / 0\n" + RIGHT)],
        0,
        "ZeroDivisionError",
    ),
    "failed since, below": ([(ANSWER, RIGHT), (ANSWER, RIGHT + "\n1 / 0")], 2.5, "ZeroDivision"),
    "failed since, and a lambda": (
        [(ANSWER, "mean = lambda x: x.mean()"), (ANSWER, "1 / 0\nmean = lambda x: x.mean()")],
        0,
        "does not count",
    ),
    "failed since, without ids": ([(None, RIGHT), (None, BROKEN)], 0.5, "does not count"),
    "an experiment failed, without ids": ([(None, RIGHT), (None, "mean = mean(None)")], 2.5, ""),
    "a copy failed": ([(ANSWER, RIGHT), ("own", BROKEN)], 2.5, ""),
    "failed, and right again": ([(ANSWER, BROKEN), (ANSWER, RIGHT)], 2.5, ""),
    "renamed since": (
        [(ANSWER, RIGHT), (ANSWER, RIGHT.replace("mean(x)", "meen(x)"))],
        0.5,
        "has been changed and no longer does",
    ),
    "emptied since": ([(ANSWER, RIGHT), (ANSWER, "# later")], 0, "no longer does"),
    "helper": ([("own", TOTAL), (ANSWER, USES)], 2.5, ""),
    "helper failed since": (
        [("own", TOTAL), (ANSWER, USES), ("own", "def total(x:")],
        0.5,
        "defines `total` did not run",
    ),
    "helper deleted": ([("own", TOTAL), (ANSWER, USES, "own")], 2.5, "`total` comes from a cell"),
    "helper deleted, in a closure": (
        [
            ("own", TOTAL),
            ("wrap", "def same(f):\n    return lambda *a: f(*a)"),
            (ANSWER, "@same\n" + USES, "own"),
        ],
        2.5,
        "`total` comes from a cell that has been deleted",
    ),
    "helper deleted, in a method": (
        [
            ("own", TOTAL),
            ("class", "class Sum:\n    def of(self, x): return total(x)"),
            (ANSWER, USES.replace("total(x)", "Sum().of(x)"), "own"),
        ],
        2.5,
        "`total` comes from a cell that has been deleted",
    ),
    "constant deleted": (
        [("own", "ONE = 1"), (ANSWER, RIGHT.replace(".mean()", ".mean() * ONE"), "own")],
        2.5,
        "`ONE` comes from a cell that has been deleted",
    ),
    "helper deleted, and put back": (
        [("own", TOTAL), (ANSWER, USES, "own"), ("own", TOTAL)],
        2.5,
        "",
    ),
    "helper deleted, another there": (
        [("own", TOTAL), ("own2", TOTAL), (ANSWER, USES, "own2")],
        2.5,
        "",
    ),
    "an import deleted": (
        [("own", "import math"), (ANSWER, RIGHT.replace("mean()", "mean() * math.cos(0)"), "own")],
        2.5,
        "`math` comes from a cell that has been deleted",
    ),
    "a method's name is no name": (
        [("own", "def mean(x): 1"), (ANSWER, RIGHT, "own")],
        2.5,
        "",
    ),
    "answer deleted": (
        [(ANSWER, RIGHT), ("own", "1", ANSWER)],
        2.5,
        "`mean` comes from a cell that has been deleted",
    ),
    "helper in a cell below": (
        [("answer-01-2", TOTAL), (ANSWER, USES)],
        2.5,
        "`total` comes from a cell below this check",
    ),
    "helper in a cell above": ([("setup", TOTAL), (ANSWER, USES)], 2.5, ""),
    "helper defined again": (
        [("own", TOTAL), (ANSWER, USES), ("own2", "def total(x): return 0")],
        0.5,
        "`total` has been defined again in another cell",
    ),
    "helper changed": (
        [("own", TOTAL), (ANSWER, USES), ("own", "def total(x): return 0")],
        0.5,
        "",
    ),
    "name deleted": ([(ANSWER, RIGHT), ("own", "del mean, spread")], 0, "was deleted after"),
    "misspelt": ([(ANSWER, "def Mean(x): return x.mean()")], 0, "you defined `Mean`"),
    "misspelt, all": (
        [(ANSWER, "def meen(x): return x.mean()\ndef spreads(x): return x.std()")],
        0,
        "`spread` is not there; you defined `spreads`",
    ),
    "another function of the task": ([(ANSWER, "def spread(x): return x.std()")], 0.5, ""),
    "too many arguments": (
        [(ANSWER, RIGHT.replace("mean(x)", "mean(x, w)"))],
        0.5,
        "`mean` takes (x, w); the task asks for (x).",
    ),
    "an argument's name": (
        [(ANSWER, RIGHT.replace("mean(x): return x", "mean(y): return y"))],
        2.5,
        "",
    ),
    "above, no Python": ([(ANSWER, "oh oh")], 0, "not valid Python in line 1, `oh oh`"),
    "magic": ([(ANSWER, "%%time\n" + RIGHT)], 2.5, ""),
    "magic, failed since": (
        [(ANSWER, "%%time\n" + RIGHT), (ANSWER, "%%time\n1 / 0\n" + RIGHT)],
        0,
        "does not count",
    ),
}
REMARKS = ("does not count", "comes from a cell", "defined again", "you defined", "was deleted")


def test_what_only_a_live_kernel_knows(ready):
    asyncio.run(live(ready))


async def live(course):
    wrong = []
    async with kernel_in(course.exercises) as kernel:
        texts = " ".join(one[1] for cells, *_ in LIVE.values() for one in cells)
        names = set(re.findall(r"\w+", texts))
        for what, (cells, points, says) in LIVE.items():
            forget = f"for name in {names - {'np', 'check', 'name'}}: globals().pop(name, None)"
            await kernel.run(f"{forget}\ncheck.__globals__['_HISTORY'].runs.clear()")
            for id, source, *deleted in cells:
                await kernel.run(source, id, deleted)
            cell = await kernel.run('check("01.1") + 0', CHECK)
            unwanted = [text for text in REMARKS if text in cell.text[0] and not says]
            if float(cell.result) != points or says not in cell.text[0] or unwanted or cell.streams:
                wrong.append((what, cell.text, cell.streams))
    assert not wrong


def test_a_saved_file_tells_the_order_of_own_cells(ready, monkeypatch):
    path = ready.exercises / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text())
    own = {"cell_type": "code", "id": "own", "metadata": {}, "source": TOTAL}
    for place, says in ((0, False), (len(notebook["cells"]), True)):
        cells = [*notebook["cells"]]
        cells.insert(place, own)
        path.write_text(json.dumps(notebook | {"cells": cells}))
        monkeypatch.setenv("JPY_SESSION_NAME", str(path))
        text = asyncio.run(saved(ready))
        assert ("comes from a cell below this check" in text) == says


async def saved(course):
    async with kernel_in(course.exercises) as kernel:
        await kernel.run(TOTAL, "own")
        await kernel.run(USES, ANSWER)
        return (await kernel.run('check("01.1")', CHECK)).text[0]


@pytest.mark.parametrize("later", [True, False])
def test_a_saved_file_tells_that_a_cell_was_changed(ready, monkeypatch, later):
    """A file that is older than the run of a cell says nothing about it."""
    path = ready.exercises / f"{NAME}.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    text = asyncio.run(changed(ready, path, later))
    assert text.startswith("Task 01.1: 2.5 of 2.5 points")
    assert ("`mean` has been changed since it ran" in text) == later


async def changed(course, path, later):
    async with kernel_in(course.exercises) as kernel:
        edit(path, ANSWER, RIGHT)
        await kernel.run(RIGHT, ANSWER)
        assert "changed" not in (await kernel.run('check("01.1")', CHECK)).text[0]
        edit(path, ANSWER, "def mean(x): return 0")
        os.utime(path, (0, time.time() + (60 if later else -60)))
        return (await kernel.run('check("01.1")', CHECK)).text[0]


def test_a_saved_file_tells_what_has_not_run_and_which_checks_are_gone(ready, monkeypatch):
    path = ready.exercises / f"{NAME}.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    untouched, written, run, deleted, again = asyncio.run(restarted(ready, path))
    assert "not written yet" in untouched and "has not been run" not in untouched
    assert "not written yet" not in written
    assert "The cell of your answer has not been run since the kernel started" in written
    assert run.startswith("Task 01.1: 2.5 of 2.5 points")
    told = "The check of task 01.2 is no longer in the notebook"
    assert f"{told}; the answer counts without it." in deleted
    assert 'write `check("01.2")` into a new code cell below the answer.' in deleted
    assert not any(told in text for text in (untouched, written, run, again))


async def restarted(course, path):
    async with kernel_in(course.exercises) as kernel:
        untouched = await kernel.run('check("01.1")', CHECK)
        edit(path, ANSWER, RIGHT)
        written = await kernel.run('check("01.1")', CHECK)
        await kernel.run(RIGHT, ANSWER)
        run = await kernel.run('check("01.1")', CHECK)
        notebook = json.loads(path.read_text())
        cells = [cell for cell in notebook["cells"] if 'check("01.2")' not in cell["source"]]
        path.write_text(json.dumps(notebook | {"cells": cells}))
        deleted = await kernel.run('check("01.1")', CHECK)
        await kernel.run('check("01.2")', "new")  # not saved yet
        again = await kernel.run('check("01.1")', CHECK)
    return [cell.text[0] for cell in (untouched, written, run, deleted, again)]


def test_a_misspelt_method_is_told(ready):
    asyncio.run(method(ready))


async def method(course):
    async with kernel_in(course.exercises) as kernel:
        await kernel.run(COUNTER.replace("step", "Step"))
        cell = await kernel.run('check("01.2")')
        assert "Counter has no method `step`; you defined `Step`." in cell.text[0]
        await kernel.run(COUNTER.replace("self, start", "self"))
        cell = await kernel.run('check("01.2")')
        assert "`Counter` takes (); the task asks for (start)." in cell.text[0]
