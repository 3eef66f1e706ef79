"""What every unit and the whole network say at every point of the plane, as bytes.

A map's byte is 128 + 127 v for a value v from -1 to 1; `palette` gives its colour. Rows run from
the top, columns from the left.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit import plots
from coursekit.widgets.playground.training.choices import FEATURES, SEVERAL
from coursekit.widgets.playground.training.datasets import EDGE, features
from coursekit.widgets.playground.training.model import Model
from coursekit.widgets.playground.training.network import trace32

MAP, UNIT_MAP = 100, 20  # points along each side
ZERO, SHADES = 128, 127

Bytes = NDArray[np.uint8]
Singles = NDArray[np.float32]


def palette() -> list[list[int]]:
    """Red, green, blue and opacity of each byte of a map."""
    v = np.clip((np.arange(256) - ZERO) / SHADES, -0.9999, 0.9999)
    colors: list[list[int]] = plots.map_colors(2 * np.arctanh(v)).tolist()
    return colors


def shade(values: NDArray[Any], discretize: bool = False) -> Bytes:
    """Values as bytes of a map; those beyond -1 and 1 have the full colour, NaN has that of 0."""
    values = np.sign(values) if discretize else np.clip(values, -1, 1)
    if np.isnan(values.sum()):  # which costs less than to look for NaN every time
        values = np.nan_to_num(values)
    bytes_: Bytes = np.rint(ZERO + SHADES * values).astype(np.uint8)
    return bytes_


def large_lattice() -> NDArray[np.float64]:
    """The points of a large map, (10000, 2): from edge to edge, as TensorFlow Playground's."""
    return _lattice(np.linspace(-EDGE, EDGE, MAP))


def small_lattice() -> NDArray[np.float64]:
    """The points of a unit's map, (400, 2): the middles of equal squares."""
    return _lattice(EDGE * ((2 * np.arange(UNIT_MAP) + 1) / UNIT_MAP - 1))


def _lattice(across: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack(np.meshgrid(across, across[::-1]), axis=-1).reshape(-1, 2)


def feature_maps() -> Bytes:
    """The small map of every feature there is, (features, 400)."""
    x = features(small_lattice(), list(FEATURES))
    return shade(_shares(x).T)


class Maps:
    """Draws maps of models; keeps the lattices' features from one picture to the next."""

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()

    def draw(self, model: Model, hover: tuple[int, int] | None) -> dict[str, Bytes]:
        """The output's large map, the map of every unit, and a large one of the unit hovered."""
        names = model.settings.features
        if names != self._names:
            self._names = names
            self._large = features(large_lattice(), names).astype(np.float32)
            self._small = features(small_lattice(), names).astype(np.float32)
        discretize = model.settings.discretize
        maps: dict[str, Bytes] = {}
        if hover is None:  # one layer after the other, so that none is kept longer than needed
            *_, out = trace32(model.net, self._large)
        else:
            traced = list(trace32(model.net, self._large))
            out = traced[-1]
            values = _column(model, hover[0], self._large, traced)[:, hover[1]]
            maps["hover"] = shade(values, discretize).reshape(MAP, MAP)
        maps["output_map"] = _output_map(model, out)
        traced = list(trace32(model.net, self._small))
        columns = len(model.stages) + (model.problem.kind == SEVERAL)
        units = np.concatenate(
            [_column(model, k, self._small, traced) for k in range(columns)], axis=1
        )
        small = shade(np.ascontiguousarray(units.T), discretize)
        maps["unit_maps"] = small.reshape(-1, UNIT_MAP, UNIT_MAP)
        return maps


def _output_map(model: Model, out: Singles) -> Bytes:
    """(100, 100) bytes, or (100, 100, 4) colours of more than two classes."""
    discretize = model.settings.discretize
    if model.problem.kind != SEVERAL:
        return shade(model.output.score(out[:, 0]), discretize).reshape(MAP, MAP)
    logits = np.nan_to_num(out.astype(np.float64))
    if discretize:
        logits = 1e3 * (logits == logits.max(axis=1, keepdims=True))
    return plots.class_colors(logits).reshape(MAP, MAP, 4)


def _shares(x: NDArray[Any]) -> NDArray[Any]:
    """Features as shares of their largest size."""
    return np.asarray(x / np.abs(x).max(axis=0))


def _column(model: Model, k: int, x: Singles, traced: list[Singles]) -> NDArray[Any]:
    """The values in the drawing's column k."""
    if k == 0:
        return _shares(x)
    values = traced[model.stages[k - 1].end - 1]
    if k < len(model.stages):
        return values
    several = model.problem.kind == SEVERAL
    return np.asarray(np.tanh(values / 2) if several else model.output.score(values))
