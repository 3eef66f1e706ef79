"""Spaces that must not break in Russian texts; the catalogues have plain ones."""

import re

from coursekit.translation.python_literals import THIN
from coursekit.translation.words import ADDRESS, CODE, FORMULA, TAG

_KEPT = re.compile("|".join(f"(?:{p.pattern})" for p in (CODE, FORMULA, TAG, ADDRESS)), re.DOTALL)
_SHORT = "а в во до за из и или к ко на над не ни но о об от по под при с со у"
_RULES = {
    rf"(?<![\w-])({'|'.join(_SHORT.split())}) (?=\S)": "\\1\u00a0",
    r"(?<=\S) (?=—)": "\u00a0",
    r"(?<=\d) (?=[%°×])": "\u00a0",
}
"""A short word stays with the next one, a dash with the last, a unit with its number."""
#: From five digits on; what stands in brackets is an array.
_THOUSANDS = re.compile(r"(?<![\w.,\[])(?<!\d )(?:\d{2,3}|\d(?= \d{3} ))(?: \d{3})+(?!\d)")


def typeset(text: str, *, of_code: bool = False) -> str:
    """Set the spaces of a text, outside formulas, code, tags and addresses.

    In the code's strings and comments only those of numbers, which are thin.
    """
    kept: list[str] = []

    def put_away(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\x00{len(kept) - 1}\x01"

    text = _KEPT.sub(put_away, text)
    text = _THOUSANDS.sub(lambda found: found[0].replace(" ", THIN), text)
    for pattern, new in {} if of_code else _RULES.items():
        text = re.sub(pattern, new, text, flags=re.IGNORECASE)
    return re.sub(r"\x00(\d+)\x01", lambda found: kept[int(found[1])], text)
