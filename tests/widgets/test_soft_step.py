"""The explorer of lecture 04: one neuron, whose step is dragged."""

import numpy as np
import pytest

from coursekit import widgets
from coursekit.widgets.explorers.soft_step import X


def sigmoid_by_tanh(w, place, v):
    return v / 2 * (1 + np.tanh(w * (X - place) / 2))


@pytest.mark.parametrize(("w", "place", "v"), [(10, 0.3, 1), (-44, 0.62, -1.2), (0, 0.5, 0.8)])
def test_the_curve_by_a_formula_of_the_tests_own(w, place, v):
    explorer = widgets.SoftStep(w=w, place=place, v=v)
    state = explorer.state
    np.testing.assert_allclose(state.y, sigmoid_by_tanh(w, place, v), atol=1e-12)
    away = np.abs(sigmoid_by_tanh(w, place, v) - sigmoid_by_tanh(-40, 0.7, 1)).max()
    assert state.error == pytest.approx(away)
    assert state.b == pytest.approx(-w * place)
    assert ("no step" in explorer.text) == (w == 0)


def test_the_goal_needs_a_negative_weight():
    explorer = widgets.SoftStep()
    assert not explorer.goal_reached
    explorer.set(w=-40, place=0.7)
    assert explorer.goal_reached
    assert not any(
        explorer.compute(w=w, place=place, v=v).error < 0.3
        for w in range(0, 61, 10)
        for place in np.linspace(0, 1, 11)
        for v in (-1.5, -1, 0, 1, 1.5)
    )


def test_the_handles_lie_on_the_curve_and_on_the_lever():
    explorer = widgets.SoftStep(w=-20, place=0.4, v=-0.8)
    middle, lever, end = (handle.at(**explorer.values) for handle in explorer._handles)
    assert middle == (0.4, -0.4)
    assert lever == pytest.approx((0.4 + 0.14, -0.4 - 1 / 6))
    np.testing.assert_allclose(end[1], np.interp(end[0], X, explorer.state.y), atol=1e-4)
    assert end[0] < 0.4  # the neuron is active on the left
