"""What the random data sets share: checks of their arguments, and shuffling."""

import numpy as np
from numpy.typing import NDArray

from coursekit.language import say
from coursekit.nn.validation import check_count, check_range

Seed = int | np.random.Generator
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_NOISE = 0.5  # the end of the Playground's slider


def as_generator(rng: Seed) -> np.random.Generator:
    """Return a generator from a seed, or the generator itself."""
    if rng is None or isinstance(rng, bool):
        raise ValueError(
            say("rng must be a seed (an integer) or a Generator, got {rng!r}", rng=rng)
        )
    return np.random.default_rng(rng)


def start(n: int, noise: float, rng: Seed, least: int = 1) -> np.random.Generator:
    """Check the arguments that all random sets share, and return the generator to draw from."""
    check_count("n", n, least)
    check_range("noise", noise, 0, MAX_NOISE)
    return as_generator(rng)


def shuffle(x: Floats, t: Ints, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """Return the points in random order."""
    order = rng.permutation(len(x))
    return x[order], t[order]
