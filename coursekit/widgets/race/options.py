"""What the race's page needs once: choices, and the colours of both themes."""

from collections.abc import Sequence
from typing import Any

from matplotlib.colors import to_rgb

from coursekit.language import say
from coursekit.plots.curves import CURVES
from coursekit.plots.palette import FRAME, HEIGHTS, INK, MUTED, PAPER, mix
from coursekit.widgets.base.explorer import REACHED
from coursekit.widgets.base.output import colors
from coursekit.widgets.base.words import words
from coursekit.widgets.race.landscapes import LANDSCAPES, MAP_SIZE
from coursekit.widgets.race.trajectories import GOAL, GOAL_STEPS, MEMORIES, METHODS, RATES, STEPS

# Of each method, on the page and in the still picture.
LINE_COLORS = (*CURVES, MUTED)
DASHES: tuple[list[int], ...] = ([], [9, 4], [9, 3, 2, 3], [2, 3], [14, 3, 2, 3, 2, 3], [5, 5])
#: What matplotlib calls them; its dashes are in widths of the line.
LOOKS = {
    name: {"color": color, "linestyle": (0, [d / 2 for d in dash]) if dash else "-", "marker": mark}
    for name, color, dash, mark in zip(METHODS, LINE_COLORS, DASHES, "os^Dv<", strict=True)
}


def all_options(module: str = "") -> dict[str, Any]:
    """The widget's trait ``options``; the module is the text of its page."""
    return {
        "surfaces": {
            name: {"limits": land.limits, "start": land.start, "minima": land.minima}
            for name, land in LANDSCAPES.items()
        },
        "methods": [
            {"name": name, "memory": method.symbol, "dash": dash}
            for (name, method), dash in zip(METHODS.items(), DASHES, strict=True)
        ],
        "rates": RATES,
        "memories": MEMORIES,
        "steps": STEPS,
        "map": MAP_SIZE,
        "colors": colors(),
        "themes": {"light": _light(), "dark": _dark()},
        "goal": say(GOAL, steps=GOAL_STEPS),
        "reached": say(REACHED),
        "words": words(module, [*LANDSCAPES]),
    }


def _light() -> dict[str, Any]:
    shades = [HEIGHTS(k / 14) for k in range(15)] + [to_rgb(mix(MUTED, PAPER, 0.35))]
    return {
        "ink": INK,
        "muted": MUTED,
        "paper": PAPER,
        "halo": PAPER,
        "methods": LINE_COLORS,
        "bands": _bytes(shades),
    }


def _dark() -> dict[str, Any]:
    """The same map in JupyterLab's dark theme: low is dark, and the lines are lighter."""
    shades = [to_rgb(mix(INK, FRAME, 0.15 + 0.4 * k / 14)) for k in range(15)]
    return {
        "ink": PAPER,
        "muted": mix(MUTED, PAPER, 0.5),
        "paper": INK,
        "halo": INK,
        "methods": [PAPER if c == INK else mix(c, PAPER, 0.45) for c in LINE_COLORS],
        "bands": _bytes([*shades, to_rgb(mix(INK, FRAME, 0.8))]),
    }


def _bytes(shades: Sequence[Sequence[float]]) -> list[list[int]]:
    """Red, green and blue of each band, and of the borders between bands."""
    return [[round(255 * v) for v in shade[:3]] for shade in shades]
