"""Whether the words of a translation are those that the same English words have elsewhere.

Learnt from the catalogues themselves: an English stem and a Russian one belong together if they
stand in the same pairs again and again (Dice's coefficient). A pair never speaks for itself, and
words like "that", which many pairs have, say nothing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from coursekit.translation.checks import Finding, is_reference
from coursekit.translation.words import count_words, prose

_STEM = re.compile(r"([a-zа-яё]{3,5})[a-zа-яё]*")
_ENOUGH = 200  # pairs; fewer teach nothing
_LONG = 8  # words; shorter texts are often names
_FIRM = 0.3  # from here on two stems belong together
_LEAST = 0.35  # of what the best partners of the English stems would give
_SEEN, _TOGETHER = 4, 2  # in so many other pairs a stem must be, with its partner in so many
_COMMON = 0.1  # of all pairs: a stem that more of them have means nothing


def _stems(text: str) -> frozenset[str]:
    return frozenset(_STEM.findall(prose(text).lower()))


class Meaning:
    """How often stems stand together in pairs of texts and translations."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.english: Counter[str] = Counter()
        self.new: Counter[str] = Counter()
        self.both: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.pairs = dict(pairs)
        for pair in self.pairs.items():
            before, after = map(_stems, pair)
            self.english.update(before)
            self.new.update(after)
            for stem in before:
                self.both[stem].update(after)

    def findings(self, english: str, new: str) -> Iterator[Finding]:
        """Yield a finding if a translation has hardly any word that one would expect."""
        if len(self.pairs) < _ENOUGH or count_words(english) < _LONG or is_reference(english, new):
            return
        after = _stems(new)
        own = _stems(self.pairs.get(english, ""))
        missed = {}
        total = got = 0.0
        for stem in _stems(english):
            strengths = self._strengths(stem, own, english in self.pairs)
            best = max(strengths, key=strengths.__getitem__, default="")
            if strengths.get(best, 0) < _FIRM:
                continue
            here = max((strengths.get(partner, 0) for partner in after), default=0)
            total, got = total + strengths[best], got + here
            missed[stem] = (strengths[best] - here, best)
        if got < _LEAST * total:
            worst = sorted(missed, key=lambda stem: -missed[stem][0])[:3]
            words = ", ".join(f"{stem}… is {missed[stem][1]}…" for stem in worst)
            yield Finding("meaning", f"few words of the English text; elsewhere {words}")

    def _strengths(self, stem: str, own: frozenset[str], known: bool) -> dict[str, float]:
        """Return how firmly an English stem belongs to others, by all pairs but this one."""
        n = self.english[stem] - known
        if n < _SEEN:
            return {}
        strengths = {}
        for partner, count in self.both[stem].items():
            count -= partner in own
            if count >= _TOGETHER and self.new[partner] <= _COMMON * len(self.pairs):
                strengths[partner] = 2 * count / (n + self.new[partner] - (partner in own))
        return strengths
