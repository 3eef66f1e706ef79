"""Another process of this machine, seen from outside: the time it used, and whether it has ended.

Linux alone shows this; elsewhere nothing is found.
"""

import contextlib
import os
import select
import signal
import time
from pathlib import Path

UNNOTICED = 0.1  # seconds without a processor for which the reason is not looked up


class Process:
    """A process, which stays the same one when its number is given to another.

    Parameters
    ----------
    pid : int
        Its number.

    Attributes
    ----------
    pid : int
        The same.

    Raises
    ------
    OSError
        If it has ended.
    """

    def __init__(self, pid: int) -> None:
        self.pid, self._handle = pid, os.pidfd_open(pid)
        self._schedule = Path(f"/proc/{pid}/schedstat")
        self._before: float | None = None
        self._delay = self._known = 0.0  # how long it has waited for a processor
        self._clock = ~pid << 3 | 2  # as clock_getcpuclockid makes it

    def seconds(self) -> float | None:
        """The processor time that it has used; None if it has ended."""
        try:
            return time.clock_gettime(self._clock)
        except OSError:
            return None

    def begin(self) -> None:
        """Begin to measure."""
        self._before, self._known = self.seconds(), self._delay

    def taken(self, passed: float) -> float:
        """What it has taken of the time that has passed since `begin`, by the clock.

        That is computing, and waiting for anything but a processor; where the system doesn't show
        why it waits, computing alone.
        """
        now = self.seconds()
        if now is None or self._before is None:
            return passed
        idle = passed - (now - self._before)
        if idle < UNNOTICED:
            return now - self._before
        try:
            self._delay = int(self._schedule.read_text().split()[1]) / 1e9
            delay = self._delay - self._known
        except (OSError, IndexError):
            delay = idle
        return passed - min(delay, idle)

    def ends(self, seconds: float) -> bool:
        """Wait until it has ended, or for a time; return whether it has."""
        ended = self._has_ended(seconds)
        if ended:
            self.forget()
        return ended

    def _has_ended(self, seconds: float) -> bool:
        poll = select.poll()
        poll.register(self._handle, select.POLLIN)
        return bool(poll.poll(1000 * seconds))

    def was_killed(self) -> bool:
        """Whether SIGKILL has just ended it; the system knows until its parent has asked."""
        if not self._has_ended(1.0):
            return False
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return False
        return fields[0] == "Z" and int(fields[49]) == signal.SIGKILL

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        with contextlib.suppress(OSError):  # it has ended
            signal.pidfd_send_signal(self._handle, number)

    def forget(self) -> None:
        """Close what is open to watch it."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def innermost(pid: int) -> int | None:
    """Follow a chain of processes, each the only child of the one before; return the last."""
    children = _children(pid)
    while len(children) == 1:
        pid = children[0]
        children = _children(pid)
    return pid if children == [] else None


def newest_child(parent: int | None) -> Process | None:
    """Return the newest child of a process, or None if none is there or the system shows none."""
    children = [] if parent is None else _children(parent)
    with contextlib.suppress(OSError, AttributeError):  # it has ended, or this is not Linux
        return Process(children[-1]) if children else None
    return None


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(number) for number in text.split()]
