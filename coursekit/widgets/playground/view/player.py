"""Plays a training frame by frame: one asyncio task that waits for a slow browser."""

import asyncio
import time
from collections.abc import Callable

from coursekit.language import say
from coursekit.widgets.base.controls import Scheduler

PERIOD = 1 / 30  # seconds from one frame to the next
REST = 0.002  # seconds at least in which messages are handled
AHEAD = 4  # frames that the browser may be behind; it reports every second one
PATIENCE = 1.0  # seconds after which a browser that reports nothing is no longer waited for
ALONE = 60.0  # seconds after which playing stops if no frame has been drawn


class Player(Scheduler):
    """Plays in one task of the event loop in which it was made, without threads.

    Parameters
    ----------
    train : function without arguments
        Trains for one frame; returns False if that was the last one.
    show : function of a bool
        Sends a frame; its argument is whether playing goes on.
    fail : function of a sentence
        Shows an error.
    """

    def __init__(
        self,
        train: Callable[[], bool],
        show: Callable[[bool], None],
        fail: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._train, self._show, self._fail = train, show, fail
        self._task: asyncio.Task[None] | None = None
        self._sent = self._drawn = 0
        self._shown = self._last_report = time.monotonic()
        self._endless = True

    @property
    def playing(self) -> bool:
        """Whether the task is running."""
        return self._task is not None

    def start(self, endless: bool = True) -> None:
        """Start playing, or go on; if `endless`, stop when no browser draws the frames.

        Raises
        ------
        RuntimeError
            If no event loop is running.
        """
        if self.loop is None or not self.loop.is_running():
            raise RuntimeError(
                say("playing needs a running event loop, as in Jupyter; use run(epochs)")
            )
        self._endless = endless
        self._last_report = time.monotonic()
        if self._task is None:
            self._task = self.loop.create_task(self._play())

    def stop(self) -> None:
        """Stop playing."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def sent(self, frame: int) -> None:
        """Record the number of the frame just sent."""
        self._sent, self._shown = frame, time.monotonic()

    def drawn(self, frame: int) -> None:
        """Record that a browser has drawn a frame."""
        self._drawn = max(self._drawn, frame)
        self._last_report = time.monotonic()

    async def _play(self) -> None:
        error = ""
        try:
            await self._frames()
        except Exception as failure:  # nobody would see a task's exception: show it on the page
            error = f"{type(failure).__name__}: {failure}"
            raise
        finally:
            if self._task is asyncio.current_task():  # not if `stop` was called
                self._task = None
                if error:
                    self._fail(error)
                else:
                    self._show(False)

    async def _frames(self) -> None:
        due = time.monotonic()
        while True:
            now = time.monotonic()
            silent = now - self._last_report
            if self._endless and silent > ALONE:
                return
            behind = self._sent - self._drawn >= AHEAD
            if not behind or silent > PATIENCE:  # wait for a slow browser
                if not self._train():
                    return
                if not behind or now - self._shown > PATIENCE:
                    self._show(True)
            due = max(due + PERIOD, time.monotonic() + REST)  # missed frames are not made up for
            await asyncio.sleep(due - time.monotonic())
