"""The answers of one submission in a sandbox, as a backend that tests can call."""

import time
from collections.abc import Collection, Mapping
from typing import Any

from coursekit.grading.batch.analyses import checked_analysis, needs
from coursekit.grading.batch.sandbox.bubblewrap import Command
from coursekit.grading.batch.sandbox.sandbox import Sandbox, SandboxEnded
from coursekit.grading.judge.answer_proxy import AnswerError, Backend
from coursekit.grading.judge.values import Function, printable

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
        Wall time for one call or cell, and for all of them in one task.
    modules : collection of str
        Installed modules that the cells import: they are imported once, before all workers.

    Attributes
    ----------
    errors : dict of str to str
        For each task why its first failing cell did not run, as a sentence.
    commands : dict of str to list of str
        For each cell the notebook commands that were left out.
    simple : bool
        Whether all cells only define things, which no cell of another task can change.
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
        modules: Collection[str] = (),
    ) -> None:
        self._command, self._setup = command, setup
        self._required, self._answers = required, answers
        self._seconds, self._budget, self._modules = seconds, budget, sorted(modules)
        self._left: dict[str, float] = {}  # for each task what is left of the budget
        self._clock = ""  # the task whose time passes
        self._sandbox: Sandbox | None = None
        self._task: str | None = None  # whose cells have run in the current worker
        self._fresh = False  # no line of the submission has run in the current worker
        self._deadly: set[str] = set()  # cells that ended a worker, and are not run again
        self._needs: dict[str, list[str]] = {}  # for each task the earlier tasks it depends on
        self.errors: dict[str, str] = {}
        self.commands: dict[str, list[str]] = {}
        self.simple = True

    def __enter__(self) -> "SandboxedAnswers":
        return self

    def __exit__(self, *_: object) -> None:
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None

    def source(self, task: str, test: str) -> Backend:
        """Return the backend of the answers for one test."""
        return _SandboxBackend(self, task)

    def fresh_source(self, task: str, test: str) -> Backend:
        """Return the same in a worker of its own, which ends with the test."""
        self._task = None
        return _SandboxBackend(self, task)

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
        self._sandbox = start(self._command, self._setup)
        if self._modules:
            self._sandbox.ask(SETUP_SECONDS, do="preload", modules=self._modules)
        self._sandbox.fork_worker(SETUP_SECONDS, limits)

    def _ask(self, **request: Any) -> dict[str, Any]:
        if self._sandbox is None:
            raise AnswerError("stopped", "Your code was stopped in an earlier test.")
        left = self._left.setdefault(self._clock, self._budget)
        if left <= 0:
            raise AnswerError("stopped", "All tests of the task together took too long.")
        started = time.monotonic()
        try:
            reply = self._sandbox.ask(min(self._seconds, left), **request)
        except SandboxEnded as error:
            self._sandbox = None
            raise AnswerError("stopped", str(error)) from None
        finally:
            self._left[self._clock] = left - (time.monotonic() - started)
        if reply["error"]:
            kind, message = reply["error"]
            raise AnswerError(kind, printable(message), reply["output"])
        return reply


def start(command: Command, setup: Mapping[str, str]) -> Sandbox:
    """Start a sandbox, and run the course's own cells in its first process."""
    sandbox = Sandbox(command)
    for cell, source in setup.items():
        reply = sandbox.ask(SETUP_SECONDS, do="execute", cell=cell, source=source)
        if reply["error"]:
            sandbox.close()
            raise RuntimeError(f"the course's own cell {cell} fails: {reply['error'][1]}")
    return sandbox


class _SandboxBackend:
    """Calls answers in the sandbox; see `coursekit.grading.judge.answer_proxy.Backend`."""

    def __init__(self, answers: SandboxedAnswers, task: str) -> None:
        self._answers, self._task = answers, task
        self.output: list[str] = []
        self.notes: list[str] = []

    def call(self, target: str | Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.notes = []
        try:
            reply = self._answers.call(self._task, target, args, kwargs)
        except AnswerError as error:
            self.output += error.output
            raise
        self.output += reply["output"]
        self.notes = reply["notes"]
        return reply["value"]
