"""Whether wrong results are the right ones times a number, or plus one, and what that number is."""

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from coursekit.grading.judge.results import ATOL, RTOL, Numbers, Result, same, telling
from coursekit.language import mark, say

# What a factor or a difference may be; in Russian all of these are in the accusative.
_LENGTHS = [mark("the number of rows of `{name}`"), mark("the number of columns of `{name}`")]
_LENGTH = mark("the length of `{name}`")
_ENTRIES = mark("the number of entries of `{name}`")


def constant_factor(results: Sequence[Result], right: Sequence[Result] = ()) -> str | None:
    """Find a factor, the same for all values of a call."""
    factors = [_ratio(r) for r in results]
    whole = all((r.want == np.round(r.want)).all() for r in results)
    if any(k is None for k in factors) or (whole and not telling(results)):
        return None  # one whole number is twice another by chance
    known = np.array(factors, dtype=float)
    if words := _quantity(known, results, right, neutral=1):
        return say("Your values are the right ones times {factor}.", factor=words)
    if words := _quantity(1 / known, results, right, neutral=1):
        return say("Your values are the right ones divided by {factor}.", factor=words)
    if telling(results) and np.allclose(known, known[0], rtol=RTOL, atol=0):
        return say("Your values are {factor} times the right ones.", factor=_number(known[0]))
    if all(np.unique(r.want).size > 2 for r in results):
        return say("In each call your values are the right ones times one number.")
    return None


def _number(value: float) -> str:
    """Write a number, as a fraction or a power of 2 if it is one."""
    power = math.log2(value) if value > 0 else 0.0
    if abs(power) > 9 and abs(power - round(power)) < RTOL:
        return f"2**{round(power)}"
    simple = Fraction(value).limit_denominator(12)
    return str(simple) if abs(simple - value) < RTOL * abs(value) else f"{value:.4g}"


def _ratio(result: Result) -> float | None:
    """The one number that the right values are multiplied by, if there is one."""
    got, want = result.got.ravel().astype(float), result.want.ravel().astype(float)
    there = np.abs(want) > ATOL
    if not there.any() or not np.isfinite(got).all() or not same(got[~there], want[~there]):
        return None
    ratios = got[there] / want[there]
    equal = np.allclose(ratios, ratios[0], rtol=RTOL, atol=0) and abs(ratios[0]) > ATOL
    return float(ratios[0]) if equal else None


def _quantity(
    values: Numbers, results: Sequence[Result], right: Sequence[Result], neutral: float
) -> str | None:
    """Name what has these values in each call; None if several things do, by chance.

    One that is neutral in the calls that are right explains these as well.
    """
    n = len(results)
    atol = 0.0 if neutral else ATOL  # one divided by a huge factor is not 0
    fitting = [
        (words, np.array(found))
        for words, found in _quantities([*results, *right])
        if np.allclose(values, found[:n], rtol=RTOL, atol=atol)
    ]
    fitting = [pair for pair in fitting if np.allclose(pair[1][n:], neutral)] or fitting
    same_everywhere = all(np.allclose(found, fitting[0][1]) for _, found in fitting)
    return fitting[0][0] if fitting and same_everywhere else None


def _quantities(results: Sequence[Result]) -> Iterator[tuple[str, list[float]]]:
    """What a factor or an added constant may be: its words, and its value in each call.

    A quantity that is the same in all calls counts only where no plain number explains as much.
    """
    for plain, value in {"1": 1.0, "2": 2.0, "√2": 2**0.5}.items():
        yield plain, [value] * len(results)
    for name, first in results[0].arguments.items():
        values = [r.arguments.get(name) for r in results]
        if isinstance(first, np.ndarray) and all(isinstance(v, np.ndarray) for v in values):
            sizes = [v.shape for v in values]  # type: ignore[union-attr]
            if all(len(shape) == first.ndim for shape in sizes):
                lengths = _LENGTHS if first.ndim > 1 else [_LENGTH]
                for axis, words in enumerate(lengths[: first.ndim]):
                    yield say(words, name=name), [float(shape[axis]) for shape in sizes]
                if first.ndim > 1:
                    yield say(_ENTRIES, name=name), [float(v.size) for v in values]  # type: ignore[union-attr]
        elif all(type(v) in (int, float) for v in values):
            numbers = [float(v) for v in values]  # type: ignore[arg-type]
            if " " in name:  # a quantity that no argument of the answer is, in words
                yield name, numbers
                continue
            yield f"`{name}`", numbers
            if all(0 <= v <= 1 for v in numbers):
                yield f"1 - `{name}`", [1 - v for v in numbers]
            else:
                yield f"`{name}` - 1", [v - 1 for v in numbers]
            yield say("the square of `{name}`", name=name), [v * v for v in numbers]
            yield say("the square root of `{name}`", name=name), [abs(v) ** 0.5 for v in numbers]


def constant_offset(results: Sequence[Result], right: Sequence[Result] = ()) -> str | None:
    """Find an added constant, the same for all values of a call."""
    differences = [(r.got - r.want).ravel().astype(float) for r in results]
    if not all(np.allclose(d, d[0], rtol=RTOL, atol=ATOL) for d in differences):
        return None
    shifts = np.array([d[0] for d in differences])
    if not telling(results) or not np.isfinite(shifts).all():
        return None
    everywhere = np.allclose(shifts, shifts[0], rtol=RTOL, atol=ATOL)
    for sign, sentence in {
        1: mark("Your values are larger than the right ones by {difference}."),
        -1: mark("Your values are smaller than the right ones by {difference}."),
    }.items():
        words = _quantity(sign * shifts, results, right, neutral=0)
        if words is None and everywhere and sign * shifts[0] > 0:
            words = f"{sign * shifts[0]:.4g}"
        if words:
            return say(sentence, difference=words)
    if all(r.want.size > 2 for r in results):
        return say("In each call your values differ from the right ones by one constant.")
    return None


_ENTRYWISE: dict[str, Callable[[Numbers, Numbers], Numbers]] = {
    mark("Your values are the right ones times those of `{name}`."): lambda w, a: w * a,
    mark("Your values are the right ones divided by those of `{name}`."): lambda w, a: w / a,
    mark("Your values are the right ones times the roots of those of `{name}`."): (
        lambda w, a: w * np.sqrt(a)
    ),
    mark("Your values are the right ones divided by the roots of those of `{name}`."): (
        lambda w, a: w / np.sqrt(a)
    ),
    mark("Your values are the right ones plus those of `{name}`."): lambda w, a: w + a,
    mark("Your values are the right ones minus those of `{name}`."): lambda w, a: w - a,
}


def entrywise(results: Sequence[Result]) -> str | None:
    """Find an argument by whose entries the values are multiplied, divided, larger or smaller."""
    if not telling(results):
        return None
    for name in results[0].arguments:
        arrays = [r.arguments.get(name) for r in results]
        if not all(isinstance(a, np.ndarray) and a.dtype.kind in "if" for a in arrays):
            continue
        if all(np.ptp(a) == 0 for a in arrays if a is not None and a.size):  # another rule's
            continue
        for sentence, rule in _ENTRYWISE.items():
            pairs = zip(results, arrays, strict=True)
            if all(_fits(r, a) and same(r.got, rule(r.want, a)) for r, a in pairs):  # type: ignore[arg-type]
                return say(sentence, name=name)
    return None


def _fits(result: Result, array: Any) -> bool:
    """Whether an argument can be laid over a result, entry by entry or row by row."""
    shape = result.want.shape
    return bool(0 < array.ndim <= len(shape) and array.shape == shape[len(shape) - array.ndim :])
