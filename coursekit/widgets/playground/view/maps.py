"""Maps of every unit's and the whole network's output over the plane, as bytes.

A map's byte is 128 + 127 v for a value v from -1 to 1; `map_palette` gives its colour. Rows run
from the top, columns from the left.
"""

import copy
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit import nn, plots
from coursekit.nn.validation import Array
from coursekit.widgets.playground.training.choices import FEATURES, SEVERAL
from coursekit.widgets.playground.training.datasets import EDGE, compute_features
from coursekit.widgets.playground.training.model import Model

MAP, UNIT_MAP = 100, 20  # points along each side
ZERO, SHADES = 128, 127

Bytes = NDArray[np.uint8]
Singles = NDArray[Any]  # float32, except where a layer computes in double precision


def map_palette() -> list[list[int]]:
    """Red, green, blue and opacity of each byte of a map."""
    v = np.clip((np.arange(256) - ZERO) / SHADES, -0.9999, 0.9999)
    colors: list[list[int]] = plots.map_colors(2 * np.arctanh(v)).tolist()
    return colors


def shade(values: NDArray[Any], discretize: bool = False) -> Bytes:
    """Values as bytes of a map; those beyond ±1 get the full colour, NaN the colour of 0."""
    values = np.sign(values) if discretize else np.clip(values, -1, 1)
    if np.isnan(values.sum()):  # which costs less than to look for NaN every time
        values = np.nan_to_num(values)
    bytes_: Bytes = np.rint(ZERO + SHADES * values).astype(np.uint8)
    return bytes_


def _lattice(across: Array) -> Array:
    return np.stack(np.meshgrid(across, across[::-1]), axis=-1).reshape(-1, 2)


#: The points of a large map, (10000, 2): from edge to edge, as TensorFlow Playground's.
LARGE = _lattice(np.linspace(-EDGE, EDGE, MAP))
#: The points of a unit's map, (400, 2): the middles of equal squares.
SMALL = _lattice(EDGE * ((2 * np.arange(UNIT_MAP) + 1) / UNIT_MAP - 1))


def feature_maps() -> Bytes:
    """The small map of every feature, (features, 400)."""
    return shade(_shares(compute_features(SMALL, list(FEATURES))).T)


class Maps:
    """Draws maps of a model.

    A byte needs no double precision, and a float32 tanh is four times as fast: the maps are
    computed by copies of the network's layers whose parameters are float32.
    """

    def __init__(self) -> None:
        self._net: nn.Sequential | None = None

    def draw(self, model: Model, hover: tuple[int, int] | None) -> dict[str, Bytes]:
        """A large map of the output, one of the hovered unit, and a small one of every unit."""
        if model.net is not self._net:
            names = model.settings.features
            self._net, self._layers = model.net, _in_single_precision(model.net)
            self._large = compute_features(LARGE, names).astype(np.float32)
            self._small = compute_features(SMALL, names).astype(np.float32)
        for layer, trained in zip(self._layers, model.net.layers, strict=True):
            layer.params.update(trained.params)
            layer.statistics.update(trained.statistics)
        discretize = model.settings.discretize
        maps: dict[str, Bytes] = {}
        outputs = self._trace(self._large)
        maps["output_map"] = _output_map(model, outputs[-1])
        if hover is not None:
            values = _column(model, hover[0], outputs)[:, hover[1]]
            maps["hover"] = shade(values, discretize).reshape(MAP, MAP)
        outputs = self._trace(self._small)
        columns = len(model.stages) + (model.problem.kind == SEVERAL)
        units = np.concatenate([_column(model, k, outputs) for k in range(columns)], axis=1)
        small = shade(np.ascontiguousarray(units.T), discretize)
        maps["unit_maps"] = small.reshape(-1, UNIT_MAP, UNIT_MAP)
        return maps

    def _trace(self, x: Singles) -> list[Singles]:
        """The features and the outputs of every layer."""
        return [*accumulate(self._layers, lambda y, layer: layer.infer(y), initial=x)]


def _in_single_precision(net: nn.Sequential) -> tuple[nn.Layer, ...]:
    """Copies of the layers with float32 arrays, for inference only."""
    layers = copy.deepcopy(net.layers)
    for layer in layers:
        for arrays in (layer.params, layer.statistics):
            dict.update(arrays, {name: a.astype(np.float32) for name, a in arrays.items()})
        if isinstance(layer, nn.Dense) and layer.mask is not None:
            layer.mask = layer.mask.astype(np.float32)
    return layers


def _output_map(model: Model, out: Singles) -> Bytes:
    """(100, 100) bytes, or (100, 100, 4) colours of more than two classes."""
    discretize = model.settings.discretize
    if model.problem.kind != SEVERAL:
        return shade(model.head.score(out[:, 0]), discretize).reshape(MAP, MAP)
    logits = np.nan_to_num(out.astype(np.float64))
    if discretize:
        logits = 1e3 * (logits == logits.max(axis=1, keepdims=True))
    return plots.class_colors(logits).reshape(MAP, MAP, 4)


def _shares(x: NDArray[Any]) -> NDArray[Any]:
    """Features, each divided by its largest absolute value."""
    return np.asarray(x / np.abs(x).max(axis=0))


def _column(model: Model, k: int, outputs: list[Singles]) -> NDArray[Any]:
    """The values in the drawing's column k, given the network's trace."""
    if k == 0:
        return _shares(outputs[0])
    values = outputs[model.stages[k - 1].end]
    if k < len(model.stages):
        return values
    several = model.problem.kind == SEVERAL
    return np.asarray(np.tanh(values / 2) if several else model.head.score(values))
