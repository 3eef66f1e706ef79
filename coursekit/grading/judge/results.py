"""Results of an answer beside the right ones, as facts are computed from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

RTOL, ATOL = 1e-6, 1e-9
Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class Result:
    """One result of an answer beside the right one.

    Attributes
    ----------
    got, want : array
        Numbers of the same shape.
    arguments : mapping of str to plain value
        What the answer was called with, by the names of the parameters.
    others : mapping of str to array
        What else the same call should return, by name.
    rtol, atol : float
        How near is right.
    truth : bool
        Whether 0 and 1 stand for False and True.
    """

    got: Numbers
    want: Numbers
    arguments: Mapping[str, Any]
    others: Mapping[str, Numbers]
    rtol: float = RTOL
    atol: float = ATOL
    truth: bool = False

    @cached_property
    def wrong(self) -> Numbers:
        """Where the two differ, by the test's own tolerance."""
        near: Numbers = np.isclose(self.got, self.want, self.rtol, self.atol, equal_nan=True)
        return ~near


def same(got: Any, want: Any, atol: float = ATOL) -> bool:
    """Whether two arrays have one shape and, nearly, the same values."""
    if np.shape(got) != np.shape(want):
        return False
    if not all(np.asarray(value).dtype.kind in "biuf" for value in (got, want)):
        return bool(np.array_equal(got, want))  # text among numbers
    return bool(np.isclose(got, want, rtol=RTOL, atol=atol, equal_nan=True).all())


def swapped(got: Sequence[Any], want: Sequence[Any]) -> tuple[int, int] | None:
    """Find the two entries of a returned tuple that have changed places, counted from 0."""
    for i, j in combinations(range(len(want)), 2):
        order = list(got)
        order[i], order[j] = got[j], got[i]
        if all(map(same, order, want)) and not same(want[i], want[j]):
            return i, j
    return None


def telling(results: Sequence[Result]) -> bool:
    """Whether the right values are varied enough to tell rules apart: two of them, neither 0."""
    wants = np.concatenate([r.want.ravel() for r in results]).astype(float)
    return np.unique(np.round(wants[np.abs(wants) > ATOL], 9)).size >= 2
