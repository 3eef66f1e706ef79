"""A process with NumPy loaded, whose copies enter boxes: loading it is most of what a box costs.

It runs on a stage: a bubblewrap of its own, in which files lie where they lie in a box. For each
submission it has bubblewrap build a box in which nothing runs but a program that waits; a copy of
this process then enters all namespaces of that box, gives up the rights that this brings, puts the
filter of system calls on, and becomes the box's first process. This process itself never hears of
a submission: the judge talks to the copy over pipes that are handed through.

The judge ends a box by its number, and all boxes by hanging up.
"""

import contextlib
import ctypes
import json
import os
import socket
import subprocess
from typing import NoReturn

from coursekit.grading.batch.sandbox import worker

CHANNEL = 0  # the socket to the judge is standard input
MOST = 1 << 17  # bytes of a request
# From linux/sched.h: the mount, cgroup, UTS, IPC, user, PID and network namespaces.
_NAMESPACES = 0x20000 | 0x2000000 | 0x4000000 | 0x8000000 | 0x10000000 | 0x20000000 | 0x40000000
# From linux/prctl.h, seccomp.h and capability.h.
_SET_SECCOMP, _DROP_BOUNDING, _SET_NO_NEW_PRIVILEGES = 22, 24, 38
_FILTERED = 2
_CAPABILITIES_3 = 0x20080522
_C = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    """The kernel's ``sock_fprog``."""

    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]


class _Box:
    """A box with a copy of this process in it.

    Parameters
    ----------
    command : list of str
        Has bubblewrap build it.
    filter : bytes
        Of the copy's system calls.
    files : list of int
        The copy's input and output; where to say how it ended; and, where the box has a control
        group, the file by which a process enters that.

    Raises
    ------
    OSError
        If there is no such box to be had on this system.
    """

    def __init__(self, command: list[str], filter: bytes, files: list[int]) -> None:
        source, sink = os.pipe()
        try:
            self._bubblewrap = subprocess.Popen(
                [command[0], "--info-fd", str(sink), *command[1:]],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=(sink,),
                env={},
            )
        finally:
            os.close(sink)
        self._copy: int | None = None
        try:
            with open(source, "rb") as file:
                said = file.read()
            if not said:
                raise OSError("bubblewrap builds no box")
            assert self._bubblewrap.stdin is not None
            assert self._bubblewrap.stdout is not None
            self._bubblewrap.stdin.write(b"?")
            self._bubblewrap.stdin.flush()
            if self._bubblewrap.stdout.read(1) != b"?":  # now all its walls stand
                raise OSError("the box was not built")
            entrance = os.pidfd_open(json.loads(said)["child-pid"])
            try:
                self._copy = _copy(entrance, filter, files)
            finally:
                os.close(entrance)
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """End all that runs in it."""
        self._bubblewrap.kill()  # its child dies with it, and with that, as number 1, the others
        self._bubblewrap.wait()
        for pipe in (self._bubblewrap.stdin, self._bubblewrap.stdout):
            if pipe is not None:
                pipe.close()
        if self._copy is not None:
            os.waitpid(self._copy, 0)
            self._copy = None


def _copy(entrance: int, filter: bytes, files: list[int]) -> int:
    """Copy this process into a box; return the number of the one that waits outside for it."""
    ready, entered = os.pipe()
    waiting = os.fork()
    if waiting == 0:
        try:
            os.close(ready)
            _enter(entrance, filter, files[3:])
            _serve(files, entered)
        finally:
            os._exit(1)
    os.close(entered)
    with open(ready, "rb") as file:
        if file.read() != b"!":
            os.waitpid(waiting, 0)
            raise OSError("a process can't enter the box")
    return waiting


def _enter(entrance: int, filter: bytes, groups: list[int]) -> None:
    """Enter all namespaces of a box, and keep no right and no way out."""
    for group in groups:
        os.write(group, b"0")
    _call("setns", entrance, _NAMESPACES)
    os.chdir("/tmp")
    _call("prctl", _SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    capability = 0
    with contextlib.suppress(OSError):  # there is none of that number any more
        while True:
            _call("prctl", _DROP_BOUNDING, capability, 0, 0, 0)
            capability += 1
    header, none = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0), (ctypes.c_uint32 * 6)()
    _call("capset", header, none)
    if filter:
        program = _Program(len(filter) // 8, filter)
        _call("prctl", _SET_SECCOMP, _FILTERED, ctypes.byref(program), 0, 0)


def _serve(files: list[int], entered: int) -> NoReturn:
    """Be the box's first process, in a copy; outside wait for its end, and say how it was."""
    first = os.fork()  # only a child is in the box's namespace of processes
    if first == 0:
        try:
            os.setsid()
            os.dup2(files[0], 0)
            os.dup2(files[1], 1)
            os.write(entered, b"!")
            os.closerange(3, os.sysconf("SC_OPEN_MAX"))
            worker.main()
        finally:
            os._exit(1)
    os.dup2(files[2], 0)
    os.closerange(1, os.sysconf("SC_OPEN_MAX"))
    os.write(0, str(os.waitstatus_to_exitcode(os.waitpid(first, 0)[1])).encode())
    os._exit(0)


def _call(name: str, *arguments: object) -> None:
    """Call a function of the C library.

    Raises
    ------
    OSError
        If it fails.
    """
    if getattr(_C, name)(*(ctypes.c_long(x) if isinstance(x, int) else x for x in arguments)) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def main() -> None:
    """Start and end boxes until the judge hangs up."""
    channel = socket.socket(fileno=CHANNEL)
    boxes: dict[int, _Box] = {}
    while True:
        said, files, _, _ = socket.recv_fds(channel, MOST, 4)
        if not said:
            break
        request = json.loads(said)
        answer = None
        if "start" in request:
            try:
                filter = bytes.fromhex(request["filter"])
                boxes[request["start"]] = _Box(request["command"], filter, files)
            except OSError as error:
                answer = str(error)
            finally:
                for file in files:
                    os.close(file)
        else:
            boxes.pop(request["end"]).end()
        channel.send(json.dumps(answer).encode())
    for box in boxes.values():
        box.end()
