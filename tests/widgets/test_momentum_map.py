"""The explorer of momentum in a narrow valley."""

import numpy as np
import pytest

from coursekit import widgets
from coursekit.widgets.explorers.momentum_map import slower_factor


def companion_factor(alpha, rho):
    """The largest eigenvalue of the step as a matrix, over both directions: another way there."""
    steps = [[[1 + rho - alpha * c, -rho], [1, 0]] for c in (1, 25)]
    return np.abs(np.linalg.eigvals(np.array(steps))).max()


@pytest.mark.parametrize("alpha", [0.005, 0.03, 1 / 9, 0.15])
@pytest.mark.parametrize("rho", [0.0, 0.3, 4 / 9, 0.9])
def test_the_factor_is_the_largest_eigenvalue(alpha, rho):
    found = slower_factor(np.array([[alpha, rho]]))
    assert found == pytest.approx([companion_factor(alpha, rho)], abs=1e-6)


def test_the_walk_is_that_of_the_formula():
    state = widgets.MomentumMap(alpha=0.05, rho=0.5).state
    x, v = np.array([-10.0, 1.0]), np.zeros(2)
    for point in state.path:
        assert np.allclose(point, x)
        v = 0.5 * v + np.array([1, 25]) * x
        x = x - 0.05 * v


@pytest.mark.parametrize(
    ("alpha", "rho", "kinds"),
    [
        (0.02, 0.0, ("creeps", "creeps")),
        (0.07, 0.0, ("creeps", "jumps")),
        (0.03, 0.9, ("rings", "rings")),
        (0.09, 0.0, ("creeps", "diverges")),
    ],
)
def test_what_each_direction_does(alpha, rho, kinds):
    state = widgets.MomentumMap(alpha=alpha, rho=rho).state
    assert state.kinds == kinds
    x1, x2 = state.path.T
    assert (abs(x2[-1]) > 1) == (kinds[1] == "diverges")
    assert (np.diff(np.sign(x1)) != 0).any() == (kinds[0] == "rings")


def test_goal_and_words():
    explorer = widgets.MomentumMap()
    assert not explorer.goal_reached
    assert explorer.text == (
        "Learning rate 0.03, momentum 0.9, from (−10, 1). Along the valley the walk rings. Across "
        "it the walk rings. Factor per step 0.949; at the minimum from step 81 on."
    )
    explorer.set(alpha=0.11, rho=0.5)
    assert explorer.goal_reached and explorer.text.endswith("from step 12 on.")
    explorer.set(alpha=0.15, rho=0)
    assert explorer.text.endswith("Across it the walk diverges.") and not explorer.goal_reached
    explorer.set(alpha=0.005)
    assert explorer.text.endswith("not at the minimum within 150 steps.")


def test_the_walk_begins_where_the_start_is_put():
    explorer = widgets.MomentumMap(alpha=0.11, rho=0.5)
    begin, (there,) = explorer._handles[1], np.array([[-4.0, -2.0]])
    assert explorer.begin.get_xydata().tolist() == [[-10, 1]]
    explorer._layer.moved = {"n": 1, "moves": {"1": {"to": begin._pixels({"x1": -4, "x2": -2})[0]}}}
    np.testing.assert_allclose(explorer.state.path[0], there)
    np.testing.assert_allclose(explorer.walk.get_xydata(), explorer.state.path)
    np.testing.assert_allclose(explorer.begin.get_xydata(), [there])
    assert ", from (−4, −2)." in explorer.text
    # Whoever begins near the minimum is there sooner, which is not the goal.
    explorer = widgets.MomentumMap(alpha=0.11, rho=0.5, x1=0, x2=0)
    assert explorer.state.arrival == 0 and not explorer.goal_reached
