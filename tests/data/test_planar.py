"""Points in classes: the Playground's formulas, their labels' meaning, their noise."""

import numpy as np
import pytest

from coursekit import data

SETS = [data.blobs, data.xor, data.circles, data.spirals, data.moons]
by_name = pytest.mark.parametrize("make", SETS, ids=lambda f: f.__name__)


@by_name
@pytest.mark.parametrize("n", [2, 3, 50, 501])
def test_shapes_and_kinds(make, n):
    x, t = make(n, rng=0, noise=0.2)
    assert x.shape == (n, 2) and x.dtype == np.float64
    assert t.shape == (n,) and t.dtype == np.int64
    assert set(t) <= {0, 1}


@by_name
def test_same_seed_same_points(make):
    x, t = make(100, rng=3, noise=0.3)
    for again in (3, np.random.default_rng(3)):
        x2, t2 = make(100, rng=again, noise=0.3)
        assert np.array_equal(x, x2) and np.array_equal(t, t2)
    assert not np.array_equal(x, make(100, rng=4, noise=0.3)[0])


@by_name
def test_a_generator_moves_on(make):
    rng = np.random.default_rng(0)
    assert not np.array_equal(make(20, rng=rng)[0], make(20, rng=rng)[0])


@by_name
def test_classes_are_mixed(make):
    _, t = make(200, rng=0)
    assert 0.3 < t[:100].mean() < 0.7


@by_name
@pytest.mark.parametrize("noise", [-0.01, 0.51, 50, float("nan")])
def test_noise_out_of_range(make, noise):
    with pytest.raises(ValueError, match=r"noise must be a number from 0 to 0\.5, got"):
        make(10, rng=0, noise=noise)


@by_name
@pytest.mark.parametrize("n", [0, -1, 2.5, True])
def test_numbers_of_points(make, n):
    with pytest.raises(ValueError, match="n must be a whole number of at least"):
        make(n, rng=0)


@by_name
@pytest.mark.parametrize("rng", [None, True])
def test_randomness_is_asked_for(make, rng):
    with pytest.raises(ValueError, match="rng must be a seed"):
        make(10, rng=rng)


@by_name
def test_points_stay_in_the_picture(make):
    x, _ = make(1000, rng=0)
    assert np.abs(x).max() <= 6


@pytest.mark.parametrize("make", [data.blobs, data.circles, data.spirals, data.moons])
@pytest.mark.parametrize("n", [10, 11])
def test_classes_share_the_points_evenly(make, n):
    _, t = make(n, rng=0)
    counts = np.bincount(t, minlength=2)
    assert abs(counts[0] - counts[1]) <= 1


@pytest.mark.parametrize(("noise", "variance"), [(0, 0.5), (0.25, 2.25), (0.5, 4)])
def test_blobs_have_the_playgrounds_centres_and_variance(noise, variance):
    x, t = data.blobs(40_000, rng=1, noise=noise)
    for k, centre in ((0, -2), (1, 2)):
        cloud = x[t == k]
        assert np.allclose(cloud.mean(axis=0), centre, atol=0.06)
        assert np.allclose(cloud.var(axis=0), variance, rtol=0.05)
        assert abs(np.corrcoef(cloud.T)[0, 1]) < 0.03


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_blobs_of_more_classes_lie_evenly_on_a_circle(classes):
    x, t = data.blobs(classes * 4000, rng=1, classes=classes)
    centres = np.array([x[t == k].mean(axis=0) for k in range(classes)])
    # from the lower left on, clockwise
    turn = np.pi * 5 / 4 - 2 * np.pi * np.arange(classes) / classes
    expected = np.sqrt(8) * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    assert np.allclose(centres, expected, atol=0.06)


@pytest.mark.parametrize("classes", [1, 2.0, True])
def test_blobs_need_two_classes(classes):
    with pytest.raises(ValueError, match="classes must be a whole number of at least 2"):
        data.blobs(10, rng=0, classes=classes)


def test_blobs_need_a_point_a_class():
    with pytest.raises(ValueError, match="n must be a whole number of at least 3, got 2"):
        data.blobs(2, rng=0, classes=3)


def test_xor_without_noise():
    x, t = data.xor(2000, rng=0)
    assert np.array_equal(t, x[:, 0] * x[:, 1] >= 0)
    assert np.abs(x).min() >= 0.3  # the gap along the axes
    assert 5.2 < np.abs(x).max() <= 5.3


def test_xor_noise_moves_labels_and_no_point():
    clean, _ = data.xor(2000, rng=0)
    x, t = data.xor(2000, rng=0, noise=0.2)
    assert np.array_equal(x, clean)
    wrong = t != (x[:, 0] * x[:, 1] >= 0)
    assert 0.02 < wrong.mean() < 0.3
    assert np.abs(x[wrong]).min(axis=1).max() < 0.2 * 5  # only labels near an axis


def test_circles_without_noise():
    x, t = data.circles(2000, rng=0)
    radius = np.hypot(*x.T)
    assert radius[t == 1].max() < 2.5
    assert radius[t == 0].min() > 3.5 and radius.max() < 5
    # the radius is uniform, not the area
    assert abs(radius[t == 1].mean() - 1.25) < 0.05
    assert abs(radius[t == 0].mean() - 4.25) < 0.05


def test_circles_label_is_read_after_the_noise():
    clean, _ = data.circles(3000, rng=0)
    x, t = data.circles(3000, rng=0, noise=0.3)
    assert np.array_equal(np.sort(x, axis=0), np.sort(clean, axis=0))
    radius = np.hypot(*x.T)
    wrong = t != (radius < 2.5)
    assert wrong.any()
    assert np.abs(radius[wrong] - 2.5).max() < 0.3 * 5 * np.sqrt(2)


def test_spirals_without_noise():
    n = 100
    x, t = data.spirals(n, rng=0)
    for k, turn in ((1, 0.0), (0, np.pi)):
        arm = x[t == k]
        arm = arm[np.argsort(np.hypot(*arm.T))]
        i = np.arange(n // 2)
        radius, angle = i / (n // 2) * 5, 1.75 * i / (n // 2) * 2 * np.pi + turn
        assert np.allclose(arm, np.stack([radius * np.sin(angle), radius * np.cos(angle)], 1))


@pytest.mark.parametrize(("make", "reach"), [(data.spirals, 1.0), (data.moons, 3.0)])
def test_noise_moves_the_points(make, reach):
    clean, _ = make(1000, rng=0)
    noisy, _ = make(1000, rng=0, noise=0.1)
    moved = np.abs(noisy - clean).max(axis=0)
    assert np.all(moved > 0.09 * reach) and np.all(moved <= 0.1 * reach)


def test_moons_without_noise():
    x, t = data.moons(500, rng=0)
    upper, lower = x[t == 0] + [1.5, 0.75], x[t == 1] - [1.5, 0.75]
    assert np.allclose(np.hypot(*upper.T), 3) and np.allclose(np.hypot(*lower.T), 3)
    assert upper[:, 1].min() >= 0 and lower[:, 1].max() <= 0
    assert x[t == 0][:, 1].min() < 0 < x[t == 1][:, 1].max()  # each reaches into the other
