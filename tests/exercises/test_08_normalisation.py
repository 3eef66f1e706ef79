"""Tests of exercise 08.

The tolerance is that of single precision. The nearest wrong answer, the biased variance in place of
the unbiased one, is off by a hundred times as much or more: mini-batches have at most six
examples. Epsilon is large, so that it shows where it stands; neither gamma is 1 nor beta 0, nor do
the columns or rows of dy sum to 0. Mini-batches have more examples than units, or fewer, or as
many: there, no shape tells the axes apart.
"""

import numpy as np

from coursekit.grading import Function, WrongAnswer, task
from coursekit.grading.judge.values import describe

FLOAT32 = 1e-5  # what a dozen operations in single precision are good to, on numbers around 1
SINGLE = {"rtol": FLOAT32, "atol": FLOAT32}


def signed(rng, shape, low=0.5, high=2.0):
    """Draw numbers of both signs, none near 0."""
    return rng.uniform(low, high, size=shape).round(2) * rng.choice([-1, 1], size=shape)


def number(rng, low, high):
    """Draw a number that is short to write."""
    return round(float(rng.uniform(low, high)), 2)


def batch(rng, shape):
    """Draw a mini-batch whose units have other means and other spreads."""
    spreads = rng.uniform(0.5, 3.0, size=shape[1])
    return (signed(rng, shape[1]) + spreads * rng.normal(size=shape)).round(2)


def shapes(rng):
    """Draw the shapes of a small mini-batch, a tall one, a wide one and a square one."""
    tall, wide, square = rng.integers(5, 7), rng.integers(4, 6), rng.integers(3, 5)
    found = [(3, 2), (tall, 3), (3, wide), (square, square)]
    return [(int(m), int(n)) for m, n in found]


def some_of(function, names, only):
    """Make a story that compares some of the values that a function returns."""

    def story(answer, **arguments):
        found = getattr(answer, function)(*arguments.values())
        if not isinstance(found, tuple | list) or len(found) != len(names):
            raise WrongAnswer(
                f"Return {len(names)} values, `({', '.join(names)})`; yours is {describe(found)}.",
                "Is a `return` missing?" if found is None else "",
            )
        for name in only:
            yield f"`{name}`", found[names.index(name)]

    return story


# 08.1 Standardise without a leak

CONSTANT = ("rounded", "whole", "zero")
VARYING = ("tiny", "first", "inner", "last")


def column(rng, kind, N):
    """Draw a feature of N examples."""
    values = rng.uniform(1, 9, size=N).round(2)
    value = number(rng, 1, 9)
    if kind == "rounded":  # a constant whose mean is another number
        while sum([value] * N) / N == value:
            value = number(rng, 1, 20)
        return np.full(N, value)
    if kind == "whole":
        return np.full(N, float(rng.integers(1, 9)))
    if kind == "zero":
        return np.zeros(N)
    if kind == "tiny":  # below what rounding makes of a constant
        return (values * 1e-15).round(17)
    if kind in VARYING:  # constant but for one row
        values = np.full(N, value)
        place = {"first": 0, "inner": int(rng.integers(2, N - 1)), "last": N - 1}[kind]
        values[place] += number(rng, 0.5, 2)
    return values


def table(rng, N, kinds):
    """Draw features of these kinds, in any order."""
    return np.column_stack([column(rng, kind, N) for kind in rng.permutation(kinds)])


@task("08.1", points=1, **SINGLE)
def test_statistics(case, rng):
    """Mean and spread of two features or more, for several numbers of examples."""
    for N, F in shapes(rng):
        case("statistics", "mean, std", x=batch(rng, (N + 1, F)))


@task("08.1", points=0.5, rtol=FLOAT32, atol=0.0)
def test_statistics_of_constants(case, rng):
    """Features that are constant, that are constant but for one row, and that vary very little."""
    for kind in (*CONSTANT, *VARYING):
        case("statistics", "mean, std", x=table(rng, int(rng.integers(5, 8)), [kind, "any"]))
    case("statistics", "mean, std", x=table(rng, 7, [*CONSTANT, *VARYING, "any"]))


def rows(rng, N, n_train, n_test):
    """Draw which rows are for training and which for the test, in no order."""
    order = rng.permutation(N)
    if (np.diff(order[:n_train]) > 0).all():
        order[:n_train] = order[:n_train][::-1]
    if (np.diff(order[n_train : n_train + n_test]) > 0).all():
        order[n_train : n_train + n_test] = order[n_train : n_train + n_test][::-1]
    return order[:n_train], order[n_train : n_train + n_test]


@task("08.1", points=1, **SINGLE)
def test_prepare(case, rng):
    """Training and test rows, in no order, among others."""
    for n_train, n_test, more, F in [(2, 1, 1, 1), (5, 3, 2, 2), (3, 2, 2, 5), (4, 3, 0, 3)]:
        N = n_train + n_test + more
        train, test = rows(rng, N, n_train, n_test)
        case("prepare", "z_train, z_test", x=batch(rng, (N, F)), train=train, test=test)


@task("08.1", points=0.5, **SINGLE)
def test_prepare_constants(case, rng):
    """Features that are constant in the training rows, and not in the test rows, or vice versa."""
    for kinds in (["rounded"], ["whole", "any"], ["tiny", "any"], [*CONSTANT, *VARYING, "any"]):
        n_train, n_test = int(rng.integers(5, 8)), 2
        N = n_train + n_test + 1
        train, test = rows(rng, N, n_train, n_test)
        x = np.zeros((N, len(kinds)))
        x[train] = table(rng, n_train, kinds)
        others = np.setdiff1d(np.arange(N), train)
        # Elsewhere a constant goes on in one row or in none, and what varies stands still.
        x[others] = x[train[0]] + (x[train[0]] > 1e-9) * rng.choice(
            [0, 1.25], size=(len(others), 1)
        )
        case("prepare", "z_train, z_test", x=x, train=train, test=test)


# 08.2 Batch norm, forward, where rows count differently

FORWARD = ("y", "x_hat", "s")


def counts(rng, m):
    """Draw how often each row counts: not at all, once and more than once, in no order."""
    more = [0, *rng.integers(1, 5, size=m - 3)] if m > 2 else []
    return rng.permutation([1, int(rng.integers(2, 5)), *more][:m])


def forward(rng, shape, eps):
    """Draw the arguments of a forward pass."""
    m, n = shape
    return {
        "x": batch(rng, shape),
        "count": counts(rng, m),
        "gamma": signed(rng, n),
        "beta": signed(rng, n),
        "eps": eps,
    }


def compare_forward(case, rng, only):
    """Normalise mini-batches with two values of ε, and compare some of what is returned."""
    for shape in shapes(rng):
        arguments = forward(rng, shape, number(rng, 0.2, 0.9))
        for other in (arguments, arguments | {"eps": round(arguments["eps"] / 2, 3)}):
            case(some_of("batch_norm", FORWARD, only), **other)


@task("08.2", points=1, **SINGLE)
def test_normalised(case, rng):
    """The normalised values of several mini-batches, and the root s."""
    compare_forward(case, rng, ("x_hat", "s"))


@task("08.2", points=0.5, **SINGLE)
def test_scaled_and_shifted(case, rng):
    """The outputs of several mini-batches."""
    compare_forward(case, rng, ("y",))


@task("08.2", points=0.5, **SINGLE)
def test_constant_unit(case, rng):
    """Mini-batches in which a unit is constant, in all rows or in those that count."""
    side, column = rng.choice([-1, 1]), int(rng.integers(2))
    for m in (3, 5):
        arguments = forward(rng, (m, 2), number(rng, 0.01, 0.05))
        while arguments["count"].sum() == m:  # else the sum is the number of rows
            arguments = forward(rng, (m, 2), number(rng, 0.01, 0.05))
        # Their mean is exact, in single precision too: a rest would be divided by a tenth.
        constant = np.where(arguments["count"] > 0, 2.5, rng.choice([2.5, 4.75]))
        arguments["x"][:, column] = constant
        side, column = -side, 1 - column  # neither a sign nor a place tells the constant units
        arguments |= {name: side * np.abs(arguments[name]) for name in ("gamma", "beta")}
        case("batch_norm", "y, x_hat, s", **arguments)


# 08.3 Running statistics, and inference


def compare_update(case, rng, only):
    """Update running statistics from the middle of a run, with two decays."""
    for m, n in shapes(rng):
        mean, var, x = signed(rng, n), rng.uniform(2.0, 5.0, size=n).round(2), batch(rng, (m, n))
        for decay in (number(rng, 0.8, 0.95), number(rng, 0.55, 0.7)):
            arguments = {"running_mean": mean, "running_var": var, "x": x, "decay": decay}
            case(some_of("update", ("running_mean", "running_var"), only), **arguments)


@task("08.3", points=1, **SINGLE)
def test_running_mean(case, rng):
    """The running mean after one more mini-batch."""
    compare_update(case, rng, ("running_mean",))


@task("08.3", points=1, **SINGLE)
def test_running_var(case, rng):
    """The running variance after one more mini-batch."""
    compare_update(case, rng, ("running_var",))


def compare_inference(case, rng, sizes):
    """Infer with two values of ε."""
    for m, n in sizes:
        mean, var = signed(rng, n), rng.uniform(2.0, 5.0, size=n).round(2)
        x, gamma, beta = batch(rng, (m, n)), signed(rng, n), signed(rng, n)
        for eps in (number(rng, 0.2, 0.4), number(rng, 0.5, 0.9)):
            arguments = {"x": x, "gamma": gamma, "beta": beta, "running_mean": mean}
            case("infer", "the output", **arguments, running_var=var, eps=eps)


@task("08.3", points=0.5, **SINGLE)
def test_inference(case, rng):
    """Inference with several examples."""
    compare_inference(case, rng, shapes(rng))


@task("08.3", points=0.5, **SINGLE)
def test_inference_with_one_example(case, rng):
    """Inference with a single example."""
    compare_inference(case, rng, [(1, 1), (1, int(rng.integers(3, 6)))])


# 08.4 Backward, step by step, where rows count differently

STEPS = ("dgamma", "dbeta", "ds", "dv", "dd", "dmu", "dx")


def error(rng, shape):
    """Draw the derivative with respect to the outputs; no column and no row sums to 0."""
    dy = signed(rng, shape, 0.2, 1.0) + signed(rng, shape[1], 1.2, 2.0)
    return (dy + np.sign(dy.sum(axis=1, keepdims=True)) * 0.5).round(2)


def before_backward(rng, shape):
    """Draw what the forward pass of a mini-batch has left, with two digits."""
    count = counts(rng, shape[0])
    d = batch(rng, shape)
    d = (d - np.average(d, axis=0, weights=count)).round(2)
    single = int(np.flatnonzero(count == 1)[0])
    d[single] = (d[single] - count @ d).round(2)  # so that the rows sum to 0, as they count
    v = np.average(d**2, axis=0, weights=count)
    s = (np.sqrt(v) * rng.uniform(1.05, 1.4, size=shape[1])).round(2) + 0.2
    return {"dy": error(rng, shape), "gamma": signed(rng, shape[1]), "d": d, "s": s, "count": count}


def compare_steps(case, rng, only):
    """Go back through mini-batches, and compare some of the steps."""
    for shape in shapes(rng):
        case(some_of("backward_steps", STEPS, only), **before_backward(rng, shape))


@task("08.4", points=1, **SINGLE)
def test_back_to_gamma_and_beta(case, rng):
    """The derivatives with respect to γ and β."""
    compare_steps(case, rng, ("dgamma", "dbeta"))


@task("08.4", points=1, **SINGLE)
def test_back_to_the_variance(case, rng):
    """The derivatives with respect to s and v."""
    compare_steps(case, rng, ("ds", "dv"))


@task("08.4", points=1, **SINGLE)
def test_back_to_the_difference(case, rng):
    """The derivative with respect to d, both parts."""
    compare_steps(case, rng, ("dd",))


@task("08.4", points=1, **SINGLE)
def test_back_to_the_input(case, rng):
    """The derivatives with respect to μ and x."""
    compare_steps(case, rng, ("dmu", "dx"))


# 08.5 Backward through layer norm, in one formula

GRADIENTS = ("dx", "dgamma", "dbeta")


def compare_backward(case, rng, only, sizes):
    """Go back through layer norm, and compare some of the derivatives."""
    for m, n in sizes:
        x_hat = signed(rng, (m, n), 0.3, 1.3)
        x_hat = (x_hat - x_hat.mean(axis=1, keepdims=True)).round(2)
        x_hat[:, -1] = (x_hat[:, -1] - x_hat.sum(axis=1)).round(2)  # so that each row sums to 0
        s = rng.uniform(1.2, 3.0, size=m).round(2)
        arguments = {"dy": error(rng, (m, n)), "gamma": signed(rng, n), "x_hat": x_hat, "s": s}
        case(some_of("backward", GRADIENTS, only), **arguments)


@task("08.5", points=0.5, **SINGLE)
def test_gamma_and_beta(case, rng):
    """The derivatives with respect to γ and β."""
    compare_backward(case, rng, ("dgamma", "dbeta"), shapes(rng)[1:])


@task("08.5", points=1, **SINGLE)
def test_input(case, rng):
    """The derivative with respect to x, with more examples than units and the reverse."""
    compare_backward(case, rng, ("dx",), [(1, 3), *shapes(rng)[1:3]])


@task("08.5", points=0.5, **SINGLE)
def test_input_square(case, rng):
    """The derivative with respect to x of as many examples as units: no shape gives advice."""
    compare_backward(case, rng, ("dx",), [(3, 3), (4, 4)])


# 08.6 A layer that knows both modes

ATTRIBUTES = ("gamma", "beta", "running_mean", "running_var")
MISSING = Function(f"lambda layer: [name for name in {ATTRIBUTES} if not hasattr(layer, name)]")
PRESENT = Function("lambda layer: sorted(vars(layer))[:10]")
READ = Function(f"lambda layer: [getattr(layer, name) for name in {ATTRIBUTES}]")
SET = Function("lambda layer, *both: [*map(setattr, [layer] * 2, ('gamma', 'beta'), both)]")


def made(answer, *numbers):
    """Make a layer, and demand that it has its attributes."""
    layer = answer.BatchNorm(*numbers)
    missing = answer.run(MISSING, layer)
    yield None, missing
    if missing:
        present = ", ".join(answer.run(PRESENT, layer)) or "none"
        raise WrongAnswer(f"A new layer has no attribute `{missing[0]}`.", f"Yours has: {present}.")
    return layer


def statistics_of(answer, layer, when):
    """Yield the running statistics of a layer."""
    mean, var = answer.run(READ, layer)[2:]
    yield f"`running_mean` {when}", mean
    yield f"`running_var` {when}", var


def new_layer(answer, n, decay, eps, asked, batch):
    """Look at a new layer, infer with it, and call it for the first time."""
    layer = yield from made(answer, n, decay, eps)
    for name, value in zip(ATTRIBUTES, answer.run(READ, layer), strict=True):
        yield f"`{name}` of a new layer", value
    yield "`infer(x)` of a new layer", layer.infer(asked)
    yield "`forward(x)` at the first call", layer.forward(batch)


def training(answer, n, decay, eps, batches, gamma, beta):
    """Train with mini-batches of several sizes; γ and β are others at the last."""
    layer = yield from made(answer, n, decay, eps)
    for step, x in enumerate(batches, 1):
        last = step == len(batches)
        if last:
            answer.run(SET, layer, gamma, beta)
        when = "with other γ and β" if last else f"at call {step}"
        yield f"`forward(x)` {when}", layer.forward(x)
        yield from statistics_of(answer, layer, f"after call {step}")


def use(answer, n, decay, eps, batches, x, gamma, beta):
    """Infer after training, with several examples and with one; γ and β become others."""
    layer = yield from made(answer, n, decay, eps)
    for trained in batches:
        layer.forward(trained)
    yield "`infer(x)` after training", layer.infer(x)
    yield from statistics_of(answer, layer, "after inference")
    answer.run(SET, layer, gamma, beta)
    yield "`infer(x)` with other γ and β", layer.infer(x)
    yield "`infer(x)` for a single example", layer.infer(x[:1])


def turns(answer, n, numbers, batches, asked):
    """Let two layers take turns."""
    layers = {
        "first": (yield from made(answer, n, *numbers[0])),
        "second": (yield from made(answer, n, *numbers[1])),
    }
    for which, x in zip(layers, batches, strict=True):
        yield f"`forward(x)` of the {which} of two layers", layers[which].forward(x)
    for which, layer in layers.items():
        yield f"`infer(x)` of the {which} of two layers", layer.infer(asked)
        yield from statistics_of(answer, layer, f"of the {which} of two layers")


def layers(rng):
    """Draw the numbers of several layers, of which two differ in the decay and two in ε."""
    decay, eps = number(rng, 0.75, 0.95), number(rng, 0.2, 0.4)
    yield {"n": 2, "decay": decay, "eps": eps}
    n = int(rng.integers(3, 5))
    for less, part in [(0, 1), (0.2, 1), (0, 0.5)]:
        yield {"n": n, "decay": round(decay - less, 2), "eps": round(eps * part, 3)}


def one_changed(rng, drawn):
    """Yield further arguments with each layer; those of layers of one size are the same."""
    found = {}
    for numbers in layers(rng):
        n = numbers["n"]
        found[n] = found.get(n) or drawn(n)
        yield numbers | found[n]


@task("08.6", points=0.5, **SINGLE)
def test_new_layer(case, rng):
    """A new layer: inference before any training, and its first training pass."""
    drawn = lambda n: {"asked": batch(rng, (2, n)), "batch": batch(rng, (n + 1, n))}  # noqa: E731
    for arguments in one_changed(rng, drawn):
        case(new_layer, **arguments)


def other_parameters(rng, n):
    return {"gamma": signed(rng, n), "beta": signed(rng, n)}


@task("08.6", points=1, **SINGLE)
def test_training(case, rng):
    """Training passes with mini-batches of several sizes, the last one with other γ and β."""

    def drawn(n):
        batches = [batch(rng, (m, n)) for m in (4, n + 1, 3)]
        return {"batches": batches, **other_parameters(rng, n)}

    for arguments in one_changed(rng, drawn):
        case(training, **arguments)


@task("08.6", points=1, **SINGLE)
def test_use(case, rng):
    """Inference after training, with several examples and with one."""

    def drawn(n):
        batches = [batch(rng, (m, n)) for m in (n + 1, 4)]
        return {"batches": batches, "x": batch(rng, (n + 1, n)), **other_parameters(rng, n)}

    for arguments in one_changed(rng, drawn):
        case(use, **arguments)


@task("08.6", points=0.5, **SINGLE)
def test_two_layers(case, rng):
    """Two layers that take turns."""
    for n in (2, 3):
        numbers = [(number(rng, 0.8, 0.9), 0.3), (number(rng, 0.5, 0.7), 0.1)]
        batches = [batch(rng, (3, n)) for _ in numbers]
        case(turns, n=n, numbers=numbers, batches=batches, asked=batch(rng, (1, n)))
