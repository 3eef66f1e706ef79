"""Losses of two parameters for optimizers to walk on, each difficult in its own way."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from coursekit.language import mark
from coursekit.nn.validation import Array

MAP_SIZE = (270, 195)  # points of the map that is sent to the browser


@dataclass(frozen=True)
class Landscape:
    """A loss of two parameters.

    Attributes
    ----------
    loss, gradient : callable
        (..., 2) -> (...), and (2,) -> (2,).
    minima : tuple of points
        The lowest points.
    limits : tuple of four floats
        Left, right, bottom and top of the map.
    start : tuple of two floats
        Where a walk begins by default.
    """

    loss: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    minima: tuple[tuple[float, float], ...]
    limits: tuple[float, float, float, float]
    start: tuple[float, float]

    @property
    def lowest(self) -> float:
        """The loss at the lowest points."""
        return float(self.loss(np.array(self.minima[0])))


CURVATURE = np.array([1.0, 25.0])
COS, SIN = np.cos(np.radians(35)), np.sin(np.radians(35))
TURN = np.array([[COS, -SIN], [SIN, COS]])
BEALE = (1.5, 2.25, 2.625)


def valley(x: Array) -> Array:
    """½ (x₁² + 25 x₂²)."""
    height: Array = 0.5 * (x**2 @ CURVATURE)
    return height


def valley_gradient(x: Array) -> Array:
    return CURVATURE * x


def turned(x: Array) -> Array:
    """The valley turned by 35°."""
    return valley(x @ TURN)


def turned_gradient(x: Array) -> Array:
    return TURN @ valley_gradient(x @ TURN)


def saddle(x: Array) -> Array:
    """½ x₁² − ½ x₂² + ¼ x₂⁴."""
    return 0.5 * x[..., 0] ** 2 - 0.5 * x[..., 1] ** 2 + 0.25 * x[..., 1] ** 4


def saddle_gradient(x: Array) -> Array:
    return np.array([x[0], x[1] ** 3 - x[1]])


def hollows(x: Array) -> Array:
    """¼ x₁⁴ − ½ x₁² + ⅒ x₁ + ½ x₂²."""
    first = x[..., 0]
    return first**4 / 4 - first**2 / 2 + first / 10 + x[..., 1] ** 2 / 2


def hollows_gradient(x: Array) -> Array:
    return np.array([x[0] ** 3 - x[0] + 0.1, x[1]])


def beale(x: Array) -> Array:
    """(1.5 − x₁ + x₁x₂)² + (2.25 − x₁ + x₁x₂²)² + (2.625 − x₁ + x₁x₂³)²."""
    x1, x2 = x[..., 0], x[..., 1]
    total = np.zeros_like(x1)
    for power, constant in enumerate(BEALE, start=1):
        total += (constant - x1 + x1 * x2**power) ** 2
    return total


def beale_gradient(x: Array) -> Array:
    x1, x2 = x
    total = np.zeros(2)
    for power, constant in enumerate(BEALE, start=1):
        miss = constant - x1 + x1 * x2**power
        total += 2 * miss * np.array([x2**power - 1, power * x1 * x2 ** (power - 1)])
    return total


DEEP = float(np.roots([1, 0, -1, 0.1]).real.min())  # where x³ − x + 1/10 is 0

#: By the names from which a student chooses.
LANDSCAPES = {
    mark("Beale's function"): Landscape(
        beale, beale_gradient, ((3.0, 0.5),), (-1.6, 4.5, -2.2, 2.0), (1.0, 1.5)
    ),
    mark("narrow valley"): Landscape(
        valley, valley_gradient, ((0.0, 0.0),), (-11.0, 7.0, -4.5, 4.5), (-10.0, 1.0)
    ),
    mark("valley turned by 35°"): Landscape(
        turned, turned_gradient, ((0.0, 0.0),), (-11.0, 7.0, -8.0, 5.0), (-8.0, -4.0)
    ),
    mark("saddle"): Landscape(
        saddle, saddle_gradient, ((0.0, 1.0), (0.0, -1.0)), (-2.4, 1.2, -1.5, 1.5), (-2.0, 0.001)
    ),
    mark("two hollows"): Landscape(
        hollows, hollows_gradient, ((DEEP, 0.0),), (-2.2, 2.2, -1.5, 1.5), (1.6, 1.0)
    ),
}


@cache
def relief(name: str) -> bytes:
    """The heights of a landscape's map, from which the browser draws its bands.

    Parameters
    ----------
    name : str
        A key of `LANDSCAPES`.

    Returns
    -------
    bytes
        float32, (rows, columns) of `MAP_SIZE`, the top row first: the square root of the height
        above the minimum, as a share of the largest. Roots are nearly linear around a minimum, so
        that the browser can interpolate them at its own resolution.
    """
    land = LANDSCAPES[name]
    left, right, bottom, top = land.limits
    width, height = MAP_SIZE
    grid = np.meshgrid(np.linspace(left, right, width), np.linspace(top, bottom, height))
    z = np.maximum(land.loss(np.stack(grid, axis=-1)) - land.lowest, 0)
    return bytes(np.sqrt(z / z.max()).astype(np.float32).tobytes())


def visible(path: Array, land: Landscape) -> Array:
    """The path up to its first step far outside the map."""
    left, right, bottom, top = land.limits
    span = max(right - left, top - bottom)
    centre = np.array([(left + right) / 2, (bottom + top) / 2])
    outside = np.flatnonzero(np.abs(path - centre).max(axis=1) > 2 * span)
    return path[: outside[0]] if len(outside) else path
