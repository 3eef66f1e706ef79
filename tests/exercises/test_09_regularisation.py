"""Tests of exercise 09.

The tolerance is that of single precision, far below any of the differences that the known mistakes
make. Weights are of both signs and stay away from 0 where the kink is not the point. Within a test,
no strength, rate or probability equals another, nor what another lacks to 1, so that none can be
taken for another.
"""

import numpy as np

from coursekit.grading import Function, WrongAnswer, parametrize, parts, task
from coursekit.grading.judge.comparison import as_numbers

FLOAT32 = 1e-5  # what a dozen operations in single precision are good to
SINGLE = {"rtol": FLOAT32, "atol": FLOAT32}


def signed(rng, shape, low=0.5, high=2.0):
    """Draw numbers of both signs, none near 0."""
    return rng.uniform(low, high, size=shape).round(2) * rng.choice([-1, 1], size=shape)


def number(rng, low, high):
    """Draw a number that is short to write."""
    return round(float(rng.uniform(low, high)), 2)


def one_changed(drawn, by=0.11):
    """Yield the numbers, and for each of them others that differ in it alone."""
    yield drawn
    for key, value in drawn.items():
        yield drawn | {key: round(value + by, 2)}


def zeros_and_ones(rng, shape):
    """Draw a mask with zeros and ones, in each of its columns if it has several rows."""
    mask = rng.integers(0, 2, size=shape).astype(float)
    if len(mask) > 1:
        mask[:2] = rng.permuted(np.array([[0.0] * shape[1], [1.0] * shape[1]]), axis=0)
    return rng.permuted(mask, axis=0)


# 09.1 Three penalties

STRENGTHS = {
    "l2": {"strength": (0.2, 0.35)},
    "l1": {"strength": (0.2, 0.35)},
    "elastic_net": {"strength1": (0.2, 0.3), "strength2": (0.5, 0.6)},
}


def penalties(case, rng, name, zeros):
    for shape, place in [((2,), 1), ((2, 3), 0), ((4, 3), 5), ((3, 3), 2), ((2, 3, 2), -1)]:
        W = signed(rng, shape)
        if zeros:
            W.flat[place] = 0.0
        drawn = {key: number(rng, *between) for key, between in STRENGTHS[name].items()}
        for strengths in one_changed(drawn) if shape == (2, 3) else [drawn]:
            case(name, "value, gradient", W=W, **strengths)


@task("09.1", points=0.5, **SINGLE)
@parametrize("name", list(STRENGTHS))
def test_penalty(case, rng, name):
    """`{name}` of arrays without zeros."""
    penalties(case, rng, name, zeros=False)


@task("09.1", points=0.5, **SINGLE)
@parametrize("name", list(STRENGTHS))
def test_penalty_at_zero(case, rng, name):
    """`{name}` of arrays with a weight that is exactly 0."""
    penalties(case, rng, name, zeros=True)


# 09.2 A penalty for a network


def networks(rng):
    """Draw arguments of `add_l2`; names, shapes and order tell different things apart."""
    weights = {"W1": (2, 2), "W2": (3,), "W_out": (2, 1)}
    others = {"b1": (2,), "gamma1": (1, 2), "beta1": (2, 2), "b_W": (1,), "gammaW": (3,)}
    for few in (True, False, False):
        shapes = weights | others
        if few:
            shapes = {"W1": (2,), "b_W": (1, 2), f"W{rng.integers(2, 9)}": (1, 2), "b1": (2,)}
        names = [list(shapes)[i] for i in rng.permutation(len(shapes))]
        params, grads = ({name: signed(rng, shapes[name]) for name in names} for _ in range(2))
        drawn = {"loss": number(rng, 2.0, 5.0), "strength": number(rng, 0.2, 0.4)}
        for numbers in one_changed(drawn) if few else [drawn]:
            yield {
                "loss": numbers["loss"],
                "params": params,
                "grads": grads,
                "strength": numbers["strength"],
            }


def with_penalty(answer, arguments, wanted):
    """Add the penalty; see that the gradients that count are there."""
    found = answer.add_l2(*arguments.values())
    if not isinstance(found, tuple | list) or len(found) != 2:
        raise WrongAnswer("Return 2 values, `total, total_grads`.")
    total, gradients = found
    if not isinstance(gradients, dict):
        raise WrongAnswer("The second value should be a dict of gradients.")
    for name in arguments["params"]:
        if name not in gradients and name.startswith("W") == wanted:
            raise WrongAnswer(
                f"The dict of gradients has no `{name}`: return all of them.",
                f"It has {len(gradients)} of the {len(arguments['params'])} gradients.",
            )
    return total, gradients


def weights(answer, **arguments):
    total, gradients = with_penalty(answer, arguments, True)
    yield "the total", total
    for name in [name for name in arguments["params"] if name.startswith("W")]:
        yield f"`total_grads['{name}']`", gradients[name]


def the_rest(answer, **arguments):
    _, gradients = with_penalty(answer, arguments, False)
    for name in [name for name in arguments["params"] if not name.startswith("W")]:
        yield f"`total_grads['{name}']`", gradients[name]
    found = [changed(gradients.get(name), given) for name, given in arguments["grads"].items()]
    yield "the number of gradients that change", sum(found)


def changed(gradient, given):
    """Whether a gradient is not the given one, in single precision, too."""
    numbers = as_numbers(gradient)
    if numbers is None or numbers.shape != given.shape or numbers.dtype.kind not in "iuf":
        return True
    return not np.allclose(numbers, given, **SINGLE)


@task("09.2", points=1, changes=True, **SINGLE)
def test_network_weights(case, rng):
    """The loss and the gradients of the weights of several layers."""
    for arguments in networks(rng):
        case(weights, **arguments)


@task("09.2", points=1, changes=True, **SINGLE)
def test_network_rest(case, rng):
    """The gradients of the biases, of γ and of β."""
    for arguments in networks(rng):
        case(the_rest, **arguments)


# 09.3 Features that are thrown out


def rows(rng, shape, strength, digits=2):
    """Draw rows of which some are shorter than the strength, some zeros; in any order.

    No entry of the rows that are a little longer is larger than the strength; of those that are a
    little shorter the absolute values add up to more.
    """
    lengths = strength * np.array([1.15, 0.85, 3.0, 0.0, 0.4, 2.0])
    directions = signed(rng, shape, 0.7, 1.0)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    chosen = lengths[: shape[0]] if shape[0] > 1 else rng.choice(lengths[[0, 2]], size=1)
    return (directions * rng.permutation(chosen)[:, np.newaxis]).round(digits)


@task("09.3", points=1, **SINGLE)
def test_shrink_rows(case, rng):
    """Matrices with rows on both sides of the threshold, and rows of zeros."""
    for shape in [(1, 2), (2, 2), (4, 4), (6, 3), (4, 2), (6, 1)]:
        drawn = {"strength": number(rng, *((0.6, 0.9) if shape[0] == 4 else (1.2, 1.9)))}
        A = rows(rng, shape, drawn["strength"])
        for strength in one_changed(drawn) if shape == (4, 2) else [drawn]:
            case("shrink_rows", "the rows", A=A, **strength)


@task("09.3", points=1, **SINGLE)
def test_proximal_step(case, rng):
    """Steps from random weights, in which some rows become zero."""
    for shape in [(2, 2), (4, 2), (4, 4), (6, 3)]:
        drawn = {"lr": number(rng, 0.15, 0.24), "strength": number(rng, 1.2, 1.9)}
        drawn["mixture"] = number(rng, 0.5, 0.9)
        W, after = signed(rng, shape), rows(rng, shape, drawn["lr"] * drawn["strength"], 4)
        W[~after.any(axis=1)] = 0.0  # and the gradient, too: exactly 0 however one computes
        grad = ((W - after) / drawn["lr"]).round(2)
        for numbers in one_changed(drawn) if shape == (4, 2) else [drawn]:
            case("proximal_step", "the weights", W=W, grad=grad, **numbers)


def few_useful(rng, N, n, k, faint=None):
    """Draw a regression of which some features are useful; each column has a mean of its own.

    A faint feature, if its place is given, is so small that no strength from 0.1 on lets it in.
    """
    x = (rng.normal(size=(N, n)) + rng.uniform(-0.5, 0.5, size=n)).round(2)
    true = np.zeros((n, k))
    order = rng.permutation(n)
    if faint is not None:
        order = np.append(order[order != faint], faint)
        x[:, faint] *= 0.01
    useful = order[: max(1, n // 3)]
    true[useful] = signed(rng, (len(useful), k), 1.2, 2.0)
    true[useful[0], 0] = 0.0  # useful for the other targets
    noise = 0.1 * rng.normal(size=(N, k))
    return {"x": x, "t": (x @ true + signed(rng, k, 2.0, 4.0) + noise).round(2)}


def regression(answer, x, t, strength, lr, steps):
    found = answer.sparse_regression(x, t, strength, lr, steps)
    W, b = parts(found, W=(x.shape[1], t.shape[1]), b=(t.shape[1],))
    yield "`W`", W
    yield "`b`", b
    zeros = np.abs(W).max(axis=1) < 1e-7  # but for rounding: to come near 0 is not enough
    yield "the number of rows of `W` that are 0", int(zeros.sum())


# Hundreds of steps in single precision; they contract, so their errors don't add up.
@task("09.3", points=1, rtol=1e-4, atol=1e-4)
def test_sparse_regression(case, rng):
    """Thirty examples with six features and two or three targets, after some hundred steps."""
    for k, high in [(2, 300), (3, 400)]:
        data = few_useful(rng, 30, 6, k)
        drawn = {"strength": number(rng, 0.25, 0.4), "lr": number(rng, 0.15, 0.2)}
        case(regression, **data, **drawn, steps=int(rng.integers(high - 50, high)))


@task("09.3", points=0.5, rtol=1e-4, atol=1e-4)
def test_more_features_than_examples(case, rng):
    """Five examples with eight features, and seven targets."""
    for k in (2, 7):
        data, steps = few_useful(rng, 5, 8, k), int(rng.integers(50, 70))
        case(regression, **data, strength=number(rng, 0.3, 0.5), lr=0.05, steps=steps)


@task("09.3", points=0.5, rtol=1e-4, atol=1e-4)
def test_first_steps(case, rng):
    """The first steps of regressions with two or three features."""
    first = int(rng.integers(2))  # no row is zero in both
    for N, n, faint in [(3, 2, first), (6, 3, 2 - 2 * first)]:
        data = few_useful(rng, N, n, 2, faint)
        drawn = {"strength": number(rng, 0.1, 0.2), "lr": number(rng, 0.25, 0.3)}
        for steps in (1, 2, 3):
            case(regression, **data, **drawn, steps=steps)
    for numbers in list(one_changed(drawn))[1:]:
        case(regression, **data, **numbers, steps=2)


# 09.4 Adam with L2, and Adam with decay


@task("09.4", points=1, **SINGLE)
@parametrize("name", ["step_with_l2", "step_with_decay"])
def test_adam_step(case, rng, name):
    """Steps of {name}, the first and later ones, in which some parameters are left out."""
    later = int(rng.integers(3, 20))
    for n, t in [(2, 1), (2, later), (5, later)]:
        first = 0.0 if t == 1 else 1.0
        theta, mask = signed(rng, n), zeros_and_ones(rng, (n, 1))[:, 0]
        state = {"v": first * signed(rng, n, 0.5, 3.0).round(2)}
        state["cache"] = first * rng.uniform(0.05, 0.5, size=n).round(2)
        grad = signed(rng, n, 1.0, 2.0)
        drawn = {"lr": number(rng, 0.15, 0.24), "strength": number(rng, 0.35, 0.45)}
        drawn = {"t": t, "grad": grad, **drawn, "mask": mask}
        others = [{}]
        if n == 2 and t > 1:  # each differs in one number from the first
            others += [{"t": 1}, {"lr": round(drawn["lr"] + 0.11, 2)}, {"mask": 1 - mask}]
            others += [{"strength": round(drawn["strength"] + 0.11, 2)}]
        for other in others:
            case(name, "theta, v, cache", theta=theta, **state, **(drawn | other))


# 09.5 Dropout of whole groups, both ways

# Of 160 examples with 20 groups of each probability, the share of entries that are kept has a
# standard deviation of at most 0.5 / sqrt(3200) = 0.009. A right answer misses the share by 0.06,
# more than six of these, less than once in a thousand million checks.
EXAMPLES, OF_A_KIND, SHARE = 160, 20, 0.06
# How often a group is kept has the variance N p (1 - p). For 60 groups with p > 0 the mean of
# squared deviations over this variance is a chi-square with 60 degrees of freedom, divided by 60;
# likewise for the groups that an example keeps, with 160. It is outside these bounds less than once
# in ten million checks. With one mask for all examples it is 160 for groups; with the same number
# dropped everywhere it is 0.
SPREAD = (0.3, 2.2)


def near(share, p):
    """Say which number a share of kept entries is near to."""
    known = {"right": 1 - p, "p": p, "half": 0.5}
    close_by = [words for words, value in known.items() if abs(share - value) < SHARE]
    return close_by[0] if close_by else "another"


def mask_drawn(answer, x, p_drop, seed):
    """Judge a mask by its statistics, and the outputs by the mask."""
    y, mask = parts(answer.slide_train(x, p_drop, seed), y=x.shape, mask=x.shape[:2])
    binary = bool(np.isin(mask, [0, 1]).all())
    shares = {float(p): float(mask[:, p_drop == p].mean()) for p in np.unique(p_drop)}
    nearly = [near(share, p) for p, share in shares.items()]
    examples_alike = bool((mask == mask[:1]).all())
    kinds = [mask[:, p_drop == p] for p in shares if p > 0]
    groups_alike = all(bool((kind == kind[:, :1]).all()) for kind in kinds)
    p = p_drop[p_drop > 0]
    off = (mask[:, p_drop > 0] - (1 - p)) / np.sqrt(p * (1 - p))
    spreads = [float(np.mean(off.sum(axis=axis) ** 2) / off.shape[axis]) for axis in (0, 1)]
    few = [found < SPREAD[0] for found in spreads]
    many = [found > SPREAD[1] for found in spreads]
    features = mask[:, :, np.newaxis]
    # In single precision, too; 0 at dropped entries is exact in any.
    right = bool(np.allclose(y, x * features, rtol=FLOAT32, atol=0))
    scaled = bool(np.allclose(y * (1 - p_drop)[:, np.newaxis], x * features, rtol=FLOAT32, atol=0))
    partly = (y == 0).any(axis=2) & (y != 0).any(axis=2)
    yield None, [binary, examples_alike, groups_alike, nearly, few, many, right, scaled]
    if not binary:
        largest = f"Its largest entry is {np.abs(mask).max():.3g}."
        raise WrongAnswer("The mask should contain 0 and 1 only.", largest)
    if examples_alike or groups_alike:
        raise WrongAnswer(
            "The entries of the mask are not drawn each on its own.",
            "All examples lose the same groups." if examples_alike
            else "In each example all groups with the same p_drop are dropped, or none.",
        )  # fmt: skip
    for p, share in shares.items():
        if near(share, p) != "right":
            raise WrongAnswer(
                f"Groups with p_drop = {p:g} are kept in {share:.3f} of the examples.",
                "For every group that is about p_drop itself." if set(nearly) == {"p"}
                else "It is about the same for every p_drop."
                if np.ptp(list(shares.values())) < 2 * SHARE
                else "",
            )  # fmt: skip
    if any(few + many):
        raise WrongAnswer(
            "The entries of the mask are not drawn each on its own.",
            "All groups are dropped in nearly the expected number of examples: too evenly."
            if few[0]
            else "All examples lose nearly the expected number of groups: too evenly."
            if few[1]
            else "The numbers of groups that the examples lose differ more than chance explains.",
        )
    if not right:
        raise WrongAnswer(
            "`y` is not `x` with the groups dropped at which the mask is 0.",
            "It is that divided by 1 - `p_drop`." if scaled
            else "It is `x`, unchanged." if np.array_equal(y, x)
            else "Of some groups only a part is dropped." if partly.any()
            else "",
        )  # fmt: skip


@task("09.5", points=0.5)
@parametrize("features", [1, 2])
def test_mask(case, rng, features):
    """Training on the slide's way: 12,800 groups with {features} in each, and four p_drop."""
    kinds = [0.0, number(rng, 0.1, 0.2), number(rng, 0.28, 0.38), number(rng, 0.7, 0.8)]
    p_drop = rng.permutation(np.repeat(kinds, OF_A_KIND))
    x = signed(rng, (EXAMPLES, len(p_drop), features))
    case.alone(mask_drawn, x=x, p_drop=p_drop, seed=int(rng.integers(1000)))


def masks_of_seeds(answer, x, p_drop, seed, other):
    """Draw with the same seed twice, and with another one."""
    masks = []
    for number in (seed, seed, other):
        found = answer.slide_train(x, p_drop, number)
        masks.append(parts(found, y=x.shape, mask=x.shape[:2])[1])
    same, equal = (bool((masks[0] == mask).all()) for mask in masks[1:])
    yield None, [same, equal]
    if not same:
        raise WrongAnswer("The same seed should give the same mask.")
    if equal:
        raise WrongAnswer("Another seed should give another mask.")
    off, other_off = ((m - m.mean()) / max(m.std(), 1e-9) for m in (masks[0], masks[2]))
    # Of drawn entries the mean square of the products of two rows is the number of columns, with a
    # standard deviation of 5 %, and the correlation of two masks has one of 0.02.
    products = (off @ off.T)[~np.eye(len(off), dtype=bool)]
    if not (0.5 < np.mean(products**2) / off.shape[1] < 2 and abs(np.mean(off * other_off)) < 0.2):
        raise WrongAnswer(
            "The entries of the mask are not drawn each on its own.",
            "All examples lose the same groups." if (masks[0] == masks[0][:1]).all() else "",
        )


@task("09.5", points=0.5)
def test_seed(case, rng):
    """Training on the slide's way, twice with a seed and once with another."""
    for N, groups, features in [(40, 50, 1), (45, 45, 3)]:
        x, p_drop = signed(rng, (N, groups, features)), np.full(groups, number(rng, 0.3, 0.7))
        seed = int(rng.integers(1000))
        case.alone(
            masks_of_seeds, x=x, p_drop=p_drop, seed=seed, other=seed + int(rng.integers(1, 99))
        )


GROUPS = [(1, 2, 1), (2, 2, 2), (3, 2, 4), (3, 3, 3), (2, 4, 3)]


def probabilities(rng, shape):
    """Draw a probability for each group, of which no two are equal; one of them is 0."""
    p_drop = 0.1 + 0.8 * (rng.permutation(shape[1]) + rng.uniform(0.2, 0.8)) / shape[1]
    p_drop[rng.integers(shape[1])] = 0.0
    return p_drop.round(2)


# What a feature may be multiplied by: m is the mask's entry, p the probability of its group.
FACTORS = {
    "1": lambda m, p: 1 + 0 * m * p,
    "0": lambda m, p: 0 * m * p,
    "`p_drop`": lambda m, p: p + 0 * m,
    "1 - `p_drop`": lambda m, p: 1 - p + 0 * m,
    "1 + `p_drop`": lambda m, p: 1 + p + 0 * m,
    "1 / `p_drop`": lambda m, p: 1 / p + 0 * m,
    "1 / (1 - `p_drop`)": lambda m, p: 1 / (1 - p) + 0 * m,
    "the mean of `1 - p_drop`": lambda m, p: np.mean(1 - p) + 0 * m,
    "`mask`": lambda m, p: m + 0 * p,
    "1 - `mask`": lambda m, p: 1 - m + 0 * p,
    "`mask` / the mean of `mask`": lambda m, p: m / np.mean(m) + 0 * p,
    "`mask` * `p_drop`": lambda m, p: m * p,
    "`mask` * (1 - `p_drop`)": lambda m, p: m * (1 - p),
    "`mask` * (1 + `p_drop`)": lambda m, p: m * (1 + p),
    "`mask` / `p_drop`": lambda m, p: m / p,
    "`mask` / (1 - `p_drop`)": lambda m, p: m / (1 - p),
    "`mask` / (1 - `p_drop`) ** 2": lambda m, p: m / (1 - p) ** 2,
    "`mask` / the square root of 1 - `p_drop`": lambda m, p: m / np.sqrt(1 - p),
    "`mask` / the mean of 1 - `p_drop`": lambda m, p: m / np.mean(1 - p),
    "(1 - `mask`) / (1 - `p_drop`)": lambda m, p: (1 - m) / (1 - p),
}


def fits(name, factor):
    """Whether it is what is asked for: the mean over many masks is the factor at validation."""
    p = np.array([0.2, 0.7])
    kept, dropped = factor(1.0, p), factor(0.0, p)
    mean = kept if "validate" in name else (1 - p) * kept + p * dropped
    asked = np.allclose(mean, 1 - p if "slide" in name else 1.0)
    return bool(asked and ("validate" in name or not np.any(dropped)))


def multiplied(answer, name, **arguments):
    """State by what the features are multiplied, if that is wrong and clear."""
    values = arguments.get("x", arguments.get("dy"))
    result = getattr(answer, name)(*arguments.values())
    numbers = as_numbers(result)
    what = "`dx`" if "dy" in arguments else "`y`"
    if numbers is not None and numbers.shape == values.shape and numbers.dtype.kind in "iuf":
        mask, p_drop = arguments.get("mask", np.ones(1)), arguments.get("p_drop", np.zeros(1))
        found = []
        for words, factor in FACTORS.items():
            if any(key in words and key not in arguments for key in ("mask", "p_drop")):
                continue
            with np.errstate(all="ignore"):
                made = values * factor(mask, p_drop)[..., np.newaxis]
            if np.allclose(numbers, made, rtol=FLOAT32, equal_nan=True):
                found.append(words)
        if len(found) == 1 and not fits(name, FACTORS[found[0]]):
            fact = f"Every feature is multiplied by {found[0]}."
            raise WrongAnswer(f"{what} is not what is asked for.", fact)
    yield what, result


def grouped(case, rng, name, *parameters):
    """Call a function of dropout with batches of several shapes, and with one argument changed."""
    for shape in GROUPS:
        mask, p_drop = zeros_and_ones(rng, shape[:2]), probabilities(rng, shape)
        drawn = {"x": signed(rng, shape), "dy": signed(rng, shape), "mask": mask, "p_drop": p_drop}
        for other in [{}, {"mask": 1 - mask}, {"p_drop": p_drop[::-1].copy()}]:
            if other and (shape != (2, 2, 2) or not set(other) & set(parameters)):
                continue
            case(multiplied, name=name, **{key: (drawn | other)[key] for key in parameters})


@task("09.5", points=0.5, **SINGLE)
@parametrize("name", ["slide_backward", "inverted_train", "inverted_backward"])
def test_with_mask(case, rng, name):
    """`{name}` with masks that are given."""
    first = "x" if name == "inverted_train" else "dy"
    grouped(case, rng, name, first, "mask", *["p_drop"] * name.startswith("inverted"))


@task("09.5", points=1, **SINGLE)
def test_validation(case, rng):
    """`slide_validate` and `inverted_validate` of batches with several groups."""
    # One of the two returns its argument, which alone earns nothing.
    for name in ("slide_validate", "inverted_validate"):
        grouped(case, rng, name, "x", "p_drop")


# 09.6 Dropout inside a network

# Examples, inputs, hidden units, outputs. In some V is square, in some all sizes are different.
SIZES = [(1, 1, 2, 1), (5, 2, 3, 4), (4, 2, 3, 3), (3, 3, 3, 3)]


def small_networks(rng):
    """Draw inputs, parameters, a mask and a probability; the scores bend tanh."""
    for N, n, h, k in SIZES:
        W, b = signed(rng, (n, h), 0.3, 1.0), signed(rng, h, 0.2, 0.5)
        V, c = signed(rng, (h, k)), signed(rng, k)
        x, mask = signed(rng, (N, n), 0.3, 1.5), zeros_and_ones(rng, (N, h))
        if N == 1:
            mask = rng.permuted(np.array([[0.0, 1.0]]), axis=1)
        pair = number(rng, 0.15, 0.4), number(rng, 0.55, 0.7)
        for p_drop in pair if k == 4 else rng.permutation(pair)[:1].tolist():
            yield x, W, b, V, c, mask, p_drop


NAMES = ("x", "W", "b", "V", "c", "mask", "p_drop")


@task("09.6", points=1, **SINGLE)
def test_forward(case, rng):
    """The training pass of several networks."""
    for network in small_networks(rng):
        case("forward", "y, h", **dict(zip(NAMES, network, strict=True)))


def gradients(answer, arguments):
    """Take the four gradients apart, and see that they are not in another order."""
    x, V, dy = arguments["x"], arguments["V"], arguments["dy"]
    found = answer.backward(*arguments.values())
    if not isinstance(found, tuple | list) or len(found) != 4:
        raise WrongAnswer("Return 4 values, `dW, db, dV, dc`.")
    shapes = [(x.shape[1], len(V)), (len(V),), V.shape, (dy.shape[1],)]
    arrays = [as_numbers(value) for value in found]
    came = [None if array is None else array.shape for array in arrays]
    if came != shapes and sorted(map(str, came)) == sorted(map(str, shapes)):
        raise WrongAnswer(
            f"The gradients have the shapes {', '.join(map(str, came))}.",
            "The order asked for is `dW, db, dV, dc`.",
        )
    return found


def last_layer(answer, **arguments):
    _, _, dV, dc = gradients(answer, arguments)
    yield "`dV`", dV
    yield "`dc`", dc


def first_layer(answer, **arguments):
    dW, db, _, _ = gradients(answer, arguments)
    yield "`dW`", dW
    yield "`db`", db


def pass_back(case, rng, story):
    for x, W, b, V, _, mask, p_drop in small_networks(rng):
        dy, h = signed(rng, (len(x), V.shape[1])), np.tanh(x @ W + b).round(3)
        case(story, dy=dy, x=x, V=V, h=h, mask=mask, p_drop=p_drop)


@task("09.6", points=1, **SINGLE)
def test_dV_and_dc(case, rng):
    """The gradients of V and c in several networks."""
    pass_back(case, rng, last_layer)


@task("09.6", points=1.5, **SINGLE)
def test_dW_and_db(case, rng):
    """The gradients of W and b in several networks."""
    pass_back(case, rng, first_layer)


@task("09.6", points=0.5, **SINGLE)
def test_validate(case, rng):
    """The outputs of several networks at validation."""
    for x, W, b, V, c, _, p_drop in small_networks(rng):
        case("validate", "y", x=x, W=W, b=b, V=V, c=c, p_drop=p_drop)


# 09.7 Stop in time


def history(rng, patience, min_delta, stops):
    """Draw a history of losses in whole numbers.

    It improves by more than `min_delta`, often by just more. In between there are pauses: epochs
    that are lower by less, lower by exactly `min_delta`, equal, or higher. All pauses are shorter
    than `patience`, one of them by 1. At the end there is a longer one, and then the loss is better
    than ever; or, if it never stops, another that is shorter by 1.
    """
    pauses = [*[0] * rng.integers(1, 6), patience - 1, int(rng.integers(patience))]
    best = 400 + int(rng.integers(50))
    losses = [best]
    gains = [1, 1, 1 + min_delta // 2, 6]
    steps = [(pause, gains) for pause in rng.permutation(pauses).tolist()]
    if stops:
        steps.append((patience + int(rng.integers(2, 5)), gains))
    else:  # just before the best epoch the losses were all but an improvement
        steps += [(patience - 1, [1]), (patience - 1, gains)]
    for pause, gain in steps:
        # One that falls, so that it is better than the epoch before and worse than the best.
        worse = sorted(rng.integers(-min_delta, 9, size=pause).tolist(), reverse=True)
        for place, special in zip(rng.permutation(pause), (-min_delta, 0), strict=False):
            worse[place] = special
        losses += [best + value for value in worse]
        best -= min_delta + int(rng.choice(gain))
        losses.append(best)
    return losses if stops or patience == 3 else losses[:-1]  # with 1, too, the last is the best


def trainings(rng, min_deltas, stops):
    """Draw settings and histories; all numbers are exact, so that equal ones are equal."""
    sizes = rng.permutation([2.0**-12, 2.0**-5, 1.0, 4.0, 2.0**-3, 2.0**5])
    for patience, size in zip((2, 1, 3, int(rng.integers(4, 9)), 2, 5), sizes, strict=True):
        min_delta = int(rng.choice(min_deltas))
        losses = [size * loss for loss in history(rng, patience, min_delta, stops)]
        yield {"patience": patience, "min_delta": size * min_delta, "losses": losses}


def epochs_run(answer, patience, min_delta, losses):
    stopper = answer.EarlyStopping(patience, min_delta)
    epochs = 0
    for loss in losses:
        epochs += 1
        if stopper.watch(loss, np.array([float(epochs)])):
            break
    yield "the number of epochs run", epochs


def stop(case, rng, min_deltas):
    for training in trainings(rng, min_deltas, True):
        case(epochs_run, **training)


@task("09.7", points=1)
def test_patience(case, rng):
    """When to stop, with a patience of 1 and more epochs."""
    stop(case, rng, [0])


@task("09.7", points=1)
def test_min_delta(case, rng):
    """When to stop, where an improvement must be larger than a minimum."""
    stop(case, rng, [2, 4, 6])


# Shows all epochs, whatever `watch` returns; with in_place each changes one and the same array.
WATCH = Function(
    "lambda stopper, losses, thetas, in_place: ([(np.copyto(work, theta), "
    "stopper.watch(loss, work if in_place else work.copy())) "
    "for work in [np.zeros_like(thetas[0])] for loss, theta in zip(losses, thetas)], "
    "stopper.best_epoch, stopper.best_theta)[1:]"
)


def best(answer, patience, min_delta, losses, thetas, in_place):
    """Return `best_epoch` and `best_theta` at the end."""
    stopper = answer.EarlyStopping(patience, min_delta)
    found = answer.run(WATCH, stopper, losses, thetas, in_place)
    for name, value in zip(("best_epoch", "best_theta"), found, strict=True):
        if value is None:
            raise WrongAnswer(f"`{name}` is still None after {len(losses)} epochs.")
    return found


def best_epoch(answer, **arguments):
    yield "`best_epoch`", best(answer, **arguments)[0]


def best_theta(answer, **arguments):
    yield "`best_theta`", best(answer, **arguments)[1]


def keep(case, rng, story, in_place):
    trainings_drawn = [*trainings(rng, [0], False), *trainings(rng, [2, 4, 6], False)]
    for training, shape in zip(trainings_drawn, [(1,), (3,), (2, 2), (2, 1, 2)] * 3, strict=True):
        thetas = signed(rng, (len(training["losses"]), *shape))
        case(story, **training, thetas=thetas, in_place=in_place)
    # A loss that rises from the start.
    losses = np.cumsum(rng.integers(1, 9, size=int(rng.integers(3, 6)))).astype(float).tolist()
    thetas = signed(rng, (len(losses), 2))
    settings = {"patience": 9, "min_delta": 0.0, "losses": losses}
    case(story, **settings, thetas=thetas, in_place=in_place)


@task("09.7", points=1)
def test_best_epoch(case, rng):
    """The number of the best epoch of several trainings."""
    keep(case, rng, best_epoch, in_place=False)


@task("09.7", points=0.5, **SINGLE)
def test_best_theta(case, rng):
    """The parameters of the best epoch, which is seldom the last."""
    keep(case, rng, best_theta, in_place=False)


@task("09.7", points=0.5, **SINGLE)
def test_best_theta_in_place(case, rng):
    """The parameters of the best epoch, where each epoch changes the same array."""
    keep(case, rng, best_theta, in_place=True)
