"""What an answer may not do while it runs: print without end, wait for input, run without end."""

import builtins
import contextlib
import io
import signal
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, NoReturn
from warnings import WarningMessage

MAX_OUTPUT = 1_000_000


class Exceeded(BaseException):
    """An answer went past a limit. No Exception, so that no ``except Exception`` catches it."""


class _Output(io.StringIO):
    """Text that is kept up to a limit; going far beyond it ends the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.length = 0

    def write(self, text: str) -> int:
        self.length += len(text)
        if self.length > MAX_OUTPUT:
            raise Exceeded("It printed more than a million characters: does a loop never end?")
        return super().write(text)


@dataclass
class Sounds:
    """What an answer printed and warned while it ran."""

    output: _Output = field(default_factory=_Output)
    warnings: list[WarningMessage] = field(default_factory=list)

    def lines(self, limit: int = 8) -> list[str]:
        """The first printed lines and the distinct warnings, shortened."""
        printed = [line[:200] for line in self.output.getvalue().splitlines()]
        if len(printed) > limit:
            printed = [*printed[:limit], f"… {len(printed) - limit} more lines"]
        warned = {f"{w.category.__name__}: {str(w.message)[:200]}": None for w in self.warnings}
        return [*printed, *list(warned)[:3]]


def _no_input(prompt: object = "") -> NoReturn:
    raise EOFError("an answer must not ask for input(); it gets all it needs as arguments")


@contextlib.contextmanager
def limited(seconds: float | None) -> Iterator[Sounds]:
    """Run what is inside quietly, without `input`, and for a limited time.

    Parameters
    ----------
    seconds : float or None
        Wall time after which `Exceeded` is raised inside, where the system has an alarm clock
        and this is the main thread; None for no limit.

    Yields
    ------
    Sounds
        Collects what is printed and warned.
    """
    sounds = Sounds()
    asked, builtins.input = builtins.input, _no_input
    try:
        with (
            contextlib.redirect_stdout(sounds.output),
            contextlib.redirect_stderr(sounds.output),
            warnings.catch_warnings(record=True) as caught,
            _alarm(seconds),
        ):
            warnings.simplefilter("default")
            sounds.warnings = caught
            yield sounds
    finally:
        builtins.input = asked


@contextlib.contextmanager
def _alarm(seconds: float | None) -> Iterator[None]:
    here = threading.current_thread() is threading.main_thread()
    if seconds is None or not here or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> Any:
        raise Exceeded(f"It did not finish within {seconds:g} s: does a loop never end?")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)  # rings again, should a bare except eat it
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
