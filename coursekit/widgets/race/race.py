"""The optimizer race: several methods walk on one loss, played in the browser.

All paths are computed here, by `coursekit.nn`'s optimizers, and sent as one buffer. Playing,
pausing and scrubbing happen in ``race.js`` and ask nothing of the kernel.
"""

import asyncio
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray

from coursekit import plots
from coursekit.plots.curves import CURVES
from coursekit.plots.palette import HEIGHTS, MUTED
from coursekit.plots.show import picture_bundle
from coursekit.widgets.base.explorer import REACHED
from coursekit.widgets.base.output import VIEW_TYPE
from coursekit.widgets.base.text import listed
from coursekit.widgets.race.landscapes import LANDSCAPES, Array, Landscape
from coursekit.widgets.race.trajectories import (
    METHODS,
    NEAR,
    STEPS,
    SYMBOLS,
    arrival,
    check,
    describe,
    optimizer,
    walk,
)

GOAL_STEPS = 40
GOAL = f"on Beale's function from (1, 1.5), a method that arrives within {GOAL_STEPS} steps"
NAMES = ("$x_1$", "$x_2$")
WIDTH, HEIGHT = 600, 420  # pixels of the still picture
MAP_SIZE = (360, 260)  # pixels of the map that is sent

COLORS = (*CURVES, MUTED)
DASHES: tuple[list[int], ...] = ([], [9, 4], [9, 3, 2, 3], [2, 3], [14, 3, 2, 3, 2, 3], [5, 5])


class OptimizerRace(anywidget.AnyWidget):
    """Six optimizers on a loss of two parameters; each can be given its rate and memory.

    Parameters
    ----------
    surface : str
        A key of ``LANDSCAPES``: Beale's function, narrow valley, valley turned by 35°, saddle or
        two hollows.
    methods : sequence of str
        Who runs at first.

    Attributes
    ----------
    paths_by_name : dict of str to array (T + 1, 2)
        The paths of the last race; shorter than the others if the walk diverged.
    arrivals : dict of str to int or None
        From which step on each stays within 0.1 of the lowest point.
    """

    _esm = Path(__file__).parent / "race.js"
    _css = Path(__file__).parent / "race.css"

    options = traitlets.Dict().tag(sync=True)  # what can be chosen; never changes
    settings = traitlets.Dict().tag(sync=True)  # what is chosen, by the browser or by `set`
    relief = traitlets.Bytes().tag(sync=True)  # the map's pixels, red green blue opacity
    paths = traitlets.Bytes().tag(sync=True)  # float32 (methods, STEPS + 1, 2), NaN where diverged
    outcome = traitlets.Dict().tag(sync=True)
    race = traitlets.Int().tag(sync=True)  # counts the races, and tells the browser of a new one

    def __init__(
        self,
        surface: str = "Beale's function",
        methods: tuple[str, ...] = ("SGD", "Momentum", "Nesterov", "Adam"),
    ) -> None:
        try:
            self._loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None
        self.paths_by_name: dict[str, Array] = {}
        self.arrivals: dict[str, int | None] = {}
        self._drawn = ""
        lanes = {
            name: {"on": name in methods, "lr": lr, "memory": memory}
            for name, (_, _, lr, memory) in METHODS.items()
        }
        super().__init__(options=_options())
        if unknown := sorted(set(methods) - set(METHODS)):
            raise ValueError(f"expected some of {listed(METHODS)}, got {unknown[0]}")
        if surface not in LANDSCAPES:
            raise ValueError(f"expected a surface of {listed(LANDSCAPES)}, got {surface!r}")
        start = list(LANDSCAPES[surface].start)
        self.settings = {"surface": surface, "start": start, "lanes": lanes, "asked": 0}
        self._run()
        if self.outcome["error"]:
            raise ValueError(self.outcome["error"])
        self.observe(lambda change: self._hand(), "settings")

    # for programs

    def set(self, **values: Any) -> dict[str, int | None]:
        """Choose and run at once.

        Parameters
        ----------
        **values
            ``surface="narrow valley"`` (the start is then the surface's own), ``start=(1, 1.5)``,
            ``methods=("SGD", "Adam")``, and by method a rate, or a rate and a memory:
            ``Momentum=(0.01, 0.8)``, ``SGD=0.02``.

        Returns
        -------
        dict of str to int or None
            The arrivals.

        Raises
        ------
        ValueError
            If there is no such choice, or a number is out of its range. Nothing is changed then.
        """
        wanted: dict[str, Any] = {**self.settings, "lanes": {**self.settings["lanes"]}}
        if "surface" in values:
            wanted["surface"] = values.pop("surface")
            if wanted["surface"] in LANDSCAPES:
                wanted["start"] = list(LANDSCAPES[wanted["surface"]].start)
        if "start" in values:
            wanted["start"] = [float(v) for v in values.pop("start")]
        if "methods" in values:
            chosen = set(values.pop("methods"))
            if unknown := sorted(chosen - set(METHODS)):
                raise ValueError(f"expected some of {listed(METHODS)}, got {unknown[0]}")
            for name, lane in wanted["lanes"].items():
                wanted["lanes"][name] = {**lane, "on": name in chosen}
        for name, value in values.items():
            if name not in METHODS:
                raise ValueError(f"expected surface, start, methods or a method, got {name!r}")
            numbers = np.atleast_1d(np.asarray(value, dtype=np.float64)).tolist()
            lane = dict(zip(("lr", "memory"), numbers, strict=False))
            wanted["lanes"][name] = {**wanted["lanes"][name], **lane, "on": True}
        check(wanted)
        self.settings = wanted
        self._run()
        return self.arrivals

    @property
    def goal_reached(self) -> bool:
        """Whether the last race reached the goal."""
        here = self.settings
        if here["surface"] != "Beale's function" or [float(v) for v in here["start"]] != [1, 1.5]:
            return False
        return any(s is not None and s <= GOAL_STEPS for s in self.arrivals.values())

    @property
    def text(self) -> str:
        """The last race in words."""
        return str(self.outcome["text"])

    def picture(self) -> bytes:
        """The whole paths on the map, as PNG."""
        land = LANDSCAPES[self.settings["surface"]]
        fig, ax = plots.subplots(width=WIDTH / 100, height=HEIGHT / 100)
        paths = {name: _visible(path, land) for name, path in self.paths_by_name.items()}
        shown = dict(zip(list(paths)[:5], list(paths.values())[:5], strict=True))
        plots.loss_surface(
            ax, land.loss, shown, limits=land.limits, log=True, minimum=land.minima[0]
        )
        ax.set_title(self.settings["surface"])
        return bytes(plots.png(fig, dpi=100))

    def __repr__(self) -> str:
        return f"OptimizerRace({self.settings['surface']!r})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        words = " ".join(["The optimizer race.", self.text, f"Goal: {GOAL}."])
        words += f" {REACHED}" if self.goal_reached else ""
        live = {"model_id": self.model_id, "version_major": 2, "version_minor": 0}
        bundle, metadata = picture_bundle(self.picture(), words, width=WIDTH)
        return bundle | {VIEW_TYPE: live}, metadata

    # how a choice becomes a race

    def _hand(self) -> None:
        """Run in the loop in which the race was made: messages come in whichever thread."""
        if self._loop is None or self._loop.is_closed():
            self._run()
        else:
            self._loop.call_soon_threadsafe(self._run)

    def _run(self) -> None:
        chosen = self.settings
        key = repr({name: chosen[name] for name in ("surface", "start", "lanes", "asked")})
        if key == self._drawn:  # `set` has run it; the notice of the change comes after
            return
        self._drawn = key
        try:
            check(chosen)
        except ValueError as error:
            self.outcome = {**self.outcome, "error": str(error)}
            self.race += 1
            return
        land = LANDSCAPES[chosen["surface"]]
        running = {name: lane for name, lane in chosen["lanes"].items() if lane["on"]}
        self.paths_by_name = {
            name: walk(optimizer(name, lane), land, chosen["start"])
            for name, lane in running.items()
        }
        self.arrivals = {name: arrival(path, land) for name, path in self.paths_by_name.items()}
        buffer = np.full((len(running), STEPS + 1, 2), np.nan, dtype=np.float32)
        for lane_paths, path in zip(buffer, self.paths_by_name.values(), strict=True):
            lane_paths[: len(path)] = path
        ends = {name: len(path) - 1 for name, path in self.paths_by_name.items()}
        with self.hold_sync():
            self.relief = relief(chosen["surface"])
            self.paths = buffer.tobytes()
            self.outcome = {
                "surface": chosen["surface"],
                "names": list(running),
                "arrivals": self.arrivals,
                "diverged": {name: end for name, end in ends.items() if end < STEPS},
                "text": describe(self.arrivals, ends),
                "goal": self.goal_reached,
                "error": "",
            }
            self.race += 1


def relief(surface: str) -> bytes:
    """The map's pixels: bands of height, their borders darker."""
    land = LANDSCAPES[surface]
    left, right, bottom, top = land.limits
    width, height = MAP_SIZE
    grid = np.meshgrid(np.linspace(left, right, width), np.linspace(top, bottom, height))
    z = land.loss(np.stack(grid, axis=-1))
    z = z - z.min()
    bands = np.searchsorted(z.max() * np.geomspace(1e-4, 1, 15)[:-1], z)
    rgba: NDArray[np.uint8] = (255 * HEIGHTS(bands / 14)).astype(np.uint8)
    edge = np.zeros(bands.shape, dtype=bool)
    edge[:, 1:] |= bands[:, 1:] != bands[:, :-1]
    edge[1:] |= bands[1:] != bands[:-1]
    rgba[edge] = (141, 157, 167, 255)
    return rgba.tobytes()


def _visible(path: Array, land: Landscape) -> Array:
    """The path up to its first step far outside the map."""
    left, right, bottom, top = land.limits
    span = max(right - left, top - bottom)
    centre = np.array([(left + right) / 2, (bottom + top) / 2])
    gone = np.flatnonzero(np.abs(path - centre).max(axis=1) > 2 * span)
    return path[: gone[0]] if len(gone) else path


def _options() -> dict[str, Any]:
    return {
        "surfaces": {
            name: {"limits": land.limits, "start": land.start, "minima": land.minima}
            for name, land in LANDSCAPES.items()
        },
        "methods": [
            {"name": name, "memory": SYMBOLS[METHODS[name][1]], "color": color, "dash": dash}
            for name, color, dash in zip(METHODS, COLORS, DASHES, strict=True)
        ],
        "steps": STEPS,
        "near": NEAR,
        "map": MAP_SIZE,
        "goal": GOAL,
        "reached": REACHED,
    }
