"""The process inside the sandbox: it executes a submission's cells and answers calls.

It talks to the grader through the pipes that were its standard input and output. The grader relies
on nothing here: the submission shares this process and can change all of it. All that it gains is
to send other values, and values are what the grader compares.

The first process runs the course's own cells and forks for each task. Whatever a task changes,
leaks or starts ends with its own process.
"""

import builtins
import os
import sys
from typing import Any

import numpy as np  # noqa: F401  (loaded before the limits are set)

from coursekit.grading.batch.sandbox import cell_analysis
from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.grading.judge.encoding import EncodingError, read_message, write_message
from coursekit.grading.judge.local import LocalBackend, new_namespace, run_cell

NEXT = 77  # the exit status of a worker that makes way for the next
FORKS = True  # on Linux; elsewhere a fork of a process with NumPy in it may not work


class Answering:
    """The grader's requests as methods; their names and arguments come from its messages."""

    def __init__(self) -> None:
        self.namespace = new_namespace()
        for name in ("check", "progress"):  # as in the notebook; here they do nothing
            self.namespace[name] = _nothing
        self.source = LocalBackend(self.namespace)

    def limit(self, limits: dict[str, int]) -> None:
        """Limit the resources of this process, permanently."""
        if sys.platform == "linux":
            import resource

            for name, most in limits.items():
                hard = most + 1 if name == "RLIMIT_CPU" else most  # SIGXCPU before SIGKILL
                resource.setrlimit(getattr(resource, name), (most, hard))

    def fork_worker(self, limits: dict[str, int]) -> None:
        """Begin a task, in a fork of the first process where it can fork."""
        self.limit(limits)

    def exit_worker(self) -> None:
        """End a task, whatever is still running in its process; `main` does that."""

    def names(self) -> list[str]:
        """List the names that exist before any cell of the submission has run."""
        return sorted({*vars(builtins), *self.namespace})

    def read(self, source: str) -> dict[str, str | list[str] | None]:
        """Analyse a cell without running it."""
        return cell_analysis.read(source)

    def forget(self, names: list[str]) -> None:
        """Remove names of functions that are about to be defined."""
        for name in names:
            self.namespace.pop(name, None)

    def execute(self, cell: str, source: str) -> list[str]:
        """Run a cell; return what it printed and warned."""
        return run_cell(cell_analysis.without_commands(source)[0], self.namespace, cell)

    def call(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the submission's, or a method of an object that it returned."""
        name = target.partition(".")[0]
        if not name.startswith("#") and name not in self.namespace:
            raise AnswerError("NameError", f"No cell of the task defines `{name}`.")
        return self.source.call(target, args, kwargs)

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what a request says; an exception of the submission is a reply too."""
        before = len(self.source.output)
        reply: dict[str, Any] = {"value": None, "error": None}
        try:
            reply["value"] = getattr(self, request.pop("do"))(**request)
        except AnswerError as error:
            reply["error"] = [error.kind[:80], error.message[:1000]]
        return reply | {"output": [line[:1000] for line in self.source.output[before:]]}


def main() -> None:
    """Answer requests until the grader closes the pipe."""
    # The buffer is empty when this process forks, because the grader waits for each reply.
    source, sink = os.fdopen(os.dup(0), "rb"), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):  # output that bypasses Python's own streams is discarded
        os.dup2(nothing, standard)
    sys.modules["coursekit"].__dict__.update(check=_nothing, progress=_nothing)
    answering = Answering()
    while line := source.readline():
        request = read_message(line)
        do, id = request["do"], request.pop("id")
        if sys.platform == "linux" and FORKS and do == "fork_worker" and os.fork() != 0:
            _continue_after(os.waitstatus_to_exitcode(os.wait()[1]))
            continue
        reply = answering.reply(request)
        try:
            line = write_message({"id": id, **reply})
        except EncodingError as error:
            reply = {"value": None, "error": ["large", f"The result can't be graded. {error}"]}
            line = write_message({"id": id, **reply, "output": []})
        while line:
            line = line[os.write(sink, line) :]
        if do == "exit_worker":
            os._exit(NEXT)
    os._exit(0)


def _continue_after(status: int) -> None:
    """Go on after a worker that exited on request and left no files behind; exit otherwise."""
    if status != NEXT or os.listdir():
        # A worker may exit with any status; one that says "killed" must come from a signal.
        os._exit(1 if status >= 0 else 128 - status)


def _nothing(*_: object) -> None:
    """Replace `check` and `progress`, which have nothing to do here."""
