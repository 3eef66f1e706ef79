"""Tests of exercise 06.

The tolerance is that of single precision, which is far below any of the differences that the known
mistakes make. Scores are drawn from both sides, stay away from 0 where the kink is not the point,
and are never symmetric.
"""

from itertools import pairwise

import numpy as np

from coursekit.grading import close, parametrize, task

FLOAT32 = 1e-5  # relative; what a few operations in single precision are good to
TINY = 1e-6  # absolute: 1 - y in single precision is good to that, where y is near 1


def values_of(answer, names):
    """Take the values that a function should return apart."""
    assert isinstance(answer, tuple | list) and len(answer) == len(names.split(", ")), (
        f"Return {len(names.split(', '))} values, `{names}`."
    )
    return answer


def scores(rng, shape, low=0.3, high=4.0):
    """Draw scores of both signs, none of them near 0; at least two of each sign."""
    z = rng.uniform(low, high, size=shape)
    signs = rng.choice([-1, 1], size=z.size)
    signs[:4] = [1, -1, -1, 1]
    return z * signs.reshape(shape)


def compare(got, want, what):
    """Compare in single precision."""
    close(got, want, what, rtol=FLOAT32, atol=TINY)


def compare_strictly(student, reference, name, z, *numbers, case):
    """Call a function so that an overflow is an error; its input must stay as it was."""
    arguments = (z, *numbers)
    got, after = student.strictly(getattr(student, name), *arguments)
    want, _ = reference.strictly(getattr(reference, name), *arguments)
    compare(got, want, f"`{name}` {case}")
    assert np.array_equal(after, z), f"`{name}` changes the array that it gets: return a new one."


# 06.1 Sigmoid and tanh

FAR_LEFT = np.array([-1000.0, -720.0, -36.5, -2.5, -0.5])
FAR_RIGHT = np.array([0.75, 3.5, 41.0, 730.0, 1000.0])


@task("06.1", points=0.5)
def test_sigmoid(student, reference, rng):
    """The sigmoid of a matrix of moderate scores."""
    z = scores(rng, (4, 5))
    compare(student.sigmoid(z), reference.sigmoid(z), "`sigmoid` of a matrix of scores")


@task("06.1", points=0.5)
def test_sigmoid_far_left(student, reference):
    """The sigmoid of scores down to −1000, without an overflow."""
    compare_strictly(student, reference, "sigmoid", FAR_LEFT, case="of negative scores")


@task("06.1", points=0.5)
def test_sigmoid_far_right(student, reference):
    """The sigmoid of scores up to 1000, without an overflow."""
    compare_strictly(student, reference, "sigmoid", FAR_RIGHT, case="of positive scores")


@task("06.1", points=0.5)
def test_sigmoid_slope(student, reference, rng):
    """The slope of the sigmoid at moderate scores."""
    z = scores(rng, (3, 4))
    got, want = student.sigmoid_slope(z), reference.sigmoid_slope(z)
    compare(got, want, "`sigmoid_slope` of a matrix of scores")


@task("06.1", points=0.5)
def test_sigmoid_slope_far_out(student, reference):
    """The slope of the sigmoid from −1000 to 1000, without an overflow."""
    for z, side in [(FAR_LEFT, "negative"), (FAR_RIGHT, "positive")]:
        compare_strictly(student, reference, "sigmoid_slope", z, case=f"of {side} scores")


@task("06.1", points=0.5)
def test_tanh_slope(student, reference, rng):
    """The slope of tanh at moderate scores, and from −1000 to 1000."""
    for z, which in [
        (scores(rng, (3, 4), high=2.5), "a matrix of scores"),
        (FAR_LEFT, "negative scores"),
        (FAR_RIGHT, "positive scores"),
    ]:
        compare_strictly(student, reference, "tanh_slope", z, case=f"of {which}")


# 06.2 ReLU and leaky ReLU


@task("06.2", points=0.5)
def test_relu(student, reference, rng):
    """ReLU and its slope at scores of both signs."""
    z = scores(rng, (3, 5))
    for name in ("relu", "relu_slope"):
        compare_strictly(student, reference, name, z, case="of a matrix of scores")


@task("06.2", points=0.5)
def test_leaky_relu(student, reference, rng):
    """Leaky ReLU at scores of both signs, with two leaks."""
    for a in (0.1, 0.03):
        z = scores(rng, (3, 5))
        compare_strictly(student, reference, "leaky_relu", z, a, case=f"with the leak {a}")


@task("06.2", points=0.5)
def test_leaky_relu_slope(student, reference, rng):
    """The slope of leaky ReLU at scores of both signs, with two leaks."""
    for a in (0.1, 0.03):
        z = scores(rng, (3, 5))
        compare_strictly(student, reference, "leaky_relu_slope", z, a, case=f"with the leak {a}")


@task("06.2", points=0.5)
def test_kink(student, reference):
    """All four functions at scores of which some are exactly 0."""
    z = np.array([[0.0, -1.5, 2.0], [0.125, 0.0, -0.25]])  # one below the leak, too
    for name in ("relu", "relu_slope"):
        compare_strictly(student, reference, name, z, case="of scores with zeros")
    for name in ("leaky_relu", "leaky_relu_slope"):
        compare_strictly(student, reference, name, z, 0.2, case="of scores with zeros")


# 06.3 ELU

# Away from 1, so that a forgotten α shows; and above 1, as some take it.
ALPHAS = (0.5, 1.75)


@task("06.3", points=0.5)
def test_elu(student, reference, rng):
    """ELU at moderate scores, for two values of α."""
    for alpha in ALPHAS:
        z = scores(rng, (3, 5))
        compare_strictly(student, reference, "elu", z, alpha, case=f"with α = {alpha}")


@task("06.3", points=0.5)
def test_elu_slope(student, reference, rng):
    """The slope of ELU at moderate scores, for two values of α."""
    for alpha in ALPHAS:
        z = scores(rng, (3, 5))
        compare_strictly(student, reference, "elu_slope", z, alpha, case=f"with α = {alpha}")


@task("06.3", points=0.5)
def test_elu_far_out(student, reference):
    """ELU from −1000 to 1000 and at 0, without an overflow."""
    z = np.array([-1000.0, -800.0, -0.5, 0.0, 2.0, 715.0, 1000.0])
    compare_strictly(student, reference, "elu", z, 0.75, case="far out")


@task("06.3", points=0.5)
def test_elu_slope_far_out(student, reference):
    """The slope of ELU from −1000 to 1000 and at 0, without an overflow."""
    z = np.array([-1000.0, -800.0, -0.5, 0.0, 2.0, 715.0, 1000.0])
    compare_strictly(student, reference, "elu_slope", z, 0.75, case="far out")


# 06.4 Maxout, forward


def layer(rng, k, n_in, n_out):
    """Draw the weights and biases of a Maxout layer; the biases are as large as the products."""
    return rng.normal(size=(k, n_in, n_out)) / np.sqrt(n_in), rng.normal(size=(k, n_out))


def compare_maxout(student, reference, x, W, b, case):
    """Compare outputs and winners."""
    got = values_of(student.maxout(x, W, b), "y, winner")
    want = reference.maxout(x, W, b)
    compare(got[0], want[0], f"`y` {case}")
    close(got[1], want[1], f"`winner` {case}")


@task("06.4", points=1)
def test_maxout(student, reference, rng):
    """Eight examples through three pieces 4-5, and three through two pieces 6-2."""
    for N, k, n_in, n_out in [(8, 3, 4, 5), (3, 2, 6, 2)]:
        W, b = layer(rng, k, n_in, n_out)
        # The second layer's outputs are all negative: 0 is no piece.
        b = b - 9.0 if k == 2 else b
        x = rng.normal(size=(N, n_in))
        compare_maxout(student, reference, x, W, b, f"of {k} pieces {n_in}-{n_out}")


@task("06.4", points=0.5)
def test_maxout_square(student, reference, rng):
    """Three examples through three pieces 3-3, where no shape gives advice."""
    W, b = layer(rng, 3, 3, 3)
    compare_maxout(student, reference, rng.normal(size=(3, 3)), W, b, "of 3 pieces 3-3")


@task("06.4", points=0.5)
def test_maxout_ties(student, reference):
    """Three pieces that are equally large for some examples."""
    W = np.array([[[1.0, 0.5]], [[-1.0, 1.5]], [[1.0, 0.5]]])  # exact in any order of the sums
    b = np.array([[0.5, 1.0], [0.5, -0.5], [0.5, 1.0]])
    x = np.array([[0.0], [2.0], [1.5], [-1.0]])
    compare_maxout(student, reference, x, W, b, "where pieces are equally large")


# 06.5 Maxout, backward


def passed_back(student, reference, rng, which):
    """Send errors back through three layers, and compare one of the gradients."""
    for N, k, n_in, n_out in [(7, 3, 4, 2), (2, 2, 3, 5), (3, 3, 3, 3)]:
        W, _ = layer(rng, k, n_in, n_out)
        x = rng.normal(size=(N, n_in))
        dy = rng.uniform(0.5, 2.0, size=(N, n_out)) * rng.choice([-1, 1], size=(N, n_out))
        winner = rng.integers(0, k, size=(N, n_out))
        # Every piece wins somewhere, and no piece everywhere.
        winner.flat[:k] = np.arange(k)[::-1]
        got = values_of(student.maxout_backward(dy, x, W, winner), "dx, dW, db")
        want = reference.maxout_backward(dy, x, W, winner)
        name = ("dx", "dW", "db")[which]
        case = f"of {k} pieces {n_in}-{n_out}, {N} examples"
        compare(got[which], want[which], f"`{name}` {case}")


@task("06.5", points=1)
def test_maxout_dW(student, reference, rng):
    """The gradient of the weights of three layers."""
    passed_back(student, reference, rng, 1)


@task("06.5", points=1)
def test_maxout_db(student, reference, rng):
    """The gradient of the biases of three layers."""
    passed_back(student, reference, rng, 2)


@task("06.5", points=1)
def test_maxout_dx(student, reference, rng):
    """The error that three layers send back to their inputs."""
    passed_back(student, reference, rng, 0)


# 06.6 Count the dead


def layer_scores(rng):
    """Draw the scores of seven units for nine examples; three of the units are dead.

    One unit is on for a single example, so little that its mean output is next to nothing. A dead
    one is just not on, with a largest score of exactly 0. One is on for all examples. One example
    turns no unit on.
    """
    z = -rng.uniform(0.5, 3.0, size=(9, 7))
    z[3, 1] = 0.001  # a specialist
    z[1:, 2] *= -1  # on for all examples but the first
    z[rng.integers(1, 9), 4] = 0.0  # dead, if only just
    z[2, 5], z[5, 5] = 40.0, 1.5  # its scores sum to more than 0
    z[1:, 6] = rng.uniform(0.5, 1.0, size=8)
    return z


@task("06.6", points=1)
def test_dead_units(student, reference, rng):
    """Nine examples and seven units, among them a rare specialist and one that just isn't on."""
    z = layer_scores(rng)
    close(student.dead_units(z), reference.dead_units(z), "the answer about seven units")


@task("06.6", points=0.5)
def test_dead_units_square(student, reference, rng):
    """Four examples and four units; one example turns no unit on."""
    z = scores(rng, (4, 4))
    z[1] = -np.abs(z[1])
    z[:, 0], z[:, 2] = [-1.5, -0.5, 0.25, -2.0], [-0.5, -1.0, -3.5, -2.5]
    z[0, [1, 3]] = 0.5
    close(student.dead_units(z), reference.dead_units(z), "the answer about four units")


def sick_network(rng):
    """Draw a network 3-6-5-4 with dead units in each layer, and forty inputs.

    With large weights its scores are far from 0, and the biases decide who is dead.
    """
    x = rng.uniform(0.5, 2.0, size=(40, 3)) * rng.choice([-1, 1], size=(40, 3))
    weights = [rng.uniform(0.5, 1.5, size=s) for s in [(3, 6), (6, 5), (5, 4)]]
    weights[0] *= rng.choice([-1, 1], size=(3, 6))
    weights[1][:, [0, 3]] *= -1  # the outputs below are never negative, so these are dead
    weights[1][[0, 3, 5], 1] = 0.0  # sees only units that are dead themselves
    weights[2][:, 2] *= -1
    biases = [np.full(6, 0.25), np.full(5, 0.5), np.full(4, 0.75)]
    biases[0][[1, 2, 4]] = -20.0
    biases[1][[0, 1, 3]] = -0.125  # only their biases keep these off where all outputs below are 0
    biases[2][2] = -0.125
    return x, weights, biases


@task("06.6", points=1)
def test_count_dead(student, reference, rng):
    """Forty inputs through a network 3-6-5-4."""
    x, weights, biases = sick_network(rng)
    got, want = student.count_dead(x, weights, biases), reference.count_dead(x, weights, biases)
    close(got, want, "the counts of the network 3-6-5-4")


@task("06.6", points=0.5)
def test_count_dead_in_one_layer(student, reference):
    """Three inputs through one layer with four units, one of which just isn't on."""
    x = np.array([[1.0, -1.0], [2.0, 0.5], [-0.5, 1.0]])
    W, b = (
        np.array([[1.0, 2.0, 0.0, -1.0], [1.0, 0.0, -1.0, 0.5]]),
        np.array([-2.5, -6, -0.5, -0.25]),
    )
    close(student.count_dead(x, [W], [b]), reference.count_dead(x, [W], [b]), "the counts of 2-4")


# 06.7 What is left of the gradient


def deep(rng, widths, N=5):
    """Draw inputs, weights without biases, and an error; scores are of the order of 1."""
    sizes = list(pairwise(widths))
    weights = [1.5 * rng.normal(size=size) / np.sqrt(size[0]) for size in sizes]
    return rng.normal(size=(N, widths[0])), weights, rng.normal(size=(N, widths[-1]))


@task("06.7", points=1)
@parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_gradient_sizes(student, reference, rng, activation):
    """Three layers of the same width, then 6-4-5-3, with the activation {activation}."""
    for widths in ([4, 4, 4, 4], [6, 4, 5, 3]):
        arguments = (*deep(rng, widths), activation)
        got, want = student.gradient_sizes(*arguments), reference.gradient_sizes(*arguments)
        compare(got, want, f"the sizes in {'-'.join(map(str, widths))}")


@task("06.7", points=1)
def test_gradient_sizes_deep(student, reference, rng):
    """Seven layers of five units, where the gradient of the sigmoid has nearly vanished."""
    arguments = (*deep(rng, [5] * 8), "sigmoid")
    got, want = student.gradient_sizes(*arguments), reference.gradient_sizes(*arguments)
    # Relative to the size itself: 0 is not right where little is left. Seven products of float32.
    close(got, want, "the sizes in seven layers", rtol=1e-4, atol=0)
