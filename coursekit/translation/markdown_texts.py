"""The texts of a Markdown page: its leaf blocks, listed and replaced in one walk."""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from coursekit.translation.python_texts import Translate, translate_code
from coursekit.translation.words import has_words

PARSER = MarkdownIt("commonmark").enable("table")
PARSER.use(dollarmath_plugin, double_inline=True).use(colon_fence_plugin)
_BLOCK_TAG = re.compile(r"(</?(?:details|summary|div|p|table|tr|td|th|ul|li|center)\b[^>]*>)")
_CAPTION = re.compile(r"(:caption: )(.*)")
_REMARK = re.compile(r"((?:.*\s)?# +)(.*)")  # in a block of commands


def translate_markdown(source: str, translate: Translate) -> str:
    """Offer every text of a page to `translate`, and return the page with the replacements.

    Lines that are wrapped by hand are joined in a text. What `translate` leaves alone stays as it
    is, to the byte.

    Parameters
    ----------
    source : str
        A page, or a Markdown cell.
    translate : callable
        Gets the kind of a text and the text.
    """
    lines = source.split("\n")
    tokens = PARSER.parse(source)
    edits: list[tuple[int, int, list[str]]] = []
    for number, token in enumerate(tokens):
        if token.map is None or not token.type.endswith(("open", "block", "fence")):
            continue
        first, end = token.map
        while end > first and not lines[end - 1].strip(" >"):
            end -= 1
        old = lines[first:end]
        new = _block(token, tokens[number + 1 :], old, translate)
        if new is not None and new != old:
            edits.append((first, end, new))
    for first, end, new in reversed(edits):
        lines[first:end] = new
    return "\n".join(lines)


def _block(
    token: Token, rest: list[Token], old: list[str], translate: Translate
) -> list[str] | None:
    """Return the new lines of a leaf block, or None for what is not a leaf or has no text."""
    match token.type:
        case "paragraph_open" | "heading_open":
            kind = token.type.removesuffix("_open")
            return _wrapped(kind, old, rest[0].content.split("\n"), translate)
        case "table_open":
            return _kept_lines("table", old, translate)
        case "math_block":
            return _kept_lines("formula", old, translate)
        case "html_block":
            pieces = _BLOCK_TAG.split("\n".join(old))
            return "".join(_piece(piece, translate) for piece in pieces).split("\n")
        case "fence" if token.info.split()[:1] == ["python"]:
            indent = old[0][: old[0].index(token.markup)]
            code = translate_code(token.content.removesuffix("\n"), translate)
            return [old[0], *((indent + line).rstrip() for line in code.split("\n")), old[-1]]
        case "fence" if token.info.strip() == "text":
            return [old[0], *(_kept_lines("diagram", old[1:-1], translate) or old[1:-1]), old[-1]]
        case "fence" if not token.info.strip():
            return [_part("comment", _REMARK, line, translate) for line in old]
        case "colon_fence" if token.info == "{glossary}":
            return _glossary(old, translate)
        case "colon_fence":
            return [_part("caption", _CAPTION, line, translate) for line in old]
    return None


def _offer(kind: str, text: str, translate: Translate) -> str | None:
    new = translate(kind, text) if has_words(text) else None
    return None if new == text else new


def _wrapped(
    kind: str, old: list[str], content: list[str], translate: Translate
) -> list[str] | None:
    """Translate lines that belong together; only where a break is meant, a line ends in a text."""
    broken = [line + ("\n" if re.search(r"  $|\\$", line) else " ") for line in content]
    new = _offer(kind, "".join(broken).rstrip(), translate)
    if new is None:
        return None
    before = [line[: line.rindex(part.strip())] for line, part in zip(old, content, strict=False)]
    return [
        before[min(number, len(before) - 1)] + line for number, line in enumerate(new.split("\n"))
    ]


def _kept_lines(kind: str, old: list[str], translate: Translate) -> list[str] | None:
    """Translate a block whose lines have a meaning, such as the rows of a table."""
    indent = old[0].removesuffix(old[0].lstrip(" >"))
    new = _offer(kind, "\n".join(line.removeprefix(indent) for line in old), translate)
    return None if new is None else [indent + line for line in new.split("\n")]


def _piece(piece: str, translate: Translate) -> str:
    """Translate what stands between two tags of blocks."""
    text = piece.strip()
    new = None if _BLOCK_TAG.fullmatch(piece) else _offer("html", " ".join(text.split()), translate)
    return piece if new is None else piece.replace(text, new)


def _part(kind: str, pattern: re.Pattern[str], line: str, translate: Translate) -> str:
    """Translate what the second group of a pattern finds in a line."""
    found = pattern.fullmatch(line)
    new = _offer(kind, found[2], translate) if found else None
    return found[1] + new if found and new else line


def _glossary(old: list[str], translate: Translate) -> list[str]:
    """Translate terms, lines of their own, and the indented paragraphs that explain them."""
    new, group = [old[0]], list[str]()
    for line in [*old[1:-1], ""]:
        if group and (not line.strip() or line[0].isspace() != group[0][0].isspace()):
            kind = "explanation" if group[0][0].isspace() else "term"
            content = [part.strip() for part in group]
            new += _wrapped(kind, group, content, translate) or group
            group = []
        if line.strip():
            group.append(line)
        else:
            new.append(line)
    return [*new[:-1], old[-1]]
