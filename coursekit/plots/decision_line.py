"""The border of a linear model: a straight line and its positive side."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation
from numpy.typing import ArrayLike, NDArray

from coursekit.language import say
from coursekit.plots.palette import INK, LINESTYLES, PAPER

ARROW = 30.0  # length in points


@dataclass
class Border:
    """The artists of a straight border; `update` moves it."""

    line: Line2D
    arrow: Annotation
    at: float = 0.5

    def update(self, w: ArrayLike, b: float) -> None:
        """Move the border to w · x + b = 0. Where it misses the picture, hide it."""
        ax = self.line.axes
        assert isinstance(ax, Axes)
        w = np.asarray(w, dtype=np.float64)
        if w.shape != (2,) or not np.isfinite([*w, b]).all():
            raise ValueError(
                say("line expected two finite weights and a bias, got {w} and {b}", w=w, b=b)
            )
        ends = _crossing(w, float(b), ax.get_xlim(), ax.get_ylim())
        self.line.set_visible(ends is not None)
        self.arrow.set_visible(ends is not None)
        if ends is None:
            return
        self.line.set_data(ends[:, 0], ends[:, 1])
        # In the picture, not in data units, the arrow is perpendicular to the line.
        first, last = ax.transData.transform(ends)
        normal = np.array([first[1] - last[1], last[0] - first[0]])
        foot = (1 - self.at) * ends[0] + self.at * ends[1]
        towards = ax.transData.transform(foot + w) - ax.transData.transform(foot)
        normal *= ARROW * np.sign(normal @ towards) / np.linalg.norm(normal)
        self.arrow.xy = (float(foot[0]), float(foot[1]))
        self.arrow.set_position((float(normal[0]), float(normal[1])))


def line(
    ax: Axes,
    w: ArrayLike,
    b: float,
    *,
    label: str | None = None,
    style: int = 0,
    at: float = 0.5,
) -> Border:
    """The border w · x + b = 0, with an arrow and a plus on its positive side.

    The arrow points along w, and is drawn over the points. The line ends at the present limits of
    the axes, so draw it last.

    Parameters
    ----------
    ax : Axes
    w : array (2,)
        Weights.
    b : float
        Bias; minus the threshold.
    label : str, optional
        Name in the legend.
    style : int
        Which line style: 0 solid, 1 dashed, 2 dash-dotted, 3 dotted.
    at : float
        Where on the line its arrow begins, from 0 to 1: seen along the arrow, from right to left.

    Returns
    -------
    Border
        ``line``, ``arrow``, and ``update(w, b)``. Both are hidden where the line misses the axes.

    Raises
    ------
    ValueError
        If ``w`` is not two finite numbers.
    """
    across, up = ax.get_xlim(), ax.get_ylim()
    (drawn,) = ax.plot(
        [], [], color=INK, linewidth=2, linestyle=LINESTYLES[style], label=label, zorder=2.5
    )
    halo = [withStroke(linewidth=3, foreground=PAPER)]
    arrow = ax.annotate(
        "+",
        xy=(0, 0),
        xytext=(0, 0),
        textcoords="offset points",
        ha="center",
        va="center",
        fontsize=14,
        fontweight="bold",
        color=INK,
        bbox={"boxstyle": "circle,pad=0", "facecolor": "none", "edgecolor": "none"},
        arrowprops={
            "arrowstyle": "<|-",
            "color": INK,
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 12,
            "path_effects": halo,
        },
        path_effects=halo,
        zorder=4,
    )
    ax.set(xlim=across, ylim=up)
    border = Border(drawn, arrow, at)
    border.update(w, b)
    return border


def _crossing(
    w: NDArray[np.float64], b: float, across: tuple[float, float], up: tuple[float, float]
) -> NDArray[np.float64] | None:
    """The two points at which w · x + b = 0 crosses a rectangle's rim, or None."""
    if not w.any():
        return None
    # Start at the line's point nearest to the centre, and go both ways along it.
    low, high = np.array([across[0], up[0]]), np.array([across[1], up[1]])
    centre = (low + high) / 2
    base = centre - w * (w @ centre + b) / (w @ w)
    along = np.array([-w[1], w[0]]) / np.linalg.norm(w)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.sort(np.stack([(low - base) / along, (high - base) / along]), axis=0)
    parallel = along == 0
    if ((base < low) | (base > high))[parallel].any():
        return None
    enter, leave = steps[0][~parallel].max(), steps[1][~parallel].min()
    if enter >= leave:
        return None
    return np.stack([base + enter * along, base + leave * along])
