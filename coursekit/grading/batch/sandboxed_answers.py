"""The answers of one submission in a sandbox, as a backend that tests can call."""

from collections.abc import Mapping
from typing import Any, NoReturn

from coursekit.grading.batch.dependencies import checked_analysis, needs
from coursekit.grading.batch.sandbox.bubblewrap import Command, SandboxUnavailable
from coursekit.grading.batch.sandbox.sandbox import Sandbox, SandboxEnded, SandboxKilled
from coursekit.grading.batch.sandbox.time_left import ELAPSED, TimeLeft
from coursekit.grading.judge.answer_proxy import AnswerError, Backend
from coursekit.grading.judge.values import printable

SETUP_SECONDS = 60.0  # for the course's own cells, on a busy machine
OWN_LIMITS = {"RLIMIT_NPROC": 0}  # a worker can start no process and no thread


class SandboxedAnswers:
    """Runs a submission's cells in a sandbox, and in a new one whenever they have ended the last.

    Each task has its own worker, which runs the course's setup, the earlier cells whose names the
    task uses, and the task's own cells. So an error in one task does not affect another.

    Parameters
    ----------
    command : Command
        Starts a sandbox; see `coursekit.grading.batch.sandbox.bubblewrap.command`.
    setup : mapping of str to str
        The course's cells that run before every answer, by id.
    required : mapping of str to list of str
        For each task the functions and classes that it requires.
    answers : mapping of str to mapping of str to str
        For each task its answer cells by id, in the exercise's order.
    seconds, budget : float
        Processor time for one call or cell, and for all of them in one task.
    total : TimeLeft, optional
        For the whole submission; calls take their time off it. Default: no limit.

    Attributes
    ----------
    errors : dict of str to str
        For each task why its first failing cell did not run, as a sentence.
    refused : dict of str to str
        Tasks that use a forbidden library, with its name.
    commands : dict of str to list of str
        For each cell the notebook commands that were left out.

    Raises
    ------
    SandboxKilled, SandboxUnavailable
        At the end of the ``with`` statement, if something outside stopped a sandbox or kept it from
        starting: no verdict is valid then, and the submission must be graded once more.
    """

    def __init__(
        self,
        command: Command,
        setup: Mapping[str, str],
        required: Mapping[str, list[str]],
        answers: Mapping[str, Mapping[str, str]],
        *,
        seconds: float,
        budget: float,
        total: TimeLeft | None = None,
    ) -> None:
        self._command, self._setup = command, setup
        self._required, self._answers = required, answers
        self._seconds, self._budget = seconds, budget
        self._left = TimeLeft.of(budget)
        self._total = total or TimeLeft.of(float("inf"))
        self._failure: SandboxKilled | SandboxUnavailable | None = None
        self._sandbox: Sandbox | None = None
        self._task: str | None = None  # whose cells have run in the current worker
        self._fresh = False  # no line of the submission has run in the current worker
        self._deadly: set[str] = set()  # cells that ended a worker, and are not run again
        self._needs: dict[str, list[str]] = {}  # for each task the earlier tasks it depends on
        self.errors: dict[str, str] = {}
        self.refused: dict[str, str] = {}
        self.commands: dict[str, list[str]] = {}

    def __enter__(self) -> "SandboxedAnswers":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None
        if self._failure and kind is None:
            raise self._failure

    def source(self, task: str, test: str) -> Backend:
        """Return the backend of the answers for one test."""
        return _SandboxBackend(self, task)

    def call(self, task: str, target: str, args: Any, kwargs: Any) -> dict[str, Any]:
        """Call an answer to a task; return the sandbox's reply.

        Raises
        ------
        AnswerError
            If the call fails. If the kind is ``"stopped"``, the worker is gone.
        """
        if self._task != task:
            self._start_task(task)
        if self._deadly & self._answers[task].keys():
            raise AnswerError("stopped", self.errors[task])
        return self._ask(do="call", target=target, args=args, kwargs=kwargs)

    def reset(self) -> None:
        """Make the next call start with a new worker."""
        self._task = None

    def read(self) -> None:
        """Analyse the cells before any of them runs; call this first."""
        analyses: dict[str, dict[str, Any]] = {}
        predefined: set[str] = set()
        for task, cells in self._answers.items():
            self._left = TimeLeft.of(self._budget)
            for cell, source in cells.items():
                try:
                    if self._sandbox is None:
                        self._new_worker()
                        predefined = set(self._ask(do="names")["value"])
                    found = checked_analysis(self._ask(do="read", source=source)["value"])
                    analyses[cell] = found
                    self.commands[cell] = found["commands"]
                    if found["refused"]:
                        self.refused.setdefault(task, found["refused"])
                except AnswerError as error:
                    self._deadly.add(cell)
                    self.errors[task] = error.message
        self._needs = needs(self._answers, analyses, predefined)
        self._fresh = True

    def _start_task(self, task: str) -> None:
        """Run the cells of a task in a new worker, after those that it needs."""
        self._left = TimeLeft.of(self._budget)
        while not self._ran(task):
            pass  # a cell ended the worker, and is not run again
        self._task = task

    def _ran(self, task: str) -> bool:
        self._new_worker()
        for id in [*self._needs[task], task]:
            if id == task:  # an earlier task's function must not replace a missing one of this task
                self._ask(do="forget", names=self._required[task])
            for cell, source in self._answers[id].items():
                if cell in self._deadly:
                    continue
                try:
                    self._ask(do="execute", cell=cell, source=source)
                except AnswerError as error:
                    if id == task or self._sandbox is None:
                        self.errors.setdefault(id, error.message)
                    if self._sandbox is None:
                        self._deadly.add(cell)
                        return False
        return True

    def _new_worker(self) -> None:
        fresh, self._fresh = self._fresh, False
        if self._sandbox is not None and fresh:
            return
        limits = {**OWN_LIMITS, "RLIMIT_CPU": int(self._budget) + 1}
        if self._sandbox is not None:
            try:
                self._sandbox.fork_worker(self._seconds, limits)
                return
            except SandboxEnded:  # the previous task has left it in a bad state
                self._sandbox = None
        self._check_failure()
        try:
            self._sandbox = Sandbox(self._command)
            for cell, source in self._setup.items():
                reply = self._sandbox.ask(SETUP_SECONDS, do="execute", cell=cell, source=source)
                if reply["error"]:
                    raise RuntimeError(f"the course's own cell {cell} fails: {reply['error'][1]}")
            self._sandbox.fork_worker(SETUP_SECONDS, limits)
        except SandboxUnavailable as error:
            self._fail(error)
        except SandboxEnded as error:  # before any line of the submission has run
            self._fail(SandboxKilled(str(error)))

    def _fail(self, error: SandboxKilled | SandboxUnavailable) -> NoReturn:
        self._sandbox, self._failure = None, error
        self._check_failure()
        raise error

    def _check_failure(self) -> None:
        if self._failure:
            raise AnswerError("stopped", str(self._failure))

    def _ask(self, **request: Any) -> dict[str, Any]:
        self._check_failure()
        if self._sandbox is None:
            raise AnswerError("stopped", "Your code was stopped in an earlier test.")
        if self._total.is_over:
            raise AnswerError("stopped", "All tasks of the notebook together took too long.")
        if self._left.is_over:
            raise AnswerError("stopped", "All tests of the task together took too long.")
        sandbox, left = self._sandbox, (self._left, self._total)
        seconds = min(self._seconds, *(time.processor for time in left))
        elapsed = min(ELAPSED * seconds, *(time.elapsed for time in left))
        try:
            reply = sandbox.ask(seconds, elapsed, **request)
        except SandboxKilled as error:
            self._fail(error)
        except SandboxEnded as error:
            self._sandbox = None
            raise AnswerError("stopped", str(error)) from None
        finally:
            for time in left:
                time.subtract(*sandbox.spent)
        if reply["error"]:
            kind, message = reply["error"]
            raise AnswerError(kind, printable(message), reply["output"])
        return reply


class _SandboxBackend:
    """Calls answers in the sandbox; see `coursekit.grading.judge.answer_proxy.Backend`."""

    def __init__(self, answers: SandboxedAnswers, task: str) -> None:
        self._answers, self._task = answers, task
        self.output: list[str] = []

    def call(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            reply = self._answers.call(self._task, target, args, kwargs)
        except AnswerError as error:
            self.output += error.output
            raise
        self.output += reply["output"]
        return reply["value"]
