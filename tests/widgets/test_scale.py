"""The explorer of lecture 10: signal and gradient over the scale of the weights and the depth."""

import numpy as np
import pytest

from coursekit import widgets
from coursekit.widgets.explorers import scale_and_depth

FUNCTIONS = {
    "identity": (lambda z: z, lambda z: np.ones_like(z)),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "leaky ReLU": (lambda z: np.maximum(z / 2, z), lambda z: np.where(z > 0, 1, 0.5)),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
}


@pytest.mark.parametrize("activation", FUNCTIONS)
def test_one_network_by_a_loop_of_the_tests_own(activation):
    """A depth and a scale off the diagonal of the maps, with weights drawn as the explorer does."""
    f, slope = FUNCTIONS[activation]
    state = widgets.ScaleAndDepth(activation=activation, scale=1.4, depth=12).state
    rng = np.random.default_rng(0)
    start, error = rng.normal(size=(2, 4, 100))
    weights = rng.normal(size=(50, 100, 100)) * np.sqrt(1.4 / 100)
    x, sent = start, error
    scores = []
    for W in weights[:12]:
        scores.append(x @ W)
        x = f(scores[-1])
    for z, W in zip(scores[::-1], weights[11::-1], strict=True):
        sent = (sent * slope(z)) @ W.T
    assert state.signal == pytest.approx(np.linalg.norm(x) / np.linalg.norm(start))
    assert state.gradient == pytest.approx(np.linalg.norm(sent) / np.linalg.norm(error))


@pytest.mark.parametrize(("activation", "power"), [("identity", 1), ("ReLU", 2)])
def test_it_agrees_with_the_derived_figures(activation, power):
    """A layer multiplies the mean square by the scale, or with ReLU by half of it."""
    layers = np.arange(1, 51)[:, None]
    derived = layers / 2 * np.log10(scale_and_depth.SCALES / power)
    for table in scale_and_depth.signal_and_gradient_norms(activation):
        assert np.abs(table - derived).max() < 0.5  # of up to 35 powers of ten


def reached(activation):
    explorer = widgets.ScaleAndDepth()
    scales = scale_and_depth.SCALES
    states = [explorer.compute(activation=activation, scale=s, depth=45) for s in scales]
    return [s for s, state in zip(scales, states, strict=True) if explorer.goal(state)]


def test_goal_is_reached_at_the_scale_that_suits_the_activation():
    assert reached("ReLU") == [2]
    assert reached("leaky ReLU") == [1.6]  # 2 / (1 + 0.5²)
    assert reached("tanh")
    assert 1 not in reached("tanh")
    assert reached("sigmoid") == []


def test_goal_needs_depth_and_is_not_for_the_identity():
    explorer = widgets.ScaleAndDepth(activation="ReLU", scale=2.0, depth=39)
    assert not explorer.goal_reached
    explorer.set(depth=40)
    assert explorer.goal_reached
    explorer.set(activation="identity", scale=1.0)
    assert explorer.state.signal == pytest.approx(1, abs=0.3)
    assert not explorer.goal_reached


def test_a_scale_between_two_columns():
    low, between, high = (
        widgets.ScaleAndDepth(activation="ReLU", scale=s, depth=20).state.signal
        for s in (1.0, 1.1, 1.2)
    )
    assert between == pytest.approx(np.sqrt(low * high))


def test_words():
    explorer = widgets.ScaleAndDepth(activation="sigmoid", scale=1.0, depth=20)
    assert "sigmoid, weights of variance 1 / 100. Through 20 layers" in explorer.text
    assert "10⁻" in explorer.text  # the gradient's multiple
