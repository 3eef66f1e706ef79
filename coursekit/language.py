"""The language in which the package speaks to people: English, or that of a catalogue.

A sentence is written in English where it is needed, whole and with named fields; its translation
is in ``locale/<language>/LC_MESSAGES/coursekit.po``. The language is never that of the operating
system.
"""

from __future__ import annotations  # Python 3.9 reads it for bootstrap.py's message

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

ENGLISH = "en"
_FOLDER = os.path.join(os.path.dirname(__file__), "locale")
_spoken = ENGLISH  # of the process: a kernel calls a widget back in any of its threads
_for_now: ContextVar[str | None] = ContextVar("language", default=None)


class Sentence(str):
    """A translated sentence, which remembers what it is in English.

    Attributes
    ----------
    english : str
        By which a known mistake is recognised in every language.
    """

    english: str

    @classmethod
    def of(cls, text: str, english: str) -> str:
        """Return a text that remembers its English, if that is another."""
        if text == english:
            return text
        sentence = cls(text)
        sentence.english = english
        return sentence


def languages() -> list[str]:
    """Return the languages that can be spoken; English is the first."""
    return [ENGLISH, *sorted(name for name in os.listdir(_FOLDER) if os.path.isfile(_file(name)))]


def language() -> str:
    """Return the language that is spoken now, such as ``"ru"``."""
    return _for_now.get() or _spoken


def folder_language(folder: str | os.PathLike[str]) -> str:
    """Return the language of a course, as the file ``LANGUAGE`` has it; without one, English."""
    try:
        with open(os.path.join(folder, "LANGUAGE"), encoding="utf-8") as file:
            named = file.read().strip()
    except (OSError, UnicodeDecodeError):
        return ENGLISH
    return named if named in languages() else ENGLISH


def speak(language: str) -> None:
    """Choose the language of this process, such as a notebook's kernel.

    Parameters
    ----------
    language : str
        Such as ``"ru"``.

    Raises
    ------
    ValueError
        If there is no catalogue of this language.
    """
    global _spoken
    _catalogue(language)
    _spoken = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language while the body runs; parameters as for `speak`."""
    _catalogue(language)
    before = _for_now.set(language)
    try:
        yield
    finally:
        _for_now.reset(before)


def say(text: str, /, **fields: object) -> str:
    """Translate a sentence and fill in its fields: ``say("{n} of {all} tasks", n=2, all=6)``."""
    catalogue = _catalogue(language())
    if catalogue is None or not text:
        return text.format(**fields) if fields else text
    return _sentence(catalogue.gettext(text), text, fields)


def say_n(n: float, one: str, many: str, /, **fields: object) -> str:
    """Translate a sentence with a number in it, which is the field ``n``; as English counts it."""
    text = one if n == 1 else many
    fields = {"n": n, **fields}
    catalogue = _catalogue(language())
    if catalogue is None:
        return text.format(**fields)
    count = int(n) if n == int(n) else 2  # in Russian a fraction takes the form of 2
    return _sentence(catalogue.ngettext(one, many, count), text, fields)


def forms(one: str, many: str) -> list[str]:
    """Return the translations for one, for a few and for many; their fields are not filled in."""
    catalogue = _catalogue(language())
    return [catalogue.ngettext(one, many, n) if catalogue else many for n in (1, 2, 5)]


def mark(text: str) -> str:
    """Mark a sentence for translation that `say` gets later, because no language is known yet."""
    return text


def english(text: str) -> str:
    """Return a sentence in English, if it is a translation that `say` has made."""
    return str(getattr(text, "english", text))


def join(*sentences: str | None) -> str:
    """Join sentences, those that there are, by spaces."""
    present = [sentence for sentence in sentences if sentence]
    return Sentence.of(" ".join(present), " ".join(map(english, present)))


def list_of(items: Iterable[object], *, either: bool = False) -> str:
    """List things in words: ``a, b and c``, or ``a, b or c``."""
    *words, last = [str(item) for item in items] or [""]
    if not words:
        return last
    before = ", ".join(words)
    if either:
        return say("{all_but_last} or {last}", all_but_last=before, last=last)
    return say("{all_but_last} and {last}", all_but_last=before, last=last)


def _sentence(translated: str, text: str, fields: dict[str, Any]) -> str:
    if not fields:
        return Sentence.of(translated, text)
    in_english = {name: getattr(value, "english", value) for name, value in fields.items()}
    return Sentence.of(translated.format(**fields), text.format(**in_english))


@cache
def _catalogue(language: str) -> Any:
    """Read a catalogue once; None is English, which needs none."""
    if language == ENGLISH:
        return None
    from gettext import GNUTranslations  # English needs no import of it

    if language not in languages():
        raise ValueError(f"language must be one of {', '.join(languages())}, got {language!r}")
    with open(_file(language), "rb") as file:
        return GNUTranslations(file)


def _file(language: str) -> str:
    return os.path.join(_FOLDER, language, "LC_MESSAGES", "coursekit.mo")
