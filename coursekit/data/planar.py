"""Points of the plane in classes: blobs, XOR, circles, spirals, moons.

The first four follow the data sets of TensorFlow Playground (github.com/tensorflow/playground,
src/dataset.ts): the same shapes, ranges and noise, its label +1 as class 1 and -1 as class 0.
Points lie within about -6 to 6 on both axes. Noise goes from 0 to 0.5, the Playground's 0 to 50;
it moves the points of some sets and the labels of others, as described at each.
"""

import numpy as np

from coursekit.data.sampling import Floats, Ints, Seed, shuffle, start
from coursekit.nn.validation import check_count


def blobs(n: int, *, rng: Seed, noise: float = 0.0, classes: int = 2) -> tuple[Floats, Ints]:
    """Gaussian clouds, one for each class.

    Two classes have their centres at (-2, -2) and (2, 2), as in the Playground; more are spread
    evenly over the circle through those. The variance along each axis is 0.5 + 7 · noise.

    Parameters
    ----------
    n : int
        Number of points; the classes' shares differ by at most one.
    rng : int or Generator
        Seed, or the generator to draw from.
    noise : float
        From 0 to 0.5.
    classes : int
        Number of clouds, at least 2.

    Returns
    -------
    x : array (n, 2)
    t : array of int (n,)
        Classes 0 to ``classes - 1``.

    Raises
    ------
    ValueError
        If ``n`` is less than ``classes``, ``classes`` less than 2, or the noise out of range.
    """
    rng = start(n, noise, rng, least=check_count("classes", classes, 2))
    t = np.arange(n, dtype=np.int64) % classes
    angle = np.pi * (1.25 - 2 * t / classes)
    centres = np.sqrt(8) * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return shuffle(rng.normal(centres, np.sqrt(0.5 + 7 * noise)), t, rng)


def xor(n: int, *, rng: Seed, noise: float = 0.0) -> tuple[Floats, Ints]:
    """Four squares, opposite ones of the same class.

    Points are uniform over the square from -5 to 5, each coordinate then moved away from zero by
    0.3, which leaves a gap along both axes. Class 1 where x1 · x2 ≥ 0, class 0 elsewhere. Noise
    moves no point: it moves where the label is read, by up to 5 · noise along each axis, so labels
    near the axes come out wrong.

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
    t : array of int (n,)
        1 where the coordinates have the same sign.

    Raises
    ------
    ValueError
        If ``n`` is not a positive integer or the noise is out of range.
    """
    rng = start(n, noise, rng)
    x = rng.uniform(-5, 5, (n, 2))
    x += np.where(x > 0, 0.3, -0.3)
    seen = x + noise * rng.uniform(-5, 5, (n, 2))
    return x, (seen[:, 0] * seen[:, 1] >= 0).astype(np.int64)


def circles(n: int, *, rng: Seed, noise: float = 0.0) -> tuple[Floats, Ints]:
    """A disc inside a ring.

    Half of the points have a radius uniform from 0 to 2.5, the others from 3.5 to 5. Class 1 where
    the radius is less than 2.5. Noise moves no point: it moves where the label is read, by up to
    5 · noise along each axis, so labels near the disc's rim come out wrong.

    Parameters
    ----------
    n : int
        Number of points; disc and ring differ by at most one.
    rng : int or Generator
        Seed, or the generator to draw from.
    noise : float
        From 0 to 0.5.

    Returns
    -------
    x : array (n, 2)
    t : array of int (n,)
        1 inside, 0 outside.

    Raises
    ------
    ValueError
        If ``n`` is not an integer of at least 2 or the noise is out of range.
    """
    rng = start(n, noise, rng, least=2)
    inside = np.arange(n) % 2 == 1
    radius = rng.uniform(np.where(inside, 0.0, 3.5), np.where(inside, 2.5, 5.0))
    angle = rng.uniform(0, 2 * np.pi, n)
    x = radius[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    seen = x + noise * rng.uniform(-5, 5, (n, 2))
    return shuffle(x, (np.hypot(seen[:, 0], seen[:, 1]) < 2.5).astype(np.int64), rng)


def spirals(n: int, *, rng: Seed, noise: float = 0.0) -> tuple[Floats, Ints]:
    """Two spirals, one inside the other.

    Point i of the m on an arm has the radius r = 5 i / m and the angle 3.5 π i / m, plus π for
    class 0; it lies at (r sin, r cos). Noise moves each coordinate by up to ``noise``.

    Parameters
    ----------
    n : int
        Number of points; the arms differ by at most one.
    rng : int or Generator
        Seed, or the generator to draw from.
    noise : float
        From 0 to 0.5.

    Returns
    -------
    x : array (n, 2)
    t : array of int (n,)
        The arm.

    Raises
    ------
    ValueError
        If ``n`` is not an integer of at least 2 or the noise is out of range.
    """
    rng = start(n, noise, rng, least=2)
    t = np.arange(n, dtype=np.int64) % 2
    share = (np.arange(n) // 2) / np.where(t == 1, n // 2, n - n // 2)
    angle = 3.5 * np.pi * share + np.where(t == 1, 0.0, np.pi)
    x = 5 * share[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    return shuffle(x + noise * rng.uniform(-1, 1, (n, 2)), t, rng)


def moons(n: int, *, rng: Seed, noise: float = 0.0) -> tuple[Floats, Ints]:
    """Two half circles of radius 3, each with an end inside the other.

    Class 0 is the upper one, with its centre at (-1.5, -0.75); class 1 the lower one, with its
    centre at (1.5, 0.75). Noise moves each coordinate by up to 3 · noise.

    Parameters
    ----------
    n : int
        Number of points; the moons differ by at most one.
    rng : int or Generator
        Seed, or the generator to draw from.
    noise : float
        From 0 to 0.5.

    Returns
    -------
    x : array (n, 2)
    t : array of int (n,)
        The moon.

    Raises
    ------
    ValueError
        If ``n`` is not an integer of at least 2 or the noise is out of range.
    """
    rng = start(n, noise, rng, least=2)
    t = np.arange(n, dtype=np.int64) % 2
    angle = rng.uniform(0, np.pi, n)
    arc = 3 * np.stack([np.cos(angle), np.sin(angle)], axis=1) - [1.5, 0.75]
    x = np.where(t[:, None] == 1, -arc, arc)  # one moon is the other turned by half a circle
    return shuffle(x + 3 * noise * rng.uniform(-1, 1, (n, 2)), t, rng)
