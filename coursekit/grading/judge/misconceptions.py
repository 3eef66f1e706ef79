"""Find the known mistake that an answer makes, by what it does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.grading.judge.answer_proxy import Log
from coursekit.grading.judge.comparison import as_numbers
from coursekit.grading.judge.values import RemoteObject
from coursekit.grading.judge.verdict import TestResult


@dataclass(frozen=True)
class Mistake:
    """A known mistake.

    Attributes
    ----------
    says : str
        A tutor's sentence.
    failed : frozenset of str
        The tests that an answer with this mistake fails.
    logs : dict
        The calls of such an answer in each test.
    """

    says: str
    failed: frozenset[str]
    logs: Mapping[str, Log]


def name_mistake(results: Iterable[TestResult], mistakes: Iterable[Mistake]) -> str | None:
    """Find the known mistake that fails the same tests and returns the same values.

    If none does, because more is wrong or not everything is written, find one that explains some of
    the failed tests: all that it fails, with the values that it returns there.

    Returns
    -------
    str or None
        Its sentence.
    """
    tried = {result.test: result for result in results}
    failed = {test for test, result in tried.items() if not result.passed}
    part = None
    for mistake in mistakes if failed else ():
        fits = set() < mistake.failed <= failed and _explains(mistake, tried, mistake.failed)
        if fits and mistake.failed == failed and _explains(mistake, tried, tried):
            return mistake.says
        part = part or (mistake.says if fits else None)
    return part


def _explains(mistake: Mistake, tried: Mapping[str, TestResult], tests: Iterable[str]) -> bool:
    return all(
        test in mistake.logs and _same(tried[test].student, mistake.logs[test]) for test in tests
    )


def _same(one: Log, other: Log) -> bool:
    if one.notes or other.notes:
        return alike(one.notes, other.notes)
    left, right = ([(call.error, call.value) for call in log.calls] for log in (one, other))
    return alike(left, right)


def alike(one: Any, other: Any) -> bool:
    """Whether two plain values agree to a relative 1e-6; a list may equal an array."""
    left, right = as_numbers(one), as_numbers(other)
    if left is not None and right is not None:
        if (left.dtype.kind == "b") != (right.dtype.kind == "b") or left.shape != right.shape:
            return False
        return bool(np.allclose(left, right, rtol=1e-6, atol=1e-9, equal_nan=True))
    if isinstance(one, RemoteObject) and isinstance(other, RemoteObject):
        return one.kind == other.kind
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    return type(one) is type(other) and bool(one == other)
