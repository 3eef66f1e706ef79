"""The first process of a box, started in one of two ways and ended by one word."""

import atexit
import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from select import select
from typing import IO, Any, Protocol

from coursekit.grading.batch.sandbox.bubblewrap import ENVIRONMENT, FILTER, Command
from coursekit.grading.batch.sandbox.cgroup import Group

START_SECONDS = 60.0  # on a busy machine
MAX_REPLY = 1 << 16  # bytes
_REFUSED: set[Command] = set()  # by this system: their fork server does not work


class Process(Protocol):
    """The first process of a box, as the judge sees it."""

    stdin: IO[bytes]
    stdout: IO[bytes]

    def status(self, seconds: float) -> int:
        """How it ended, as `subprocess.Popen.returncode` tells it; 0 if it has not."""

    def end(self) -> None:
        """End it, and all that runs in its box; the pipes stay open."""


def start(command: Command, group: Group, folder: str, complaints: IO[bytes]) -> Process:
    """Start a box's first process: as a copy of a fork server's, or where none works, anew.

    Parameters
    ----------
    command : Command
        How.
    group : Group
        The box's control group.
    folder : str
        Where to work, if it is no closed box.
    complaints : file
        Takes what a process that does not start complains of.

    Raises
    ------
    OSError
        If there is no such command.
    """
    if command.server and command not in _REFUSED:
        for _ in range(2):  # a server may have ended since
            with contextlib.suppress(OSError):
                return ForkServer.of(command).start(group)
        _REFUSED.add(command)
    return _Direct(command, group, folder, complaints)


class _Direct:
    """A process of its own."""

    def __init__(self, command: Command, group: Group, folder: str, complaints: IO[bytes]) -> None:
        with _open(command.filter) as filter:
            words = [str(filter) if word == FILTER else word for word in command.direct]
            self._process = subprocess.Popen(
                group.entering(words),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                cwd=folder,
                env={**os.environ, **ENVIRONMENT},
                pass_fds=[filter] if FILTER in command.direct else [],
                start_new_session=True,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.stdin, self.stdout = self._process.stdin, self._process.stdout

    def status(self, seconds: float) -> int:
        try:
            return self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:  # it closed the pipe and lives on
            return 0

    def end(self) -> None:
        _kill(self._process)


class ForkServer:
    """A process with NumPy loaded that puts copies of itself into boxes; see `fork_server`.

    Parameters
    ----------
    command : Command
        With a server.

    Raises
    ------
    OSError
        If there is no such program.
    """

    _all: dict[Command, "ForkServer"] = {}  # noqa: RUF012  (those of this process)
    # bubblewrap dies with the thread that starts it, and a cluster's worker ends threads
    _starter = ThreadPoolExecutor(1)
    _numbers = itertools.count(1)

    def __init__(self, command: Command) -> None:
        self._command = command
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel.settimeout(START_SECONDS)
        self._lock = threading.Lock()
        try:
            self._process = self._starter.submit(
                subprocess.Popen,
                command.server,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # the other way of starting says why it fails
                start_new_session=True,
            ).result()
        except OSError:
            self._channel.close()
            raise
        finally:
            theirs.close()
        atexit.register(self.end)

    @classmethod
    def of(cls, command: Command) -> "ForkServer":
        """The server for a command, which lives as long as this process."""
        if command not in cls._all:
            cls._all[command] = cls(command)
        return cls._all[command]

    def start(self, group: Group) -> Process:
        """Put a copy into a new box.

        Raises
        ------
        OSError
            If the server has ended, or the system does not let it enter a box. It is ended then.
        """
        number = next(self._numbers)
        (input, stdin), (stdout, output), (ended, ending) = (os.pipe() for _ in range(3))
        process = _Forked(self, number, stdin, stdout, ended)
        request = {"command": self._command.box, "filter": self._command.filter.hex()}
        try:
            with group.entrance() as entrance:
                files = [input, output, ending, *entrance]
                refusal = self._exchange({"start": number, **request}, files)
            if refusal is not None:
                raise PermissionError(refusal)
        except OSError:
            process.close()
            self.end()
            raise
        finally:
            for file in (input, output, ending):
                os.close(file)
        return process

    def end_box(self, number: int) -> None:
        """End all that runs in a box."""
        try:
            self._exchange({"end": number})
        except OSError:  # the server has ended, and its boxes with it
            self.end()

    def end(self) -> None:
        """End the server, and with it all its boxes."""
        self._all.pop(self._command, None)
        atexit.unregister(self.end)
        self._channel.close()
        _kill(self._process)

    def _exchange(self, request: dict[str, Any], files: Sequence[int] = ()) -> str | None:
        with self._lock:
            socket.send_fds(self._channel, [json.dumps(request).encode()], files)
            reply = self._channel.recv(MAX_REPLY)
        if not reply:
            raise ConnectionResetError("the fork server has ended")
        refusal: str | None = json.loads(reply)
        return refusal


class _Forked:
    """A copy of a fork server's process, in a box."""

    def __init__(
        self, server: ForkServer, number: int, stdin: int, stdout: int, ended: int
    ) -> None:
        self._server, self._number = server, number
        self.stdin: IO[bytes] = open(stdin, "wb")  # noqa: SIM115  (closed by who uses it)
        self.stdout: IO[bytes] = open(stdout, "rb")  # noqa: SIM115
        self._ended = open(ended, "rb")  # noqa: SIM115
        self._lives = True

    def status(self, seconds: float) -> int:
        if not select([self._ended], [], [], seconds)[0]:  # it closed the pipe and lives on
            return 0
        return int(self._ended.read() or -signal.SIGKILL)

    def end(self) -> None:
        if self._lives:
            self._lives = False
            self._server.end_box(self._number)
            self._ended.close()

    def close(self) -> None:
        """Close the pipes of one that does not live."""
        for file in (self.stdin, self.stdout, self._ended):
            file.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group: bubblewrap's child does not yet die with it while they start."""
    if sys.platform != "win32" and process.returncode is None:
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


@contextlib.contextmanager
def _open(program: bytes) -> Iterator[int]:
    """An open file with these bytes in it, for bubblewrap to read."""
    source, sink = os.pipe()
    try:
        with open(sink, "wb") as file:
            file.write(program)
        yield source
    finally:
        os.close(source)
