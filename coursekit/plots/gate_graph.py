"""A computation as a graph: values along solid arrows, derivatives back along dashed ones."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from coursekit.language import say
from coursekit.plots.palette import BLUE, INK, ORANGE, PAPER

# Batch norm: what is in each box, (column, row); and the factor on the way back along each link.
_NODES = {
    "x": (0, 0),
    r"\mu": (1.5, -1.5),
    r"d = x - \mu": (3, 0),
    "q = d^2": (3.6, -1.5),
    r"v = \mathrm{mean}(q)": (4.8, -1.5),
    r"s = \sqrt{v + \epsilon}": (6.2, -1.5),
    "r = 1/s": (7.6, -1.5),
    r"\hat{x} = d \cdot r": (8.6, 0),
    r"g = \gamma \hat{x}": (10.1, 0),
    r"y = g + \beta": (11.6, 0),
    r"\gamma": (10.1, -1.5),
    r"\beta": (11.6, -1.5),
}
_LINKS = {(0, 1): "1/m", (0, 2): "1", (2, 3): "2d", (3, 4): "1/m", (4, 5): "1/2s", (5, 6): "-1/s^2"}
_LINKS |= {(2, 7): "r", (7, 8): r"\gamma", (8, 9): "1"}
_SUMMED = {(1, 2): "-1", (6, 7): "d", (10, 8): r"\hat{x}", (11, 9): "1"}  # one for all examples

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
        raise ValueError(say("links must be between nodes, got {got}", got=sorted(missing)))
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


def batch_norm_gates(ax: Axes) -> list[Annotation]:
    """Draw batch norm gate by gate, with γ and β as inputs.

    Parameters
    ----------
    ax : Axes

    Returns
    -------
    list of Annotation
        The arrows, forward and back in turn.
    """
    nodes = {f"${text}$": place for text, place in _NODES.items()}
    factors = {link: f"${factor}$" for link, factor in _LINKS.items()}
    factors |= {link: say("{factor}, sum", factor=f"${f}$") for link, f in _SUMMED.items()}
    boxes = list(nodes)
    return gates(ax, nodes, {(boxes[a], boxes[b]): factor for (a, b), factor in factors.items()})
