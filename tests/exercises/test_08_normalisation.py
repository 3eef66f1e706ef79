"""Tests of exercise 08.

The tolerance is that of single precision. The nearest wrong answer, the biased variance in place of
the unbiased one, is off by a hundred times as much or more: mini-batches have at most six
examples. Epsilon is large, so that it shows where it stands; neither gamma is 1 nor beta 0 nor do
the columns of dy sum to 0. Mini-batches have more examples than units, or fewer, or as many: there,
no shape tells the axes apart.
"""

import numpy as np

from coursekit.grading import close, parametrize, task

FLOAT32 = 1e-5  # what a dozen operations in single precision are good to, on numbers around 1
TALL, WIDE, SQUARE = ((4, 2), 0.25), ((3, 4), 0.1), ((3, 3), 0.6)  # shapes, each with its ε


def values_of(answer, names):
    """Take the values that a function should return apart."""
    assert isinstance(answer, tuple | list) and len(answer) == len(names.split(", ")), (
        f"Return {len(names.split(', '))} values, `{names}`."
    )
    return answer


def compare(answer, want, names, case, only=None):
    """Compare the returned values, or some of them, each under its own name."""
    for name, got, wanted in zip(names.split(", "), values_of(answer, names), want, strict=True):
        if only is None or name in only:
            close(got, wanted, f"`{name}` {case}", rtol=FLOAT32, atol=FLOAT32)


def signed(rng, shape, low=0.5, high=2.0):
    """Draw numbers of both signs, none near 0."""
    return rng.uniform(low, high, size=shape) * rng.choice([-1, 1], size=shape)


def batch(rng, shape):
    """Draw a mini-batch whose units have other means and other spreads."""
    return signed(rng, shape[1]) + rng.uniform(0.5, 3.0, size=shape[1]) * rng.normal(size=shape)


# 08.1 Standardise without a leak

UNEVEN = [0.0025, 2.0, 0.5, 3.0, 1.0]  # spreads: a feature that hardly varies is no constant


def features(rng, N, F):
    """Draw data whose features have spreads from 0.0025 to 3, around means of the same size."""
    return np.array(UNEVEN[:F]) * (rng.normal(size=(N, F)) + signed(rng, F, 0.5, 1.5))


@task("08.1", points=1)
def test_statistics(student, reference, rng):
    """Mean and spread of six examples with two features, and of three with four."""
    for N, F in [(6, 2), (3, 4)]:
        x = features(rng, N, F)
        got, want = student.statistics(x), reference.statistics(x)
        compare(got, want, "mean, std", f"of {N} examples with {F} features")


@task("08.1", points=0.5)
def test_statistics_of_constants(student, reference, rng):
    """Seven examples, in which some features are constant."""
    x = features(rng, 7, 5)
    x[:, 1], x[:, 3], x[:, 4] = 14.62, 4.0, 0.7  # the spreads of 14.62 and 0.7 are rounded, not 0
    got, want = student.statistics(x), reference.statistics(x)
    compare(got, want, "mean, std", "where features are constant")


@task("08.1", points=1)
def test_prepare(student, reference, rng):
    """Five training rows and three test rows of ten, then three and two with five features."""
    for N, F, n_train, n_test in [(10, 2, 5, 3), (7, 5, 3, 2)]:
        order = rng.permutation(N)
        train, test = order[:n_train], order[n_train : n_train + n_test]
        x = features(rng, N, F)
        got, want = student.prepare(x, train, test), reference.prepare(x, train, test)
        compare(got, want, "z_train, z_test", f"of {n_train} and {n_test} rows of {N}")


@task("08.1", points=0.5)
def test_prepare_constants(student, reference, rng):
    """Features that are constant in the training rows, and not in the test rows, or vice versa."""
    x = features(rng, 10, 4)
    train, test = np.array([8, 0, 3, 9, 5, 1, 6]), np.array([4, 2])
    x[train, 1], x[train, 2], x[test, 3] = 0.7, 4.0, -1.5
    got, want = student.prepare(x, train, test), reference.prepare(x, train, test)
    compare(got, want, "z_train, z_test", "where a feature is constant in training")


# 08.2 Batch norm, forward in training


def compare_forward(student, reference, rng, only, cases):
    """Normalise mini-batches, and compare some of what is returned."""
    for shape, eps in cases:
        arguments = (batch(rng, shape), signed(rng, shape[1]), signed(rng, shape[1]), eps)
        got, want = student.batch_norm(*arguments), reference.batch_norm(*arguments)
        compare(got, want, "y, x_hat, s", f"of {shape[0]} examples with {shape[1]} units", only)


@task("08.2", points=1)
def test_normalised(student, reference, rng):
    """The normalised values of two mini-batches, and the root s."""
    compare_forward(student, reference, rng, ("x_hat", "s"), [TALL, WIDE])


@task("08.2", points=0.5)
def test_scaled_and_shifted(student, reference, rng):
    """The outputs of three examples with three units, where no shape gives advice."""
    compare_forward(student, reference, rng, ("y",), [SQUARE])


@task("08.2", points=0.5)
def test_constant_unit(student, reference, rng):
    """A mini-batch in which one unit is constant, with a small ε."""
    x = batch(rng, (4, 2))
    x[:, 1] = 2.5  # its mean is exact, in single precision too: a rest would be divided by 0.003
    arguments = (x, signed(rng, 2), signed(rng, 2), 1e-5)
    got, want = student.batch_norm(*arguments), reference.batch_norm(*arguments)
    compare(got, want, "y, x_hat, s", "where a unit is constant")


# 08.3 Running statistics, and inference


def compare_update(student, reference, rng, only):
    """Update running statistics from the middle of a run."""
    for shape, decay in [((6, 2), 0.9), ((3, 4), 0.65)]:
        mean, var = signed(rng, shape[1]), rng.uniform(2.0, 5.0, size=shape[1])
        arguments = (mean, var, batch(rng, shape), decay)
        got, want = student.update(*arguments), reference.update(*arguments)
        case = f"after {shape[0]} examples with {shape[1]} units"
        compare(got, want, "running_mean, running_var", case, only)


@task("08.3", points=1)
def test_running_mean(student, reference, rng):
    """The running mean after one more mini-batch."""
    compare_update(student, reference, rng, ("running_mean",))


@task("08.3", points=1)
def test_running_var(student, reference, rng):
    """The running variance after one more mini-batch."""
    compare_update(student, reference, rng, ("running_var",))


@task("08.3", points=0.5)
@parametrize("m", [4, 1])
def test_inference(student, reference, rng, m):
    """Inference with a batch of {m}."""
    n = 4
    x, gamma, beta, mean = batch(rng, (m, n)), signed(rng, n), signed(rng, n), signed(rng, n)
    arguments = (x, gamma, beta, mean, rng.uniform(2.0, 5.0, size=n), 0.3)
    got, want = student.infer(*arguments), reference.infer(*arguments)
    close(got, want, f"the output for {m} examples", rtol=FLOAT32, atol=FLOAT32)


# 08.4 Backward, step by step

STEPS = "dgamma, dbeta, ds, dv, dd, dmu, dx"


def before_backward(rng, shape, eps):
    """Draw an error and γ; compute d and s of a mini-batch."""
    x = batch(rng, shape)
    d = x - x.mean(axis=0)
    dy = signed(rng, shape, 0.2, 1.0) + signed(rng, shape[1], 1.2, 2.0)  # no column sums to 0
    return dy, signed(rng, shape[1]), d, np.sqrt((d**2).mean(axis=0) + eps)


def compare_steps(student, reference, rng, only, cases):
    """Go back through mini-batches, and compare some of the steps."""
    for shape, eps in cases:
        arguments = before_backward(rng, shape, eps)
        got, want = student.backward_steps(*arguments), reference.backward_steps(*arguments)
        compare(got, want, STEPS, f"of {shape[0]} examples with {shape[1]} units", only)


@task("08.4", points=1)
def test_back_to_gamma_and_beta(student, reference, rng):
    """The derivatives by γ and β."""
    compare_steps(student, reference, rng, ("dgamma", "dbeta"), [TALL])


@task("08.4", points=1)
def test_back_to_the_variance(student, reference, rng):
    """The derivatives by s and v."""
    compare_steps(student, reference, rng, ("ds", "dv"), [WIDE])


@task("08.4", points=1)
def test_back_to_the_difference(student, reference, rng):
    """The derivative by d, both parts."""
    compare_steps(student, reference, rng, ("dd",), [TALL])


@task("08.4", points=1)
def test_back_to_the_input(student, reference, rng):
    """The derivatives by μ and x."""
    compare_steps(student, reference, rng, ("dmu", "dx"), [WIDE])


# 08.5 Backward, in one formula


def compare_backward(student, reference, rng, only, cases):
    """Go back through mini-batches, and compare some of the derivatives."""
    for shape, eps in cases:
        dy, gamma, d, s = before_backward(rng, shape, eps)
        arguments = (dy, gamma, d / s, s)
        got, want = student.backward(*arguments), reference.backward(*arguments)
        case = f"of {shape[0]} examples with {shape[1]} units"
        compare(got, want, "dx, dgamma, dbeta", case, only)


@task("08.5", points=0.5)
def test_gamma_and_beta(student, reference, rng):
    """The derivatives by γ and β."""
    compare_backward(student, reference, rng, ("dgamma", "dbeta"), [TALL])


@task("08.5", points=1)
def test_input(student, reference, rng):
    """The derivative by x, with more examples than units and the reverse."""
    compare_backward(student, reference, rng, ("dx",), [TALL, WIDE])


@task("08.5", points=0.5)
def test_input_square(student, reference, rng):
    """The derivative by x of three examples with three units, where no shape gives advice."""
    compare_backward(student, reference, rng, ("dx",), [SQUARE])


# 08.6 A layer that knows both modes


def both(student, reference, n, decay, eps):
    """Make a layer on each side."""
    return [side.BatchNorm(n, decay, eps) for side in (student, reference)]


def same_output(pair, method, x, case):
    """Call a method of both layers, and compare what comes out."""
    got, want = (getattr(layer, method)(x) for layer in pair)
    close(got, want, f"what `{method}` returns {case}", rtol=FLOAT32, atol=FLOAT32)


def same_statistics(student, reference, pair, case):
    """Compare the running statistics of both layers."""
    got, want = student.statistics_of(pair[0]), reference.statistics_of(pair[1])
    compare(got, want, "running_mean, running_var", case)


def set_both(student, reference, pair, gamma, beta):
    """Give both layers these parameters."""
    for side, layer in zip((student, reference), pair, strict=True):
        side.set_parameters(layer, gamma, beta)


@task("08.6", points=0.5)
def test_new_layer(student, reference, rng):
    """A new layer: inference before any training, and its first training pass."""
    pair = both(student, reference, 2, 0.9, 0.3)
    same_statistics(student, reference, pair, "of a new layer")
    same_output(pair, "infer", batch(rng, (2, 2)), "from a new layer")
    same_output(pair, "forward", batch(rng, (3, 2)), "at the first call")


@task("08.6", points=1)
def test_training(student, reference, rng):
    """Two training passes with mini-batches of two sizes, then one with other γ and β."""
    pair = both(student, reference, 2, 0.8, 0.2)
    for call, m in enumerate((4, 3), 1):
        same_output(pair, "forward", batch(rng, (m, 2)), f"at call {call}")
        same_statistics(student, reference, pair, f"after call {call}")
    set_both(student, reference, pair, signed(rng, 2), signed(rng, 2))
    same_output(pair, "forward", batch(rng, (3, 2)), "with other γ and β")


@task("08.6", points=1)
def test_use(student, reference, rng):
    """Inference after training, with several examples and with one."""
    pair = both(student, reference, 2, 0.7, 0.25)
    for m in (3, 4):
        x = batch(rng, (m, 2))
        for layer in pair:
            layer.forward(x)
    x = batch(rng, (3, 2))
    for layer in pair:
        layer.infer(x)
    same_statistics(student, reference, pair, "after inference")
    set_both(student, reference, pair, signed(rng, 2), signed(rng, 2))
    same_output(pair, "infer", x, "for three examples")
    same_output(pair, "infer", x[:1], "for one example")


@task("08.6", points=0.5)
def test_two_layers(student, reference, rng):
    """Two layers of two units that take turns."""
    first = both(student, reference, 2, 0.9, 0.3)
    second = both(student, reference, 2, 0.6, 0.1)
    for pair in (first, second):
        same_output(pair, "forward", batch(rng, (3, 2)), "of two layers that take turns")
    for pair, which in [(first, "first"), (second, "second")]:
        same_output(pair, "infer", batch(rng, (1, 2)), f"from the {which} of two layers")
        same_statistics(student, reference, pair, f"of the {which} of two layers")
