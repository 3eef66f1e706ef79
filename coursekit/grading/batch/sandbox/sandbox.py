"""A sandbox for one submission: no files, no network, no rights, limited memory and time.

The grader (this process) starts it with bubblewrap, sends it cells to execute and calls to make,
and reads plain values back over a pipe. It never executes, imports or unpickles what comes back.
"""

import contextlib
import os
import queue
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from typing import IO, Any

from coursekit.grading.batch.sandbox import bubblewrap, cgroup
from coursekit.grading.batch.sandbox.bubblewrap import Command, SandboxUnavailable
from coursekit.grading.judge.encoding import (
    MAX_LINE,
    EncodingError,
    read_message,
    reading_cost,
    write_message,
)

START_SECONDS = 60.0  # on a busy machine
LIMITS = {  # of each process in the sandbox, set before any line of the submission runs
    "RLIMIT_AS": 1_000_000_000,  # bytes
    "RLIMIT_NOFILE": 32,
    "RLIMIT_FSIZE": 8_000_000,  # bytes
    "RLIMIT_CORE": 0,
}
MAX_RECEIVED = 90_000_000  # bytes of memory that one task's replies take, as `reading_cost` says
MAX_OUTPUT = 1_000  # lines
MAX_TEXT = 2_000  # characters of a line


class SandboxEnded(RuntimeError):
    """The sandbox no longer answers; the text says why, for the student."""


class Sandbox:
    """A running sandbox, which takes one request at a time.

    Parameters
    ----------
    command : Command
        From `bubblewrap.command` or `bubblewrap.unsafe_command`.

    Raises
    ------
    SandboxUnavailable
        If the sandbox does not start.
    """

    def __init__(self, command: Command) -> None:
        self._folder = None if command.isolated else tempfile.TemporaryDirectory()
        self._group = cgroup.make()
        self.received = 0  # of `MAX_RECEIVED`
        self._forked = False
        with tempfile.TemporaryFile() as errors:
            try:
                folder = self._folder.name if self._folder else "/"
                self._process = _start(command, self._group, folder, errors)
                self._pipe = _PipeThread(self._process)
                self.ask(START_SECONDS, do="limit", limits=LIMITS)
            except (SandboxEnded, OSError) as error:
                self._clear()
                errors.seek(0)
                lines = errors.read(100_000).decode(errors="replace").split("\n")
                last = next((line.strip() for line in reversed(lines) if line.strip()), error)
                raise SandboxUnavailable(
                    f"The sandbox does not start here. {last} It needs bubblewrap 0.8 or newer "
                    "and a kernel that lets ordinary users make namespaces."
                ) from error

    def fork_worker(self, seconds: float, limits: dict[str, int]) -> None:
        """Start a fresh worker, a fork of the sandbox's first process; the one before exits.

        Parameters
        ----------
        seconds : float
            Wall time for it.
        limits : dict of str to int
            Of the worker, in addition to `LIMITS`.

        Raises
        ------
        SandboxEnded
            If that fails (the last worker left files behind, or does not exit).
        """
        if self._forked:
            self.ask(seconds, do="exit_worker")
        self._forked, self.received = True, 0
        self.ask(seconds, do="fork_worker", limits=limits)

    def ask(self, seconds: float, **request: Any) -> dict[str, Any]:
        """Send a request; return the reply: its `value`, its `error` and its `output`.

        Parameters
        ----------
        seconds : float
            Wall time for all of it.
        **request
            What to ``do``, and its arguments, plain values.

        Raises
        ------
        SandboxEnded
            If no valid reply came in time. The sandbox is closed then.
        """
        id = secrets.randbits(62)  # so that no reply can be written before its request
        try:
            line = self._pipe.exchange(write_message({"id": id, **request}), seconds)
            self.received += reading_cost(line)
            if self.received > MAX_RECEIVED:
                raise EncodingError("All replies together are larger than one task may send.")
            return _checked(read_message(line, from_sandbox=True), id)
        except EncodingError as error:
            self.close()
            raise SandboxEnded(f"Your code sent a malformed reply. {error}") from error
        except TimeoutError as error:
            self.close()
            raise SandboxEnded(
                f"It did not finish within {seconds:.3g} s: does a loop never end?"
            ) from error
        except (EOFError, OSError) as error:
            raise SandboxEnded(self._exit_reason()) from error

    def _exit_reason(self) -> str:
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:  # it closed the pipe and is still running
            status = 0
        self.close()
        # bubblewrap passes a signal of the process inside on as 128 + its number
        number = status - 128 if status > 128 else -status
        if number == getattr(signal, "SIGXCPU", None):
            return "It used more processor time than all tests together may take."
        if number == getattr(signal, "SIGKILL", None):
            return "It was stopped because it took too much memory or time."
        if number in signal.valid_signals():
            return f"It crashed ({signal.strsignal(number) or number})."
        return "It ended the whole program: an answer must return."

    def close(self) -> None:
        """Kill everything that runs in the sandbox."""
        _kill(self._process)
        self._pipe.end()
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


class _PipeThread(threading.Thread):
    """Talks over the pipes, so that on every system the caller can wait with a timeout."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        assert process.stdin is not None
        assert process.stdout is not None
        self._pipes = (process.stdin, process.stdout)
        self._requests: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()
        self.start()

    def exchange(self, line: bytes, seconds: float) -> bytes:
        """Write a line and read the next."""
        self._requests.put(line)
        try:
            reply = self._replies.get(timeout=max(seconds, 0.001))
        except queue.Empty:
            raise TimeoutError from None
        if isinstance(reply, Exception):
            raise reply
        return reply

    def end(self) -> None:
        """Close the pipes, after the process at their other end has exited."""
        self._requests.put(None)
        self.join(timeout=1)
        if not self.is_alive():
            for pipe in self._pipes:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def run(self) -> None:
        """Exchange lines until there is None in place of one."""
        sink, source = self._pipes
        while (request := self._requests.get()) is not None:
            try:
                sink.write(request)
                sink.flush()
                line = source.readline(MAX_LINE + 1)
                complete = line.endswith(b"\n") or len(line) > MAX_LINE
                self._replies.put(line if complete else EOFError())
            except (OSError, ValueError) as error:  # ValueError: the pipe is closed
                self._replies.put(error)


def _checked(reply: dict[str, Any], id: int) -> dict[str, Any]:
    """Return a reply in which everything has the type that it should have."""
    match reply:
        case {"id": int(), "value": _, "error": None | [_, _] as error, **lists} if set(lists) == {
            "output",
            "notes",
        } and all(type(found) is list for found in lists.values()):
            texts = [*(error or []), *lists["output"], *lists["notes"]]
            short = all(type(text) is str and len(text) <= MAX_TEXT for text in texts)
            if short and len(texts) <= MAX_OUTPUT:
                if reply["id"] != id:
                    raise EncodingError("The reply answers another request.")
                return reply
    raise EncodingError("The reply has no valid form.")
