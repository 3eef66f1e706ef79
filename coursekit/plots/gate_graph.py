"""A computation as a graph: values along solid arrows, derivatives back along dashed ones."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from coursekit.plots.palette import BLUE, INK, ORANGE, PAPER

BULGE = 0.09  # how far the two arrows of a link part in its middle, each, in units of the axes


def gates(
    ax: Axes,
    nodes: Mapping[str, tuple[float, float]],
    links: Mapping[tuple[str, str], str],
) -> list[Annotation]:
    """Draw the gates of a computation, with the way forward and the way back.

    Each link is a solid arrow, and a dashed one in the other direction with the factor by which
    the derivative is multiplied on it.

    Parameters
    ----------
    ax : Axes
    nodes : mapping of str to (column, row)
        Place of each box by its text, rows counted upwards.
    links : mapping of (str, str) to str
        The factor on the way back, by the texts of the two boxes that the value goes from and to.

    Returns
    -------
    list of Annotation
        The arrows, forward and back in turn.

    Raises
    ------
    ValueError
        If a link names a box that is not there.
    """
    missing = {text for link in links for text in link} - set(nodes)
    if missing:
        raise ValueError(f"links must be between nodes, got {sorted(missing)}")
    frame = {"boxstyle": "round", "facecolor": PAPER, "edgecolor": BLUE}
    texts = {
        text: ax.text(*place, text, ha="center", va="center", bbox=frame, zorder=3)
        for text, place in nodes.items()
    }
    arrows = []
    for (start, end), factor in links.items():
        for begin, goal, color, line in ((start, end, INK, "-"), (end, start, ORANGE, "--")):
            way = np.subtract(nodes[goal], nodes[begin])
            length = float(np.hypot(*way))
            arrow = {
                "arrowstyle": "-|>",
                "color": color,
                "linestyle": line,
                "connectionstyle": f"arc3,rad={2 * BULGE / length}",
                "shrinkA": 1,
                "shrinkB": 1,
                "patchA": texts[begin].get_bbox_patch(),
                "patchB": texts[goal].get_bbox_patch(),
            }
            arrows.append(ax.annotate("", nodes[goal], nodes[begin], arrowprops=arrow))
        # A dashed arrow bends to its right, seen from its start; its factor is beyond it.
        aside = np.array([way[1], -way[0]]) / length
        side = 0 if abs(aside[0]) < 0.3 else int(np.sign(aside[0]))
        x, y = np.add(nodes[start], nodes[end]) / 2 + (2.4 - abs(side)) * BULGE * aside
        align = {-1: "right", 0: "center", 1: "left"}[side]
        ax.text(x, y, factor, ha=align, va="center", color=ORANGE, fontsize=9, zorder=4)
    columns, rows = np.array(list(nodes.values())).T
    ax.set(xlim=(columns.min() - 0.5, columns.max() + 0.6))
    ax.set(ylim=(rows.min() - 0.3, rows.max() + 0.4))
    ax.set_aspect("equal")
    ax.set_axis_off()
    return arrows
