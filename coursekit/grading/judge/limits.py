"""Run student code quietly, for a limited time, without `input`, and without ending the kernel."""

import builtins
import contextlib
import io
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from types import FrameType
from typing import Any, NoReturn
from warnings import WarningMessage

from coursekit.language import mark, say, say_n

SECONDS = 10.0  # wall time of one call of an answer, and of one of its cells
MAX_CHARACTERS = 1_000_000
MAX_LINES = 8  # of the printed text, in a report
NOT_FINISHED = mark("It did not finish within {seconds} s: does a loop never end?")
_NUMERIC = ("overflow", "divide", "invalid")  # the first words of NumPy's warnings


class LimitExceeded(BaseException):
    """An answer exceeded a limit; not an Exception, so ``except Exception`` does not catch it."""


class CapturedOutput(io.StringIO):
    """What an answer printed, up to a limit beyond which it is stopped, and the warnings it gave.

    Attributes
    ----------
    warnings : list of WarningMessage
        Recorded by `limited`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.warnings: list[WarningMessage] = []
        self._length = 0

    def write(self, text: str) -> int:
        """Store printed text."""
        self._length += len(text)
        if self._length > MAX_CHARACTERS:
            raise LimitExceeded(
                say("It printed more than a million characters: does a loop never end?")
            )
        return super().write(text)

    @property
    def output(self) -> list[str]:
        """The first printed lines and the distinct warnings, shortened."""
        printed = [line[:200] for line in self.getvalue().splitlines()]
        if len(printed) > MAX_LINES:
            more = len(printed) - MAX_LINES
            printed = [*printed[:MAX_LINES], say_n(more, "… {n} more line", "… {n} more lines")]
        warned = {f"{w.category.__name__}: {str(w.message)[:200]}": None for w in self.warnings}
        return [*printed, *list(warned)[:3]]

    @property
    def numeric_warnings(self) -> list[str]:
        """What NumPy warned of, each once: ``"overflow"``, ``"divide"`` or ``"invalid"``."""
        words = (
            str(w.message).split(" ")[0] for w in self.warnings if w.category is RuntimeWarning
        )
        return [word for word in dict.fromkeys(words) if word in _NUMERIC]


@contextlib.contextmanager
def limited(seconds: float | None) -> Iterator[CapturedOutput]:
    """Run the body quietly, without `input`, and for a limited time.

    Parameters
    ----------
    seconds : float or None
        Wall time after which `LimitExceeded` is raised in the body, if the system has
        `signal.setitimer` and this is the main thread; None for no limit.

    Yields
    ------
    CapturedOutput
        Collects what is printed, and the warnings.
    """
    captured = CapturedOutput()
    before, builtins.input = builtins.input, _no_input
    try:
        with (
            contextlib.redirect_stdout(captured),
            contextlib.redirect_stderr(captured),
            warnings.catch_warnings(record=True) as caught,
            _alarm(seconds),
        ):
            warnings.simplefilter("default")
            captured.warnings = caught
            yield captured
    finally:
        builtins.input = before


def _no_input(prompt: object = "") -> NoReturn:
    raise EOFError(say("an answer must not ask for input(); it gets all it needs as arguments"))


@contextlib.contextmanager
def _alarm(seconds: float | None) -> Iterator[None]:
    in_main = threading.current_thread() is threading.main_thread()
    if seconds is None or not in_main or not hasattr(signal, "setitimer"):
        yield
        return

    over = False

    def stop(number: int, frame: FrameType | None) -> Any:
        if not over:
            raise LimitExceeded(say(NOT_FINISHED, seconds=f"{seconds:g}"))

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)  # repeated, in case a bare except catches it
    try:
        try:
            yield
        finally:
            over = True
    finally:  # an alarm may have come before the line above; no timer must be left running
        over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def quiet_screen() -> Iterator[None]:
    """Keep displays, figures and warnings off the notebook's page, and the kernel alive."""
    shell = current_shell()
    pyplot = sys.modules.get("matplotlib.pyplot")
    before = set(pyplot.get_fignums()) if pyplot else set()
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        if shell is not None:
            from IPython.utils.capture import capture_output

            stack.enter_context(capture_output(stdout=False, stderr=False, display=True))
            stack.callback(setattr, shell, "ask_exit", shell.ask_exit)
            shell.ask_exit = sys.exit  # exit() in an answer must not end the kernel
        try:
            yield
        finally:
            pyplot = sys.modules.get("matplotlib.pyplot")
            for number in set(pyplot.get_fignums()) - before if pyplot else ():
                pyplot.close(number)  # type: ignore[union-attr]


def current_shell() -> Any:
    """Return the running IPython, or None."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module else None
