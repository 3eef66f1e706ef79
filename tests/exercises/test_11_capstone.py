"""Tests of exercise 11.

Losses and gradients are compared at the tolerance of single precision. The training is judged by
what it reads: 95 % of digits that are sent only after it has ended. Statistics of drawn weights
have the tolerance that their number allows.
"""

from itertools import pairwise

import numpy as np

from coursekit import data
from coursekit.grading import close, task
from coursekit.grading.judge.comparison import as_numbers

FLOAT32 = 1e-5  # relative; a product of a few matrices in single precision is good to that


def parts(answer, n, names):
    """Take the values that a function should return apart."""
    assert isinstance(answer, tuple | list) and len(answer) == n, f"Return {n} values, {names}."
    return answer


def pairs(layers, shapes, name):
    """Check a list of (matrix, vector) against the shapes of the layers; return it as arrays."""
    assert isinstance(layers, tuple | list) and len(layers) == len(shapes), (
        f"{name} should be a list with one tuple for each of the {len(shapes)} layers."
    )
    checked = []
    for layer, (n_in, n_out) in zip(layers, shapes, strict=True):
        assert isinstance(layer, tuple | list) and len(layer) == 2, (
            f"{name} should hold tuples of two arrays, one tuple for each layer."
        )
        arrays = [as_numbers(a) for a in layer]
        good = all(a is not None for a in arrays)
        assert good and [a.shape for a in arrays] == [(n_in, n_out), (n_out,)], (
            f"{name}: the layer from {n_in} to {n_out} should have arrays of the shapes "
            f"({n_in}, {n_out}) and ({n_out},)."
        )
        checked.append(tuple(np.asarray(a, dtype=float) for a in arrays))
    return checked


# 11.1 A network that reads digits


@task("11.1", points=1)
def test_start_scale(student):
    """The variance of the first weights, in layers of 400 to 100 and of 100 to 300."""
    layers = student.start([400, 100, 300], 5)
    layers = pairs(layers, [(400, 100), (100, 300)], "`start([400, 100, 300], 5)`")
    # 40,000 and 30,000 draws: their variance is good to 0.8 %, their mean to 0.006 deviations
    scales = [float(f"{W.var() * len(W):.2g}") for W, _ in layers]
    student.note("variance times n_in", scales)
    for W, b in layers:
        assert not b.any(), "The biases should start at zero."
        assert W.any(), "The weights should not start at zero."
        assert abs(W.mean()) < 0.03 * W.std(), "The mean of the weights is not near 0."
        assert abs(W.var() * len(W) - 2) < 0.1, (
            f"The variance of a layer with {len(W)} inputs is not 2 / {len(W)}."
        )


@task("11.1", points=1)
def test_start_seed(student):
    """Whether the seed decides, and whether the layers are drawn one after another."""
    widths, shapes = [12, 12, 12], [(12, 12), (12, 12)]
    nets = [
        pairs(student.start(widths, seed), shapes, "`start([12, 12, 12], …)`") for seed in (3, 3, 4)
    ]
    first, again, other = ([W for W, _ in net] for net in nets)
    same = all(map(np.array_equal, first, again))
    differs = not any(map(np.array_equal, first, other))
    layers_differ = not np.allclose(first[0], first[1])
    student.note("same, differs, layers differ", [same, differs, layers_differ])
    assert same, "The same seed should give the same weights."
    assert differs, "Another seed should give other weights."
    assert layers_differ, "The two layers have the same weights: draw from one generator."


def problem(rng, widths, n):
    """Draw a network with biases, points and classes."""
    layers = [
        (rng.normal(size=(a, b)) / np.sqrt(a), rng.normal(size=b)) for a, b in pairwise(widths)
    ]
    return layers, rng.normal(size=(n, widths[0])), rng.integers(widths[-1], size=n)


@task("11.1", points=1)
def test_loss(student, reference, rng):
    """The loss of a network 4-6-5-3 for seven points, and of logits that are far apart."""
    arguments = problem(rng, [4, 6, 5, 3], 7)
    got = parts(student.loss_and_gradients(*arguments), 2, "`loss, grads`")[0]
    close(got, reference.loss_and_gradients(*arguments)[0], "the loss for 7 points", rtol=FLOAT32)
    far = [(np.diag([1000.0, 1.0]), np.zeros(2))], np.array([[1.0, 0.5], [1.0, 2.0]]), [1, 0]
    arguments = (*far[:2], np.array(far[2]))
    got = parts(student.loss_and_gradients(*arguments), 2, "`loss, grads`")[0]
    want = reference.loss_and_gradients(*arguments)[0]
    close(got, want, "the loss where logits are 1000 apart", rtol=FLOAT32)


@task("11.1", points=1)
def test_gradients_one_layer(student, reference, rng):
    """The gradients of a network without a hidden layer, 5-4, for six points."""
    compare_gradients(student, reference, problem(rng, [5, 4], 6))


@task("11.1", points=1)
def test_gradients(student, reference, rng):
    """The gradients of a network 4-6-6-3 for five points."""
    compare_gradients(student, reference, problem(rng, [4, 6, 6, 3], 5))


def compare_gradients(student, reference, arguments):
    shapes = [W.shape for W, _ in arguments[0]]
    got = parts(student.loss_and_gradients(*arguments), 2, "`loss, grads`")[1]
    got = pairs(got, shapes, "`grads`")
    want = reference.loss_and_gradients(*arguments)[1]
    for k, (grads, wanted) in enumerate(zip(got, want, strict=True), 1):
        close(grads[0], wanted[0], f"`dW` of layer {k}", rtol=FLOAT32, atol=1e-7)
        close(grads[1], wanted[1], f"`db` of layer {k}", rtol=FLOAT32, atol=1e-7)


@task("11.1", points=3)
def test_digits(student, rng):
    """1348 digits to train on, then 449 that the network has never seen."""
    reads(student, *digits(), int(rng.integers(1000)))


@task("11.1", points=1)
def test_another_task(student, rng):
    """Digits with their pixels in another order and their classes renamed."""
    x, t, x_new, t_new = digits()
    order, names = rng.permutation(64), rng.permutation(10)
    reads(student, x[:, order], names[t], x_new[:, order], names[t_new], int(rng.integers(1000)))


def digits():
    """Digits to train on and new ones, the same for everybody: some splits are harder."""
    return data.split(*data.digits(), rng=3)


def reads(student, x, t, x_new, t_new, seed):
    """Train, and judge by how many new digits are read."""
    layers = student.train(x, t, seed)
    got = student.predict(layers, x_new)
    guesses = as_numbers(got)
    shape = None if guesses is None else list(guesses.shape)
    student.note("shape of the prediction", shape)
    assert shape == [len(x_new)], "`predict` should return one class for each point, shape (N,)."
    assert np.isin(guesses, range(10)).all(), "`predict` should return the classes 0 to 9."
    right = np.mean(guesses == t_new)
    # coarse, for the same mistake does not always get the same number right
    student.note("reads", "enough" if right >= 0.95 else "some" if right > 0.3 else "none")
    student.note("always the same class", len(np.unique(guesses)) == 1)
    student.note("all biases are zero", biases_are_zero(layers))
    assert right >= 0.95, (
        f"The network reads {np.floor(100 * right):.0f} % of the {len(x_new)} new digits; "
        "95 % are asked for."
    )


def biases_are_zero(layers):
    """Whether no training has moved the biases; False where they can't be found."""
    if not isinstance(layers, tuple | list):
        return False
    pairs_only = all(isinstance(layer, tuple | list) and len(layer) == 2 for layer in layers)
    biases = [as_numbers(layer[1]) for layer in layers] if pairs_only else [None]
    return all(b is not None and not b.any() for b in biases)


# 11.2 What ails this run?
#
# The curves lie on both sides of every limit in the rules, and near it. A random scale keeps the
# rules about ratios from being replaced by rules about numbers.


def curve(rng, *values):
    """A curve of this shape, in a random scale."""
    return rng.uniform(3.0, 5.0) * np.array(values)


def spread(rng, *layers, epochs=6):
    """Draw gradients that differ by half from epoch to epoch; the layers have these sizes."""
    return rng.uniform(0.01, 0.015, size=(epochs, len(layers))) * layers


def ask(student, reference, cases):
    """Have all runs diagnosed before any is judged, so that a mistake shows in full."""
    got = {case: student.diagnose(*run) for case, run in cases.items()}
    want = {case: reference.diagnose(*run) for case, run in cases.items()}
    student.note("diagnoses", [g if isinstance(g, str) else None for g in got.values()])
    for case in cases:
        assert isinstance(got[case], str), "`diagnose` should return one of the five words."
        assert got[case] == want[case], f"Wrong diagnosis: {case}."


@task("11.2", points=1)
def test_diverging(student, reference, rng):
    """Runs that become NaN or infinite, that end higher than they began, or only jump."""
    nan, infinite, back = (curve(rng, 1, 0.7, 0.5, 0.4, 0.35, 0.3) for _ in range(3))
    nan[4:], infinite[4:], back[3] = np.nan, np.inf, np.inf
    late = curve(rng, 1, 0.6, 0.4, 0.5, 0.9, 1.05)
    jump = curve(rng, 1, 0.25, 0.3, 0.4, 1.1, 0.35)
    start = curve(rng, 0.6, 1, 0.4, 0.3, 0.25, 0.2)
    even = spread(rng, 1, 1, 1, 1)
    cases = {
        "the training loss becomes NaN": (nan, nan, even),
        "it becomes infinite": (infinite, infinite, even),
        "it is infinite once and comes back": (back, curve(rng, *[0.5] * 6), even),
        "it falls, then rises above its start": (late, late, even),
        "it jumps up once and falls again": (jump, curve(rng, *[0.6] * 6), even),
        "it begins with a jump and falls": (start, start + 0.1, even),
    }
    ask(student, reference, cases)


@task("11.2", points=1)
def test_vanishing(student, reference, rng):
    """Runs with small gradients at one end: some that stand still, and some that learn."""
    small = spread(rng, 2e-4, 1e-2, 1e-2, 1)
    waking, dying = small.copy(), small.copy()
    waking[1:], dying[1:] = spread(rng, 1, 1, 1, 1, epochs=5), 1e-9
    limit = np.tile([1.0, 1.0, 1.0, 800.0], (6, 1)) * 1e-5
    still = curve(rng, 1, 0.99, 0.985, 0.98, 0.97, 0.96)
    learns, late = (
        curve(rng, 1, 0.6, 0.4, 0.3, 0.2, 0.1),
        curve(rng, 1, 0.99, 0.98, 0.97, 0.96, 0.93),
    )
    early = curve(rng, 1, 0.935, 0.934, 0.933, 0.932, 0.93)
    flat = curve(rng, *[1.0] * 6)
    cases = {
        "small gradients at the input, the loss stands still": (still, still, small),
        "small in the first epoch only, the loss stands still": (still, still, waking),
        "small at the input, later in all layers": (still, still, dying),
        "the loss does not move at all": (flat, flat, small),
        "small gradients at the input, but the loss falls": (learns, learns + 0.05, small),
        "it falls by 7 % in the end": (late, late, small),
        "it falls by 7 % in the beginning": (early, early, small),
        "a gradient that is 800 times smaller at the input": (still, still, limit),
        "1200 times smaller": (still, still, limit * [1, 1, 1, 1.5]),
        "small gradients at the output": (still, still, small[:, ::-1]),
    }
    ask(student, reference, cases)


@task("11.2", points=1)
def test_slow_or_not(student, reference, rng):
    """Runs that creep, that have fallen by more than half, that rest, and that jump."""
    even = spread(rng, 1, 1, 1, 1)
    slow, fast = curve(rng, 1, 0.9, 0.8, 0.7, 0.6, 0.55), curve(rng, 1, 0.8, 0.7, 0.6, 0.52, 0.47)
    far = curve(rng, 1, 0.5, 0.3, 0.2, 0.1, 0.05)
    jumping, resting = (
        curve(rng, 1, 0.9, 0.8, 0.85, 0.7, 0.6),
        curve(rng, 1, 0.9, 0.8, 0.8, 0.7, 0.6),
    )
    cases = {
        "the loss creeps down to 55 %": (slow, slow + 0.05, even),
        "it creeps down to 47 %": (fast, fast + 0.05, even),
        "it falls far": (far, far + 0.1, even),
        "it falls a little, with a jump between": (jumping, jumping, even),
        "it falls a little, with a rest between": (resting, resting, even),
    }
    ask(student, reference, cases)


@task("11.2", points=1)
def test_overfitting_or_not(student, reference, rng):
    """Runs whose validation loss turns up, stays above the training loss, or wobbles."""
    even = spread(rng, 1, 1, 1, 1)
    loss = curve(rng, 1, 0.5, 0.3, 0.2, 0.1, 0.05)
    turning = curve(rng, 2, 0.6, 0.5, 0.6, 0.7, 0.9)
    end = curve(rng, 2, 0.6, 0.5, 0.5, 0.55, 0.65)
    wobbling = curve(rng, 2, 0.6, 0.5, 0.55, 0.7, 0.57)
    both = loss.copy()
    both[-1] = 1.5 * loss[2]
    cases = {
        "the validation loss turns up": (loss, turning, even),
        "it turns up, in small numbers": (loss, 0.2 * turning, even),
        "it ends 30 % above its lowest": (loss, end, even),
        "it stays above the training loss": (loss, loss + 1.5, even),
        "it ends 14 % above its lowest": (loss, wobbling, even),
        "the same in large numbers": (loss, 5 * wobbling, even),
        "both losses turn up": (both, turning, even),
    }
    ask(student, reference, cases)


# 11.3 Read an ablation


def pairs_of(rng, gain, noise, n):
    """Draw accuracies of n seeds that share most of their luck; the mean gain is exact."""
    shared = rng.normal(0.9, 0.03, size=n)
    own = rng.normal(size=n)
    own = (own - own.mean()) / own.std(ddof=1)
    return shared + gain + noise * own, shared


def judged(student, reference, full, without, case):
    got = parts(student.read_ablation(full, without), 3, "`mean, error, verdict`")
    want = reference.read_ablation(full, without)
    close(got[0], want[0], f"the mean {case}", rtol=FLOAT32, atol=1e-9)
    close(got[1], want[1], f"the standard error {case}", rtol=FLOAT32, atol=1e-9)
    assert isinstance(got[2], str), "The verdict should be one of the three strings."
    assert got[2] == want[2], f"Wrong verdict {case}."


@task("11.3", points=1)
def test_clear_cases(student, reference, rng):
    """An ingredient that helps by 2 % with every seed, and one that hurts."""
    judged(student, reference, *pairs_of(rng, 0.02, 0.008, 6), "where the ingredient helps")
    judged(student, reference, *pairs_of(rng, -0.03, 0.01, 5), "where it hurts")


@task("11.3", points=2)
def test_within_chance(student, reference, rng):
    """Differences far below, just below and just above two standard errors."""
    for n, ratio in [(6, 0.5), (8, 1.9), (8, 2.1), (4, -1.9), (4, -2.1)]:
        full, without = pairs_of(rng, ratio * 0.01 / np.sqrt(n), 0.01, n)
        case = f"at {ratio} standard errors, {n} seeds"
        judged(student, reference, full, without, case)


@task("11.3", points=1)
def test_interaction(student, reference, rng):
    """Two ingredients that stand in for each other, and two that need each other."""
    for low, alone, high in [(0.2, 0.85, 0.95), (0.4, 0.45, 0.9)]:
        plain, a, b, both = (
            rng.normal(mean, 0.02, size=7) for mean in (low, alone, alone - 0.1, high)
        )
        got, want = (who.interaction(plain, a, b, both) for who in (student, reference))
        close(got, want, f"the interaction of ingredients that reach {alone:.0%} and less alone")


# 11.4 Choose, then report


def contest(rng):
    """Draw five recipes and seven seeds in which each wrong way to choose takes another one."""
    validation = rng.uniform(0.90, 0.91, size=(5, 7))
    validation[1] += 0.06  # the best on average
    validation[3, 2] = 0.995  # the luckiest run
    test = rng.uniform(0.91, 0.92, size=(5, 7))
    test[4] += 0.05  # the best on the test data
    test[1] += 0.02
    return validation, test


def reported(student, reference, validation, test, case):
    got = parts(student.choose_and_report(validation, test), 3, "`chosen, mean, optimism`")
    want = reference.choose_and_report(validation, test)
    close(got[0], want[0], f"the chosen recipe {case}")
    close(got[1], want[1], f"the mean test accuracy {case}", rtol=FLOAT32)
    close(got[2], want[2], f"the optimism {case}", rtol=FLOAT32, atol=1e-7)


@task("11.4", points=1)
def test_choice(student, reference, rng):
    """Five recipes and seven seeds: which one is chosen."""
    validation, test = contest(rng)
    got = parts(student.choose_and_report(validation, test), 3, "`chosen, mean, optimism`")
    want = reference.choose_and_report(validation, test)
    close(got[0], want[0], "the chosen recipe")


@task("11.4", points=2)
def test_report(student, reference, rng):
    """The numbers of the report, also where two recipes are equal on validation data."""
    reported(student, reference, *contest(rng), "of five")
    validation, test = contest(rng)
    validation[2] = validation[1]
    reported(student, reference, validation, test, "where two are equal")
