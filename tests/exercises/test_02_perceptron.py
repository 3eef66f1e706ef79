"""Tests of exercise 02.

Where a tie or a number of updates is judged, numbers are multiples of 1/4: sums are exact in any
order. Elsewhere the tolerance is that of single precision, which is far below any of the
differences that the known mistakes make.
"""

import numpy as np

from coursekit.grading import parametrize, task

FLOAT32 = 1e-5  # a sum of a few numbers in single precision, and a function of it, are good to that

X2 = np.array([[i, j] for i in (0.0, 1.0) for j in (0.0, 1.0)])
GATES = {
    "OR": np.array([-1, 1, 1, 1]),
    "AND": np.array([-1, -1, -1, 1]),
    "XOR": np.array([-1, 1, 1, -1]),
}


def quarters(rng, shape):
    """Draw multiples of 1/4 between -2 and 2, none of them 0."""
    return rng.integers(1, 9, size=shape) / 4 * rng.choice([-1, 1], size=shape)


def off_the_lines(rng, shape):
    """Draw points whose sums with quarters are exact, and no multiple of 1/16."""
    x = np.round(4 * rng.normal(size=shape)) / 4
    x[:, 0] += 1 / 64
    return x


# 02.1 The parts of a neuron


@task("02.1", points=0.5, rtol=FLOAT32, atol=FLOAT32)
@parametrize("activation", ["step", "sigmoid", "tanh"])
def test_neuron(case, rng, activation):
    """Points with several features, activation {activation}."""
    for N, n in [(2, 3), (6, 3), (30, 3), (30, 4)]:
        x, w = off_the_lines(rng, (N, n)), quarters(rng, n)
        for w0 in (0.75, -1.25):
            case("neuron", "the output", x=x, w=w, w0=w0, activation=activation)


@task("02.1", points=0.5, rtol=FLOAT32, atol=FLOAT32)
def test_neuron_at_zero(case, rng):
    """Points of which some have the sum 0, with each of the activations."""
    for activation in ("step", "sigmoid", "tanh"):
        for N in (4, 9):
            x, w = quarters(rng, (N, 2)), quarters(rng, 2)
            zero = x[2].copy()  # as is x[0]; x[1] is below, x[-2] above
            x[0], x[-1] = zero + np.array([w[1], -w[0]]), zero
            x[1], x[-2] = zero - np.sign(w) / 4, zero + np.sign(w) / 4
            case("neuron", "the output", x=x, w=w, w0=float(zero @ w), activation=activation)


# 02.2 Threshold, bias, constant input


def neurons(rng):
    """Draw neurons with several features, with positive and negative thresholds."""
    for n, sign in [(2, 1), (3, -1), (4, 1), (3, 1)]:
        yield rng.normal(size=n).round(2) + 0.005, sign * round(float(rng.uniform(0.5, 2)), 2)


@task("02.2", points=1, rtol=FLOAT32, atol=FLOAT32)
def test_to_bias(case, rng):
    """Neurons turned into neurons with a bias."""
    for w, w0 in neurons(rng):
        case("to_bias", "w, b", w=w, w0=w0)


@task("02.2", points=1, rtol=FLOAT32, atol=FLOAT32)
def test_to_constant_input(case, rng):
    """Neurons and their points with a constant input."""
    for N, (w, w0) in zip((1, 3, 5, 3), neurons(rng), strict=True):
        x = rng.normal(size=(N, len(w))).round(2)
        case("to_constant_input", "x_ext, w_ext", x=x, w=w, w0=w0)


@task("02.2", points=1, rtol=FLOAT32, atol=FLOAT32)
def test_to_plus_minus(case, rng):
    """Neurons for inputs −1 and +1 in place of 0 and 1."""
    for w, w0 in neurons(rng):
        case("to_plus_minus", "v, v0", w=w, w0=w0)


# 02.3 One step of learning


def near(rng, n, score, side=0):
    """Draw weights, a bias and a point that has this score, all multiples of 1/4.

    The score without the bias has no other sign than `side`.
    """
    w, x = quarters(rng, n), quarters(rng, n)
    x = -x if w @ x * side < 0 else x
    return {"w": w, "b": float(score - w @ x), "x": x}


@task("02.3", points=1, rtol=FLOAT32, atol=FLOAT32)
def test_update_after_mistake(case, rng):
    """Points on the wrong side, with targets of both signs."""
    for n, t in [(2, 1), (2, -1), (4, 1), (4, -1)]:
        for lr in (0.3, 0.8):
            score = -t * float(rng.integers(5, 12)) / 4
            case("update", "w, b", **near(rng, n, score), t=t, lr=lr)
    for t in (1, -1):  # a point that becomes a right one if so large a bias is subtracted
        score = -t * float(rng.integers(69, 80)) / 4
        case("update", "w, b", **near(rng, 2, score, side=-t), t=t, lr=0.5)


@task("02.3", points=0.5, rtol=FLOAT32, atol=FLOAT32)
def test_update_of_right_point(case, rng):
    """Points on the right side and on the wrong one, some barely, with targets of both signs."""
    for n, t in [(2, 1), (2, -1), (3, 1), (3, -1)]:
        for off in rng.permutation([2.25, 0.125, -0.125]):
            case("update", "w, b", **near(rng, n, t * off), t=t, lr=0.3)


@task("02.3", points=0.5, rtol=FLOAT32, atol=FLOAT32)
def test_update_at_zero(case, rng):
    """A start at zero weights, and points exactly on the line."""
    for t in (1, -1):
        lr = float(rng.integers(1, 8)) / 8
        case("update", "w, b", w=np.zeros(2), b=0.0, x=quarters(rng, 2), t=t, lr=lr)
        for n in (2, 3):
            case("update", "w, b", **near(rng, n, 0.0), t=t, lr=lr)


# 02.4 The training loop, without weights


def scaled_gate(rng, gate, order):
    """Draw a gate's points, each feature with a 1 of its own size, in this order."""
    return X2[order] * rng.integers(2, 7, size=2) / 4, GATES[gate][order]


def train(case, x, t, max_epochs):
    case("train", "counts, epochs", G=x @ x.T, t=t, max_epochs=max_epochs)


@task("02.4", points=1)
@parametrize("gate", ["OR", "AND"])
def test_train_on_gates(case, rng, gate):
    """Training on {gate} with 1s of several sizes, until it is learnt and for too few epochs."""
    for _ in range(3):
        x, t = scaled_gate(rng, gate, rng.permutation(4))
        for max_epochs in (100, 3, 2):
            train(case, x, t, max_epochs)


@task("02.4", points=1)
def test_train_on_points(case, rng):
    """Points near a plane that separates them and misses the origin."""
    # So near to the plane, and with so large a bias, that learning takes dozens of updates in
    # several epochs, whatever the seed: one epoch, another order or no bias end elsewhere.
    for N in (5, 8, 24):
        x = rng.integers(-4, 5, size=(200, 3)).astype(float)
        normal, b = np.array([1.0, 2.0, 1.0]) * rng.choice([-1, 1], size=3), rng.choice([-4.0, 4.0])
        score = x @ normal + b
        close = (score != 0) & (np.abs(score) <= 3)
        train(case, x[close][:N], np.sign(score[close])[:N].astype(int), 500)


@task("02.4", points=1)
def test_train_without_end(case, rng):
    """Training on XOR with 1s of several sizes, which only the number of epochs ends."""
    # In the usual order all points are mistakes, and the changes of each epoch cancel.
    for order in ([0, 1, 2, 3], [0, 3, 1, 2], rng.permutation(4)):
        x, t = scaled_gate(rng, "XOR", order)
        for max_epochs in (1, int(rng.integers(4, 20))):
            train(case, x, t, max_epochs)


# 02.5 How many mistakes at most?


def separated(rng, N, n):
    """Draw points and a plane that separates them, off all the axes."""
    w, b = quarters(rng, n), float(quarters(rng, 1)[0])
    x = rng.uniform(-3.0, 3.0, size=(20 * N, n)).round(2)
    score = x @ w + b
    x, score = x[np.abs(score) > 0.3][:N], score[np.abs(score) > 0.3][:N]
    return {"x": x, "t": np.where(score > 0, 1, -1), "w": w, "b": b}


def turned(rng, N, n):
    """Turn one target, so that a point lies on the wrong side."""
    found = separated(rng, N, n)
    found["t"][rng.integers(N)] *= -1
    return found


def touching(rng, N, n):
    """Shift a point onto the line; all sums are exact."""
    found = separated(rng, N, n)
    found["x"][rng.integers(N)] = point = quarters(rng, n)
    score = found["x"] @ found["w"] - point @ found["w"]
    return found | {"b": -float(point @ found["w"]), "t": np.where(score > 0, 1, -1)}


SIZES = [(3, 2), (12, 3), (40, 3), (25, 4)]


@task("02.5", points=0.5, rtol=FLOAT32, atol=FLOAT32)
def test_margin(case, rng):
    """The margin of lines and planes that separate the points."""
    for N, n in SIZES:
        case("margin", "the margin", **separated(rng, N, n))


@task("02.5", points=0.5, rtol=FLOAT32, atol=FLOAT32)
def test_margin_with_error(case, rng):
    """The margin when one point lies on the wrong side."""
    for N, n in SIZES:
        case("margin", "the margin", **turned(rng, N, n))


@task("02.5", points=1, rtol=FLOAT32)
def test_mistake_bound(case, rng):
    """The bound for lines and planes that separate the points."""
    for N, n in SIZES:
        case("mistake_bound", "the bound", **separated(rng, N, n))


@task("02.5", points=1, rtol=FLOAT32)
def test_mistake_bound_that_does_not_exist(case, rng):
    """The bound when a point lies on the wrong side, on the line, or where it should."""
    for N, n in SIZES[:3]:
        for kind in rng.permutation([turned, touching, separated]):
            case("mistake_bound", "the bound", **kind(rng, N, n))


# 02.6 Going round in circles

# Integer points that no line separates, and the epoch after which a state comes back, for each row
# with which the order may begin.
SETS = [
    ([[2, 3], [3, 0], [3, 3], [3, -3], [0, 1]], [-1, -1, 1, 1, 1], [13, 14, 14, 9, 14]),
    ([[1, 2], [-3, 2], [0, 0], [1, -1], [3, -3]], [-1, -1, 1, -1, -1], [11, 10, 10, 8, 16]),
    ([[0, 0], [0, -1], [3, -1], [1, -1], [0, 3]], [-1, 1, -1, 1, 1], [6, 6, 6, 6, 6]),
    ([[-1, -1], [2, -1], [2, 1], [-3, 0], [-1, 0]], [1, 1, 1, 1, -1], [7, 12, 6, 11, 13]),
    ([[0, -2], [2, -3], [-2, -2], [0, -1], [-2, -3]], [1, -1, -1, 1, 1], [15, 18, 16, 18, 15]),
    ([[-3, 1], [-2, -1], [3, -3], [1, -1], [0, 3]], [-1, 1, 1, -1, 1], [5, 8, 9, 11, 5]),
    ([[1, 2], [-2, 3], [2, 2], [2, -3], [-2, -3]], [1, -1, -1, 1, -1], [7, 7, 6, 6, 7]),
    ([[3, 0], [-1, 0], [2, 3], [-1, -2], [0, 1]], [-1, -1, 1, 1, 1], [12, 11, 9, 8, 12]),
    ([[-2, 1], [1, 1], [-2, -3], [3, 1], [-2, -1]], [1, -1, 1, 1, -1], [7, 7, 7, 6, 8]),
    ([[3, 0], [-2, 0], [2, -3], [-1, -1], [2, 1]], [-1, 1, 1, -1, 1], [9, 10, 9, 10, 10]),
    ([[-1, -2], [-1, 0], [0, -3], [2, 1], [2, -3]], [1, -1, -1, 1, -1], [6, 2, 7, 9, 8]),
    ([[-1, 2], [-1, -3], [3, 3], [1, 2], [-3, 0]], [-1, -1, -1, 1, -1], [10, 12, 12, 12, 13]),
]


def sets(rng, number):
    """Draw sets of points, mirrored and with exchanged axes, which changes no cycle.

    The row that comes first is drawn too, so that a table of known cycles holds few of the others.
    """
    for which in rng.permutation(len(SETS))[:number]:
        x, t, epochs = SETS[which]
        first = int(rng.integers(len(t)))
        x = np.array(x)[:, rng.permutation(2)] * rng.choice([-1, 1], size=2)
        yield np.roll(x, -first, axis=0), np.roll(t, -first), epochs[first]


def cycle(answer, x, t, max_epochs):
    """Look for a cycle that is there."""
    found = answer.find_cycle(x, t, max_epochs)
    yield None, [found is None, found]
    assert found is not None, (
        f"`find_cycle(…)` is None, but a state comes back within {max_epochs} epochs."
    )
    yield "`find_cycle(…)`", found


def no_cycle(answer, x, t, max_epochs):
    """Look for a cycle that begins too late."""
    found = answer.find_cycle(x, t, max_epochs)
    yield None, [found is None, found]
    assert found is None, f"No state comes back within {max_epochs} epochs: None is asked for."
    yield "`find_cycle(…)`", found


@task("02.6", points=1)
@parametrize("gate", ["XOR", "OR"])
def test_cycle_of_gates(case, rng, gate):
    """The cycle of {gate} with 1s of several sizes, its rows in several orders, some repeated."""
    # After the first of these orders the weights of XOR come back before the state does, and the
    # cycle of the second has two epochs. If each row came once, the order of XOR's targets would
    # decide, and a table of six values would be an answer.
    a, b = rng.permutation([1, 2])
    more = (rng.permutation([0, 1, 2, 3, *rng.integers(4, size=4)]) for _ in range(7))
    for order in ([3, 0, a, b], [a, 3, a, b, a, 3, b, 0], *more):
        size = rng.integers(1, 4, size=2)
        x, t = (X2[order] * size).astype(int), GATES[gate][order]
        case(cycle, "start, length, updates", x=x, t=t, max_epochs=100)


@task("02.6", points=1)
def test_longer_cycles(case, rng):
    """Sets of five points whose cycles take several epochs, in several orders."""
    for x, t, _ in sets(rng, 6):
        order = rng.permutation(len(t))
        case(cycle, "start, length, updates", x=x[order], t=t[order], max_epochs=60)


@task("02.6", points=1)
def test_cycle_within_epochs(case, rng):
    """Such sets with a limit of epochs that is just enough, or too low by one."""
    for (x, t, k), late in zip(sets(rng, 8), rng.permutation([True, False] * 4), strict=True):
        if late:
            case(no_cycle, x=x, t=t, max_epochs=k - 1)
        else:
            case(cycle, "start, length, updates", x=x, t=t, max_epochs=k)
