"""Surfaces over the plane to fit: a plane, and Gaussian bumps.

Both follow TensorFlow Playground (github.com/tensorflow/playground, src/dataset.ts). The points are
uniform over the square from -6 to 6. Noise moves no point: it moves where the surface is read, by
up to 6 · noise along each axis.
"""

import numpy as np

from coursekit.data.sampling import Floats, Seed, start

# centre and sign of each bump
_BUMPS = np.array(
    [
        (-4, 2.5, 1),
        (0, 2.5, -1),
        (4, 2.5, 1),
        (-4, -2.5, -1),
        (0, -2.5, 1),
        (4, -2.5, -1),
    ],
    dtype=np.float64,
)


def plane(n: int, *, rng: Seed, noise: float = 0.0) -> tuple[Floats, Floats]:
    """The inclined plane t = (x1 + x2) / 10.

    Parameters
    ----------
    n : int
        Number of points.
    rng : int or Generator
        Seed, or the generator to draw from.
    noise : float
        From 0 to 0.5.

    Returns
    -------
    x : array (n, 2)
    t : array (n, 1)
        Heights, from -1.2 to 1.2 without noise.

    Raises
    ------
    ValueError
        If ``n`` is not a positive integer or the noise is out of range.
    """
    x, seen = _square(n, rng, noise)
    return x, seen.sum(axis=1, keepdims=True) / 10


def gaussians(n: int, *, rng: Seed, noise: float = 0.0) -> tuple[Floats, Floats]:
    """Six bumps, three up and three down, in two rows.

    They keep the Playground's name, and its shape, which is a cone: at the distance d from the
    nearest centre, t = ±max(0, 1 - d / 2).

    Parameters
    ----------
    n : int
        Number of points.
    rng : int or Generator
        Seed, or the generator to draw from.
    noise : float
        From 0 to 0.5.

    Returns
    -------
    x : array (n, 2)
    t : array (n, 1)
        Heights, from -1 to 1.

    Raises
    ------
    ValueError
        If ``n`` is not a positive integer or the noise is out of range.
    """
    x, seen = _square(n, rng, noise)
    distance = np.linalg.norm(seen[:, None, :] - _BUMPS[None, :, :2], axis=2)
    heights = _BUMPS[:, 2] * np.clip(1 - distance / 2, 0, 1)
    highest = np.argmax(np.abs(heights), axis=1)
    return x, np.take_along_axis(heights, highest[:, None], axis=1)


def _square(n: int, rng: Seed, noise: float) -> tuple[Floats, Floats]:
    """Draw points of the square, and where the surface is read for each."""
    rng = start(n, noise, rng)
    x = rng.uniform(-6, 6, (n, 2))
    return x, x + noise * rng.uniform(-6, 6, (n, 2))
