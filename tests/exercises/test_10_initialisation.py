"""Tests of exercise 10.

Formulas are compared to a millionth: neighbouring rules differ by percents. Drawn weights are
judged by their statistics, with tolerances of at least six standard errors; the comments say of
what.
"""

from itertools import pairwise

import numpy as np

from coursekit.grading import WrongAnswer, parametrize, parts, task

EXACT = 1e-6  # formulas; room for single precision
FLOAT32 = 1e-5  # passes through some layers in single precision

# 10.1 Merge units that do the same


def network_of(rng, kinds, n_in, n_out):
    """Draw a network whose hidden units have these kinds: what comes in is equal, or differs."""
    different = rng.normal(size=(max(kinds) + 1, n_in + 1)).round(2)
    different[:, :2] += np.arange(len(different))[:, np.newaxis]  # never equal by chance
    units = different[kinds]
    return {
        "W1": units[:, :-1].T.copy(),
        "b1": units[:, -1].copy(),
        "W2": rng.normal(size=(len(kinds), n_out)).round(2),
    }


def merge(case, network):
    case("merge_units", "V1, c1, V2", **network)


def kinds_of(rng, n_units, n_kinds):
    """Draw the kinds of the units, each of them at least once, in any order."""
    more = rng.integers(0, n_kinds, size=n_units - n_kinds)
    return rng.permutation([*range(n_kinds), *more])


@task("10.1", points=0.5, rtol=EXACT)
@parametrize("shape", ["more units than inputs", "more inputs than units"])
def test_groups(case, rng, shape):
    """Hidden units of which some do the same: {shape}."""
    for n_units, n_kinds in [(3, 2), (4, 1), (5, 5), (7, 4), (6, 3)]:
        n_in = 2 if shape == "more units than inputs" else n_units + 2
        kinds = kinds_of(rng, n_units, n_kinds)
        network = network_of(rng, kinds, n_in, 2)
        if n_units == 4:  # weights that go out may be equal, too
            network["W2"][1:3] = network["W2"][0]
        if n_units == 5:  # what comes in is smaller or larger than elsewhere, or its mirror image
            for units in (network["W1"], network["b1"]):
                units[..., [3, 4]] = units[..., [0, 1]] + [-0.5, 0.5]
                units[..., 2] = -units[..., 0]
            network["W2"][1] = 0.0  # and a unit without a use is no copy
        if n_units > 5:  # a copy becomes another unit, with the same sum, and the same norm or not
            copy = np.flatnonzero(np.bincount(kinds)[kinds] > 1)[-1]
            if n_units == 7:
                network["W1"][:, copy] = network["W1"][::-1, copy]
            else:
                network["W1"][:2, copy] += 0.5, -0.5
        merge(case, network)


@task("10.1", points=0.5, rtol=EXACT)
def test_one_number_differs(case, rng):
    """Units that differ in a single incoming weight, in the bias, or in what goes out alone."""
    for n_kinds in (1, 3):
        for place in ("first", "last", "bias", "out"):
            network = network_of(rng, kinds_of(rng, n_kinds + 2, n_kinds), 3, 2)
            unit, change = rng.integers(n_kinds + 2), 0.25 * rng.choice([-1, 1])
            if place == "bias":
                network["b1"][unit] += change
            elif place == "out":
                network["W2"][:] = network["W2"][unit]
                network["W2"][unit, 1] += change
            else:
                network["W1"][0 if place == "first" else -1, unit] += change
            merge(case, network)


@task("10.1", points=0.5, rtol=EXACT)
def test_rounding(case, rng):
    """Copies that rounding has parted by less than a billionth, and units parted by 0.0001."""
    for n_kinds in (1, 2, 4):
        network = network_of(rng, kinds_of(rng, n_kinds + 3, n_kinds), 4, 2)
        # Large numbers, of which 0.0001 is a small share; and the border between two numbers of six
        # decimals lies among the copies.
        network["W1"] = 32 * network["W1"] + 5e-7
        network["W1"] += rng.choice([-4e-10, 0, 4e-10], size=network["W1"].shape)
        network["b1"] += rng.choice([-4e-10, 4e-10], size=n_kinds + 3)
        # A hundred times the tolerance, where the norm shows it as well. Without other kinds there
        # are copies on both sides.
        unit = rng.integers(n_kinds + 3) if n_kinds > 1 else rng.integers(1, 3)
        largest = np.abs(network["W1"][:, unit]).argmax()
        network["W1"][largest, unit] += 1e-4 * rng.choice([-1, 1])
        merge(case, network)


# 10.2 LeCun, Glorot, He


def deviation(case, scheme, n_in, n_out, leak):
    arguments = {"scheme": scheme, "n_in": n_in, "n_out": n_out, "leak": leak}
    case("weight_std", "the standard deviation", **arguments)


def layers(rng):
    """Draw three pairs of widths that differ by a factor between 2 and 5; two widen or narrow."""
    order = int(rng.choice([-1, 1]))
    for direction in (order, -order, order):
        n = int(rng.integers(8, 80))
        yield (n, int(n * rng.uniform(2, 5)))[::direction]


@task("10.2", points=0.5, rtol=EXACT, atol=0.0)
@parametrize("scheme", ["lecun", "glorot", "he"])
def test_rule(case, rng, scheme):
    """The rule {scheme}, for layers that narrow and that widen."""
    for n_in, n_out in layers(rng):
        # Only He's rule looks at the leak; it has a test of its own.
        for leak in (0.0,) if scheme == "he" else (0.0, round(float(rng.uniform(0.2, 0.9)), 2)):
            deviation(case, scheme, n_in, n_out, leak)
        deviation(case, scheme, n_in, n_out + 5, 0.0)
        deviation(case, scheme, n_in + 5, n_out, 0.0)


@task("10.2", points=0.5, rtol=EXACT, atol=0.0)
def test_leak(case, rng):
    """He's rule for leaky ReLUs with several leaks."""
    leaks = [(0.05, 0.2), (0.3, 0.7), (1.5, 2.5)]
    for (n_in, n_out), (low, high) in zip(layers(rng), leaks, strict=True):
        for leak in rng.uniform(low, high, size=2).round(2):
            deviation(case, "he", n_in, n_out, float(leak))


# 10.3 Draw the weights

# 250 · 160 = 40000 numbers: the standard deviation of a sample is good to 0.35 % (normal), the mean
# to 0.5 % of a standard deviation. So 3 % is far from chance and far from any mistake: the nearest
# confusion, of r with s, is off by 42 %.
SIZE = {"n_in": 250, "n_out": 160}


def drawn(answer, n_in, n_out, std, distribution, seed):
    """Take a matrix of weights; its shape and numbers are checked."""
    W = answer.initial_weights(n_in, n_out, std, distribution, seed)
    return parts([W], W=(n_in, n_out))[0]


def copied_lines(W):
    """State whether the matrix is one number, one row or one column, over and over."""
    rows, columns = (W[:1] == W).all(), (W[:, :1] == W).all()
    return (
        "Your matrix holds one number only." if rows and columns
        else "All rows of your matrix are copies of the first." if rows
        else "All columns of your matrix are copies of the first." if columns
        else ""
    )  # fmt: skip


def standard(W):
    """Shift and scale the weights to the mean 0 and the standard deviation 1."""
    return (W - W.mean()) / max(float(W.std()), 1e-300)


def pattern(W):
    """State whether the weights follow from their places."""
    if found := copied_lines(W):
        return found
    # Products of two rows: of drawn weights their mean square is the number of columns, with a
    # standard deviation of 10 % at most. With a formula of the places it is many times that.
    products = standard(W) @ standard(W).T
    square = np.mean(products[~np.eye(len(W), dtype=bool)] ** 2) / W.shape[1]
    return "" if square < 2 else "Your weights follow a pattern of rows and columns."


def no_pattern(W):
    """Demand weights without a pattern."""
    if found := pattern(W):
        raise WrongAnswer("Draw each weight by itself.", found)


def steps(ratio):
    """Round a ratio to steps of a factor of about 1.2: the same for all samples."""
    return -99 if not ratio > 1e-9 else round(4 * float(np.log2(ratio)))


def spread(answer, **arguments):
    """Judge the mean and the standard deviation."""
    W, std = drawn(answer, **arguments), arguments["std"]
    ratio, mean = float(W.std()) / std, float(W.mean()) / std
    yield None, [steps(ratio), round(2 * mean)]
    no_pattern(W)
    if abs(mean) >= 0.03:
        raise WrongAnswer(
            f"The mean of the weights should be 0; yours is {W.mean():.2g}.",
            "None of your weights is negative." if W.min() >= 0 else "",
        )
    if abs(ratio - 1) >= 0.03:
        raise WrongAnswer(
            f"The weights should have the standard deviation {std:g}; yours have {W.std():.2g}.",
            known_ratio(ratio, **arguments),
        )


def known_ratio(ratio, n_in, n_out, std, distribution, seed):
    """State what a wrong standard deviation is, compared with the one asked for."""
    known = {
        "the square root of 3 times": 3**0.5,
        "1 divided by the square root of 3 times": 3**-0.5,
        "the square root of 2 times": 2**0.5,
        "twice": 2.0,
        "half of": 0.5,
        "a third of": 1 / 3,
        "the square of": std,
        "the square root of": std**-0.5,
        "1 divided by the square root of `n_in` times": n_in**-0.5,
        "1 divided by the square root of `n_out` times": n_out**-0.5,
    }
    near = [words for words, value in known.items() if abs(ratio / value - 1) < 0.03]
    if abs(ratio * std - 1) < 0.03:
        return "Your weights have the standard deviation 1, whatever `std` is."
    return f"That is {near[0]} the one that is asked for." if near else ""


@task("10.3", points=0.5)
@parametrize("distribution", ["normal", "uniform"])
def test_spread(case, rng, distribution):
    """40,000 weights from the {distribution} distribution, for two standard deviations."""
    for low in (0.04, 0.3):
        std, seed = round(float(rng.uniform(low, 1.2 * low)), 3), int(rng.integers(1000))
        case.alone(spread, **SIZE, std=std, distribution=distribution, seed=seed)


def shape_of_distribution(answer, **arguments):
    """Judge how far out the weights lie."""
    W = drawn(answer, **arguments)
    # The mean fourth power over the squared mean square: 3 for the normal distribution, 1.8 for
    # the uniform one; of 40000 numbers good to 0.03 and 0.01.
    flatness = float(np.mean((W - W.mean()) ** 4) / max(float(W.var()), 1e-30) ** 2)
    yield None, round(3 * flatness)
    no_pattern(W)
    if arguments["distribution"] == "normal":
        assert abs(flatness - 3) < 0.3, (
            f"These weights should have a normal distribution; yours lie between {W.min():.2g} "
            f"and {W.max():.2g}, and not as often in the middle as normal ones."
        )
    else:
        assert abs(flatness - 1.8) < 0.1, (
            "These weights should have a uniform distribution: between its ends all values should "
            "be equally frequent."
        )


@task("10.3", points=0.5)
@parametrize("distribution", ["normal", "uniform"])
def test_kind(case, rng, distribution):
    """The shape of the {distribution} distribution: how far out the weights lie."""
    seed = int(rng.integers(1000))
    case.alone(shape_of_distribution, **SIZE, std=0.2, distribution=distribution, seed=seed)


def seeds(answer, seed, other):
    """Draw with the same seed twice, and with another one."""
    calls = (seed, seed, other)
    first, again, third = (drawn(answer, 20, 30, 0.2, "normal", number) for number in calls)
    yield "the share of weights that the same seed gives again", float(np.mean(first == again))
    yield "the share of weights that another seed changes", float(np.mean(first != third))
    no_pattern(first)
    # Of 600 pairs of drawn weights the correlation has a standard deviation of 0.04.
    if abs(float(np.mean(standard(first) * standard(third)))) > 0.3:
        raise WrongAnswer(
            "Draw each weight by itself.", "The weights of another seed follow from these."
        )


@task("10.3", points=0.5)
def test_seed(case, rng):
    """The same seed twice, and another one."""
    seed = int(rng.integers(1000))
    case(seeds, seed=seed, other=seed + int(rng.integers(1, 1000)))


def copies(answer, **arguments):
    """Count how many values are different, apart from their signs."""
    W = drawn(answer, **arguments)
    values = len(np.unique(np.abs(W)))
    yield None, values
    if values <= 0.99 * W.size:
        pairs = len(np.unique(W)) > 0.99 * W.size
        raise WrongAnswer(
            f"Only {values} of the {W.size} weights differ in size; draw each by itself.",
            "There are pairs of weights with opposite signs." if pairs else copied_lines(W),
        )
    no_pattern(W)


@task("10.3", points=0.5)
def test_independent(case, rng):
    """Whether all weights are drawn, each by itself, and none copied."""
    for distribution in ("normal", "uniform"):
        seed = int(rng.integers(1000))
        case.alone(copies, **SIZE, std=0.2, distribution=distribution, seed=seed)


# 10.4 The growth, derived

FACTORS = "the factor forwards, the factor backwards"


def chain(rng, L, high=60):
    """Draw widths and standard deviations of several layers."""
    widths = [int(n) for n in rng.integers(5, high, size=L + 1)]
    widths[-1] += high  # so that first and last differ
    return widths, [round(float(s), 2) for s in rng.uniform(0.1, 0.5, size=L)]


@task("10.4", points=1, rtol=EXACT, atol=0.0)
def test_one_layer(case, rng):
    """A single layer, with ReLU, with leaky ReLU and without activation."""
    for _ in range(2):
        widths, stds = chain(rng, 1, 20)
        for leak in (0.0, round(float(rng.uniform(0.2, 0.8)), 2), 1.0):
            case("growth", FACTORS, widths=widths, stds=stds, leak=leak)


@task("10.4", points=1, rtol=EXACT, atol=0.0)
def test_deep(case, rng):
    """Layers of different widths and different standard deviations."""
    for L in (2, 3, 4):
        widths, stds = chain(rng, L)
        for leak in (0.0, round(float(rng.uniform(0.2, 0.8)), 2)):
            case("growth", FACTORS, widths=widths, stds=stds, leak=leak)


@task("10.4", points=1, rtol=EXACT, atol=0.0)
def test_very_deep(case, rng):
    """Forty equal layers with weights near He's: a little too small, a little too large."""
    n = int(rng.integers(20, 80))
    for low in (0.9, 1.0, 1.05):
        std = float(rng.uniform(low, low + 0.05) * np.sqrt(2 / n))
        last = int(rng.integers(5, n - 5))
        case("growth", FACTORS, widths=[n] * 40 + [last], stds=[std] * 40, leak=0.0)


# 10.5 The growth, measured


def network(rng, N, widths):
    """Draw inputs with a mean that is not 0, weights by He's rule, and errors."""
    weights = [
        rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out)).round(2) for n_in, n_out in pairwise(widths)
    ]
    x = rng.normal(0.5, 1, (N, widths[0])).round(2)
    x[0] = np.abs(x[0]) + 0.1  # with the weights below some unit of each layer is awake
    for W in weights:
        W[:, 0] = np.abs(W[:, 0]) + 0.1
    if N > 3:
        x[rng.integers(1, N)] = 0.0  # all scores of this example are exactly 0
    return {"x": x, "weights": weights, "error": rng.normal(size=(N, widths[-1])).round(2)}


def signal(answer, x, weights, error):
    yield "the list of the signal's sizes", lists(answer.sizes(x, weights, error))[0]


def errors(answer, x, weights, error):
    yield "the list of the errors' sizes", lists(answer.sizes(x, weights, error))[1]


def lists(found):
    """Demand two lists."""
    assert isinstance(found, tuple | list) and len(found) == 2, (
        "Return two lists: the sizes of the signal and the sizes of the errors."
    )
    return found


@task("10.5", points=0.5, rtol=FLOAT32, atol=0.0)
@parametrize("widths", ["widening", "narrowing"])
def test_signal(case, rng, widths):
    """The sizes of the signal, in networks that are {widths}."""
    wide = ([2, 3], [3, 5, 9], [2, 4, 5, 8])
    for N, chosen in zip((2, 5, 4), wide, strict=True):
        order = 1 if widths == "widening" else -1
        case(signal, **network(rng, N, chosen[::order]))


@task("10.5", points=1, rtol=FLOAT32, atol=0.0)
@parametrize("widths", ["of equal widths", "narrowing"])
def test_error(case, rng, widths):
    """The sizes of the errors, in networks that are {widths}."""
    equal = ([2, 2], [6, 6, 6], [4, 4, 4, 4])
    narrow = ([3, 2], [9, 6, 4], [9, 7, 5, 4])
    for N, chosen in zip((2, 6, 8), equal if widths == "of equal widths" else narrow, strict=True):
        case(errors, **network(rng, N, chosen))


# 10.6 Three sick networks

WORDS = ("identical", "dying", "saturated", "healthy")


def diagnosis(answer, outputs):
    """Ask for the word, and describe the network by what the table asks about."""
    found = answer.diagnose(outputs)
    known = isinstance(found, str) and found in WORDS
    yield None, WORDS.index(found) if known else -1
    if found is not None:
        assert known, "Your answer is none of the four words that are asked for."
    copies = sum(bool(np.ptp(y, axis=1).max() <= 1e-9) for y in outputs)
    ratio = root_mean_square(outputs[-1]) / root_mean_square(outputs[0])
    share = max(np.mean(np.abs(y) > 0.95) for y in outputs)
    yield (
        (
            f"the word for a network (copies in {copies} of {len(outputs)} layers, last size "
            f"{ratio:.5f} times the first, at most {share:.0%} of a layer saturated)"
        ),
        found,
    )


def well(rng):
    """Draw outputs of a healthy network, with layers of several widths and means that are not 0.

    The number of outputs of a layer is even, so that half of them is possible. In one of the outer
    layers the first unit answers more than all others do, in the other one less. In the middle two
    units answer alike, which is not yet a layer of copies.
    """
    N = 2 * int(rng.integers(1, 3))
    found = []
    for place, units in enumerate(rng.integers(3, 7, size=3).tolist()):
        y = rng.uniform(-0.4, 0.4, (N, units))
        y[:2, 0] = 0.3, -0.2  # never alike by chance
        if place != 1:
            y[:, 1:] = y[:, :1] + (place - 1) * rng.uniform(0.1, 0.5, (N, units - 1))
        else:
            y[:, 1:] += rng.uniform(-0.3, 0.3)
            y[:2, 1] = -0.4, 0.5
            y[:, -1] = y[:, -2]
        found.append(y.round(2))
    side = rng.choice([-1, 1])
    return [side * y for y in found]


def root_mean_square(values):
    """Compute the root of the mean square."""
    return np.sqrt(np.mean(values**2))


def scaled(outputs, ratio):
    """Give the last layer this size, relative to the first one's."""
    return [
        *outputs[:-1],
        outputs[-1] * (ratio * root_mean_square(outputs[0]) / root_mean_square(outputs[-1])),
    ]


def alike(y):
    """Make all units copies of the first."""
    return np.repeat(y[:, :1], y.shape[1], axis=1)


def checkered(rng, shape):
    """Draw signs that change from unit to unit and from example to example."""
    return rng.choice([-1, 1]) * (-1.0) ** np.indices(shape).sum(axis=0)


def flat(rng, y, number, others=0.5):
    """Saturate so many of a layer's outputs, on both sides; all others have this absolute value."""
    y = others * checkered(rng, y.shape)
    above, below = (rng.permutation(np.flatnonzero(y * side > 0)) for side in (1, -1))
    y.flat[np.stack([above, below], axis=1).ravel()[:number]] *= 0.99 / others
    return y


# The kinds are drawn three times, sick and healthy: the turn chooses the layer and the variant, so
# that every test has all of them, whatever chance decides.


def copied(rng, sick, turn):
    """Copies in one layer; or one unit of it differs, the last or an inner one, or in one row."""
    outputs = well(rng)
    y = alike(outputs[turn])
    if not sick:
        unit = -1 if turn == 0 else int(rng.integers(1, y.shape[1] - 1))
        rows = (int(rng.integers(1, len(y))), slice(None), 0)[turn]
        y[rows, unit] -= (0.05, -0.05, 0.05)[turn]
    outputs[turn] = y
    return outputs


def rounded(rng, sick, turn):
    """Copies that rounding has parted, or that differ by 2e-8, downwards or upwards."""
    outputs = well(rng)
    y, step = alike(outputs[turn]), 1e-10 if sick else 2e-8
    outputs[turn] = y + (step, -step, step)[turn] * np.arange(y.shape[1])
    return outputs


def constant(rng, sick, turn):
    """Units that are the same for all examples, and differ from each other or not."""
    outputs = well(rng)
    row = np.full(outputs[turn].shape[1], 0.4) if sick else outputs[turn][0]
    outputs[turn] = np.tile(row, (len(outputs[turn]), 1))
    return outputs


def copied_too(rng, sick, turn):
    """Copies behind a saturated layer, or in a network that dies out; or the other fault alone."""
    outputs = well(rng)
    if turn < 2:
        outputs[0] = flat(rng, outputs[0], outputs[0].size * 3 // 4)
        outputs[2] = alike(outputs[2]) if sick else outputs[2]
    else:
        outputs = scaled([y if not sick else alike(y) for y in outputs], 0.001)
    return outputs


def faded(rng, sick, turn):
    """A last layer whose size is just below a hundredth of the first one's, or just above.

    By their mean absolute values, their norms or their standard deviations it is the other way
    round: one of the two is small by these, and the other large.
    """
    outputs = well(rng)
    small, large = (0, 2) if sick else (2, 0)
    if turn == 1:
        outputs[small] = outputs[small][:, :3]
        outputs[large] = np.hstack([outputs[large], -outputs[large]])
    else:
        outputs[large] = 0.5 * checkered(rng, outputs[large].shape)
        outputs[small] *= 0.3
        if turn == 0:
            outputs[small][0, 0] = 0.9
        else:
            outputs[small] += 0.5
    return scaled(outputs, 0.00995 if sick else 0.01005)


def faded_halfway(rng, sick, turn):
    """A small layer, the last one or the one before; or a large one in the middle."""
    outputs = well(rng)
    if turn < 2:
        return [outputs[0], outputs[1] * 0.002, scaled(outputs, 0.005 if sick else 0.5)[2]]
    return scaled([outputs[0] * 0.02, outputs[1], outputs[2]], 0.005 if sick else 0.3)


def faded_slowly(rng, sick, turn):
    """Outputs that are small everywhere, or become small in steps that are not so large."""
    outputs = [y * 0.02 for y in well(rng)] if not sick else well(rng)
    return [outputs[0], outputs[1] * 0.06, scaled(outputs, 0.006 if sick else 0.06)[2]]


def faded_too(rng, sick, turn):
    """A saturated first layer, with a signal that dies out or doesn't."""
    outputs = well(rng)
    outputs[0] = flat(rng, outputs[0], outputs[0].size * 3 // 4)
    return scaled(outputs, 0.005) if sick else outputs


def half(rng, sick, turn):
    """A layer of which half of the outputs are saturated, or one more."""
    outputs = well(rng)
    number, others = outputs[turn].size // 2 + int(sick), (0.5, 0.94, 0.5)[turn]
    outputs[turn] = flat(rng, outputs[turn], number, others)
    return outputs


def on_the_border(rng, sick, turn):
    """A layer of which few outputs are saturated or many, and all others are on the border."""
    outputs = well(rng)
    size = outputs[turn].size
    outputs[turn] = flat(rng, outputs[turn], size - 1 if sick else 1, 0.95)
    return outputs


def few(rng, sick, turn):
    """A layer of which one output is saturated, or all but one."""
    outputs = well(rng)
    size = outputs[turn].size
    outputs[turn] = flat(rng, outputs[turn], size - 1 if sick else 1)
    return outputs


def most_layers(rng, sick, turn):
    """All layers saturated, or all but the second or the last; or only large."""
    before = well(rng)
    outputs = [flat(rng, y, y.size if sick else 0, 0.9) for y in before]
    if turn:
        outputs[turn] = before[turn]
    return outputs


def one_line(rng, sick, turn):
    """A layer of which one unit, or one example, is saturated; or all the others are."""
    outputs = well(rng)
    y = rng.uniform(0.2, 0.6, size=(4, 5)).round(2)
    lines = y.T if turn == 1 else y
    chosen = np.arange(len(lines)) == rng.integers(len(lines))
    lines[~chosen if sick else chosen] = 0.97
    outputs[turn] = y * checkered(rng, y.shape)
    return outputs


def one_side(rng, sick, turn):
    """A layer whose outputs are all below -0.95 or above 0.95, or just not."""
    outputs = well(rng)
    size, side = 0.96 if sick else 0.94, (-1, 1, -1)[turn]
    outputs[turn] = side * (size + 0.005 * outputs[turn])
    return outputs


def all_well(rng, sick, turn):
    """No fault at all."""
    return well(rng)


IDENTICAL = (copied, rounded, constant, copied_too)
DYING = (faded, faded_halfway, faded_slowly, faded_too)
SATURATED = (half, on_the_border, few, most_layers, one_line, one_side, faded_too)


def patients(case, rng, kinds):
    """Draw networks of these kinds, half of them sick, in an order that chance decides."""
    for kind in kinds:
        for number in rng.permutation(6).tolist():
            case(diagnosis, outputs=kind(rng, number < 3, number % 3))


@task("10.6", points=0.5)
def test_identical(case, rng):
    """Networks with copies, in any layer, and with units that are nearly copies."""
    patients(case, rng, IDENTICAL)


@task("10.6", points=0.5)
def test_dying(case, rng):
    """Networks whose signal dies out, or only just not, or from a saturated start."""
    patients(case, rng, DYING)


@task("10.6", points=1)
def test_saturated(case, rng):
    """Networks with saturated units, in any layer, on one side only, or just not enough."""
    patients(case, rng, SATURATED)


@task("10.6", points=1)
def test_healthy(case, rng):
    """Networks of all kinds, healthy ones among them."""
    patients(case, rng, (*IDENTICAL, *DYING, *SATURATED, all_well))
