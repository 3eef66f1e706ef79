"""The explorer of lecture 08: ten layers without and with batch norm, for any initial scale."""

import numpy as np
import pytest

from coursekit import widgets


def test_spread_and_gradient_by_a_loop_of_the_tests_own():
    explorer = widgets.NormalisedLayers()
    state = explorer.set(activation="tanh", scale=10**0.3)
    for depth, batch_norm in ((state.plain, False), (state.normalised, True)):
        x, kept = explorer.x, []
        spread = [x.std(axis=0).mean()]
        for weights in explorer.weights:
            z = x @ (10**0.3 * weights)
            std = np.sqrt(z.var(axis=0) + 1e-5) if batch_norm else np.ones(z.shape[1])
            z_hat = (z - z.mean(axis=0)) / std if batch_norm else z
            x = np.tanh(z_hat)
            kept.append((x, z_hat, std))
            spread.append(x.std(axis=0).mean())
        np.testing.assert_allclose(depth.signal, spread)
        error, sizes = explorer.backwards, [1.0]
        for (x, z_hat, std), weights in zip(kept[::-1], explorer.weights[::-1], strict=True):
            error = error * (1 - x**2)
            if batch_norm:
                error = error - error.mean(axis=0) - z_hat * (error * z_hat).mean(axis=0)
            error = (error / std) @ (10**0.3 * weights).T
            sizes.append(np.linalg.norm(error) / np.linalg.norm(explorer.backwards))
        np.testing.assert_allclose(depth.gradient, sizes[::-1])


@pytest.mark.parametrize("activation", ["ReLU", "tanh", "sigmoid"])
def test_every_output_is_in_its_layers_histogram(activation):
    state = widgets.NormalisedLayers(activation=activation, scale=10.0).state
    for depth in (state.plain, state.normalised):
        np.testing.assert_allclose(depth.outputs.sum(axis=0), 1)
        assert depth.outputs.shape == (41, 10)


def test_saturated_outputs_are_at_the_edge_and_silent_ones_in_the_middle():
    explorer = widgets.NormalisedLayers(activation="tanh")
    bins = np.linspace(-2, 2, 42)
    saturated = explorer.set(scale=100.0).plain.outputs
    assert saturated[(bins[1:] > -0.9) & (bins[:-1] < 0.9)].sum(axis=0).max() < 0.1
    silent = explorer.set(scale=0.01).plain.outputs
    np.testing.assert_allclose(silent[20], 1)
    # the last one of each column, where larger ones are counted
    assert explorer.set(activation="ReLU", scale=100.0).plain.outputs[-1].min() > 0.4


@pytest.mark.parametrize("activation", ["ReLU", "tanh", "sigmoid"])
def test_with_batch_norm_the_scale_does_not_matter_while_epsilon_is_small(activation):
    explorer = widgets.NormalisedLayers(activation=activation)
    one, large = explorer.state, explorer.set(scale=100.0)
    np.testing.assert_allclose(large.normalised.signal, one.normalised.signal, rtol=0.02)
    np.testing.assert_allclose(large.normalised.gradient, one.normalised.gradient, rtol=0.1)
    assert large.plain.gradient[0] > 1e4 * one.plain.gradient[0]
    tiny = explorer.set(scale=0.001)  # its variance is a tenth of epsilon
    assert tiny.normalised.signal[-1] < 1e-4


@pytest.mark.parametrize(
    ("activation", "reached"),
    [("ReLU", [0.2]), ("tanh", [0.1, 0.15, 0.2, 0.25, 0.3]), ("sigmoid", [])],
)
def test_goal_is_reached_in_a_narrow_range_and_never_by_the_sigmoid(activation, reached):
    explorer = widgets.NormalisedLayers(activation=activation)
    exponents = np.round(np.arange(-0.2, 2.01, 0.05), 2)  # below, the signal dies out in all three
    states = {e: explorer.compute(scale=10.0**e, activation=activation) for e in exponents}
    assert [e for e, state in states.items() if explorer.goal(state)] == reached


def test_picture_and_words():
    explorer = widgets.NormalisedLayers()
    before = explorer.picture()
    explorer.set(scale=100.0)
    assert explorer.picture() != before
    assert "ReLU, scale 100." in explorer.text
    arrows = [exit.get_ydata().tolist() for exit in explorer.curves[2].exits]
    assert arrows == [[], [pytest.approx(1e5)]]  # without batch norm the gradient leaves at the top
    np.testing.assert_allclose(
        explorer.images[1].get_array() ** 2, explorer.state.normalised.outputs
    )
