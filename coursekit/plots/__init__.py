"""Figures of data, models and training.

Each function takes the axes first and returns what it drew. `subplots` makes the axes and `show`
displays the figure with its description in words. Colours are safe for colour-blind readers, and
each of them has a second cue: a marker shape, a line style, a sign.
"""

from coursekit.plots.curves import activation, training_curves
from coursekit.plots.decision_line import Border, line
from coursekit.plots.figures import legend, style, subplots
from coursekit.plots.maps import DecisionMap, decision_map
from coursekit.plots.network_diagram import Diagram, network
from coursekit.plots.palette import (
    BLUE,
    COLORS,
    DIVERGING,
    GREEN,
    INK,
    LINESTYLES,
    MARKERS,
    ORANGE,
    WINE,
    class_colors,
    map_colors,
)
from coursekit.plots.points import points
from coursekit.plots.show import Picture, close, png, show
from coursekit.plots.surfaces import LossSurface, loss_surface
from coursekit.plots.weights import images, layer_histograms, weight_images

style()

__all__ = [
    "BLUE",
    "COLORS",
    "DIVERGING",
    "GREEN",
    "INK",
    "LINESTYLES",
    "MARKERS",
    "ORANGE",
    "WINE",
    "Border",
    "DecisionMap",
    "Diagram",
    "LossSurface",
    "Picture",
    "activation",
    "class_colors",
    "close",
    "decision_map",
    "images",
    "layer_histograms",
    "legend",
    "line",
    "loss_surface",
    "map_colors",
    "network",
    "png",
    "points",
    "show",
    "style",
    "subplots",
    "training_curves",
    "weight_images",
]
