"""The explorer of lecture 04: bumps from pairs of sigmoids."""

import numpy as np
import pytest

from coursekit import widgets
from coursekit.widgets.explorers.bumps import X, target

FOUND = {"h1": 0, "h2": 0.8, "h3": 0.4, "h4": -1.05, "h5": -0.7, "h6": 0.15, "steepness": 20}


def test_the_sum_by_a_formula_of_the_tests_own():
    state = widgets.Bumps().set(**FOUND)
    heights = list(FOUND.values())[:6]
    edges = [-0.5, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1.5]
    expected = np.zeros_like(X)
    for h, a, b in zip(heights, edges, edges[1:], strict=False):
        # a difference of sigmoids, written with tanh
        expected += h / 2 * (np.tanh(10 * (X - a)) - np.tanh(10 * (X - b)))
    np.testing.assert_allclose(state.y, expected, atol=1e-12)
    np.testing.assert_allclose(state.bumps.sum(axis=0), expected, atol=1e-12)
    assert state.error == pytest.approx(np.abs(expected - target(X)).max())
    assert state.mean == pytest.approx(np.abs(expected - target(X)).mean())
    assert abs(expected - target(X))[state.worst == X].item() == pytest.approx(state.error)


def test_goal():
    explorer = widgets.Bumps()
    assert not explorer.goal_reached
    explorer.set(**FOUND)
    assert explorer.goal_reached
    explorer.set(steepness=200)
    assert not explorer.goal_reached


def test_the_figure_in_the_goal_is_the_bound_of_flat_steps():
    # the middle of each sixth's range is the best height there
    y = target(np.linspace(0, 1, 1201))
    parts = [y[200 * k : 200 * k + 201] for k in range(6)]
    reached = max(np.abs(p - (p.max() + p.min()) / 2).max() for p in parts)
    assert f"below {reached:.2f})" in widgets.Bumps.goal_text


def test_steep_edges_alone_do_not_reach_the_goal():
    explorer = widgets.Bumps(steepness=200)
    sixths = np.minimum((6 * X).astype(int), 5)
    for shift in (-0.1, 0.0, 0.1):
        middles = [np.median(target(X[sixths == k])) + shift for k in range(6)]
        heights = {f"h{k + 1}": float(m) for k, m in enumerate(middles)}
        assert explorer.set(**heights).error > 0.25
