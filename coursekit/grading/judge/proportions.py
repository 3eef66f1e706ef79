"""Whether wrong results are the right ones times a number, or plus one, and what that number is."""

from collections.abc import Iterator, Sequence

import numpy as np

from coursekit.grading.judge.results import ATOL, RTOL, Result, same, telling


def constant_factor(results: Sequence[Result]) -> str | None:
    """Find a factor, the same for all values of a call."""
    factors = [_ratio(r) for r in results]
    if any(k is None for k in factors):
        return None
    known = [float(k) for k in factors if k is not None]
    for words, values in _quantities(results):
        if np.allclose(known, values, rtol=RTOL, atol=0):
            return f"Your values are the right ones times {words}."
        if all(values) and np.allclose(known, 1 / np.array(values), rtol=RTOL, atol=0):
            return f"Your values are the right ones divided by {words}."
    if telling(results) and np.allclose(known, known[0], rtol=RTOL, atol=0):
        return f"Your values are {known[0]:.4g} times the right ones."
    if all(np.unique(r.want).size > 2 for r in results):
        return "In each call your values are the right ones times one number."
    return None


def _ratio(result: Result) -> float | None:
    """The one number that the right values are multiplied by, if there is one."""
    got, want = result.got.ravel().astype(float), result.want.ravel().astype(float)
    there = np.abs(want) > ATOL
    if not there.any() or not np.isfinite(got).all() or not same(got[~there], want[~there]):
        return None
    ratios = got[there] / want[there]
    equal = np.allclose(ratios, ratios[0], rtol=RTOL, atol=0) and abs(ratios[0]) > ATOL
    return float(ratios[0]) if equal else None


def _quantities(results: Sequence[Result]) -> Iterator[tuple[str, list[float]]]:
    """What a factor or an added constant may be: its words, and its value in each call.

    A quantity that is the same in all calls counts only where no plain number explains as much.
    """
    yield "2", [2.0] * len(results)
    for name, first in results[0].arguments.items():
        values = [r.arguments.get(name) for r in results]
        if isinstance(first, np.ndarray) and all(isinstance(v, np.ndarray) for v in values):
            sizes = [v.shape for v in values]  # type: ignore[union-attr]
            if all(len(shape) == first.ndim for shape in sizes):
                for axis, length in enumerate(("rows", "columns")[: first.ndim]):
                    words = f"the number of {length} of" if first.ndim > 1 else "the length of"
                    yield f"{words} `{name}`", [float(shape[axis]) for shape in sizes]
                if first.ndim > 1:
                    yield f"the number of entries of `{name}`", [float(v.size) for v in values]  # type: ignore[union-attr]
        elif all(type(v) in (int, float) for v in values):
            numbers = [float(v) for v in values]  # type: ignore[arg-type]
            yield f"`{name}`", numbers
            yield f"1 - `{name}`", [1 - v for v in numbers]
            yield f"the square of `{name}`", [v * v for v in numbers]
            yield f"the square root of `{name}`", [abs(v) ** 0.5 for v in numbers]


def constant_offset(results: Sequence[Result]) -> str | None:
    """Find an added constant, the same for all values of a call."""
    shifts = []
    for result in results:
        difference = (result.got - result.want).ravel().astype(float)
        if not np.allclose(difference, difference[0], rtol=RTOL, atol=ATOL):
            return None
        shifts.append(float(difference[0]))
    if not telling(results):
        return None
    for words, values in _quantities(results):
        for sign, more in ((1, "larger"), (-1, "smaller")):
            if np.allclose(shifts, [sign * v for v in values], rtol=RTOL, atol=ATOL):
                return f"Your values are {more} than the right ones by {words}."
    if np.allclose(shifts, shifts[0], rtol=RTOL, atol=ATOL):
        return f"Your values differ from the right ones by {shifts[0]:.4g}, all of them."
    if all(r.want.size > 2 for r in results):
        return "In each call your values differ from the right ones by one constant."
    return None
