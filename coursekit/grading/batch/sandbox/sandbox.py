"""A sandbox for one submission: no files, no network, no rights, limited memory and time.

The grader (this process) starts it with bubblewrap, sends it cells to execute and calls to make,
and reads plain values back over a pipe. It never executes, imports or unpickles what comes back.
"""

import secrets
import signal
import subprocess
import tempfile
import time
from typing import Any

from coursekit.grading.batch.sandbox import cgroup, processes
from coursekit.grading.batch.sandbox.bubblewrap import Command, SandboxUnavailable
from coursekit.grading.batch.sandbox.channel import ENDED, wire_error
from coursekit.grading.batch.sandbox.endings import (
    OUTSIDE,
    TOO_LARGE,
    SandboxEnded,
    SandboxKilled,
    why_it_ended,
)
from coursekit.grading.batch.sandbox.pipe import checked, kill_process, pipes_to, start_process
from coursekit.grading.batch.sandbox.processes import Process
from coursekit.grading.batch.sandbox.time_left import ELAPSED
from coursekit.grading.judge.encoding import (
    EncodingError,
    read_message,
    reading_cost,
    write_message,
)
from coursekit.grading.judge.limits import NOT_FINISHED
from coursekit.language import join, say

START_SECONDS = 60.0
LIMITS = {  # of each process in the sandbox, set before any line of the submission runs
    "RLIMIT_AS": 1_000_000_000,  # bytes
    "RLIMIT_NOFILE": 32,
    "RLIMIT_FSIZE": 8_000_000,  # bytes
    "RLIMIT_CORE": 0,
    "RLIMIT_SIGPENDING": 0,  # these are counted for all that a user runs
}
MAX_RECEIVED = 90_000_000  # bytes of memory that one task's replies take, as `reading_cost` says


class Sandbox:
    """A running sandbox, which takes one request at a time.

    Parameters
    ----------
    command : Command
        From `bubblewrap.command` or `unsafe.unsafe_command`.

    Attributes
    ----------
    spent : tuple of float
        Seconds that the last request took: of the worker, without waiting for a processor, and by
        the clock.

    Raises
    ------
    SandboxUnavailable
        If the sandbox does not start.
    SandboxKilled
        If something outside stops it meanwhile.
    """

    def __init__(self, command: Command) -> None:
        self._folder = None if command.isolated else tempfile.TemporaryDirectory()
        self._group = cgroup.make()
        self._received = 0
        self._forked = False
        self._worker: Process | None = None  # None where the system does not show it
        self._copy: Process | None = None  # of a worker that is a notebook
        self.spent = (0.0, 0.0)
        with tempfile.TemporaryFile() as errors:
            try:
                folder = self._folder.name if self._folder else "/"
                self._process = start_process(command, self._group, folder, errors)
                self._pipe = pipes_to(self._process)
                self.ask(START_SECONDS, do="limit", limits=LIMITS)
                self._first = processes.innermost(self._process.pid)
            except SandboxKilled:
                self._clear()
                raise
            except (SandboxEnded, OSError, RuntimeError) as error:  # RuntimeError: no more threads
                self._clear()
                errors.seek(0)
                lines = errors.read(100_000).decode(errors="replace").split("\n")
                last = next((line.strip() for line in reversed(lines) if line.strip()), str(error))
                raise SandboxUnavailable(
                    say(
                        "The sandbox does not start here: {reason}. It needs bubblewrap 0.8 or "
                        "newer and a kernel that lets ordinary users make namespaces.",
                        reason=f'"{last.rstrip(".")}"',
                    )
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
                raise SandboxEnded(say("The last worker does not exit."))
        self._forked, self._received, self._worker = True, 0, None
        self.ask(seconds, seconds, do="fork_worker", limits=limits)
        self._worker = processes.newest_child(self._first)

    def fork_copy(self, seconds: float, elapsed: float) -> None:
        """Start a fresh copy of a notebook, which answers calls; parameters as for `ask`."""
        self._kill_copy()
        self._received = 0
        self.ask(seconds, elapsed, do="fork_copy", limit=seconds, alarm=not self.is_seen)
        self._copy = processes.newest_child(self._worker.pid) if self._worker else None

    def end_copy(self, seconds: float, elapsed: float) -> None:
        """Kill the copy."""
        self._kill_copy()
        self.ask(seconds, elapsed, do="end_copy")

    def _kill_copy(self) -> None:
        if self._copy:
            self._copy.send(signal.SIGKILL)  # which the filter refuses to its parent
            self._copy.forget()
            self._copy = None

    @property
    def is_seen(self) -> bool:
        """Whether the system shows what a worker takes; one that it doesn't show has an alarm."""
        return self._worker is not None

    def ask(
        self, seconds: float, elapsed: float | None = None, *, grace: float = 0.0, **request: Any
    ) -> dict[str, Any]:
        """Send a request; return the reply: its `value`, its `error` and its `output`.

        Parameters
        ----------
        seconds : float
            For all of it: computing, and waiting for anything but a processor.
        elapsed : float, optional
            Time by the clock, on a busy machine; default: `ELAPSED` times as much.
        grace : float
            Further time after an interrupt (SIGALRM), after which a notebook goes on.
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
        busy = self._copy if request["do"] == "call" else self._worker
        worker, started = busy or self._worker, time.monotonic()
        if worker:
            worker.begin()

        def measure() -> float:
            passed = time.monotonic() - started
            self.spent = (worker.taken(passed) if worker else passed, passed)
            return min(seconds - self.spent[0], most - passed)

        def left() -> float:
            rest = measure()
            if rest > 0 or not grace:
                return rest
            if busy:
                busy.send(signal.SIGALRM)  # again and again, in case a bare except catches it
            return min(rest + grace, 0.5)

        id = secrets.randbits(62)  # so that no reply can be written before its request
        try:
            line = self._pipe.exchange(write_message({"id": id, **request}), left)
            self._received += reading_cost(line)
            if self._received > MAX_RECEIVED:
                raise EncodingError(say("All replies together are larger than one task may send."))
            measure()
            reply = checked(read_message(line, from_sandbox=True), id)
        except EncodingError as error:
            self.close()
            raise SandboxEnded(
                join(say("Your code sent a malformed reply."), error.args[0])
            ) from error
        except TimeoutError as error:
            self.close()
            most = seconds if self.spent[0] >= seconds else most
            raise SandboxEnded(say(NOT_FINISHED, seconds=f"{most:.3g}")) from error
        except (EOFError, OSError) as error:
            raise self._reason() from error
        if self._copy and reply["error"] == ["stopped", ENDED] and self._copy.was_killed():
            if self._group.is_out_of_memory():
                return reply | {"error": wire_error("stopped", say(TOO_LARGE))}
            self.close()
            raise SandboxKilled(say(OUTSIDE))
        return reply

    def _reason(self) -> SandboxEnded:
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:  # it closed the pipe and is still running
            status = 0
        too_large = self._group.is_out_of_memory()
        self.close()
        return why_it_ended(status, too_large)

    def close(self) -> None:
        """Kill everything that runs in the sandbox."""
        kill_process(self._process)
        self._pipe.end()
        for process in (self._worker, self._copy):
            if process:
                process.forget()
        self._worker = self._copy = None
        self._clear()

    def _clear(self) -> None:
        self._group.end()
        if self._folder is not None:
            self._folder.cleanup()
