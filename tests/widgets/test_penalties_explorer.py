"""The explorer of penalties: exact minima, contours that touch, zeros that are counted."""

import numpy as np
import pytest

from coursekit import widgets
from coursekit.widgets.explorers import penalties

STRENGTHS = (0.0, 0.1, 0.3, 0.8, 1.5)


def sum_of(kind, strength):
    """Loss and penalty in the plane, (..., 2) -> (...), by formulas of the test's own."""
    parts = {
        "L2": lambda w: (w**2).sum(-1) / 2,
        "L1": lambda w: np.abs(w).sum(-1),
        "elastic net": lambda w: np.abs(w).sum(-1) + (w**2).sum(-1) / 2,
    }

    def total(w):
        d1, d2 = w[..., 0] - 0.3, w[..., 1] - 1.4
        return d1**2 / 2 + 0.2 * d1 * d2 + 0.4 * d2**2 + strength * parts[kind](w)

    return total


@pytest.mark.parametrize("kind", penalties.KINDS)
@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_pair_is_the_lowest_point_of_the_plane(kind, strength):
    pair = widgets.Penalties(kind=kind, strength=strength).state.pair
    total = sum_of(kind, strength)
    line = np.arange(-150, 201) / 100
    grid = np.stack(np.meshgrid(line, line), axis=-1)
    assert total(pair) <= total(grid).min() + 1e-12
    nearest = grid.reshape(-1, 2)[total(grid).argmin()]
    np.testing.assert_allclose(pair, nearest, atol=0.011)


@pytest.mark.parametrize("kind", penalties.KINDS)
@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_twelve_weights_fulfil_the_conditions_of_a_minimum(kind, strength):
    w = widgets.Penalties(kind=kind, strength=strength).state.weights
    curvature, pull, _ = penalties.regression()
    l1, l2 = (strength * part for part in penalties.KINDS[kind])
    slope = curvature @ w - pull + l2 * w  # of all but the L1 part
    np.testing.assert_allclose(slope[w != 0], -l1 * np.sign(w[w != 0]), atol=1e-8)
    assert (np.abs(slope[w == 0]) <= l1 + 1e-8).all()


@pytest.mark.parametrize("kind", penalties.KINDS)
def test_the_contours_pass_through_the_minimum_and_do_not_cross(kind):
    explorer = widgets.Penalties(kind=kind, strength=0.4)
    pair = explorer.state.pair
    fence, around = explorer.fence.get_xydata(), explorer.touching.get_xydata()
    for curve in (fence, around):
        corners = np.linalg.norm(curve - pair, axis=1)
        assert corners.min() < 0.03  # there is a point of the polygon next to it
    loss, penalty = sum_of(kind, 0.0), lambda w: sum_of(kind, 1.0)(w) - sum_of(kind, 0.0)(w)
    np.testing.assert_allclose(loss(around), loss(pair), atol=1e-9)
    np.testing.assert_allclose(penalty(fence), penalty(pair), atol=1e-9)
    assert loss(fence).min() >= loss(pair) - 1e-9  # nowhere on it is the loss lower


def test_l2_makes_no_zeros_and_l1_does():
    def zeros(kind):
        explorer = widgets.Penalties(kind=kind)
        return [int((explorer.set(strength=s).weights == 0).sum()) for s in STRENGTHS]

    assert zeros("L2") == [0] * len(STRENGTHS)
    l1 = zeros("L1")
    assert l1 == sorted(l1) and l1[0] == 0 and l1[-1] > 8


def test_the_error_is_measured_on_other_samples():
    state = widgets.Penalties(kind="L1", strength=0.0).state
    assert state.error == pytest.approx(state.plain_error)
    _, _, (x, t) = penalties.regression()
    assert len(x) == 1000
    # it can't be below the noise's variance but by luck of the thousand
    assert np.mean((x @ penalties.TRUE - t) ** 2) == pytest.approx(1, abs=0.1)
    assert state.error > 1.2


def test_goal_by_l1_alone():
    explorer = widgets.Penalties()
    reached = {
        kind: [
            s for s in np.arange(76) / 50 if explorer.goal(explorer.compute(kind=kind, strength=s))
        ]
        for kind in penalties.KINDS
    }
    assert reached["L2"] == reached["elastic net"] == []
    assert 3 <= len(reached["L1"]) <= 20
    explorer.set(kind="L1", strength=0.3)
    assert explorer.goal_reached
    assert "8 of 8 useless and 0 of 4 useful ones are exactly zero" in explorer.text


def test_marks_show_what_is_zero():
    explorer = widgets.Penalties(kind="L1", strength=0.3)
    w = explorer.state.weights
    np.testing.assert_array_equal(explorer.zeros.get_xdata(), np.flatnonzero(w == 0) + 1)
    np.testing.assert_array_equal(explorer.kept.get_ydata(), w[w != 0])
