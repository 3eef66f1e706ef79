"""The loss over two parameters, and the paths that optimizers take on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from coursekit.language import say
from coursekit.plots.curves import CURVES
from coursekit.plots.figures import axis_limits, legend_below
from coursekit.plots.palette import BLUE, HEIGHTS, INK, LINESTYLES, PAPER

RESOLUTION = 150  # points of the grid along each axis
_END_MARKERS = ("o", "s", "^", "D", "v")


@dataclass
class LossSurface:
    """The artists of a loss surface; the paths by name."""

    heights: QuadContourSet
    lines: QuadContourSet
    paths: dict[str, Line2D]


def loss_surface(
    ax: Axes,
    f: Callable[[NDArray[np.float64]], Any],
    trajectories: Mapping[str, ArrayLike] | ArrayLike | None = None,
    *,
    limits: Sequence[float] | None = None,
    levels: int | Sequence[float] = 12,
    log: bool = False,
    minimum: ArrayLike | None = None,
    dots: bool = False,
) -> LossSurface:
    """Contour lines of a loss of two parameters, darker where it is higher, and paths on it.

    Parameters
    ----------
    ax : Axes
    f : callable
        The loss, (M, 2) -> (M,).
    trajectories : mapping of str to array (T, 2), or array (T, 2), optional
        Paths by name. Each starts at a cross and ends at a filled marker, and has its own colour
        and line style.
    limits : sequence of 2 or 4 floats, optional
        Range of both axes, or left, right, bottom, top. By default that of the paths with a
        margin, or -3 to 3.
    levels : int or sequence of float
        How many contour lines, or which.
    log : bool
        Space the levels evenly in the logarithm of the height above the lowest point.
    minimum : array (2,), optional
        Where to draw a star.
    dots : bool
        Mark each point of the paths: where they crowd, the steps are short.

    Returns
    -------
    LossSurface
        ``heights``, ``lines``, and ``paths`` by name.

    Raises
    ------
    ValueError
        If a path is not (T, 2), or the loss has another shape or is not finite.
    """
    paths = _paths(trajectories)
    shown = np.concatenate(list(paths.values())) if paths else None
    left, right, bottom, top = axis_limits(limits, shown, margin=0.15, default=3.0)
    across, up = np.linspace(left, right, RESOLUTION), np.linspace(bottom, top, RESOLUTION)
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    z = np.asarray(f(grid.reshape(-1, 2)), dtype=np.float64)
    if z.size != RESOLUTION**2:
        raise ValueError(
            say(
                "f must turn ({n}, 2) into one number a row, got {got}",
                n=RESOLUTION**2,
                got=z.shape,
            )
        )
    if not np.isfinite(z).all():
        raise ValueError(say("f must return finite numbers, got NaN or infinity"))
    z = z.reshape(RESOLUTION, RESOLUTION)
    chosen = _levels(z, levels, log) if isinstance(levels, int) else np.asarray(levels)
    ax.set(xlim=(left, right), ylim=(bottom, top))
    shades = HEIGHTS(np.linspace(0, 1, len(chosen) + 1))
    heights = ax.contourf(across, up, z, levels=chosen, colors=shades, extend="both", zorder=0)
    lines = ax.contour(across, up, z, levels=chosen, colors="#71838F", linewidths=0.7, zorder=1)
    # Of levels that lie close together, as they do around a minimum, every second is enough.
    _write_levels(ax, lines, chosen[len(chosen) // 2 if log else 0 :: 2])
    drawn = {name: _path(ax, k, name, path) for k, (name, path) in enumerate(paths.items())}
    if dots:
        for name, path in paths.items():
            ax.plot(*path.T, ".", color=drawn[name].get_color(), markersize=7, zorder=3)
    if minimum is not None:
        ax.plot(
            *np.asarray(minimum),
            "*",
            color=PAPER,
            markeredgecolor=INK,
            markersize=14,
            label=say("minimum"),
            zorder=4,
        )
    ax.grid(False)
    # again: drawing may have widened the limits
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="$w_1$", ylabel="$w_2$")
    if ax.get_legend_handles_labels()[0]:
        legend_below(ax)
    return LossSurface(heights, lines, drawn)


def level_ellipse(curvature: ArrayLike, height: float) -> NDArray[np.float64]:
    """Where a quadratic loss is this much above its lowest value, seen from its minimum.

    Parameters
    ----------
    curvature : array (2, 2)
        The matrix H of second derivatives, symmetric and positive definite: at d from the minimum
        the loss is higher by ½ dᵀ H d.
    height : float

    Returns
    -------
    array (2, 361)
        A closed curve.
    """
    angles = np.linspace(0, 2 * np.pi, 361)
    curvatures, directions = np.linalg.eigh(np.asarray(curvature, dtype=np.float64))
    circle = np.stack([np.cos(angles), np.sin(angles)])
    around: NDArray[np.float64] = directions @ (circle * np.sqrt(2 * height / curvatures)[:, None])
    return around


def level_ellipses(
    ax: Axes, curvature: ArrayLike, heights: Sequence[float] = (0.05, 0.15, 0.3, 0.6)
) -> float:
    """Draw the levels of a quadratic loss around its minimum, darker where it is higher.

    Both axes get the same scale, so that a round valley looks round.

    Parameters
    ----------
    ax : Axes
    curvature : array (2, 2)
        The matrix of second derivatives, symmetric and positive definite.
    heights : sequence of float
        Above the lowest value.

    Returns
    -------
    float
        The condition number, the highest curvature divided by the lowest.
    """
    falling = sorted(heights, reverse=True)
    ellipses = [level_ellipse(curvature, height) for height in falling]
    for ellipse, shade in zip(ellipses, np.linspace(0.75, 0.15, len(falling)), strict=True):
        ax.fill(*ellipse, facecolor=HEIGHTS(shade), edgecolor=BLUE, linestyle="-", linewidth=0.8)
    reach = 1.1 * float(np.abs(ellipses[0]).max())
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    lowest, highest = np.linalg.eigvalsh(np.asarray(curvature, dtype=np.float64))
    return float(highest / lowest)


def _write_levels(ax: Axes, lines: QuadContourSet, levels: NDArray[np.float64]) -> None:
    """Label contour lines, but not where the rim would cut the label."""
    for text in ax.clabel(lines, levels, inline=False, fontsize=8, fmt="%.3g", colors=INK):
        text.set_path_effects([withStroke(linewidth=3, foreground=PAPER)])
        share = ax.transAxes.inverted().transform(ax.transData.transform(text.get_position()))
        if not np.all((share > 0.05) & (share < 0.95)):
            text.set_visible(False)


def _path(ax: Axes, k: int, name: str, path: NDArray[np.float64]) -> Line2D:
    color = CURVES[k % len(CURVES)]
    (drawn,) = ax.plot(
        *path.T,
        color=color,
        linestyle=LINESTYLES[k % len(LINESTYLES)],
        marker=_END_MARKERS[k % len(_END_MARKERS)],
        markevery=[len(path) - 1],
        markersize=8,
        markeredgecolor=INK,
        path_effects=[withStroke(linewidth=3.4, foreground=PAPER)],
        label=name,
        zorder=3,
    )
    ax.plot(*path[0], "x", color=INK, markersize=8, markeredgewidth=2, zorder=3.5)
    return drawn


def _paths(
    trajectories: Mapping[str, ArrayLike] | ArrayLike | None,
) -> dict[str, NDArray[np.float64]]:
    if trajectories is None:
        return {}
    given = trajectories if isinstance(trajectories, Mapping) else {"path": trajectories}
    paths = {name: np.asarray(path, dtype=np.float64) for name, path in given.items()}
    for name, path in paths.items():
        if path.ndim != 2 or path.shape[1] != 2 or not len(path):
            raise ValueError(
                say(
                    "loss_surface expected paths (T, 2), got {name!r} {got}",
                    name=name,
                    got=path.shape,
                )
            )
    return paths


def _levels(z: NDArray[np.float64], count: int, log: bool) -> NDArray[np.float64]:
    low, high = float(z.min()), float(z.max())
    if high == low:
        return np.array([low - 0.5, low + 0.5])
    if log:
        return low + (high - low) * np.geomspace(1e-3, 1, count + 1)[:-1]
    nice = np.asarray(MaxNLocator(count).tick_values(low, high))
    return nice[(nice > low) & (nice < high)]
