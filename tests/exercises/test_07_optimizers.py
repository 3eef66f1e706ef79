"""Tests of exercise 07.

The tolerance is that of single precision, far below any of the differences that the known mistakes
make. Steps are tested from states in the middle of a run, with memories that are neither zero nor
alike, and with an epsilon that is large enough to show where it stands. No rate is equal to an
epsilon, or to what a memory lacks to 1, so that one can't stand for the other.
"""

import math

import numpy as np

from coursekit.grading import Function, WrongAnswer, parametrize, task
from coursekit.grading.judge.answer_proxy import Handle
from coursekit.grading.judge.comparison import as_numbers
from coursekit.grading.judge.values import describe

FLOAT32 = 1e-5  # what a dozen operations in single precision are good to
SINGLE = {"rtol": FLOAT32, "atol": FLOAT32}


def signed(rng, shape, low=0.5, high=2.0):
    """Draw numbers of both signs, none near 0."""
    return rng.uniform(low, high, size=shape).round(2) * rng.choice([-1, 1], size=shape)


def positive(rng, shape, low, high):
    """Draw numbers that are short to write."""
    return rng.uniform(low, high, size=shape).round(2)


def number(rng, low, high, digits=2):
    """Draw a number that is short to write."""
    return round(float(rng.uniform(low, high)), digits)


# The numbers of each method: a range for each. (1 - beta1)² is less than 1 - beta2, so that no
# forgotten correction is made good by another.
RATE = (0.13, 0.19)
NUMBERS = {
    "momentum": {"lr": RATE, "rho": (0.6, 0.9)},
    "nesterov": {"lr": RATE, "rho": (0.6, 0.9)},
    "adagrad": {"lr": RATE, "eps": (0.2, 0.45)},
    "rmsprop": {"lr": RATE, "beta": (0.6, 0.78), "eps": (0.25, 0.45)},
    "adam": {"lr": RATE, "beta1": (0.81, 0.86), "beta2": (0.9, 0.95), "eps": (0.25, 0.45)},
}
SHAPES = [(1,), (4,), (2, 3)]


def numbers_of(rng, name):
    """Draw the rate and the other numbers of a method."""
    return {key: number(rng, *between) for key, between in NUMBERS[name].items()}


def one_changed(rng, name, drawn):
    """Yield the numbers of a method, and for each of them others that differ in it alone."""
    yield drawn
    for key, value in drawn.items():
        yield drawn | {key: round(value - 0.1, 2)}


# 07.1 Momentum and Nesterov, one step


@task("07.1", points=1, **SINGLE)
@parametrize("name", ["momentum", "nesterov"])
def test_velocity(name, case, rng):
    """Steps of {name} from the middle of a run."""
    for shape in SHAPES:
        theta, v, grad = signed(rng, shape), signed(rng, shape, 1.0, 4.0), signed(rng, shape)
        for drawn in one_changed(rng, name, numbers_of(rng, name)):
            case(name, "theta, v", theta=theta, v=v, grad=grad, **drawn)


# 07.2 AdaGrad and RMSProp, one step


@task("07.2", points=1, **SINGLE)
@parametrize("name", ["adagrad", "rmsprop"])
def test_cache(name, case, rng):
    """Steps of {name} from the middle of a run, with a large ε."""
    for shape in SHAPES:
        theta, grad = signed(rng, shape), signed(rng, shape)
        cache = positive(rng, shape, 2.0, 5.0)
        for drawn in one_changed(rng, name, numbers_of(rng, name)):
            case(name, "theta, cache", theta=theta, cache=cache, grad=grad, **drawn)


# 07.3 Adam, one step


def adam_steps(case, rng, steps):
    """Make steps of Adam from corrected averages; before the first they may be any numbers."""
    for shape in SHAPES:
        theta, v_hat, grad = signed(rng, shape), signed(rng, shape, 0.5, 3.0), signed(rng, shape)
        cache_hat = positive(rng, shape, 1.0, 4.0)
        drawn = numbers_of(rng, "adam")
        for t in steps:
            state = {"theta": theta, "v_hat": v_hat, "cache_hat": cache_hat, "t": t, "grad": grad}
            for other in one_changed(rng, "adam", drawn):
                case("adam", "theta, v_hat, cache_hat", **state, **other)


@task("07.3", points=1, **SINGLE)
def test_adam_from_the_middle(case, rng):
    """Steps number 2 to 9 of Adam, one of them with averages that are still 0."""
    adam_steps(case, rng, [2, int(rng.integers(4, 10))])
    zero = np.zeros(2)  # all gradients were 0 until now
    state = {"theta": np.ones(2), "v_hat": zero, "cache_hat": zero, "t": int(rng.integers(3, 6))}
    drawn = numbers_of(rng, "adam")
    case("adam", "theta, v_hat, cache_hat", **state, grad=signed(rng, 2), **drawn)


@task("07.3", points=1, **SINGLE)
def test_adam_later(case, rng):
    """Steps near number 40 of Adam, where the correction is nearly over."""
    adam_steps(case, rng, [int(rng.integers(20, 25)), int(rng.integers(35, 45))])


@task("07.3", points=1, **SINGLE)
def test_adam_first_step(case, rng):
    """Step number 1 of Adam, where the averages before it have no influence."""
    adam_steps(case, rng, [1])
    one = {"t": 1, "grad": signed(rng, 2), **numbers_of(rng, "adam")}
    for before in (np.zeros(2), signed(rng, 2), 1e6 * signed(rng, 2)):
        state = {"theta": np.ones(2), "v_hat": before, "cache_hat": np.abs(before)}
        case("adam", "theta, v_hat, cache_hat", **state, **one)


# 07.4 Objects with a memory

KINDS = ["Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam"]


def run(answer, name, theta, grads, **numbers):
    """Make a step for each gradient, and then the first one again with a new object."""
    start, optimizer, first = theta, getattr(answer, name)(*numbers.values()), None
    for step, grad in enumerate(grads, 1):
        theta = optimizer.step(theta, grad)
        yield f"`theta` after step {step}", theta
        first = theta if first is None else first
    again = getattr(answer, name)(*numbers.values()).step(start, grads[0])
    yield "`theta` after the first step of a new object", again
    demand_same(name, first, again)


def demand_same(name, one, other):
    """Demand that objects of a class have nothing to do with each other."""
    if not np.allclose(as_numbers(one), as_numbers(other), equal_nan=True):
        raise WrongAnswer(
            f"Objects of {name} are not independent.",
            "The same steps lead elsewhere after another object has made steps.",
        )


@task("07.4", points=0.5, changes=True, **SINGLE)
@parametrize("name", KINDS)
def test_run(name, case, rng):
    """Runs of {name}, with another gradient at each step."""
    for shape, steps in [((1,), 2), ((4,), 6)]:
        theta, drawn = signed(rng, shape), numbers_of(rng, name.lower())
        grads = [signed(rng, shape) * (3.0 if step == 1 else 1.0) for step in range(steps)]
        for other in one_changed(rng, name.lower(), drawn):
            case(run, name=name, theta=theta, grads=grads, **other)


SET_RATE = Function("lambda optimizer, lr: setattr(optimizer, 'lr', lr)")


def turns(answer, name, first, second, thetas, grads, rate):
    """Let two optimizers take turns; one gets another rate before its fourth step."""
    alone, *optimizers = [getattr(answer, name)(*numbers) for numbers in (first, first, second)]
    thetas, theta = list(thetas), thetas[0]
    for step, (grad, _) in enumerate(grads[:2], 1):
        theta = alone.step(theta, grad)
        yield f"`theta` after step {step}", theta
    for step, pair in enumerate(grads, 1):
        if step == 4:
            answer.run(SET_RATE, optimizers[0], rate)
        for i, optimizer in enumerate(optimizers):
            thetas[i] = optimizer.step(thetas[i], pair[i])
            what = f"`theta` of optimizer {i + 1} of two after step {step}"
            if step > 3 and i == 0:
                what += " at its new rate"
            yield what, thetas[i]
        if step == 2:
            demand_same(name, theta, thetas[0])


@task("07.4", points=0.5, changes=True, **SINGLE)
@parametrize("name", KINDS)
def test_two_at_once(name, case, rng):
    """Two of {name} that take turns, for arrays of two shapes; then one gets another rate."""
    for shapes in (SHAPES[1:], [(3,), (3,)]):
        first, second = (tuple(numbers_of(rng, name.lower()).values()) for _ in range(2))
        grads = [[signed(rng, shape) for shape in shapes] for _ in range(5)]
        thetas = [signed(rng, shape) for shape in shapes]
        rate = number(rng, 0.01, 0.04)
        numbers = {"first": first, "second": second, "rate": rate}
        case(turns, name=name, thetas=thetas, grads=grads, **numbers)


# 07.5 From one convention to the other


@task("07.5", points=0.5, rtol=FLOAT32)
def test_to_inside(case, rng):
    """Velocities translated to the convention inside."""
    for shape in SHAPES:
        v = signed(rng, shape, 1.0, 5.0)
        for lr in (number(rng, 0.11, 0.3), number(rng, 0.02, 0.09)):
            case("to_inside", "the velocity", v=v, lr=lr)


@task("07.5", points=0.5, rtol=FLOAT32)
def test_to_outside(case, rng):
    """Velocities translated to the convention outside."""
    for shape in SHAPES:
        u = signed(rng, shape, 0.1, 0.5)
        for lr in (number(rng, 0.11, 0.3), number(rng, 0.02, 0.09)):
            case("to_outside", "the velocity", u=u, lr=lr)


@task("07.5", points=1, rtol=FLOAT32)
def test_change_rate(case, rng):
    """Rates that fall and rates that rise."""
    for shape in SHAPES:
        u = signed(rng, shape, 0.1, 0.5)
        middle = number(rng, 0.1, 0.2)
        low, high = number(rng, 0.02, 0.08), number(rng, 0.3, 0.5)
        for old, new in [(middle, low), (middle, high), (low, middle), (high, middle)]:
            case("change_rate", "the velocity", u=u, old=old, new=new)


@task("07.5", points=1, rtol=FLOAT32)
def test_to_slide(case, rng):
    """The library's state of Nesterov's method translated to the slide's."""
    for shape in SHAPES:
        theta, v = signed(rng, shape), signed(rng, shape, 1.0, 5.0)
        for drawn in one_changed(rng, "nesterov", numbers_of(rng, "nesterov")):
            case("to_slide", "x, u", theta=theta, v=v, **drawn)


# 07.6 Schedules. There is no absolute tolerance: a rate of 1e-6 is not 0.


@task("07.6", points=1, rtol=FLOAT32, atol=0)
def test_steps(case, rng):
    """Schedules in steps, before, at and after changes of the rate."""
    for every in (int(rng.integers(4, 9)), 1):
        drawn = {"lr": number(rng, 0.02, 0.4), "factor": number(rng, 0.3, 0.8), "every": every}
        for update in sorted({0, 1, every - 1, every, every + 1, 2 * every - 1, 2 * every}):
            case("steps", "the rate", update=update, **drawn)
        case("steps", "the rate", update=4 * every + every // 2, **drawn)


@task("07.6", points=1, rtol=FLOAT32, atol=0)
def test_cosine(case, rng):
    """Half a cosine, on the way, at its end and long after."""
    for updates in (int(rng.integers(30, 45)), int(rng.integers(7, 12))):
        lr, lr_min = number(rng, 0.1, 0.4), number(rng, 0.01, 0.04, 3)
        part = int(rng.integers(2, updates // 2))
        last = updates + int(rng.integers(2, updates))
        for update in (0, 1, part, updates - part, updates - 1, updates, updates + 1, last):
            case("cosine", "the rate", update=update, lr=lr, updates=updates, lr_min=lr_min)


@task("07.6", points=1, rtol=FLOAT32, atol=0)
def test_warm_up(case, rng):
    """Warm-ups and what follows, one of them of a single update."""
    for warm in (int(rng.integers(4, 9)), 1):
        drawn = {"lr": number(rng, 0.05, 0.4), "warm": warm, "rate": number(rng, 0.2, 1.5)}
        for update in sorted({0, 1, warm - 2, warm - 1, warm, warm + 1, 2 * warm + 3} - {-1}):
            case("warm_up", "the rate", update=update, **drawn)
        case("warm_up", "the rate", update=int(rng.integers(40, 70)), **drawn)


# 07.7 A range test


def valley(rng):
    """Draw a valley like that of the setup, and its gradient."""
    a, b = number(rng, 0.4, 0.7), number(rng, 9.0, 13.0)
    p, q = number(rng, 0.5, 1.5), number(rng, 1.5, 2.5)
    return {
        "loss": Function(f"lambda t: {a} * (t[0] - {p}) ** 2 + {b} * (t[1] + {q}) ** 2"),
        "gradient": Function(
            f"lambda t: np.array([2 * {a} * (t[0] - {p}), 2 * {b} * (t[1] + {q})])"
        ),
        "theta": np.array([p, -q]) + signed(rng, 2),
    }


def barrier(rng, shape):
    """Draw a loss that is no number on one side of a wall, and its gradient."""
    wall = number(rng, 1.0, 3.0)
    return {
        "loss": Function(f"lambda t: np.sum(t - np.log(t - {wall}))"),
        "gradient": Function(f"lambda t: 1 - 1 / (t - {wall})"),
        "theta": np.array([wall + 2.5, wall + 3.5]).reshape(shape),
    }


# Losses of a run in single precision: each step adds its rounding, stretched by up to 26 lr.
@task("07.7", points=1.5, rtol=1e-4)
def test_range(case, rng):
    """Rising rates in a valley, and rates in another order."""
    case("range_test", "the losses", **valley(rng), lrs=np.array([0.02, 0.01, 0.03]))
    highest = number(rng, 0.5, 0.7)
    case("range_test", "the losses", **valley(rng), lrs=np.geomspace(0.004, highest, 14))
    mixed = rng.permutation([0.03, 0.01, 0.05, 0.09, 0.02])
    case("range_test", "the losses", **valley(rng), lrs=mixed)
    case(
        "range_test",
        "the losses",
        **barrier(rng, (1, 2)),
        lrs=rng.permutation([0.1, 0.2, 0.3, 0.4]),
    )


@task("07.7", points=1, rtol=1e-4)
def test_range_that_diverges(case, rng):
    """Rates that end so high that the run diverges, or that a loss is NaN."""
    # The loss overflows in the middle, far from where one more digit would decide.
    lrs = [0.01, 0.05, 1e50, 1e70, 1e90, 1e110, 0.01, 0.001]
    for first in (0, int(rng.integers(1, 3))):
        case("range_test", "the losses", **valley(rng), lrs=np.array(lrs[first:]))
    for step, shape in ((1, (2, 1)), (int(rng.integers(2, 5)), (1, 2))):
        rates = rng.permutation(np.linspace(0.07, 0.13, 7).round(2))
        rates[step] = 20.0  # over the wall, from where small steps don't lead back
        case("range_test", "the losses", **barrier(rng, shape), lrs=rates)


def readings(rng, kinds):
    """Draw the rates and the losses of range tests with entries that are no numbers."""
    for place, kind in enumerate(kinds):
        n = int(rng.integers(6, 9))
        lrs = np.cumsum(rng.uniform(0.01, 0.4, size=n)).round(3)
        lowest = [int(rng.integers(3, n - 1)), 3, 0, n - 1][place % 4]
        losses = rng.uniform(1.5, 6.0, size=n).round(2)
        losses[lowest] = number(rng, 0.2, 0.9)
        losses *= 10.0 ** (place % 2)  # so that no number of the answer's is lower in all of them
        free = [i for i in range(n) if i != lowest]
        bad = {
            "end": [n - 2, n - 1],
            "start": [0],
            "middle": [1, 2],
            "mixed": rng.permutation(free)[:3],
        }.get(kind, [])
        for i in bad:
            if i != lowest:
                losses[i] = np.nan if i != n - 2 else np.inf
        yield lrs, losses


@task("07.7", points=0.5, **SINGLE)
def test_suggest(case, rng):
    """The reading of range tests that have come to their end."""
    for lrs, losses in readings(rng, [""] * 5):
        case("suggest", "low, high", lrs=lrs, losses=losses)


@task("07.7", points=1, **SINGLE)
def test_suggest_after_divergence(case, rng):
    """The reading of range tests with infinities and NaNs, in any place."""
    for lrs, losses in readings(rng, ["start", "middle", "end", "mixed", "middle", "mixed"]):
        case("suggest", "low, high", lrs=lrs, losses=losses)


# 07.8 In time

STARTS = [(-8.0, 3.0), (5.0, 6.0), (-4.0, -7.0)]
NEAR, FAR, STEPS = 0.1, 1e6, 60
AFTER = 5  # so long a walk is watched when time is up: does it stay? Each step is a call, so few
SAME = Function("lambda one, other: one is other")


def walk(answer, name, curvature, degrees, start, minimum):
    """Walk in a valley, and demand that it arrives in time.

    The valley is here and not with the answer, so a walk is a walk: the answer is told the
    gradients, and neither the surface nor where its minimum is.
    """
    make = getattr(answer, name)
    optimizer = make()
    if optimizer is None:
        raise WrongAnswer(f"`{name}()` is None.", "Is a `return` missing?")
    if isinstance(optimizer, Handle) and optimizer.kind in ("type", "function", "method"):
        raise WrongAnswer(
            f"`{name}()` is a `{optimizer.kind}`.",
            "Return an object of a class: call the class with its settings.",
        )
    angle = math.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    places = [turn @ np.array(start)]
    for _ in range(STEPS + AFTER):
        grad = turn @ (np.array([1.0, curvature]) * (turn.T @ places[-1]))
        found = optimizer.step(minimum + places[-1], grad)
        theta = as_numbers(found)
        if theta is None or theta.shape != (2,):
            raise WrongAnswer(
                "`step` should return the new parameters, an array of shape (2,).",
                f"It returned {describe(found)}.",
            )
        places.append(theta - minimum)
        if not np.abs(places[-1]).max() < FAR:
            break
    away = np.linalg.norm(places, axis=1)
    yield None, [len(places), *places[-1].tolist()]
    if not (away[STEPS:-1] <= NEAR).all() or len(places) <= STEPS + AFTER:
        turned = f", turned by {degrees}°" if degrees else ""
        raise WrongAnswer(
            f"The walk from ({start[0]:g}, {start[1]:g}){turned} has not arrived to stay after "
            f"{STEPS} steps.",
            how_it_went(np.array(places) @ turn, away),
        )
    same = answer.run(SAME, optimizer, make())
    yield None, same
    if same:
        raise WrongAnswer(
            "A new optimizer is asked for at each call.",
            f"`{name}` returns the same one each time, with the memory of earlier walks.",
        )


def how_it_went(places, away):
    """State in words how a walk failed; the first axis goes along the valley."""
    if len(places) <= STEPS + AFTER:
        return f"It diverges: it is more than a million away after {len(places) - 1} steps."
    if np.allclose(places, places[0]):
        return "It never leaves its start."
    if np.allclose(places[1:], places[1]):
        return "After the first step it never moves again."
    # The steps after the 60th don't count: a walk that arrives in them is late and has not left.
    if (in_time := away[: STEPS + 1]).min() <= NEAR:
        nearest = int(in_time.argmin())
        return f"It is within {NEAR} of the minimum after {nearest} steps, and leaves."
    along, across = np.abs(places[STEPS])
    swings = int((np.diff(np.sign(places[:STEPS])[:, int(across > along)]) != 0).sum())
    ends = f"It is still {along:.2g} away along the valley and {across:.2g} across"
    return f"{ends}, and has passed the minimum {swings} times." if swings else f"{ends}."


def walks(case, rng, name, curvature, angles):
    """Walk from all starts at all angles."""
    for degrees in angles:
        for start in STARTS:
            # Elsewhere than at (0, 0), at a place that is no round number.
            minimum = signed(rng, 2, 20.0, 30.0)
            case.alone(
                walk,
                name=name,
                curvature=curvature,
                degrees=degrees,
                start=start,
                minimum=minimum,
            )


@task("07.8", points=1.5, changes=True)
def test_turned_valley(case, rng):
    """Your optimizer in a valley that is 100 times as curved across, turned by two angles."""
    walks(case, rng, "for_turned_valley", 100, (30, -50))


@task("07.8", points=1.5, changes=True)
def test_straight_valley(case, rng):
    """Your optimizer in a valley that is 10,000 times as curved across and lies straight."""
    walks(case, rng, "for_straight_valley", 10_000, (0,))
