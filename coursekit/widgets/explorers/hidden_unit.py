"""A network with one hidden unit as a drawing on which values are written."""

from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from coursekit import plots
from coursekit.plots.format_number import format_number

INPUTS = ((0.0, 1.1), (0.0, -1.1))
HIDDEN = (1.25, 0.0)
OUTPUTS = ((2.5, 1.1), (2.5, -1.1))


@dataclass(frozen=True)
class Connection:
    """A connection of the drawing, and the steps that take place along it."""

    start: tuple[float, float]
    end: tuple[float, float]
    forward: int
    back: int


CONNECTIONS = (
    Connection(INPUTS[0], HIDDEN, forward=1, back=8),
    Connection(INPUTS[1], HIDDEN, forward=2, back=9),
    Connection(HIDDEN, OUTPUTS[0], forward=3, back=6),
    Connection(HIDDEN, OUTPUTS[1], forward=4, back=7),
)


def draw_connection(
    ax: Axes, connection: Connection, weight: float, forward: str, back: str, step: int
) -> None:
    """A line, blue or dashed and orange, in a broad band at the two steps that take place on it.

    The weight is written in its middle, the forward value above, the backward ones below.
    """
    (x0, y0), (x1, y1) = connection.start, connection.end
    if step in (connection.forward, connection.back):
        band = ax.plot([x0, x1], [y0, y1], "-", color="#E9D27A", linewidth=13, zorder=1)
        band[0].set_solid_capstyle("butt")
    color, style = (plots.ORANGE, "--") if weight < 0 else (plots.BLUE, "-")
    if weight == 0:
        color, style = "0.5", ":"
    width = 0.8 + abs(weight) / 2
    ax.plot([x0, x1], [y0, y1], color=color, linestyle=style, linewidth=width, zorder=2)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    aside = 0.14 if y1 < y0 else -0.14  # away from a falling line, or a rising one
    write(ax, (x, y), f"w = {format_number(weight)}", plots.INK, zorder=3)
    write(ax, (x + aside, y + 0.29), forward, plots.BLUE, zorder=3)
    write(ax, (x - aside, y - 0.22), back, plots.WINE, va="top", zorder=3)


def draw_unit(ax: Axes, at: tuple[float, float], name: str) -> None:
    """A unit with its name."""
    marker, face = ("s", "#E4E4E4") if at in INPUTS else ("o", "white")
    ax.plot(*at, marker, ms=27, mfc=face, mec=plots.INK, mew=1.2, zorder=4)
    ax.text(*at, name, ha="center", va="center", fontsize=11, zorder=5)


def write_values(ax: Axes, at: tuple[float, float], values: list[str], error: str = "") -> None:
    """The forward values of a unit beside or above it, its error below."""
    x, y = at
    if at in OUTPUTS:
        write(ax, (x + 0.2, y + 0.06), "\n".join(values), plots.INK, ha="left")
    else:
        write(ax, (x, y + 0.25), "\n".join(values), plots.INK, va="bottom")
        y -= 0.06  # where the connections are farther apart
    write(ax, (x, y - 0.25), error, plots.WINE, va="top", weight="bold")


def write(ax: Axes, at: tuple[float, float], text: str, color: str, **options: Any) -> None:
    """A text, if there is one, on a white background, which keeps it readable over a line."""
    if not text:
        return
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}
    written = ax.text(*at, text, color=color, fontsize=9, ha="center", va="center", zorder=5)
    written.set(bbox=paper, **options)
