"""Spaces that must not break in Russian prose; the catalogues have plain ones."""

import re

from coursekit.translation.words import ADDRESS, CODE, FORMULA, TAG

_KEPT = re.compile("|".join(f"(?:{p.pattern})" for p in (CODE, FORMULA, TAG, ADDRESS)), re.DOTALL)
_SHORT = "а в во до за из и или к ко на над не ни но о об от по под при с со у"
_RULES = [
    (re.compile(rf"(?<![\w-])({'|'.join(_SHORT.split())}) (?=\S)", re.IGNORECASE), "\\1\u00a0"),
    (re.compile(r"(?<=\S) (?=—)"), "\u00a0"),
    (re.compile(r"(?<=\d) (?=[%°×])"), "\u00a0"),
    (re.compile(r"(?<![\d.])(?<!\d )(\d{1,3}) (?=\d{3}(?!\d))"), "\\1\u202f"),
    (re.compile(r"(?<=\u202f)(\d{3}) (?=\d{3}(?!\d))"), "\\1\u202f"),
]
"""A short word stays with the next one, a dash with the last, a unit with its number, and the
thousands with the hundreds."""


def typeset(text: str) -> str:
    """Set the spaces of a Markdown text, outside formulas, code, tags and addresses."""
    kept: list[str] = []

    def put_away(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\x00{len(kept) - 1}\x01"

    text = _KEPT.sub(put_away, text)
    for pattern, new in _RULES:
        text = pattern.sub(new, text)
    return re.sub(r"\x00(\d+)\x01", lambda found: kept[int(found[1])], text)
