"""The explanation question of each exercise, and runs of what its model answer claims."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.grading.course.explanation import TO_WRITE, asked
from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.reference import solution

COURSE = find_course()


@pytest.mark.parametrize("name", COURSE.names)
def test_each_exercise_asks_for_an_explanation(name):
    texts, number = solution(COURSE, name).texts, name[:2]
    cells = f"solutions/{name}.ipynb, cell "
    assert texts.get(f"explanation-{number}") == TO_WRITE, (
        f"{cells}explanation-{number}: it is missing, or other than {TO_WRITE}"
    )
    assert asked(texts).endswith((".", "?")) and "\n\n" not in asked(texts), (
        f"{cells}question-{number}: below its heading it should have one paragraph, which ends in "
        "a full stop or a question mark, and the note on how to answer"
    )
    length = len(texts[f"model-answer-{number}"])
    assert 100 < length < 700, (
        f"{cells}model-answer-{number}: it has {length} characters, and should have 100 to 700"
    )


def says(number, *texts):
    """The model answer holds these texts, which the test below it computes."""
    (name,) = (name for name in COURSE.names if name.startswith(number))
    model = " ".join(solution(COURSE, name).texts[f"model-answer-{number}"].split())
    for text in texts:
        assert text in model


def test_01_no_line_separates_the_moved_corner():
    points = np.array([[0, 1], [1, 0], [0, 0], [3, 3]])
    half = points[:2].mean(axis=0)
    assert np.allclose(half, points[2] + (points[3] - points[2]) / 6)
    assert not np.allclose(points[:2].mean(axis=0), points[2:].mean(axis=0))
    grid = np.linspace(-4, 4, 33)
    w1, w2, w0 = np.meshgrid(grid, grid, grid)
    answers = [w1 * x1 + w2 * x2 - w0 > 0 for x1, x2 in points]
    assert not (answers[0] & answers[1] & ~answers[2] & ~answers[3]).any()
    assert (answers[0] & answers[1] & ~answers[2] & answers[3]).any()  # the grid finds OR's lines


def perceptron(eta, start, epochs=20):
    rng = np.random.default_rng(3)
    x, w, b, mistakes = rng.normal(size=(30, 2)), np.array(start), 0.0, []
    t = np.where(x @ [1.0, 2.0] > 0.3, 1, -1)
    for k in [*range(30)] * epochs:
        if t[k] * (x[k] @ w + b) <= 0:
            w, b = w + eta * t[k] * x[k], b + eta * t[k]
            mistakes.append(k)
    return mistakes, np.array([*w, b])


def test_02_the_rate_changes_the_length_of_the_weights_alone():
    says("02", "0.01 times yours", "no longer holds")
    (mistakes, theta), (others, small) = (perceptron(eta, [0.0, 0.0]) for eta in (1.0, 0.01))
    assert mistakes == others and len(mistakes) > 5 and np.allclose(small, 0.01 * theta)
    assert perceptron(1.0, [1.0, 1.0])[0] != perceptron(0.01, [1.0, 1.0])[0]


def test_03_the_border_is_straight_where_the_output_neuron_looks():
    says("03", "straight in the plane of the hidden outputs")
    rng = np.random.default_rng(0)
    W, b, w = rng.normal(size=(2, 2)) * 2, rng.normal(size=2), rng.normal(size=2)
    u = np.linspace(-0.3, 0.3, 5)  # along the line w · h = 0
    h = np.outer(u, [w[1], -w[0]])
    x = (np.arctanh(h) - b) @ np.linalg.inv(W)
    assert np.allclose(np.tanh(x @ W + b) @ w, 0)
    turns = np.diff(np.arctan2(*np.diff(x, axis=0).T))
    assert np.abs(turns).max() > 1e-3
    linear = (h - b) @ np.linalg.inv(W)
    assert np.allclose(np.diff(linear, 2, axis=0), 0)


def test_04_the_best_parabola_misses_the_absolute_value_by_an_eighth():
    says("04", r"x^2 + \tfrac18", r"largest error is $\tfrac18$")
    x = np.linspace(-1, 1, 2001)
    error = x**2 + 1 / 8 - np.abs(x)
    assert np.isclose(np.abs(error).max(), 1 / 8)
    # It is reached five times with alternating signs, so no parabola does better (Chebyshev).
    assert np.allclose(error[::500], [1 / 8, -1 / 8, 1 / 8, -1 / 8, 1 / 8])


def test_05_the_mean_gives_a_third():
    says("05", "factor of 3")
    v, w, t = np.array([0.3, -0.8]), np.array([0.5, -1.0, 2.0]), np.array([1.0, 0.0, -1.0])
    x = np.array([0.7, 0.4])

    def loss(v):
        return ((np.tanh(np.tanh(x @ v) * w) - t) ** 2).sum()

    h = np.tanh(x @ v)
    y = np.tanh(h * w)
    back = 2 * (y - t) * (1 - y**2) * w
    measured = nn.numerical_gradient(loss, v)
    assert np.allclose(back.sum() * (1 - h**2) * x, measured)
    assert np.allclose(3 * back.mean() * (1 - h**2) * x, measured)


def test_06_a_rate_for_the_first_layer_is_far_too_large_for_the_last():
    rng = np.random.default_rng(0)
    layers = [layer for _ in range(10) for layer in (nn.Dense(8, 8, rng=rng), nn.Sigmoid())]
    net, x, loss = nn.Sequential(*layers), rng.normal(size=(20, 8)), nn.MSE()

    def gradient(k):
        y, caches = net.forward(x)
        net.backward(loss(y, np.zeros_like(y))[1], caches)
        return np.linalg.norm(layers[k].grads["W"])

    first, last = gradient(0), gradient(-2)
    assert 1e-8 < first / last < 1e-4
    net.theta -= 1e6 * net.grad
    scores = net.trace(x)[-2]
    assert np.abs(scores).min() > 100 and gradient(0) == 0


def test_07_adams_first_step_is_as_long_as_the_rate():
    says("07", r"almost $\alpha$ for both")
    theta = np.zeros(2)
    adam = nn.Adam(0.1)
    adam.step(theta, np.array([1000.0, 0.001]))
    assert np.allclose(theta, -0.1, rtol=1e-4)
    noise = np.random.default_rng(0).choice([-1.0, 1.0], size=(500, 1))
    theta, steps, adam = np.zeros(1), [], nn.Adam(0.1)
    for grad in noise:
        before = theta.copy()
        adam.step(theta, grad)
        steps.append(abs(theta - before)[0])
    assert np.mean(steps[-100:]) < 0.05 and np.isclose(steps[0], 0.1)


def test_08_batch_norm_takes_shift_and_factor_away():
    says("08", "half as large", "biases is 0")
    rng = np.random.default_rng(0)
    x, W = rng.normal(size=(50, 3)), rng.normal(size=(3, 4))
    weigh = rng.normal(size=(50, 4))
    outputs, gradients = [], []
    for factor, shift in ((1, 0), (2, 5)):
        dense = nn.Dense.from_weights(factor * W, np.full(4, shift))
        net = nn.Sequential(dense, nn.BatchNorm(4, eps=1e-12))
        y, caches = net.forward(x)
        net.backward(weigh, caches)
        outputs.append(y)
        gradients.append(dense.grads["W"].copy())
        assert np.allclose(dense.grads["b"], 0)
    assert np.allclose(*outputs) and np.allclose(gradients[1], gradients[0] / 2)


def test_09_the_strength_of_a_penalty_cancels_in_adam():
    says("09", r"stays near $\alpha$ for every", "does double")

    def pull(decay, strength, grad, optimizer):
        theta = np.array([2.0])
        for _ in range(3):
            penalty = 0.0 if decay else strength * theta
            before = theta.copy()
            optimizer.step(theta, grad + penalty)
            theta -= optimizer.lr * strength * before if decay else 0
        return 2.0 - theta[0]

    adam = [pull(False, s, 0.0, nn.Adam(0.01)) for s in (0.1, 0.2)]
    sgd = [pull(False, s, 0.0, nn.SGD(0.01)) for s in (0.1, 0.2)]
    apart = [pull(True, s, 0.0, nn.Adam(0.01)) for s in (0.1, 0.2)]
    assert np.isclose(adam[0], adam[1], rtol=1e-3) and np.isclose(adam[0], 0.03, rtol=1e-2)
    assert np.isclose(sgd[1] / sgd[0], 2, rtol=0.01)
    assert np.isclose(apart[1] / apart[0], 2, rtol=0.01)


@pytest.mark.parametrize("equal", [False, True])
def test_10_equal_units_part_unless_their_outgoing_weights_are_equal(equal):
    says("10", "differ after the first step", "stay equal for ever")
    rng = np.random.default_rng(0)
    W, V = rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
    W[:, 1] = W[:, 0]
    if equal:
        V[1] = V[0]
    hidden = nn.Dense.from_weights(W)
    net = nn.Sequential(hidden, nn.Tanh(), nn.Dense.from_weights(V))
    x, t = rng.normal(size=(20, 3)), rng.normal(size=(20, 2))
    for _ in range(200 if equal else 1):
        y, caches = net.forward(x)
        net.backward(nn.MSE()(y, t)[1], caches)
        net.theta -= 0.1 * net.grad
    assert np.allclose(*hidden.params["W"].T[:2], rtol=1e-12) is equal


def test_11_the_best_of_twenty_is_lucky():
    says("11", "0.5 points", "0.9 points above")
    rng = np.random.default_rng(0)
    validation, test = rng.normal(0, 0.5, size=(2, 20_000, 20))
    chosen = validation.argmax(axis=1)[:, None]
    assert round(validation.max(axis=1).mean(), 1) == 0.9
    assert abs(np.take_along_axis(test, chosen, axis=1).mean()) < 0.02
