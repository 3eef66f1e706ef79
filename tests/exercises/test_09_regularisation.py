"""Tests of exercise 09.

The tolerance is that of single precision, far below any of the differences that the known mistakes
make. Weights are of both signs and stay away from 0 where the kink is not the point. Within a test,
no strength, rate or probability equals another, nor what another lacks to 1, so that none can stand
for another.
"""

import numpy as np

from coursekit.grading import close, parametrize, task
from coursekit.grading.judge.comparison import as_numbers

FLOAT32 = 1e-5  # what a dozen operations in single precision are good to


def values_of(answer, names):
    """Take the values that a function should return apart."""
    assert isinstance(answer, tuple | list) and len(answer) == len(names.split(", ")), (
        f"Return {len(names.split(', '))} values, `{names}`."
    )
    return answer


def compare(got, want, what):
    """Compare in single precision."""
    close(got, want, what, rtol=FLOAT32, atol=FLOAT32)


def compare_all(answer, want, names, case):
    """Compare each of several returned values under its own name."""
    for name, got, wanted in zip(names.split(", "), values_of(answer, names), want, strict=True):
        compare(got, wanted, f"`{name}` {case}")


def signed(rng, shape, low=0.5, high=2.0):
    """Draw numbers of both signs, none near 0."""
    z = rng.uniform(low, high, size=shape)
    signs = rng.choice([-1, 1], size=z.size)
    signs[:3] = [1, -1, -1][: z.size]
    return z * signs.reshape(shape)


# 09.1 Three penalties

STRENGTHS = {"l2": [(0.3,), (0.04,)], "l1": [(0.3,), (0.04,)], "elastic_net": [(0.3, 0.8)] * 2}


def compare_penalty(student, reference, name, W, strengths, case):
    """Compare value and gradient of a penalty."""
    got, want = (getattr(side, name)(W, *strengths) for side in (student, reference))
    compare_all(got, want, "value, gradient", case)


@task("09.1", points=0.5)
@parametrize("name", list(STRENGTHS))
def test_penalty(student, reference, rng, name):
    """`{name}` of a matrix without zeros."""
    W = signed(rng, (2, 3))
    compare_penalty(student, reference, name, W, STRENGTHS[name][0], "for a matrix")


@task("09.1", points=0.5)
@parametrize("name", list(STRENGTHS))
def test_penalty_at_zero(student, reference, rng, name):
    """`{name}` of a vector with a weight that is exactly 0."""
    W = signed(rng, 4)
    W[2] = 0.0
    compare_penalty(student, reference, name, W, STRENGTHS[name][1], "where a weight is 0")


# 09.2 A penalty for a network


def network_with_gradients(rng):
    """Draw parameters and gradients by name; some names look like weights at a second glance."""
    shapes = {"W1": (2, 2), "b1": (2,), "gamma1": (2,), "beta1": (2,), "W_out": (2, 1), "b_W": (1,)}
    params = {name: signed(rng, shape) for name, shape in shapes.items()}
    return params, {name: signed(rng, shape) for name, shape in shapes.items()}


def with_penalty(student, reference, rng, strength):
    """Add the penalty with both; see that the student has returned all that was asked."""
    params, grads = network_with_gradients(rng)
    got = student.add_l2(3.5, params, grads, strength)
    want = reference.add_l2(3.5, params, grads, strength)
    loss, gradients = values_of(got, "total, total_grads")
    assert isinstance(gradients, dict), "The second value should be a dict of gradients."
    missing = [name for name in params if name not in gradients]
    assert not missing, f"The dict of gradients has no `{missing[0]}`: return all of them."
    return loss, gradients, want


@task("09.2", points=1)
def test_network_weights(student, reference, rng):
    """The loss and the gradients of the weights of two layers."""
    total, gradients, want = with_penalty(student, reference, rng, 0.3)
    compare(total, want[0], "the total")
    for name in ("W1", "W_out"):
        compare(gradients[name], want[1][name], f"the gradient of `{name}`")


@task("09.2", points=1)
def test_network_rest(student, reference, rng):
    """The gradients of the biases, of γ and of β."""
    _, gradients, want = with_penalty(student, reference, rng, 0.6)
    for name in ("b1", "gamma1", "beta1", "b_W"):
        compare(gradients[name], want[1][name], f"the gradient of `{name}`")


# 09.3 Weights that are exactly zero


@task("09.3", points=1)
def test_soft_threshold(student, reference, rng):
    """A matrix with entries on both sides of the threshold, of both signs."""
    a, strength = 0.8 * signed(rng, (2, 4), 1.25, 3.0), 0.8
    # Those within: one of each sign, one at 0, and one near the threshold.
    a.flat[-4:] = strength * np.array([0.5, -0.25, 0.0, -0.875])
    got, want = student.soft_threshold(a, strength), reference.soft_threshold(a, strength)
    compare(got, want, "the thresholded matrix")


@task("09.3", points=1)
def test_proximal_step(student, reference, rng):
    """A step of an elastic net from six weights, three of which become zero."""
    lr, strengths = 0.2, (1.5, 0.6)
    threshold = lr * strengths[0]
    w, after = signed(rng, 6), threshold * signed(rng, 6, 1.5, 4.0)
    after[3:] = threshold * np.array([0.75, -0.5, 0.25])
    arguments = (w, (w - after) / lr, lr, *strengths)
    got, want = student.proximal_step(*arguments), reference.proximal_step(*arguments)
    compare(got, want, "the weights after a step")


def few_useful(rng, n, N, bias):
    """Draw a regression of which two features are useful; each column has a mean of its own."""
    x = rng.normal(size=(N, n)) + rng.uniform(-0.5, 0.5, size=n)
    true = np.zeros(n)
    true[[0, n - 2]] = [1.5, -1.25]
    return x, x @ true + bias + 0.1 * rng.normal(size=N)


def compare_regression(student, reference, x, t, numbers, case):
    """Compare weights and bias, and then look whether the zeros are zeros."""
    answer = values_of(student.sparse_regression(x, t, *numbers), "w, b")
    want = reference.sparse_regression(x, t, *numbers)
    for name, got, wanted in zip("wb", answer, want, strict=True):
        # Hundreds of steps in single precision; they contract, so their errors don't add up.
        close(got, wanted, f"`{name}` {case}", rtol=1e-4, atol=1e-4)
    zero = want[0] == 0
    assert (as_numbers(answer[0])[zero] == 0).all(), (
        f"`w` {case}: weights that should be exactly 0 are only near it."
    )


@task("09.3", points=1)
def test_sparse_regression(student, reference, rng):
    """Thirty examples with six features, after 300 steps."""
    x, t = few_useful(rng, 6, 30, bias=4.0)
    compare_regression(student, reference, x, t, (0.3, 0.2, 300), "after 300 steps")


@task("09.3", points=0.5)
def test_more_features_than_examples(student, reference, rng):
    """Five examples with eight features, after 60 steps."""
    x, t = few_useful(rng, 8, 5, bias=-3.0)
    compare_regression(student, reference, x, t, (0.4, 0.05, 60), "with eight features")


@task("09.3", points=0.5)
def test_first_steps(student, reference, rng):
    """The first two steps of a regression with three features."""
    x, t = few_useful(rng, 3, 6, bias=2.0)
    arguments = (x, t, 0.25, 0.1, 2)
    got, want = student.sparse_regression(*arguments), reference.sparse_regression(*arguments)
    compare_all(got, want, "w, b", "after two steps")


# 09.4 Adam with L2, and Adam with decay


@task("09.4", points=1)
@parametrize("name", ["step_with_l2", "step_with_decay"])
def test_adam_step(student, reference, rng, name):
    """Step 6 of a run of {name}, with two parameters that are left out."""
    theta, v, grad = signed(rng, 5), signed(rng, 5, 0.5, 3.0), signed(rng, 5)
    cache, mask = rng.uniform(0.05, 0.5, size=5), np.array([1.0, 1.0, 0.0, 1.0, 0.0])
    arguments = (theta, v, cache, 6, grad, 0.15, 0.4, mask)
    got, want = getattr(student, name)(*arguments), getattr(reference, name)(*arguments)
    compare_all(got, want, "theta, v, cache", "after the step")


# 09.5 Dropout, both ways

# Of a mask of 110 · 110 entries, the share that is kept has a standard deviation of at most
# 0.5 / 110 = 0.0046. A right answer misses it by 0.03, more than six of these, less than once in a
# thousand million checks.
SIDE, SHARE = 110, 0.03
# The number kept in a row, or in a column, has the variance 110 · p (1 - p). Its estimate from 110
# of them, over the true one, is a chi-square with 109 degrees of freedom, divided by 109: outside
# these bounds less than once in ten million checks. With one mask for all examples it is 110 for
# the columns, with the same number kept in each example it is 0 for the rows.
SPREAD = (0.25, 2.0)


def mask_of(answer, x):
    """Take output and mask apart, as arrays of the right shape."""
    for name, value in zip(("y", "mask"), values_of(answer, "y, mask"), strict=True):
        numbers = as_numbers(value)
        shape = None if numbers is None else numbers.shape
        assert shape == x.shape, f"`{name}` should be an array of the shape of `x`."
    return as_numbers(answer[0]).astype(float), as_numbers(answer[1]).astype(float)


@task("09.5", points=0.5)
@parametrize("p_drop", [0.3, 0.8])
def test_mask(student, rng, p_drop):
    """Training on the slide's way: 12,100 entries, dropped with probability {p_drop}."""
    x = signed(rng, (SIDE, SIDE))
    y, mask = mask_of(student.slide_train(x, p_drop, int(rng.integers(1000))), x)
    kept, dropped = (np.abs(mask.mean() - share) < SHARE for share in (1 - p_drop, p_drop))
    spreads = [mask.sum(axis=a).var(ddof=1) / (SIDE * p_drop * (1 - p_drop)) for a in (1, 0)]
    alike = ["few" if s < SPREAD[0] else "many" if s > SPREAD[1] else "right" for s in spreads]
    binary = bool(np.isin(mask, [0, 1]).all())
    # In single precision, too; 0 at dropped entries is exact in any.
    right = bool(np.allclose(y, x * mask, rtol=FLOAT32, atol=0))
    inverted = bool(np.allclose(y * (1 - p_drop), x * mask, rtol=FLOAT32, atol=0))
    facts = [binary, bool(kept), bool(dropped), right, inverted]
    student.note("0 and 1, kept and dropped share, applied, divided, and spreads", [facts, alike])
    assert binary, "The mask should hold nothing but 0 and 1."
    assert kept, f"The mask keeps {mask.mean():.3f} of the entries, with p_drop = {p_drop}."
    assert alike[0] != "many", "Some examples lose far more features than others by chance could."
    assert alike[0] != "few", "All examples lose the same number of features, or nearly."
    assert alike[1] != "many", "Some features are dropped in far more examples than others."
    assert alike[1] != "few", "All features are dropped in the same number of examples, or nearly."
    assert right, "`y` is not `x` with the entries dropped at which the mask is 0."


@task("09.5", points=0.5)
def test_seed(student, rng):
    """Training on the slide's way, twice with a seed and once with another."""
    x, seed = signed(rng, (8, 10)), int(rng.integers(1000))
    masks = [mask_of(student.slide_train(x, 0.4, s), x)[1] for s in (seed, seed, seed + 1)]
    same, other = (bool((masks[0] == mask).all()) for mask in masks[1:])
    student.note("the same mask with the same seed, with another", [same, other])
    assert same, "The same seed should give the same mask."
    assert not other, "Another seed should give another mask."


# p, 1 - p, their inverses and squares are six different numbers for this one.
P_DROP = 0.3


def some_mask(rng, shape):
    """Draw a mask with zeros and ones, another one in each row."""
    mask = rng.integers(0, 2, size=shape).astype(float)
    mask[0, :2], mask[1, :2] = [0, 1], [1, 0]
    return mask


@task("09.5", points=0.5)
@parametrize("name", ["slide_backward", "inverted_train", "inverted_backward"])
def test_with_mask(student, reference, rng, name):
    """`{name}` with a mask that is given."""
    arguments = (signed(rng, (2, 3)), some_mask(rng, (2, 3)))
    if name != "slide_backward":
        arguments = (*arguments, P_DROP)
    got, want = getattr(student, name)(*arguments), getattr(reference, name)(*arguments)
    compare(got, want, f"what `{name}` returns")


@task("09.5", points=0.5)
@parametrize("name", ["slide_validate", "inverted_validate"])
def test_validation(student, reference, rng, name):
    """`{name}` of two examples."""
    x = signed(rng, (2, 2))
    got, want = getattr(student, name)(x, P_DROP), getattr(reference, name)(x, P_DROP)
    compare(got, want, f"what `{name}` returns")


# 09.6 Dropout inside a network


def small_network(rng):
    """Draw four inputs, parameters of a network 2-3-1 and a mask; the scores bend tanh."""
    W, b = signed(rng, (2, 3), 0.3, 1.0), signed(rng, 3, 0.2, 0.5)
    V, c = signed(rng, (3, 1)), signed(rng, 1)
    return rng.normal(size=(4, 2)), W, b, V, c, some_mask(rng, (4, 3))


@task("09.6", points=1)
def test_forward(student, reference, rng):
    """The training pass of a network 2-3-1."""
    arguments = (*small_network(rng), P_DROP)
    got, want = student.forward(*arguments), reference.forward(*arguments)
    compare_all(got, want, "y, h", "in training")


def passed_back(student, reference, rng, outputs, names):
    """Send errors back through a network 2-3-outputs, and compare some of the gradients."""
    x, W, b, _, _, mask = small_network(rng)
    V, dy = signed(rng, (3, outputs)), signed(rng, (4, outputs))
    arguments = (dy, x, V, np.tanh(x @ W + b), mask, P_DROP)
    got = values_of(student.backward(*arguments), "dW, db, dV, dc")
    want = reference.backward(*arguments)
    for name, one, other in zip(("dW", "db", "dV", "dc"), got, want, strict=True):
        if name in names:
            compare(one, other, f"`{name}` of a network 2-3-{outputs}")


@task("09.6", points=1)
def test_dV_and_dc(student, reference, rng):
    """The gradients of V and c in a network 2-3-2."""
    passed_back(student, reference, rng, 2, ["dV", "dc"])


@task("09.6", points=1.5)
def test_dW_and_db(student, reference, rng):
    """The gradients of W and b in a network 2-3-3, where V is square."""
    passed_back(student, reference, rng, 3, ["dW", "db"])


@task("09.6", points=0.5)
def test_validate(student, reference, rng):
    """The outputs of a network 2-3-1 at validation."""
    x, W, b, V, c, _ = small_network(rng)
    arguments = (x, W, b, V, c, P_DROP)
    compare(student.validate(*arguments), reference.validate(*arguments), "`y` at validation")


# 09.7 Stop in time

# Losses that fall before each of these, for up to three epochs: so that the numbers of epochs are
# not the same for everybody.
LEAD = [6.0, 5.0, 4.0]
# Falls, rises a little, falls; then brings no improvement for seven epochs, though some are better
# than the one before them and one ties with the best; and at the end is better than ever.
HISTORY = [3.0, 2.0, 2.5, 1.5, 1.75, 1.625, 1.5, 2.25, 1.875, 1.5625, 1.625, 1.0, 1.25, 1.5]
SLOW = [2.0, 1.875, 1.75, 1.625, 1.5, 1.375, 1.4375, 1.3125, 1.25, 1.3125]  # most steps are 1/8
RISING = [0.5, 0.75, 1.0, 1.5, 2.0, 1.75, 2.5]  # the best is the first


def watched(student, reference, rng, losses, settings, *, in_place=False):
    """Let both watch a training; return epochs, best epoch and best parameters of each."""
    losses = LEAD[rng.integers(4) :] + losses
    thetas = list(rng.normal(size=(len(losses), 2)))
    ends = []
    for side in (student, reference):
        stopper = side.EarlyStopping(*settings)
        ends.append(side.run_epochs(stopper, losses, thetas, in_place))
    return ends


@task("09.7", points=1)
def test_patience(student, reference, rng):
    """When to stop, with a patience of 1, 3 and 7 epochs."""
    for patience in (1, 3, 7):
        got, want = watched(student, reference, rng, HISTORY, (patience, 0.0))
        close(got[0], want[0], f"the number of epochs run with a patience of {patience}")


@task("09.7", points=1)
def test_min_delta(student, reference, rng):
    """When to stop, with a loss that falls slowly and a minimum for an improvement."""
    # 0.125 is exact, and exactly the step; so a decrease of just min_delta is tried, too.
    for patience, min_delta in [(2, 0.1), (2, 0.125), (2, 0.2), (3, 0.3)]:
        got, want = watched(student, reference, rng, SLOW, (patience, min_delta))
        case = f"with a patience of {patience} and min_delta = {min_delta}"
        close(got[0], want[0], f"the number of epochs run {case}")


@task("09.7", points=1)
def test_best_epoch(student, reference, rng):
    """The number of the best epoch of four trainings."""
    for losses, settings in [
        (HISTORY, (3, 0.0)),
        (HISTORY, (20, 0.0)),
        (SLOW, (4, 0.2)),
    ]:
        got, want = watched(student, reference, rng, losses, settings)
        close(got[1], want[1], f"`best_epoch` with a patience of {settings[0]}")
    got, want = (
        side.run_epochs(side.EarlyStopping(3, 0.0), RISING, [np.zeros(1)] * len(RISING))
        for side in (student, reference)
    )
    close(got[1], want[1], "`best_epoch` of a loss that rises from the start")


@task("09.7", points=0.5)
def test_best_theta(student, reference, rng):
    """The parameters of the best epoch, which is not the last."""
    for losses, settings in [(HISTORY, (20, 0.0)), (SLOW, (4, 0.2))]:
        got, want = watched(student, reference, rng, losses, settings)
        compare(got[2], want[2], f"`best_theta` with a patience of {settings[0]}")


@task("09.7", points=0.5)
def test_best_theta_in_place(student, reference, rng):
    """The parameters of the best epoch, where each epoch changes the same array."""
    got, want = watched(student, reference, rng, HISTORY, (3, 0.0), in_place=True)
    compare(got[2], want[2], "`best_theta`")
