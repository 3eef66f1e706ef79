"""The still picture under the live view: what is seen once the kernel is gone.

JupyterLab takes the live view of an output wherever there is one, and shows an error in its place
when the kernel has ended. So the picture is an output of its own, which the style sheet hides for
as long as the live view stands before it.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from IPython.display import DisplayHandle, display

from coursekit.plots.show import picture_bundle

DELAY = 1.0  # seconds of rest before the picture is drawn anew: it takes a tenth of one


class Still:
    """Displays a picture with its text, and keeps it up to date.

    Parameters
    ----------
    draw : function without arguments
        Returns a PNG.
    words : function without arguments
        Returns its text.
    width : int
        Pixels on the screen.
    """

    def __init__(self, draw: Callable[[], bytes], words: Callable[[], str], width: int) -> None:
        self._draw, self._words, self._width = draw, words, width
        self._handle: DisplayHandle | None = None
        self._pending: asyncio.TimerHandle | None = None

    def bundle(self) -> dict[str, Any]:
        """The picture as HTML, which has a place for its text, and the text alone."""
        words = self._words()
        tag = picture_bundle(self._draw(), words, self._width)[0]["text/html"]
        return {"text/html": f'<div class="ck-fallback">{tag}</div>', "text/plain": words}

    def display(self) -> None:
        """Show it as an output of the cell that runs."""
        self._handle = display(self.bundle(), raw=True, display_id=True)

    def renew(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Draw it anew when nothing more has happened for a while."""
        if self._pending is not None:
            self._pending.cancel()
        if self._handle is not None and loop is not None:
            self._pending = loop.call_later(DELAY, self._update)

    def _update(self) -> None:
        if self._handle is not None:
            self._handle.update(self.bundle(), raw=True)
