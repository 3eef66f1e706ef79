"""Write strings, f-strings and docstrings as Python code, in pieces that fit on a line."""

import re
import textwrap

WIDTH = 100
THIN = "\u202f"  # in thousands; the code shows it as it is
_FIELD = r"\{(?:[^{}]|\{[^{}]*\})+\}"
_PART_OF_TEMPLATE = re.compile(r"\{\{|\}\}|" + _FIELD + r"|[^{}]+", re.DOTALL)
_UNIT_OF_TEMPLATE = re.compile(r"(?:\{\{|\}\}|" + _FIELD + r"|[^\s{}])+\s*|\s+", re.DOTALL)
_UNIT = re.compile(r"\S+\s*|\s+")


def string_units(text: str, quote: str, raw: bool) -> list[str]:
    """Return the words of a string as they stand between quotes."""
    return [_escaped(unit, quote, raw) for unit in _UNIT.findall(text)]


def template_units(template: str, inside: dict[str, str], quote: str, raw: bool) -> list[str]:
    """Return the words of a template as they stand between quotes.

    Parameters
    ----------
    template : str
    inside : dict
        The code of each expression that a field may hold, in the new language.
    quote : str
    raw : bool

    Raises
    ------
    ValueError
        If a field has another expression, or one that can't stand between these quotes.
    """
    return [_filled(unit, inside, quote, raw) for unit in _UNIT_OF_TEMPLATE.findall(template)]


def _escaped(text: str, quote: str, raw: bool) -> str:
    """Write a piece of a string as it stands between quotes."""
    if raw:
        if quote in text or not text.replace(THIN, "").isprintable():
            raise ValueError(f"a raw string can't hold {text!r}")
        return text
    body = repr("'\"" + text)[4:-1].replace("\\'", "'").replace(ascii(THIN)[1:-1], THIN)
    return body.replace(quote, "\\" + quote)


def _filled(template: str, inside: dict[str, str], quote: str, raw: bool) -> str:
    """Write a piece of a template as code, with the expressions as they are in the new language."""
    written = ""
    for part in _PART_OF_TEMPLATE.findall(template):
        if part in ("{{", "}}") or part[0] != "{":
            written += _escaped(part, quote, raw)
            continue
        known = [e for e in inside if part == f"{{{e}}}" or part.startswith((f"{{{e}!", f"{{{e}:"))]
        if not known:
            raise ValueError(f"the field {part} is not in the English text")
        expression = max(known, key=len)
        code = inside[expression]
        if quote in code or "\\" in code:
            raise ValueError(f"quotes in the field {part}: {code}")
        rest = part[len(expression) + 1 : -1]
        nested = re.sub(r"\{[^{}]+\}", lambda f: _filled(f[0], inside, quote, raw), rest)
        written += "{" + " " * code.startswith("{") + code + nested + "}"
    return written


def in_lines(begin: str, units: list[str], quote: str, indent: str, room: int) -> list[str]:
    """Return a string on one line if there is room, else in pieces, one a line."""
    whole = begin + "".join(units) + quote
    if len(whole) <= room:
        return [whole]
    most = max(WIDTH - len(indent) - 12, 40)
    pieces = [""]
    for unit in units:
        if pieces[-1] and len(pieces[-1]) + len(unit) > most:
            pieces.append("")
        pieces[-1] += unit
    return [begin + piece + quote for piece in pieces]


def docstring(text: str, indent: str) -> str:
    raw = "r" if "\\" in text else ""
    quotes, room = '"""', WIDTH - len(indent)
    if "\n" not in text and len(raw + quotes + text + quotes) <= room:
        return raw + quotes + text + quotes
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        width = room - len(raw + quotes) * (not lines)
        lines += ["", *(paragraph.split("\n") if "\n" in paragraph else wrapped(paragraph, width))]
    rest = "".join(f"\n{(indent + line).rstrip()}" for line in [*lines[2:], quotes])
    return raw + quotes + lines[1] + rest


def wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
