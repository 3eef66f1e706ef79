"""Tests of exercise 03.

The tolerance is that of single precision or a little wider, which is far below any of the
differences that the known mistakes make. Counts and classes are exact.
"""

from itertools import pairwise

import numpy as np

from coursekit.grading import close, task
from coursekit.grading.judge.comparison import as_numbers

FLOAT32 = 1e-5  # relative; a product of a few matrices in single precision is good to that


def values_of(answer, names):
    """Take the values that a function should return apart."""
    assert isinstance(answer, tuple | list) and len(answer) == len(names.split(", ")), (
        f"Return {len(names.split(', '))} values, `{names}`."
    )
    return answer


def compare(answer, want, names, case, *, rtol=FLOAT32):
    """Compare each of several returned values under its own name."""
    for name, got, wanted in zip(names.split(", "), values_of(answer, names), want, strict=True):
        close(got, wanted, f"`{name}` {case}", rtol=rtol, atol=rtol)


def array(value, shape, name):
    """View a returned value as an array of this shape."""
    numbers = as_numbers(value)
    kind = f"an array of shape {shape}" if shape else "a single number"
    assert numbers is not None, f"`{name}` should be {kind} of numbers."
    assert numbers.shape == shape, f"`{name}` should be {kind}; its shape is {numbers.shape}."
    assert np.isfinite(numbers).all(), f"`{name}` should hold finite numbers only."
    return numbers


# 03.1 The forward pass


def network(rng, N, n, H, K):
    """Draw points and a network; its biases are as large as its sums."""
    return (
        rng.normal(size=(N, n)),
        rng.normal(size=(n, H)) / np.sqrt(n),
        rng.uniform(0.3, 1.0, size=H),
        rng.normal(size=(H, K)),
        rng.uniform(0.5, 2.0, size=K),
    )


@task("03.1", points=1)
def test_forward(student, reference, rng):
    """Six points with two features through 2-5-3, and one point through 4-3-1."""
    for N, n, H, K in [(6, 2, 5, 3), (1, 4, 3, 1)]:
        arguments = network(rng, N, n, H, K)
        got, want = student.forward(*arguments), reference.forward(*arguments)
        compare(got, want, "h, y", f"of the network {n}-{H}-{K} for {N} point{'s' * (N > 1)}")


@task("03.1", points=1)
def test_forward_square(student, reference, rng):
    """Three points through 3-3-3, where every matrix is square and no shape gives advice."""
    arguments = network(rng, 3, 3, 3, 3)
    got, want = student.forward(*arguments), reference.forward(*arguments)
    compare(got, want, "h, y", "of the network 3-3-3 for 3 points")


# 03.2 Count the parameters


@task("03.2", points=1)
def test_count_dense(student, reference):
    """The parameters of four fully connected networks of different depth."""
    for widths in ([7, 5, 2], [64, 16, 32, 10], [5, 4], [3, 2, 6, 4, 1]):
        name = "-".join(map(str, widths))
        got, want = student.count_dense(widths), reference.count_dense(widths)
        close(got, want, f"the count for {name}")


@task("03.2", points=1)
def test_count_masked(student, reference, rng):
    """The parameters of a masked layer, of a masked network, and with a neuron cut off."""
    lonely = np.array([[1, 0, 1], [0, 0, 1], [1, 0, 0], [1, 0, 1]])  # the second neuron is cut off
    random = [(rng.uniform(size=shape) < 0.6).astype(int) for shape in [(6, 4), (4, 9), (9, 2)]]
    for mask in random:
        mask[0, 0], mask[-1, -1] = 0, 1  # never all there, never all gone
    for masks, case in [
        ([lonely], "one layer, a neuron of which has no connection"),
        (random, "the network 6-4-9-2 with masks"),
        ([lonely, np.ones((3, 2), dtype=int)], "the network 4-3-2 with a full second layer"),
    ]:
        close(student.count_masked(masks), reference.count_masked(masks), f"the count for {case}")


# 03.3 A layer that is not fully connected

MASK43 = np.array([[1, 0, 1], [0, 0, 1], [1, 0, 0], [1, 0, 1]])  # the second neuron is cut off
MASK33 = np.array([[1, 0, 1], [1, 1, 0], [1, 0, 1]])


@task("03.3", points=1)
def test_masked_forward(student, reference, rng):
    """Five points through a masked layer 4-3, and three through one 3-3."""
    for N, mask in [(5, MASK43), (3, MASK33)]:
        x, W = rng.normal(size=(N, len(mask))), rng.normal(size=mask.shape)
        b = rng.uniform(0.5, 1.5, size=3)
        got, want = student.masked_forward(x, W, b, mask), reference.masked_forward(x, W, b, mask)
        close(got, want, f"the output for a mask of shape {mask.shape}", rtol=FLOAT32, atol=FLOAT32)


@task("03.3", points=1)
def test_masked_weight_gradient(student, reference, rng):
    """The gradient of the weights of these two layers."""
    for N, mask in [(5, MASK43), (3, MASK33)]:
        x, dy = rng.normal(size=(N, len(mask))), rng.normal(size=(N, 3))
        dW, _ = values_of(student.masked_gradients(x, dy, mask), "dW, db")
        want = reference.masked_gradients(x, dy, mask)[0]
        close(dW, want, f"`dW` for a mask of shape {mask.shape}", rtol=FLOAT32, atol=FLOAT32)


@task("03.3", points=1)
def test_masked_bias_gradient(student, reference, rng):
    """The gradient of the biases of these two layers."""
    for N, mask in [(5, MASK43), (3, MASK33)]:
        x, dy = rng.normal(size=(N, len(mask))), rng.uniform(0.5, 1.5, size=(N, 3))
        _, db = values_of(student.masked_gradients(x, dy, mask), "dW, db")
        want = reference.masked_gradients(x, dy, mask)[1]
        close(db, want, f"`db` for a mask of shape {mask.shape}", rtol=FLOAT32, atol=FLOAT32)


# 03.4 A deep network that is none


def stack(rng, widths):
    """Draw the weights and biases of linear layers with these widths."""
    sizes = list(pairwise(widths))
    weights = [rng.normal(size=size) / np.sqrt(size[0]) for size in sizes]
    return weights, [rng.uniform(0.5, 1.5, size=size[1]) for size in sizes]


@task("03.4", points=1)
def test_collapse_two_layers(student, reference, rng):
    """The linear layers 3-5-2."""
    weights, biases = stack(rng, [3, 5, 2])
    got, want = student.collapse(weights, biases), reference.collapse(weights, biases)
    compare(got, want, "W, b", "for the layers 3-5-2")


@task("03.4", points=1)
def test_collapse_deep_stack(student, reference, rng):
    """Four layers of the same width, where the order of a product shows in the numbers alone."""
    weights, biases = stack(rng, [3, 3, 3, 3, 3])
    got, want = student.collapse(weights, biases), reference.collapse(weights, biases)
    compare(got, want, "W, b", "for the layers 3-3-3-3-3")


@task("03.4", points=1)
def test_collapse_one_and_three_layers(student, reference, rng):
    """One layer, which is collapsed already, and the layers 2-4-3-1."""
    for widths in ([4, 2], [2, 4, 3, 1]):
        weights, biases = stack(rng, widths)
        got, want = student.collapse(weights, biases), reference.collapse(weights, biases)
        name = "-".join(map(str, widths))
        compare(got, want, "W, b", f"for the layer{'s' * (len(widths) > 2)} {name}")


# 03.5 The last layer is a linear model

# The features are independent (condition numbers near 10), so that normal equations in double
# precision are good to 1e-12, and lstsq in float32 to 1e-5. Known mistakes stay 1e-2 away.
FITTED = 1e-4


@task("03.5", points=1.5)
def test_fit_exact(student, reference, rng):
    """Targets that a neuron on four features reaches exactly."""
    h = np.tanh(rng.normal([0.5, -0.5, 1.0, 0.0], size=(12, 4)))
    t = h @ [1.5, -2.0, 0.5, 3.0] + 4.0
    got, want = student.fit_output(h, t), reference.fit_output(h, t)
    compare(got, want, "w, b", "for exact targets", rtol=FITTED)


@task("03.5", points=1.5)
def test_fit_noisy(student, reference, rng):
    """Targets with noise, which no neuron reaches."""
    h = np.maximum(0.0, rng.normal(size=(40, 3)) + 0.5)
    t = h @ [1.0, 2.0, -1.5] - 3.0 + rng.normal(size=40)
    got, want = student.fit_output(h, t), reference.fit_output(h, t)
    compare(got, want, "w, b", "for noisy targets", rtol=FITTED)


# 03.6 Shapes out of folds


def square_points(border, rng):
    """Draw points of the square that stay 0.05 away from where `border` is zero.

    `border(x)` is a distance from the border, or a bound of it from above within the square.
    """
    side = np.linspace(-3.0, 3.0, 21)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    x = np.vstack([grid, rng.uniform(-3.0, 3.0, size=(200, 2))])
    return x[np.abs(border(x)) > 0.05]


def band_border(x):
    """Distance from the nearer line of the band, positive between them."""
    s = (x[:, 0] - 2 * x[:, 1]) / np.sqrt(5)
    return np.minimum(s + 1 / np.sqrt(5), 3 / np.sqrt(5) - s)


def diamond_border(x):
    """Distance from the nearest side's line of the diamond, positive inside."""
    return (2 - np.abs(x).sum(axis=1)) / np.sqrt(2)


def unpack(answer):
    """Take a network's arrays from an answer, and how wide its hidden layer is."""
    W1, b1, w2, b2 = values_of(answer, "W1, b1, w2, b2")
    W1 = as_numbers(W1)
    assert W1 is not None and W1.ndim == 2 and len(W1) == 2, (
        "`W1` should be an array of numbers of shape (2, H): a row for each input, a column for "
        "each hidden neuron."
    )
    H = W1.shape[1]
    return (
        array(W1, (2, H), "W1"),
        array(b1, (H,), "b1"),
        array(w2, (H,), "w2"),
        array(b2, (), "b2"),
    )


def classes(answer, x):
    """Compute what the network says about each point, 1 or 0."""
    W1, b1, w2, b2 = answer
    # Rounding must not decide about points where a fold leaves exactly 0.
    return (np.maximum(0.0, x @ W1 + b1) @ w2 + b2 > 1e-9).astype(int)


def judge_shape(student, got, want, border, rng, what):
    """Note and compare the classes of many points."""
    got = unpack(got)
    x = square_points(border, rng)
    mine = classes(got, x)
    student.note("classes", np.packbits(mine))
    student.note("hidden neurons", len(got[1]))
    wrong = np.flatnonzero(mine != classes(unpack(want), x))
    if wrong.size == 0:
        return None
    first = x[wrong[0]]
    return (
        f"{wrong.size} of {len(x)} points of the square get the wrong class from your {what}, for "
        f"example ({first[0]:.2f}, {first[1]:.2f})."
    )


@task("03.6", points=2)
def test_band(student, reference, rng):
    """Your band on some 600 points, and its number of hidden neurons."""
    answer = student.band()
    trouble = judge_shape(student, answer, reference.band(), band_border, rng, "band")
    assert trouble is None, trouble
    width = len(answer[1])
    assert width <= 2, f"Your band is right; it has {width} hidden neurons, two are enough."


@task("03.6", points=2)
def test_diamond(student, reference, rng):
    """Your diamond on some 600 points."""
    trouble = judge_shape(
        student, student.diamond(), reference.diamond(), diamond_border, rng, "diamond"
    )
    assert trouble is None, trouble


@task("03.6", points=1)
def test_diamond_with_few_neurons(student, reference, rng):
    """The same with at most four hidden neurons."""
    answer = student.diamond()
    trouble = judge_shape(student, answer, reference.diamond(), diamond_border, rng, "diamond")
    assert trouble is None, "This point needs a right diamond first."
    width = len(answer[1])
    assert width <= 4, f"Your diamond is right; it has {width} hidden neurons, four are enough."
