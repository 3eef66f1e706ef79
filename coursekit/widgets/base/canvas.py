"""A figure that is redrawn many times a second; what never changes is drawn once."""

import struct
import zlib
from collections.abc import Callable
from typing import Any

import ipywidgets
import numpy as np
import traitlets
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

LAYOUT_DOTS = 120  # an inch: where texts stand does not depend on the screen
PIXELS_PER_INCH = 96  # the browser's
FINEST = 2.0  # of the picture's pixels to one of the page's: a sharper picture takes too long
CLEAR = (1.0, 1.0, 1.0, 0.0)


class Picture(ipywidgets.Image):  # type: ignore[misc]
    """An image with a name: the browser's code shows a tooltip only beside a description."""

    description = traitlets.Unicode("").tag(sync=True)


class Canvas:
    """A figure drawn by Agg, without pyplot, in two layers.

    Frames, ticks, titles and the figure's legend make up the lower layer, whose pixels are kept.
    What is plotted into the axes is drawn over them each time. The paper is transparent: the
    picture has the page's colour behind it, in a light theme and in a dark one.

    Parameters
    ----------
    size : tuple of two floats
        Width and height in inches.
    prepare : callable
        Takes the figure, makes its axes and plots what is in them at all times.
    """

    def __init__(self, size: tuple[float, float], prepare: Callable[[Figure], None]) -> None:
        self.width, self.height = (round(side * PIXELS_PER_INCH) for side in size)
        self.figure = Figure(figsize=size, dpi=LAYOUT_DOTS, layout="constrained")
        self._agg: Any = FigureCanvasAgg(self.figure)  # its methods have no types
        prepare(self.figure)
        self.figure.set_facecolor(CLEAR)
        for axes in self.figure.axes:
            axes.set_facecolor(CLEAR)
        self.keep()
        layout = self.figure.get_layout_engine()
        assert layout is not None
        layout.execute(self.figure)
        self.figure.set_layout_engine("none")  # nothing moves from now on
        self.sharpen(FINEST)  # a stored notebook is read on any screen

    def sharpen(self, ratio: float) -> bool:
        """Draw for a screen with so many pixels to one of the page's; whether that changes a thing.

        Never fewer than the page's own: a page that is made smaller keeps what it has.
        """
        dots = PIXELS_PER_INCH * min(max(ratio, 1.0), FINEST)
        if dots == self.figure.dpi:
            return False
        self.figure.set_dpi(dots)
        self.redraw_frame()
        return True

    def redraw_frame(self) -> None:
        """Redraw the lower layer, after a change of an axes' limits."""
        for artist in self._plotted():  # what was added for the present picture, too
            artist.set_animated(True)  # matplotlib's word for "draw() leaves it out"
        self._agg.draw()
        self._frame = self._agg.copy_from_bbox(self.figure.bbox)

    def keep(self) -> None:
        """Let what is plotted now stay in every picture."""
        self._kept = set(self._plotted())

    def paint(self, draw: Callable[[], None]) -> bytes:
        """Call ``draw``, which updates what was prepared or adds to it, and return a PNG.

        What was added for the previous picture is removed first.
        """
        for artist in self._plotted():
            if artist not in self._kept:
                artist.remove()
        draw()
        self._agg.restore_region(self._frame)
        renderer = self._agg.get_renderer()
        for artist in sorted(self._plotted(), key=Artist.get_zorder):
            artist.draw(renderer)
        return fast_png(np.asarray(self._agg.buffer_rgba()))

    def _plotted(self) -> list[Artist]:
        """What is in the axes, without their frames, ticks and titles."""
        plotted: list[Artist] = []
        for axes in self.figure.axes:
            kinds = (axes.images, axes.patches, axes.collections, axes.lines, axes.texts)
            plotted += [artist for kind in kinds for artist in kind]
            plotted += [legend] if (legend := axes.get_legend()) else []
        return plotted


def fast_png(pixels: NDArray[np.uint8]) -> bytes:
    """Pixels in red, green, blue and opacity, (H, W, 4), as a PNG, without a search for filters.

    Pillow tries five filters for each row: twice the time of all the rest, for files that are no
    smaller.
    """
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 4 * width), np.uint8)  # a row's first byte: no filter
    rows[:, 1:] = pixels.reshape(height, -1)
    header = struct.pack(">2I5B", width, height, 8, 6, 0, 0, 0)  # 8 bits for each of 4 channels
    parts = {b"IHDR": header, b"IDAT": zlib.compress(rows.tobytes(), 1), b"IEND": b""}
    png = b"\x89PNG\r\n\x1a\n"
    for kind, data in parts.items():
        png += struct.pack(">I", len(data)) + kind + data
        png += struct.pack(">I", zlib.crc32(kind + data))
    return png
