"""A closed box in which one submission runs: no files, no network, no rights, little of the rest.

The judge (this process) starts it with bubblewrap, sends it cells to execute and calls to make,
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

from coursekit.grading.batch.sandbox import cgroup
from coursekit.grading.batch.sandbox.bubblewrap import (
    ENVIRONMENT,
    FILTER,
    BoxUnavailable,
    Command,
    command,
    unsafe_command,
)
from coursekit.grading.judge.encoding import (
    MAX_LINE,
    EncodingError,
    read_message,
    reading_cost,
    write_message,
)

__all__ = ["Box", "BoxEnded", "BoxUnavailable", "Command", "command", "unsafe_command"]

START_SECONDS = 60.0  # on a busy machine
LIMITS = {  # of each process in the box, set before it sees a line of the submission
    "RLIMIT_AS": 1_000_000_000,  # bytes
    "RLIMIT_NOFILE": 32,
    "RLIMIT_FSIZE": 8_000_000,  # bytes
    "RLIMIT_CORE": 0,
}
MAX_RECEIVED = 90_000_000  # bytes of memory that one task's replies take, as `reading_cost` says
MAX_SOUNDS = 1_000  # lines
MAX_SAID = 2_000  # characters


class BoxEnded(RuntimeError):
    """The box no longer answers; the text says why, for the student."""


class Box:
    """One running box, asked one thing at a time.

    Parameters
    ----------
    command : Command
        From `command` or `unsafe_command`.

    Raises
    ------
    BoxUnavailable
        If the box does not start.
    """

    def __init__(self, command: Command) -> None:
        self._folder = None if command.isolated else tempfile.TemporaryDirectory()
        self._group = cgroup.make()
        self._received = 0
        self._entered = False
        with tempfile.TemporaryFile() as complaints:
            try:
                folder = self._folder.name if self._folder else "/"
                self._process = _start(command, self._group, folder, complaints)
                self._line = _Line(self._process)
                self.ask(START_SECONDS, do="limit", limits=LIMITS)
            except (BoxEnded, OSError) as error:
                self._clear()
                complaints.seek(0)
                lines = complaints.read(100_000).decode(errors="replace").split("\n")
                said = next((line.strip() for line in reversed(lines) if line.strip()), error)
                raise BoxUnavailable(
                    f"The closed box does not start here. {said} It needs bubblewrap 0.8 "
                    "or newer and a kernel that lets ordinary users make namespaces."
                ) from error

    def enter(self, seconds: float, limits: dict[str, int]) -> None:
        """Begin with a clean copy of the box's first process; the copy before ends.

        Parameters
        ----------
        seconds : float
            Wall time for it.
        limits : dict of str to int
            Of the copy, beside those of the box.

        Raises
        ------
        BoxEnded
            If that is not possible (the last copy left files behind, or is out of control).
        """
        if self._entered:
            self.ask(seconds, do="leave")
        self._entered, self._received = True, 0
        self.ask(seconds, do="enter", limits=limits)

    def ask(self, seconds: float, **request: Any) -> dict[str, Any]:
        """Send a request; return the reply: its `value`, its `error` and its `sounds`.

        Parameters
        ----------
        seconds : float
            Wall time for all of it.
        **request
            What to ``do``, and plain values for it.

        Raises
        ------
        BoxEnded
            If no valid reply came in time. The box is gone then.
        """
        id = secrets.randbits(62)  # nobody can write a reply before the question is asked
        try:
            line = self._line.exchange(write_message({"id": id, **request}), seconds)
            self._received += reading_cost(line)
            if self._received > MAX_RECEIVED:
                raise EncodingError("All replies together are larger than one task may send.")
            return _checked(read_message(line, from_sandbox=True), id)
        except EncodingError as error:
            self.close()
            raise BoxEnded(f"Your code sent a malformed reply. {error}") from error
        except TimeoutError as error:
            self.close()
            raise BoxEnded(
                f"It did not finish within {seconds:.3g} s: does a loop never end?"
            ) from error
        except (EOFError, OSError) as error:
            raise BoxEnded(self._how_it_ended()) from error

    def _how_it_ended(self) -> str:
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:  # it closed the pipe and is still running
            status = 0
        self.close()
        # bubblewrap passes a signal of the process inside on as 128 + its number
        number = status - 128 if status > 128 else -status
        if number == getattr(signal, "SIGXCPU", None):
            return "It used more of the processor's time than all tests need together."
        if number == getattr(signal, "SIGKILL", None):
            return "It was ended: it took too much memory or time."
        if number in signal.valid_signals():
            return f"It crashed ({signal.strsignal(number) or number})."
        return "It ended the whole program: an answer must return."

    def close(self) -> None:
        """End all that runs in the box."""
        _kill(self._process)
        self._line.end()
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
    try:
        return subprocess.Popen(
            group.entering([str(source) if word == FILTER else word for word in command.words]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder,
            env={**os.environ, **ENVIRONMENT},
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


class _Line(threading.Thread):
    """Talks over the pipes, so that on every system somebody else can look at the clock."""

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
        """Close the pipes; nobody is at their other end any more."""
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
        case {"id": int(), "value": _, "error": None | [_, _] as error, "sounds": list(sounds)}:
            texts = [*(error or []), *sounds]
            short = all(type(text) is str and len(text) <= MAX_SAID for text in texts)
            if short and len(sounds) <= MAX_SOUNDS and len(reply) == 4:
                if reply["id"] != id:
                    raise EncodingError("The reply answers another request.")
                return reply
    raise EncodingError("The reply has no valid form.")
