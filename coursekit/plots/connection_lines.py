"""The connections of a network diagram: lines, the weights written on them, and their legend."""

from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.text import Text

from coursekit.language import say
from coursekit.nn.validation import Array
from coursekit.plots.columns import Column, top_of
from coursekit.plots.format_number import format_number
from coursekit.plots.palette import (
    MUTED,
    NEGATIVE,
    NEGATIVE_STYLE,
    PAPER,
    POSITIVE,
    POSITIVE_STYLE,
    LineStyle,
)

THINNEST, THICKEST = 0.8, 4.2  # widths of lines in points, for |w| near 0 and for the largest
REMOVED = "#8A8A8A"
REMOVED_STYLE: LineStyle = ":"
SHARES = (0.35, 0.6, 0.27, 0.5, 0.7, 0.42)  # of a line's length: where its weight may be written


@dataclass
class Connection:
    """A line from the height `start` in one column to the height `end` in the next."""

    start: float
    end: float
    weight: float | None  # None where only widths are known
    kept: bool = True  # False where a mask removed it


def incoming(before: Column, column: Column) -> list[Connection]:
    """Return the connections from units to units: by piece, then by unit of the layer before."""
    found = []
    pieces = 1 if column.W is None else len(column.W)
    for piece in range(pieces):
        shift = 0.09 * (piece - (pieces - 1) / 2)  # pieces of a Maxout run side by side
        for i in before.y:
            for j in column.y:
                w = None if column.W is None else float(column.W[piece, i, j])
                kept = column.mask is None or bool(column.mask[i, j])
                found.append(Connection(before.y[i] + shift, column.y[j] + shift, w, kept))
    return found


def from_bias(before: Column, column: Column) -> list[Connection]:
    """Return the connections from the bias's square to units, by piece."""
    start = top_of(before) + 1
    if column.W is None:
        return [Connection(start, column.y[j], None) for j in column.y]
    rows: Iterable[Array] = () if column.b is None else column.b
    return [Connection(start, column.y[j], float(row[j])) for row in rows for j in column.y]


def draw(ax: Axes, k: int, connections: list[Connection], strongest: float) -> LineCollection:
    """Draw the lines from column k to column k + 1."""
    lines = LineCollection([[(k, c.start), (k + 1, c.end)] for c in connections], zorder=1)
    give_looks(lines, connections, strongest)
    ax.add_collection(lines, autolim=False)
    return lines


def give_looks(lines: LineCollection, connections: list[Connection], strongest: float) -> None:
    """Show the connections' weights in the lines drawn for them."""
    colors, widths, styles = zip(*[_look(c, strongest) for c in connections], strict=True)
    lines.set(colors=colors, linewidths=widths, linestyles=list(styles))


def _look(connection: Connection, strongest: float) -> tuple[str, float, LineStyle]:
    """Colour, width and style of a connection's line."""
    w = connection.weight
    if not connection.kept:
        return REMOVED, 1.2, REMOVED_STYLE
    if w is None:
        return MUTED, 1.0, "-"
    if w == 0:
        return MUTED, 0.5, "-"
    width = THINNEST + (THICKEST - THINNEST) * abs(w) / strongest
    return (POSITIVE, width, POSITIVE_STYLE) if w > 0 else (NEGATIVE, width, NEGATIVE_STYLE)


def write(ax: Axes, k: int, connections: list[Connection]) -> list[Text]:
    """Write the weights on the lines from column k, each far from those already written."""
    taken: list[tuple[float, float]] = []
    texts = []
    for c in connections:
        if c.weight is None or not c.kept:
            continue
        spots = [(share, (1 - share) * c.start + share * c.end) for share in SHARES]
        spot = max(spots, key=lambda s: min([1.0, *(_apart(s, other) for other in taken)]))
        taken.append(spot)
        texts.append(
            ax.text(
                k + spot[0],
                spot[1],
                written(c.weight),
                ha="center",
                va="center",
                fontsize=8.5,
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8, "alpha": 0.9},
                zorder=2,
            )
        )
    return texts


def written(weight: float) -> str:
    """Return a weight as it stands on its line."""
    return format_number(weight, ".3g")


def _apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance between two labels, in sizes of a label or so."""
    return max(abs(a[0] - b[0]) / 0.2, abs(a[1] - b[1]) / 0.35)


def legend_of_lines(ax: Axes, connections: list[Connection]) -> None:
    """Add a legend of the kinds of lines that occur, below the axes."""
    handles = [
        Line2D(
            [], [], color=POSITIVE, linestyle=POSITIVE_STYLE, linewidth=2.4, label=say("positive")
        ),
        Line2D(
            [], [], color=NEGATIVE, linestyle=NEGATIVE_STYLE, linewidth=2.4, label=say("negative")
        ),
    ]
    if any(c.kept and c.weight == 0 for c in connections):
        handles.append(Line2D([], [], color=MUTED, linewidth=0.8, label=say("zero")))
    if not all(c.kept for c in connections):
        handles.append(
            Line2D(
                [], [], color=REMOVED, linestyle=REMOVED_STYLE, linewidth=1.6, label=say("removed")
            )
        )
    ax.legend(
        handles=handles,
        title=say("weights; thicker is larger"),
        title_fontsize=9,
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        ncols=len(handles),
        frameon=False,
    )
