"""Find the known mistake that an answer makes, by what it does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coursekit.grading.judge.sketch import Sketch, sketch
from coursekit.grading.judge.verdict import TestResult
from coursekit.language import mark, say

EITHER = mark("Either: {one} Or: {other}")
BOTH = mark("{one} And: {other}")


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
        said = list(dict.fromkeys(mistake.sentence for mistake in alike))
        if len(said) > 2:
            return None
        found.append(said[0] if len(said) == 1 else say(EITHER, one=said[0], other=said[1]))
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
