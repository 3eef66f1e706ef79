"""The plane of two hidden units: the grid of the input plane as they bend it, and the border."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from coursekit import nn
from coursekit.plots.decision_line import Border, line
from coursekit.plots.points import points

LINES, ALONG = 11, 41  # of the grid in each direction; points along each line
GREY = "#8A8A8A"


@dataclass
class HiddenPlane:
    """The artists of a hidden plane; `update` shows another network in them."""

    grid: list[Line2D]
    points: list[PathCollection]
    border: Border
    lines: NDArray[np.float64] = field(repr=False)  # (22, 41, 2), the grid in the input plane
    x: NDArray[np.float64] = field(repr=False)  # (N, 2)
    t: NDArray[Any] = field(repr=False)  # (N,)

    def update(self, net: nn.Sequential) -> None:
        """Show what the last hidden layer answers, and the border of the output unit."""
        bent = net.trace(self.lines.reshape(-1, 2))[-2].reshape(self.lines.shape)
        for drawn, places in zip(self.grid, bent, strict=True):
            drawn.set_data(*places.T)
        h = net.trace(self.x)[-2]
        for artist, kind in zip(self.points, np.unique(self.t), strict=True):
            artist.set_offsets(h[self.t == kind])
        output = net.layers[-1].params
        self.border.update(output["W"][:, 0], output["b"][0])
        self.border.arrow.set_visible(False)


def hidden_plane(
    ax: Axes,
    net: nn.Sequential,
    x: ArrayLike,
    t: ArrayLike,
    *,
    limits: tuple[float, float],
    size: float = 60,
) -> HiddenPlane:
    """What the output unit sees: the input plane's grid, the data and the border.

    Parameters
    ----------
    ax : Axes
    net : Sequential
        With two inputs, two tanh units in the last hidden layer, and one output.
    x, t : arrays (N, 2) and (N,)
        Points and their classes.
    limits : tuple of two floats
        From where to where the grid reaches in the input plane, along both axes.
    size : float
        Area of a point's marker in points squared.

    Returns
    -------
    HiddenPlane
        ``grid``, ``points``, ``border``, and ``update(net)``.
    """
    x, t = np.asarray(x, dtype=np.float64), np.ravel(t)
    along, places = np.linspace(*limits, ALONG), np.linspace(*limits, LINES)
    across = np.stack(np.meshgrid(along, places), axis=-1)  # (11, 41, 2), lines of equal x₂
    lines = np.concatenate([across, across[..., ::-1]])
    ax.set(xlim=(-1.15, 1.15), ylim=(-1.15, 1.15), xlabel="$h_1$", ylabel="$h_2$")
    grid = [ax.plot([], [], "-", color=GREY, linewidth=0.8)[0] for _ in lines]
    drawn = points(ax, x, t, size=size)
    result = HiddenPlane(grid, drawn, line(ax, [1, 0], 0), lines, x, t)
    result.update(net)
    return result
