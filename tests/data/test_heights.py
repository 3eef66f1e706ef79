"""The surfaces to fit: exact heights without noise, displaced reading with it."""

import numpy as np
import pytest

from coursekit import data

both = pytest.mark.parametrize("make", [data.plane, data.gaussians])


@both
def test_shapes_and_seed(make):
    x, t = make(300, rng=5, noise=0.1)
    assert x.shape == (300, 2) and t.shape == (300, 1)
    assert x.dtype == t.dtype == np.float64
    assert np.abs(x).max() <= 6
    again = make(300, rng=np.random.default_rng(5), noise=0.1)
    assert np.array_equal(x, again[0]) and np.array_equal(t, again[1])


@both
def test_noise_moves_heights_and_no_point(make):
    (x, t), (noisy_x, noisy_t) = make(500, rng=1), make(500, rng=1, noise=0.3)
    assert np.array_equal(x, noisy_x)
    assert not np.allclose(t, noisy_t)


@both
def test_bad_arguments(make):
    with pytest.raises(ValueError, match="noise must be"):
        make(10, rng=0, noise=1)
    with pytest.raises(ValueError, match="n must be a whole number of at least 1, got 0"):
        make(0, rng=0)
    with pytest.raises(ValueError, match="rng must be"):
        make(10, rng=None)


def test_the_plane():
    x, t = data.plane(400, rng=0)
    assert np.allclose(t[:, 0], (x[:, 0] + x[:, 1]) / 10)
    noisy = data.plane(4000, rng=0, noise=0.5)
    error = noisy[1][:, 0] - noisy[0].sum(axis=1) / 10
    assert 0.5 < np.abs(error).max() <= 2 * 0.5 * 6 / 10


def height(point):
    """The Playground's way: of all bumps, the one that is largest in size."""
    best = 0.0
    bumps = [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)]
    for cx, cy, sign in bumps:
        distance = np.hypot(point[0] - cx, point[1] - cy)
        new = sign * min(1.0, max(0.0, 1 - distance / 2))
        if abs(new) > abs(best):
            best = new
    return best


def test_the_bumps():
    x, t = data.gaussians(2000, rng=0)
    assert np.allclose(t[:, 0], [height(point) for point in x], atol=1e-12)
    assert t.max() > 0.9 and t.min() < -0.9
    assert np.mean(t == 0) > 0.3  # flat between the bumps
