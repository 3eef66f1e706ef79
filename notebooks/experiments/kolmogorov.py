"""Functions of two variables as sums of functions of one variable, by Kolmogorov's construction.

    python notebooks/experiments/kolmogorov.py

takes some seconds and writes ``kolmogorov.json`` beside it, which lecture 04 shows: the inner
function, and what is left of two functions after each round. The inner function is Köppen's (2002);
that it has the properties used here was proved by Braun and Griebel (2009). Two numbers in [0, 1]
are packed into one by ``psi(x1) + LAMBDA * psi(x2)``, in five copies shifted by ``SHIFT``.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SETTINGS: dict[str, Any] = {"rounds": 3, "points": 10_000, "grid": 40}
BASE, DIGITS, COPIES = 6, 4, 5
SHIFT = 1 / (BASE * (BASE - 1))
LAMBDA = BASE**-1 + BASE**-3 + BASE**-7
TARGETS: dict[str, Callable[[Any], Any]] = {
    "x1 · x2": lambda x: x[:, 0] * x[:, 1],
    "sin(3 x1) cos(4 x2)": lambda x: np.sin(3 * x[:, 0]) * np.cos(4 * x[:, 1]),
}


def inner_table() -> Any:
    """The inner function at all numbers of `DIGITS` digits, from 0 to 1.

    A new digit is written far to the right of those before it. Only the last digit of the base
    starts early and climbs half of the way to the next value, so that nothing jumps.
    """
    table = np.arange(BASE + 1) / BASE  # numbers of one digit stay where they are
    for level in range(2, DIGITS + 1):
        digit, shorter = np.arange(BASE**level + 1) % BASE, np.arange(BASE**level + 1) // BASE
        finer = table[shorter] + digit / BASE ** (2**level - 1)
        last = np.flatnonzero(digit == BASE - 1)
        finer[last] = (finer[last - 1] + table[shorter[last] + 1]) / 2
        table = finer
    return table


TABLE = inner_table()


def psi(u: Any) -> Any:
    """The inner function on [0, 1], with straight lines between the values of the table."""
    return np.interp(u, np.linspace(0, 1, len(TABLE)), TABLE)


def packed(q: int, x: Any) -> Any:
    """The inner sum of copy q: two numbers, (N, 2), packed into one, (N,)."""
    u = (1 - (COPIES - 1) * SHIFT) * x + q * SHIFT  # shrunk, to make room for the shifts
    return psi(u[:, 0]) + LAMBDA * psi(u[:, 1])


def squares(q: int, level: int) -> tuple[Any, Any, Any]:
    """The small squares of copy q: where `packed` begins and ends on each, and their centres."""
    cells, room = BASE**level, 1 - (COPIES - 1) * SHIFT
    first, end = q * SHIFT * cells, (room + q * SHIFT) * cells  # those that copy q meets
    left = np.arange(np.floor(first + 1e-9), np.ceil(end - 1e-9)) / cells
    right = left + (BASE - 2) * sum(BASE**-k for k in range(level + 1, DIGITS + 1))
    i, j = np.indices((len(left), len(left))).reshape(2, -1)
    begins, ends = (psi(u[i]) + LAMBDA * psi(u[j]) for u in (left, right))
    middle = np.clip((np.array([left, right]) - q * SHIFT) / room, 0, 1).mean(axis=0)
    order = np.argsort(begins)
    return begins[order], ends[order], np.column_stack([middle[i], middle[j]])[order]


def total(terms: list[Any], x: Any) -> Any:
    """The sum of the outer functions, each given by its copy, its knots and its heights."""
    return sum(
        (np.interp(packed(q, x), knots, heights) for q, knots, heights in terms), 0 * x[:, 0]
    )


def one_round(f: Callable[[Any], Any], terms: list[Any], level: int) -> list[Any]:
    """A fifth of what is left of f, put on each small square of each copy."""
    new = []
    for q in range(COPIES):
        begins, ends, centres = squares(q, level)
        assert (begins[1:] > ends[:-1]).all()  # different squares have different numbers
        rest = f(centres) - total(terms, centres)
        knots = np.column_stack([begins, ends]).ravel()
        new.append((q, knots, np.repeat(rest / COPIES, 2)))
    return new


def experiment(settings: dict[str, Any] = SETTINGS) -> dict[str, Any]:
    """Everything that is stored, with the settings it was computed with."""
    x = np.random.default_rng(0).random((settings["points"], 2))
    along = np.linspace(0, 1, settings["grid"])
    grid = np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2)
    results = {}
    for name, f in TARGETS.items():
        terms: list[Any] = []
        errors, maps = [abs(f(x))], [f(grid)]
        for level in range(1, settings["rounds"] + 1):
            terms += one_round(f, terms, level)
            errors.append(abs(f(x) - total(terms, x)))
            maps.append(total(terms, grid))
        results[name] = {
            "mean_errors": [round(float(error.mean()), 4) for error in errors],
            "largest_errors": [round(float(error.max()), 4) for error in errors],
            "maps": [np.round(values, 2).tolist() for values in maps],
            "corners": sum(len(knots) for _, knots, _ in terms),
        }
    return {"settings": settings, "inner": np.round(TABLE, 7).tolist(), "results": results}


if __name__ == "__main__":
    stored = json.dumps(experiment())
    Path(__file__).with_suffix(".json").write_text(stored + "\n", encoding="utf-8")
