"""What is inside a network: values layer by layer, and weights as pictures."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.patches import StepPatch
from numpy.typing import ArrayLike

from coursekit.language import say
from coursekit.plots.figures import figure_of, flatten
from coursekit.plots.format_number import format_number
from coursekit.plots.palette import BLUE, DIVERGING, INK

BARS = 40  # in each histogram


def layer_histograms(
    axes: Any,
    values: Sequence[ArrayLike],
    *,
    names: Sequence[str] | None = None,
    limits: tuple[float, float] | None = None,
) -> list[StepPatch]:
    """How the values in each layer are spread: one histogram a layer, all on one scale.

    The mean and the standard deviation are written under each name. Values beyond the limits are
    counted in the outermost bars.

    Parameters
    ----------
    axes : array or sequence of Axes
        One for each layer.
    values : sequence of arrays
        Activations, weights or gradients of each layer, of any shape.
    names : sequence of str, optional
        Titles; "layer 1", … by default.
    limits : tuple of two floats, optional
        Range of the values; by default from the least to the greatest of all layers.

    Returns
    -------
    list of StepPatch
        One for each layer.

    Raises
    ------
    ValueError
        If the numbers of axes, layers and names differ, or a layer has no values or others than
        finite ones.
    """
    places, arrays = flatten(axes), [np.asarray(v, dtype=np.float64).ravel() for v in values]
    titles = (
        list(names)
        if names is not None
        else [say("layer {n}", n=k + 1) for k in range(len(arrays))]
    )
    if not len(places) == len(arrays) == len(titles):
        raise ValueError(
            say(
                "layer_histograms expected one axes and one name a layer, "
                "got {axes} axes, {layers} layers and {names} names",
                axes=len(places),
                layers=len(arrays),
                names=len(titles),
            )
        )
    for title, a in zip(titles, arrays, strict=True):
        if not a.size or not np.isfinite(a).all():
            raise ValueError(
                say(
                    "layer_histograms expected finite values, got none or others: {title}",
                    title=title,
                )
            )
    if limits is None:
        limits = min(a.min() for a in arrays), max(a.max() for a in arrays)
        if limits[0] == limits[1]:
            limits = limits[0] - 0.5, limits[1] + 0.5
    edges = np.linspace(*limits, BARS + 1)
    drawn = []
    for ax, a, title in zip(places, arrays, titles, strict=True):
        share = np.histogram(np.clip(a, *limits), edges)[0] / a.size
        patch = ax.stairs(share, edges, fill=True, color=BLUE, alpha=0.85)
        drawn.append(patch)
        mean, std = format_number(a.mean(), ".2g"), format_number(a.std(), ".2g")
        numbers = say("mean {mean}, std {std}", mean=mean, std=std)
        ax.set_title(f"{title}\n{numbers}", fontsize=9)
        ax.set(xlim=limits, xlabel=say("value"))
    places[0].set_ylabel(say("share of values"))
    return drawn


def weight_images(
    axes: Any,
    W: ArrayLike,
    shape: tuple[int, int],
    *,
    names: Sequence[str] | None = None,
) -> list[AxesImage]:
    """The incoming weights of units as pictures, on one scale: blue positive, orange negative.

    Negative weights of some size are marked with a minus, so that signs can be told without colour.

    Parameters
    ----------
    axes : array or sequence of Axes
        One for each unit shown; the first units are.
    W : array (n_in, n_units)
        Weights, a column for each unit.
    shape : tuple of two ints
        Rows and columns of a picture, n_in pixels in all.
    names : sequence of str, optional
        Titles; "unit 1", … by default.

    Returns
    -------
    list of AxesImage
        One for each axes.

    Raises
    ------
    ValueError
        If ``shape`` doesn't hold n_in pixels, there are more axes than units, or none.
    """
    places, W = flatten(axes), np.asarray(W, dtype=np.float64)
    if W.ndim != 2 or W.shape[0] != shape[0] * shape[1]:
        raise ValueError(
            say(
                "weight_images expected W ({pixels}, units), got {got}",
                pixels=shape[0] * shape[1],
                got=W.shape,
            )
        )
    if not 1 <= len(places) <= W.shape[1]:
        raise ValueError(
            say(
                "weight_images expected 1 to {most} axes, got {axes}",
                most=W.shape[1],
                axes=len(places),
            )
        )
    top = float(np.abs(W[:, : len(places)]).max()) or 1.0
    drawn = []
    for k, ax in enumerate(places):
        picture = W[:, k].reshape(shape)
        drawn.append(ax.imshow(picture, cmap=DIVERGING, vmin=-top, vmax=top))
        _frame(ax, names[k] if names is not None else say("unit {n}", n=k + 1))
        rows, columns = np.nonzero(picture < -top / 8)
        ax.scatter(columns, rows, s=14, marker="_", color=INK, linewidths=1.0)
    figure_of(places[0]).colorbar(drawn[0], ax=places, label=say("weight"), fraction=0.05, pad=0.02)
    return drawn


def image_grid(
    axes: Any, X: ArrayLike, shape: tuple[int, int], *, names: Sequence[str] | None = None
) -> list[AxesImage]:
    """Samples as pictures, white where 0 and black where largest, such as digits.

    Parameters
    ----------
    axes : array or sequence of Axes
        One for each sample shown; the first samples are.
    X : array (N, n_in)
        Samples, a row each.
    shape : tuple of two ints
        Rows and columns of a picture, n_in pixels in all.
    names : sequence of str, optional
        Titles.

    Returns
    -------
    list of AxesImage
        One for each axes.

    Raises
    ------
    ValueError
        If ``shape`` doesn't hold n_in pixels, or there are more axes than samples.
    """
    places, X = flatten(axes), np.asarray(X, dtype=np.float64)
    if X.ndim != 2 or X.shape[1] != shape[0] * shape[1] or len(X) < len(places):
        raise ValueError(
            say(
                "image_grid expected at least {n} samples ({pixels},), got {got}",
                n=len(places),
                pixels=shape[0] * shape[1],
                got=X.shape,
            )
        )
    top = float(X[: len(places)].max()) or 1.0
    drawn = []
    for k, ax in enumerate(places):
        drawn.append(ax.imshow(X[k].reshape(shape), cmap="gray_r", vmin=0, vmax=top))
        _frame(ax, names[k] if names is not None else "")
    return drawn


def _frame(ax: Axes, title: str) -> None:
    ax.set_title(title, fontsize=9)
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    ax.spines[:].set(visible=True, color="#B8B8B8")
