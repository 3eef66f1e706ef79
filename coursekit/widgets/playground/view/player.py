"""Plays a training frame by frame: one asyncio task, paced, that waits for a slow browser."""

import asyncio
import time
from collections.abc import Callable

PERIOD = 1 / 30  # seconds from one frame to the next
REST = 0.002  # seconds in which messages are heard, at least
AHEAD = 4  # frames that the browser may be behind; it speaks up after every second one
PATIENCE = 1.0  # seconds after which a browser that says nothing is no longer waited for
ALONE = 60.0  # seconds after which playing stops if nobody has drawn anything


class Player:
    """One task in the loop in which the player was made; no thread.

    Parameters
    ----------
    train : function without arguments
        Trains for one frame; False if that was the last one.
    show : function of a bool
        Sends a frame, with whether playing goes on.
    fail : function of a sentence
        Says what went wrong.

    Attributes
    ----------
    loop : asyncio.AbstractEventLoop or None
        None where there is none, as in a script.
    """

    def __init__(
        self,
        train: Callable[[], bool],
        show: Callable[[bool], None],
        fail: Callable[[str], None],
    ) -> None:
        try:
            self.loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self.loop = None
        self._train, self._show, self._fail = train, show, fail
        self._task: asyncio.Task[None] | None = None
        self._sent = self._drawn = 0
        self._shown = self._heard = time.monotonic()
        self._endless = True

    @property
    def playing(self) -> bool:
        """Whether the task is at work."""
        return self._task is not None

    def call(self, function: Callable[[], None]) -> None:
        """Call it in the loop, from whichever thread; at once where there is no loop running."""
        if self.loop is None or not self.loop.is_running():
            function()
        else:
            self.loop.call_soon_threadsafe(function)

    def start(self, endless: bool = True) -> None:
        """Begin to play, or go on; what is endless stops if nobody looks.

        Raises
        ------
        RuntimeError
            If there is no running event loop.
        """
        if self.loop is None or not self.loop.is_running():
            raise RuntimeError("playing needs a running event loop, as in Jupyter; use run(epochs)")
        self._endless = endless
        self._heard = time.monotonic()
        if self._task is None:
            self._task = self.loop.create_task(self._play())

    def stop(self) -> None:
        """Play no further frame."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def sent(self, frame: int) -> None:
        """Note a frame's number as it leaves."""
        self._sent, self._shown = frame, time.monotonic()

    def drawn(self, frame: int) -> None:
        """Note that a browser has drawn a frame."""
        self._drawn = max(self._drawn, frame)
        self._heard = time.monotonic()

    async def _play(self) -> None:
        error = ""
        try:
            await self._frames()
        except Exception as failure:  # a task's exception is seen by nobody: say it on the page
            error = f"{type(failure).__name__}: {failure}"
            raise
        finally:
            if self._task is asyncio.current_task():  # not if stopped from outside
                self._task = None
                if error:
                    self._fail(error)
                else:
                    self._show(False)

    async def _frames(self) -> None:
        due = time.monotonic()
        while True:
            now = time.monotonic()
            silent = now - self._heard
            if self._endless and silent > ALONE:
                return
            behind = self._sent - self._drawn >= AHEAD
            if not behind or silent > PATIENCE:  # a browser that is slow is waited for
                if not self._train():
                    return
                if not behind or now - self._shown > PATIENCE:
                    self._show(True)
            due = max(due + PERIOD, time.monotonic() + REST)  # frames missed are not made up for
            await asyncio.sleep(due - time.monotonic())
