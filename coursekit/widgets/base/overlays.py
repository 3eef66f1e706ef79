"""What several explorers draw over their pictures: rings, and a grid of answers."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from numpy.typing import NDArray

from coursekit import plots


class Rings:
    """Rings round some of the points of an axes, named in its legend."""

    def __init__(self, axes: Axes, label: str = "") -> None:
        (self.artist,) = axes.plot([], [], "o", ms=19, mfc="none", mec=plots.INK, mew=1.8, zorder=4)
        if label:  # a smaller one, for the legend alone
            axes.plot([], [], "o", ms=11, mfc="none", mec=plots.INK, mew=1.5, label=label)

    def update(self, x: NDArray[np.float64]) -> None:
        """Put the rings round these points, (N, 2), N may be 0."""
        self.artist.set_data(x[:, 0], x[:, 1])


class AnswerGrid:
    """A grid of answers, 0 or 1, over the plane: the cue beside the colour.

    Parameters
    ----------
    axes : Axes
    low, high : float
        Limits of both axes.
    n : int
        The answers stand at the centres of n × n equal squares.

    Attributes
    ----------
    x : array (n², 2)
        Their places.
    """

    def __init__(self, axes: Axes, low: float, high: float, n: int) -> None:
        centres = low + (high - low) * (np.arange(n) + 0.5) / n
        self.x = np.stack(np.meshgrid(centres, centres), axis=-1).reshape(-1, 2)
        self.artists: list[PathCollection] = [
            axes.scatter([], [], marker=f"${answer}$", s=30, color="0.35", linewidths=0, zorder=1)
            for answer in (0, 1)
        ]

    def update(self, answers: NDArray[np.bool_], shown: NDArray[np.bool_]) -> None:
        """Show these answers, (N,), where there is room for them."""
        for answer, artist in enumerate(self.artists):
            artist.set_offsets(self.x[(answers == answer) & shown])


class LeavingCurve:
    """A curve that leaves the frame where its values do, with an arrow where it crosses the edge.

    Parameters
    ----------
    axes : Axes
        With a logarithmic axis upwards.
    form : str
        Of the line and its markers, as Matplotlib writes it.
    **style
        Of the line.
    """

    def __init__(self, axes: Axes, form: str, **style: Any) -> None:
        self.axes = axes
        (self.line,) = axes.plot([], [], form, **style)
        look: dict[str, Any] = {"ms": 9, "mec": plots.INK, "zorder": 6, "clip_on": False}
        look |= {"color": self.line.get_color(), "in_layout": False}
        self.exits = [axes.plot([], [], marker, **look)[0] for marker in ("v", "^")]

    def update(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        """Draw y over x, both (N,); y may be 0 and infinite."""
        frame = np.log10(self.axes.get_ylim())
        with np.errstate(divide="ignore"):
            powers = np.clip(np.log10(y), frame[0] - 100, frame[1] + 100)
        self.line.set_data(x, 10.0**powers)
        for exit, edge, out in zip(
            self.exits, frame, (powers < frame[0], powers > frame[1]), strict=True
        ):
            k = np.flatnonzero(out[1:] != out[:-1])  # before each crossing of this edge
            share = (edge - powers[k]) / (powers[k + 1] - powers[k])
            places = x[k] + share * (x[k + 1] - x[k])
            if out.all():
                places = x[:1]
            exit.set_data(places, np.full(len(places), 10.0**edge))


def soft_step(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores for the map of a unit with a step: -1 or 1, except in a narrow band at the border."""
    return np.clip(10 * scores, -1, 1)
