"""Whether the words of a translation are those that the same English words have elsewhere.

Learnt from the catalogues themselves: an English stem and a Russian one belong together if they
occur in the same pairs again and again (Dice's coefficient). A pair never speaks for itself, and
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
        self._ranked: dict[tuple[str, bool], list[tuple[str, float]]] = {}
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
        known = english in self.pairs
        missed = {}
        total = got = 0.0
        for stem in _stems(english):
            best, most = self._best(stem, own, known)
            if most < _FIRM:
                continue
            partners = self.both[stem].keys() & after
            here = max((self._strength(stem, p, own, known) for p in partners), default=0.0)
            total, got = total + most, got + here
            missed[stem] = (most - here, best)
        if got < _LEAST * total:
            worst = sorted(missed, key=lambda stem: -missed[stem][0])[:3]
            words = ", ".join(f"{stem}… is {missed[stem][1]}…" for stem in worst)
            yield Finding("meaning", f"few words of the English text; elsewhere {words}")

    def _strength(self, stem: str, partner: str, own: frozenset[str], known: bool) -> float:
        """Return how firmly an English stem belongs to another, by all pairs but this one."""
        n, seen, together = self.english[stem], self.new[partner], self.both[stem][partner]
        if n - known < _SEEN or seen > _COMMON * len(self.pairs):
            return 0.0
        is_own = partner in own
        if together - is_own < _TOGETHER:
            return 0.0
        return 2 * (together - is_own) / (n - known + seen - is_own)

    def _best(self, stem: str, own: frozenset[str], known: bool) -> tuple[str, float]:
        """Return what an English stem belongs to most firmly, and how firmly."""
        if (stem, known) not in self._ranked:
            nothing = frozenset[str]()
            found = ((p, self._strength(stem, p, nothing, known)) for p in self.both[stem])
            firm = sorted((one for one in found if one[1]), key=lambda one: -one[1])
            self._ranked[stem, known] = firm
        # Only the strength of this pair's own stems is another without this pair.
        others = (one for one in self._ranked[stem, known] if one[0] not in own)
        mine = ((p, self._strength(stem, p, own, known)) for p in own if p in self.both[stem])
        return max([next(others, ("", 0.0)), *mine], key=lambda one: one[1])
