"""The answers of one submission in a sandbox, as a backend that tests can call."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, NoReturn

from coursekit.grading.batch.grader.analyses import checked_analysis, needs
from coursekit.grading.batch.grader.backends import SandboxBackend, raise_error
from coursekit.grading.batch.grader.prepared import prepared_sandbox
from coursekit.grading.batch.sandbox.bubblewrap import Command, SandboxUnavailable
from coursekit.grading.batch.sandbox.endings import SandboxEnded, SandboxKilled
from coursekit.grading.batch.sandbox.sandbox import Sandbox
from coursekit.grading.batch.sandbox.time_left import TimeLeft, shortest
from coursekit.grading.judge.answer_proxy import AnswerError, Backend
from coursekit.grading.judge.handed_out import Signatures
from coursekit.grading.judge.values import Function
from coursekit.language import mark, say

STOPPED_BEFORE = mark("Your code was stopped in an earlier test.")
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
    hurry : float
        Calls and cells may take this part of the time, until `restart`.
    modules : collection of str
        Installed modules that the cells import: they are imported once, before all workers.
    asked : mapping, optional
        See `coursekit.grading.judge.local.LocalBackend`.

    Attributes
    ----------
    errors : dict of str to str
        For each task why its first failing cell did not run, as a sentence.
    commands : dict of str to list of str
        For each cell the notebook commands that were left out.
    simple : bool
        Whether all cells only define things, which no cell of another task can change.

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
        hurry: float = 1.0,
        modules: Collection[str] = (),
        asked: Signatures | None = None,
    ) -> None:
        self._command, self._setup = command, setup
        self._required, self._answers = required, answers
        self._seconds, self._budget, self._modules = seconds, budget, sorted(modules)
        self._hurry = hurry
        self._asked = asked or {}
        self._left: dict[str, TimeLeft] = {}  # for each task what is left of the budget
        self._total = total or TimeLeft.of(float("inf"))
        self._clock = ""  # the task whose time passes
        self._failure: SandboxKilled | SandboxUnavailable | None = None
        self._sandbox: Sandbox | None = None
        self._task: str | None = None  # whose cells have run in the current worker
        self._fresh = False  # no line of the submission has run in the current worker
        self._deadly: set[str] = set()  # cells that ended a worker, and are not run again
        self._unread: set[str] = set()  # those of them that ended it when they were read
        self._unread_errors: dict[str, str] = {}
        self._needs: dict[str, list[str]] = {}  # for each task the earlier tasks it depends on
        self.errors: dict[str, str] = {}
        self.commands: dict[str, list[str]] = {}
        self.simple = True

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
        return SandboxBackend(partial(self.call, task))

    def fresh_source(self, task: str, test: str) -> Backend:
        """Return the same in a worker of its own, which ends with the test."""
        self._task = None
        return SandboxBackend(partial(self.call, task))

    def call(self, task: str, target: str | Function, args: Any, kwargs: Any) -> dict[str, Any]:
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
        """Make the next call start with a new worker, and all tasks with their whole time."""
        self._task = None
        self._left.clear()

    def restart(self) -> None:
        """Go on in a new sandbox, which knows nothing of the calls so far, with the whole time."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None
        self._hurry = 1.0
        self._deadly, self.errors = set(self._unread), dict(self._unread_errors)
        self.reset()

    def read(self) -> None:
        """Analyse the cells before any of them runs; call this first."""
        analyses: dict[str, dict[str, Any]] = {}
        predefined: set[str] = set()
        for task, cells in self._answers.items():
            self._clock = task
            for cell, source in cells.items():
                try:
                    if self._sandbox is None:
                        self._new_worker()
                        predefined = set(self._ask(do="names")["value"])
                    found = checked_analysis(self._ask(do="read", source=source)["value"])
                    analyses[cell] = found
                    self.commands[cell] = found["commands"]
                    changed = predefined.intersection(found["binds"])
                    self.simple = self.simple and found["simple"] and not changed
                except AnswerError as error:
                    self._deadly.add(cell)
                    self.errors[task] = error.message
        self._unread, self._unread_errors = set(self._deadly), dict(self.errors)
        self._needs = needs(self._answers, analyses, predefined)
        self._fresh = True
        self._left.clear()

    def _start_task(self, task: str) -> None:
        """Run the cells of a task in a new worker, after those that it needs."""
        self._clock = task
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
        preload = [{"do": "preload", "modules": self._modules}] if self._modules else []
        try:
            self._sandbox = prepared_sandbox(
                self._command, self._setup, limits, self._asked, *preload
            )
        except (SandboxKilled, SandboxUnavailable) as error:
            self._fail(error)

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
            raise AnswerError("stopped", say(STOPPED_BEFORE))
        left = self._left.setdefault(self._clock, TimeLeft.of(self._hurry * self._budget))
        if self._total.is_over:
            raise AnswerError("stopped", say("All tasks of the notebook together took too long."))
        if left.is_over:
            raise AnswerError("stopped", say("All tests of the task together took too long."))
        sandbox = self._sandbox
        seconds = self._seconds if request["do"] == "read" else self._hurry * self._seconds
        try:
            reply = sandbox.ask(*shortest(seconds, left, self._total), **request)
        except SandboxKilled as error:
            self._fail(error)
        except SandboxEnded as error:
            self._sandbox = None
            raise AnswerError("stopped", error.args[0]) from None
        finally:
            for time in (left, self._total):
                time.subtract(*sandbox.spent)
        raise_error(reply)
        return reply
