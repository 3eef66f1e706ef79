"""The walk of the explorer of backpropagation: its numbers, its words, its goal."""

import itertools

import numpy as np
import pytest

from coursekit import widgets
from coursekit.widgets.explorers.backprop import LAST, TARGETS, X


def sigmoid(s):
    return 1 / (1 + np.exp(-s))


def loss(w1, w2, v1, v2):
    """The network's loss by a formula of the test's own."""
    h = np.tanh(w1 * X[0] + w2 * X[1])
    return ((sigmoid(v1 * h) - TARGETS[0]) ** 2 + (sigmoid(v2 * h) - TARGETS[1]) ** 2) / 2


@pytest.mark.parametrize("weights", [(0.5, -1.0, 1.5, -1.0), (2.0, 3.5, -0.3, 4.0), (0, 0, 0, 0)])
def test_gradients_are_those_of_the_loss(weights):
    names = ("w1", "w2", "v1", "v2")
    state = widgets.Backprop(**dict(zip(names, weights, strict=True))).state
    assert state.loss == pytest.approx(loss(*weights))
    for i, got in enumerate([*state.grad_w, *state.grad_v]):
        step = 1e-6 * np.eye(4)[i]
        slope = (loss(*(weights + step)) - loss(*(weights - step))) / 2e-6
        assert got == pytest.approx(slope, abs=1e-8)


def test_the_error_of_h_is_the_sum_over_both_paths():
    state = widgets.Backprop().state
    assert state.error == pytest.approx(state.sent.sum())
    np.testing.assert_allclose(state.errors, state.y - TARGETS)
    np.testing.assert_allclose(state.sent, state.errors * state.slopes * state.v)
    np.testing.assert_allclose(state.grad_w, state.error * state.slope * X)
    assert state.slope == pytest.approx(1 - state.h**2)


def test_each_step_has_words_and_a_picture_of_its_own():
    explorer = widgets.Backprop()
    seen = [(explorer.set(step=k), explorer.text, explorer.picture()) for k in range(LAST + 1)]
    assert len({text for _, text, _ in seen}) == LAST + 1
    assert len({picture for _, _, picture in seen}) == LAST + 1
    assert seen[1][1] == "Forward along x₁ → h: the product is 0.5·1 = 0.5."
    assert seen[5][1] == "The loss is 0.08. The errors of the outputs, y − t: −0.242 and 0.318."
    assert seen[7][1].endswith("The sum of both paths is the error of h: −0.136.")


def test_what_is_not_yet_computed_is_not_yet_said():
    explorer = widgets.Backprop()
    for step, (error_shown, loss_shown) in {4: (0, 0), 5: (2, 1), 6: (2, 1), 7: (3, 1)}.items():
        explorer.set(step=step)
        texts = [text.get_text() for text in explorer.axes.texts]
        assert sum("ε" in text for text in texts) == error_shown
        assert sum("loss" in text for text in texts) == loss_shown


def test_goal_is_a_paralysed_network():
    explorer = widgets.Backprop()
    explorer.set(step=LAST)
    assert not explorer.goal_reached
    explorer.set(w1=4, w2=-4, v1=-6, v2=6)
    assert explorer.goal_reached
    explorer.set(step=LAST - 1)
    assert not explorer.goal_reached  # the walk is part of it
    explorer.set(step=LAST, v1=6, v2=-6)  # as flat, but right
    assert explorer.state.largest_gradient < 0.01
    assert not explorer.goal_reached


def test_goal_needs_large_weights():
    explorer = widgets.Backprop()
    for w1, w2, v1, v2 in itertools.product((-3, 0, 3), repeat=4):
        assert not explorer.goal(explorer.compute(LAST, w1, w2, v1, v2))


def test_tiny_numbers_are_written_as_powers_of_ten():
    explorer = widgets.Backprop(w1=6, w2=-6)
    explorer.set(step=2)
    assert explorer.text.endswith("h = tanh(Σ) = 1, slope z = 6·10⁻⁸.")


def test_a_note_is_at_the_foot_of_the_picture_where_nothing_is_written():
    explorer = widgets.Backprop(v1=-3)
    explorer.set(step=LAST)
    notes = [shown["note"] for shown in explorer._layer.handles]
    assert all(shown["low"] for shown in explorer._layer.handles)
    assert notes[1] == "w·x = −1·(−0.5) = 0.5, ε·z·x = 0.067·(−0.5) = −0.033"
    renderer = explorer.canvas.figure.canvas.get_renderer()
    lowest = min(text.get_window_extent(renderer).y0 for text in explorer.axes.texts)
    line = 22 * explorer.canvas.figure.dpi / 96  # a note's height and its distance from the edge
    assert lowest > line
