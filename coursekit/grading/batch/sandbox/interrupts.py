"""Inside the sandbox: what takes too long is interrupted, and the notebook goes on."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

from coursekit.grading.judge.limits import NOT_FINISHED, LimitExceeded
from coursekit.language import say

_EXISTS = hasattr(signal, "setitimer")  # not on Windows


@contextlib.contextmanager
def interruptible(seconds: float, alarm: bool) -> Iterator[None]:
    """Raise `LimitExceeded` in the body when the grader sends SIGALRM.

    Parameters
    ----------
    seconds : float
        Time after which it does.
    alarm : bool
        Whether it can't, so that a timer of this process does so by the clock.
    """

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise LimitExceeded(say(NOT_FINISHED, seconds=f"{seconds:.3g}"))

    if not _EXISTS:
        yield
        return
    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds if alarm else 0, 1.0)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Stop the timer, and ignore a signal that comes too late."""
    if not _EXISTS:
        yield
        return
    left, again = signal.setitimer(signal.ITIMER_REAL, 0)
    before = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, left, again)
