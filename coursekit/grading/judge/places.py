"""The places where a result may be wrong: a row, a column, the diagonal."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from coursekit.grading.judge.results import Numbers, Result
from coursekit.language import mark, say

_ON_DIAGONAL = mark("Your values are right except on the diagonal.")
_OFF_DIAGONAL = mark("Your values are right on the diagonal, but not elsewhere.")
_PLACES: dict[str, tuple[Any, ...]] = {
    mark("Your values are right except in the first row."): np.s_[0,],
    mark("Your values are right except in the last row."): np.s_[-1,],
    mark("Your values are right except in the first column."): np.s_[:, 0],
    mark("Your values are right except in the last column."): np.s_[:, -1],
    mark("Your values are right in the first row, but not in the others."): np.s_[1:,],
    mark("Your values are right in the last row, but not in the others."): np.s_[:-1,],
    mark("Your values are right in the first column, but not in the others."): np.s_[:, 1:],
    mark("Your values are right in the last column, but not in the others."): np.s_[:, :-1],
}
_DEEP_PLACES: dict[str, tuple[Any, ...]] = {
    mark("Your values are right except where the first index is 0."): np.s_[0,],
    mark("Your values are right except where the first index is the largest."): np.s_[-1,],
}
_FLAT_PLACES: dict[str, tuple[Any, ...]] = {
    mark("Your values are right except in the first place."): np.s_[0,],
    mark("Your values are right except in the last place."): np.s_[-1,],
    mark("Your values are right in the first place, but not in the others."): np.s_[1:,],
    mark("Your values are right in the last place, but not in the others."): np.s_[:-1,],
}


def places(results: Sequence[Result]) -> Iterator[tuple[str, list[Numbers]]]:
    """Yield sentences about places where values are wrong, each with its mask for every result."""
    ndim = max(r.want.ndim for r in results)
    indices = _DEEP_PLACES if ndim > 2 else _PLACES if ndim > 1 else _FLAT_PLACES
    for words, index in indices.items():
        masks = [mask for r in results if (mask := _mask(r.want, index)) is not None]
        if len(masks) == len(results) and all(_wrong_in_each(r, index) for r in results):
            yield say(words), masks
    if all(r.want.ndim == 2 and r.want.shape[0] == r.want.shape[1] for r in results):
        diagonal = [np.eye(len(r.want), dtype=bool) for r in results]
        yield say(_ON_DIAGONAL), diagonal
        others = [~mask for mask in diagonal]
        yield say(_OFF_DIAGONAL), others


def _mask(like: Numbers, index: tuple[Any, ...]) -> Numbers | None:
    if like.ndim < len(index) or like.ndim < 1 or like.shape[len(index) - 1] < 2:
        return None
    mask = np.zeros(like.shape, dtype=bool)
    mask[index] = True
    return mask


def _wrong_in_each(result: Result, index: tuple[Any, ...]) -> bool:
    """Whether a result that is wrong at all is so in each of these rows, columns or places."""
    lines = np.moveaxis(result.wrong, len(index) - 1, 0)
    wrong = np.asarray(lines.reshape(len(lines), -1).any(axis=1))
    return bool(wrong[index[-1]].all() or not wrong.any())
