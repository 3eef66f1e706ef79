"""Tests of exercise 01.

Wherever a point may lie on a line, all numbers are multiples of 1/64: sums are exact in any order,
and in float32 too. All outputs but the lifted points are whole numbers and need no tolerance.
"""

import numpy as np

from coursekit.grading import parametrize, parts, task

X2 = np.array([[i, j] for i in (0.0, 1.0) for j in (0.0, 1.0)])
X3 = np.array([[i, j, k] for i in (0.0, 1.0) for j in (0.0, 1.0) for k in (0.0, 1.0)])


def fires(total):
    """The bracket [total > 0]."""
    return (total > 0).astype(int)


def quarters(rng, shape):
    """Draw multiples of 1/4 between -2 and 2, none of them 0."""
    return rng.integers(1, 9, size=shape) / 4 * rng.choice([-1, 1], size=shape)


def off_the_lines(rng, shape):
    """Draw points whose sums with quarters are exact, and no multiple of 1/16."""
    x = np.round(4 * rng.normal(size=shape)) / 4
    x[:, 0] += 1 / 64
    return x


def on_the_line(rng, N, w):
    """Draw points, and a threshold that three of their sums equal, and at least one exceeds."""
    while True:
        x = quarters(rng, (N, len(w)))
        x[[1, -1]] = x[2]
        x[1, 0], x[1, 1] = x[2, 0] + w[1], x[2, 1] - w[0]
        w0 = float(x[2] @ w)
        if fires(x @ w - w0).any():  # else zeros alone would be right
            return x, w0


# 01.1 One neuron, many points


@task("01.1", points=1)
def test_neuron_on_many_points(case, rng):
    """Points with up to five features: one output for each point."""
    for N, n in [(2, 3), (6, 3), (40, 3), (40, 5)]:
        x, w = off_the_lines(rng, (N, n)), quarters(rng, n)
        for w0 in (0.75, -0.75):
            case("neuron", "the output", x=x, w=w, w0=w0)


@task("01.1", points=0.5)
def test_neuron_on_the_line(case, rng):
    """Points of which some lie exactly on the line."""
    for N in (4, 8, 8):
        w = quarters(rng, 2)
        x, w0 = on_the_line(rng, N, w)
        case("neuron", "the output", x=x, w=w, w0=w0)


@task("01.1", points=0.5)
def test_neuron_returns_numbers(case, rng):
    """One point with one feature: an array with one number in it."""
    for sign in rng.permutation([-1, 1] * 8):
        x, w = quarters(rng, (1, 1)), quarters(rng, 1)
        w0 = float(x[0] @ w) - sign * float(rng.integers(1, 9)) / 4
        case("neuron", "the output", x=x, w=w, w0=w0)


# 01.2 Gates by hand


def gate(answer, name, inputs):
    """Compute the truth table of the neuron for a gate."""
    w, w0 = parts(answer.gate_weights(name), w=inputs.shape[1:], w0=())
    yield "the output of your neuron", fires(inputs @ w - w0)


@task("01.2", points=1)
@parametrize("names", ["nand and nor", "implies and majority"])
def test_gates(names, case):
    """Your neurons for {names}, on all inputs."""
    # Two gates at a time: the four rows of a single table could be right by luck.
    for name in names.split(" and "):
        case(gate, name=name, inputs=X3 if name == "majority" else X2)


# 01.3 A search for the best line


def noisy_points(rng, N):
    """Draw points on both sides of the line 2 x1 - x2 = 2, a third of them on it; turn three."""
    x = rng.integers(-4, 5, size=(N, 2)).astype(float)
    on_line = rng.permutation(9)[: N // 3]
    x[: len(on_line)] = np.column_stack([on_line / 2 - 1, on_line - 4.0])
    t = fires(x @ [2.0, -1.0] - 2.0)
    t[rng.permutation(N)[:3]] ^= 1
    return x, t


# The search has to take the weights 2 and -1 and the threshold 2, in an unsorted order; their
# negatives are not on the grid.
GRID = np.array([-1.0, 0.5, 2.0])
FINE = np.linspace(-1.5, 1.5, 5)


def searches(rng):
    """Draw what is to be searched: points, targets, and the values to be tried."""
    for N in (5, 30, 24):
        yield *noisy_points(rng, N), rng.permutation(GRID)
    for _ in range(3):
        yield X2, rng.integers(0, 2, size=4), FINE
    x = quarters(rng, (6, 2))
    yield x, rng.integers(0, 2, size=6), rng.permutation([0.0, 1.0])
    yield x, np.ones(6, dtype=int), np.array([0.0])  # the only line is wrong everywhere


def fewest(answer, x, t, values):
    """Take the number of errors from what a search returns."""
    found, _, _ = parts(answer.search_line(x, t, values), fewest=(), w=(2,), w0=())
    yield "`fewest`", found


@task("01.3", points=2)
def test_fewest_errors(case, rng):
    """The fewest errors for points of which three have the wrong target, and for gates."""
    for x, t, values in searches(rng):
        case(fewest, x=x, t=t, values=values)


def line(answer, x, t, values):
    """Count the errors of the line that a search returns."""
    _, w, w0 = parts(answer.search_line(x, t, values), fewest=(), w=(2,), w0=())
    errors, on_grid = int(np.sum(fires(x @ w - w0) != t)), np.isin([*w, w0], values).all()
    yield None, bool(on_grid)
    yield "the number of errors of your line, counted again,", errors
    assert on_grid, "The line that you return has a number that is not among `values`."


@task("01.3", points=2)
def test_search_returns_a_best_line(case, rng):
    """The line that you return: its errors are counted again."""
    for x, t, values in searches(rng):
        case(line, x=x, t=t, values=values)


# 01.4 Lift the plane


@task("01.4", points=1)
def test_lift(case, rng):
    """Points lifted, negative numbers among them."""
    for N in (3, 5):
        signs = rng.choice([-1, 1], size=(N, 2))
        signs[:3] = [[-1, 1], [1, -1], [-1, -1]]
        case("lift", x=rng.uniform(0.5, 3.0, size=(N, 2)).round(2) * signs)


def plane(answer, name, x):
    """Apply the neuron with the weights that the function of this name gives to lifted points."""
    w, w0 = parts(getattr(answer, name)(), w=(3,), w0=())
    yield "the output of your plane", fires(np.column_stack([x, x[:, 0] * x[:, 1]]) @ w - w0)


@task("01.4", points=2)
def test_planes(case, rng):
    """Your planes: for equal bits on all four pairs, for equal signs on points of all quadrants."""
    case(plane, name="equal_plane", x=X2)
    sizes = np.array([[0.05, 0.05], [0.05, 1.0], [1.0, 0.05], [1.0, 1.0]])
    sizes = np.vstack([sizes, rng.uniform(0.05, 1.0, size=(12, 2))])
    x = np.vstack([sizes * sign for sign in ([1, 1], [1, -1], [-1, 1], [-1, -1])])
    case(plane, name="same_sign_plane", x=x)


# 01.5 Neurons that feed a neuron


def layers(rng, n, H):
    """Draw a network whose outputs are of both kinds; weights are multiples of 1/4, none 0."""
    return {
        "V": quarters(rng, (n, H)),
        "v0": rng.permutation(np.resize([0.5, -0.25, 0.75, -0.5], H)),
        "w": np.resize([1.0, -1.75, 1.5, -0.75], H),
        "w0": float(rng.choice([-0.375, 0.375])),  # which no sum of these weights equals
    }


def telling(rng, N, n, H):
    """Draw points and a network until its output depends on w0, and on hidden zeros being 0."""
    while True:
        x, net = off_the_lines(rng, (N, n)), layers(rng, n, H)
        w, w0, hidden = net["w"], net["w0"], fires(x @ net["V"] - net["v0"])
        others = hidden @ w, (2 * hidden - 1) @ w - w0
        if all(np.any(fires(other) != fires(hidden @ w - w0)) for other in others):
            return {"x": x, **net}


@task("01.5", points=1)
def test_two_layers(case, rng):
    """More features than hidden neurons, and fewer."""
    for N, n, H in [(3, 2, 3), (8, 4, 3)]:
        case("two_layers", "the output", x=off_the_lines(rng, (N, n)), **layers(rng, n, H))
    for n, H in [(4, 3), (2, 4)]:
        case("two_layers", "the output", **telling(rng, 40, n, H))


@task("01.5", points=1)
def test_two_layers_square(case, rng):
    """As many hidden neurons as features, so that no shape tells rows from columns."""
    for N, n in [(4, 2), (8, 3), (40, 2)]:
        case("two_layers", "the output", x=off_the_lines(rng, (N, n)), **layers(rng, n, n))
    for _ in range(2):
        case("two_layers", "the output", **telling(rng, 40, 3, 3))


def on_the_lines(rng, N):
    """Draw hidden neurons, and points with sums equal to thresholds, until V.T is told from V."""
    while True:
        V, v0 = quarters(rng, (2, 2)), np.zeros(2)
        x, v0[0] = on_the_line(rng, N, V[:, 0])
        v0[1] = float(x[rng.integers(N)] @ V[:, 1])
        # One of the output neurons below fires where the first hidden one doesn't.
        if np.any(fires(x @ V - v0)[:, 0] != fires(x @ V.T - v0)[:, 0]):
            return x, V, v0


@task("01.5", points=1)
def test_two_layers_on_thresholds(case, rng):
    """Points whose sums equal their thresholds, in both layers."""
    for N in (4, 12, 12):
        x, V, v0 = on_the_lines(rng, N)
        for w, w0 in [([1.0, 1.0], 1.0), ([1.0, -1.0], 0.0), ([-1.0, 0.5], -0.5)]:
            case("two_layers", "the output", x=x, V=V, v0=v0, w=np.array(w), w0=w0)


# 01.6 The parity of three bits


def parity(answer, inputs):
    """Compute the truth table of the network, and how wide its hidden layer is."""
    weights = answer.parity_weights()
    V, v0, w, w0 = parts(weights, V=(3, "H"), v0=("H",), w=("H",), w0=())
    hidden = fires(inputs @ V - v0)
    yield None, hidden
    yield "the output of your network", fires(hidden @ w - w0)
    return len(w)


@task("01.6", points=3)
def test_parity(case):
    """Your network on all eight inputs."""
    case(parity, inputs=X3)


def narrow_parity(answer, inputs):
    """Demand few neurons, of a right network."""
    width = yield from parity(answer, inputs)
    assert width <= 3, f"Your network has {width} hidden neurons; three are enough."


@task("01.6", points=1)
def test_parity_with_few_neurons(case):
    """The same with at most three hidden neurons."""
    case(narrow_parity, inputs=X3)
