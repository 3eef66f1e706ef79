"""A model's decision everywhere in the plane."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from contourpy import LineType, contour_generator
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike, NDArray

from coursekit.language import say
from coursekit.plots.figures import axis_limits
from coursekit.plots.palette import INK, class_colors, map_colors
from coursekit.plots.points import points

Model = Callable[[NDArray[np.float64]], Any]
EDGE = 6.0  # of the map of TensorFlow Playground


@dataclass
class DecisionMap:
    """The artists of a decision map; `update` shows another model in them."""

    image: AxesImage
    border: LineCollection
    points: list[PathCollection]
    grid: NDArray[np.float64] = field(repr=False)  # (resolution, resolution, 2)

    def update(self, f: Model) -> None:
        """Show the decisions of another model. Nothing but the picture and the border changes."""
        scores = _scores(f, self.grid)
        self.image.set_data(map_colors(scores) if scores.ndim == 2 else class_colors(scores))
        self.border.set_segments(_borders(self.grid, scores))


def decision_map(
    ax: Axes,
    f: Model,
    x: ArrayLike | None = None,
    t: ArrayLike | None = None,
    *,
    limits: Sequence[float] | None = None,
    resolution: int = 100,
) -> DecisionMap:
    """A model's decision at every point of the plane, its border, and the data.

    Negative outputs are orange, positive ones blue and darker, stronger where the output is
    larger; the border is a black line.

    Parameters
    ----------
    ax : Axes
    f : callable
        The model, (M, 2) -> (M,) or (M, 1): a score, 0 at the border. Or -> (M, K): logits.
    x, t : arrays (N, 2) and (N,), optional
        Points to draw; see `points`.
    limits : sequence of 2 or 4 floats, optional
        Range of both axes, or left, right, bottom, top. By default that of the points with a
        margin, or -6 to 6.
    resolution : int
        Points of the grid along each axis.

    Returns
    -------
    DecisionMap
        ``image``, ``border``, ``points``, and ``update(f)``, which is fast enough for a slider.

    Raises
    ------
    ValueError
        If the model's output has another shape or holds NaN.
    """
    left, right, bottom, top = axis_limits(limits, x, margin=0.12, default=EDGE)
    across, up = np.linspace(left, right, resolution), np.linspace(bottom, top, resolution)
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    # Pixels have their centres at the grid's points, so the picture ends half a pixel further out.
    dx, dy = (right - left) / (resolution - 1) / 2, (top - bottom) / (resolution - 1) / 2
    image = ax.imshow(
        np.zeros((resolution, resolution, 4), np.uint8),
        origin="lower",
        extent=(left - dx, right + dx, bottom - dy, top + dy),
        interpolation="bilinear",
        aspect="auto",
        zorder=0,
    )
    border = LineCollection([], colors=INK, linewidths=1.6, zorder=2)
    ax.add_collection(border, autolim=False)
    drawn = [] if x is None or t is None else points(ax, x, t)
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="$x_1$", ylabel="$x_2$")
    ax.grid(False)
    result = DecisionMap(image, border, drawn, grid)
    result.update(f)
    return result


def _scores(f: Model, grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Outputs on the grid: (H, W), or (H, W, K) for K > 1 logits."""
    rows, columns, _ = grid.shape
    y = np.asarray(f(grid.reshape(-1, 2)), dtype=np.float64)
    if y.ndim not in (1, 2) or len(y) != rows * columns or y.size == 0:
        raise ValueError(
            say(
                "f must turn ({n}, 2) into one output, or K logits, a row, got {got}",
                n=rows * columns,
                got=y.shape,
            )
        )
    if np.isnan(y).any():
        raise ValueError(say("f must return numbers, got NaN"))
    k = y.size // len(y)
    return y.reshape(rows, columns) if k == 1 else y.reshape(rows, columns, k)


def _borders(grid: NDArray[np.float64], scores: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Lines on which the decision changes."""
    if scores.ndim == 2:
        sides = [scores]
    else:
        # a class against the best of the others, for each class
        two = np.partition(scores, -2, axis=-1)[..., -2:]
        rival = np.where(scores == two[..., 1:], two[..., :1], two[..., 1:])
        sides = list(np.moveaxis(scores - rival, -1, 0))
    lines: list[NDArray[np.float64]] = []
    for side in sides:
        if side.min() < 0 < side.max():
            contours = contour_generator(
                grid[..., 0], grid[..., 1], np.tanh(side), line_type=LineType.Separate
            )
            lines += [np.asarray(part) for part in contours.lines(0.0)]
    return lines
