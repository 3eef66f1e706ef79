"""Tests of exercise 07.

The tolerance is that of single precision, far below any of the differences that the known mistakes
make. Steps are tested from states in the middle of a run, with memories that are neither zero nor
alike, and with an epsilon that is large enough to show where it stands. No rate is equal to an
epsilon, or to what a memory lacks to 1, so that one can't stand for the other.
"""

import math

import numpy as np

from coursekit.grading import close, parametrize, task
from coursekit.grading.judge.comparison import as_numbers

FLOAT32 = 1e-5  # what a dozen operations in single precision are good to


def values_of(answer, names):
    """Take the values that a function should return apart."""
    assert isinstance(answer, tuple | list) and len(answer) == len(names.split(", ")), (
        f"Return {len(names.split(', '))} values, `{names}`."
    )
    return answer


def compare(answer, want, names, case):
    """Compare each of several returned values under its own name."""
    for name, got, wanted in zip(names.split(", "), values_of(answer, names), want, strict=True):
        close(got, wanted, f"`{name}` {case}", rtol=FLOAT32, atol=FLOAT32)


def signed(rng, shape, low=0.5, high=2.0):
    """Draw numbers of both signs, none near 0."""
    return rng.uniform(low, high, size=shape) * rng.choice([-1, 1], size=shape)


SHAPES = [(5,), (2, 3)]


def compare_steps(student, reference, name, state, numbers, names):
    """Make one step with both, from this state."""
    got = getattr(student, name)(*state, *numbers)
    want = getattr(reference, name)(*state, *numbers)
    compare(got, want, names, f"after a step of {name} with an array of shape {state[0].shape}")


# 07.1 Momentum and Nesterov, one step


@task("07.1", points=1)
@parametrize("name", ["momentum", "nesterov"])
def test_velocity(student, reference, rng, name):
    """Steps of {name} from the middle of a run."""
    for shape, lr, rho in [(SHAPES[0], 0.15, 0.9), (SHAPES[1], 0.4, 0.7)]:
        state = (signed(rng, shape), signed(rng, shape, 1.0, 4.0), signed(rng, shape))
        compare_steps(student, reference, name, state, (lr, rho), "theta, v")


# 07.2 AdaGrad and RMSProp, one step


@task("07.2", points=1)
@parametrize("name", ["adagrad", "rmsprop"])
def test_cache(student, reference, rng, name):
    """Steps of {name} from the middle of a run, with a large ε."""
    for shape, lr, eps in [(SHAPES[0], 0.15, 0.25), (SHAPES[1], 0.4, 0.1)]:
        state = (signed(rng, shape), rng.uniform(2.0, 5.0, size=shape), signed(rng, shape))
        numbers = (lr, eps) if name == "adagrad" else (lr, 0.8, eps)
        compare_steps(student, reference, name, state, numbers, "theta, cache")


# 07.3 Adam, one step


def compare_adam(student, reference, rng, t, case):
    """Make a step of Adam with both; its memory is zero if it is the first."""
    for shape, beta1, beta2, eps in [(SHAPES[0], 0.9, 0.99, 0.2), (SHAPES[1], 0.7, 0.95, 0.15)]:
        theta, v = signed(rng, shape), signed(rng, shape, 0.5, 3.0)
        cache, grad = rng.uniform(1.0, 4.0, size=shape), signed(rng, shape)
        if t == 1:
            v, cache = np.zeros(shape), np.zeros(shape)
        arguments = (theta, v, cache, t, grad, 0.4, beta1, beta2, eps)
        got, want = student.adam(*arguments), reference.adam(*arguments)
        compare(got, want, "theta, v, cache", f"after {case}, shape {shape}")


@task("07.3", points=1)
def test_adam_from_the_middle(student, reference, rng):
    """Step number 6 of Adam, from averages that are not zero."""
    compare_adam(student, reference, rng, 6, "step 6 of Adam")


@task("07.3", points=1)
def test_adam_later(student, reference, rng):
    """Step number 40 of Adam, where the correction is nearly over."""
    compare_adam(student, reference, rng, 40, "step 40 of Adam")


@task("07.3", points=1)
def test_adam_first_step(student, reference, rng):
    """Step number 1 of Adam, from nothing."""
    compare_adam(student, reference, rng, 1, "the first step of Adam")


# 07.4 Objects with a memory

KINDS = {
    "Momentum": [(0.15, 0.9), (0.2, 0.7)],
    "Nesterov": [(0.15, 0.9), (0.2, 0.7)],
    "AdaGrad": [(0.2, 0.1), (0.15, 0.3)],
    "RMSProp": [(0.15, 0.9, 0.2), (0.05, 0.7, 0.4)],
    "Adam": [(0.15, 0.9, 0.99, 0.2), (0.3, 0.6, 0.9, 0.25)],
}


def same_step(one, thetas, grad, case):
    """Let both optimizers make a step from their own parameters; return where they are."""
    got, want = (side.step(theta, grad) for side, theta in zip(one, thetas, strict=True))
    close(got, want, f"`theta` {case}", rtol=FLOAT32, atol=FLOAT32)
    return got, want


@task("07.4", points=0.5)
@parametrize("name", list(KINDS))
def test_run(student, reference, rng, name):
    """Six steps of {name}, with another gradient at each."""
    pair = [getattr(side, name)(*KINDS[name][0]) for side in (student, reference)]
    thetas = (signed(rng, 4),) * 2
    for step in range(1, 7):
        grad = signed(rng, 4) * (3.0 if step == 2 else 1.0)
        thetas = same_step(pair, thetas, grad, f"after step {step} of {name}")


@task("07.4", points=0.5)
@parametrize("name", list(KINDS))
def test_two_at_once(student, reference, rng, name):
    """Two of {name} that take turns, for arrays of other shapes; then one gets another rate."""
    pairs, thetas = [], []
    for settings, shape in zip(KINDS[name], SHAPES, strict=True):
        pairs.append([getattr(side, name)(*settings) for side in (student, reference)])
        thetas.append((signed(rng, shape),) * 2)
    for step in range(1, 6):
        if step == 4:
            for side, optimizer in zip((student, reference), pairs[0], strict=True):
                side.set_rate(optimizer, 0.01)
        for i, pair in enumerate(pairs):
            case = f"after step {step} of optimizer {i + 1} of two"
            if step > 3 and i == 0:
                case = f"after step {step}, with another rate since step 4"
            thetas[i] = same_step(pair, thetas[i], signed(rng, SHAPES[i]), case)


# 07.5 From one convention to the other


@task("07.5", points=0.5)
def test_to_inside(student, reference, rng):
    """Two velocities translated to the convention inside."""
    for lr in (0.2, 0.03):
        v = signed(rng, 4, 1.0, 5.0)
        got, want = student.to_inside(v, lr), reference.to_inside(v, lr)
        close(got, want, f"the velocity for the rate {lr}", rtol=FLOAT32)


@task("07.5", points=0.5)
def test_to_outside(student, reference, rng):
    """Two velocities translated to the convention outside."""
    for lr in (0.2, 0.03):
        u = signed(rng, 4, 0.1, 0.5)
        got, want = student.to_outside(u, lr), reference.to_outside(u, lr)
        close(got, want, f"the velocity for the rate {lr}", rtol=FLOAT32)


@task("07.5", points=1)
def test_change_rate(student, reference, rng):
    """A rate that falls and one that rises."""
    for old, new in [(0.2, 0.05), (0.03, 0.12)]:
        u = signed(rng, (2, 2), 0.1, 0.5)
        got, want = student.change_rate(u, old, new), reference.change_rate(u, old, new)
        close(got, want, f"the velocity after a change from {old} to {new}", rtol=FLOAT32)


@task("07.5", points=1)
def test_to_slide(student, reference, rng):
    """The library's state of Nesterov's method translated to the slide's."""
    for lr, rho in [(0.2, 0.9), (0.05, 0.6)]:
        theta, v = signed(rng, 3), signed(rng, 3, 1.0, 5.0)
        got, want = student.to_slide(theta, v, lr, rho), reference.to_slide(theta, v, lr, rho)
        compare(got, want, "x, u", f"for α = {lr} and ρ = {rho}")


# 07.6 Schedules


def compare_schedule(student, reference, name, settings, updates):
    """Compare the rates of some updates."""
    for update in updates:
        arguments = (update, *settings)
        got, want = getattr(student, name)(*arguments), getattr(reference, name)(*arguments)
        # No absolute tolerance: a rate of 1e-6 is not 0.
        close(got, want, f"the rate of update {update}", rtol=FLOAT32, atol=0)


@task("07.6", points=1)
def test_steps(student, reference):
    """A schedule in steps of 7 updates, before, at and after a change of the rate."""
    compare_schedule(student, reference, "steps", (0.3, 0.4, 7), [0, 3, 6, 7, 13, 14, 30])
    compare_schedule(student, reference, "steps", (0.02, 0.9, 1), [0, 1, 5])


@task("07.6", points=1)
def test_cosine(student, reference):
    """Half a cosine over 40 updates, on the way, at its end and long after."""
    updates = [0, 1, 10, 27, 39, 40, 41, 75]
    compare_schedule(student, reference, "cosine", (0.3, 40, 0.02), updates)
    compare_schedule(student, reference, "cosine", (0.05, 9, 0.001), [0, 4, 9, 18])


@task("07.6", points=1)
def test_warm_up(student, reference):
    """A warm-up of 5 updates and what follows, then one of a single update."""
    updates = [0, 1, 3, 4, 5, 6, 11, 60]
    compare_schedule(student, reference, "warm_up", (0.3, 5, 0.25), updates)
    compare_schedule(student, reference, "warm_up", (0.08, 1, 1.5), [0, 1, 2, 9])


# 07.7 A range test


def compare_range(student, reference, theta, lrs, case):
    """Run the range test in the setup's valley with both."""
    got = student.range_test(student.valley_loss, student.valley_gradient, theta, lrs)
    want = reference.range_test(reference.valley_loss, reference.valley_gradient, theta, lrs)
    # Losses of a run in single precision: each step adds its rounding, stretched by up to 25 lr.
    close(got, want, f"the losses of {case}", rtol=1e-4)


@task("07.7", points=1.5)
def test_range(student, reference, rng):
    """Rising rates in the valley, and rates in another order."""
    theta = np.array([1.0, -2.0]) + signed(rng, 2)
    compare_range(student, reference, theta, np.geomspace(0.004, 0.7, 14), "a run with 14 rates")
    mixed = np.array([0.03, 0.01, 0.05, 0.09, 0.02])
    compare_range(student, reference, theta, mixed, "a run with mixed rates")


@task("07.7", points=1)
def test_range_that_diverges(student, reference, rng):
    """Rates that end so high that the run diverges."""
    theta = np.array([1.0, -2.0]) + signed(rng, 2)
    # The loss overflows in the middle, far from where one more digit would decide.
    lrs = np.array([0.01, 0.05, 1e50, 1e70, 1e90, 1e110, 0.01, 0.001])
    compare_range(student, reference, theta, lrs, "a run that diverges")


@task("07.7", points=0.5)
def test_suggest(student, reference, rng):
    """The reading of a range test that has come to its end."""
    lrs = np.geomspace(0.001, 4.0, 9)
    losses = np.array([2.5, 2.4, 2.45, 1.0, 0.75, 0.5, 0.625, 3.0, 9.0]) + rng.uniform(0.0, 0.1)
    got, want = student.suggest(lrs, losses), reference.suggest(lrs, losses)
    compare(got, want, "low, high", "for nine losses")


@task("07.7", points=1)
def test_suggest_after_divergence(student, reference):
    """The reading of range tests with infinities and NaNs, and of one that got only worse."""
    lrs = np.array([0.02, 0.05, 0.1, 0.3, 0.9, 3.0])
    for losses, case in [
        ([1.5, 0.75, 0.5, 4.0, np.inf, np.inf], "with infinities at the end"),
        ([1.5, 0.25, 0.5, 4.0, np.inf, np.nan], "with a NaN at the end"),
        ([0.5, 0.75, 1.0, 4.0, 8.0, np.nan], "that got only worse"),
    ]:
        got = student.suggest(lrs, np.array(losses))
        compare(got, reference.suggest(lrs, np.array(losses)), "low, high", f"for losses {case}")


# 07.8 In time

STARTS = [(-8.0, 3.0), (5.0, 6.0), (-4.0, -7.0)]
NEAR, FAR, STEPS = 0.1, 1e6, 60
AFTER = 5  # so long a walk is watched when time is up: does it stay? Each step is a call, so few


def arrival(student, make, curvature, degrees, start, minimum):
    """Walk in a valley; return the step of arrival, infinity if that is too late or never.

    The valley is here and not with the answer, so a walk is a walk: the answer is told the
    gradients, and neither the surface nor where its minimum is.
    """
    optimizer = make()
    angle = math.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    place, last_far = turn @ np.array(start), -1
    for step in range(STEPS + AFTER):
        distance = np.linalg.norm(place)
        if distance > NEAR:
            last_far = step
        grad = turn @ (np.array([1.0, curvature]) * (turn.T @ place))
        theta = as_numbers(optimizer.step(minimum + place, grad))
        assert theta is not None and theta.shape == (2,), (
            "`step` should return the new parameters, an array of shape (2,)."
        )
        place = theta - minimum
        if not np.abs(place).max() < FAR:
            return math.inf
    student.note(f"end of the walk at {degrees} degrees from {start}", place)
    return last_far + 1 if last_far < STEPS else math.inf


def compare_arrivals(student, make, curvature, angles, rng):
    """Walk from all starts at all angles, note the arrivals, then judge."""
    arrivals = {}
    for degrees in angles:
        for start in STARTS:
            # Elsewhere than at (0, 0), at a place that is no round number.
            minimum = signed(rng, 2, 20.0, 30.0)
            when = arrival(student, make, curvature, degrees, start, minimum)
            arrivals[degrees, start] = when
            student.note(f"arrival at {degrees} degrees from {start}", when)
    late = [where for where, when in arrivals.items() if when > STEPS]
    if late:
        degrees, (along, across) = late[0]
        turned = f", turned by {degrees}°" if degrees else ""
        raise AssertionError(
            f"{len(late)} of {len(arrivals)} walks have not arrived to stay after {STEPS} steps, "
            f"for example that from ({along:g}, {across:g}){turned}."
        )


@task("07.8", points=1.5)
def test_turned_valley(student, rng):
    """Your optimizer in a valley that is 100 times as curved across, turned by two angles."""
    compare_arrivals(student, student.for_turned_valley, 100, (30, -50), rng)


@task("07.8", points=1.5)
def test_straight_valley(student, rng):
    """Your optimizer in a valley that is 10,000 times as curved across and lies straight."""
    compare_arrivals(student, student.for_straight_valley, 10_000, (0,), rng)
