"""Tests of exercise 11.

Losses and gradients are compared at the tolerance of single precision. The training is judged by
how many digits it reads of those that are sent only after it has ended. Statistics of drawn weights
have the tolerance that their number allows.
"""

from itertools import pairwise

import numpy as np

from coursekit import data
from coursekit.grading import WrongAnswer, parts, task
from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.grading.judge.comparison import as_numbers
from coursekit.grading.judge.values import describe

FLOAT32 = 1e-5  # relative; a product of a few matrices in single precision is good to that


def taken_apart(layers, widths, name):
    """Check a list of (W, b) against the widths of a network; return it as arrays."""
    n = len(widths) - 1
    if not isinstance(layers, (tuple, list)) or len(layers) != n:
        raise WrongAnswer(
            f"{name} should be a list of {n} tuples, one for each layer; it is {describe(layers)}."
        )
    return [
        parts(layer, W=shape, b=shape[1:])
        for layer, shape in zip(layers, pairwise(widths), strict=True)
    ]


# 11.1 A network that reads digits


def scale(answer, widths, seed):
    """Judge how first weights are distributed."""
    layers = taken_apart(answer.start(widths, seed), widths, f"`start({widths}, {seed})`")
    spread = np.array([W.std() for W, _ in layers])
    # In decibels, for the variance of about 20,000 draws is good to 1 % only.
    with np.errstate(divide="ignore"):
        yield None, np.round(10 * np.log10(spread**2 * widths[:-1]))
    yield None, [bool(b.any()) for _, b in layers]
    answer.start([1, 1], seed)  # known mistakes are told by the two values above
    assert not any(b.any() for _, b in layers), "The biases should start at zero."
    assert spread.all(), "The weights should not start at zero."
    for W, _ in layers:
        assert abs(W.mean()) < 0.03 * W.std(), "The mean of the weights is not near 0."
    for W, _ in layers:
        n_in, n_out = W.shape
        if abs(W.var() * n_in - 2) > 0.1:
            same = np.ptp(spread) < 0.03 * spread[0]
            raise Drawn(
                f"The variance of the weights from {n_in} to {n_out} neurons is {W.var():.2g}; "
                f"2 / {n_in} is asked for.",
                "The standard deviation is the same in all layers, whatever n_in is."
                if same
                else "",
            )
        # The mean distance from 0 is 0.798 standard deviations in a normal distribution, and
        # 0.866 in an even one.
        if abs(np.abs(W).mean() / W.std() - 0.798) > 0.02:
            raise Drawn(
                "The variance is right, but the weights are not drawn from a normal distribution.",
                f"The largest is only {np.abs(W).max() / W.std():.1f} standard deviations from 0."
                if np.abs(W).max() < 2.5 * W.std()
                else "",
            )


class Drawn(WrongAnswer):
    """A wrong result that chance has a part in: the numbers in the message tell no mistake."""

    def __str__(self):
        return type(self).__name__


@task("11.1", points=1)
def test_start_scale(case, rng):
    """The variance of the first weights, in layers of different widths."""
    for m in rng.permutation(range(97, 104))[:2].tolist():
        case.alone(scale, widths=[4 * m, m, 2 * m], seed=int(rng.integers(1000)))


def seeds(answer, widths, one, other):
    """Start three times."""
    nets = [
        taken_apart(answer.start(widths, seed), widths, f"`start({widths}, {seed})`")
        for seed in (one, one, other)
    ]
    first, again, different = ([W for W, _ in net] for net in nets)
    found = [
        all(map(np.array_equal, first, again)),
        not any(map(np.array_equal, first, different)),
        not np.allclose(first[0] / first[0].std(), first[1] / first[1].std())
        if first[0].any() and first[1].any()
        else False,
    ]
    yield None, found
    answer.start([1, 1], one)
    if not found[0]:
        raise Drawn(f"`start({widths}, {one})` gave other weights when it was called again.")
    if not found[1]:
        raise Drawn("The weights are the same for two different seeds.")
    if not found[2]:
        raise Drawn("The two layers have the same weights: draw both from one generator.")


@task("11.1", points=1)
def test_start_seed(case, rng):
    """Whether the seed decides, and whether the layers are drawn one after another."""
    for _ in range(2):
        n, one = int(rng.integers(8, 15)), int(rng.integers(500))
        case.alone(seeds, widths=[n, n, n], one=one, other=one + int(rng.integers(1, 500)))


def network(rng, widths):
    """Draw a network with biases."""
    return [
        ((rng.normal(size=(a, b)) * 1.5 / np.sqrt(a)).round(2), rng.normal(size=b).round(2))
        for a, b in pairwise(widths)
    ]


def problem(rng, widths, N):
    """Draw a network, points and classes; not all points have the same class."""
    t = rng.integers(widths[-1], size=N)
    t[:2] = rng.permutation(widths[-1])[:2]
    x = rng.normal(size=(N, widths[0])).round(2)
    return {"layers": network(rng, widths), "x": x, "t": t}


def loss_of(answer, layers, x, t):
    """Take the loss from what is returned."""
    result = two_values(answer.loss_and_gradients(layers, x, t))
    yield "the loss", result[0]


def gradients_of(answer, layers, x, t):
    """Take the gradients from what is returned."""
    result = two_values(answer.loss_and_gradients(layers, x, t))
    yield "`grads`", result[1]


def two_values(result):
    """Refuse what is no pair."""
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise WrongAnswer(f"Return 2 values, `loss, grads`; yours is {describe(result)}.")
    return result


@task("11.1", points=1, rtol=FLOAT32)
def test_loss(case, rng):
    """The loss of networks with and without hidden layers, and of logits that are far apart."""
    for widths, N in [([2, 3], 2), ([4, 6, 5, 3], 7), ([3, 5, 4], 6), ([4, 6, 5, 3], 5)]:
        case(loss_of, **problem(rng, widths, N))
    for t in rng.permutation([[0, 1], [1, 0], [0, 0], [1, 1]]):
        W, x = np.diag([rng.integers(900, 1100), 1.0]), np.array([[1.0, 0.5], [-1.0, 2.0]])
        case(loss_of, layers=[(W, np.zeros(2))], x=x + rng.integers(5, size=(2, 1)) / 8, t=t)


@task("11.1", points=1, rtol=FLOAT32, atol=1e-7)
def test_gradients_one_layer(case, rng):
    """The gradients of networks without a hidden layer."""
    for widths, N in [([2, 3], 2), ([5, 4], 6), ([5, 4], 3)]:
        case(gradients_of, **problem(rng, widths, N))


@task("11.1", points=1, rtol=FLOAT32, atol=1e-7)
def test_gradients(case, rng):
    """The gradients of networks with one and with two hidden layers."""
    for widths, N in [([2, 3, 2], 2), ([4, 6, 6, 3], 5), ([3, 5, 4], 7)]:
        case(gradients_of, **problem(rng, widths, N))


@task("11.1", points=1)
def test_predict(case, rng):
    """The classes that networks of several depths give, whatever their weights are."""
    for widths, N in [([2, 3], 4), ([3, 5, 4], 12), ([4, 7, 6, 5], 20), ([6, 8, 10], 30)]:
        layers = network(rng, widths)
        # All logits of some points are negative.
        layers[-1] = (layers[-1][0], layers[-1][1] - 1.5)
        x = rng.normal(size=(N, widths[0])).round(2)
        case("predict", "the classes", layers=layers, x=x)


@task("11.1", points=2)
def test_digits(case, rng):
    """1348 digits to train on, then 449 that the network has never seen."""
    train_and_read(case, rng, *digits(), seed=5, least=95)


@task("11.1", points=1)
def test_another_task(case, rng):
    """Digits with their pixels in another order and their classes renamed."""
    x, t, x_new, t_new = digits()
    order, names = rng.permutation(64), rng.permutation(10)
    drawn = x[:, order], names[t], x_new[:, order], names[t_new]
    train_and_read(case, rng, *drawn, seed=int(rng.integers(1000)), least=90)


def digits():
    """Digits to train on and new ones, the same for everybody: some splits are harder.

    So is the seed of the training: with another one, luck would decide about a network that reads
    about as many digits as are asked for. The task that is drawn asks for fewer.
    """
    return data.split(*data.digits(), rng=3)


def train_and_read(case, rng, x, t, x_new, t_new, seed, least):
    """Train and read; draw also what tells known mistakes apart."""
    probe = problem(rng, [3, 4, 3], 3)
    case.alone(reads, x=x, t=t, seed=seed, x_new=x_new, t_new=t_new, least=least, probe=probe)


def reads(answer, x, t, seed, x_new, t_new, least, probe):
    """Train, and judge by how many new digits are read."""
    fault, layers = None, []
    try:
        layers = answer.train(x, t, seed)
        fault = reading_fault(answer, layers, x, t, seed, x_new, t_new, least)
    except AnswerError as error:
        if error.kind in ("missing", "stopped", "refused"):
            raise
        listed = "`train` should return a list of layers, each a tuple (W, b)."
        fault = Drawn(error.message if not layers or layer_arrays(layers) else listed)
    yield None, fault is None
    if fault is not None:
        # No two trainings read the same digits. The gradients tell known mistakes apart.
        answer.loss_and_gradients(**probe)
        raise fault


def reading_fault(answer, layers, x, t, seed, x_new, t_new, least):
    """Find what is wrong with the classes of new digits; None if enough are right."""
    if layers is None:
        return Drawn("`train` returns None: is a `return` missing?")
    guesses = as_numbers(answer.predict(layers, x_new))
    if guesses is None or guesses.shape != (len(x_new),):
        shape = "" if guesses is None else f"; yours has the shape {guesses.shape}"
        return Drawn(
            "`predict` should return one class for each point, an array of the shape "
            f"({len(x_new)},){shape}."
        )
    if not np.isin(guesses, range(10)).all():
        return Drawn("`predict` should return the classes 0 to 9.")
    right = 100 * np.mean(guesses == t_new)
    if right >= least:
        return None
    return Drawn(
        f"The network reads {np.floor(right):.0f} % of the {len(x_new)} new digits; "
        f"{least} % are asked for.",
        training_fact(answer, layers, x, t, seed),
    )


def training_fact(answer, layers, x, t, seed):
    """State what can be seen in a network that reads too few digits."""
    arrays = layer_arrays(layers)
    if arrays and not all(np.isfinite(a).all() for layer in arrays for a in layer):
        return "Its weights have become infinite or NaN."
    if arrays:
        widths = [len(arrays[0][0]), *(len(b) for _, b in arrays)]
        begun = layer_arrays(answer.start(widths, seed))
        if begun and all(map(np.array_equal, *([W for W, _ in net] for net in (arrays, begun)))):
            return "Its weights are those that `start` gives for this seed: none has been trained."
        if not any(b.any() for _, b in arrays):
            return "All its biases are still zero."
    right = np.asarray(answer.predict(layers, x)) == t
    share, first = 100 * np.mean(right), 100 * np.mean(right[:32])
    if first - share > 15:
        return f"It reads {first:.0f} % of the first 32 rows of `x`, and {share:.0f} % of all."
    if share >= 97:
        return f"It reads {share:.0f} % of the digits that it was trained on."
    if share < 25:
        return f"It reads {share:.0f} % of the digits that it was trained on: that is guessing."
    return (
        f"It reads only {share:.0f} % of the digits that it was trained on, too: it has learnt "
        "too little."
    )


def layer_arrays(layers):
    """The arrays of a network; an empty list where they can't be found."""
    if not isinstance(layers, (tuple, list)):
        return []
    if not all(isinstance(layer, (tuple, list)) and len(layer) == 2 for layer in layers):
        return []
    arrays = [tuple(map(as_numbers, layer)) for layer in layers]
    fits = all(
        W is not None and b is not None and W.ndim == 2 and b.shape == W.shape[1:]
        for W, b in arrays
    )
    return arrays if fits else []


# 11.2 What ails this run?
#
# The curves lie on both sides of every limit in the rules, and near it. A random scale keeps the
# rules about ratios from being replaced by rules about numbers. The runs of a test come in an
# order of their own, each kind twice, so that a list of words does not fit.

WORDS = ("diverges", "vanishing gradient", "rate too low", "overfits", "healthy")


def diagnosis(answer, run, loss, validation, gradients):
    """Diagnose a run; the words say what is special about it."""
    word = answer.diagnose(loss, validation, gradients)
    yield f"your diagnosis of a run where {run}", word
    yield None, WORDS.index(word) if word in WORDS else -1


def diagnose_all(case, rng, draw):
    """Draw runs twice, the second time with one more epoch and one more layer."""
    found = [(run, *logs) for run, logs in draw(rng).items()]
    for run, (loss, validation, gradients) in draw(rng).items():
        wider = np.insert(gradients, 1, gradients[:, 1], axis=1)
        found.append((run, longer(loss), longer(validation), longer(wider)))
    for i in rng.permutation(len(found)):
        run, loss, validation, gradients = found[i]
        case(diagnosis, run=run, loss=loss, validation=validation, gradients=gradients)


def longer(log):
    """Put an epoch between the third and the fourth."""
    return np.insert(log, 3, (log[2] + log[3]) / 2, axis=0)


def curve(rng, *values):
    """A curve of this shape, in a random scale."""
    return rng.choice([1.25, 2.5, 5.0]) * rng.integers(10, 20) / 16 * np.array(values)


def exact_curve(rng, *values):
    """A curve of this shape, in a scale that rounds nothing."""
    return 2.0 ** rng.integers(-2, 4) * np.array(values)


def spread(rng, *layers, epochs=6):
    """Draw gradients that differ by half from epoch to epoch; the layers have these sizes."""
    scale = rng.choice([0.01, 0.1, 1.0, 30.0])
    return rng.uniform(1.0, 1.5, size=(epochs, len(layers))).round(2) * scale * layers


SLOW = (1, 0.9, 0.8, 0.7, 0.6, 0.55)
FAST = (1, 0.5, 0.3, 0.2, 0.1, 0.05)
# In a scale that is a power of two, equality is the same in every way to write a rule.
AT_FIVE = (1, 0.99, 0.98, 0.97, 0.96, 0.95)
AT_TWENTY = (2, 1.2, 1, 1.1, 1.15, 1.2)
STILL = (1, 0.99, 0.985, 0.98, 0.97, 0.96)
TURNING = (2, 0.6, 0.5, 0.6, 0.7, 0.9)


def diverging(rng):
    """Runs about the first rule."""
    nan, infinite, back, once = (curve(rng, 1, 0.7, 0.5, 0.4, 0.35, 0.3) for _ in range(4))
    nan[4:], infinite[4:], back[3], once[3] = np.nan, np.inf, np.inf, np.nan
    late = curve(rng, 1, 0.6, 0.4, 0.5, 0.9, 1.05)
    over = curve(rng, 1, 1.5, 1.6, 1.4, 1.3, 1.05)
    jump = curve(rng, 1, 0.25, 0.3, 0.4, 1.1, 0.35)
    start = curve(rng, 0.6, 1, 0.4, 0.3, 0.25, 0.2)
    flat, fast, slow = curve(rng, *[1.0] * 6), curve(rng, *FAST), curve(rng, *SLOW)
    even = spread(rng, 1, 1, 1, 1)
    low, never = curve(rng, *[0.5] * 6), np.full(6, np.nan)
    return {
        "the training loss becomes NaN": (nan, nan, even),
        "the training loss is NaN from the beginning": (never, low, even),
        "the training loss becomes infinite": (infinite, infinite, even),
        "the training loss is infinite once and comes back": (back, low, even),
        "the training loss is NaN once and comes back": (once, low, even),
        "the gradients are small at the input and the loss ends above its start": (
            curve(rng, 1, 0.99, 1.01, 1, 1.02, 1.03),
            low,
            spread(rng, 2e-4, 1e-2, 1e-2, 1),
        ),
        "the training loss falls, then rises above its start": (late, late, even),
        "both losses end above where they should, the training loss above its start": (
            over,
            curve(rng, *TURNING),
            even,
        ),
        "the training loss jumps up once and falls again": (jump, low, even),
        "the training loss begins with a jump and falls": (start, start + 0.1, even),
        "the training loss does not change, with gradients of one size": (flat, flat, even),
        "the training loss falls far": (fast, fast + 0.1, even),
        "the training loss creeps, and the validation loss ends higher than it began": (
            slow,
            curve(rng, 1, 0.98, 0.96, 0.95, 0.98, 1.05),
            even,
        ),
    }


def vanishing(rng):
    """Runs about the second rule."""
    small = spread(rng, 2e-4, 1e-2, 1e-2, 1)
    waking, dying, fading = small.copy(), small.copy(), small.copy()
    waking[1:], dying[1:] = spread(rng, 1, 1, 1, 1, epochs=5), 1e-9
    fading[0] = 1.0
    limit = np.tile([1.0, 1.0, 1.0, 800.0], (6, 1)) * 1e-5
    loud = np.tile([2.0, 50.0, 100.0, 5000.0], (6, 1))
    still, flat = curve(rng, *STILL), curve(rng, *[1.0] * 6)
    learns = curve(rng, 1, 0.6, 0.4, 0.3, 0.2, 0.1)
    late = curve(rng, 1, 0.99, 0.98, 0.97, 0.96, 0.93)
    early = curve(rng, 1, 0.935, 0.934, 0.933, 0.932, 0.93)
    even = spread(rng, 1, 1, 1, 1)
    exact = np.tile([1 / 1000, 1.0, 1.0, 1.0], (6, 1)) * 2.0 ** rng.integers(-8, 4)
    five = exact_curve(rng, *AT_FIVE)
    return {
        "the gradients are small at the input and the loss stands still": (still, still, small),
        "the gradients are small in the first epoch only": (still, still, waking),
        "the gradients are small at the input, later in all layers": (still, still, dying),
        "the gradients are small at the input in all epochs but the first": (still, still, fading),
        "the gradients are small at the input and the loss dips and comes back": (
            curve(rng, 1, 0.9, 0.92, 0.99, 0.97, 0.98),
            still,
            small,
        ),
        "the gradients are small at the input and the loss falls by 7 %, in small numbers": (
            0.05 * late,
            0.05 * late,
            small,
        ),
        "the gradients are small at the input and the loss does not move": (flat, flat, small),
        "the gradients are small at the input and the validation loss turns up": (
            still,
            curve(rng, *TURNING),
            small,
        ),
        "the gradients are small at the input and the loss falls far": (
            learns,
            1.5 * learns,
            small,
        ),
        "the gradients are small at the input and the loss falls by 7 % in the end": (
            late,
            late,
            small,
        ),
        "the gradients are small at the input and the loss falls by 7 % in the beginning": (
            early,
            early,
            small,
        ),
        "the gradient at the input is 800 times smaller": (still, still, limit),
        "the gradient at the input is 1200 times smaller": (still, still, limit * [1, 1, 1, 1.5]),
        "the gradient at the input is exactly 1000 times smaller": (still, still, exact),
        "the gradient at the input is a little more than 1000 times smaller": (
            still,
            still,
            exact * [1, 1, 1, 1.0005],
        ),
        "the gradients are small at the input and the loss falls by exactly 5 %": (
            five,
            five,
            small,
        ),
        "the gradient at the input is 2500 times smaller, and not small": (still, still, loud),
        "all gradients are equally tiny": (still, still, 1e-6 * even),
        "the gradients are small at the output": (still, still, small[:, ::-1]),
        "the gradients are of one size and the loss hardly falls": (still, still, even),
    }


def slow_or_not(rng):
    """Runs about the third rule."""
    even = spread(rng, 1, 1, 1, 1)
    slow, fast, far = curve(rng, *SLOW), curve(rng, 1, 0.8, 0.7, 0.6, 0.52, 0.47), curve(rng, *FAST)
    half, shallow = (
        curve(rng, 1, 0.9, 0.8, 0.7, 0.6, 0.5),
        curve(rng, 1, 0.99, 0.98, 0.97, 0.96, 0.9),
    )
    jumping = curve(rng, 1, 0.9, 0.8, 0.85, 0.7, 0.6)
    rising = curve(rng, 1, 0.9, 0.8, 0.7, 0.6, 0.65)
    resting = curve(rng, 1, 0.9, 0.8, 0.8, 0.7, 0.6)
    return {
        "the loss creeps down to 55 %": (slow, slow + 0.05, even),
        "the loss creeps down to 90 %": (shallow, shallow + 0.05, even),
        "the loss creeps and the validation loss turns up": (slow, curve(rng, *TURNING), even),
        "the loss creeps down to 47 %": (fast, fast + 0.05, even),
        "the loss falls to exactly a half": (half, half + 0.05, even),
        "the loss falls far": (far, far + 0.1, even),
        "the loss falls a little, with a jump between": (jumping, jumping, even),
        "the loss falls a little, and rises in the last epoch": (rising, rising, even),
        "the loss falls a little, with a rest between": (resting, resting, even),
        "the loss creeps, in other numbers": (curve(rng, *SLOW), slow, even),
        "the loss creeps, in other numbers again": (curve(rng, *SLOW), slow, even),
    }


def overfitting_or_not(rng):
    """Runs about the fourth rule."""
    even = spread(rng, 1, 1, 1, 1)
    loss = curve(rng, *FAST)
    turning = curve(rng, *TURNING)
    end = curve(rng, 2, 0.6, 0.5, 0.5, 0.55, 0.65)
    wobbling = curve(rng, 2, 0.6, 0.5, 0.55, 0.7, 0.57)
    both = loss.copy()
    both[-1] = 1.5 * loss[2]
    equal = curve(rng, 1, 0.5, 0.3, 0.2, 0.1, 0.3)
    return {
        "the validation loss turns up": (loss, turning, even),
        "the validation loss turns up, in small numbers": (loss, 0.2 * turning, even),
        "the validation loss ends 30 % above its lowest": (loss, end, even),
        "the validation loss ends exactly 20 % above its lowest": (
            loss,
            exact_curve(rng, *AT_TWENTY),
            even,
        ),
        "the validation loss ends higher than it began": (
            loss,
            curve(rng, 0.6, 0.55, 0.5, 0.6, 0.7, 0.9),
            even,
        ),
        "the validation loss turns up and the training loss rises at the very end": (
            curve(rng, 1, 0.5, 0.3, 0.2, 0.05, 0.1),
            turning,
            even,
        ),
        "the validation loss stays above the training loss": (loss, loss + 1.5, even),
        "the validation loss ends 10 % above its lowest and was never far from it": (
            loss,
            curve(rng, 0.52, 0.5, 0.51, 0.52, 0.54, 0.55),
            even,
        ),
        "the validation loss ends 14 % above its lowest": (loss, wobbling, even),
        "the validation loss ends 14 % above its lowest, in large numbers": (
            loss,
            5 * wobbling,
            even,
        ),
        "both losses turn up": (both, turning, even),
        "both losses turn up, and the training loss ends where it began": (
            curve(rng, 1, 0.5, 0.3, 0.5, 0.8, 1),
            turning,
            even,
        ),
        "both losses turn up, and the training loss falls again a little": (
            curve(rng, 1, 0.5, 0.1, 0.3, 0.2, 0.15),
            turning,
            even,
        ),
        "the training loss ends as high as where the validation loss was lowest": (
            equal,
            turning,
            even,
        ),
    }


@task("11.2", points=1)
def test_diverging(case, rng):
    """Runs that become NaN or infinite, that end higher than they began, or only jump."""
    diagnose_all(case, rng, diverging)


@task("11.2", points=1)
def test_vanishing(case, rng):
    """Runs with small gradients at one end: some that stand still, and some that learn."""
    diagnose_all(case, rng, vanishing)


@task("11.2", points=1)
def test_slow_or_not(case, rng):
    """Runs that creep, that have fallen by more than half, that rest, and that jump."""
    diagnose_all(case, rng, slow_or_not)


@task("11.2", points=1)
def test_overfitting_or_not(case, rng):
    """Runs whose validation loss turns up, stays above the training loss, or wobbles."""
    diagnose_all(case, rng, overfitting_or_not)


# 11.3 Read an ablation


def pairs_of(rng, n, mean, errors):
    """Draw accuracies of n seeds that share most of their luck; the mean gain is given."""
    shared = rng.normal(0.9, 0.03, size=n)
    own = rng.normal(size=n)
    own = (own - own.mean()) / own.std(ddof=1)
    full = shared + mean * (1 + own * np.sqrt(n) / errors)
    return {"full": full.round(6), "without": shared.round(6)}


@task("11.3", points=1, rtol=FLOAT32)
def test_clear_cases(case, rng):
    """Ingredients that help or hurt by two or three per cent."""
    for n in (3, 6, 5):
        for mean in (0.02, -0.03):
            runs = pairs_of(rng, n, mean, float(np.sign(mean) * rng.uniform(5, 7)))
            case("read_ablation", "mean, error, verdict", **runs)


@task("11.3", points=2, rtol=FLOAT32)
def test_within_chance(case, rng):
    """Differences far below, just below and just above two standard errors, and none at all."""
    for n, errors in [(6, 0.5), (5, 1.3), (8, 1.98), (8, 2.02), (6, 2.5)]:
        for sign in (1, -1):
            runs = pairs_of(rng, n, sign * 0.004, sign * errors)
            case("read_ablation", "mean, error, verdict", **runs)
    same = rng.normal(0.9, 0.03, size=4).round(3)
    case("read_ablation", "mean, error, verdict", full=same, without=same.copy())


@task("11.3", points=1, rtol=FLOAT32)
def test_interaction(case, rng):
    """Two ingredients that can replace each other, and two that need each other."""
    for low, alone, high in [(0.2, 0.85, 0.95), (0.4, 0.45, 0.9)]:
        for n in (3, 7):
            means = {"plain": low, "a": alone, "b": alone - 0.1, "both": high}
            runs = {name: rng.normal(m, 0.02, size=n).round(3) for name, m in means.items()}
            case("interaction", "the interaction", **runs)


# 11.4 Choose, then report

# Each wrong way to choose takes another recipe. In this order: the best on average, the luckiest
# run, the best median, the most even, the best in both data together, on the test data, the worst,
# the best lowest run.
VALIDATION = np.array(
    [
        [0.87, 0.90, 0.91, 0.92, 0.97, 0.98, 0.98],
        [0.90, 0.90, 0.90, 0.90, 0.90, 0.90, 0.995],
        [0.84, 0.86, 0.88, 0.94, 0.94, 0.94, 0.95],
        [0.915, 0.915, 0.915, 0.915, 0.915, 0.915, 0.915],
        [0.90, 0.90, 0.90, 0.91, 0.91, 0.91, 0.91],
        [0.87, 0.87, 0.87, 0.88, 0.88, 0.88, 0.88],
        [0.84, 0.84, 0.85, 0.85, 0.85, 0.85, 0.86],
        [0.919, 0.919, 0.919, 0.919, 0.919, 0.919, 0.96],
    ]
)
TEST = np.array([0.92, 0.91, 0.90, 0.91, 0.98, 0.99, 0.89, 0.90])


def contest(rng, tie, better=0.0):
    """Draw recipes in any order; in a tie the best is there twice."""
    validation = VALIDATION + rng.uniform(0, 0.003, size=VALIDATION.shape)
    test = TEST[:, None] + rng.uniform(-0.005, 0.005, size=VALIDATION.shape)
    test[0] += better
    validation = rng.permuted(validation, axis=1)
    order = rng.permutation(len(TEST) + tie)
    validation, test = np.vstack([validation, validation[:1]]), np.vstack([test, test[:1] - 0.005])
    return {"validation": validation[order].round(4), "test": test[order].round(4)}


def choice(answer, validation, test):
    """Take the choice from what is returned."""
    result = answer.choose_and_report(validation, test)
    chosen, _, _ = parts(result, chosen=(), mean=(), optimism=())
    yield "the chosen recipe", chosen


@task("11.4", points=1)
def test_choice(case, rng):
    """Eight recipes and seven seeds, several times: which one is chosen."""
    for _ in range(6):
        case(choice, **contest(rng, tie=False))


@task("11.4", points=2, rtol=FLOAT32, atol=1e-7)
def test_report(case, rng):
    """The numbers of the report, also where two recipes are equal on validation data."""
    for tie, better in [(False, 0.0), (True, 0.0), (False, 0.02), (True, 0.0), (True, 0.02)]:
        case("choose_and_report", "chosen, mean, optimism", **contest(rng, tie, better))
