"""Handles on an explorer's picture: dragging one moves the controls to which it is bound."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import numpy as np
import traitlets
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from coursekit.language import list_of, say
from coursekit.nn.validation import Array
from coursekit.plots.format_number import format_number
from coursekit.widgets.base.canvas import PIXELS_PER_INCH
from coursekit.widgets.base.controls import Control, Slider, Switch
from coursekit.widgets.base.join_modules import join_styles

Controls = Mapping[str, Control]
HERE = Path(__file__).parent
NARROWEST = "390px"  # a picture shrinks to this before it moves below its controls


@dataclass(frozen=True)
class Handle:
    """A place on the picture that is bound to one slider or to two, or a line that is a switch.

    The explorer says only where the handle lies; what a drag means follows: the sliders take those
    of their steps for which the handle is nearest to the pointer.

    Attributes
    ----------
    axes : Axes
        In whose units the place is given.
    bound : tuple of str
        The names of one slider or two, or of one switch.
    at : callable
        Takes all values by name and returns x and y; NaN where there is no such place. For a bound
        slider it must also take arrays. The ends of a switch's line are two arrays (2,).
    lit : tuple of str
        Further controls that are marked, with the bound ones, while the pointer is on the handle.
    note : callable, optional
        Takes all values by name and returns what is then written beside the handle. By default the
        names and values of the bound controls.
    low : bool
        Whether it is written at the foot of the picture instead, where it covers no label.
    """

    axes: Axes
    bound: tuple[str, ...]
    at: Callable[..., tuple[Any, Any]]
    lit: tuple[str, ...] = ()
    note: Callable[..., str] | None = None
    low: bool = False

    def shown(self, controls: Controls) -> dict[str, Any]:
        """What the browser has to know to draw the handle and to let it follow."""
        bound = [controls[name] for name in self.bound]
        values = {name: control.value for name, control in controls.items()}
        names = list_of(control.label for control in bound)
        text = ", ".join(f"{c.label} {_written(c.value)}" for c in bound)
        common = {
            "name": names,
            "text": text,
            "note": self.note(**values) if self.note else text,
            "low": self.low,
            "lit": [*(c.label for c in bound), *(controls[name].label for name in self.lit)],
        }
        if isinstance(bound[0], Switch):
            return common | {"on": bound[0].value, "ends": self._pixels(values).tolist()}
        tracks, ticks = [], []
        for name in self.bound:
            steps = _steps(controls[name])
            tracks.append(_shortened(self._pixels(values | {name: steps})))
            ticks.append([int(np.abs(steps - values[name]).argmin()), len(steps) - 1])
        (place,) = self._pixels(values)
        visible = bool(np.isfinite(place).all()) and None not in tracks
        if not visible:
            return common
        frame = self._page([self.axes.bbox.min, self.axes.bbox.max])
        box = [frame.min(axis=0).tolist(), frame.max(axis=0).tolist()]
        return common | {"at": place.tolist(), "tracks": tracks, "ticks": ticks, "frame": box}

    def moved(self, move: Mapping[str, Any], controls: Controls) -> dict[str, Any]:
        """The values that a move in the browser gives to the bound controls."""
        if "on" in move:
            return {self.bound[0]: bool(move["on"])}
        steps = [_steps(controls[name]) for name in self.bound]
        values = {name: control.value for name, control in controls.items()}
        if "ticks" in move:
            chosen = [None if tick is None else int(tick) for tick in move["ticks"]]
        else:
            grid = dict(zip(self.bound, np.meshgrid(*steps, indexing="ij"), strict=True))
            away = self._pixels(values | grid, clip=False) - np.asarray(move["to"])
            nearest = int(np.nanargmin((away**2).sum(axis=1)))
            chosen = [int(k) for k in np.unravel_index(nearest, [len(s) for s in steps])]
        found = zip(self.bound, steps, chosen, strict=True)
        return {n: controls[n].check(s[k].item()) for n, s, k in found if k is not None}

    def _pixels(self, values: Mapping[str, Any], *, clip: bool = True) -> Array:
        """Places for values or arrays of values, (n, 2), in the browser's pixels from the top."""
        shape = [np.asarray(values[name]) for name in self.bound]
        x, y = np.broadcast_arrays(*self.at(**values), *shape)[:2]
        places = self.axes.transData.transform(np.stack([np.ravel(x), np.ravel(y)], axis=1))
        return self._page(np.clip(places, *self.axes.bbox.get_points()) if clip else places)

    def _page(self, places: ArrayLike) -> Array:
        """From the figure's pixels, from the bottom, to the page's, from the top; (n, 2)."""
        figure = self.axes.get_figure(root=True)
        assert figure is not None
        x, y = np.transpose(places)
        pixels: Array = np.stack([x, figure.bbox.height - y], axis=1)
        return pixels * (PIXELS_PER_INCH / figure.dpi)


class HandleLayer(anywidget.AnyWidget):
    """All handles of a picture, drawn over it in the browser.

    It also gives the explorer's sliders and ▶ buttons the names that a screen reader says, and
    tells how many of the screen's pixels make one of the page's.
    """

    _esm = (HERE / "handles.js").read_text(encoding="utf-8")
    _css = join_styles(HERE / "handles.css")

    size = traitlets.List().tag(sync=True)  # of the picture, in the page's pixels
    names = traitlets.List().tag(sync=True)  # of the sliders, in their order
    handles = traitlets.List().tag(sync=True)  # what `Handle.shown` returns
    answered = traitlets.Int().tag(sync=True)  # the number of the last move that they include
    moved = traitlets.Dict().tag(sync=True)  # by the browser: the number and the moves by handle
    title = traitlets.Unicode().tag(sync=True)  # of all handles, for a screen reader
    ratio = traitlets.Float(0.0).tag(sync=True)  # by the browser; 0: no browser shows it yet

    def show(self, handles: Sequence[dict[str, Any]], answered: int) -> None:
        """Put the handles where they belong after so many moves."""
        with self.hold_sync():
            self.handles, self.answered = list(handles), answered


def stage(picture: ipywidgets.Image, layer: HandleLayer) -> ipywidgets.Widget:
    """The picture with the handles over it, as wide as the page allows."""
    for part in (picture, layer):
        # Another layout in the place of this one would leave this one behind.
        part.layout.grid_area, part.layout.width, part.layout.margin = "1 / 1 / 2 / 2", "100%", "0"
    return ipywidgets.GridBox(
        [picture, layer],
        layout={
            "flex": f"999 1 {NARROWEST}",  # takes the room before the controls do
            "max_width": f"{layer.size[0]}px",
            "min_width": "0",
            "margin": "2px 0 2px 10px",
            "align_items": "flex-start",
            "grid_template_columns": "minmax(0, 1fr)",
        },
    )


def _steps(control: Control) -> Array:
    assert isinstance(control, Slider)
    return control.steps()


def _shortened(track: Array) -> list[list[float]] | None:
    """A track as numbers for the browser: of an even straight one the ends do."""
    if not np.isfinite(track).all():
        return None
    even = np.linspace(track[0], track[-1], len(track))
    points = track[[0, -1]] if np.abs(even - track).max() < 0.1 else track
    rounded: list[list[float]] = np.round(points, 2).tolist()
    return rounded


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return say("on") if value else say("off")
    return format_number(value, ".10g")  # as the number box has it: a rate of 0.005 is not 0.01
