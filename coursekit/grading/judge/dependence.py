"""Whether an answer depends on each of its arguments."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from coursekit.grading.judge.results import Result, same
from coursekit.grading.judge.values import fingerprint
from coursekit.language import say


def ignored_argument(results: Sequence[Result]) -> str | None:
    """Find an argument that makes no difference to the answer, although it should."""
    pairs = [
        (one, other, name)
        for one, other in combinations(results, 2)
        if (name := _only_difference(one.arguments, other.arguments)) is not None
        and not same(one.want, other.want)
    ]
    for name in results[0].arguments if results else ():
        alone = [(one, other) for one, other, differs in pairs if differs == name]
        if _enough(alone) and all(same(one.got, other.got) for one, other in alone):
            return say("In this test, your result is the same for every `{name}`.", name=name)
    return None


def _enough(pairs: Sequence[tuple[Result, Result]]) -> bool:
    """Whether equal results of these pairs are no chance.

    The same few whole numbers may come by chance, again and again where few are possible, a
    result that is one number all over may be at its limit, and NaN and infinity are what a fault
    elsewhere makes of everything.
    """
    finite = [one.got for one, _ in pairs if np.isfinite(one.got).all()]
    varied = [got for got in finite if got.size == 1 or np.ptp(got) > 0]
    telling = any((got != np.round(got)).any() or len(np.unique(got)) > 3 for got in varied)
    return telling or any(not same(varied[0], got) for got in varied[1:])


def _only_difference(one: Mapping[str, Any], other: Mapping[str, Any]) -> str | None:
    """The name of the one argument that differs; None if there is no such argument."""
    if set(one) != set(other):
        return None
    differ = (name for name in one if not _equal(one[name], other[name]))
    name = next(differ, None)
    return name if next(differ, None) is None else None


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return fingerprint(one) == fingerprint(other)  # arrays may stand in a list, too
