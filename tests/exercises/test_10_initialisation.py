"""Tests of exercise 10.

Formulas are compared to a millionth: neighbouring rules differ by percents. Drawn weights are
judged by their statistics, with tolerances of at least six standard errors; the comments say of
what.
"""

from itertools import pairwise

import numpy as np

from coursekit.grading import close, parametrize, task

EXACT = 1e-6  # formulas; room for single precision
FLOAT32 = 1e-5  # passes through some layers in single precision

# 10.1 How many units are there?


def hidden(rng, kinds, n_in, n_out):
    """Weights of a hidden layer whose units are of these kinds: equal number, equal unit."""
    different = rng.normal(size=(max(kinds) + 1, n_in + 1 + n_out))
    units = different[kinds]
    return units[:, :n_in].T, units[:, n_in], units[:, n_in + 1 :]


def count_units(student, reference, W1, b1, W2, case):
    got, want = student.different_units(W1, b1, W2), reference.different_units(W1, b1, W2)
    close(got, want, f"the number of different units {case}", rtol=0, atol=0)


@task("10.1", points=0.5)
@parametrize("shape", ["more units than inputs", "more inputs than units"])
def test_copies(student, reference, rng, shape):
    """Hidden units with copies: {shape}."""
    kinds = [0, 1, 0, 2, 2, 0, 3] if shape == "more units than inputs" else [0, 1, 1, 2, 1]
    n_in = 3 if shape == "more units than inputs" else 9
    count_units(student, reference, *hidden(rng, kinds, n_in, 2), f"among {len(kinds)}")


@task("10.1", points=0.5)
def test_one_number_differs(student, reference, rng):
    """Units that differ in a single number: an incoming weight, a bias, an outgoing weight."""
    for place in ("an incoming weight", "the bias", "an outgoing weight"):
        W1, b1, W2 = hidden(rng, [0, 0, 0, 1], 3, 2)
        if place == "an incoming weight":
            W1[1, 2] -= 0.25
        elif place == "the bias":
            b1[2] += 0.25
        else:
            W2[2, 1] += 0.25
        count_units(student, reference, W1, b1, W2, f"when {place} of a copy is changed")


@task("10.1", points=0.5)
def test_rounding(student, reference, rng):
    """Copies that rounding has parted by less than a billionth, and units parted by 0.0001."""
    W1, b1, W2 = hidden(rng, [0, 0, 1, 1, 2], 4, 3)
    W1[0, 0] += 3e-10
    b1[3] -= 4e-10
    count_units(student, reference, W1, b1, W2, "after rounding")
    W2[3, 1] += 1e-4  # a hundred times the tolerance
    count_units(student, reference, W1, b1, W2, "with a difference of 0.0001")


# 10.2 LeCun, Glorot, He


def compare_std(student, reference, arguments, case):
    got, want = student.weight_std(*arguments), reference.weight_std(*arguments)
    close(got, want, f"the standard deviation {case}", rtol=EXACT, atol=0)


@task("10.2", points=0.5)
@parametrize("scheme", ["lecun", "glorot", "he"])
def test_rule(student, reference, scheme):
    """The rule {scheme}, for a layer that narrows and one that widens."""
    for n_in, n_out in ((300, 70), (12, 45)):
        case = f"for {n_in} inputs and {n_out} units"
        compare_std(student, reference, (scheme, n_in, n_out, 0.0), case)


@task("10.2", points=0.5)
def test_leak(student, reference):
    """He's rule for leaky ReLUs with three leaks."""
    for leak in (0.1, 0.5, 2.0):
        compare_std(student, reference, ("he", 40, 90, leak), f"for the leak {leak:g}")


# 10.3 Draw the weights

# 250 · 160 = 40000 numbers: the standard deviation of a sample is good to 0.35 % (normal), the mean
# to 0.5 % of a standard deviation, a correlation of columns to 6 %. So 3 % is far from chance and
# far from any mistake: the nearest confusion, of a with s, is off by 42 %.
N_IN, N_OUT = 250, 160


def draw(student, std, distribution, seed, n_in=N_IN, n_out=N_OUT):
    """A matrix of the student's, as floats; its shape and numbers are checked."""
    W = student.initial_weights(n_in, n_out, std, distribution, seed)
    W = np.asarray(W, dtype=float) if isinstance(W, np.ndarray | list) else None
    shape = None if W is None else W.shape
    student.note("shape", str(shape))
    assert shape == (n_in, n_out), (
        f"`initial_weights({n_in}, {n_out}, …)` should return an array ({n_in}, {n_out})"
        f"{'.' if shape is None else f', not {shape}.'}"
    )
    assert np.isfinite(W).all(), "Some of the weights are not finite numbers."
    return W


def steps(ratio):
    """A ratio in steps of a factor of about 1.2, the same for all samples of a distribution."""
    return -99 if not ratio > 1e-9 else round(4 * float(np.log2(ratio)))


@task("10.3", points=0.5)
@parametrize("distribution", ["normal", "uniform"])
def test_spread(student, distribution):
    """40,000 weights from the {distribution} distribution, for two standard deviations."""
    for std, seed in ((0.05, 11), (0.4, 12)):
        W = draw(student, std, distribution, seed)
        spread = W.std() / std
        student.note(f"spread for {std}", steps(spread))
        student.note(f"mean for {std}", round(float(W.mean()) / std))
        assert abs(W.mean()) < 0.03 * std, (
            f"The mean of the weights should be 0; for the standard deviation {std:g} it is not, "
            "nor close to it."
        )
        assert abs(spread - 1) < 0.03, (
            f"The weights should have the standard deviation {std:g}; yours have {W.std():.2g}."
        )


@task("10.3", points=0.5)
@parametrize("distribution", ["normal", "uniform"])
def test_kind(student, distribution):
    """The shape of the {distribution} distribution: how far out the weights lie."""
    W = draw(student, 0.2, distribution, 13)
    # The mean fourth power over the squared mean square: 3 for the normal distribution, 1.8 for
    # the uniform one; of 40000 numbers good to 0.03 and 0.01.
    flatness = float(np.mean((W - W.mean()) ** 4) / max(W.var(), 1e-30) ** 2)
    student.note("flatness", round(3 * flatness))
    if distribution == "normal":
        assert abs(flatness - 3) < 0.3, "These weights do not have a normal distribution."
    else:
        assert abs(flatness - 1.8) < 0.1, (
            "These weights do not have a uniform distribution: between its ends all values should "
            "be equally frequent."
        )


@task("10.3", points=0.5)
def test_seed(student):
    """The same seed twice, and another one."""
    first, again, other = (draw(student, 0.2, "normal", seed, 20, 30) for seed in (3, 3, 4))
    student.note("same", bool((first == again).all()))
    student.note("other", bool((first != other).any()))
    assert (first == again).all(), "The same seed should give the same weights."
    assert (first != other).all(), "Another seed should give other weights."


@task("10.3", points=0.5)
def test_independent(student):
    """Whether all weights are drawn, each by itself, and none copied."""
    for distribution in ("normal", "uniform"):
        W = draw(student, 0.2, distribution, 14)
        values = len(np.unique(W))
        student.note(f"values, {distribution}", values)
        assert values > 0.99 * W.size, "Many weights are copies of each other; draw each by itself."


# 10.4 The growth, derived


def compare_growth(student, reference, arguments, case):
    got, want = student.growth(*arguments), reference.growth(*arguments)
    pair = isinstance(got, tuple | list) or (isinstance(got, np.ndarray) and got.ndim == 1)
    assert pair and len(got) == 2, (
        "Return two numbers, the factor forwards and the factor backwards."
    )
    for direction, one, other in zip(("forwards", "backwards"), got, want, strict=True):
        close(one, other, f"the factor {direction} {case}", rtol=EXACT, atol=0)


@task("10.4", points=1)
def test_one_layer(student, reference):
    """A single layer, with ReLU, with leaky ReLU and without activation."""
    for leak in (0.0, 0.3, 1.0):
        compare_growth(student, reference, ([30, 7], [0.25], leak), f"for the leak {leak:g}")


@task("10.4", points=1)
def test_deep(student, reference):
    """Layers of different widths and different standard deviations."""
    chains = (([20, 50, 8, 13], [0.2, 0.15, 0.4], 0.0), ([6, 25, 40], [0.5, 0.3], 0.2))
    for widths, stds, leak in chains:
        layers = f"through {len(stds)} layers with the leak {leak:g}"
        compare_growth(student, reference, (widths, stds, leak), layers)


@task("10.4", points=1)
def test_very_deep(student, reference):
    """Forty equal layers: with He's weights, and with weights that are a tenth too large."""
    for scale in (1.0, 1.1):
        std = scale * np.sqrt(2 / 50)
        arguments = ([50] * 40 + [25], [float(std)] * 40, 0.0)
        compare_growth(student, reference, arguments, f"with {scale:g} times He's weights")


# 10.5 The growth, measured


def network(rng, widths, samples):
    """Inputs with a mean that is not 0, weights by He's rule, and errors."""
    weights = [rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out)) for n_in, n_out in pairwise(widths)]
    return rng.normal(0.5, 1, (samples, widths[0])), weights, rng.normal(size=(samples, widths[-1]))


def sizes_of(student, reference, arguments):
    """Both lists of the student's, their number checked, and the reference's."""
    got, want = student.sizes(*arguments), reference.sizes(*arguments)
    assert isinstance(got, tuple | list) and len(got) == 2, (
        "Return two lists: the sizes of the signal and the sizes of the errors."
    )
    return got, want


@task("10.5", points=0.5)
@parametrize("widths", ["widening", "narrowing"])
def test_signal(student, reference, rng, widths):
    """The sizes of the signal, in a network that is {widths}."""
    arguments = network(rng, [3, 5, 9] if widths == "widening" else [8, 6, 4, 3], 5)
    got, want = sizes_of(student, reference, arguments)
    close(got[0], want[0], "the list of the signal's sizes", rtol=FLOAT32, atol=0)


@task("10.5", points=1)
@parametrize("widths", ["of equal widths", "narrowing"])
def test_error(student, reference, rng, widths):
    """The sizes of the errors, in a network that is {widths}."""
    arguments = network(rng, [6, 6, 6] if widths == "of equal widths" else [9, 7, 4, 5], 4)
    got, want = sizes_of(student, reference, arguments)
    close(got[1], want[1], "the list of the errors' sizes", rtol=FLOAT32, atol=0)


# 10.6 Three sick networks


def tanh_outputs(rng, weights, samples=7):
    """The outputs of a chain of tanh layers."""
    x, outputs = rng.normal(size=(samples, weights[0].shape[0])), []
    for W in weights:
        x = np.tanh(x @ W)
        outputs.append(x)
    return outputs


def layers(rng, std, widths=(6, 7, 5, 6)):
    return [rng.normal(0, std, pair) for pair in pairwise(widths)]


def shrunk(outputs, ratio):
    """The same with a last layer of this size, relative to the first one's."""
    sizes = [np.sqrt(np.mean(y**2)) for y in outputs]
    return [*outputs[:-1], outputs[-1] * (ratio * sizes[0] / sizes[-1])]


def compare_word(student, reference, outputs, case):
    got, want = student.diagnose(outputs), reference.diagnose(outputs)
    words = ("identical", "dying", "saturated", "healthy")
    assert got in words, f"The answer for {case} is none of the four words."
    assert got == want, f"For {case} your word is “{got}”, and that is not what ails it."


@task("10.6", points=0.5)
def test_identical(student, reference, rng):
    """Networks with layers in which all weights are the same number, small or large."""
    for value in (0.2, 3.0, 0.001):
        weights = [np.full(W.shape, value) for W in layers(rng, 1)]
        compare_word(student, reference, tanh_outputs(rng, weights), f"weights of {value:g}")
    outputs = tanh_outputs(rng, layers(rng, 0.5))
    outputs[1] = np.repeat(outputs[1][:, :1], outputs[1].shape[1], axis=1)
    compare_word(student, reference, outputs, "a network with copies in its second layer only")
    outputs[1] += 2e-10 * np.arange(5)
    compare_word(student, reference, outputs, "copies that rounding has parted")


@task("10.6", points=0.5)
def test_dying(student, reference, rng):
    """Networks whose signal dies out: soon, or only just, or from a saturated start."""
    compare_word(student, reference, tanh_outputs(rng, layers(rng, 0.01)), "very small weights")
    compare_word(student, reference, tanh_outputs(rng, layers(rng, 0.03)), "small weights")
    weights = layers(rng, 0.02)
    weights[0] *= 500
    compare_word(student, reference, tanh_outputs(rng, weights), "a saturated first layer")
    outputs = shrunk(tanh_outputs(rng, layers(rng, 0.4)), 0.00995)
    compare_word(student, reference, outputs, "less than a hundredth of the first layer's size")


@task("10.6", points=1)
def test_saturated(student, reference, rng):
    """Networks with saturated units, in all layers, in one, on one side only."""
    compare_word(student, reference, tanh_outputs(rng, layers(rng, 8)), "large weights")
    middle = layers(rng, 0.6)
    middle[1] *= 40
    compare_word(student, reference, tanh_outputs(rng, middle), "one layer of large weights")
    last = layers(rng, 0.6)
    last[2] *= 40
    compare_word(student, reference, tanh_outputs(rng, last), "a last layer of large weights")
    outputs = tanh_outputs(rng, layers(rng, 0.6))
    outputs[2] = -0.955 - 0.04 * np.abs(outputs[2])
    compare_word(student, reference, outputs, "a layer that is saturated below")


@task("10.6", points=1)
def test_healthy(student, reference, rng):
    """Networks in good health: with some saturated units, with a signal that gets smaller."""
    compare_word(student, reference, tanh_outputs(rng, layers(rng, 0.45)), "good weights")
    small = [0.005 * y for y in tanh_outputs(rng, layers(rng, 0.45))]
    compare_word(student, reference, small, "small outputs in all layers, from small inputs")
    some = tanh_outputs(rng, layers(rng, 0.5))
    some[2] = 0.95 * np.sign(some[2])  # on the border, none beyond it
    some[2][:, :3] *= 0.99 / 0.95  # exactly half of its outputs
    compare_word(student, reference, some, "a network with three saturated units of six")
    fading = shrunk(tanh_outputs(rng, layers(rng, 0.4)), 0.01005)
    compare_word(student, reference, fading, "more than a hundredth of the first layer's size")
    ordered = tanh_outputs(rng, layers(rng, 0.5))
    ordered[0] = -np.sort(-ordered[0], axis=1)
    compare_word(student, reference, ordered, "units of which the first is always the largest")
    alike = tanh_outputs(rng, layers(rng, 0.5))
    alike[1] = alike[1] * 0 + np.linspace(-0.6, 0.7, 5)  # each unit the same for all examples
    compare_word(student, reference, alike, "units that differ from each other only")
