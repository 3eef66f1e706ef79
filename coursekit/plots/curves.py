"""Curves: how training went, and an activation with its slope."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from coursekit.language import mark, say
from coursekit.plots.figures import legend_below
from coursekit.plots.palette import BLUE, COLORS, INK, LINESTYLES, ORANGE

#: Colours of curves, in order; the first two as the style file has them.
_EPOCH, _LOSS = mark("epoch"), mark("loss")
CURVES = (COLORS[1], COLORS[0], *COLORS[2:])


def loss_curves(
    ax: Axes,
    history: Any,
    *,
    log: bool = False,
    xlabel: str = _EPOCH,
    ylabel: str = _LOSS,
) -> list[Line2D]:
    """Losses over the epochs.

    Of a history that has a validation loss, the training loss is solid, the validation loss
    dashed, and the least validation loss is marked. Of several named runs, each has its own
    colour and line style.

    Parameters
    ----------
    ax : Axes
    history : History, mapping of str to array, or array
        What `coursekit.nn.fit` returned; or runs by name; or one series.
    log : bool
        Logarithmic axis.
    xlabel, ylabel : str
        What the axes measure.

    Returns
    -------
    list of Line2D
        One for each curve, with its label.

    Raises
    ------
    ValueError
        If there is no series, or a series is not a vector.
    """
    runs: dict[str, ArrayLike] = {say("training"): getattr(history, "loss", history)}
    if isinstance(history, Mapping):
        runs = dict(history)
    found = getattr(history, "validation_loss", None)
    validation = np.array([] if found is None else found, dtype=np.float64)
    if validation.size:
        runs[say("validation")] = validation
    drawn = []
    for k, (name, values) in enumerate(runs.items()):
        y = np.asarray(values, dtype=np.float64)
        if y.ndim != 1 or not len(y):
            raise ValueError(
                say(
                    "loss_curves expected vectors, got {name!r} of shape {got}",
                    name=name,
                    got=y.shape,
                )
            )
        (curve,) = ax.plot(
            np.arange(1, len(y) + 1),
            y,
            color=CURVES[k % len(CURVES)],
            linestyle=LINESTYLES[k % len(LINESTYLES)],
            marker="o" if len(y) == 1 else "",
            label=name,
        )
        drawn.append(curve)
    if not drawn:
        raise ValueError(say("loss_curves expected at least one series, got none"))
    if validation.size:
        best = int(np.argmin(validation))
        ax.plot(
            best + 1,
            validation[best],
            marker="v",
            markersize=8,
            linestyle="",
            color=CURVES[1],
            markeredgecolor=INK,
            label=say("least validation loss, epoch {n}", n=best + 1),
        )
    if log:
        ax.set_yscale("log")
    named = {_EPOCH: say(_EPOCH), _LOSS: say(_LOSS)}
    ax.set(xlabel=named.get(xlabel, xlabel), ylabel=named.get(ylabel, ylabel))
    ax.xaxis.set_major_locator(
        MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True, min_n_ticks=1)
    )
    if len(ax.get_lines()) > 1:
        legend_below(ax)
    return drawn


def activation(
    ax: Axes, function: Any, *, limits: tuple[float, float] = (-5.0, 5.0), slope: bool = True
) -> list[Line2D]:
    """An activation and its slope.

    Parameters
    ----------
    ax : Axes
    function : Layer
        An activation layer of `coursekit.nn`; it is called, and so is its ``derivative``.
    limits : tuple of two floats
        Range of the input.
    slope : bool
        Draw the slope too, dashed.

    Returns
    -------
    list of Line2D
        The values and, with ``slope``, the slope. A jump is left open.
    """
    # An even number of points: none at 0, where several have a kink or a jump.
    z = np.linspace(*limits, 1000)
    name = getattr(function, "__name__", type(function).__name__)
    curves = [ax.plot(z, _open_jumps(function(z)), color=BLUE, label=name)[0]]
    if slope:
        curves += ax.plot(
            z, _open_jumps(function.derivative(z)), "--", color=ORANGE, label=say("its slope")
        )
    ax.axhline(0, color=INK, linewidth=0.8, zorder=1)
    ax.axvline(0, color=INK, linewidth=0.8, zorder=1)
    ax.set(xlabel=say("score"), ylabel=say("value, slope") if slope else say("value"), xlim=limits)
    ax.legend(loc="upper left")
    return curves


def _open_jumps(values: ArrayLike) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The values, with a gap where they jump."""
    y = np.array(values, dtype=np.float64)
    steps = np.abs(np.diff(y))
    jumps = (steps > 0.05) & (steps > 0.4 * np.ptp(y))
    y[:-1][jumps] = np.nan
    return y
