"""A widget as an output of a notebook: live in JupyterLab, a picture and words elsewhere."""

from typing import Any

import ipywidgets

from coursekit.plots.show import Bundle, picture_bundle

VIEW_TYPE = "application/vnd.jupyter.widget-view+json"


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
