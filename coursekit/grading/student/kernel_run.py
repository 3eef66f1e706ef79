"""Run a notebook from top to bottom in a fresh kernel, passing over errors; collect its checks.

A cell that takes too long is interrupted. A cell that ends the kernel, breaks it, or deletes
`check`, leaves the rest without a verdict; then the notebook is run once more without that cell.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from coursekit.grading.course.paths import ROOT, Course, CourseError
from coursekit.grading.student.outcome import FILE, HandedOver, Outcome, read_handed_over
from coursekit.language import mark, say

CELL_SECONDS = 60  # elapsed time after which a cell is interrupted
CHECK_SECONDS = 600  # the same for a cell with a check, which limits each call itself
START_SECONDS = 60  # in which a kernel must start
GRACE = 5  # seconds in which an interrupted cell must end
RUNS = 8  # of one notebook, each without the cells that ended the ones before
# Half a second of the start would go into a debugger, which nothing here uses.
_START = (
    "import runpy, sys; sys.modules['debugpy'] = None; "
    "runpy.run_module('ipykernel_launcher', run_name='__main__')"
)
_CALL = '__import__("coursekit.grading.student.{}", fromlist=["any"]).{}("{}")'


_INTERRUPTED = mark("The cell that begins with `{cell}` was interrupted after {seconds:g} s.")
_NOT_STOPPED = mark("The cell that begins with `{cell}` could not be interrupted; it was left out.")
_ENDED = mark("The cell that begins with `{cell}` ended the kernel; it was left out.")
_DELETED = mark("The cell that begins with `{cell}` deleted `check`; it was left out.")
_BROKEN = mark("After the cell that begins with `{cell}`, nothing ran any more; it was left out.")
_CHECK_ENDED = mark("The answer ended the kernel when it was called.")
_GIVEN_UP = mark("The kernel was ended {n} times: tasks further below were not judged.")


class _ThisPython(KernelSpecManager):
    """Starts kernels in the environment of this process, whatever else is registered."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        command = [sys.executable, "-c", _START, "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name="Python 3", language="python")


def new_manager() -> Any:
    """Return the manager of a kernel that is not yet started."""
    return AsyncKernelManager(kernel_spec_manager=_ThisPython(), ip="127.0.0.1")


class NotebookRun:
    """The runs of one notebook, and what its checks have found.

    Parameters
    ----------
    course : Course
        Contains the tests.
    cells : sequence of str
        The texts of the code cells.
    folder : Path
        The kernel's current folder.
    points : mapping
        Of each task of the exercise.
    seconds : float
        Elapsed time that a cell without a check may take.
    manager : callable
        Makes a kernel's manager.

    Attributes
    ----------
    outcomes : dict
        What the last check of each task has found.
    remarks : list of str
        What happened on the way, in sentences.
    """

    def __init__(
        self,
        course: Course,
        cells: Sequence[str],
        folder: Path,
        points: Mapping[str, float],
        *,
        seconds: float = CELL_SECONDS,
        manager: Callable[[], Any] = new_manager,
    ) -> None:
        self.outcomes: dict[str, Outcome] = {}
        self.remarks: list[str] = []
        self._course, self._folder, self._points = course, folder, points
        self._cells, self._seconds, self._manager = cells, seconds, manager
        self._left_out: set[int] = set()

    async def run(self) -> None:
        """Run the notebook until each task has a verdict, or nothing more can be done.

        Raises
        ------
        CourseError
            If no kernel starts.
        """
        probing = False
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory(prefix="coursekit-") as folder:
                file = Path(folder, "outcomes")
                ended = await self._run_once(file, probing)
                found = read_handed_over(file)
            task = found.begun
            if ended is not None and task is not None and task in self._points:
                most = self._points[task]
                found.outcomes[task] = Outcome(task, "wrong", 0.0, most, say(_CHECK_ENDED))
            self.outcomes = found.outcomes | self.outcomes
            if not self._silent(found) or (ended is None and probing):
                return
            probing = probing or ended is None  # some cell has broken the kernel
            if ended is not None:
                self._left_out.add(ended)
        self.remarks.append(say(_GIVEN_UP, n=RUNS))

    async def _run_once(self, file: Path, probing: bool) -> int | None:
        """Run the notebook in one kernel; return the number of the cell that ended it, or None.

        Only with `probing` it looks after each cell whether the kernel still runs what it gets.
        """
        manager = self._manager()
        await manager.start_kernel(
            cwd=str(self._folder),
            env={**os.environ, FILE: str(file), ROOT: str(self._course.root)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            extra_arguments=["--HistoryManager.enabled=False"],
        )
        client = manager.client()
        client.start_channels()
        try:
            try:
                await client.wait_for_ready(timeout=START_SECONDS)
            except RuntimeError as error:
                raise CourseError(
                    say("No kernel could be started in {folder}.", folder=self._folder)
                ) from error
            for number, source in enumerate(self._cells):
                if number in self._left_out:
                    continue
                if remark := await self._execute(manager, client, source, file):
                    self._remark(remark, source)
                    return number
                if probing and not await self._lives(manager, client, file):
                    self._remark(_BROKEN, source)
                    return number
            for task in self._silent(read_handed_over(file)):
                if await self._execute(manager, client, _CALL.format("check", "check", task), file):
                    return -1
            return None
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)

    async def _lives(self, manager: Any, client: Any, file: Path) -> bool:
        before = read_handed_over(file).lives
        await self._execute(manager, client, _CALL.format("outcome", "hand_over", "lives"), file)
        return read_handed_over(file).lives > before

    def _silent(self, found: HandedOver) -> list[str]:
        """Return the tasks of which no check has found anything."""
        return [task for task in self._points if task not in {**found.outcomes, **self.outcomes}]

    async def _execute(self, manager: Any, client: Any, source: str, file: Path) -> str:
        """Execute a cell; return a sentence if it has ended the kernel or deleted `check`."""
        limit = CHECK_SECONDS if "check" in source else self._seconds
        running = asyncio.ensure_future(
            client.execute_interactive(
                source, allow_stdin=False, stop_on_error=False, output_hook=lambda message: None
            )
        )
        try:
            if not await _wait(running, manager, limit):
                await manager.interrupt_kernel()
                if not await _wait(running, manager, GRACE):
                    return _NOT_STOPPED
                self._remark(_INTERRUPTED, source)
            if not running.done():
                return _ENDED
        finally:
            running.cancel()
        payload = running.result()["content"].get("payload", [])
        if any(one.get("source") == "ask_exit" for one in payload):
            return _ENDED
        return _DELETED if read_handed_over(file).gone else ""

    def _remark(self, template: str, source: str) -> None:
        text = say(template, cell=_beginning(source), seconds=self._seconds)
        if text not in self.remarks:
            self.remarks.append(text)


async def _wait(running: "asyncio.Future[Any]", manager: Any, seconds: float) -> bool:
    """Wait until a cell has run or the kernel is dead; return whether that was in time."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + seconds
    while clock() < deadline:
        await asyncio.wait([running], timeout=min(1.0, deadline - clock()))
        if running.done() or not await manager.is_alive():
            return True
    return False


def _beginning(source: str) -> str:
    """Return a cell's first line that is not a comment, shortened."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    first = next((line for line in lines if not line.startswith("#")), lines[0])
    return first if len(first) <= 50 else f"{first[:49]}…"
