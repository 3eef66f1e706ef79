"""What the made data sets share: their arguments checked, their points shuffled."""

import numpy as np
from numpy.typing import NDArray

Seed = int | np.random.Generator
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_NOISE = 0.5  # the end of the Playground's slider


def generator(rng: Seed) -> np.random.Generator:
    """A generator from a seed, or the generator itself."""
    if rng is None or isinstance(rng, bool):
        raise ValueError(f"rng expected a seed (an integer) or a Generator, got {rng!r}")
    return np.random.default_rng(rng)


def check_noise(noise: float) -> None:
    """Refuse a noise that the Playground's slider does not reach."""
    if not 0 <= noise <= MAX_NOISE:
        raise ValueError(f"noise expected a number from 0 to {MAX_NOISE}, got {noise!r}")


def check_count(n: int, least: int = 1) -> None:
    """Refuse a number of points that is no integer or is too small."""
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < least:
        raise ValueError(f"n expected an integer of at least {least}, got {n!r}")


def shuffled(x: Floats, t: Ints, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """The points in random order."""
    order = rng.permutation(len(x))
    return x[order], t[order]
