"""Shows a figure together with its description in words."""

import base64
import io
import sys
from html import escape
from typing import Any

from matplotlib.figure import Figure
from PIL import Image

from coursekit.language import say

Bundle = tuple[dict[str, Any], dict[str, Any]]


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
            raise ValueError(f"alt must be a description of the figure in words, got {alt!r}")
        self.alt = " ".join(alt.split())
        self.png = _with_palette(png(fig, compress_level=1))
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
    printed documents. The plain text is the description.

    Parameters
    ----------
    png : bytes
    alt : str
        The description.
    width : int
        Pixels on the screen.
    """
    data = base64.b64encode(png).decode()
    tag = f'<img alt="{escape(alt)}" width="{width}" src="data:image/png;base64,{data}">'
    bundle = {"text/html": tag, "image/png": data, "text/plain": alt}
    return bundle, {"image/png": {"alt": alt, "width": width}}


def png(fig: Figure, *, dpi: float = 150, compress_level: int = 6) -> bytes:
    """The figure as PNG, the same bytes every time it is drawn on one machine.

    Parameters
    ----------
    fig : Figure
    dpi : float
        Pixels per inch. A figure is shown at 100, so 150 leaves some for sharp screens.
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


def _with_palette(data: bytes) -> bytes:
    """The same picture in 256 colours, a quarter of the size: notebooks are kept under git."""
    buffer = io.BytesIO()
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    picture = picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    picture.save(buffer, format="png", optimize=True)
    return buffer.getvalue()


def close(fig: Figure) -> None:
    """Take the figure out of pyplot's list, if it is there, so that nothing shows it again."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(fig)
