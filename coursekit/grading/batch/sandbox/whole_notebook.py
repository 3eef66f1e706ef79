"""A whole notebook in the sandbox: IPython's shell runs its cells, from top to bottom.

Only a submission that needs this second way pays for the import of IPython. At each `check` the
notebook stops and waits, while the grader calls the answers as they are at that moment. It does so
in copies of this process, so that no call leaves a trace.
"""

import _sitebuiltins
import asyncio
import builtins
import contextlib
import os
import selectors
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets.config import Config

from coursekit.grading.batch.sandbox.channel import NOTHING, Channel
from coursekit.grading.batch.sandbox.interrupts import interruptible, uninterrupted
from coursekit.grading.judge.errors import explain

Request = dict[str, Any]


class WholeNotebook:
    """Runs the cells of a notebook.

    Parameters
    ----------
    namespace : dict
        The globals of its cells, with what the course's setup has left there.
    channel : Channel
        To the grader, for the time in which a cell waits in a check.
    answer : callable ``(request) -> reply``
        Answers a call of the grader's, in a copy of this process.
    """

    def __init__(
        self, namespace: dict[str, Any], channel: Channel, answer: Callable[[Request], Request]
    ) -> None:
        self._namespace, self._channel, self._answer = namespace, channel, answer
        self._copy: _Copy | None = None
        self._judged = False  # whether the grader is calling answers, perhaps in this very process

        def check(*task: object) -> float:
            return self._check(*task[:1])

        for checks in (namespace, vars(sys.modules["coursekit"])):
            checks["check"] = check
        builtins.help = _sitebuiltins._Helper()  # which Python's own start provides
        sys.path.insert(0, "")  # a notebook imports modules that its cells have written
        self._shell = _shell(namespace)

    def run(
        self, source: str, limit: float, alarm: bool, names: dict[str, list[str]]
    ) -> dict[str, Any]:
        """Run a cell.

        Parameters
        ----------
        source : str
            Its text, with all that IPython allows.
        limit : float
            Time that it may take, in seconds, after which the grader interrupts it.
        alarm : bool
            Whether the grader can't, so that this process interrupts the cell by the clock.
        names : dict of str to list of str
            For each task the functions and classes that it asks for.

        Returns
        -------
        dict
            ``check``: None, because the cell has ended; ``changed``: the tasks for which it has
            bound a name; ``error``: why it failed, a sentence or None.
        """
        self._judged = False
        before = self._bound(names)
        with interruptible(limit, alarm):
            result = self._shell.run_cell(source, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        return {
            "check": None,
            "changed": [
                task for task, bound in self._bound(names).items() if bound != before[task]
            ],
            "error": explain(error, self._namespace).message if error is not None else None,
        }

    def serve(self, request: Request) -> bool:
        """Reply to a request to make or end a copy of this process; leave others alone."""
        if request["do"] not in ("fork_copy", "end_copy"):
            return False
        self._judged = True
        if self._copy is not None:
            self._copy.end()
        self._copy = self._channel.relay = None
        if request["do"] == "fork_copy":
            self._copy = _Copy(self._answer, request["limit"], request["alarm"])
            self._channel.relay = self._copy.reply
        self._channel.send(NOTHING)
        return True

    def _bound(self, names: dict[str, list[str]]) -> dict[str, list[int]]:
        return {task: [id(self._namespace.get(n)) for n in asked] for task, asked in names.items()}

    def _check(self, task: object = None) -> float:
        """Replace `check`: the cell waits here until the grader has judged the task."""
        if not isinstance(task, str) or self._judged:
            return 0.0
        found: Request = {"check": task[:20], "changed": [], "error": None}
        with uninterrupted():
            self._channel.send({**NOTHING, "value": found})
            while request := self._channel.receive():
                if request["do"] == "resume":
                    self._judged = False
                    return float(request["points"])
                self.serve(request)
        os._exit(0)


class _Copy:
    """A fork of this process, which answers the calls of one test."""

    def __init__(self, answer: Callable[[Request], Request], seconds: float, alarm: bool) -> None:
        (inner, requests), (replies, outer) = os.pipe(), os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(requests)
            channel = Channel(inner, outer)
            while request := channel.receive():
                with interruptible(seconds, alarm):
                    reply = answer(request)
                channel.send(reply)
            os._exit(0)
        os.close(inner)
        os.close(outer)
        self._requests, self._replies = requests, os.fdopen(replies, "rb")

    def reply(self, line: bytes) -> bytes:
        """Pass a request on; return the reply, or nothing if there is none."""
        with contextlib.suppress(BrokenPipeError):
            while line:
                line = line[os.write(self._requests, line) :]
        reply = self._replies.readline()
        return reply if reply.endswith(b"\n") else b""

    def end(self) -> None:
        """End it; if a filter keeps this process from killing it, the grader has."""
        os.close(self._requests)
        self._replies.close()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(self._pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._pid, 0)


class _Shell(InteractiveShell):  # type: ignore[misc]
    """IPython without a screen, a keyboard and other programs."""

    def ask_exit(self) -> None:
        """Ignore `exit()`, as if its cell had not been there."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Show no windows."""

    def enable_matplotlib(self, gui: str | None = None) -> tuple[str, str]:
        """Draw nothing: what MPLBACKEND names is enough."""
        return "agg", "agg"

    def system(self, cmd: str) -> None:
        """Run no other program."""

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> SList | str:
        """Run no other program, which prints nothing."""
        return SList() if split else ""

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Show no traceback: formatting it takes long, and nobody sees it."""

    showsyntaxerror = showindentationerror = showtraceback


def _shell(namespace: dict[str, Any]) -> _Shell:
    os.environ.update(IPYTHONDIR=os.path.abspath(".ipython"), HOME=os.getcwd())
    config = Config()
    config.HistoryManager.enabled = False
    shell: _Shell = _Shell.instance(config=config, user_ns=namespace, loop_runner=_run_in_loop)
    shell.autoawait = True
    shell.display_formatter.format = lambda *_, **__: ({}, {})
    shell.set_hook("show_in_pager", lambda *_, **__: None, 0)
    return shell


def _run_in_loop(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a cell that awaits something; the usual loop needs a socket, which is refused here."""
    loop = _Loop(selectors.SelectSelector())
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()


class _Loop(asyncio.SelectorEventLoop):
    """A loop that no other thread and no signal wakes."""

    def _make_self_pipe(self) -> None:
        pass

    def _close_self_pipe(self) -> None:
        pass

    def _write_to_self(self) -> None:
        pass
