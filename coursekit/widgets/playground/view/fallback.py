"""The static picture below the live view, which a notebook shows once its kernel has ended.

JupyterLab shows the live view of an output if there is one, and an error instead of it when the
kernel has ended. So the picture is an output of its own, which the style sheet hides as long as
the live view is shown above it.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from IPython.display import DisplayHandle, display

from coursekit.plots.show import picture_bundle

DELAY = 1.0  # seconds without a change before the picture is drawn again: it takes 0.1 s


class StaticFallback:
    """Displays a picture with its description, and keeps it up to date.

    Parameters
    ----------
    draw : function without arguments
        Returns a PNG.
    text : function without arguments
        Returns its description.
    width : int
        Pixels on the screen.
    """

    def __init__(self, draw: Callable[[], bytes], text: Callable[[], str], width: int) -> None:
        self._draw, self._text, self._width = draw, text, width
        self._handle: DisplayHandle | None = None
        self._pending: asyncio.TimerHandle | None = None

    def bundle(self) -> dict[str, Any]:
        """The picture as HTML, which can hold its description, and the description alone."""
        text = self._text()
        tag = picture_bundle(self._draw(), text, self._width)[0]["text/html"]
        return {"text/html": f'<div class="ck-fallback">{tag}</div>', "text/plain": text}

    def display(self) -> None:
        """Show it as an output of the running cell."""
        self._handle = display(self.bundle(), raw=True, display_id=True)

    def renew(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Draw it again once nothing more has changed for a while."""
        if self._pending is not None:
            self._pending.cancel()
        if (handle := self._handle) is not None and loop is not None:
            self._pending = loop.call_later(DELAY, lambda: handle.update(self.bundle(), raw=True))
