"""Splitting and standardising."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from coursekit.data import digits, split, standardize


def numbered(n):
    """Points that can be told apart, with targets that say which is which."""
    x = np.arange(2.0 * n).reshape(n, 2)
    return x, x[:, :1] / 2


@given(n=st.integers(2, 200), test=st.floats(0.05, 0.95), seed=st.integers(0, 9))
@settings(deadline=None, max_examples=60)
def test_a_split_loses_and_doubles_nothing(n, test, seed):
    x, t = numbered(n)
    n_test = round(test * n)
    if not 0 < n_test < n:
        with pytest.raises(ValueError, match="leaves a part empty"):
            split(x, t, test=test, rng=seed)
        return
    x_train, t_train, x_test, t_test = split(x, t, test=test, rng=seed)
    assert len(x_test) == len(t_test) == n_test and len(x_train) == len(t_train) == n - n_test
    assert sorted(np.concatenate([x_train, x_test])[:, 0]) == sorted(x[:, 0])
    assert np.array_equal(x_train[:, :1] / 2, t_train)  # targets stay with their points
    assert np.array_equal(x_test[:, :1] / 2, t_test)


@given(
    counts=st.lists(st.integers(1, 40), min_size=2, max_size=6),
    test=st.floats(0.1, 0.9),
    seed=st.integers(0, 9),
)
@settings(deadline=None, max_examples=60)
def test_classes_keep_their_shares(counts, test, seed):
    t = np.repeat(np.arange(len(counts)), counts)
    n, n_test = len(t), round(test * len(t))
    if not 0 < n_test < n:
        return
    _, t_train, _, t_test = split(np.zeros((n, 1)), t, test=test, rng=seed)
    share = np.bincount(t_test, minlength=len(counts)) / n_test
    assert np.all(np.abs(share * n_test - np.array(counts) * n_test / n) < 1 + 1e-9)
    assert np.array_equal(np.bincount(np.r_[t_train, t_test], minlength=len(counts)), counts)


def test_every_point_may_come_to_the_test_part():
    x, t = numbered(20)
    tested = {a for seed in range(200) for a in split(x, t, rng=seed)[2][:, 0]}
    assert tested == set(x[:, 0])
    labels = np.repeat([0, 1], 10)
    tested = {a for seed in range(200) for a in split(x, labels, rng=seed)[2][:, 0]}
    assert tested == set(x[:, 0])


def test_parts_are_shuffled_copies():
    x, _ = numbered(100)
    t = np.repeat([0, 1], 50)
    x_train, t_train, x_test, t_test = split(x, t, rng=0)
    assert 0.2 < t_train[:25].mean() < 0.8 and 0 < t_test[:12].mean() < 1
    x_train[:] = -1
    x_test[:] = -1
    assert x.min() == 0


def test_a_split_depends_on_the_seed_alone():
    x, t = digits()
    first, again = split(x, t, rng=1), split(x, t, rng=np.random.default_rng(1))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[1], split(x, t, rng=2)[1])


@pytest.mark.parametrize("test", [0, 1, -0.2, 1.5, float("nan")])
def test_shares_out_of_range(test):
    with pytest.raises(ValueError, match="test must be a share between 0 and 1, got"):
        split(*numbered(10), test=test, rng=0)


def test_split_of_parts_that_dont_fit():
    with pytest.raises(ValueError, match=r"as many targets as inputs, got x \(3, 1\) and t \(2,\)"):
        split(np.zeros((3, 1)), [0, 1], rng=0)
    with pytest.raises(ValueError, match="as many targets as inputs"):
        split(3.0, 1, rng=0)
    with pytest.raises(ValueError, match="rng must be"):
        split(*numbered(10), rng=None)


def test_standardize_uses_training_statistics_alone():
    rng = np.random.default_rng(0)
    train, test = rng.normal(3, 5, (200, 4)), rng.normal(-2, 9, (50, 4))
    given_train = train.copy()
    z, z_test = standardize(train, test)
    assert np.allclose(z.mean(axis=0), 0) and np.allclose(z.std(axis=0), 1)
    assert np.allclose(z_test, (test - train.mean(axis=0)) / train.std(axis=0))
    assert np.array_equal(train, given_train)
    assert len(standardize(train)) == 1


@pytest.mark.parametrize("value", [0.0, 0.1, 1e8 + 0.1, -1e-300])
def test_a_constant_feature_becomes_zero(value):
    train = np.column_stack([np.full(7, value), np.arange(7.0)])
    z, z_test = standardize(train, [[value, 0.0], [value + 1, 0.0]])
    assert np.array_equal(z[:, 0], np.zeros(7))
    assert z_test[0, 0] == 0 and z_test[1, 0] == pytest.approx(1)


@pytest.mark.parametrize(
    "arrays",
    [([1.0, 2.0],), (np.zeros((0, 3)),), (np.zeros((2, 3)), np.zeros((2, 4))), (3.0,)],
    ids=["vector", "empty", "other features", "number"],
)
def test_standardize_names_the_shapes(arrays):
    with pytest.raises(ValueError, match=r"standardize expected arrays \(N, features\), got \("):
        standardize(*arrays)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_standardize_refuses_what_is_no_number(bad):
    with pytest.raises(ValueError, match="finite"):
        standardize([[1.0], [2.0]], [[bad]])
