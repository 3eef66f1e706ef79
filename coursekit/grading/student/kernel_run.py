"""Run a notebook from top to bottom in a fresh kernel, passing over errors; collect its checks.

A cell that takes too long is interrupted. A cell that ends the kernel, or deletes `check`, leaves
the rest without a verdict; then the notebook is run once more without that cell.
"""

import asyncio
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from coursekit.grading.course.paths import ROOT, Course, CourseError
from coursekit.grading.student.outcome import FILE, HandedOver, Outcome, read_handed_over

CELL_SECONDS = 60  # elapsed time after which a cell is interrupted
CHECK_SECONDS = 600  # the same for a cell with a check, which limits each call itself
GRACE = 5  # seconds in which an interrupted cell must end
RUNS = 8  # of one notebook, each without the cells that ended the ones before
_CHECK = '__import__("coursekit.grading.student.check", fromlist=["check"]).check("{}")'


_INTERRUPTED = "The cell that begins with `{cell}` was interrupted after {seconds:g} s."
_NOT_STOPPED = "The cell that begins with `{cell}` could not be interrupted; it was left out."
_ENDED = "The cell that begins with `{cell}` ended the kernel; it was left out."
_DELETED = "The cell that begins with `{cell}` deleted `check`; it was left out."
_CHECK_ENDED = "The answer ended the kernel when it was called."
_GIVEN_UP = f"The kernel was ended {RUNS} times: tasks further below were not judged."


class _ThisPython(KernelSpecManager):
    """Starts kernels in the environment of this process, whatever else is registered."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name="Python 3", language="python")


def new_manager() -> Any:
    """Return the manager of a kernel that is not yet started."""
    return AsyncKernelManager(kernel_spec_manager=_ThisPython())


class NotebookRun:
    """The runs of one notebook, and what its checks have said.

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
        What the last check of each task has said.
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
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory(prefix="coursekit-") as folder:
                file = Path(folder, "outcomes")
                ended = await self._run_once(file)
                found = read_handed_over(file)
            task = found.begun
            if ended is not None and task is not None and task in self._points:
                most = self._points[task]
                found.outcomes[task] = Outcome(task, "wrong", 0.0, most, _CHECK_ENDED)
            self.outcomes = found.outcomes | self.outcomes
            if ended is None or not self._silent(found):
                return
            self._left_out.add(ended)
        self.remarks.append(_GIVEN_UP)

    async def _run_once(self, file: Path) -> int | None:
        """Run the notebook in one kernel; return the number of the cell that ended it, or None."""
        book = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, self._cells)))
        manager = self._manager()
        log = logging.getLogger("coursekit.kernel_run")
        log.setLevel(logging.CRITICAL + 1)  # what it has to say is in the remarks
        client = NotebookClient(
            book,
            km=manager,
            log=log,
            timeout_func=self._limit,
            interrupt_on_timeout=True,
            allow_errors=True,
            coalesce_streams=False,
            store_widget_state=False,
        )
        await manager.start_kernel(
            cwd=str(self._folder),
            env={**os.environ, FILE: str(file), ROOT: str(self._course.root)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            extra_arguments=["--HistoryManager.enabled=False"],
        )
        try:
            try:
                await client.async_start_new_kernel_client()
            except RuntimeError as error:
                raise CourseError(f"No kernel could be started in {self._folder}.") from error
            for number in range(len(self._cells)):
                if number in self._left_out:
                    continue
                if remark := await self._execute(client, number, file):
                    self._remark(remark, book.cells[number].source)
                    return number
            for task in self._silent(read_handed_over(file)):
                book.cells.append(nbformat.v4.new_code_cell(_CHECK.format(task)))
                if await self._execute(client, len(book.cells) - 1, file):
                    return -1
            return None
        finally:
            if client.kc is not None:
                client.kc.stop_channels()
            await manager.shutdown_kernel(now=True)

    def _silent(self, found: HandedOver) -> list[str]:
        """Return the tasks of which no check has said anything."""
        return [task for task in self._points if task not in {**found.outcomes, **self.outcomes}]

    def _limit(self, cell: Any) -> float:
        return CHECK_SECONDS if "check" in cell.source else self._seconds

    async def _execute(self, client: Any, number: int, file: Path) -> str:
        """Execute a cell; return a sentence if it has ended the kernel or deleted `check`."""
        cell = client.nb.cells[number]
        replies: list[Any] = []
        client.on_cell_executed = lambda *, execute_reply, **_: replies.append(execute_reply)
        limit, clock = self._limit(cell), asyncio.get_running_loop().time
        deadline = clock() + limit
        task = asyncio.ensure_future(client.async_execute_cell(cell, number))
        await asyncio.wait([task], timeout=limit + GRACE)
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
            task.exception()  # nbclient takes a cancelled task for a dead kernel
            return _NOT_STOPPED
        try:
            task.result()
        except DeadKernelError:
            return _ENDED
        if clock() > deadline:
            self._remark(_INTERRUPTED, cell.source)
        payload = [one for reply in replies for one in reply["content"].get("payload", [])]
        if any(one.get("source") == "ask_exit" for one in payload):
            return _ENDED
        return _DELETED if read_handed_over(file).gone else ""

    def _remark(self, template: str, source: str) -> None:
        text = template.format(cell=_beginning(source), seconds=self._seconds)
        if text not in self.remarks:
            self.remarks.append(text)


def _beginning(source: str) -> str:
    """Return a cell's first line that is no comment, shortened."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    first = next((line for line in lines if not line.startswith("#")), lines[0])
    return first if len(first) <= 50 else f"{first[:49]}…"
