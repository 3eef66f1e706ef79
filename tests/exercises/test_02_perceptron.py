"""Tests of exercise 02.

Where a tie or a number of updates is judged, numbers are multiples of 1/4: sums are exact in any
order. Elsewhere the tolerance is that of single precision, which is far below any of the
differences that the known mistakes make.
"""

import numpy as np

from coursekit.grading import close, parametrize, task

FLOAT32 = 1e-5  # a sum of a few numbers in single precision, and a function of it, are good to that

X2 = np.array([[i, j] for i in (0.0, 1.0) for j in (0.0, 1.0)])
GATES = {
    "OR": np.array([-1, 1, 1, 1]),
    "AND": np.array([-1, -1, -1, 1]),
    "XOR": np.array([-1, 1, 1, -1]),
}


def values_of(answer, names):
    """Take the values that a function should return apart."""
    assert isinstance(answer, tuple | list) and len(answer) == len(names.split(", ")), (
        f"Return {len(names.split(', '))} values, `{names}`."
    )
    return answer


def compare(answer, want, names, case):
    """Compare each of several returned values under its own name."""
    for name, got, wanted in zip(names.split(", "), values_of(answer, names), want, strict=True):
        close(got, wanted, f"`{name}` {case}", rtol=FLOAT32, atol=FLOAT32)


# 02.1 The parts of a neuron


@task("02.1", points=0.5)
@parametrize("activation", ["step", "sigmoid", "tanh"])
def test_neuron(student, reference, rng, activation):
    """Thirty points with three features, activation {activation}."""
    x, w = rng.normal(size=(30, 3)), rng.uniform(0.5, 1.5, size=3) * [1, -1, 1]
    for w0 in (0.75, -1.25):
        y = student.neuron(x, w, w0, activation)
        want = reference.neuron(x, w, w0, activation)
        close(y, want, f"the output for the threshold {w0:g}", rtol=FLOAT32, atol=FLOAT32)


@task("02.1", points=0.5)
def test_neuron_at_zero(student, reference):
    """Points of which some have the sum 0, with each of the activations."""
    x, w = np.array([[1.0, 2.0], [0.5, 0.0], [2.0, 1.5], [-1.0, 1.0]]), np.array([1.0, -1.0])
    for activation in ("step", "sigmoid", "tanh"):
        y = student.neuron(x, w, 0.5, activation)
        want = reference.neuron(x, w, 0.5, activation)
        close(y, want, f"the output of {activation}", rtol=FLOAT32, atol=FLOAT32)


# 02.2 Threshold, bias, constant input


def neurons(rng):
    """Draw two neurons, one with a positive and one with a negative threshold."""
    return [
        (rng.uniform(0.5, 2.0, size=3) * [1, -1, 1], 0.75),
        (rng.uniform(0.5, 2.0, size=4) * [1, 1, -1, 1], -1.5),
    ]


@task("02.2", points=1)
def test_to_bias(student, reference, rng):
    """Two neurons turned into neurons with a bias."""
    for w, w0 in neurons(rng):
        compare(student.to_bias(w, w0), reference.to_bias(w, w0), "w, b", f"for w0 = {w0:g}")


@task("02.2", points=1)
def test_to_constant_input(student, reference, rng):
    """Two neurons and their points with a constant input."""
    for w, w0 in neurons(rng):
        x = rng.uniform(0.5, 2.0, size=(5, len(w)))
        compare(
            student.to_constant_input(x, w, w0),
            reference.to_constant_input(x, w, w0),
            "x_ext, w_ext",
            f"for {len(x)} points with {len(w)} features",
        )


@task("02.2", points=1)
def test_to_plus_minus(student, reference, rng):
    """Two neurons for inputs −1 and +1 in place of 0 and 1."""
    for w, w0 in neurons(rng):
        got, want = student.to_plus_minus(w, w0), reference.to_plus_minus(w, w0)
        compare(got, want, "v, v0", f"for w0 = {w0:g}")


# 02.3 One step of learning


def compare_update(student, reference, arguments, case):
    """Make one step with both."""
    compare(student.update(*arguments), reference.update(*arguments), "w, b", case)


@task("02.3", points=1)
def test_update_after_mistake(student, reference, rng):
    """Points on the wrong side, with targets of both signs."""
    for t in (1, -1):
        w, x = rng.uniform(0.5, 2.0, size=(2, 4)) * [1, -1, 1, 1]
        # The score is -t times a sum of positive numbers: a mistake, and far from zero.
        compare_update(
            student, reference, (-t * w, -0.25 * t, x, t, 0.3), f"after a mistake with t = {t:+d}"
        )


@task("02.3", points=0.5)
def test_update_of_right_point(student, reference, rng):
    """Points on the right side, some barely, with targets of both signs."""
    for t in (1, -1):
        w, x = rng.uniform(0.5, 2.0, size=(2, 3)) * [1, -1, 1]
        for b, case in [
            (0.25 * t, "a right point"),
            (-t * (w @ x - 0.125), "a barely right point"),
        ]:
            arguments = (t * w, float(b), x, t, 0.3)
            compare_update(student, reference, arguments, f"for {case} with t = {t:+d}")


@task("02.3", points=0.5)
def test_update_at_zero(student, reference):
    """A start at zero weights, and points exactly on the line."""
    for w, b, x in [
        (np.zeros(2), 0.0, np.array([3.0, -0.5])),
        (np.array([1.0, 2.0]), -0.5, np.array([1.5, -0.5])),
    ]:
        for t in (1, -1):
            compare_update(
                student, reference, (w, b, x, t, 0.25), f"for the score 0 and t = {t:+d}"
            )


# 02.4 The training loop


@task("02.4", points=1)
@parametrize("gate", ["OR", "AND"])
def test_train_on_gates(student, reference, gate):
    """Training on {gate} until it is learnt, and for too few epochs."""
    for max_epochs in (100, 3):
        arguments = (X2, GATES[gate], 1.0, max_epochs)
        compare(
            student.train(*arguments),
            reference.train(*arguments),
            "w, b, updates",
            f"after at most {max_epochs} epochs",
        )


@task("02.4", points=1)
def test_train_on_points(student, reference, rng):
    """Points near a plane that separates them and misses the origin, learning rate ½."""
    # So near to the plane, and with so large a bias, that learning takes dozens of updates in
    # several epochs, whatever the seed: one epoch, another order or no bias end elsewhere.
    x = rng.integers(-4, 5, size=(200, 3)).astype(float)
    score = x @ [1.0, -2.0, 1.0] + 4.0
    near = (score != 0) & (np.abs(score) <= 3)
    x, t = x[near][:24], np.sign(score[near])[:24]
    arguments = (x, t, 0.5, 500)
    compare(
        student.train(*arguments), reference.train(*arguments), "w, b, updates", "for 24 points"
    )


@task("02.4", points=1)
def test_train_without_end(student, reference):
    """Training on XOR, which only the number of epochs ends."""
    for max_epochs in (1, 6):
        arguments = (X2, GATES["XOR"], 0.5, max_epochs)
        compare(
            student.train(*arguments),
            reference.train(*arguments),
            "w, b, updates",
            f"after {max_epochs} epoch{'s' if max_epochs > 1 else ''}",
        )


# 02.5 How many mistakes at most?


def separated(rng):
    """Draw points with three features and a plane that separates them, off all the axes."""
    w, b = np.array([2.0, -1.0, 0.5]), -0.75
    x = rng.uniform(-3.0, 3.0, size=(40, 3))
    score = x @ w + b
    x, score = x[np.abs(score) > 0.3], score[np.abs(score) > 0.3]
    return x, np.where(score > 0, 1, -1), w, b


def turned(rng):
    """Turn one target of +1, so that the worst point lies on the wrong side."""
    x, t, w, b = separated(rng)
    t[np.flatnonzero(t > 0)[3]] = -1
    return x, t, w, b


@task("02.5", points=0.5)
def test_margin(student, reference, rng):
    """The margin of a plane that separates the points."""
    arguments = separated(rng)
    got, want = student.margin(*arguments), reference.margin(*arguments)
    close(got, want, "the margin", rtol=FLOAT32, atol=FLOAT32)


@task("02.5", points=0.5)
def test_margin_with_error(student, reference, rng):
    """The margin when one point lies on the wrong side."""
    arguments = turned(rng)
    got, want = student.margin(*arguments), reference.margin(*arguments)
    close(got, want, "the margin", rtol=FLOAT32, atol=FLOAT32)


@task("02.5", points=1)
def test_mistake_bound(student, reference, rng):
    """The bound for a plane that separates the points."""
    arguments = separated(rng)
    got, want = student.mistake_bound(*arguments), reference.mistake_bound(*arguments)
    close(got, want, "the bound", rtol=FLOAT32)


@task("02.5", points=1)
def test_mistake_bound_that_does_not_exist(student, reference, rng):
    """The bound when a point lies on the wrong side or on the line, and for AND."""
    on_line = (X2, GATES["AND"], np.array([1.0, 1.0]), -1.0)
    for arguments, case in [
        (turned(rng), "with a point on the wrong side"),
        (on_line, "with points on the line"),
        ((X2, GATES["AND"], np.array([1.0, 1.0]), -0.75), "for AND and a line too near the origin"),
        ((X2, GATES["AND"], np.array([2.0, 2.0]), -3.0), "for AND"),
    ]:
        got, want = student.mistake_bound(*arguments), reference.mistake_bound(*arguments)
        close(got, want, f"the bound {case}", rtol=FLOAT32)


# 02.6 Going round in circles

# Integer points that no line separates. Their cycles begin after 2 or 3 epochs and last 2 to 7.
FIVE = [
    ([[-1, -1], [3, 1], [3, -1], [0, 0], [2, 0]], [1, -1, -1, -1, 1]),
    ([[2, -2], [-3, 0], [3, 2], [-1, 2], [3, 3]], [-1, -1, 1, 1, -1]),
    ([[-2, 1], [-1, 3], [-1, -1], [3, -2], [0, 2]], [1, 1, -1, 1, -1]),
]


def compare_cycle(student, reference, x, t, max_epochs, case):
    """Look for the cycle with both."""
    arguments = (np.array(x, dtype=float), np.array(t), max_epochs)
    got, want = student.find_cycle(*arguments), reference.find_cycle(*arguments)
    if want is None:
        assert got is None, f"{case[:1].upper()}{case[1:]} no state comes back: return None."
        return
    assert got is not None, f"You return None, but {case} a state comes back."
    compare(got, want, "start, length, updates", case)


@task("02.6", points=1)
@parametrize("gate", ["XOR", "OR"])
def test_cycle_of_gates(student, reference, gate):
    """The cycle of {gate}, in two orders of its rows."""
    for order in ([0, 1, 2, 3], [0, 3, 1, 2]):
        case = f"for the rows in the order {order}"
        compare_cycle(student, reference, X2[order], GATES[gate][order], 60, case)


@task("02.6", points=1)
def test_longer_cycles(student, reference):
    """Three sets of five points whose cycles take several epochs."""
    for number, (x, t) in enumerate(FIVE, 1):
        compare_cycle(student, reference, x, t, 60, f"for set {number}")


@task("02.6", points=1)
def test_cycle_within_epochs(student, reference):
    """The first of these sets with a limit of five epochs, just enough, and of four."""
    for max_epochs in (5, 4):
        compare_cycle(student, reference, *FIVE[0], max_epochs, f"within {max_epochs} epochs")
