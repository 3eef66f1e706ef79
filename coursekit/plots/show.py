"""Shows a figure together with its description in words."""

import base64
import io
import sys
from html import escape
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from coursekit.language import say

Bundle = tuple[dict[str, Any], dict[str, Any]]

# A figure is dark ink on clear paper, which takes the page's colour. On a dark page it is turned
# round: dark becomes light, and the second turn brings each hue back. No one grey would do for both
# pages: the contrast of white and JupyterLab's #111 is 18.9 : 1, and that of a grey with one of
# them at most the root of it, 4.3 : 1. Without a style sheet the tag's own white paper remains.
STYLE = """<style>
.ck-figure { background: none !important; }
:is([data-jp-theme-light="false"], [data-theme="dark"]) .ck-figure {
filter: invert(1) hue-rotate(180deg); }
@media (prefers-color-scheme: dark) {
[data-theme="auto"] .ck-figure { filter: invert(1) hue-rotate(180deg); }
}
</style>"""


def show(fig: Figure, alt: str) -> None:
    """Display a figure with a text description, and close it.

    People who can't see the picture read the description: say what the picture shows, with its
    numbers, not that there is a plot.

    Parameters
    ----------
    fig : Figure
        From `subplots`, or from pyplot.
    alt : str
        The description.

    Raises
    ------
    ValueError
        If the description is empty.

    Examples
    --------
    >>> fig, ax = plots.subplots()
    >>> plots.points(ax, x, t)
    >>> show(fig, alt="Two moons: class 0 above, class 1 below, each with an end in the other.")
    """
    from IPython.display import display

    picture = Picture(fig, alt)
    close(fig)
    display(picture)


class Picture:
    """A drawn figure and its description, in the forms that notebooks and their readers take.

    The size on screen depends on nothing but ``figsize``, so that only the PNG's bytes differ from
    one machine to the next.
    """

    def __init__(self, fig: Figure, alt: str) -> None:
        if not isinstance(alt, str) or not alt.strip():
            raise ValueError(
                say("alt must be a description of the figure in words, got {alt!r}", alt=alt)
            )
        self.alt = " ".join(alt.split())
        self.png = small_png(fig)
        self.width = round(100 * float(fig.get_size_inches()[0]))

    def __repr__(self) -> str:
        return say("Figure: {alt}", alt=self.alt)

    def _repr_mimebundle_(self, **_: Any) -> Bundle:
        bundle, metadata = picture_bundle(self.png, self.alt, self.width)
        return bundle | {"text/plain": repr(self)}, metadata


def picture_bundle(png: bytes, alt: str, width: int) -> Bundle:
    """A PNG with its description, as an output of a notebook, and the output's metadata.

    JupyterLab's own element for a PNG has no alternative text, and its element for HTML has one,
    so the picture comes in both forms: HTML for JupyterLab, web pages and screen readers, PNG for
    printed documents. The plain text is the description. Both forms ask for white paper where the
    page is dark and doesn't read `STYLE`.

    Parameters
    ----------
    png : bytes
    alt : str
        The description.
    width : int
        Pixels on the screen.
    """
    data = base64.b64encode(png).decode()
    tag = (
        f'<img class="ck-figure" style="background-color: #fff" alt="{escape(alt)}" '
        f'width="{width}" src="data:image/png;base64,{data}">'
    )
    bundle = {"text/html": tag + STYLE, "image/png": data, "text/plain": alt}
    return bundle, {"image/png": {"alt": alt, "width": width, "needs_background": "light"}}


def png(fig: Figure, *, dpi: float = 200, compress_level: int = 6) -> bytes:
    """The figure as PNG, the same bytes every time it is drawn on one machine.

    Parameters
    ----------
    fig : Figure
    dpi : float
        Pixels per inch. A figure is shown at 100, so 200 has one for each of a sharp screen's.
    compress_level : int
        From 1, fast, to 9, small.

    Returns
    -------
    bytes
    """
    buffer = io.BytesIO()
    options = {"compress_level": compress_level}
    fig.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None}, pil_kwargs=options)
    return buffer.getvalue()


def small_png(fig: Figure) -> bytes:
    """The figure in few colours."""
    return small(png(fig, compress_level=1))


def small(picture: bytes) -> bytes:
    """A PNG in 256 colours, a quarter of the size: notebooks are kept under git.

    The paper's colour, which is that of a corner, is clear. What is drawn in one colour keeps it.
    """
    inked = Image.open(io.BytesIO(picture)).convert("RGBA")
    paper = Image.new("RGBA", inked.size, "white")
    opaque = Image.alpha_composite(paper, inked).convert("RGB")
    few = opaque.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.putpalette(_commonest(opaque, few).tobytes())
    buffer = io.BytesIO()
    few.save(buffer, format="png", optimize=True, transparency=few.getpixel((0, 0)))
    return buffer.getvalue()


def _commonest(picture: Image.Image, few: Image.Image) -> NDArray[np.uint8]:
    """For each of the few colours the commonest of those that it replaces, (256, 3).

    Pillow takes their mean, with which greys are tinted.
    """
    red, green, blue = np.moveaxis(np.asarray(picture).astype(np.uint32), -1, 0)
    index = np.asarray(few).astype(np.uint32)
    pairs, counts = np.unique(index << 24 | red << 16 | green << 8 | blue, return_counts=True)
    pairs = pairs[np.argsort(counts, kind="stable")]
    palette = np.zeros((256, 3), np.uint8)
    palette[pairs >> 24] = np.stack([pairs >> 16, pairs >> 8, pairs], axis=1) & 255  # the last wins
    return palette


def close(fig: Figure) -> None:
    """Take the figure out of pyplot's list, if it is there, so that nothing shows it again."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(fig)
