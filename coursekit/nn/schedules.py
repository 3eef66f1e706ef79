"""Learning rates that change: functions of the number of updates made before, 0 for the first."""

from collections.abc import Callable
from math import cos, exp, pi

from coursekit.language import say
from coursekit.nn.validation import check_count, check_fraction, check_non_negative, check_positive

Schedule = Callable[[int], float]


def constant(lr: float) -> Schedule:
    """``lr``, unchanged."""
    check_positive("lr", lr)
    return lambda update: lr


def step_decay(lr: float, factor: float, every: int) -> Schedule:
    """``lr · factor^⌊update / every⌋``: multiply by `factor`, below 1, after `every` updates."""
    check_positive("lr", lr)
    check_fraction("factor", check_positive("factor", factor))
    check_count("every", every)
    return lambda update: lr * factor ** (update // every)


def exponential_decay(lr: float, rate: float) -> Schedule:
    """``lr · e^(-rate · update)``."""
    check_positive("lr", lr)
    check_positive("rate", rate)
    return lambda update: lr * exp(-rate * update)


def inverse_time(lr: float, rate: float) -> Schedule:
    """``lr / (1 + rate · update)``: slow enough to get anywhere, fast enough to come to rest.

    The rates sum to infinity and their squares do not (Robbins & Monro 1951).
    """
    check_positive("lr", lr)
    check_positive("rate", rate)
    return lambda update: lr / (1 + rate * update)


def cosine(lr: float, updates: int, lr_min: float = 0.0) -> Schedule:
    """Half a cosine from `lr` down to `lr_min` at `updates`, then `lr_min`.

    ``lr_min + (lr - lr_min) (1 + cos(π · update / updates)) / 2`` (Loshchilov & Hutter 2017).
    """
    check_positive("lr", lr)
    check_count("updates", updates)
    if check_non_negative("lr_min", lr_min) > lr:
        raise ValueError(
            say("lr_min must be at most lr = {lr}, got {lr_min}", lr=lr, lr_min=lr_min)
        )
    return lambda update: (
        lr_min + (lr - lr_min) * (1 + cos(pi * min(update, updates) / updates)) / 2
    )


def warmup(schedule: Schedule, updates: int) -> Schedule:
    """Rise in equal steps to `schedule` over the first `updates` updates, then follow it.

    ``schedule(update) · min(1, (update + 1) / updates)`` (Goyal et al. 2017).
    """
    check_count("updates", updates)
    return lambda update: schedule(update) * min(1.0, (update + 1) / updates)
