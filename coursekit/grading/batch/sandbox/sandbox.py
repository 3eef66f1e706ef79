"""A sandbox for one submission: no files, no network, no rights, limited memory and time.

The grader (this process) starts it with bubblewrap, sends it cells to execute and calls to make,
and reads plain values back over a pipe. It never executes, imports or unpickles what comes back.
"""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from typing import IO, Any

from coursekit.grading.batch.sandbox import bubblewrap, cgroup, processes
from coursekit.grading.batch.sandbox.bubblewrap import Command, SandboxUnavailable
from coursekit.grading.batch.sandbox.pipe import PipeThread
from coursekit.grading.batch.sandbox.processes import Process
from coursekit.grading.batch.sandbox.time_left import ELAPSED
from coursekit.grading.judge.encoding import (
    EncodingError,
    read_message,
    reading_cost,
    write_message,
)

START_SECONDS = 60.0
LIMITS = {  # of each process in the sandbox, set before any line of the submission runs
    "RLIMIT_AS": 1_000_000_000,  # bytes
    "RLIMIT_NOFILE": 32,
    "RLIMIT_FSIZE": 8_000_000,  # bytes
    "RLIMIT_CORE": 0,
    "RLIMIT_SIGPENDING": 0,  # these are counted for all that a user runs
}
MAX_RECEIVED = 90_000_000  # bytes of memory that one task's replies take, as `reading_cost` says
MAX_OUTPUT = 1_000  # lines
MAX_TEXT = 2_000  # characters of a line


class SandboxEnded(RuntimeError):
    """The sandbox no longer answers; the text says why, for the student."""


class SandboxKilled(SandboxEnded):
    """Something outside stopped it, such as the system when memory was short: nobody's fault."""


class Sandbox:
    """A running sandbox, which takes one request at a time.

    Parameters
    ----------
    command : Command
        From `bubblewrap.command` or `bubblewrap.unsafe_command`.

    Attributes
    ----------
    spent : tuple of float
        Seconds that the last request took: of the worker, without waiting for a processor, and by
        the clock.

    Raises
    ------
    SandboxUnavailable
        If the sandbox does not start.
    """

    def __init__(self, command: Command) -> None:
        self._folder = None if command.isolated else tempfile.TemporaryDirectory()
        self._group = cgroup.make()
        self._received = 0
        self._forked = False
        self._worker: Process | None = None  # None where the system does not show it
        self.spent = (0.0, 0.0)
        with tempfile.TemporaryFile() as errors:
            try:
                folder = self._folder.name if self._folder else "/"
                self._process = _start(command, self._group, folder, errors)
                self._pipe = PipeThread(self._process)
                self.ask(START_SECONDS, do="limit", limits=LIMITS)
                self._first = processes.innermost(self._process.pid)
            except (SandboxEnded, OSError, RuntimeError) as error:  # RuntimeError: no more threads
                self._clear()
                errors.seek(0)
                lines = errors.read(100_000).decode(errors="replace").split("\n")
                last = next((line.strip() for line in reversed(lines) if line.strip()), str(error))
                raise SandboxUnavailable(
                    f"The sandbox does not start here: {last.rstrip('.')}. It needs bubblewrap 0.8 "
                    "or newer and a kernel that lets ordinary users make namespaces."
                ) from error

    def fork_worker(self, seconds: float, limits: dict[str, int]) -> None:
        """Start a fresh worker, a fork of the sandbox's first process; the one before exits.

        Parameters
        ----------
        seconds : float
            For it, by the clock.
        limits : dict of str to int
            Of the worker, in addition to `LIMITS`.

        Raises
        ------
        SandboxEnded
            If that fails (the last worker left files behind, or does not exit).
        """
        if self._forked:
            self.ask(seconds, seconds, do="exit_worker")
            # One that only pretends to exit would read, and answer, what the next is asked.
            if self._worker is None or not self._worker.ends(seconds):
                self.close()
                raise SandboxEnded("The last worker does not exit.")
        self._forked, self._received, self._worker = True, 0, None
        self.ask(seconds, seconds, do="fork_worker", limits=limits)
        self._worker = processes.only_child(self._first)

    def ask(self, seconds: float, elapsed: float | None = None, **request: Any) -> dict[str, Any]:
        """Send a request; return the reply: its `value`, its `error` and its `output`.

        Parameters
        ----------
        seconds : float
            For all of it: computing, and waiting for anything but a processor.
        elapsed : float, optional
            Time by the clock, on a busy machine; default: `ELAPSED` times as much.
        **request
            What to ``do``, and its arguments, plain values.

        Raises
        ------
        SandboxEnded
            If no valid reply came in time. The sandbox is closed then.
        SandboxKilled
            If that is not the submission's doing.
        """
        most = ELAPSED * seconds if elapsed is None else elapsed
        worker, started = self._worker, time.monotonic()
        if worker:
            worker.begin()

        def left() -> float:
            passed = time.monotonic() - started
            self.spent = (worker.taken(passed) if worker else passed, passed)
            return min(seconds - self.spent[0], most - passed)

        id = secrets.randbits(62)  # so that no reply can be written before its request
        try:
            line = self._pipe.exchange(write_message({"id": id, **request}), left)
            self._received += reading_cost(line)
            if self._received > MAX_RECEIVED:
                raise EncodingError("All replies together are larger than one task may send.")
            left()
            return _checked(read_message(line, from_sandbox=True), id)
        except EncodingError as error:
            self.close()
            raise SandboxEnded(f"Your code sent a malformed reply. {error}") from error
        except TimeoutError as error:
            self.close()
            most = seconds if self.spent[0] >= seconds else most
            raise SandboxEnded(
                f"It did not finish within {most:.3g} s: does a loop never end?"
            ) from error
        except (EOFError, OSError) as error:
            raise self._reason() from error

    def _reason(self) -> SandboxEnded:
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:  # it closed the pipe and is still running
            status = 0
        too_large = self._group.is_out_of_memory()
        self.close()
        # bubblewrap passes a signal of the process inside on as 128 + its number
        number = status - 128 if status > 128 else -status
        if number == getattr(signal, "SIGXCPU", None):
            return SandboxEnded("It used more processor time than all tests together may take.")
        if too_large:
            return SandboxEnded("It was stopped because it took too much memory.")
        if number == getattr(signal, "SIGKILL", None):  # which the filter refuses to those inside
            return SandboxKilled("Something outside stopped it; perhaps memory was short.")
        if number in signal.valid_signals():
            return SandboxEnded(f"It crashed ({signal.strsignal(number) or number}).")
        return SandboxEnded("It ended the whole program: an answer must return.")

    def close(self) -> None:
        """Kill everything that runs in the sandbox."""
        _kill(self._process)
        self._pipe.end()
        if self._worker:
            self._worker.forget()
            self._worker = None
        self._clear()

    def _clear(self) -> None:
        self._group.end()
        if self._folder is not None:
            self._folder.cleanup()


def _start(
    command: Command, group: cgroup.Group, folder: str, errors: IO[bytes]
) -> subprocess.Popen[bytes]:
    source, sink = os.pipe()
    os.write(sink, command.filter)  # far less than a pipe holds
    os.close(sink)
    words = [str(source) if word == bubblewrap.FILTER else word for word in command.words]
    try:
        return subprocess.Popen(
            group.entering(words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder,
            env={**os.environ, **bubblewrap.ENVIRONMENT},
            pass_fds=[source] if command.filter else [],
            start_new_session=True,
        )
    finally:
        os.close(source)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its group: while bubblewrap starts, its child does not yet die with it."""
    if sys.platform != "win32" and process.returncode is None:
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _checked(reply: dict[str, Any], id: int) -> dict[str, Any]:
    """Return a reply in which everything has the type that it should have."""
    match reply:
        case {"id": int(), "value": _, "error": None | [_, _] as error, "output": list(output)}:
            texts = [*(error or []), *output]
            short = all(type(text) is str and len(text) <= MAX_TEXT for text in texts)
            if short and len(output) <= MAX_OUTPUT and len(reply) == 4:
                if reply["id"] != id:
                    raise EncodingError("The reply answers another request.")
                return reply
    raise EncodingError("The reply has no valid form.")
