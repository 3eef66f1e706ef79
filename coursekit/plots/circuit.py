"""A computation drawn as a graph: values above the wires, derivatives below them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.text import Text

from coursekit.plots.format_number import format_number
from coursekit.plots.palette import BLUE, INK, MUTED, PAPER, WINE

INPUT_FILL = "#E4E4E4"
GAP = 3.0  # points between a wire and the numbers on it


@dataclass
class Circuit:
    """The artists of a circuit: the text in each node, and of each wire the two numbers."""

    nodes: dict[str, Text]
    values: list[Text]
    derivatives: list[Text]


def circuit(
    ax: Axes,
    nodes: Mapping[str, tuple[float, float, str]],
    wires: Sequence[tuple[str, str, str, float, float]],
) -> Circuit:
    """A computation as nodes and wires, from the inputs at the left to the result at the right.

    Where no wire comes in, a node is a grey box, an input; the others are round, operations.

    Parameters
    ----------
    ax : Axes
    nodes : mapping of str to (float, float, str)
        Column, row (up is positive) and text of each node.
    wires : sequence of (str, str, str, float, float)
        The node where the wire begins and the one where it ends, the name of what it carries, its
        value, and the derivative of the result with respect to it. A wire without a name shows
        the value alone.

    Returns
    -------
    Circuit
        ``nodes``, ``values`` and ``derivatives``.

    Raises
    ------
    KeyError
        If a wire begins or ends at a node that is not there.

    Examples
    --------
    >>> fig, ax = plots.subplots()
    >>> nodes = {"a": (0, 1, "a"), "b": (0, 0, "b"), "product": (1, 0.5, "×"), "L": (2, 0.5, "L")}
    >>> wires = [("a", "product", "", 2, 3), ("b", "product", "", 3, 2), ("product", "L", "", 6, 1)]
    >>> drawn = plots.circuit(ax, nodes, wires)
    """
    columns, rows = zip(*((column, row) for column, row, _ in nodes.values()), strict=True)
    ax.set(xlim=(min(columns) - 0.35, max(columns) + 0.35))
    ax.set(ylim=(min(rows) - 0.6, max(rows) + 0.6))
    ax.set_axis_off()
    drawn = Circuit({}, [], [])
    for start, end, name, value, derivative in wires:
        (x1, y1, _), (x2, y2, _) = nodes[start], nodes[end]
        ax.plot([x1, x2], [y1, y2], "-", color=MUTED, linewidth=1.2, zorder=1)
        middle = ((x1 + x2) / 2, (y1 + y2) / 2)
        words = f"{name} = {format_number(value)}" if name else format_number(value)
        drawn.values.append(_beside(ax, middle, words, BLUE, GAP, "bottom"))
        words = format_number(derivative)
        drawn.derivatives.append(_beside(ax, middle, words, WINE, -GAP, "top"))
    inner = {end for _, end, *_ in wires}
    for key, (column, row, text) in nodes.items():
        fill, shape = (PAPER, "round4,pad=0.4") if key in inner else (INPUT_FILL, "square,pad=0.4")
        box = {"boxstyle": shape, "facecolor": fill, "edgecolor": INK, "linewidth": 1.2}
        style: dict[str, Any] = {"ha": "center", "va": "center", "bbox": box, "zorder": 3}
        drawn.nodes[key] = ax.text(column, row, text, **style)
    return drawn


def _beside(
    ax: Axes, at: tuple[float, float], words: str, color: str, offset: float, va: str
) -> Text:
    """A number on a wire; a white ground keeps it apart from wires that cross."""
    ground = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6, "alpha": 0.8}
    style: dict[str, Any] = {"ha": "center", "va": va, "color": color, "fontsize": 9.5}
    return ax.annotate(
        words, at, (0, offset), textcoords="offset points", bbox=ground, zorder=2, **style
    )
