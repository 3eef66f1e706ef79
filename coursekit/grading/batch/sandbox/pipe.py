"""A sandbox's process and the grader's end of its pipes: a line out, a line back, in time."""

import contextlib
import os
import queue
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, Any

from coursekit.grading.batch.sandbox import bubblewrap, cgroup
from coursekit.grading.batch.sandbox.bubblewrap import Command
from coursekit.grading.judge.encoding import MAX_LINE, EncodingError
from coursekit.language import say

MAX_OUTPUT = 1_000  # lines
MAX_TEXT = 2_000  # characters of a line
PIPE = 65_536  # bytes that Linux keeps in one
LONGEST = 60.0  # seconds, after which is asked again how many are left


class Pipes:
    """Talks to a process over its pipes, as long as there is time."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._files = (process.stdin, process.stdout)
        self._sink, self._source = (file.fileno() for file in self._files)
        self._writable, self._readable = select.poll(), select.poll()
        self._writable.register(self._sink, select.POLLOUT)
        self._readable.register(self._source, select.POLLIN)
        os.set_blocking(self._sink, False)
        self._more = b""  # what has come after the last line

    def exchange(self, line: bytes, left: Callable[[], float]) -> bytes:
        """Write a line and read the next, before no second is left."""
        rest = memoryview(line)
        while rest:
            try:
                rest = rest[os.write(self._sink, rest) :]
            except BlockingIOError:
                _wait(self._writable, left)
        parts, size = [self._more], len(self._more)
        while b"\n" not in parts[-1] and size <= MAX_LINE:
            _wait(self._readable, left)
            parts.append(os.read(self._source, PIPE))
            size += len(parts[-1])
            if not parts[-1]:
                raise EOFError
        reply, end, self._more = b"".join(parts).partition(b"\n")
        return reply + end

    def end(self) -> None:
        """Close the pipes."""
        for file in self._files:  # nothing is in their buffers
            file.close()


def _wait(poll: "select.poll", left: Callable[[], float]) -> None:
    while (seconds := left()) > 0:
        if poll.poll(1000 * min(max(seconds, 0.02), LONGEST)):
            return
    raise TimeoutError


class PipeThread(threading.Thread):
    """The same on Windows, which can't wait for a pipe with a timeout: a thread does."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        assert process.stdin is not None
        assert process.stdout is not None
        self._pipes = (process.stdin, process.stdout)
        self._requests: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()
        self.start()

    def exchange(self, line: bytes, left: Callable[[], float]) -> bytes:
        """Write a line and read the next, before no second is left."""
        self._requests.put(line)
        while (seconds := left()) > 0:
            with contextlib.suppress(queue.Empty):
                reply = self._replies.get(timeout=max(seconds, 0.02))
                if isinstance(reply, Exception):
                    raise reply
                return reply
        raise TimeoutError

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


def pipes_to(process: subprocess.Popen[bytes]) -> Pipes | PipeThread:
    """Take over the pipes of a process that has started."""
    return PipeThread(process) if sys.platform == "win32" else Pipes(process)


def checked(reply: dict[str, Any], id: int) -> dict[str, Any]:
    """Return a reply in which everything has the type that it should have."""
    match reply:
        case {
            "id": int(),
            "value": _,
            "error": None | [_, _] | [_, _, _] as error,
            "output": list(output),
            "notes": list(notes),
        }:
            texts = [*(error or []), *output, *notes]
            short = all(type(text) is str and len(text) <= MAX_TEXT for text in texts)
            if short and max(len(output), len(notes)) <= MAX_OUTPUT and len(reply) == 5:
                if reply["id"] != id:
                    raise EncodingError(say("The reply answers another request."))
                return reply
    raise EncodingError(say("The reply has no valid form."))


def start_process(
    command: Command, group: cgroup.Group, folder: str, errors: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start a command in a group and a folder, with pipes to it."""
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


def kill_process(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its group: while bubblewrap starts, its child does not yet die with it."""
    if sys.platform != "win32" and process.returncode is None:
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
