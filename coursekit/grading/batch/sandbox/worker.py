"""The process inside the sandbox: it executes a submission's cells and answers calls.

It talks to the grader through the pipes that were its standard input and output. The grader relies
on nothing here: the submission shares this process and can change all of it. All that it gains is
to send other values, and values are what the grader compares.

The first process runs the course's own cells and forks for each task. Whatever a task changes,
leaks or starts ends with its own process.
"""

import builtins
import contextlib
import importlib
import os
import sys
from typing import Any

import numpy as np  # noqa: F401  (loaded before the limits are set)

from coursekit.grading.batch.sandbox import cell_analysis, refused_modules
from coursekit.grading.batch.sandbox.channel import Channel, wire_error
from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.grading.judge.local import LocalBackend, new_namespace, run_cell
from coursekit.grading.judge.values import Function
from coursekit.language import say, speak

NEXT = 77  # the exit status of a worker that makes way for the next
FORKS = True  # on Linux; elsewhere a fork of a process with NumPy in it may not work


class Worker:
    """The grader's requests as methods; their names and arguments come from its messages.

    Parameters
    ----------
    channel : Channel
        To the grader, for a notebook that stops at a check.
    """

    def __init__(self, channel: Channel) -> None:
        self.namespace = new_namespace()
        self.namespace.update(check=check, progress=progress)
        self.source = LocalBackend(self.namespace)
        self._channel = channel
        self._notebook: Any = None
        self._before: set[str] = set()  # names that are not the submission's

    def limit(self, limits: dict[str, int]) -> None:
        """Limit the resources of this process, permanently."""
        if sys.platform == "linux":
            import resource

            for name, most in limits.items():
                hard = most + 1 if name == "RLIMIT_CPU" else most  # SIGXCPU before SIGKILL
                resource.setrlimit(getattr(resource, name), (most, hard))

    def expect(self, asked: dict[str, list[str]]) -> None:
        """Name misspelt methods and other arguments than those that the tasks ask for."""
        asked_for = {name: tuple(arguments) for name, arguments in asked.items()}
        self.source = LocalBackend(self.namespace, asked=asked_for)

    def speak(self, language: str) -> None:
        """Answer in the language of the submission; its copies of this process see no files."""
        speak(language)

    def preload(self, modules: list[str]) -> None:
        """Import installed modules, so that no fork has to."""
        for name in modules:
            with contextlib.suppress(ImportError):  # the cell that imports it will fail
                importlib.import_module(name)

    def open_notebook(self) -> None:
        """Make the shell in which a whole notebook runs; it takes longer to import than NumPy."""
        try:
            from coursekit.grading.batch.sandbox.whole_notebook import WholeNotebook
        except ImportError as error:
            raise AnswerError(
                "missing", say("IPython can't be imported there: {error}.", error=error)
            ) from error
        self._notebook = WholeNotebook(self.namespace, self._channel, self.reply)

    def fork_worker(self, limits: dict[str, int]) -> None:
        """Begin a task, in a fork of the first process where it can fork."""
        self._before = set(self.namespace)
        self.limit(limits)

    def exit_worker(self) -> None:
        """End a task, whatever is still running in its process; `main` does that."""

    def names(self) -> list[str]:
        """List the names that exist before any cell of the submission has run."""
        return sorted({*vars(builtins), *self.namespace})

    def read(self, source: str) -> dict[str, Any]:
        """Analyse a cell without running it."""
        return cell_analysis.read(source)

    def forget(self, names: list[str]) -> None:
        """Remove names of functions that are about to be defined."""
        for name in names:
            self.namespace.pop(name, None)

    def execute(self, cell: str, source: str) -> list[str]:
        """Run a cell; return what it printed and warned."""
        return run_cell(cell_analysis.without_commands(source)[0], self.namespace, cell)

    def run(self, **request: Any) -> dict[str, Any]:
        """Run a cell of the whole notebook; see `WholeNotebook.run`."""
        found: dict[str, Any] = self._notebook.run(**request)
        return found

    def call(self, target: str | Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the submission's or of a test, or a method of a returned object."""
        name = target.partition(".")[0] if isinstance(target, str) else "#"
        if not name.startswith("#") and name not in self.namespace:
            raise AnswerError("NameError", self._not_there(name))
        return self.source.call(target, args, kwargs)

    def _not_there(self, name: str) -> str:
        """Say that a name is not defined, and which similar one is."""
        from difflib import get_close_matches  # here, because few submissions need it

        own = {other.lower(): other for other in self.namespace if other not in self._before}
        similar = get_close_matches(name.lower(), own, n=1, cutoff=0.75)
        if not similar:
            return say("No cell of the task defines `{name}`.", name=name)
        return say(
            "No cell of the task defines `{name}`; you defined `{near}`.",
            name=name,
            near=own[similar[0]],
        )

    def serve(self, request: dict[str, Any]) -> None:
        """Do what a request says, and reply."""
        if self._notebook is None or not self._notebook.serve(request):
            self._channel.send(self.reply(request))

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what a request says; an exception of the submission is a reply too."""
        before = len(self.source.output)
        reply: dict[str, Any] = {"value": None, "error": None}
        try:
            reply["value"] = getattr(self, request.pop("do"))(**request)
        except AnswerError as error:
            reply["error"] = wire_error(error.kind, error.message)
        output = [line[:1000] for line in self.source.output[before:]]
        return reply | {"output": output, "notes": self.source.notes}


def main() -> None:
    """Answer requests until the grader closes the pipe."""
    # The buffer is empty when this process forks, because the grader waits for each reply.
    channel = Channel(os.dup(0), os.dup(1))
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):  # output that bypasses Python's own streams is discarded
        os.dup2(nothing, standard)
    refused_modules.install()
    sys.modules["coursekit"].__dict__.update(check=check, progress=progress, speak=progress)
    worker = Worker(channel)
    while request := channel.receive():
        do = request["do"]
        if sys.platform == "linux" and FORKS and do == "fork_worker":
            files = _files()
            if os.fork() != 0:
                _continue_after(os.waitstatus_to_exitcode(os.wait()[1]), files)
                continue
        worker.serve(request)
        if do == "exit_worker":
            os._exit(NEXT)
    os._exit(0)


def _files() -> list[str]:
    """All files and folders in the current folder, which is where a submission can write."""
    return sorted(f"{at}/{name}" for at, dirs, files in os.walk(".") for name in (*dirs, *files))


def _continue_after(status: int, files: list[str]) -> None:
    """Go on after a worker that exited on request and left no files behind; exit otherwise."""
    if status != NEXT or _files() != files:
        # A worker may exit with any status; one that says "killed" must come from a signal.
        os._exit(1 if status >= 0 else 128 - status)


def check(*_: object) -> float:
    """Replace the notebook's `check`, which has nothing to do here."""
    return 0.0


def progress(*_: object) -> None:
    """Replace the notebook's `progress` and `speak`, which have nothing to do here."""
