"""One submission's whole notebook in a sandbox, run from top to bottom as its student left it.

Cells that fail are passed over. A task is judged at each of its checks, after each cell that
changes its answer without a check below, and at the end if it has no check: the grader calls the
answers as they are at that moment.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from coursekit.grading.batch.sandbox.bubblewrap import Command, SandboxUnavailable
from coursekit.grading.batch.sandbox.sandbox import Sandbox, SandboxEnded
from coursekit.grading.batch.sandboxed_answers import start
from coursekit.grading.course.submission import CHECK
from coursekit.grading.judge.answer_proxy import AnswerError, Backend, BackendFactory
from coursekit.grading.judge.values import Function, printable

START_SECONDS = 60.0  # for the course's own cells and the import of IPython, on a busy machine
GRACE = 2.0  # elapsed seconds in which an interrupted cell must end
LIMITS = {"RLIMIT_NPROC": 12}  # the notebook's process, bubblewrap's, a copy, and a few threads
MAX_RESTARTS = 5
MAX_STOPS = 8  # for one task
MAX_CHECKS = 50  # in one cell

Point = tuple[int, int]  # a cell's place among those that run, and how often it had stopped before
Visit = Callable[[str, Point, BackendFactory], float]


class NotebookRun:
    """Runs a notebook, once more without the cell that has ended its process.

    Parameters
    ----------
    command : Command
        Starts a sandbox that shows IPython.
    setup : mapping of str to str
        The course's cells that run before all others, by id.
    cells : sequence of str
        The notebook's code cells.
    names : mapping of str to list of str
        For each task that is to be judged the functions and classes that it asks for.
    known : mapping of str to float
        The points of other tasks, which a check returns to the notebook.
    seconds, budget : float
        Elapsed time for a call or a cell, and for the whole run.
    """

    def __init__(
        self,
        command: Command,
        setup: Mapping[str, str],
        cells: Sequence[str],
        names: Mapping[str, list[str]],
        known: Mapping[str, float],
        *,
        seconds: float,
        budget: float,
    ) -> None:
        self._command, self._setup = command, setup
        self._cells, self._names, self._known = cells, dict(names), known
        self._seconds, self._budget = seconds, budget
        self._sandbox: Sandbox | None = None
        self._left = budget
        self._deadly: set[int] = set()  # cells that ended the notebook's process
        self._reached: dict[tuple[str, Point], float] = {}  # points of what has been judged

    def __enter__(self) -> "NotebookRun":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def run(self, visit: Visit) -> None:
        """Run the notebook in a new process.

        Parameters
        ----------
        visit : callable ``(task, point, source) -> points``
            Judges a task with the answers of `source`, which last until it returns.
        """
        self._left, self._reached = self._budget, {}
        for _ in range(1 + MAX_RESTARTS):
            at = [0]
            try:
                self._start()
                self._walk(visit, at)
                return
            except _JudgingEnded:
                continue  # what has been judged is not judged again
            except SandboxEnded:
                self._close()
                self._deadly.add(at[0])

    def _walk(self, visit: Visit, at: list[int]) -> None:
        checked = set()
        for place, source in enumerate(self._cells):
            if place in self._deadly or self._left <= 0:
                continue
            at[0] = place
            stops = 0
            limit = max(min(self._seconds, self._left), 0.1)
            reply = self._ask(do="run", source=source, limit=limit, names=self._names)
            while (task := reply["check"]) is not None:
                checked.add(task)
                points = self._judge(task, (place, stops), visit)
                stops += 1
                if stops > MAX_CHECKS or self._left <= 0:
                    raise SandboxEnded("It calls check without end.")
                reply = self._ask(do="resume", points=points)
            following = next(
                (c for k, c in enumerate(self._cells) if k > place and k not in self._deadly), ""
            )
            for task in reply["changed"]:
                if task not in CHECK.findall(following):
                    self._judge(task, (place, stops), visit)
        for task in self._names:
            if task not in checked:
                self._judge(task, (len(self._cells), 0), visit)

    def _judge(self, task: str, point: Point, visit: Visit) -> float:
        if task not in self._names or self._left <= 0:
            return self._known.get(task, 0.0)
        reached = [points for (other, _), points in self._reached.items() if other == task]
        if (task, point) not in self._reached:
            if len(reached) >= MAX_STOPS:
                return reached[-1]
            self._reached[task, point] = visit(task, point, self._source)
            try:
                self._ask(do="end_copy")
            except SandboxEnded:
                self._close()
                raise _JudgingEnded from None
        return self._reached[task, point]

    def _source(self, task: str, test: str) -> Backend:
        """Return the answers as they are now, in a copy of the process for one test."""
        try:
            if self._sandbox is not None:
                self._sandbox.received = 0
            self._ask(do="fork_copy", limit=self._seconds)
        except SandboxEnded as error:
            self._close()
            raise AnswerError("stopped", str(error)) from None
        return _CopyBackend(self)

    def call(self, target: str | Function, args: Any, kwargs: Any) -> dict[str, Any]:
        """Call an answer in the newest copy; see `SandboxedAnswers.call`."""
        try:
            request = {"target": target, "args": args, "kwargs": kwargs}
            reply = self._exchange(do="call", **request)
        except SandboxEnded as error:
            self._close()
            raise AnswerError("stopped", str(error)) from None
        if reply["error"]:
            kind, message = reply["error"]
            raise AnswerError(kind, printable(message), reply["output"])
        return reply

    def _start(self) -> None:
        limits = {**LIMITS, "RLIMIT_CPU": int(self._budget) + 1}
        if self._sandbox is not None:
            try:
                self._sandbox.fork_worker(self._seconds, limits)
                return
            except SandboxEnded:  # the last run has left something behind
                self._close()
        self._sandbox = start(self._command, self._setup)
        try:
            self._sandbox.ask(START_SECONDS, do="open_notebook")
        except SandboxEnded as error:
            raise SandboxUnavailable("IPython can't be imported in the sandbox.") from error
        self._sandbox.fork_worker(START_SECONDS, limits)

    def _ask(self, **request: Any) -> dict[str, Any]:
        """Ask about the notebook itself; return what it has found, with its types checked."""
        value = self._exchange(**request)["value"]
        if request["do"] not in ("run", "resume"):
            return {}
        match value:
            case {"check": None | str(), "changed": list(tasks), "error": None | str()}:
                return {**value, "changed": [task for task in tasks if task in self._names]}
        raise SandboxEnded("Your code sent a malformed reply.")

    def _exchange(self, **request: Any) -> dict[str, Any]:
        if self._sandbox is None:
            raise SandboxEnded("Your code was stopped in an earlier test.")
        started = time.monotonic()
        try:
            return self._sandbox.ask(self._seconds + GRACE, **request)
        finally:
            self._left -= time.monotonic() - started

    def _close(self) -> None:
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None


class _JudgingEnded(Exception):
    """A call of an answer has ended the sandbox; the notebook itself is not at fault."""


class _CopyBackend:
    """Calls answers in a copy; see `coursekit.grading.judge.answer_proxy.Backend`."""

    def __init__(self, run: NotebookRun) -> None:
        self._run = run
        self.output: list[str] = []
        self.notes: list[str] = []

    def call(self, target: str | Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.notes = []
        try:
            reply = self._run.call(target, args, kwargs)
        except AnswerError as error:
            self.output += error.output
            raise
        self.output += reply["output"]
        self.notes = reply["notes"]
        return reply["value"]
