"""Figures without pyplot: nothing is global, nothing is shown twice, no semicolon is needed."""

from collections.abc import Sequence
from importlib.resources import as_file, files
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation
from numpy.typing import ArrayLike

from coursekit.language import say

AXES_WIDTH = 3.6  # inches, of each of several axes side by side
HEIGHT = 3.4  # inches, of a row of axes
BELOW = 34  # points, from the axes to what stands below the name of the x axis


def style() -> None:
    """Give all figures the course's look. Importing ``coursekit.plots`` does it."""
    with as_file(files("coursekit.plots") / "coursekit.mplstyle") as path:
        matplotlib.style.use(path)


def subplots(
    rows: int = 1,
    columns: int = 1,
    *,
    width: float | None = None,
    height: float | None = None,
    **options: Any,
) -> tuple[Figure, Any]:
    """Make a figure with a grid of axes, as ``plt.subplots`` does, without pyplot.

    Parameters
    ----------
    rows, columns : int
        The grid.
    width, height : float, optional
        Size in inches; 1 inch is 100 pixels on the screen. By default 5 inches wide for one
        column, 3.6 a column for more, and 3.4 high for each row.
    **options
        Passed on to ``Figure.subplots``, such as ``sharey=True`` or
        ``subplot_kw={"projection": "3d"}``.

    Returns
    -------
    fig : Figure
        Display it with `show`.
    ax : Axes or array of Axes
        One axes; or an array (columns,), (rows,) or (rows, columns).

    Examples
    --------
    >>> fig, ax = subplots()
    >>> fig, (left, right) = subplots(1, 2, height=3)
    """
    if width is None:
        width = 5.0 if columns == 1 else AXES_WIDTH * columns
    if height is None:
        height = HEIGHT * rows
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, **options)


def legend(fig: Figure) -> None:
    """Name everything that has a label, once, below the figure, where it covers no point."""
    named: dict[str, Any] = {}
    for ax in fig.axes:
        handles, labels = ax.get_legend_handles_labels()
        named = dict(zip(labels, handles, strict=True)) | named
    for old in list(fig.legends):
        old.remove()
    if named:
        rows = -(-len(named) // 5)  # of up to five, and equally long
        fig.legend(
            handles=list(named.values()),
            labels=list(named),
            loc="outside lower center",
            ncols=-(-len(named) // rows),
            frameon=False,
        )


def legend_below(ax: Axes, *, columns: int | None = None) -> None:
    """Name what has a label in these axes, below the x axis's name, where it covers nothing."""
    under = ScaledTranslation(0, -BELOW / 72, figure_of(ax).dpi_scale_trans)
    spec = ax.get_subplotspec()
    alone = spec is None or spec.get_gridspec().ncols == 1
    ax.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, 0),
        bbox_transform=ax.transAxes + under,
        ncols=columns or (3 if alone else 1),
        frameon=False,
        borderaxespad=0,
    )


def figure_of(ax: Axes) -> Figure:
    """Return the figure that the axes are part of."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def flatten(axes: Any) -> list[Axes]:
    """Return the axes of a grid, a list or a single one, as a list."""
    return list(np.ravel(np.asarray(axes, dtype=object)))


def axis_limits(
    limits: Sequence[float] | None, points: ArrayLike | None, margin: float, default: float
) -> tuple[float, float, float, float]:
    """Return left, right, bottom and top of a map of the plane.

    Parameters
    ----------
    limits : sequence of 2 or 4 floats, optional
        The limits as a caller gave them: for both axes at once, or all four.
    points : array (N, 2), optional
        Without limits, the map shows these.
    margin : float
        Space around the points, as a share of their extent.
    default : float
        Without limits and points, the map goes from minus this to this.
    """
    if limits is not None:
        if len(limits) not in (2, 4):
            raise ValueError(say("limits must be 2 or 4 numbers, got {got}", got=tuple(limits)))
        left, right, bottom, top = (*limits, *limits) if len(limits) == 2 else limits
        return left, right, bottom, top
    if points is None:
        return -default, default, -default, default
    a = np.asarray(points, dtype=np.float64)
    low, high = a.min(axis=0), a.max(axis=0)
    space = np.where(high > low, margin * (high - low), 1.0)
    (left, bottom), (right, top) = (low - space).tolist(), (high + space).tolist()
    return left, right, bottom, top
