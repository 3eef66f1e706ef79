"""What the checks know of a language: the glossary, words that stay Latin, and the spelling.

``translations/ru/glossary.json`` holds the terms, ``latin.txt`` words in Latin letters that may
stand in a text, and ``words.txt`` words that the spelling dictionary lacks; a ``*`` at the end of a
word stands for any letters.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from coursekit.translation.words import prose

_WORD = re.compile(r"(?<![\w-])[А-Яа-яЁё]{2,}(?:-[А-Яа-яЁё]+)*(?![\w-])")
_NO_YO = re.compile(r"ен[аоы]$|(?<=йд)ен")
"""Where the dictionary has a ё that nobody writes: in short participles, «учтена» and «включены»,
whose stress moves to the end, and in «найден», «пройдено»."""


@dataclass(frozen=True)
class Term:
    """A term, how it is found in English, and the stem that its translation must contain."""

    english: str
    translation: str
    pattern: re.Pattern[str]
    stem: re.Pattern[str]


class LanguageData:
    """The terms and words of one language, read from its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def terms(self) -> list[Term]:
        """The terms that are checked, longer ones first."""
        path = self._folder / "glossary.json"
        entries = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        found = []
        for one in (entry for entry in entries if "stem" in entry):
            pattern = re.compile(rf"(?<![\w-])(?:{one['pattern']})(?![\w-])", re.IGNORECASE)
            stem = re.compile(one["stem"], re.IGNORECASE)
            found.append(Term(one["english"], one["translation"], pattern, stem))
        return sorted(found, key=lambda term: -len(term.english))

    def _lines(self, name: str) -> list[str]:
        path = self._folder / name
        return path.read_text(encoding="utf-8").split() if path.exists() else []

    @cached_property
    def latin(self) -> set[str]:
        """The words in Latin letters that may stand in a text."""
        return set(self._lines("latin.txt"))

    @cached_property
    def _known(self) -> re.Pattern[str]:
        words = [word.replace("*", r"\w*") for word in self._lines("words.txt")]
        words = [word if word[0].isupper() else f"(?i:{word})" for word in words]
        return re.compile("|".join(words) or "(?!)")

    def misspelt(self, texts: Iterable[str]) -> Mapping[str, str]:
        """Return the words of some texts that are unknown or lack their ё, with what is wrong.

        Without hunspell and its dictionary of the language there is nothing to look into: empty.
        """
        words = {w for text in texts for w in words_of(text) if not self._known.fullmatch(w)}
        with_yo = {
            word[:n] + "ё" + word[n + 1 :]: word
            for word in words
            if not {"ё", "-"} & set(word.lower())
            for n, letter in enumerate(word)
            if letter == "е" and not _NO_YO.match(word, n)
        }
        if not can_spell():
            return {}
        unknown = _unknown([*words, *with_yo])
        lacking = {w: f"{w} is written {yo}" for yo, w in with_yo.items() if yo not in unknown}
        return lacking | {w: f"{w} is not in the dictionary" for w in words & unknown}


def words_of(text: str) -> list[str]:
    """Return the Russian words of a text."""
    return _WORD.findall(prose(text))


def can_spell() -> bool:
    """Whether hunspell is here, with a Russian dictionary."""
    if shutil.which("hunspell") is None:
        return False
    return _unknown(["корова", "карова"]) == {"карова"}


def _unknown(words: list[str]) -> set[str]:
    done = subprocess.run(
        ["hunspell", "-i", "utf-8", "-d", "ru_RU", "-l"],
        input="\n".join(words),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return set(done.stdout.split())
