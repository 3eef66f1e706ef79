"""The paths of `coursekit.nn`'s optimizers on a landscape, and when each of them arrives."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit import nn
from coursekit.language import list_of, mark, say
from coursekit.nn.validation import Array, check_choice
from coursekit.plots.format_number import format_number
from coursekit.widgets.base.parts import OPTIMIZERS
from coursekit.widgets.race.landscapes import LANDSCAPES, Landscape

STEPS = 200
GOAL_STEPS = 40
GOAL = mark("on Beale's function from (1, 1.5), a method that arrives within {steps} steps")
#: Rates and memories that the keys step through; any number between them can be typed.
RATES = (*(float(f"{m}e{e}") for e in range(-4, 1) for m in (1, 1.5, 2, 3, 5, 7)), 10.0)
MEMORIES = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
NEAR = 0.1  # of a minimum: arrived
FAR = 1e6  # beyond it a walk has diverged


@dataclass(frozen=True)
class Method:
    """An optimizer in the race, with the values that it starts with."""

    lr: float
    memory: float = 0.0
    parameter: str = ""  # the optimizer's argument that sets its memory, if it has one
    symbol: str = ""


METHODS = {
    "SGD": Method(0.03),
    "Momentum": Method(0.003, 0.9, "rho", "ρ"),
    "Nesterov": Method(0.003, 0.9, "rho", "ρ"),
    "AdaGrad": Method(1.8),
    "RMSProp": Method(0.18, 0.99, "beta", "β"),
    "Adam": Method(0.3, 0.9, "beta1", "β₁"),
}


def check(settings: dict[str, Any]) -> None:
    """Raise ValueError, with a sentence for the student, if the settings can't be run."""
    surface, start = settings["surface"], settings["start"]
    check_choice("surface", surface, LANDSCAPES)
    left, right, bottom, top = LANDSCAPES[surface].limits
    inside = (
        len(start) == 2
        and all(isinstance(v, (int, float)) for v in start)
        and left <= start[0] <= right
        and bottom <= start[1] <= top
    )
    if not inside:
        raise ValueError(
            say(
                "The start must lie on the map: x₁ from {left} to {right}, x₂ from {bottom} "
                "to {top}.",
                left=format_number(left),
                right=format_number(right),
                bottom=format_number(bottom),
                top=format_number(top),
            )
        )
    for name, lane in settings["lanes"].items():
        lr, memory = lane["lr"], lane["memory"]
        if not isinstance(lr, (int, float)) or not 0 < lr <= 100:
            raise ValueError(say("{name}: the rate must be above 0 and at most 100.", name=name))
        if not isinstance(memory, (int, float)) or not 0 <= memory < 1:
            raise ValueError(
                say(
                    "{name}: {symbol} must be at least 0 and below 1.",
                    name=name,
                    symbol=METHODS[name].symbol,
                )
            )


def optimizer(name: str, lane: dict[str, Any]) -> nn.Optimizer:
    """A fresh optimizer with the rate and memory of its lane."""
    parameter = METHODS[name].parameter
    memory = {parameter: lane["memory"]} if parameter else {}
    return OPTIMIZERS[name](lane["lr"], **memory)


def walk(optimizer: nn.Optimizer, land: Landscape, start: Any) -> Array:
    """The path, (T + 1, 2); T is STEPS, or the last step before the walk diverged."""
    x = np.array(start, dtype=np.float64)
    path = [x.copy()]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(STEPS):
            optimizer.step(x, land.gradient(x))
            if not np.abs(x).max() < FAR:
                break
            path.append(x.copy())
    return np.array(path)


def arrival(path: Array, land: Landscape) -> int | None:
    """The step from which on the walk stays near a lowest point."""
    if len(path) <= STEPS:
        return None
    distances = np.linalg.norm(path[:, None] - np.array(land.minima), axis=2).min(axis=1)
    far = np.flatnonzero(distances > NEAR)
    last = int(far[-1]) if len(far) else -1
    return None if last == STEPS else last + 1


def describe(arrivals: dict[str, int | None], ends: dict[str, int]) -> str:
    """The race in words: a sentence each for those that arrived, are late, or diverged."""
    if not arrivals:
        return say("No method runs: switch one on.")
    order = sorted((steps, name) for name, steps in arrivals.items() if steps is not None)
    sentences = []
    if order:
        there = list_of(say("{name} at step {step}", name=name, step=s) for s, name in order)
        sentences.append(say("Arrived: {names}.", names=there))
    gone = [name for name, end in ends.items() if end < STEPS]
    late = [name for name, steps in arrivals.items() if steps is None and name not in gone]
    if late:
        sentences.append(
            say("Not there after {steps} steps: {names}.", steps=STEPS, names=list_of(late))
        )
    if gone:
        sentences.append(say("Diverged: {names}.", names=list_of(gone)))
    return " ".join(sentences)
