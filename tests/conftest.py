"""A language for tests, in which every word of a message stands in ⟦ ⟧."""

import html
import re

import pytest

from coursekit import language

_MESSAGE = re.compile(r"⟦[^⟦⟧]*⟧")
_NO_WORDS = re.compile(r"`[^`]*`|<code.*?</code>|\$[^$]*\$|<style.*?</style>|<[^>]*>", re.DOTALL)
_WORD = re.compile(r"[A-Za-z]{2,}")


class Pseudo:
    """A catalogue that puts brackets round a message, but not round what fills its fields."""

    def gettext(self, text: str) -> str:
        return "".join(
            part if part.startswith("{") or not _WORD.search(part) else f"⟦{part}⟧"
            for part in re.split(r"(\{[^{}]*\}|`)", text)
        )

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


@pytest.fixture
def pseudo(monkeypatch):
    """Speak that language; the fixture returns the words of a text or page outside brackets."""
    catalogue = Pseudo()
    monkeypatch.setattr(language, "_catalogue", lambda name: catalogue)
    monkeypatch.setattr(language, "_spoken", "pseudo")

    def outside(text: str) -> list[str]:
        return _WORD.findall(html.unescape(_NO_WORDS.sub(" ", _MESSAGE.sub(" ", text))))

    return outside
