"""One submission's whole notebook in a sandbox, run from top to bottom as its student left it.

Cells that fail are passed over. A task is judged at each of its checks, after each cell that
changes its answer without a check below, and at the end if it has no check: the grader calls the
answers as they are at that moment.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from coursekit.grading.batch.grader.backends import SandboxBackend, raise_error
from coursekit.grading.batch.grader.prepared import prepared_sandbox
from coursekit.grading.batch.grader.sandboxed_answers import STOPPED_BEFORE
from coursekit.grading.batch.sandbox.bubblewrap import Command
from coursekit.grading.batch.sandbox.endings import SandboxEnded, SandboxKilled
from coursekit.grading.batch.sandbox.sandbox import Sandbox
from coursekit.grading.batch.sandbox.time_left import TimeLeft, shortest
from coursekit.grading.course.submission import CHECK
from coursekit.grading.judge.answer_proxy import AnswerError, Backend, BackendFactory
from coursekit.grading.judge.handed_out import Signatures
from coursekit.grading.judge.values import Function
from coursekit.language import say

GRACE = 2.0  # seconds in which an interrupted cell must end
LIMITS = {"RLIMIT_NPROC": 12}  # the notebook's process, bubblewrap's, a copy, and a few threads
MAX_RESTARTS = 5
MAX_STOPS = 8  # for one task, before the last cell that checks it and in that cell
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
        Processor time for a call or a cell, and for the whole run.
    total : TimeLeft, optional
        For the whole submission; calls and cells take their time off it. Default: no limit.
    asked : mapping, optional
        See `coursekit.grading.judge.local.LocalBackend`.
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
        total: TimeLeft | None = None,
        asked: Signatures | None = None,
    ) -> None:
        self._command, self._setup = command, setup
        self._cells, self._names, self._known = cells, dict(names), known
        self._seconds, self._budget = seconds, budget
        self._sandbox: Sandbox | None = None
        self._asked = asked or {}
        self._left = TimeLeft.of(budget)
        self._total = total or TimeLeft.of(float("inf"))
        self._killed: SandboxKilled | None = None
        self._deadly: set[int] = set()  # cells that ended the notebook's process
        self._reached: dict[tuple[str, Point], float] = {}  # points of what has been judged
        self._last = {task: at for at, cell in enumerate(cells) for task in CHECK.findall(cell)}
        self._skipped: set[str] = set()  # tasks of which not every stop was judged

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

        Raises
        ------
        SandboxKilled, SandboxUnavailable
            If something outside stopped a sandbox, or kept it from starting.
        """
        self._left, self._reached = TimeLeft.of(self._budget), {}
        self._skipped.clear()
        for _ in range(1 + MAX_RESTARTS):
            if self._is_over:
                return
            at = [0]
            try:
                self._start()
                self._walk(visit, at)
                return
            except _JudgingEnded:
                continue  # what has been judged is not judged again
            except SandboxKilled:
                raise
            except SandboxEnded:
                self._close()
                self._deadly.add(at[0])

    def restart(self) -> None:
        """Run the notebook in a new sandbox from now on."""
        self._close()

    def is_last(self, task: str, point: Point) -> bool:
        """Whether no cell below the one of `point` checks the task."""
        return point[0] >= self._last.get(task, len(self._cells))

    def _walk(self, visit: Visit, at: list[int]) -> None:
        checked = set()
        for place, source in enumerate(self._cells):
            if place in self._deadly or self._is_over:
                continue
            at[0] = place
            stops, cell = 0, TimeLeft.of(self._seconds)
            reply = self._ask(cell, do="run", source=source, names=self._names)
            while (task := reply["check"]) is not None:
                checked.add(task)
                points = self._judge(task, (place, stops), visit)
                stops += 1
                if stops > MAX_CHECKS or self._is_over:
                    raise SandboxEnded(say("It calls check without end."))
                reply = self._ask(cell, do="resume", points=points)
            following = next(
                (c for k, c in enumerate(self._cells) if k > place and k not in self._deadly), ""
            )
            for task in reply["changed"]:
                if task not in CHECK.findall(following):
                    self._judge(task, (place, stops), visit)
        for task in self._names:
            if task not in checked or task in self._skipped:
                self._judge(task, (len(self._cells), 0), visit)

    def _judge(self, task: str, point: Point, visit: Visit) -> float:
        if task not in self._names or self._is_over:
            return self._known.get(task, 0.0)
        reached = [points for (other, _), points in self._reached.items() if other == task]
        if (task, point) not in self._reached:
            # What the last check says must count, however many there are before it.
            late = self.is_last(task, point)
            stops = [place for other, (place, _) in self._reached if other == task]
            if (stops.count(point[0]) if late else len(stops)) >= MAX_STOPS:
                self._skipped.add(task)
                return reached[-1]
            self._reached[task, point] = visit(task, point, self._source)
            if self._killed:
                raise self._killed  # what the tests have found is not a verdict
            try:
                self._in_time(Sandbox.end_copy)
            except SandboxKilled:
                raise
            except SandboxEnded:
                raise _JudgingEnded from None
        return self._reached[task, point]

    def _source(self, task: str, test: str) -> Backend:
        """Return the answers as they are now, in a copy of the process for one test."""
        try:
            self._in_time(Sandbox.fork_copy)
        except SandboxEnded as error:
            raise AnswerError("stopped", error.args[0]) from None
        return SandboxBackend(self.call)

    def call(self, target: str | Function, args: Any, kwargs: Any) -> dict[str, Any]:
        """Call an answer in the newest copy; see `SandboxedAnswers.call`."""

        def ask(sandbox: Sandbox, *time: float) -> dict[str, Any]:
            request = {"do": "call", "target": target, "args": args, "kwargs": kwargs}
            return sandbox.ask(*time, grace=GRACE, **request)

        try:
            reply: dict[str, Any] = self._in_time(ask)
        except SandboxEnded as error:
            raise AnswerError("stopped", error.args[0]) from None
        raise_error(reply)
        return reply

    def _start(self) -> None:
        limits = {**LIMITS, "RLIMIT_CPU": int(self._budget) + 1}
        if self._sandbox is not None:
            try:
                self._sandbox.fork_worker(self._seconds, limits)
                return
            except SandboxEnded:  # the last run has left something behind
                self._close()
        shell = {"do": "open_notebook"}
        self._sandbox = prepared_sandbox(self._command, self._setup, limits, self._asked, shell)

    @property
    def _is_over(self) -> bool:
        return self._left.is_over or self._total.is_over

    def _ask(self, cell: TimeLeft, **request: Any) -> dict[str, Any]:
        """Run a cell, or go on in it; return what it has found, with its types checked."""

        def ask(sandbox: Sandbox, seconds: float, elapsed: float) -> dict[str, Any]:
            if request["do"] == "run":
                request.update(limit=seconds, alarm=not sandbox.is_seen)
            return sandbox.ask(seconds, elapsed, grace=GRACE, **request)

        match value := self._in_time(ask, cell)["value"]:
            case {"check": None | str(), "changed": list(tasks), "error": None | str()}:
                return {**value, "changed": [task for task in tasks if task in self._names]}
        raise SandboxEnded(say("Your code sent a malformed reply."))

    def _in_time(self, ask: Callable[..., Any], *more: TimeLeft) -> Any:
        """Let the sandbox do something, in the time that is left; it is closed if it ends."""
        if self._sandbox is None:
            raise SandboxEnded(say(STOPPED_BEFORE))
        if self._is_over:
            self._close()
            raise SandboxEnded(say("All cells and tests of the notebook together took too long."))
        sandbox, left = self._sandbox, (self._left, self._total, *more)
        try:
            return ask(sandbox, *shortest(self._seconds, *left))
        except SandboxEnded as error:
            self._killed = error if isinstance(error, SandboxKilled) else None
            self._close()
            raise
        finally:
            for time in left:
                time.subtract(*sandbox.spent)

    def _close(self) -> None:
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None


class _JudgingEnded(Exception):
    """A call of an answer has ended the sandbox; the notebook itself is not at fault."""
