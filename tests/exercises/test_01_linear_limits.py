"""Tests of exercise 01.

Wherever a point lies on a line, all numbers are multiples of 1/4: sums are exact in any order,
and in float32 too. All outputs but the lifted points are whole numbers and need no tolerance.
"""

import numpy as np

from coursekit.grading import close, parametrize, task
from coursekit.grading.judge.comparison import as_numbers

X2 = np.array([[i, j] for i in (0.0, 1.0) for j in (0.0, 1.0)])
X3 = np.array([[i, j, k] for i in (0.0, 1.0) for j in (0.0, 1.0) for k in (0.0, 1.0)])


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
    return numbers


def fires(total):
    """The bracket [total > 0]."""
    return (total > 0).astype(int)


def compare_tables(x, got, want, what):
    """Say for which inputs a truth table is wrong."""
    wrong = [f"({', '.join(f'{v:g}' for v in row)})" for row in x[got != want]]
    assert not wrong, f"{what} is wrong for {len(wrong)} of {len(x)} inputs: {', '.join(wrong)}."


# 01.1 One neuron, many points


@task("01.1", points=1)
def test_neuron_on_many_points(student, reference, rng):
    """Forty points with three features: one output for each point."""
    # With 40 normal points some sums lie between -0.75 and 0.75, some beyond, so that a lost or an
    # added threshold shows; 40 points and 3 features tell the axes apart.
    x, w = rng.normal(size=(40, 3)), rng.uniform(0.5, 1.5, size=3) * [1, -1, 1]
    close(student.neuron(x, w, 0.75), reference.neuron(x, w, 0.75), "the output")


@task("01.1", points=0.5)
def test_neuron_on_the_line(student, reference):
    """Points of which some lie exactly on the line."""
    x = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, -1.0], [-0.5, 1.5]])
    w = np.array([1.0, 1.0])
    for w0 in (1.0, -0.5):
        close(
            student.neuron(x, w, w0),
            reference.neuron(x, w, w0),
            f"the output for the threshold {w0:g}",
        )


@task("01.1", points=0.5)
def test_neuron_returns_numbers(student, reference):
    """One point with one feature: an array with one number in it."""
    x, w = np.array([[2.0]]), np.array([3.0])
    for w0 in (1.0, 7.0):
        y = student.neuron(x, w, w0)
        close(y, reference.neuron(x, w, w0), "the output")
        assert as_numbers(y).dtype.kind != "b", (
            "The output is a truth value; the numbers 0 and 1 are asked for."
        )


# 01.2 Gates by hand


@task("01.2", points=0.5)
@parametrize("name", ["nand", "nor", "implies", "majority"])
def test_gate(student, reference, name):
    """Your neuron for the gate {name}, on all inputs."""
    x = X3 if name == "majority" else X2
    w, w0 = values_of(student.gate_weights(name), "w, w0")
    w, w0 = array(w, x.shape[1:], "w"), array(w0, (), "w0")
    table = fires(x @ w - w0)
    student.note("truth table", table)
    w, w0 = reference.gate_weights(name)
    compare_tables(x, table, fires(x @ w - w0), f"The output of your neuron for {name}")


# 01.3 A search for the best line


def noisy_points(rng):
    """Draw points on both sides of the line 2 x1 - x2 = 2, nine of them on it, and turn three."""
    x = rng.integers(-4, 5, size=(30, 2)).astype(float)
    x[:9] = [[k / 2, k - 2] for k in range(-2, 7)]  # on the line
    t = fires(x @ [2.0, -1.0] - 2.0)
    t[[11, 17, 23]] = 1 - t[[11, 17, 23]]
    return x, t


# The search has to take the weights 2 and -1 and the threshold 2, in this unsorted order, with one
# value twice; their negatives are not on the grid.
GRID = np.array([-1.0, 0.5, 2.0])


@task("01.3", points=1)
def test_search_on_gates(student, reference):
    """The fewest errors for AND, OR and XOR on two grids, and on a grid of one number."""
    gates = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "XOR": [0, 1, 1, 0]}
    for name, t in gates.items():
        for values in (np.linspace(-1.5, 1.5, 7), np.array([0.0, 1.0]), np.array([0.0])):
            answer = values_of(student.search_line(X2, np.array(t), values), "fewest, w, w0")
            want = reference.search_line(X2, np.array(t), values)
            close(
                answer[0], want[0], f"the number of errors for {name} and {len(values)} of `values`"
            )


@task("01.3", points=1)
def test_search_on_points(student, reference, rng):
    """The fewest errors for 30 points, three of them with the wrong target."""
    x, t = noisy_points(rng)
    answer = values_of(student.search_line(x, t, GRID), "fewest, w, w0")
    close(answer[0], reference.search_line(x, t, GRID)[0], "the number of errors")


@task("01.3", points=2)
def test_search_returns_a_best_line(student, reference, rng):
    """The line that you return: its errors are counted again."""
    for x, t, values in [
        (*noisy_points(rng), GRID),
        (X2, np.array([0, 0, 0, 1]), np.array([0.0, 1.0])),
        (X2, np.array([1, 1, 1, 1]), np.array([0.0])),  # the only line is wrong everywhere
    ]:
        _, w, w0 = values_of(student.search_line(x, t, values), "fewest, w, w0")
        w, w0 = array(w, (2,), "w"), array(w0, (), "w0")
        on_grid = bool(np.isin([*w, w0], values).all())
        errors = int(np.sum(fires(x @ w - w0) != t))
        student.note("errors of the line", [errors, on_grid])
        assert on_grid, "The line that you return has a number that is not among `values`."
        assert errors == reference.search_line(x, t, values)[0], (
            f"The line that you return makes {errors} errors on {len(x)} points; "
            "there is a better one on the grid."
        )


# 01.4 Lift the plane


@task("01.4", points=1)
def test_lift(student, reference, rng):
    """Five points lifted, negative numbers among them."""
    x = rng.uniform(0.5, 3.0, size=(5, 2)) * [[1, 1], [-1, 1], [1, -1], [-1, -1], [1, 1]]
    close(student.lift(x), reference.lift(x), "the lifted points")


def plane(answer):
    """Take a plane's weights and threshold from an answer."""
    w, w0 = values_of(answer, "w, w0")
    return array(w, (3,), "w"), array(w0, (), "w0")


def lifted(x):
    """Add the product as a third feature."""
    return np.column_stack([x, x[:, 0] * x[:, 1]])


@task("01.4", points=1)
def test_equal_plane(student, reference):
    """Your plane for equal bits, on all four pairs of bits."""
    w, w0 = plane(student.equal_plane())
    table = fires(lifted(X2) @ w - w0)
    student.note("truth table", table)
    w, w0 = plane(reference.equal_plane())
    compare_tables(X2, table, fires(lifted(X2) @ w - w0), "The output of your plane")


@task("01.4", points=1)
def test_same_sign_plane(student, reference, rng):
    """Your plane for equal signs, on 64 points of all quadrants."""
    sizes = np.array([[0.05, 0.05], [0.05, 1.0], [1.0, 0.05], [1.0, 1.0]])
    sizes = np.vstack([sizes, rng.uniform(0.05, 1.0, size=(12, 2))])
    x = np.vstack([sizes * sign for sign in ([1, 1], [1, -1], [-1, 1], [-1, -1])])
    w, w0 = plane(student.same_sign_plane())
    outputs = fires(lifted(x) @ w - w0)
    student.note("outputs", outputs)
    w, w0 = plane(reference.same_sign_plane())
    wrong = np.flatnonzero(outputs != fires(lifted(x) @ w - w0))
    assert wrong.size == 0, (
        f"{wrong.size} of {len(x)} points are on the wrong side of your plane, for example "
        f"({x[wrong[0], 0]:.2f}, {x[wrong[0], 1]:.2f})."
    )


# 01.5 Neurons that feed a neuron

# Outputs of both kinds are frequent for normal inputs, and no weight or threshold can be left out.
V43 = np.array([[1.0, -0.5, 0.75], [0.5, 1.0, -1.0], [-0.75, 0.5, 1.0], [1.25, 1.0, -0.5]])
V33 = np.array([[1.0, -0.5, 0.25], [1.5, 1.0, -1.0], [-0.5, 0.75, 1.0]])
HIDDEN_THRESHOLDS = np.array([0.5, -0.25, 0.75])
W_OUT, W0_OUT = np.array([1.0, -2.0, 1.5]), -0.25


@task("01.5", points=1)
def test_two_layers(student, reference, rng):
    """Forty points, four features, three hidden neurons."""
    arguments = (rng.normal(size=(40, 4)), V43, HIDDEN_THRESHOLDS, W_OUT, W0_OUT)
    close(student.two_layers(*arguments), reference.two_layers(*arguments), "the output")


@task("01.5", points=1)
def test_two_layers_square(student, reference, rng):
    """As many hidden neurons as features, so that no shape tells rows from columns."""
    arguments = (rng.normal(size=(40, 3)), V33, HIDDEN_THRESHOLDS, W_OUT, W0_OUT)
    close(student.two_layers(*arguments), reference.two_layers(*arguments), "the output")


@task("01.5", points=1)
def test_two_layers_on_thresholds(student, reference):
    """Bits as inputs, with sums that equal their thresholds in both layers."""
    V, v0 = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.5, 1.0])
    for w, w0 in [(np.array([1.0, 1.0]), 1.0), (np.array([1.0, -1.0]), 0.0)]:
        arguments = (X2, V, v0, w, w0)
        close(student.two_layers(*arguments), reference.two_layers(*arguments), "the output")


# 01.6 The parity of three bits


def parity_network(student):
    """Compute the truth table of the student's network, and how wide its hidden layer is."""
    V, v0, w, w0 = values_of(student.parity_weights(), "V, v0, w, w0")
    V = as_numbers(V)
    assert V is not None and V.ndim == 2 and len(V) == 3, (
        "`V` should be an array of numbers of shape (3, H): a row for each input, a column for "
        "each hidden neuron."
    )
    width = V.shape[1]
    V, v0, w = array(V, (3, width), "V"), array(v0, (width,), "v0"), array(w, (width,), "w")
    w0 = array(w0, (), "w0")
    table = fires(fires(X3 @ V - v0) @ w - w0)
    student.note("truth table", table)
    student.note("hidden neurons", width)
    return table, width


def parity_table(reference):
    """Compute the truth table of the course's own network."""
    V, v0, w, w0 = reference.parity_weights()
    return fires(fires(X3 @ V - v0) @ w - w0)


@task("01.6", points=3)
def test_parity(student, reference):
    """Your network on all eight inputs."""
    table, _ = parity_network(student)
    compare_tables(X3, table, parity_table(reference), "The output of your network")


@task("01.6", points=1)
def test_parity_with_few_neurons(student, reference):
    """The same with at most three hidden neurons."""
    table, width = parity_network(student)
    assert (table == parity_table(reference)).all(), "This point needs a right network first."
    assert width <= 3, f"Your network is right; it has {width} hidden neurons, three are enough."
