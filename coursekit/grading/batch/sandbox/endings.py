"""Why a sandbox ended: by the submission's doing, or by something outside."""

import signal

from coursekit.grading.batch.sandbox.channel import ENDED
from coursekit.language import mark, say

OUTSIDE = mark("Something outside stopped it; perhaps memory was short.")
TOO_LARGE = mark("It was stopped because it took too much memory.")


class SandboxEnded(RuntimeError):
    """The sandbox no longer answers; the text says why, for the student."""


class SandboxKilled(SandboxEnded):
    """Something outside stopped it, such as the system when memory was short: nobody's fault."""


def why_it_ended(status: int, too_large: bool) -> SandboxEnded:
    """Return the exception for a sandbox that ended.

    Parameters
    ----------
    status : int
        With which bubblewrap exited; it passes a signal of the process inside on as 128 + its
        number. Negative: a signal to bubblewrap itself.
    too_large : bool
        Whether the system killed a process in it for want of memory.
    """
    number = status - 128 if status > 128 else -status
    if number == getattr(signal, "SIGXCPU", None):
        return SandboxEnded(say("It used more processor time than all tests together may take."))
    if too_large:
        return SandboxEnded(say(TOO_LARGE))
    if number == getattr(signal, "SIGKILL", None):  # which the filter refuses to those inside
        return SandboxKilled(say(OUTSIDE))
    if number in signal.valid_signals():
        return SandboxEnded(
            say("It crashed ({signal}).", signal=signal.strsignal(number) or number)
        )
    return SandboxEnded(say(ENDED))
