"""Points of the plane."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from numpy.typing import ArrayLike, NDArray

from coursekit.language import say
from coursekit.plots.figures import figure_of, legend as add_legend
from coursekit.plots.format_number import format_number
from coursekit.plots.palette import DIVERGING, INK, class_color, class_marker


def points(
    ax: Axes,
    x: ArrayLike,
    t: ArrayLike,
    *,
    labels: Sequence[str] | None = None,
    size: float = 36,
    legend: bool = False,
) -> list[PathCollection]:
    """Points of the plane; each class has its colour and its marker shape.

    Parameters
    ----------
    ax : Axes
    x : array (N, 2)
    t : array (N,) or (N, 1)
        Whole numbers: classes 0, 1, …; or -1 and +1, drawn as class 0 and class 1. Others are
        the targets of a regression: colour and marker by the sign, shade by the size.
    labels : sequence of str, optional
        Names of the classes.
    size : float
        Area of a marker in points squared.
    legend : bool
        Name the classes below the figure.

    Returns
    -------
    list of PathCollection
        One for each class that occurs, with its label.

    Raises
    ------
    ValueError
        If ``x`` is not (N, 2), the numbers of points differ, or a class is neither a name's index
        nor -1.
    """
    x, t = np.asarray(x, dtype=np.float64), np.asarray(t)
    if x.ndim != 2 or x.shape[1] != 2 or t.shape not in {(len(x),), (len(x), 1)}:
        raise ValueError(
            say("points expected x (N, 2) and t (N,), got {x} and {t}", x=x.shape, t=t.shape)
        )
    t = t.ravel()
    if np.array_equal(t, np.rint(t)):
        drawn = _classes(ax, x, t.astype(np.int64), labels, size)
    else:
        drawn = _heights(ax, x, t, labels or (say("negative"), say("positive or 0")), size)
    if legend:
        add_legend(figure_of(ax))
    return drawn


def _classes(
    ax: Axes, x: NDArray[Any], t: NDArray[Any], labels: Sequence[str] | None, size: float
) -> list[PathCollection]:
    kinds = set(t.tolist())
    signs = -1 in kinds and kinds <= {-1, 1}
    if not signs and any(k < 0 or (labels is not None and k >= len(labels)) for k in kinds):
        if labels is None:
            text = say("points expected classes from 0, or -1 and +1, got {got}", got=sorted(kinds))
        else:
            text = say(
                "points expected classes 0 to {last}, or -1 and +1, got {got}",
                last=len(labels) - 1,
                got=sorted(kinds),
            )
        raise ValueError(text)
    drawn = []
    for kind in sorted(kinds):
        k = int(kind > 0) if signs else kind
        name = format_number(kind, "+d") if signs else say("class {k}", k=k)
        name = name if labels is None else labels[k]
        drawn.append(_markers(ax, x[t == kind], k, size, name, color=class_color(k)))
    return drawn


def _heights(
    ax: Axes, x: NDArray[Any], t: NDArray[Any], labels: Sequence[str], size: float
) -> list[PathCollection]:
    top = float(np.abs(t).max())
    scale = {"cmap": DIVERGING, "vmin": -top, "vmax": top}
    drawn = []
    for k, side in enumerate((t < 0, t >= 0)):
        drawn.append(_markers(ax, x[side], k, size, "", c=t[side], **scale))
        _markers(ax, x[:0], k, size, labels[k], color=class_color(k))  # for the legend
    return drawn


def _markers(
    ax: Axes, x: NDArray[Any], k: int, size: float, name: str, **color: Any
) -> PathCollection:
    return ax.scatter(
        x[:, 0],
        x[:, 1],
        s=size,
        marker=class_marker(k),
        edgecolors=INK,
        linewidths=0.5,
        label=name,
        zorder=3,
        **color,
    )
