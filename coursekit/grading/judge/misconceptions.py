"""Find the known mistake that an answer makes, by what it does.

What it does is recognised by a sketch: a few numbers from which no value can be read.
"""

import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.grading.judge.answer_proxy import Log
from coursekit.grading.judge.comparison import as_numbers
from coursekit.grading.judge.values import RemoteObject
from coursekit.grading.judge.verdict import TestResult
from coursekit.language import mark, say

EITHER = mark("Either: {one} Or: {other}")
BOTH = mark("{one} And: {other}")
_SCALE = 1e3  # numbers below 1/1000 count by their differences, larger ones by their ratios
_NEAR = 1e-5
_ODD = {"nan": 50.0, "inf": 100.0, "-inf": -100.0}  # larger than what any finite number becomes


@dataclass(frozen=True)
class Sketch:
    """What an answer did in a test: kinds and shapes as a digest, numbers as two weighted sums.

    Equal behaviour gives equal sums up to rounding, other behaviour practically never does.

    Attributes
    ----------
    digest : str
        Of kinds, shapes, texts and exceptions.
    count : int
        How many numbers there were.
    sums : tuple of float
        Of all numbers, with two sets of weights.
    """

    digest: str
    count: int
    sums: tuple[float, float]

    def is_like(self, other: "Sketch") -> bool:
        """Whether both are of the same behaviour."""
        same = (self.digest, self.count) == (other.digest, other.count)
        return same and all(
            math.isclose(a, b, rel_tol=_NEAR, abs_tol=_NEAR)
            for a, b in zip(self.sums, other.sums, strict=True)
        )


def sketch(log: Log) -> Sketch:
    """Sketch the values that count in a log: of its cases, else its calls."""
    numbers: list[float] = []
    if log.cases:
        seen: Any = log.cases
    else:
        seen = [[call.error, call.value] for call in log.calls]
    structure = repr(_structure(seen, numbers))
    digest = hashlib.sha256(structure.encode()).hexdigest()[:8]
    if not numbers:
        return Sketch(digest, 0, (0.0, 0.0))
    values = np.array(numbers)
    finite = np.arcsinh(_SCALE * np.where(np.isfinite(values), values, 0))
    for name, instead in _ODD.items():
        finite[np.isnan(values) if name == "nan" else values == float(name)] = instead
    # A generator whose stream NumPy has promised never to change.
    weights = np.random.RandomState(0).random_sample((len(values), 2)) + 0.5
    sums = finite @ weights / math.sqrt(len(values))
    return Sketch(digest, len(values), (round(float(sums[0]), 6), round(float(sums[1]), 6)))


def _structure(value: Any, numbers: list[float]) -> Any:
    array = as_numbers(value)
    if array is not None and array.dtype.kind in "biuf":
        numbers += array.ravel().astype(float).tolist()
        return ("bool" if array.dtype.kind == "b" else "number", array.shape)
    if isinstance(value, (list, tuple)):
        return [_structure(item, numbers) for item in value]
    if isinstance(value, dict):
        if "error" in value and "message" in value:
            return ("error", value["error"], _core(str(value["message"])))
        return [(key, _structure(item, numbers)) for key, item in value.items()]
    return value.kind if isinstance(value, RemoteObject) else value


def _core(message: str) -> str:
    """An exception's sentence without what depends on how the answer is written."""
    return re.sub(r"`[^`]*`|in line \d+", "", message)


@dataclass(frozen=True)
class Mistake:
    """A known mistake, or two that are made together.

    Attributes
    ----------
    says : tuple of str
        A tutor's sentence about each.
    failed : frozenset of str
        The tests that an answer with this mistake fails.
    sketches : dict
        What such an answer does in each test of the functions concerned: those that are called in
        any of the tests that it fails.
    """

    says: tuple[str, ...]
    failed: frozenset[str]
    sketches: Mapping[str, Sketch]

    @property
    def sentence(self) -> str:
        """What a tutor would say."""
        return (
            self.says[0] if len(self.says) == 1 else say(BOTH, one=self.says[0], other=self.says[1])
        )

    @property
    def has_evidence(self) -> bool:
        """Whether any test it fails has a value: an exception alone may have many causes."""
        return any(self.sketches[test].count for test in self.failed if test in self.sketches)


def name_mistake(results: Iterable[TestResult], mistakes: Iterable[Mistake]) -> str | None:
    """Name the known mistake that does what the answer does.

    It must fit in every test of the functions concerned. Mistakes in different functions are both
    named; if two fit equally, both are offered.

    Parameters
    ----------
    results : iterable of TestResult
        Of one task.
    mistakes : iterable of Mistake
        The known ones of this task.

    Returns
    -------
    str or None
        Its sentence, or those of two.
    """
    tried = {result.test: result for result in results}
    if all(result.passed for result in tried.values()):
        return None
    sketches = {test: sketch(result.student) for test, result in tried.items()}
    fitting = [
        mistake
        for mistake in mistakes
        if mistake.failed and mistake.has_evidence and _fits(mistake, tried, sketches)
    ]
    # One that explains more leaves nothing for another that explains a part of it.
    single = [mistake for mistake in fitting if len(mistake.says) == 1]
    known = [m for m in single if not any(m.failed < other.failed for other in single)]
    known += [
        pair for pair in fitting if pair not in single and not any(_overlap(pair, m) for m in known)
    ]
    found = []
    while known:
        alike = [mistake for mistake in known if _overlap(mistake, known[0])]
        known = [mistake for mistake in known if mistake not in alike]
        named = list(dict.fromkeys(mistake.sentence for mistake in alike))
        if len(named) > 2:
            return None
        found.append(named[0] if len(named) == 1 else say(EITHER, one=named[0], other=named[1]))
    if not found:
        return None
    return found[0] if len(found) == 1 else say(BOTH, one=found[0], other=found[1])


def _overlap(one: Mistake, other: Mistake) -> bool:
    return bool(one.failed & other.failed)


def _fits(
    mistake: Mistake, tried: Mapping[str, TestResult], sketches: Mapping[str, Sketch]
) -> bool:
    for test, expected in mistake.sketches.items():
        result = tried.get(test)
        if result is None or result.status in ("skipped", "fault"):
            return False
        if result.passed == (test in mistake.failed) or not expected.is_like(sketches[test]):
            return False
    return True
