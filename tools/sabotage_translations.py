"""Damage translations, and count how often the checks notice: python tools/sabotage_translations.py

Each kind of damage is done 500 times, to texts of eight words or more that the checks are content
with. Fails if less than 98 % of one kind are noticed. The draws are always the same ones.
"""

import argparse
import random
import re
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise

from coursekit.grading.course.paths import find_course
from coursekit.translation.catalogue import folder, kinds_of, read
from coursekit.translation.catalogue_checks import meaning_of, names_of
from coursekit.translation.checks import ABBREVIATION, END, findings, is_reference
from coursekit.translation.language_data import LanguageData
from coursekit.translation.words import ADDRESS, CODE, FIELD, FORMULA, TAG, count_words, prose

TRIALS, NOTICED, LONG = 500, 0.98, 8
DIGIT = re.compile(r"\d")
Pair = tuple[set[str], str, str, set[str]]  # kinds, English, translation, the code's names


def exchange(text: str, span: tuple[int, int], new: str) -> str:
    return text[: span[0]] + new + text[span[1] :]


def altered(pattern: re.Pattern[str], draw: random.Random, text: str) -> str | None:
    """Change one character inside one formula, number, or span of code."""
    found = [match.span() for match in pattern.finditer(text)]
    if not found:
        return None
    start, end = draw.choice(found)
    places = [n for n in range(start, end) if text[n].isalnum() and text[n].isascii()]
    if not places:
        return None
    place = draw.choice(places)
    new = draw.choice(
        [c for c in ("0123456789" if text[place].isdigit() else "abxyz") if c != text[place]]
    )
    return exchange(text, (place, place + 1), new)


def sentences(text: str) -> list[str]:
    """Cut a text after its sentences, as the checks see them."""
    seen = text
    for pattern in (CODE, FORMULA, TAG, ADDRESS, ABBREVIATION):
        seen = pattern.sub(lambda found: "¤" * len(found[0]), seen)
    ends = [found.end() for found in END.finditer(seen)]
    return [text[a:b] for a, b in pairwise([0, *ends, len(text)]) if text[a:b].strip()]


def number(draw: random.Random, pair: Pair) -> str | None:
    """Change a digit of the prose."""
    kept = [m.span() for p in (CODE, FORMULA, FIELD) for m in p.finditer(pair[2])]
    places = [
        m.start()
        for m in DIGIT.finditer(pair[2])
        if not any(a <= m.start() < b for a, b in kept) and m[0] in prose(pair[2])
    ]
    if not places or not DIGIT.search(prose(pair[2])):
        return None
    place = draw.choice(places)
    return exchange(
        pair[2], (place, place + 1), draw.choice("0123456789".replace(pair[2][place], ""))
    )


def dropped(draw: random.Random, pair: Pair) -> str | None:
    """Leave out a sentence."""
    parts = sentences(pair[2])
    if len(parts) < 2:
        return None
    del parts[draw.randrange(len(parts))]
    return "".join(parts).strip()


def english(draw: random.Random, pair: Pair) -> str | None:
    """Leave a sentence, or all, in English; a publication keeps its title."""
    if is_reference(*pair[1:3]):
        return None
    before, after = sentences(pair[1]), sentences(pair[2])
    if len(before) != len(after) or len(after) < 2:
        return pair[1]
    n = draw.choice([n for n, one in enumerate(before) if len(prose(one).split()) > 2] or [0])
    return "".join([*after[:n], before[n], *after[n + 1 :]])


def fields(draw: random.Random, pair: Pair) -> str | None:
    """Exchange two fields."""
    found = [m.span() for m in FIELD.finditer(pair[2])] if pair[0] & {"string", "f-string"} else []
    pairs = [
        (a, b) for a in found for b in found if a < b and pair[2][slice(*a)] != pair[2][slice(*b)]
    ]
    if not pairs:
        return None
    a, b = draw.choice(pairs)
    first, second = pair[2][slice(*a)], pair[2][slice(*b)]
    return exchange(exchange(pair[2], b, first), a, second)


def damages(pairs: list[Pair]) -> dict[str, Callable[[random.Random, Pair], str | None]]:
    def another(draw: random.Random, pair: Pair) -> str | None:
        """Put the translation of another text of this kind in its place."""
        others = [p[2] for p in pairs if p[0] & pair[0] and p[2] != pair[2]]
        return draw.choice(others) if others else None

    return {
        "another text's translation": another,
        "a sentence is missing": dropped,
        "a number": number,
        "a formula": lambda draw, pair: altered(FORMULA, draw, pair[2]),
        "a span of code": lambda draw, pair: altered(CODE, draw, pair[2]),
        "a sentence in English": english,
        "two fields exchanged": fields,
    }


def main(language: str) -> int:
    place = folder(find_course(), language)
    data, paths = LanguageData(place), sorted(place.rglob("*.po"))
    meaning, books = meaning_of(paths), {path: read(path) for path in paths}

    def found(pair: Pair) -> Iterator[str]:
        yield from (one.name for one in findings(*pair[:3], data, pair[3]))
        yield from (one.name for one in meaning.findings(*pair[1:3]))

    pairs: list[Pair] = []
    for path, book in books.items():
        names = names_of(find_course(), language, path, book)
        every = (e for e in book if e.translated() and not e.msgid_plural and not e.tcomment)
        pairs += [(kinds_of(e), e.msgid, e.msgstr, names) for e in every]
    pairs = [p for p in pairs if count_words(p[1]) >= LONG and not any(found(p))]
    failed = []
    for name, damage in damages(pairs).items():
        draw = random.Random(name)
        made = noticed = 0
        missed: list[str] = []
        for pair in draw.choices(pairs, k=150 * TRIALS) if pairs else ():
            new = damage(draw, pair)
            if new is None or new == pair[2]:
                continue
            made += 1
            if any(found((*pair[:2], new, pair[3]))):
                noticed += 1
            else:
                missed.append(f"    {pair[1][:70]!r} -> {new[:70]!r}")
            if made == TRIALS:
                break
        print(f"{name}: {noticed} of {made} noticed")
        print(*missed[:5], sep="\n")
        if noticed < NOTICED * made:
            failed.append(name)
    print(f"{len(pairs)} pairs; " + (f"failed: {', '.join(failed)}" if failed else "all noticed"))
    return 1 if failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language", nargs="?", default="ru")
    sys.exit(main(parser.parse_args().language))
