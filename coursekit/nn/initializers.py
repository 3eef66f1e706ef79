"""Where the weights start: functions ``(n_in, n_out, rng)`` that return an (n_in, n_out) matrix.

The scale decides whether signals keep their size from layer to layer. With independent weights of
mean 0 and variance ``s²``, a sum over `n_in` inputs has ``n_in · s²`` times their mean square, and
on the way back an error has ``n_out · s²`` times its own.
"""

from collections.abc import Callable

import numpy as np

from coursekit.nn.validation import Array, check_positive

Initializer = Callable[[int, int, np.random.Generator], Array]


def zeros(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """All zeros: right for one linear layer, but hidden units that start equal stay equal."""
    return np.zeros((n_in, n_out))


def normal(std: float) -> Initializer:
    """Return an initialiser that draws from the normal distribution N(0, std²)."""
    check_positive("std", std)
    return lambda n_in, n_out, rng: rng.normal(0.0, std, (n_in, n_out))


def uniform(limit: float) -> Initializer:
    """Return an initialiser that draws from U(-limit, limit), of variance ``limit² / 3``."""
    check_positive("limit", limit)
    return lambda n_in, n_out, rng: rng.uniform(-limit, limit, (n_in, n_out))


def glorot_normal(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """Draw from N(0, 2 / (n_in + n_out)), a compromise between the two directions.

    For tanh and other activations that are near the identity around 0 (Glorot & Bengio 2010).
    """
    return normal(np.sqrt(2 / (n_in + n_out)))(n_in, n_out, rng)


def glorot_uniform(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """Draw from U(-a, a) with ``a = sqrt(6 / (n_in + n_out))``: the variance of `glorot_normal`.

    The form given in the paper, equation 16 (Glorot & Bengio 2010).
    """
    return uniform(np.sqrt(6 / (n_in + n_out)))(n_in, n_out, rng)


def he_normal(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """Draw from N(0, 2 / n_in): ReLU keeps half of the signal, and the 2 makes up for it.

    For ReLU and its relatives (He et al. 2015).
    """
    return normal(np.sqrt(2 / n_in))(n_in, n_out, rng)


def he_uniform(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """Draw from U(-a, a) with ``a = sqrt(6 / n_in)``: the variance of `he_normal`."""
    return uniform(np.sqrt(6 / n_in))(n_in, n_out, rng)
