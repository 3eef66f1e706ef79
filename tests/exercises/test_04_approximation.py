"""Tests of exercise 04.

Where an answer is compared with the reference, the tolerance is that of single precision or a
little wider, which is far below any of the differences that the known mistakes make. Networks
built by hand are judged by what they compute, whatever their weights are.
"""

import numpy as np

from coursekit.grading import close, parametrize, task
from coursekit.grading.judge.comparison import as_numbers

FLOAT32 = 1e-4  # relative; a power u**60 in single precision is good to 60 times 6e-8, and sums add
NEIGHBOURS = 1e-9  # rounding must not decide whether an error is below its limit


def values_of(answer, names):
    """Take the values that a function should return apart."""
    assert isinstance(answer, tuple | list) and len(answer) == len(names.split(", ")), (
        f"Return {len(names.split(', '))} values, `{names}`."
    )
    return answer


def array(value, shape, name):
    """View a returned value as an array of this shape."""
    numbers = as_numbers(value)
    kind = f"an array of shape {shape}" if shape else "a single number"
    assert numbers is not None, f"`{name}` should be {kind} of numbers."
    assert numbers.shape == shape, f"`{name}` should be {kind}; its shape is {numbers.shape}."
    assert np.isfinite(numbers).all(), f"`{name}` should hold finite numbers only."
    return numbers.astype(float)


def unpack(answer):
    """Take a network's arrays from an answer; its width is that of w1."""
    w1, b1, w2, b2 = values_of(answer, "w1, b1, w2, b2")
    w1 = as_numbers(w1)
    assert w1 is not None and w1.ndim == 1, (
        "`w1` should be an array of numbers of shape (H,), one for each hidden neuron."
    )
    H = len(w1)
    return array(w1, (H,), "w1"), array(b1, (H,), "b1"), array(w2, (H,), "w2"), array(b2, (), "b2")


def outputs(weights, x):
    """Compute what a network of one hidden layer of sigmoids gives at the points x."""
    w1, b1, w2, b2 = weights
    return (1 + np.tanh((np.outer(x, w1) + b1) / 2)) / 2 @ w2 + b2


# 04.1 Bernstein on any interval


@task("04.1", points=1)
def test_bernstein_unit_interval(student, reference):
    """The polynomials of degree 1, 4 and 7 of `bent` on [0, 1]."""
    x = np.array([0.0, 0.15, 0.4, 0.65, 0.9, 1.0])
    for n in (1, 4, 7):
        got = student.bernstein(student.bent, n, 0.0, 1.0, x)
        want = reference.bernstein(reference.bent, n, 0.0, 1.0, x)
        close(got, want, f"the polynomial of degree {n}", rtol=FLOAT32, atol=FLOAT32)


@task("04.1", points=1)
def test_bernstein_other_intervals(student, reference):
    """The polynomial of degree 5 of `wave` on [-1, 3], and that of degree 6 on [2, 2.5]."""
    for n, a, b in [(5, -1.0, 3.0), (6, 2.0, 2.5)]:
        x = a + (b - a) * np.array([0.0, 0.1, 0.35, 0.6, 0.95])
        got = student.bernstein(student.wave, n, a, b, x)
        want = reference.bernstein(reference.wave, n, a, b, x)
        close(got, want, f"the polynomial on [{a:g}, {b:g}]", rtol=FLOAT32, atol=FLOAT32)


@task("04.1", points=1)
def test_bernstein_high_degree(student, reference):
    """The polynomial of degree 60 of `bent` on [0.1, 0.9], with its large binomials."""
    # Within [0, 1]: who forgets a and b would sum huge terms, which cancel differently on each
    # processor.
    x = np.array([0.12, 0.2, 0.3, 0.35, 0.6, 0.78, 0.9])
    got = student.bernstein(student.bent, 60, 0.1, 0.9, x)
    want = reference.bernstein(reference.bent, 60, 0.1, 0.9, x)
    close(got, want, "the polynomial of degree 60", rtol=FLOAT32, atol=FLOAT32)


# 04.2 A bump from two sigmoids

# Soft edges reach over the whole bump, so that no wrong term hides on a plateau.
BUMPS = {"soft": (0.4, 1.7, 2.5, 1.5), "steep": (-1.2, 0.3, -0.8, 30.0)}
BUMP_POINTS = np.array([-2.0, -1.3, -1.15, -0.5, 0.1, 0.25, 0.6, 1.1, 2.0, 3.5])


@task("04.2", points=1)
def test_bump(student, reference):
    """A soft bump, and a steep dent, at ten points."""
    for name, (a, b, h, k) in BUMPS.items():
        got = student.bump(BUMP_POINTS, a, b, h, k)
        want = reference.bump(BUMP_POINTS, a, b, h, k)
        close(got, want, f"the {name} bump", rtol=FLOAT32, atol=FLOAT32)


@task("04.2", points=1)
@parametrize("edges", ["soft", "steep"])
def test_bump_network(edges, student, reference):
    """Your network, with {edges} edges, at ten points."""
    a, b, h, k = BUMPS[edges]
    weights = unpack(student.bump_network(a, b, h, k))
    assert len(weights[0]) == 2, f"Your network has {len(weights[0])} hidden neurons; use two."
    got = outputs(weights, BUMP_POINTS)
    student.note("outputs", got)
    want = outputs(unpack(reference.bump_network(a, b, h, k)), BUMP_POINTS)
    close(got, want, "the output of your network", rtol=FLOAT32, atol=FLOAT32)


# 04.3 As near as you are asked to be

# The limits are those that the task's text says. A staircase needs about 1 / 1.5 of the limit for
# the number of neurons, and two neurons for each step are 1 / 0.75 of it.
ORDERS = {
    "wave": (0.0, 1.0, 8.3, 0.2),
    "bent": (-1.0, 3.0, 1.4, 0.1),
    "hill": (0.5, 4.0, 2.6, 0.02),
}


def judge_network(student, reference, name):
    """Measure the largest error of the network for one order; return it, the weights, the limit."""
    a, b, slope, error = ORDERS[name]
    weights = unpack(student.build(getattr(student, name), a, b, slope, error))
    assert len(weights[0]) <= 5000, (
        f"Your network has {len(weights[0])} hidden neurons; 5000 are the limit."
    )
    x = np.linspace(a, b, 487)  # no multiple of any number of steps
    y = outputs(weights, x)
    student.note(f"outputs, {name}", y[::18])
    student.note("hidden neurons", len(weights[0]))
    worst = np.abs(y - getattr(reference, name)(x))
    return worst, weights, x


@task("04.3", points=1)
@parametrize("name", ORDERS)
def test_network_within_error(name, student, reference):
    """A network for `{name}`, at 487 points of its interval."""
    worst, weights, x = judge_network(student, reference, name)
    a, b, _, error = ORDERS[name]
    place = int(worst.argmax())
    assert worst[place] < error + NEIGHBOURS, (
        f"With {len(weights[0])} neurons, your network for `{name}` on [{a:g}, {b:g}] is off by "
        f"{worst[place]:.3g} at x = {x[place]:.3f}; the limit was {error:g}."
    )


@task("04.3", points=2)
def test_network_with_few_neurons(student, reference):
    """The number of neurons of all three networks."""
    for name, (a, b, slope, error) in ORDERS.items():
        worst, weights, _ = judge_network(student, reference, name)
        assert worst.max() < error + NEIGHBOURS, (
            f"These points need networks that are near enough first; that for `{name}` is not."
        )
        limit = int(0.75 * slope * (b - a) / error)
        assert len(weights[0]) <= limit, (
            f"Your network for `{name}` is near enough; it has {len(weights[0])} hidden neurons, "
            f"and {limit} are enough."
        )


# 04.4 The error against the width


@task("04.4", points=1)
def test_largest_errors(student, reference):
    """The errors of flat and of straight pieces for `wave` and `bent` at several widths."""
    for way in ("steps", "lines"):
        for name in ("wave", "bent"):
            widths = [3, 7, 12, 31]
            got = student.largest_errors(getattr(student, way), getattr(student, name), widths)
            want = reference.largest_errors(
                getattr(reference, way), getattr(reference, name), widths
            )
            close(got, want, f"the errors of `{way}` for `{name}`", rtol=FLOAT32, atol=1e-6)


# Errors that scatter about a law, at widths that are not evenly spaced: so the fitted line, the
# line through two of the points and the mean of the slopes between neighbours are all different.
MEASURED = {
    "rate near 1": ([4, 6, 16, 50], [0.52, 0.31, 0.19, 0.042]),
    "rate near 2": ([5, 9, 11, 40, 70], [0.3, 0.12, 0.046, 0.0061, 0.0011]),
    "rate near one half": ([10, 40, 50, 300], [0.9, 0.51, 0.33, 0.18]),
}
# The widths for these goals are 199.85, 24.18 and 207.83: rounding them goes up and down.
GOALS = {"rate near 1": 0.013, "rate near 2": 0.0123, "rate near one half": 0.205}


@task("04.4", points=1.5)
def test_rate(student, reference):
    """The rate of three tables of measured errors."""
    for name, (widths, errors) in MEASURED.items():
        got, want = student.rate(widths, errors), reference.rate(widths, errors)
        close(got, want, f"the rate of a table with a {name}", rtol=FLOAT32)


@task("04.4", points=1.5)
def test_width_for(student, reference):
    """The width for a goal, beyond what was measured, and within it."""
    for name, (widths, errors) in MEASURED.items():
        got = student.width_for(widths, errors, GOALS[name])
        want = reference.width_for(widths, errors, GOALS[name])
        close(got, want, f"the width for a table with a {name}")


# 04.5 Multiply with an activation

# At these ε the construction is off by some per cent, so that an exact product shows.
BENDS = [("sigmoid", 1.0, 0.4), ("wave", 0.7, 0.1), ("hill", 1.3, 0.2)]
U = np.array([0.3, -0.8, 1.4, 2.0])
V = np.array([1.1, 0.9, -0.4, 0.7])


@task("04.5", points=1.5)
def test_square(student, reference):
    """Squares from the sigmoid, `wave` and `hill`."""
    for name, c, eps in BENDS:
        got = student.square(getattr(student, name), c, eps, U)
        want = reference.square(getattr(reference, name), c, eps, U)
        close(got, want, f"the square from `{name}`", rtol=FLOAT32, atol=FLOAT32)


@task("04.5", points=1.5)
def test_product(student, reference):
    """Products from the sigmoid, `wave` and `hill`."""
    for name, c, eps in BENDS:
        got = student.product(getattr(student, name), c, eps, U, V)
        want = reference.product(getattr(reference, name), c, eps, U, V)
        close(got, want, f"the product from `{name}`", rtol=FLOAT32, atol=FLOAT32)
