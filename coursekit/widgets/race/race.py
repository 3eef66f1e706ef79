"""The optimizer race: several methods walk on one loss, played in the browser.

All paths are computed here, by `coursekit.nn`'s optimizers, and sent as one buffer, whenever a
setting changes. Playing, pausing and scrubbing happen in ``js/`` and ask nothing of the kernel.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import numpy as np
import traitlets

from coursekit import plots
from coursekit.language import say
from coursekit.nn.validation import Array, check_choice
from coursekit.plots.figures import legend_below
from coursekit.plots.show import Bundle, picture_bundle, small_png
from coursekit.widgets.base.controls import Scheduler
from coursekit.widgets.base.explorer import REACHED
from coursekit.widgets.base.join_modules import join, join_styles
from coursekit.widgets.base.output import LiveOutput
from coursekit.widgets.race.landscapes import LANDSCAPES, relief, visible
from coursekit.widgets.race.options import LOOKS, all_options
from coursekit.widgets.race.trajectories import (
    GOAL,
    GOAL_STEPS,
    METHODS,
    STEPS,
    arrival,
    check,
    describe,
    optimizer,
    walk,
)

_MODULE = join(Path(__file__).parent / "js" / "main.js")
WIDTH, HEIGHT = 600, 420  # pixels of the still picture


class OptimizerRace(anywidget.AnyWidget):
    """Six optimizers on a loss of two parameters, each with a rate and a memory to choose.

    Parameters
    ----------
    surface : str
        A key of ``LANDSCAPES``: Beale's function, narrow valley, valley turned by 35°, saddle or
        two hollows.
    methods : sequence of str
        The names of those that run at first.

    Attributes
    ----------
    paths_by_name : dict of str to array (T + 1, 2)
        The paths of the last race; one that diverged is shorter than the others.
    arrivals : dict of str to int or None
        The step from which on each stays within 0.1 of a lowest point.
    """

    _esm = _MODULE
    _css = join_styles(Path(__file__).parent / "race.css")

    options = traitlets.Dict().tag(sync=True)  # what can be chosen; never changes
    settings = traitlets.Dict().tag(sync=True)  # what is chosen, by the browser or by `set`
    relief = traitlets.Bytes().tag(sync=True)  # the map's heights, see `landscapes.relief`
    # float32 (methods, STEPS + 1, 3): x₁, x₂ and the loss above the minimum, NaN where diverged
    paths = traitlets.Bytes().tag(sync=True)
    outcome = traitlets.Dict().tag(sync=True)
    race = traitlets.Int().tag(sync=True)  # counts the races; the browser watches it

    def __init__(
        self,
        surface: str = "Beale's function",
        methods: Sequence[str] = ("SGD", "Momentum", "Nesterov", "Adam"),
    ) -> None:
        self._scheduler = Scheduler()
        self.paths_by_name: dict[str, Array] = {}
        self.arrivals: dict[str, int | None] = {}
        self._drawn = ""
        self._reached = False
        lanes = {
            name: {"on": False, "lr": method.lr, "memory": method.memory}
            for name, method in METHODS.items()
        }
        super().__init__(options=all_options(_MODULE))
        self._output = LiveOutput(self, ipywidgets.VBox([self]), self.still)
        self.settings = {"surface": "", "start": [], "lanes": lanes, "asked": 0}
        self.set(surface=surface, methods=methods)
        self.observe(lambda _: self._scheduler.schedule(self._answer), "settings")

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
        for name in values:
            check_choice(say("a keyword"), name, ("surface", "start", "methods", *METHODS))
        lanes = {**self.settings["lanes"]}
        wanted = {**self.settings, "lanes": lanes}
        if "surface" in values:
            check_choice("surface", surface := values.pop("surface"), LANDSCAPES)
            wanted |= {"surface": surface, "start": list(LANDSCAPES[surface].start)}
        if "start" in values:
            wanted["start"] = [float(v) for v in values.pop("start")]
        if "methods" in values:
            for name in (chosen := list(values.pop("methods"))):
                check_choice(say("a method"), name, METHODS)
            for name, lane in lanes.items():
                lanes[name] = {**lane, "on": name in chosen}
        for name, value in values.items():
            numbers = np.atleast_1d(np.asarray(value, dtype=np.float64)).tolist()
            lane = dict(zip(("lr", "memory"), numbers, strict=False))
            lanes[name] = {**lanes[name], **lane, "on": True}
        check(wanted)
        self.settings = wanted
        self._run()
        self._output.update()
        return self.arrivals

    @property
    def goal_reached(self) -> bool:
        """Whether a race has reached the goal. Once reached, it stays reached."""
        return self._reached

    def _goal_step(self) -> int | None:
        """The step at which the last race reached the goal, None if it did not."""
        here = self.settings
        if here["surface"] != "Beale's function" or [float(v) for v in here["start"]] != [1, 1.5]:
            return None
        return min((s for s in self.arrivals.values() if s and s <= GOAL_STEPS), default=None)

    @property
    def text(self) -> str:
        """The last race in words."""
        return str(self.outcome["text"])

    def picture(self) -> bytes:
        """The whole paths on the map, as PNG."""
        land = LANDSCAPES[self.settings["surface"]]
        fig, ax = plots.subplots(width=WIDTH / 100, height=HEIGHT / 100)
        paths = {name: visible(path, land) for name, path in self.paths_by_name.items()}
        surface = plots.loss_surface(
            ax, land.loss, paths, limits=land.limits, log=True, minimum=land.minima[0]
        )
        for name, path in surface.paths.items():  # as on the page, whoever runs
            path.set(**LOOKS[name])
        legend_below(ax)
        ax.set(
            title=say(self.settings["surface"]), xlabel="$x_1$", ylabel="$x_2$"
        )  # as the controls
        return small_png(fig)

    def __repr__(self) -> str:
        return f"OptimizerRace({self.settings['surface']!r})"

    def still(self) -> Bundle:
        """The picture and the text as they are now, as an output of a notebook."""
        goal = say("Goal: {goal}.", goal=say(GOAL, steps=GOAL_STEPS))
        text = f"{say('The optimizer race.')} {self.text} {goal}"
        text += f" {say(REACHED)}" if self.goal_reached else ""
        return picture_bundle(self.picture(), text, WIDTH)

    def _ipython_display_(self) -> None:
        self._output.display()

    # how a choice becomes a race

    def _answer(self) -> None:
        self._run()
        self._output.update_later(self._scheduler.loop)

    def _run(self) -> None:
        chosen = self.settings
        key = repr({name: chosen[name] for name in ("surface", "start", "lanes", "asked")})
        if key == self._drawn:  # `set` has run it; the notification of the change follows
            return
        self._drawn = key
        try:
            check(chosen)
        except ValueError as error:
            self.outcome = {**self.outcome, "error": str(error), "asked": chosen["asked"]}
            self.race += 1
            return
        land = LANDSCAPES[chosen["surface"]]
        running = {name: lane for name, lane in chosen["lanes"].items() if lane["on"]}
        self.paths_by_name = {
            name: walk(optimizer(name, lane), land, chosen["start"])
            for name, lane in running.items()
        }
        self.arrivals = {name: arrival(path, land) for name, path in self.paths_by_name.items()}
        buffer = np.full((len(running), STEPS + 1, 3), np.nan, dtype=np.float32)
        for lane_paths, path in zip(buffer, self.paths_by_name.values(), strict=True):
            lane_paths[: len(path), :2] = path
            with np.errstate(over="ignore", under="ignore"):  # of a walk that diverged
                lane_paths[: len(path), 2] = land.loss(path) - land.lowest
        ends = {name: len(path) - 1 for name, path in self.paths_by_name.items()}
        goal_step = self._goal_step()
        self._reached = self._reached or goal_step is not None
        with self.hold_sync():
            self.relief = relief(chosen["surface"])
            self.paths = buffer.tobytes()
            self.outcome = {
                "surface": chosen["surface"],
                "start": list(chosen["start"]),
                "downhill": (-land.gradient(np.array(chosen["start"]))).tolist(),
                "names": list(running),
                "arrivals": self.arrivals,
                "diverged": {name: end for name, end in ends.items() if end < STEPS},
                "text": describe(self.arrivals, ends),
                "goal_step": goal_step,
                "asked": chosen["asked"],
                "error": "",
            }
            self.race += 1
