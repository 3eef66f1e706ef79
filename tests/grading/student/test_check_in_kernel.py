"""Checks in a real kernel, as a student runs them."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from jupyter_client.manager import start_new_async_kernel

from coursekit.grading.student.progress import read_points

from ..small_course import MEAN

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

    async def run(self, source):
        cell = Cell()

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
        assert cell.text[0].startswith("Task 01.1: not written yet") and cell.result == "0.0"
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
        assert cell.text[0].endswith("Exercise 01: 2.5 of 4.5 points, 1 of 2 tasks")
        assert (cell.result, cell.streams, cell.pictures) == ("2.5", "", 0)
        assert "<strong>Task 01.1: 2.5 of 2.5 points</strong>" in cell.html[0]
        assert read_points(course.progress) == {"01.1": 2.5}

        # a cell that does not run leaves the old answer
        assert (await kernel.run("def mean(x:\n    return 1")).error == "SyntaxError"
        await kernel.run("def mean(x):\n    return x.sum()")
        assert (await kernel.run("def mean(x:\n    return 1")).error == "SyntaxError"
        cell = await kernel.run('check("01.1")')
        assert "The last cell that defines `mean` did not run" in cell.text[0]
        assert "the check of an earlier one" in cell.text[0]

        # a name that was never defined, because its only cell did not run
        unfinished = await kernel.run("class Counter:\n    def step(self")
        assert unfinished.error in SYNTAX_ERRORS
        cell = await kernel.run('check("01.2")')
        assert "The last cell that defines `Counter` did not run" in cell.text[0]

        # magics in a cell that ran are no reason to think it did not
        await kernel.run("%matplotlib inline\ndef mean(x):\n    return x.sum()")
        assert "did not run" not in (await kernel.run('check("01.1")')).text[0]

        # exit() does not end the kernel
        await kernel.run("def mean(x):\n    exit()")
        assert "ends the program" in (await kernel.run('check("01.1")')).text[0]

        # right again
        await kernel.run(MEAN)
        assert (await kernel.run('check("01.1")')).result == "2.5"


def test_an_interrupt_ends_the_check_and_not_the_notebook(ready):
    asyncio.run(interrupted(ready))


async def interrupted(course):
    sleeper = (
        "import time, pathlib\ndef mean(x):\n    pathlib.Path('here').touch()\n    time.sleep(60)"
    )
    async with kernel_in(course.exercises) as kernel:
        await kernel.run(MEAN + sleeper)
        checking = asyncio.create_task(kernel.run('check("01.1")'))
        while not (course.exercises / "here").exists():
            await asyncio.sleep(0.05)
        await kernel.manager.interrupt_kernel()
        cell = await checking
        assert "stopped by an interrupt" in cell.text[0]
        assert cell.text[0].count("not tried") == 2
        assert cell.result == "0.0" and not cell.error
        assert (await kernel.run("1 + 1")).result == "2"
