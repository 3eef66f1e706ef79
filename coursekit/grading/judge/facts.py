"""What can be computed of a wrong result: how it differs from the right one, in a sentence.

A fact needs no catalogue of mistakes and never spells out an expected value. It is stated only if
one rule explains every wrong result of a test, and enough numbers bear it out.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from coursekit.grading.judge.proportions import constant_factor, constant_offset, entrywise
from coursekit.grading.judge.results import ATOL, Numbers, Result, same, telling
from coursekit.language import mark, say

_Finder = Callable[[Sequence[Result]], str | None]


def relation(wrong: Sequence[Result], right: Sequence[Result] = ()) -> str | None:
    """State a rule that makes every right result into the wrong one; None if there is none.

    Calls whose results are right tell apart rules that fit the wrong ones equally well.
    """
    if any(not np.isfinite(r.want).all() for r in wrong):
        return None
    factor, offset = (partial(find, right=right) for find in (constant_factor, constant_offset))
    absolute = partial(_absolute, right=right)
    finders: list[_Finder] = [absolute, *_FINDERS, factor, offset, entrywise, _not_binary]
    for find in finders:
        with np.errstate(all="ignore"):
            if sentence := find(wrong):
                return sentence
    return None


def _all(results: Sequence[Result], rule: Callable[[Result], Any]) -> bool:
    for result in results:
        made = rule(result)
        if made is None or not same(result.got, made, min(ATOL, result.atol)):
            return False
    return True


def _single_precision(results: Sequence[Result]) -> str | None:
    largest = max(float(np.max(np.abs(r.got - r.want) / (np.abs(r.want) + ATOL))) for r in results)
    single = all((r.got == r.got.astype(np.float32)).all() for r in results)
    if telling(results) and single and largest < 1e-4:
        return say(
            "Your values are right to a few digits only: do you compute in single precision?"
        )
    return None


_ABSOLUTE = mark("Your values are the absolute values of the right ones.")


def _absolute(results: Sequence[Result], right: Sequence[Result]) -> str | None:
    """The sign is not wrong everywhere: what is positive is right."""
    positive = any((r.want > ATOL).all() for r in right)
    every = [*results, *right]
    return say(_ABSOLUTE) if positive and _all(every, lambda r: np.abs(r.want)) else None


def _opposite(results: Sequence[Result]) -> str | None:
    if _all(results, lambda r: -r.want):
        return say("Your values have the opposite sign.")
    if all(set(np.unique(r.want)) <= {0, 1} for r in results):
        if sum(r.want.size for r in results) > 3 and _all(results, lambda r: 1 - r.want):
            return say("Your zeros and ones have changed places.")
        if _all(results, lambda r: 2 * r.want - 1):
            return say("Your values are -1 and 1, where 0 and 1 are asked for.")
    return None


def _not_binary(results: Sequence[Result]) -> str | None:
    wants = np.concatenate([r.want.ravel() for r in results])
    arrays = all(r.want.ndim for r in results) and wants.size > 3
    others = any(not np.isin(r.got, [0, 1]).all() for r in results)
    if arrays and others and set(np.unique(wants)) == {0, 1}:
        return say("Some of your values are neither 0 nor 1.")
    return None


def _another_value(results: Sequence[Result]) -> str | None:
    for name in results[0].arguments:
        if _all(results, lambda r, n=name: _array(r.arguments.get(n))):  # type: ignore[misc]
            return say("Your result is the argument `{name}`, unchanged.", name=name)
    for name in results[0].others:
        if _all(results, lambda r, n=name: r.others.get(n)):  # type: ignore[misc]
            return say("{name} should have this value.", name=name)
    return None


def _array(value: Any) -> Any:
    numbers = np.asarray(value) if isinstance(value, (int, float, np.ndarray)) else None
    return numbers if numbers is not None and numbers.dtype.kind in "iuf" else None


_RULES: dict[str, Callable[[Numbers], Any]] = {
    _ABSOLUTE: np.abs,
    mark("Your values are the squares of the right ones."): np.square,
    mark("Your values are the square roots of the right ones."): np.sqrt,
    mark("Your values are 1 divided by the right ones."): np.reciprocal,
    mark("Your values are 1 minus the right ones."): lambda w: 1 - w,
    mark("Your values are the right ones, rounded to whole numbers."): lambda w: _whole(
        w, np.round
    ),
    mark("Your values are the right ones with everything after the decimal point cut off."): (
        lambda w: _whole(w, np.trunc)
    ),
    mark("Your values are the logarithms of the right ones."): np.log,
    mark("Your values are the exponentials of the right ones."): np.exp,
    mark("Your values are the signs of the right ones."): np.sign,
    mark("Your values are the right ones divided by their sum."): lambda w: w / w.sum(),
    mark("Your values are the right ones divided by their largest."): lambda w: w / w.max(),
    mark("Your values are the right ones with their mean subtracted."): lambda w: w - w.mean(),
    mark("Your values are the cumulative sums of the right ones."): np.cumsum,
    mark("Your values are the differences between neighbours of the right ones."): (
        lambda w: np.diff(w, prepend=0) if w.ndim else None
    ),
}


def _whole(want: Numbers, rule: Callable[[Numbers], Numbers]) -> Numbers | None:
    """What is left of numbers without their decimals; None if that is nothing but zeros."""
    whole = rule(want)
    return whole if whole[whole != want].any() else None


def _function(results: Sequence[Result]) -> str | None:
    if not telling(results) or len({v for r in results for v in np.unique(r.got)}) < 2:
        return None
    for sentence, rule in _RULES.items():
        if _all(results, lambda r, f=rule: f(r.want.astype(float))):  # type: ignore[misc]
            return say(sentence)
    return None


def _order(results: Sequence[Result]) -> str | None:
    if not any(np.unique(r.want).size > 2 or r.want.size > 8 for r in results):
        return None  # a few zeros and ones are in any order by chance
    ndim = results[0].want.ndim
    if any(r.want.ndim != ndim for r in results) or ndim == 0:
        return None
    for axes in permutations(range(ndim)):
        if axes != tuple(range(ndim)) and _all(results, lambda r, a=axes: r.want.transpose(a)):  # type: ignore[misc]
            if ndim == 2:
                return say("Your result is transposed.")
            return say("The axes of your result have changed places.")
    for axis in range(ndim):
        if _all(results, lambda r, a=axis: np.flip(r.want, a)):  # type: ignore[misc]
            if ndim == 1:
                return say("Your result is in the reverse order.")
            return say("Your result is in the reverse order along axis {axis}.", axis=axis)
        if all(_shifted(r, axis, 1) for r in results):
            return say("Your values come one place too late.")
        if all(_shifted(r, axis, -1) for r in results):
            return say("Your values come one place too early.")
    if all(same(np.sort(r.got, None), np.sort(r.want, None)) for r in results):
        if all((np.diff(r.got.ravel()) >= 0).all() for r in results):
            return say("Your values are right, but sorted.")
        if sum(np.unique(r.want).size for r in results) > 3:
            return say("Your values are right, but in another order.")
    return None


def _shifted(result: Result, axis: int, step: int) -> bool:
    got, want = np.moveaxis(result.got, axis, 0), np.moveaxis(result.want, axis, 0)
    if len(want) < 4 or np.unique(want).size < 3:
        return False
    return same(got[1:], want[:-1]) if step == 1 else same(got[:-1], want[1:])


_FINDERS: list[_Finder] = [_single_precision, _opposite, _order, _another_value, _function]
