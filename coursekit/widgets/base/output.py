"""A widget as an output of a notebook: the live view, and what is shown when its kernel has ended.

JupyterLab shows an output's live view if there is one, and an error in its place when the kernel
has ended. So what remains then is an output of its own, below the live view, and a style sheet
shows one of the two.
"""

import asyncio
import ctypes
import gc
import re
import sys
from collections.abc import Callable

import ipywidgets
from IPython import get_ipython
from IPython.core.interactiveshell import ExecutionResult
from IPython.display import DisplayHandle, display
from matplotlib.colors import to_hex

from coursekit import diary
from coursekit.language import say
from coursekit.plots import palette
from coursekit.plots.show import Bundle

DELAY = 1.0  # seconds without a change before the still is made again: a picture takes 0.1 s
VIEW_TYPE = "application/vnd.jupyter.widget-view+json"


def colors() -> dict[str, str]:
    """The figures' colours for the browser; a widget sets them as CSS properties: ``--ck-ink``."""
    return {
        "ink": palette.INK,
        "paper": palette.PAPER,
        "muted": palette.MUTED,
        "frame": palette.FRAME,
        "negative": palette.NEGATIVE,
        "positive": palette.POSITIVE,
        "gradient": palette.GREEN,
        "training": palette.COLORS[1],
        "test": palette.COLORS[0],
        "accent": palette.COLORS[1],  # buttons, and what has the focus
        "accent-dark": to_hex(palette.DIVERGING(1.0)),
    }


# The still comes right after its live view. JupyterLab gives no type to the output of a live view.
# If a view has lost its kernel, it has the class that draws a broken chain. If there is no view,
# there is an error without any markup. The sentence waits for a view that is being built.
_LIVE = ":has(.ck-live:not(.jupyter-widgets-disconnected))"
_VIEW = ":has(> .lm-Panel:not([data-mime-type]))"
STYLE = f"""<style>
.jp-OutputArea-child{_LIVE} + .jp-OutputArea-child:has(.ck-still),
.jp-OutputArea-child{_VIEW}:not({_LIVE}):has(+ .jp-OutputArea-child .ck-still) {{ display: none; }}
.ck-asleep {{ animation: ck-asleep 0s 2s backwards; color: var(--jp-ui-font-color2); }}
@keyframes ck-asleep {{ from {{ visibility: hidden; }} }}
</style>"""


def asleep() -> str:
    """The paragraph that stands below a picture whose kernel has ended."""
    return f'<p class="ck-asleep">{say("Asleep: run this cell to wake it.")}</p>'


class LiveOutput:
    """Displays a widget; run again, a cell closes the widgets that it displayed before.

    Parameters
    ----------
    owner : object
        What the student's code holds, and shows by its name.
    view : ipywidgets.Widget
        The live view, one of ipywidgets' own: others don't show that they have lost their kernel.
    still : function without arguments
        Returns what is shown once the kernel has ended: the forms of one output, with text/html,
        and the output's metadata.
    """

    def __init__(self, owner: object, view: ipywidgets.Widget, still: Callable[[], Bundle]) -> None:
        self.owner, self.view, self._still = owner, view, still
        self._handle: DisplayHandle | None = None
        self._pending: asyncio.TimerHandle | None = None
        view.add_class("ck-live")

    def display(self) -> None:
        """Show it as two outputs of the running cell; outside a notebook, as text."""
        if get_ipython() is None:
            print(self.bundle()[0]["text/plain"])
            return
        model = {"model_id": self.view.model_id, "version_major": 2, "version_minor": 0}
        display({VIEW_TYPE: model}, raw=True)
        forms, metadata = self.bundle()
        self._handle = display(forms, metadata=metadata, raw=True, display_id=True)
        _register(self)

    def bundle(self) -> Bundle:
        """The second output."""
        forms, metadata = self._still()
        still = f'<div class="ck-still">{forms["text/html"]}{STYLE}{asleep()}</div>'
        return forms | {"text/html": still}, metadata

    def update(self) -> None:
        """Show in the second output what the widget has become."""
        if self._handle is not None:
            forms, metadata = self.bundle()
            self._handle.update(forms, metadata=metadata, raw=True)

    def update_later(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Update once nothing more has changed for a while; call it in the loop."""
        if self._pending is not None:
            self._pending.cancel()
        if self._handle is not None and loop is not None:
            self._pending = loop.call_later(DELAY, self._settle)

    def _settle(self) -> None:
        """Keep what the student has made of it, and whether that reached the goal."""
        self.update()
        if getattr(self.owner, "goal_reached", False):
            text = getattr(self.owner, "goal_text", "")  # an explorer's, or else a playground's
            text = text or getattr(getattr(self.owner, "goal", None), "text", "")
            diary.write(diary.REACHED, text or type(self.owner).__name__)

    def close(self) -> None:
        """Free the widget, here and in the browser; what it has become stays in the output."""
        if self._pending is not None:
            self._pending.cancel()
            self.update()
        self._handle = None
        _close(self.view)


def _close(widget: ipywidgets.Widget) -> None:
    for child in getattr(widget, "children", ()):
        _close(child)
    for part in (widget.layout, getattr(widget, "style", None)):
        if part is not None:
            part.close()
    widget.close()


_shown: dict[str, list[LiveOutput]] = {}  # by the id of the cell, what its last run displayed
_running: list[LiveOutput] = []  # what the running cell has displayed


def _register(output: LiveOutput) -> None:
    """Note that the running cell displays this."""
    events = get_ipython().events
    if _close_earlier not in events.callbacks["post_run_cell"]:
        events.register("post_run_cell", _close_earlier)
    _running.append(output)


def _close_earlier(result: ExecutionResult) -> None:
    """Close what earlier runs of a cell displayed and the last one did not."""
    now = list(_running)
    _running.clear()
    cell = result.info.cell_id
    if cell is None:  # not sent by a notebook
        return
    closed = [output for output in _shown.pop(cell, []) if output not in now]
    for output in closed:
        output.close()
        _forget(output.owner)
    if closed:
        gc.collect()  # figures and widgets refer to themselves; by itself this comes 30 runs later
        _give_memory_back()
    if now:
        _shown[cell] = now


def _give_memory_back() -> None:
    """Return freed memory to the system, where the C library can (glibc): it keeps MBs of it."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


def _forget(value: object) -> None:
    """Free a result from where IPython keeps it: ``Out`` and its short names (``_``, ``_5``)."""
    shell = get_ipython()
    for names in (shell.user_ns, shell.user_ns_hidden, vars(shell.displayhook)):
        for name in [n for n, v in names.items() if v is value and re.fullmatch(r"_+|_\d+", n)]:
            names[name] = ""
    results = shell.user_ns["Out"]
    for number in [n for n, v in results.items() if v is value]:
        del results[number]
