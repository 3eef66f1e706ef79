"""The explorer of lecture 06: what ten layers do to a signal and to a gradient."""

import numpy as np
import pytest

from coursekit import widgets
from coursekit.widgets.base.text import two_digits


def test_signal_and_gradient_by_a_loop_of_the_tests_own():
    explorer = widgets.TenLayers()
    state = explorer.set(activation="tanh", gain=1.3)
    x, kept = explorer.x, []
    spread = [x.std(axis=0).mean()]
    for weights in explorer.weights:
        x = np.tanh(x @ (1.3 * weights))
        kept.append(x)
        spread.append(x.std(axis=0).mean())
    np.testing.assert_allclose(state.signal, spread)
    error = explorer.backwards
    sizes = [1.0]
    for x, weights in zip(kept[::-1], explorer.weights[::-1], strict=True):
        error = (error * (1 - x**2)) @ (1.3 * weights).T
        sizes.append(np.linalg.norm(error) / np.linalg.norm(explorer.backwards))
    np.testing.assert_allclose(state.gradient, sizes[::-1])


def test_slopes_are_slopes():
    for name in ("sigmoid", "tanh", "ReLU", "leaky ReLU", "ELU", "identity"):
        z, values, slopes = widgets.TenLayers(activation=name).state.slopes
        middle = (slopes[1:] + slopes[:-1]) / 2
        away = np.abs(z[1:] - 0.01) > 0.05  # from the kink
        np.testing.assert_allclose((np.diff(values) / np.diff(z))[away], middle[away], atol=1e-3)


@pytest.mark.parametrize(
    ("activation", "gain"), [("tanh", 1.4), ("ReLU", 1.5), ("leaky ReLU", 1.4), ("ELU", 1.2)]
)
def test_goal_is_reached(activation, gain):
    explorer = widgets.TenLayers(activation=activation)
    assert not explorer.goal_reached  # with gain 1
    explorer.set(gain=gain)
    assert explorer.goal_reached


def test_goal_is_not_reached_by_the_sigmoid_nor_by_the_identity():
    explorer = widgets.TenLayers()
    for gain in np.arange(1, 61) / 10:
        for activation in ("sigmoid", "identity"):
            assert not explorer.goal(explorer.compute(activation=activation, gain=gain, leak=0.1))
    kept = explorer.compute(activation="identity", gain=1.0, leak=0.1)  # but it does keep them
    assert kept.gradient[0] == pytest.approx(1, abs=0.3)
    assert kept.signal[-1] == pytest.approx(1, abs=0.3)


def test_sizes_beyond_the_picture_leave_it_with_an_arrow():
    explorer = widgets.TenLayers(activation="identity", gain=6)
    assert explorer.state.signal[-1] > 1e5
    assert explorer.signal.line.get_ydata().max() > 1e5
    assert [list(exit.get_ydata()) for exit in explorer.signal.exits] == [[], [1e5]]


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (0.2714, "0.27"), (421.3, "421"), (4.1e-7, "4.1·10⁻⁷"), (33_000, "3.3·10⁴")],
)
def test_two_digits(value, words):
    assert two_digits(value) == words
