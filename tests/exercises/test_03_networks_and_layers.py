"""Tests of exercise 03.

The tolerance is that of single precision or a little wider, which is far below any of the
differences that the known mistakes make. Counts and classes are exact.
"""

from itertools import pairwise

import numpy as np

from coursekit.grading import Function, WrongAnswer, parts, task
from coursekit.grading.judge.values import describe

FLOAT32 = 1e-5  # a product of a few matrices in single precision is good to that
SINGLE = {"rtol": FLOAT32, "atol": FLOAT32}


def signed(rng, shape):
    """Draw numbers of both signs, none near 0."""
    return rng.uniform(0.5, 1.5, size=shape).round(2) * rng.choice([-1, 1], size=shape)


# 03.1 The forward pass


def network(rng, N, n, H, K):
    """Draw points and a network; its biases are as large as its sums."""
    return {
        "x": rng.normal(size=(N, n)).round(2),
        "W1": (rng.normal(size=(n, H)) / np.sqrt(n)).round(2),
        "b1": signed(rng, H),
        "W2": rng.normal(size=(H, K)).round(2),
        "b2": signed(rng, K),
    }


@task("03.1", points=1, **SINGLE)
def test_forward(case, rng):
    """h and y for one point and for several, in networks whose layers differ in width."""
    for sizes in [(1, 2, 3, 1), (6, 2, 5, 3), (4, 3, 2, 4)]:
        arguments = network(rng, *sizes)
        case("forward", "h, y", **arguments)
    for name, other in network(rng, *sizes).items():
        case("forward", "h, y", **arguments | {name: other})


@task("03.1", points=1, **SINGLE)
def test_forward_square(case, rng):
    """h and y in networks with layers of one width, where a transposed matrix fits too."""
    for size in (2, 3):
        case("forward", "h, y", **network(rng, size, size, size, size))


# 03.2 Count the parameters


def count_dense(answer, widths, **by_words):
    """Count; a wrong count may be off by one of the sizes, which is then a fact."""
    yield "the count", answer.count_dense(widths)


def count_masked(answer, masks, **by_words):
    yield "the count", answer.count_masked(masks)


def sizes(widths):
    """What a count may be off by, in words."""
    return {
        "the number of inputs": widths[0],
        "the number of outputs": widths[-1],
        "the number of biases": sum(widths[1:]),
    }


@task("03.2", points=1)
def test_count_dense(case, rng):
    """How many parameters fully connected networks have, with two to five layers."""
    for layers in (2, 3, 3, 4, 5):
        widths = rng.integers(2, 30, size=layers)
        widths[-1] += 30 * (widths[-1] == widths[0])  # the two ends differ
        case(count_dense, widths=widths.tolist(), **sizes(widths.tolist()))


def mask_of(rng, n_in, n_out):
    """Draw a mask with about a third of the connections removed, and some that are left."""
    return rng.permutation(np.arange(n_in * n_out) % 3 > 0).reshape(n_in, n_out).astype(int)


def lonely(rng, n_in, n_out):
    """Draw a mask by which one neuron, in any place, is cut off from all inputs."""
    mask = mask_of(rng, n_in, n_out)
    mask[:, rng.integers(n_out)] = 0
    return mask


@task("03.2", points=1)
def test_count_masked(case, rng):
    """How many parameters masked networks have, also with a neuron that is cut off."""
    for widths in ([4, 3], [5, 2], [3, 4, 2], [6, 4, 9, 2], [4, 5, 3]):
        masks = [mask_of(rng, *shape) for shape in pairwise(widths)]
        case(count_masked, masks=masks, **sizes(widths))
        place = int(rng.integers(len(masks)))
        masks = [*masks[:place], lonely(rng, *masks[place].shape), *masks[place + 1 :]]
        case(count_masked, masks=masks, **sizes(widths))


# 03.3 A layer that is not fully connected

LAYERS = [(2, 2, 3), (5, 4, 3), (6, 3, 5), (3, 3, 3)]


def masked_layer(rng, N, n_in, n_out):
    """Draw points and a layer of which one neuron is cut off."""
    return {
        "x": signed(rng, (N, n_in)),
        "W": signed(rng, (n_in, n_out)),
        "b": signed(rng, n_out),
        "mask": lonely(rng, n_in, n_out),
    }


@task("03.3", points=1, **SINGLE)
def test_masked_forward(case, rng):
    """The output of masked layers, also when the weights of removed connections change."""
    for N, n_in, n_out in LAYERS:
        arguments = masked_layer(rng, N, n_in, n_out)
        case("masked_forward", "the output", **arguments)
        W = np.where(arguments["mask"], arguments["W"], signed(rng, (n_in, n_out)))
        case("masked_forward", "the output", **arguments | {"W": W})
    cut = np.roll(arguments["mask"], 1, axis=1)  # it cuts another neuron off
    for name, other in (masked_layer(rng, N, n_in, n_out) | {"mask": cut}).items():
        case("masked_forward", "the output", **arguments | {name: other})


def gradients(rng):
    """Draw points, errors and masks of several layers."""
    for N, n_in, n_out in LAYERS:
        arguments = {"x": signed(rng, (N, n_in)), "dy": signed(rng, (N, n_out))}
        yield arguments | {"mask": lonely(rng, n_in, n_out)}


def two(found):
    """Demand both gradients, of which a test compares one."""
    if not isinstance(found, tuple | list) or len(found) != 2:
        raise WrongAnswer(f"Return 2 values, `dW, db`; yours is {describe(found)}.")
    return found


def weight_gradient(answer, x, dy, mask):
    yield "`dW`", two(answer.masked_gradients(x, dy, mask))[0]


def bias_gradient(answer, x, dy, mask):
    yield "`db`", two(answer.masked_gradients(x, dy, mask))[1]


@task("03.3", points=1, **SINGLE)
def test_masked_weight_gradient(case, rng):
    """The gradient dW of masked layers."""
    for arguments in gradients(rng):
        case(weight_gradient, **arguments)


@task("03.3", points=1, **SINGLE)
def test_masked_bias_gradient(case, rng):
    """The gradient db of masked layers."""
    for arguments in gradients(rng):
        case(bias_gradient, **arguments)


# 03.4 A deep network that is none


def stack(rng, widths):
    """Draw the weights and biases of linear layers with these widths."""
    sizes = list(pairwise(widths))
    return {
        "weights": [(rng.normal(size=size) / np.sqrt(size[0])).round(2) for size in sizes],
        "biases": [signed(rng, size[1]) for size in sizes],
    }


@task("03.4", points=1, **SINGLE)
def test_collapse_two_layers(case, rng):
    """W and b for two layers that differ in width."""
    for widths in ([1, 2, 3], [3, 5, 2], [4, 2, 3]):
        case("collapse", "W, b", **stack(rng, widths))


@task("03.4", points=1, **SINGLE)
def test_collapse_deep_stack(case, rng):
    """W and b for two to four layers of one width, where a product in a wrong order fits too."""
    for widths in ([2] * 3, [3] * 4, [3] * 5):
        case("collapse", "W, b", **stack(rng, widths))


@task("03.4", points=1, **SINGLE)
def test_collapse_one_and_three_layers(case, rng):
    """W and b for a single layer, and for three layers that differ in width."""
    for widths in ([3, 2], [2, 4, 3, 1], [3, 2, 1, 4]):
        case("collapse", "W, b", **stack(rng, widths))


# 03.5 The last layer is a linear model

# lstsq in float32 is good to 1e-5 for the features drawn here. Known mistakes stay 1e-2 away.
FITTED = {"rtol": 1e-4, "atol": 1e-4}


def features(rng, N, H):
    """Draw features with means that are not 0; each varies, and none is made of the others."""
    while True:
        h = rng.normal(size=(N, H)) + signed(rng, H) / 2
        h = np.maximum(0.0, h).round(2) if H == 3 else np.tanh(h).round(2)
        if np.linalg.eigvalsh(np.cov(h.T)).min() > 0.05:
            return h


def targets(rng, h):
    """Draw targets that one neuron reaches exactly."""
    return h @ (2 * signed(rng, h.shape[1])).round(1) + round(float(rng.uniform(2, 4)), 1)


def fit(answer, h, t):
    """Ask for a neuron; where it is not the best one, state what could be better."""
    found = answer.fit_output(h, t)
    yield "`fit_output(…)`", found
    w, b = (np.asarray(value, dtype=float) for value in found)
    error = h @ w + b - t
    mean = round(float(error.mean()), 3)
    rest = np.abs((h - h.mean(axis=0)).T @ error).max() / len(t) > 1e-3
    if mean or rest:
        raise WrongAnswer(
            f"`w` and `b` are not the best for {len(t)} points with {h.shape[1]} features.",
            f"The mean of h @ w + b - t is {mean:g}, not 0, and another `w` is better, too."
            if mean and rest
            else f"With your `w` another `b` is better: the mean of h @ w + b - t is {mean:g}."
            if mean
            else "The mean of h @ w + b - t is 0, so `b` fits your `w`; another `w` is better.",
        )


@task("03.5", points=1.5, **FITTED)
def test_fit_exact(case, rng):
    """w and b for targets that a neuron can reach exactly."""
    for N, H in [(5, 2), (30, 4), (40, 3)]:
        h = features(rng, N, H)
        if N > 5:
            h[1] = h[0]  # so that no choice of the first few points is always enough
        case(fit, "w, b", h=h, t=targets(rng, h).round(3))


@task("03.5", points=1.5, **FITTED)
def test_fit_noisy(case, rng):
    """w and b for noisy targets, which no neuron reaches exactly."""
    for N, H in [(6, 2), (40, 3), (30, 4)]:
        h = features(rng, N, H)
        case(fit, "w, b", h=h, t=(targets(rng, h) + rng.normal(size=N)).round(2))


# 03.6 Shapes out of folds

# How far inside a point is: the distance from the nearest border line, or a bound from above.
INSIDE = {
    "band": lambda x: (2 - np.abs(x[:, 0] - 2 * x[:, 1] - 1)) / np.sqrt(5),
    "diamond": lambda x: (2 - np.abs(x).sum(axis=1)) / np.sqrt(2),
}
FEWEST = {"band": 2, "diamond": 4}
ROUNDING = 1e-12  # of the terms of a sum: what is nearer to 0 is 0
NOTHING = Function("lambda: None")


def square_points(rng, name):
    """Draw points of the square that stay 0.05 away from the borders, some of them only just."""
    x = rng.uniform(-3.0, 3.0, size=(4000, 2)).round(2)
    off = np.abs(INSIDE[name](x))
    near = x[(off > 0.05) & (off < 0.1)]
    return np.vstack([near[:150], x[off >= 0.1][:450]])


def classes(weights, x):
    """Compute what the network says about each point."""
    W1, b1, w2, b2 = weights
    with np.errstate(all="ignore"):
        y = np.maximum(0.0, x @ W1 + b1)
        return y @ w2 + b2 > ROUNDING * (y @ np.abs(w2) + abs(b2))


def shape(answer, name, x):
    """Judge the classes of many points; return how wide the hidden layer is."""
    weights = getattr(answer, name)()
    weights = parts(weights, W1=(2, "H"), b1=("H",), w2=("H",), b2=())
    found, wanted = classes(weights, x), INSIDE[name](x) > 0
    yield None, np.packbits(found)
    # With it the last value is not the weights: a mistake is known by its classes.
    answer.run(NOTHING)
    if bad := np.flatnonzero(found != wanted).tolist():
        a, b = x[bad[0]]
        raise WrongAnswer(
            f"{len(bad)} of {len(x)} points of the square get the wrong class from your {name}, "
            f"for example ({a:.2f}, {b:.2f}).",
            region(weights, x, wanted),
        )
    return len(weights[1])


# What the borders of a region may depend on. The straight ones come first.
DEPENDS = {
    "x1 - 2 x2": lambda a, b: a - 2 * b,
    "x1 + 2 x2": lambda a, b: a + 2 * b,
    "2 x1 - x2": lambda a, b: 2 * a - b,
    "2 x1 + x2": lambda a, b: 2 * a + b,
    "x1 + x2": lambda a, b: a + b,
    "x1 - x2": lambda a, b: a - b,
    "x1": lambda a, b: a,
    "x2": lambda a, b: b,
    "|x1| + |x2|": lambda a, b: abs(a) + abs(b),
    "|x1| + 2 |x2|": lambda a, b: abs(a) + 2 * abs(b),
    "the larger of |x1| and |x2|": lambda a, b: np.maximum(abs(a), abs(b)),
    "max(0, x1) + max(0, x2)": lambda a, b: np.maximum(0, a) + np.maximum(0, b),
}
MIRRORED = {
    "x1 and x2 changed places": lambda x: x[:, ::-1],
    "x1 had the opposite sign": lambda x: x * [-1, 1],
    "x2 had the opposite sign": lambda x: x * [1, -1],
    "x1 and x2 had the opposite signs": lambda x: -x,
}


def region(weights, x, wanted):
    """State in which part of the square a network's class is 1."""
    found = classes(weights, x)
    if found.all() or not found.any():
        return f"Your network's class is {int(found[0])} in the whole square."
    if not (found == wanted).any():
        return "Your classes 0 and 1 have changed places."
    for words, mirror in MIRRORED.items():
        if (classes(weights, mirror(x)) == wanted).all():
            return f"Your network would be right if {words}."
    for words, compute in DEPENDS.items():
        value = compute(x[:, 0], x[:, 1])
        for number, inside in ((1, found), (0, ~found)):
            low, high = value[inside].min(), value[inside].max()
            ends = low > value.min() or high < value.max()
            if ends and not ((value > low) & (value < high) & ~inside).any():
                return (
                    f"Your network's class is {number} where {words} is "
                    f"{between(low, high, value)}, and nowhere else."
                )
    if not (found & ~wanted).any():
        return "Your network's class 1 is only a part of the shape."
    if not (~found & wanted).any():
        return "Your network's class 1 is the shape and a region beside it."
    return ""


def between(low, high, value):
    """Put the ends of an interval into words; an end of the square is none."""
    least, most = round(float(low), 1) + 0.0, round(float(high), 1) + 0.0  # never -0.0
    if low <= value.min():
        return f"less than about {most}"
    return (
        f"larger than about {least}" if high >= value.max() else f"between about {least} and {most}"
    )


def narrow(answer, name, x):
    """Demand few neurons, of a right network."""
    width = yield from shape(answer, name, x)
    if width > FEWEST[name]:
        raise WrongAnswer(
            f"Your {name} is right; it has {width} hidden neurons, {FEWEST[name]} are enough."
        )


@task("03.6", points=2)
def test_band(case, rng):
    """Your band: the classes of some 600 points, and at most two hidden neurons."""
    case(narrow, name="band", x=square_points(rng, "band"))


@task("03.6", points=2)
def test_diamond(case, rng):
    """Your diamond: the classes of some 600 points."""
    case.alone(shape, name="diamond", x=square_points(rng, "diamond"))


@task("03.6", points=1)
def test_diamond_with_few_neurons(case, rng):
    """Your diamond with at most four hidden neurons."""
    case(narrow, name="diamond", x=square_points(rng, "diamond"))
