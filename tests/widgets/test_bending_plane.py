"""The explorer of lecture 03: a network's hidden plane, picture by picture."""

import numpy as np
import pytest

from coursekit import data, nn, widgets

X, T = data.circles(20, rng=0)
W, V = np.ones((2, 2)), np.ones((2, 1))
THETAS = np.random.default_rng(1).normal(size=(4, 9))


def explorer(thetas=THETAS, epochs=(0, 2, 5, 9), x=X, t=T):
    net = nn.Sequential(nn.Dense.from_weights(W), nn.Tanh(), nn.Dense.from_weights(V))
    return widgets.BendingPlane(net, thetas, epochs, x, t, limits=(-5, 5))


def hidden(theta, x):
    return np.tanh(x @ theta[:4].reshape(2, 2) + theta[4:6])


@pytest.mark.parametrize("step", range(4))
def test_the_hidden_plane_by_a_formula_of_the_tests_own(step):
    shown, theta = explorer(), THETAS[step]
    shown.set(step=step)
    plane = shown.plane
    for kind, points in enumerate(plane.points):
        np.testing.assert_allclose(points.get_offsets(), hidden(theta, X[kind == T]))
    along, places = np.linspace(-5, 5, 41), np.linspace(-5, 5, 11)
    level = [(a, place) for place in places for a in along]
    straight = np.array([*level, *((place, a) for a, place in level)])
    bent = np.concatenate([line.get_xydata() for line in plane.grid])
    np.testing.assert_allclose(bent, hidden(theta, straight), atol=1e-12)
    assert len(plane.grid) == 22
    if plane.border.line.get_visible():
        ends = plane.border.line.get_xydata()
        np.testing.assert_allclose(ends @ theta[6:8] + theta[8], 0, atol=1e-9)
    scores = hidden(theta, X) @ theta[6:8] + theta[8]
    right = ((scores > 0) == T).sum()
    assert shown.text == f"After {(0, 2, 5, 9)[step]} epochs: {right} of 20 points right."


def test_the_border_is_seen():
    theta = np.array([1, 0, 0, 1, 0, 0, 1, 1, 0.0])
    shown = explorer(thetas=[theta], epochs=[0])
    assert shown.plane.border.line.get_visible()
    assert not shown.plane.border.arrow.get_visible()


def test_the_goal_is_the_earliest_of_the_best_pictures():
    x, t = data.gate("or")
    right, wrong = [1, -2, 2, 1, 0, 0, 1, 0, -0.5], [1, -2, 2, 1, 0, 0, 1, 0, 5.0]
    shown = explorer([wrong, right, wrong, right], x=x, t=t)
    assert [shown.goal(shown.set(step=step)) for step in range(4)] == [False, True, False, False]


def test_the_network_handed_over_is_left_alone():
    net = nn.Sequential(nn.Dense.from_weights(W), nn.Tanh(), nn.Dense.from_weights(V))
    before = net.theta.copy()
    widgets.BendingPlane(net, THETAS, [0, 2, 5, 9], X, T, limits=(-5, 5)).set(step=2)
    np.testing.assert_array_equal(net.theta, before)


def test_a_row_of_parameters_for_each_epoch():
    with pytest.raises(ValueError, match="a row for each of 3 epochs, got 4"):
        explorer(epochs=[0, 1, 2])
