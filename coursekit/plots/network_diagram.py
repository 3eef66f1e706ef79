"""A network drawn as units and connections; colour, line style and width show the weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.text import Text

from coursekit.language import say, say_n
from coursekit.nn import Sequential
from coursekit.plots.columns import (
    Column,
    bottom_of,
    of_network,
    of_widths,
    place,
    texts_of,
    top_of,
)
from coursekit.plots.connection_lines import (
    Connection,
    draw,
    from_bias,
    give_looks,
    incoming,
    legend_of_lines,
    write,
    written,
)
from coursekit.plots.figures import figure_of
from coursekit.plots.palette import INK, PAPER

INPUT_FILL, UNIT_FILL, BIAS_FILL = "#E4E4E4", PAPER, "#F4F0E4"


@dataclass
class Diagram:
    """The artists of a network diagram, layer by layer.

    ``weights[l]`` holds the lines into layer l + 1: for each piece, for each unit shown of the
    layer before, one to each unit shown. ``biases[l]`` holds one line for each piece and unit.
    """

    units: list[PathCollection]
    weights: list[LineCollection]
    biases: list[LineCollection]
    labels: list[list[Text]]
    captions: list[Text]
    values: list[Text]
    max_units: int

    def update(self, net: Sequential) -> None:
        """Show other weights and masks, in a drawing of a network without removed connections."""
        links, from_biases, strongest = _connections(_columns(net, self.max_units), self.biases)
        drawn = zip(
            [*self.weights, *self.biases], [*links, *filter(None, from_biases)], strict=True
        )
        for lines, connections in drawn:
            give_looks(lines, connections, strongest)
        every = [c for both in zip(links, from_biases, strict=True) for part in both for c in part]
        for text, connection in zip(self.values, every if self.values else [], strict=True):
            text.set_visible(connection.kept)
            text.set_text(written(connection.weight or 0.0))


def network(
    ax: Axes,
    net: Sequential | Sequence[int],
    *,
    labels: Sequence[Sequence[str]] | None = None,
    biases: bool = True,
    values: bool | None = None,
    legend: bool = True,
    max_units: int = 8,
) -> Diagram:
    """A network as units and connections, from the inputs at the left to the outputs at the right.

    Inputs are grey squares, since they compute nothing; units are circles; a bias is the weight on
    a small square that always gives 1. Positive weights are solid and blue, negative ones dashed
    and orange, removed connections dotted and grey; the larger the weight, the thicker its line.
    Layers without units of their own (activations, batch norm, dropout) are named under the units
    on which they work.

    Parameters
    ----------
    ax : Axes
    net : Sequential, or sequence of int
        A network; or the widths of its layers, for a drawing without weights.
    labels : sequence of sequences of str, optional
        Names inside the units, a list for each layer, the inputs first. By default x, h and y with
        their number.
    biases : bool
        Draw the biases.
    values : bool, optional
        Write the weights on their lines. By default if there are at most 12 lines.
    legend : bool
        Explain the lines.
    max_units : int
        The most units drawn in a layer; of a larger one the first and the last, with dots between.

    Returns
    -------
    Diagram
        ``units``, ``weights``, ``biases``, ``labels``, ``captions``, ``values``, and
        ``update(net)``, which is fast enough for a slider.

    Raises
    ------
    ValueError
        If there is no layer with weights, the labels don't fit the units, or ``max_units`` is
        less than 3.

    Examples
    --------
    >>> fig, ax = plots.subplots()
    >>> diagram = plots.network(ax, [2, 3, 1])
    """
    if max_units < 3:
        raise ValueError(
            say("max_units must be at least 3, got {max_units!r}", max_units=max_units)
        )
    columns = _columns(net, max_units)
    texts = texts_of(columns, labels)
    weighted = columns[-1].W is not None
    links, from_biases, strongest = _connections(columns, biases)
    every = [c for part in (*links, *from_biases) for c in part]
    if values is None:
        values = weighted and len(every) <= 12

    _frame(ax, columns, any(from_biases))
    diameter = _diameter(ax, columns)
    diagram = Diagram([], [], [], [], [], [], max_units)
    for k, column in enumerate(columns):
        if k < len(links):
            diagram.weights.append(draw(ax, k, links[k], strongest))
            if from_biases[k]:
                diagram.biases.append(draw(ax, k, from_biases[k], strongest))
                _draw_bias(ax, k, column, diameter)
            if values:
                diagram.values += write(ax, k, links[k] + from_biases[k])
        diagram.units.append(_draw_units(ax, k, column, diameter))
        diagram.labels.append(_draw_labels(ax, k, column, texts[k], diameter))
        diagram.captions.append(_draw_caption(ax, k, column, len(columns), bottom_of(columns)))
    if legend and weighted:
        legend_of_lines(ax, every)
    return diagram


def _columns(net: Sequential | Sequence[int], max_units: int) -> list[Column]:
    columns = of_network(net) if isinstance(net, Sequential) else of_widths(net)
    for column in columns:
        place(column, max_units)
    return columns


def _connections(
    columns: list[Column], biases: object
) -> tuple[list[list[Connection]], list[list[Connection]], float]:
    """Those between units and those of the biases, for each pair of columns; the largest weight."""
    links = [incoming(a, b) for a, b in pairwise(columns)]
    from_biases = [from_bias(a, b) if biases else [] for a, b in pairwise(columns)]
    sizes = [abs(c.weight or 0.0) for part in (*links, *from_biases) for c in part]
    return links, from_biases, max(sizes, default=0.0) or 1.0


def _frame(ax: Axes, columns: list[Column], has_bias: bool) -> None:
    top = max(top_of(c) for c in columns) + (1.45 if has_bias else 0.5)
    ax.set(xlim=(-0.4, len(columns) - 0.6), ylim=(bottom_of(columns) - 1.15, top))
    ax.set_axis_off()


def _diameter(ax: Axes, columns: list[Column]) -> float:
    """Of a unit, in points: as large as the axes allow."""
    width, height = figure_of(ax).get_size_inches() * ax.get_position().size * 72
    low, high = ax.get_ylim()
    return float(np.clip(min(0.62 * height / (high - low), 0.3 * width / len(columns)), 7, 30))


def _draw_units(ax: Axes, k: int, column: Column, diameter: float) -> PathCollection:
    if len(column.y) < column.width:
        gap = next(y - 1 for unit, y in column.y.items() if unit + 1 not in column.y)
        ax.text(k, gap, "⋮", ha="center", va="center", fontsize=16, color=INK)
    x, y = [k] * len(column.y), list(column.y.values())
    marker, fill = ("s", INPUT_FILL) if k == 0 else ("o", UNIT_FILL)
    style: dict[str, Any] = {"edgecolors": INK, "linewidths": 1.2, "zorder": 3}
    return ax.scatter(x, y, diameter**2, fill, marker=marker, **style)


def _draw_labels(
    ax: Axes, k: int, column: Column, names: Sequence[str], diameter: float
) -> list[Text]:
    if diameter < 13:  # no room
        return []
    texts = []
    for unit, y in column.y.items():
        letters = 2 if "$" in names[unit] else len(names[unit])
        size = min(11.0, 0.5 * diameter, 1.3 * diameter / max(letters, 1))
        texts.append(ax.text(k, y, names[unit], ha="center", va="center", fontsize=size, zorder=4))
    return texts


def _draw_caption(ax: Axes, k: int, column: Column, count: int, bottom: float) -> Text:
    if k == 0:
        name = say("input")
    elif k == count - 1:
        name = say("output")
    else:
        name = say("hidden") if count == 3 else say("hidden {n}", n=k)
    lines = [name, *([", ".join(column.notes)] if column.notes else [])]
    if column.width > len(column.y):
        lines[0] = say_n(column.width, "{name}, {n} unit", "{name}, {n} units", name=name)
    return ax.text(k, bottom - 0.55, "\n".join(lines), ha="center", va="top", fontsize=9)


def _draw_bias(ax: Axes, k: int, column: Column, diameter: float) -> None:
    y = top_of(column) + 1
    style: dict[str, Any] = {"edgecolors": INK, "linewidths": 0.9, "zorder": 3}
    ax.scatter(k, y, (0.66 * diameter) ** 2, BIAS_FILL, marker="s", **style)
    ax.text(k, y, "1", ha="center", va="center", fontsize=min(9.0, 0.36 * diameter), zorder=4)
