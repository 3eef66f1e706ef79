"""A widget as an output of a notebook: live in JupyterLab, a picture and words elsewhere."""

from typing import Any

import ipywidgets
from matplotlib.colors import to_hex

from coursekit.plots import palette
from coursekit.plots.show import Bundle, picture_bundle

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


def live_view(widget: ipywidgets.Widget) -> dict[str, Any]:
    """The part of an output that shows the widget itself, where a kernel runs."""
    return {VIEW_TYPE: {"model_id": widget.model_id, "version_major": 2, "version_minor": 0}}


def widget_bundle(widget: ipywidgets.Widget, png: bytes, text: str, width: int) -> Bundle:
    """The whole output of a widget, and its metadata.

    Parameters
    ----------
    widget : ipywidgets.Widget
    png : bytes
        The picture that is shown where no kernel runs.
    text : str
        What the picture shows, in words.
    width : int
        Of the picture, in pixels.
    """
    bundle, metadata = picture_bundle(png, text, width)
    return bundle | live_view(widget), metadata
