"""The answers of one submission in closed boxes, as a source that tests can call."""

import time
from collections.abc import Mapping
from typing import Any

from coursekit.grading.batch.sandbox.sandbox import Box, BoxEnded, Command
from coursekit.grading.judge.answer_proxy import AnswerError, Source
from coursekit.grading.judge.values import printable

SETUP_SECONDS = 60.0  # for the course's own cells, on a busy machine
OWN_LIMITS = {"RLIMIT_NPROC": 0}  # no process and no thread beside it


class Room:
    """Runs a submission's cells in a box, and again in a new one when it has ended the last.

    Each task has a process of its own, in which the course's setup and the task's own cells run,
    and before them those earlier cells whose names it uses. So what goes wrong in one task stays
    there.

    Parameters
    ----------
    command : Command
        Starts a box; see `coursekit.grading.batch.sandbox.bubblewrap.command`.
    setup : mapping of str to str
        The course's cells that run before every answer, by id.
    asked : mapping of str to list of str
        For each task the functions and classes that it asks for.
    answers : mapping of str to mapping of str to str
        For each task its answer cells by id, in the exercise's order.
    seconds, budget : float
        Wall time of one call or cell, and of all of them in one task.

    Attributes
    ----------
    troubles : dict of str to str
        For each task the first of its cells that did not run, in a sentence.
    refused : dict of str to str
        Tasks that use a library which holds the answers, with its name.
    commands : dict of str to list of str
        For each cell, lines that are no Python and were left out.
    """

    def __init__(
        self,
        command: Command,
        setup: Mapping[str, str],
        asked: Mapping[str, list[str]],
        answers: Mapping[str, Mapping[str, str]],
        *,
        seconds: float,
        budget: float,
    ) -> None:
        self._command, self._setup = command, setup
        self._asked, self._answers = asked, answers
        self._seconds, self._budget = seconds, budget
        self._left = budget
        self._box: Box | None = None
        self._task: str | None = None  # the one whose process is there
        self._fresh = False  # no line of the submission has run in that process
        self._deadly: set[str] = set()  # cells that ended a process, and are not run again
        self._needs: dict[str, list[str]] = {}  # of each task, earlier tasks
        self.troubles: dict[str, str] = {}
        self.refused: dict[str, str] = {}
        self.commands: dict[str, list[str]] = {}

    def __enter__(self) -> "Room":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def source(self, task: str, test: str) -> Source:
        """Make the source of the answers for one test."""
        return _BoxSource(self, task)

    def call(self, task: str, target: str, args: Any, kwargs: Any) -> dict[str, Any]:
        """Call an answer to a task; return the box's reply.

        Raises
        ------
        AnswerError
            If the answer stops. Where the kind is ``"stopped"`` its process is gone.
        """
        if self._task != task:
            self._enter(task)
        if self._deadly & self._answers[task].keys():
            raise AnswerError("stopped", self.troubles[task])
        return self._ask(do="call", target=target, args=args, kwargs=kwargs)

    def again(self) -> None:
        """Forget which task's process is there, so that the next call begins with a new one."""
        self._task = None

    def read(self) -> None:
        """Find out what the cells say, before any of them runs; call it first."""
        said: dict[str, dict[str, Any]] = {}
        there: set[str] = set()
        for task, cells in self._answers.items():
            self._left = self._budget
            for cell, source in cells.items():
                try:
                    if self._box is None:
                        self._new_process()
                        there = set(self._ask(do="names")["value"])
                    said[cell] = _found(self._ask(do="read", source=source)["value"])
                except AnswerError as error:
                    self._deadly.add(cell)
                    self.troubles[task] = error.message
        for task, cells in self._answers.items():
            for found in (said[cell] for cell in cells if cell in said):
                if found["refused"]:
                    self.refused.setdefault(task, found["refused"])
            self.commands |= {c: said[c]["commands"] for c in cells if c in said}
        self._needs = _needs(self._answers, said, there)
        self._fresh = True

    def _enter(self, task: str) -> None:
        """Run the cells of a task in a new process, after those that it needs."""
        self._left = self._budget
        while not self._ran(task):
            pass  # a cell ended the process, and will not be run again
        self._task = task

    def _ran(self, task: str) -> bool:
        self._new_process()
        for id in [*self._needs[task], task]:
            if id == task:  # an earlier task's function must not stand in for this one's
                self._ask(do="forget", names=self._asked[task])
            for cell, source in self._answers[id].items():
                if cell in self._deadly:
                    continue
                try:
                    self._ask(do="execute", cell=cell, source=source)
                except AnswerError as error:
                    if id == task or self._box is None:
                        self.troubles.setdefault(id, error.message)
                    if self._box is None:
                        self._deadly.add(cell)
                        return False
        return True

    def _new_process(self) -> None:
        fresh, self._fresh = self._fresh, False
        if self._box is not None and fresh:
            return
        limits = {**OWN_LIMITS, "RLIMIT_CPU": int(self._budget) + 1}
        if self._box is not None:
            try:
                self._box.enter(self._seconds, limits)
                return
            except BoxEnded:  # the task before has left it in a bad state
                self._box = None
        self._box = Box(self._command)
        for cell, source in self._setup.items():
            reply = self._box.ask(SETUP_SECONDS, do="execute", cell=cell, source=source)
            if reply["error"]:
                raise RuntimeError(f"the course's own cell {cell} fails: {reply['error'][1]}")
        self._box.enter(SETUP_SECONDS, limits)

    def _ask(self, **request: Any) -> dict[str, Any]:
        if self._box is None:
            raise AnswerError("stopped", "It was ended in an earlier test.")
        if self._left <= 0:
            raise AnswerError("stopped", "All tests of the task together took too long.")
        started = time.monotonic()
        try:
            reply = self._box.ask(min(self._seconds, self._left), **request)
        except BoxEnded as error:
            self._box = None
            raise AnswerError("stopped", str(error)) from None
        finally:
            self._left -= time.monotonic() - started
        if reply["error"]:
            kind, message = reply["error"]
            raise AnswerError(kind, printable(message), reply["sounds"])
        return reply

    def _close(self) -> None:
        if self._box is not None:
            self._box.close()
            self._box = None


def _needs(
    answers: Mapping[str, Mapping[str, str]],
    said: Mapping[str, Mapping[str, Any]],
    there: set[str],
) -> dict[str, list[str]]:
    """For each task those before it whose cells bind names that it uses and does not bind."""
    needs: dict[str, list[str]] = {}
    bound: dict[str, set[str]] = {}
    for task, cells in answers.items():
        uses: set[str] = set()
        own: set[str] = set()
        for found in (said[cell] for cell in cells if cell in said):
            uses |= set(found["first"]) - own
            own |= set(found["binds"])
        for found in (said[cell] for cell in cells if cell in said):
            uses |= set(found["later"]) - own
        direct = [id for id, names in bound.items() if names & uses]
        wanted = {*direct, *(id for before in direct for id in needs[before])}
        needs[task] = [id for id in bound if id in wanted]
        bound[task] = own - there
    return needs


def _found(value: Any) -> dict[str, Any]:
    """What was found out about a cell, if it has the form that it should have."""
    names = ("commands", "binds", "first", "later")
    if type(value) is dict and set(value) == {"refused", *names}:
        refused = value["refused"]
        if (refused is None or type(refused) is str) and all(_texts(value[n]) for n in names):
            return value
    raise AnswerError("stopped", "The cell can't be read.")


def _texts(value: Any) -> bool:
    return type(value) is list and all(type(text) is str for text in value)


class _BoxSource:
    """Calls into the room's box; see `coursekit.grading.judge.answer_proxy.Source`."""

    def __init__(self, room: Room, task: str) -> None:
        self._room, self._task = room, task
        self.sounds: list[str] = []

    def call(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            reply = self._room.call(self._task, target, args, kwargs)
        except AnswerError as error:
            self.sounds += error.sounds
            raise
        self.sounds += reply["sounds"]
        return reply["value"]
