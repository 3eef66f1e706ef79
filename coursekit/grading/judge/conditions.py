"""Where a wrong result is wrong: in which places, for which inputs, for which calls.

See `coursekit.grading.judge.facts` for what a fact must be.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from coursekit.grading.judge.dependence import ignored_argument
from coursekit.grading.judge.facts import relation
from coursekit.grading.judge.places import places
from coursekit.grading.judge.results import Numbers, Result, same
from coursekit.language import join, list_of, mark, say

_Condition = tuple[str, list[Numbers], list[Numbers], float]
_TESTS: dict[str, Callable[[Any], Any]] = {
    mark("`{name}` is 0"): lambda a: a == 0,
    mark("`{name}` is 1"): lambda a: a == 1,  # before "positive": of a mask it is the same
    mark("`{name}` is negative"): lambda a: a < 0,
    mark("`{name}` is positive"): lambda a: a > 0,
    mark("`{name}` is 0 or negative"): lambda a: a <= 0,
    mark("`{name}` is 0 or positive"): lambda a: a >= 0,
    mark("`{name}` is not 0"): lambda a: a != 0,
    mark("`{name}` is not 1"): lambda a: a != 1,
    mark("`{name}` is large"): lambda a: a > 30,
    mark("`{name}` is far from 0"): lambda a: np.abs(a) > 30,
}
_SIZES: dict[str, Callable[[tuple[int, ...]], bool]] = {
    mark("`{name}` is empty"): lambda shape: shape[0] == 0,
    mark("`{name}` has a single entry"): lambda shape: shape == (1,),
    mark("`{name}` has a single row"): lambda shape: len(shape) > 1 and shape[0] == 1,
    mark("`{name}` has a single column"): lambda shape: shape[1:] == (1,),
}
_LONGER: dict[str, Callable[[tuple[int, ...]], bool]] = {
    mark("`{name}` has more than one entry"): lambda shape: len(shape) == 1 and shape[0] > 1,
    mark("`{name}` has more than two entries"): lambda shape: len(shape) == 1 and shape[0] > 2,
}
_TIES = mark("a value of `{name}` comes more than once")
_SMALLEST, _LARGEST = mark("`{name}` is smallest"), mark("`{name}` is largest")
_WRONG_CALLS = mark("Your result is wrong where {condition}, and right elsewhere.")
_EXCEPT_WHERE = mark("Your values are right except where {condition}.")
_ENOUGH = 3  # values, to bear a condition out
_ENTRIES = 2  # of an argument, for which it holds, and as many for which it doesn't
_WAYS = 50  # to choose as many entries: if there are few, the choice fits by chance
_ROWS = 8  # so many of an argument's rows, at most, are spelt out


def state_fact(results: Sequence[Result]) -> str | None:
    """State how wrong results differ from the right ones.

    Parameters
    ----------
    results : sequence of Result
        Of all calls of one test, the right ones too.

    Returns
    -------
    str or None
        A sentence that is true of every call; None where nothing simple explains all of them.
    """
    wrong = [result for result in results if result.wrong.any()]
    if not wrong:
        return None
    right = [result for result in results if not result.wrong.any()]
    found = ignored_argument(results) or relation(wrong, right)
    calls = which_calls([r.arguments for r in results], [bool(r.wrong.any()) for r in results])
    if found or calls:
        return join(found, calls)
    return _where(results) or _constant(results, wrong)


def which_calls(calls: Sequence[Mapping[str, Any]], bad: Sequence[bool]) -> str | None:
    """Find a condition on a single argument that holds for exactly the calls that go wrong.

    Parameters
    ----------
    calls : sequence of mapping
        The arguments of each call.
    bad : sequence of bool
        Whether it went wrong.
    """
    if all(bad) or len(bad) < 2:
        return None
    for name in calls[0]:
        values = [arguments.get(name) for arguments in calls]
        if all(isinstance(v, str) for v in values):
            wrong = sorted({str(v) for v, b in zip(values, bad, strict=True) if b})
            right = {v for v, b in zip(values, bad, strict=True) if not b}
            if not right & set(wrong) and len(wrong) <= 3:
                listed = list_of(map(repr, wrong), either=True)
                condition = say("`{name}` is {values}", name=name, values=listed)
                return say(_WRONG_CALLS, condition=condition)
        elif all(shapes := [_shape(v) for v in values]):
            # A single short call may be right by chance.
            longer = _LONGER if isinstance(values[0], list) and list(bad).count(False) > 1 else {}
            for words, holds in (_SIZES | longer).items():
                if [holds(shape) for shape in shapes] == list(bad):
                    return say(_WRONG_CALLS, condition=say(words, name=name))
        elif all(type(v) in (int, float) for v in values) and list(bad).count(False) > 1:
            at = {v for v, b in zip(values, bad, strict=True) if b}
            several = len(at) > 1 or at <= {0, 1}  # one number is negative, or large, by chance
            for words, test in _TESTS.items():
                if several and [bool(test(v)) for v in values] == list(bad):
                    return say(_WRONG_CALLS, condition=say(words, name=name))
    return None


def _shape(value: Any) -> tuple[int, ...]:
    """The shape of an array, the length of a list; empty for anything else."""
    if isinstance(value, (list, tuple)):
        return (len(value),)
    return value.shape if isinstance(value, np.ndarray) else ()


def _where(results: Sequence[Result]) -> str | None:
    bad = np.concatenate([r.wrong.ravel() for r in results])
    for sentence, own, masks, ways in _conditions(results):
        holds, inside = (np.concatenate([np.ravel(m) for m in found]) for found in (own, masks))
        # Where the condition holds a value may be right by chance, but not most of them, and not
        # in a call where it holds everywhere and so doesn't tell which values are wrong.
        fits = not bad[~inside].any() and bad[inside].sum() > inside.sum() / 2
        fits = fits and all(r.wrong.all() for r, m in zip(results, masks, strict=True) if m.all())
        entries = min(holds.sum(), (~holds).sum()) >= _ENTRIES
        if fits and entries and ways >= _WAYS and min(bad.sum(), (~inside).sum()) >= _ENOUGH:
            return sentence
    return _rows(results)


def _conditions(results: Sequence[Result]) -> Iterator[_Condition]:
    """Yield sentences about where values are wrong, each with its mask over every result.

    The first of the two lists tells for each entry of the argument itself whether it holds; the
    number is in how many ways it could hold for as many entries.
    """
    for name in results[0].arguments:
        values = [r.arguments.get(name) for r in results]
        axis = _axis(values, results)
        if axis is None:
            continue
        every = {words: list(map(test, values)) for words, test in _TESTS.items()} | {
            _TIES: list(map(_ties, values)),
            _SMALLEST: [v == np.min(v) for v in values],  # type: ignore[arg-type]
            _LARGEST: [v == np.max(v) for v in values],  # type: ignore[arg-type]
        }
        for words, own in every.items():
            sentence = say(_EXCEPT_WHERE, condition=say(words, name=name))
            pairs = zip(own, results, strict=True)
            masks = [np.broadcast_to(m[axis], r.want.shape) for m, r in pairs]
            apart = own if words not in _TESTS else [np.concatenate([m.ravel() for m in own])]
            yield sentence, own, masks, math.prod(math.comb(m.size, int(m.sum())) for m in apart)
    for sentence, masks in places(results):
        yield sentence, masks, masks, math.inf


def _axis(values: Sequence[Any], results: Sequence[Result]) -> Any:
    """The index that lays an argument over a result: by entries, by rows or by columns."""
    if not all(isinstance(v, np.ndarray) and v.ndim and v.size for v in values):
        return None
    shapes = [r.want.shape for r in results]
    if [v.shape for v in values] == shapes:
        return ...
    if any(v.ndim != 1 for v in values) or any(len(shape) != 2 for shape in shapes):
        return None
    lengths = [len(v) for v in values]
    rows, columns = ([shape[axis] for shape in shapes] == lengths for axis in (0, 1))
    return None if rows == columns else np.s_[:, None] if rows else ...


def _ties(values: Any) -> Numbers:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    tied: Numbers = (counts[inverse] > 1).reshape(np.shape(values))
    return tied


def _rows(results: Sequence[Result]) -> str | None:
    """Spell out the rows of a small argument for which the result is wrong."""
    wrong = [result for result in results if result.wrong.any()]
    if len(wrong) != 1 or wrong[0].want.ndim != 1:
        return None
    (result,) = wrong
    for name, value in result.arguments.items():
        fits = isinstance(value, np.ndarray) and value.ndim == 2 and value.shape[1] <= 4
        if fits and len(value) == len(result.want) <= _ROWS:
            rows = [f"({', '.join(f'{v:g}' for v in row)})" for row in value[result.wrong]]
            listed = ", ".join(rows)
            return say(
                "Your values are wrong for these rows of `{name}`: {rows}.", name=name, rows=listed
            )
    return None


def _constant(results: Sequence[Result], wrong: Sequence[Result]) -> str | None:
    """Weaker facts, where no rule explains the values."""
    if len(results) > 1 and len({r.got.shape for r in results}) == 1:
        differ = any(not same(results[0].want, r.want) for r in results[1:])
        if differ and all(same(results[0].got, r.got) for r in results[1:]):
            return say("Your result is the same in every call.")
    if all(r.got.size > 2 and np.ptp(r.want) > 1e-6 and np.ptp(r.got) == 0 for r in wrong):
        return say("All entries of your result are equal.")
    values = np.concatenate([r.got[r.wrong] for r in wrong])
    if len(values) < _ENOUGH:
        return None
    if np.isfinite(values[0]) and (values == values[0]).all():
        value = str(values[0] != 0) if wrong[0].truth else f"{values[0] + 0.0:g}"
        return say("Each value that is wrong is {value}.", value=value)
    sizes = {
        mark("Each value that is wrong is too large."): np.greater,
        mark("Each value that is wrong is too small."): np.less,
    }
    for sentence, test in sizes.items():
        if all(test(r.got, r.want)[r.wrong].all() for r in wrong):
            return say(sentence)
    return None
