"""Tests of exercise 06.

The tolerance is that of single precision, which is far below any of the differences that the known
mistakes make. Scores are drawn from both sides, stay away from 0 where the kink is not the point,
and are never symmetric.
"""

from itertools import pairwise

import numpy as np

from coursekit.grading import WrongAnswer, parametrize, task

FLOAT32 = 1e-5  # relative; what a few operations in single precision are good to
TINY = 1e-6  # absolute: 1 - y in single precision is good to that, where y is near 1
SINGLE = {"rtol": FLOAT32, "atol": TINY}


def scores(rng, shape, low=0.3, high=4.0):
    """Draw scores of both signs, none of them near 0; at least two of each sign."""
    z = rng.uniform(low, high, size=shape).round(2)
    signs = rng.choice([-1, 1], size=z.size)
    signs[:4] = [1, -1, -1, 1]
    return z * signs.reshape(shape)


def far(rng, sign):
    """Draw scores of one sign: as far out as the text says, too far for an exponential, and near.

    Most of those that are far are too far; nearer ones tell who cuts scores off too early.
    """
    z = [1000.0, *rng.uniform(715, 990, size=4), *rng.uniform(31, 45, size=2)]
    z += [*rng.uniform(0.3, 4.0, size=5), *rng.uniform(6, 10, size=2)]
    return sign * rng.permutation(np.round(z, 1))


# 06.1 Sigmoid and tanh


@task("06.1", points=0.5, numeric=True, **SINGLE)
def test_sigmoid(case, rng):
    """The sigmoid of moderate scores."""
    for shape in [(4,), (3, 5), (2, 3, 2)]:
        case("sigmoid", "the sigmoid", z=scores(rng, shape))


@task("06.1", points=0.5, numeric=True, **SINGLE)
def test_sigmoid_far_left(case, rng):
    """The sigmoid of scores down to −1000, without an overflow."""
    case("sigmoid", "the sigmoid", z=far(rng, -1))


@task("06.1", points=0.5, numeric=True, **SINGLE)
def test_sigmoid_far_right(case, rng):
    """The sigmoid of scores up to 1000, without an overflow."""
    case("sigmoid", "the sigmoid", z=far(rng, 1))


@task("06.1", points=0.5, numeric=True, **SINGLE)
def test_sigmoid_slope(case, rng):
    """The slope of the sigmoid at moderate scores."""
    for shape in [(4,), (3, 4), (2, 3, 2)]:
        case("sigmoid_slope", "the slope", z=scores(rng, shape))


@task("06.1", points=0.5, numeric=True, **SINGLE)
def test_sigmoid_slope_far_out(case, rng):
    """The slope of the sigmoid from −1000 to 1000, without an overflow."""
    for sign in (-1, 1):
        case("sigmoid_slope", "the slope", z=far(rng, sign))


@task("06.1", points=0.5, numeric=True, **SINGLE)
def test_tanh_slope(case, rng):
    """The slope of tanh at moderate scores, and from −1000 to 1000."""
    for shape in [(4,), (3, 4), (2, 3, 2)]:
        case("tanh_slope", "the slope", z=scores(rng, shape, high=2.5))
    for sign in (-1, 1):
        case("tanh_slope", "the slope", z=far(rng, sign))


# 06.2 ReLU and leaky ReLU


def leaks(rng):
    """Draw two leaks: one near the usual one, and a large one."""
    return round(float(rng.uniform(0.02, 0.2)), 2), round(float(rng.uniform(0.3, 0.8)), 2)


def with_zeros(rng, size):
    """Draw scores of which a third are exactly 0, the first and the last among them."""
    z = scores(rng, size, low=0.01)
    z[[0, -1]] = 0.0
    z[rng.permutation(np.arange(1, size - 1))[: size // 3]] = 0.0
    return z


@task("06.2", points=0.5, numeric=True, **SINGLE)
def test_relu(case, rng):
    """ReLU and its slope at scores of both signs."""
    for shape in [(4,), (3, 5), (2, 3, 2)]:
        z = scores(rng, shape)
        case("relu", "the output", z=z)
        case("relu_slope", "the slope", z=z)


@task("06.2", points=0.5, numeric=True, **SINGLE)
def test_leaky_relu(case, rng):
    """Leaky ReLU at scores of both signs, with two leaks."""
    for shape in [(4,), (3, 5)]:
        z = scores(rng, shape)
        z.flat[0] = 0.01  # less than each leak
        for a in leaks(rng):
            case("leaky_relu", "the output", z=z, a=a)


@task("06.2", points=0.5, numeric=True, **SINGLE)
def test_leaky_relu_slope(case, rng):
    """The slope of leaky ReLU at scores of both signs, with two leaks."""
    for shape in [(4,), (3, 5)]:
        z = scores(rng, shape)
        for a in leaks(rng):
            case("leaky_relu_slope", "the slope", z=z, a=a)


@task("06.2", points=0.5, numeric=True, **SINGLE)
def test_kink(case, rng):
    """All four functions at scores of which some are exactly 0."""
    for size in (9, 12):
        z = with_zeros(rng, size)
        case("relu", "the output", z=z)
        case("relu_slope", "the slope", z=z)
        case("leaky_relu", "the output", z=z, a=leaks(rng)[1])
        case("leaky_relu_slope", "the slope", z=z, a=leaks(rng)[1])


# 06.3 ELU


def alphas(rng):
    """Draw values of α, away from 1, so that a forgotten α shows; and above 1, as some take it."""
    return round(float(rng.uniform(0.4, 0.7)), 2), round(float(rng.uniform(1.6, 2.4)), 2)


@task("06.3", points=0.5, numeric=True, **SINGLE)
def test_elu(case, rng):
    """ELU at moderate scores, for two values of α."""
    for shape in [(5,), (3, 5)]:
        z = scores(rng, shape)
        z.flat[1] = -0.5  # for a large α, ELU is below the diagonal here
        for alpha in alphas(rng):
            case("elu", "the output", z=z, alpha=alpha)


@task("06.3", points=0.5, numeric=True, **SINGLE)
def test_elu_slope(case, rng):
    """The slope of ELU at moderate scores, for two values of α."""
    for shape in [(5,), (3, 5)]:
        z = scores(rng, shape)
        z.flat[0] = 0.2  # for a small α, ELU + α is less than 1 here
        for alpha in alphas(rng):
            case("elu_slope", "the slope", z=z, alpha=alpha)


@task("06.3", points=0.5, numeric=True, **SINGLE)
def test_elu_far_out(case, rng):
    """ELU from −1000 to 1000 and at 0, without an overflow."""
    for z in (far(rng, -1), far(rng, 1), with_zeros(rng, 9)):
        case("elu", "the output", z=z, alpha=alphas(rng)[0])


@task("06.3", points=0.5, numeric=True, **SINGLE)
def test_elu_slope_far_out(case, rng):
    """The slope of ELU from −1000 to 1000 and at 0, without an overflow."""
    for z in (far(rng, -1), far(rng, 1), with_zeros(rng, 9)):
        case("elu_slope", "the slope", z=z, alpha=alphas(rng)[0])


# 06.4 Maxout, forward


def layer(rng, N, k, n_in, n_out):
    """Draw inputs, weights and biases of a Maxout layer; biases are as large as the products."""
    x = rng.normal(size=(N, n_in)).round(2)
    W = (rng.normal(size=(k, n_in, n_out)) / np.sqrt(n_in)).round(2)
    return {"x": x, "W": W, "b": rng.normal(size=(k, n_out)).round(2)}


@task("06.4", points=1, **SINGLE)
def test_maxout(case, rng):
    """Layers of two to four pieces; all scores of some are negative."""
    for N, k, n_in, n_out in [(3, 3, 1, 2), (8, 3, 4, 5), (5, 4, 2, 3), (3, 2, 6, 2)]:
        drawn = layer(rng, N, k, n_in, n_out)
        if k == 2:
            drawn["b"] -= 9.0
        case("maxout", "y, winner", **drawn)


@task("06.4", points=0.5, **SINGLE)
def test_maxout_square(case, rng):
    """As many examples as pieces, inputs and outputs, where no shape gives advice."""
    for _ in range(3):
        case("maxout", "y, winner", **layer(rng, 3, 3, 3, 3))


@task("06.4", points=0.5, **SINGLE)
def test_maxout_ties(case, rng):
    """Pieces that are equally large for some examples."""
    # Multiples of 1/4, whose sums are exact in any order. With four pieces the last two are equal,
    # so that pieces behind the second win.
    for k, equal in ((3, [0, 1, 2]), (4, [2, 3])):
        W = rng.integers(-4, 5, size=(k, 1, 3)) / 4
        b = rng.integers(-4, 5, size=(k, 3)) / 4
        first, last = sorted(rng.permutation(equal)[:2].tolist())
        W[last], b[last] = W[first], b[first]
        b[[first, last]] += rng.integers(1, 4) / 2  # so that the equal ones often win
        b[:, 2] -= 8  # so that all scores of one unit are negative
        case("maxout", "y, winner", x=rng.integers(-8, 9, size=(6, 1)) / 4, W=W, b=b)


# 06.5 Maxout, backward

GRADIENTS = ("dx", "dW", "db")


def gradient(answer, which, dy, x, W, winner):
    """Take one of the three gradients."""
    values = answer.maxout_backward(dy, x, W, winner)
    if not isinstance(values, (tuple, list)) or len(values) != len(GRADIENTS):
        raise WrongAnswer("Return 3 values, `dx, dW, db`.")
    yield f"`{which}`", values[GRADIENTS.index(which)]


def passed_back(case, rng, which):
    """Send errors back through five layers, and compare one of the gradients."""
    for N, k, n_in, n_out in [(2, 3, 1, 2), (7, 3, 4, 2), (2, 2, 3, 5), (3, 3, 3, 3), (4, 4, 2, 2)]:
        drawn = layer(rng, N, k, n_in, n_out)
        dy = scores(rng, (N, n_out), low=0.5, high=2.0)
        # Every piece wins somewhere, but for the first and the last of four, which never do.
        winners = [1, 2] if k == 4 else np.arange(k)
        winner = rng.permutation(np.resize(winners, N * n_out)).reshape(N, n_out)
        case(gradient, which=which, dy=dy, x=drawn["x"], W=drawn["W"], winner=winner)


@task("06.5", points=1, **SINGLE)
def test_maxout_dW(case, rng):
    """The gradient of the weights of five layers."""
    passed_back(case, rng, "dW")


@task("06.5", points=1, **SINGLE)
def test_maxout_db(case, rng):
    """The gradient of the biases of five layers."""
    passed_back(case, rng, "db")


@task("06.5", points=1, **SINGLE)
def test_maxout_dx(case, rng):
    """The error that five layers send back to their inputs."""
    passed_back(case, rng, "dx")


# 06.6 Count the dead

KINDS = ("dead", "just not on", "specialist", "mostly off", "always on", "one large")


def layer_scores(rng, N, n):
    """Draw the scores of units of six kinds, in any order.

    Two kinds are dead: always below 0, or with a largest score of exactly 0. A specialist is on for
    a single example, so little that its mean output is next to nothing. The last kind is on for
    two, whose scores outweigh all the others. One example turns no unit on.
    """
    z = -rng.uniform(0.5, 3.0, size=(N, n)).round(2)
    kinds = rng.permutation([*KINDS, *rng.choice(KINDS, size=n - len(KINDS))])
    off, *others = rng.permutation(N)
    for column, kind in zip(z.T, kinds, strict=True):
        if kind == "just not on":
            column[rng.choice(others)] = 0.0
        elif kind == "specialist":
            column[rng.choice(others)] = 0.001
        elif kind == "mostly off":
            column[rng.choice(others, size=max(N // 3, 1), replace=False)] *= -0.5
        elif kind == "always on":
            column[others] *= -1
        elif kind == "one large":
            column[rng.choice(others, size=2, replace=False)] = [4.0 * N, 1.5]
    return z, off


@task("06.6", points=1)
def test_dead_units(case, rng):
    """Up to 1,200 examples, among the units rare specialists and some that just aren't on."""
    for N, n in [(5, 7), (60, 9), (1200, 8)]:
        case("dead_units", "the answer", z=layer_scores(rng, N, n)[0])


@task("06.6", points=0.5)
def test_dead_units_square(case, rng):
    """As many examples as units; one example turns no unit on."""
    for n in (6, 7, 8):
        case("dead_units", "the answer", z=layer_scores(rng, n, n)[0])


def sick_network(rng, N, widths):
    """Draw inputs and a network with units that are just dead, just alive, or mostly on.

    The largest score of the first two kinds is 0.01 below and above 0, so that who is dead depends
    on every output of the layers below.
    """
    x = scores(rng, (N, widths[0]), low=0.5, high=2.0)
    weights, biases, outputs = [], [], x
    for n_in, n_out in pairwise(widths):
        W = scores(rng, (n_in, n_out), low=0.5, high=1.5)
        sums = outputs @ W
        kinds = rng.permutation([0, 0, 1, 2, *rng.integers(3, size=n_out - 4)])
        margins = [-0.01, 0.01, 0.25]
        turned_on = np.where(kinds < 2, sums.max(axis=0), np.median(sums, axis=0))
        b = (np.take(margins, kinds) - turned_on.round(2)).round(2)
        weights.append(W)
        biases.append(b)
        outputs = np.maximum(sums + b, 0)
    return {"x": x, "weights": weights, "biases": biases}


@task("06.6", points=1)
def test_count_dead(case, rng):
    """Inputs through networks of two to four layers."""
    for N, widths in [(3, [2, 4, 5]), (40, [3, 7, 6, 5]), (40, [2, 9, 8, 7, 6])]:
        case("count_dead", "the number of dead units", **sick_network(rng, N, widths))


@task("06.6", points=0.5)
def test_count_dead_in_one_layer(case, rng):
    """Inputs through one layer, with some units that just aren't on."""
    for N, n in [(3, 6), (8, 15), (30, 20), (30, 25)]:
        x = np.eye(N)[:, : N - 1]  # each row but the last turns on one weight of each unit
        z, off = layer_scores(rng, N, n)
        z = np.vstack([np.delete(z, off, axis=0), z[off]])  # the last row are the biases alone
        case(
            "count_dead", "the number of dead units", x=x, weights=[z[:-1] - z[-1]], biases=[z[-1]]
        )


# 06.7 What is left of the gradient

# With these the sizes fall from layer to layer with the sigmoid, and grow with the others.
GAINS = {"sigmoid": 1.5, "tanh": 2.5, "relu": 3.0}


def deep(rng, widths, gain, N=5):
    """Draw inputs, weights without biases, and an error."""
    weights = [
        (gain * rng.normal(size=size) / np.sqrt(size[0])).round(2) for size in pairwise(widths)
    ]
    x = rng.normal(size=(N, widths[0])).round(2)
    x[0] = 0.0  # its scores are 0 in all layers
    return {"x": x, "weights": weights, "dy": scores(rng, (N, widths[-1]))}


@task("06.7", points=1, rtol=FLOAT32, atol=0)
@parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_gradient_sizes(activation, case, rng):
    """Layers of one width and of several, with the activation {activation}."""
    for widths in ([3, 3, 3], [6, 4, 5, 3], [2, 4, 5, 6]):
        drawn = deep(rng, widths, GAINS[activation])
        case("gradient_sizes", "the sizes", **drawn, activation=activation)


@task("06.7", points=1, rtol=1e-4, atol=0)
def test_gradient_sizes_deep(case, rng):
    """Seven layers of up to six units: the sigmoid's gradient has nearly vanished, ReLU's grows."""
    # Relative to the size itself: 0 is not right where little is left. Seven products of float32.
    for widths in ([5] * 8, [4, 6, 5, 4, 6, 5, 4, 3]):
        for activation, gain in GAINS.items():
            drawn = deep(rng, widths, gain)
            case("gradient_sizes", "the sizes", **drawn, activation=activation)
