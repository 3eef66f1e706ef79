"""Hands work to the event loop of the kernel, in which a widget was made."""

import asyncio
from collections.abc import Callable


class Scheduler:
    """The event loop that runs where the scheduler is made, if any does.

    JupyterLab delivers a widget's messages in various threads. A callback only stores values, and
    schedules the work here, where one piece is done after the other.

    Attributes
    ----------
    loop : asyncio.AbstractEventLoop or None
        None in a plain Python process.
    """

    def __init__(self) -> None:
        try:
            self.loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self.loop = None

    def schedule(self, work: Callable[[], None]) -> None:
        """Call `work` in the loop, soon; at once if no loop is running."""
        if self.loop is None or not self.loop.is_running():
            work()
        else:
            self.loop.call_soon_threadsafe(work)
