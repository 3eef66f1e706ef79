"""Tests of exercise 04.

The tolerance is that of single precision or a little wider, which is far below any of the
differences that the known mistakes make. Networks built by hand are judged by what they compute,
whatever their weights are. The functions to be approximated are like those of the setup, with
other numbers.
"""

import numpy as np

from coursekit.grading import Function, WrongAnswer, parametrize, parts, task

FLOAT32 = 1e-4  # relative; a power u**60 in single precision is good to 60 times 6e-8, and sums add
NEIGHBOURS = 1e-9  # rounding must not decide whether an error is below its limit


def drawn(rng, low, high, digits=2):
    """Draw a number that is short to write."""
    return round(float(rng.uniform(low, high)), digits)


def bent(rng):
    """Draw a slope with a kink, and tell the most that it changes per unit."""
    kink, up, down = drawn(rng, 0.2, 0.6), drawn(rng, 0.8, 1.2), drawn(rng, 0.3, 0.6)
    return Function(f"lambda x: {up} * np.abs(x - {kink}) - {down} * x"), float(up + down)


def wave(rng):
    """Draw a sum of two waves, and tell the most that it changes per unit."""
    p, q, r = drawn(rng, 4, 6, 1), drawn(rng, 0.2, 0.4), drawn(rng, 9, 12, 1)
    return Function(f"lambda x: np.sin({p} * x) + {q} * np.cos({r} * x)"), float(p + q * r)


def hill(rng):
    """Draw a hill near 1, and tell the most that it changes per unit."""
    top, c, place = drawn(rng, 1.5, 2.5), drawn(rng, 3, 5), drawn(rng, 0.8, 1.2)
    steepest = top * np.sqrt(c) * 3 * np.sqrt(3) / 8
    return Function(f"lambda x: {top} / (1 + {c} * (x - {place}) ** 2)"), float(steepest)


def zigzag(rng):
    """Draw a line that goes up and down, as steep everywhere as it may be."""
    width, height = drawn(rng, 0.6, 0.9), drawn(rng, 0.8, 1.5)
    f = f"lambda x: {height} * np.abs((np.asarray(x) / {width} + 100) % 2 - 1)"
    return Function(f), float(height / width)


def outputs(weights, x):
    """Compute what a network of one hidden layer of sigmoids gives at the points x."""
    w1, b1, w2, b2 = weights
    return (1 + np.tanh((np.outer(x, w1) + b1) / 2)) / 2 @ w2 + b2


def network_of(weights):
    """Take a network's arrays apart; it may have any width."""
    return parts(weights, w1=("H",), b1=("H",), w2=("H",), b2=())


# 04.1 Bernstein in the thousands


@task("04.1", points=0.5, rtol=FLOAT32, atol=FLOAT32)
def test_bernstein_unit_interval(case, rng):
    """Polynomials of several degrees on [0, 1]."""
    x = np.array([0.0, *np.sort(rng.uniform(0.05, 0.95, size=3)).round(2), 1.0])
    for n in (1, 2, 4, int(rng.integers(5, 9))):
        case("bernstein", "the polynomial", f=bent(rng)[0], n=n, a=0.0, b=1.0, x=x)


@task("04.1", points=0.5, rtol=FLOAT32, atol=FLOAT32)
def test_bernstein_other_intervals(case, rng):
    """Polynomials on intervals that begin elsewhere, or have another length."""
    for a, b in [(-1.0, 3.0), (2.0, 2.5), (0.0, 2.0), (0.5, 1.5)]:
        x = (a + (b - a) * np.array([0.0, *np.sort(rng.uniform(size=3)), 0.95])).round(3)
        case(
            "bernstein", "the polynomial", f=wave(rng)[0], n=int(rng.integers(3, 7)), a=a, b=b, x=x
        )


# Degrees above 1029, from where on the largest binomial is too large for a float. The intervals lie
# within [0, 1]: an answer that forgets a and b would sum huge terms, which cancel differently on
# each processor. Sums of a thousand terms in logarithms are good to a few digits less.
HIGH = {"rtol": FLOAT32, "atol": FLOAT32}


def high_degrees(case, rng, places):
    """Draw polynomials of high degree."""
    for n in (int(rng.integers(1050, 1299)), 1300):
        a, b = drawn(rng, 0.02, 0.15), drawn(rng, 0.85, 0.98)
        x = (a + (b - a) * np.array(places)).round(4)
        f = wave(rng)[0]
        while bend(f, x[(x > a) & (x < b)]).max() < 15:  # else the polynomial is as good as f
            f = wave(rng)[0]
        case("bernstein", "the polynomial", f=f, n=n, a=a, b=b, x=x)


def bend(f, x):
    """Return how much the slope of f changes per unit, at the points x."""
    return np.abs(f(x + 0.01) - 2 * f(x) + f(x - 0.01)) / 0.01**2


@task("04.1", points=1, **HIGH)
def test_bernstein_high_degree(case, rng):
    """Polynomials of degrees between 1050 and 1300, inside of the interval."""
    high_degrees(case, rng, np.sort(rng.uniform([0.05, 0.3, 0.55, 0.8], [0.2, 0.45, 0.7, 0.95])))


@task("04.1", points=1, **HIGH)
def test_bernstein_at_the_ends(case, rng):
    """Such polynomials at the ends of the interval, and at a point between them."""
    high_degrees(case, rng, rng.permutation([0.0, 1.0, rng.uniform(0.2, 0.8)]))


# 04.2 A bump from two sigmoids


def bumps(rng):
    """Draw bumps and dents, with soft edges that reach over the whole bump and with steep ones."""
    for h, k in [(2.5, 1.5), (-0.75, 30.0), (-1.5, 2.0), (1.25, 12.0)]:
        a = drawn(rng, -1.5, 1.0)
        b = round(a + drawn(rng, 0.8, 1.6), 2)
        yield {"a": a, "b": b, "h": h, "k": k}


def around(a, b):
    """Points on either side of both edges, near them and far."""
    return np.array([a - 2, a - 0.1, a + 0.05, (a + b) / 2, b - 0.1, b + 0.02, b + 1.5]).round(3)


@task("04.2", points=1, rtol=FLOAT32, atol=FLOAT32)
def test_bump(case, rng):
    """Bumps and dents, with soft edges and with steep ones."""
    for bump in bumps(rng):
        case("bump", "the bump", x=around(bump["a"], bump["b"]), **bump)


def bump_network(answer, x, a, b, h, k):
    """Compute the outputs of the network, which must have two hidden neurons."""
    weights = network_of(answer.bump_network(a, b, h, k))
    width = len(weights[0])
    yield None, width
    assert width == 2, f"Your network has {width} hidden neurons; use two."
    yield "the output of your network", outputs(weights, x)


@task("04.2", points=2, rtol=FLOAT32, atol=FLOAT32)
def test_bump_network(case, rng):
    """Your network for bumps and dents, with soft edges and with steep ones."""
    for bump in bumps(rng):
        case(bump_network, x=around(bump["a"], bump["b"]), **bump)


# 04.3 As near as you are asked to be


# The limits are those that the task's text says. A staircase needs about 1 / 1.5 of the limit for
# the number of neurons, and two neurons for each step are 1 / 0.75 of it. A zigzag is as steep as
# it may be everywhere, so that one step too few shows.
KINDS = {"waves": wave, "a kink": bent, "a hill": hill, "zigzags": zigzag}


def orders(rng, kind):
    """Draw what is ordered: functions of one kind, intervals, and how near they must be.

    One interval is short and far from 0, so that its length, and not its end, must set the
    steepness. One limit asks for many steps and one for few.
    """
    limits = rng.permutation([drawn(rng, 25, 35), drawn(rng, 35, 62), drawn(rng, 64, 70)])
    for (a, length), limit in zip([(0.0, 1.0), (-1.25, 3.0), (2.0, 0.05)], limits, strict=True):
        f, slope = KINDS[kind](rng)
        error = float(slope * length / limit)
        yield {"f": f, "a": a, "b": a + length, "slope": slope, "error": round(error, 6)}


def coarse(rng):
    """Draw an order that few steps fulfil, so that one step too few shows."""
    f, slope = zigzag(rng)
    error = round(slope / drawn(rng, 4.2, 4.8), 4)
    return {"f": f, "a": 0.0, "b": 1.0, "slope": slope, "error": error}


def build(answer, f, a, b, slope, error):
    """Demand that the network is near enough everywhere; return its width."""
    weights = network_of(answer.build(f, a, b, slope, error))
    width = len(weights[0])
    x = np.linspace(a, b, 487)  # no multiple of any number of steps
    y = outputs(weights, x)
    yield None, width
    yield None, y[::18]
    off = np.abs(y - f(x))
    place = int(off.argmax())
    if not off[place] < error + NEIGHBOURS:
        raise WrongAnswer(
            f"With {width} neurons your network for f on [{a:g}, {b:g}] is off by "
            f"{off[place]:.3g} at x = {x[place]:.3f}; the limit is {error:g}.",
            how_far(y, f, x, slope, error, weights[0]),
        )
    return width


def how_far(y, f, x, slope, error, w1):
    """State what the places where a network is off have in common."""
    difference = y - f(x)
    far = np.abs(difference) >= error
    n, half = len(x), (x[-1] - x[0]) / (len(w1) + 1) / 2
    if np.ptp(difference) < 3 * error and far.all():
        return "It is off by nearly the same number everywhere."
    inner = slice(n // 10, -n // 10)  # where a staircase that is moved has not come to its end
    for side, by in {"right": half, "left": -half}.items():
        moved = np.abs(y - f(x - by))[inner].max()
        if moved < min(1.1 * error, 0.75 * np.abs(difference[inner]).max()):
            return f"It is f, moved to the {side} by half a step."
    if slope * half >= error:
        return "With so few even steps, f can change by more than the limit within half a step."
    for words, inside in {
        "at the left end": slice(0, n // 10),
        "at the right end": slice(n - n // 10, n),
        "at the two ends": np.r_[0 : n // 10, n - n // 10 : n],
    }.items():
        if far[inside].sum() == far.sum():
            return f"It is near enough except {words}."
    if far.mean() < 0.2:
        return "It is near enough except in a few narrow places."
    if far.all():
        return "It is too far off everywhere."
    if np.abs(w1).max(initial=0.0) * half < 2:
        return "With so little steepness, an edge is wider than one of so many even steps."
    return ""


@task("04.3", points=1)
@parametrize("kind", ["waves", "a kink", "a hill"])
def test_network_within_error(kind, case, rng):
    """Networks for functions with {kind}, at 487 points of their intervals."""
    # Half of the orders are for zigzags, which are hard.
    for order in [*orders(rng, kind), *orders(rng, "zigzags"), coarse(rng)]:
        case.alone(build, **order)


def narrow(answer, f, a, b, slope, error):
    """Demand few neurons as well."""
    width = yield from build(answer, f, a, b, slope, error)
    limit = int(0.75 * slope * (b - a) / error)
    assert width <= limit, (
        f"Your network is near enough; it has {width} hidden neurons, and {limit} are enough."
    )


@task("04.3", points=2)
def test_network_with_few_neurons(case, rng):
    """The number of neurons of such networks."""
    for kind in KINDS:
        for order in orders(rng, kind):
            case(narrow, **order)


# 04.4 The error against the width

STEPS = Function("lambda f, n, x: f((np.minimum(np.floor(x * n), n - 1) + 0.5) / n)")
LINES = Function("lambda f, n, x: np.interp(x, np.arange(n + 1) / n, f(np.arange(n + 1) / n))")
# Worst at the right end of the interval, and at its left end.
RIGHT = Function("lambda f, n, x: f(x) + x**n / n")
LEFT = Function("lambda f, n, x: f(x) - (1 - x) ** n / n")


@task("04.4", points=1, rtol=FLOAT32, atol=1e-6)
def test_largest_errors(case, rng):
    """The errors of flat and of straight pieces, and of what is worst at one of the ends."""
    pieces = [(approximate, draw) for approximate in (STEPS, LINES) for draw in (wave, bent, hill)]
    for approximate, draw in [*pieces, (RIGHT, wave), (LEFT, wave)]:
        widths = [int(n) for n in rng.permutation([3, 7, 12, 31]) + rng.integers(2)]
        case("largest_errors", approximate=approximate, f=draw(rng)[0], widths=widths)


def measured(rng, p):
    """Draw a table of errors that scatter about a law with the rate p."""
    # Widths that are not evenly spaced, and errors off the law: so the fitted line, the line
    # through two of the points and the mean of the slopes between neighbours are all different.
    widths = [int(n) for n in np.cumsum(rng.integers([3, 1, 4, 20, 40], [7, 4, 9, 50, 90]))]
    scatter = rng.permutation([-0.3, -0.15, 0.0, 0.1, 0.35])
    errors = (2.0 / np.array(widths) ** p * np.exp(scatter)).round(5)
    return widths, errors.tolist()


@task("04.4", points=1.5, rtol=FLOAT32)
def test_rate(case, rng):
    """The rates of tables of measured errors."""
    for p in (1.0, 2.0, 0.5):
        for shorter in (2, 0):
            widths, errors = measured(rng, p)
            case("rate", widths=widths[shorter:], errors=errors[shorter:])


@task("04.4", points=1.5)
def test_width_for(case, rng):
    """The width for a goal, beyond what was measured, and within it."""
    for p in (1.0, 1.5, 0.5):
        for part in (0.25, 0.75):  # of a neuron more than a whole number: rounding goes both ways
            widths, errors = measured(rng, p)
            law = np.polynomial.Polynomial.fit(np.log(widths), np.log(errors), 1)
            n = int(rng.choice([widths[1] + 5, 2 * widths[-1]]))
            goal = float(np.exp(law(np.log(n + part))))
            case("width_for", widths=widths, errors=errors, goal=goal)


# 04.5 A network that multiplies


def bends(rng):
    """Draw an activation, and a place where it bends; ε is so large that the error shows."""
    for draw, c, eps in [(None, 1.0, 0.4), (wave, 0.7, 0.1), (hill, 1.3, 0.2)]:
        phi = Function("lambda s: 1 / (1 + np.exp(-s))") if draw is None else draw(rng)[0]
        yield {"phi": phi, "c": c, "eps": drawn(rng, 0.9 * eps, 1.1 * eps, 3)}


def few(width, limit):
    """Demand a small network."""
    assert width <= limit, f"Your network has {width} hidden neurons; {limit} are enough."


def squares(answer, phi, c, eps, u):
    """Compute the outputs of a network with one input."""
    w1, b1, w2, b2 = network_of(answer.square_network(phi, c, eps))
    y = phi(np.outer(u, w1) + b1) @ w2 + b2
    yield None, [len(b1), *y]
    few(len(b1), 2)
    yield "the output of your network", y


def products(answer, phi, c, eps, uv):
    """Compute the outputs of a network with two inputs."""
    weights = answer.product_network(phi, c, eps)
    W1, b1, w2, b2 = parts(weights, W1=(2, "H"), b1=("H",), w2=("H",), b2=())
    y = phi(uv @ W1 + b1) @ w2 + b2
    yield None, [len(b1), *y]
    few(len(b1), 4)
    yield "the output of your network", y


@task("04.5", points=1.5, rtol=FLOAT32, atol=FLOAT32)
def test_square(case, rng):
    """What your network of at most two neurons computes, with the sigmoid and with others."""
    for bend in bends(rng):
        case(squares, **bend, u=rng.uniform(-2, 2, size=5).round(2))


@task("04.5", points=1.5, rtol=FLOAT32, atol=FLOAT32)
def test_product(case, rng):
    """What your network of at most four neurons computes, with the sigmoid and with others."""
    for bend in bends(rng):
        uv = rng.uniform(0.3, 1.5, size=(5, 2)).round(2) * rng.choice([-1, 1], size=(5, 2))
        case(products, **bend, uv=uv)
