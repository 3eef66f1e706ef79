"""The texts of Python code: strings, templates of f-strings, docstrings and comments.

They are found by the syntax tree and the tokens, and replaced at their place: what is left alone
stays as it is, to the byte. The result still has to be formatted.
"""

import ast
import inspect
import io
import re
import tokenize
from bisect import bisect
from collections.abc import Callable, Iterator

from coursekit.translation.python_literals import (
    WIDTH,
    docstring,
    in_lines,
    string_units,
    template_units,
    wrapped,
)
from coursekit.translation.words import has_words, is_names, is_result

#: Gets the kind of a text and the text; returns what replaces it, or None to leave it.
Translate = Callable[[str, str], str | None]

_DIRECTIVE = re.compile(r"##|#\s*(noqa|type:|fmt:|ruff:|pragma|!)|#.*\bYOUR CODE HERE")
_CODE_IN_STRINGS = {"Function"}  # its argument is code


_Edit = tuple[int, int, str]  # where it begins and ends, and what comes there


def translate_code(
    source: str,
    translate: Translate,
    only: Callable[[ast.AST], bool] | None = None,
    inside_field: bool = False,
) -> str:
    """Offer every text of some code to `translate`, and return the code with the replacements.

    A text is an outermost string, adjacent pieces joined; an f-string as a template whose fields
    are written as `ast.unparse` writes them; a docstring; or a comment, those on lines of their own
    that follow each other joined. Strings inside a field are texts of their own.

    Parameters
    ----------
    source : str
        A module or a cell.
    translate : callable
        Gets the kind of a text and the text; returns what replaces it, or None to leave it.
    only : callable, optional
        Chooses the strings. Default: all of them, and the comments.
    inside_field : bool
        Whether the code is an expression inside an f-string, whose strings need other quotes.
    """
    code = _Code(source)
    found: list[tuple[int, Iterator[_Edit]]] = []
    for node, kind in _strings(ast.parse(source, mode="eval" if inside_field else "exec")):
        if only is None or only(node):
            quote = "'" if inside_field else '"'
            found.append((code.span(node)[0], _string(code, node, kind, translate, quote)))
    comments = [] if only else _comments(code.tokens)
    found += [(code.offset(*one[0].start), _comment(code, one, translate)) for one in comments]
    edits = [edit for _, made in sorted(found, key=lambda one: one[0]) for edit in made]
    for start, end, new in sorted(edits, key=lambda edit: -edit[0]):  # the end first: places stay
        source = source[:start] + new + source[end:]
    return source


class _Code:
    """Code with the offset of every place."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = source.splitlines(keepends=True)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))
        self.tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
        self.depths = [(0, 0)]  # offset, how many brackets are open from there on
        for token in self.tokens:
            if token.type == tokenize.OP and token.string in set("([{)]}"):
                depth = self.depths[-1][1] + (1 if token.string in "([{" else -1)
                self.depths.append((self.offset(*token.start) + 1, depth))

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place that counts characters, as tokens do."""
        return self.starts[line - 1] + column

    def span(self, node: ast.Constant | ast.JoinedStr) -> tuple[int, int]:
        """Return where a string begins and ends; the tree counts bytes."""

        def at(line: int, column: int) -> int:
            return self.offset(line, len(self.lines[line - 1].encode()[:column].decode()))

        end = at(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return at(node.lineno, node.col_offset), end

    def indent(self, offset: int) -> str:
        line = self.lines[bisect(self.starts, offset) - 1]
        return line[: len(line) - len(line.lstrip(" "))]

    def room(self, start: int, end: int) -> int:
        """Return how much fits into the line where a string begins, before what follows it."""
        column = start - self.starts[bisect(self.starts, start) - 1]
        return WIDTH - column - len(self.source[end:].split("\n", 1)[0])

    def in_brackets(self, offset: int) -> bool:
        return self.depths[bisect(self.depths, (offset + 1, 0)) - 1][1] > 0


def _strings(node: ast.AST) -> Iterator[tuple[ast.Constant | ast.JoinedStr, str]]:
    """Yield the outermost strings in their order, each with its kind."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Expr(ast.Constant(str()) as text):
                yield text, "docstring"
            case ast.Constant(str() as text):
                code = is_names(text) or not any(map(str.isspace, text))
                yield child, "word" if code else "string"
            case ast.JoinedStr():
                yield child, "word" if is_names(template_of(child)[0]) else "f-string"
            case ast.Call(func=ast.Name(name)) if name in _CODE_IN_STRINGS:
                pass
            case _:
                yield from _strings(child)


def _string(
    code: _Code, node: ast.Constant | ast.JoinedStr, kind: str, translate: Translate, quote: str
) -> Iterator[_Edit]:
    start, end = code.span(node)
    raw = "r" in code.source[start : start + 2].lower().partition(quote)[0]
    if isinstance(node, ast.JoinedStr):
        text, fields = template_of(node)
        inside = {field: translate_code(field, translate, inside_field=True) for field in fields}
    else:
        text, inside = str(node.value), {}
    if kind == "docstring":
        text = joined_paragraphs(text)
    new = (translate(kind, text) if has_words(text) else None) or text
    if new == text and all(before == after for before, after in inside.items()):
        return
    if kind == "docstring":
        yield start, end, docstring(new, code.indent(start))
        return
    if isinstance(node, ast.JoinedStr):
        prefix, units = "f", template_units(new, inside, quote, raw)
    else:
        prefix, units = "", string_units(new, quote, raw)
    indent = code.indent(start)
    lines = in_lines("r" * raw + prefix + quote, units, quote, indent, code.room(start, end))
    if len(lines) > 1 and not code.in_brackets(start):
        lines = ["(", *lines, ")"]
    yield start, end, f"\n{indent}".join(lines)


def template_of(node: ast.JoinedStr) -> tuple[str, list[str]]:
    """Write an f-string as a template; return it with the expressions of its fields."""
    fields: list[str] = []

    def written(part: ast.expr) -> str:
        if not isinstance(part, ast.FormattedValue):
            assert isinstance(part, ast.Constant)
            return str(part.value).replace("{", "{{").replace("}", "}}")
        expression = ast.unparse(part.value)
        fields.append(expression)
        conversion = "" if part.conversion < 0 else f"!{chr(part.conversion)}"
        specs = part.format_spec.values if isinstance(part.format_spec, ast.JoinedStr) else []
        spec = ":" + "".join(map(written, specs)) if specs else ""
        return "{" + expression + conversion + spec + "}"

    return "".join(map(written, node.values)), fields


def joined_paragraphs(text: str) -> str:
    """Join the lines of each paragraph of a docstring, unless some are indented."""
    paragraphs = inspect.cleandoc(text).strip().split("\n\n")
    kept = re.compile(r"\n\s|\n---")
    return "\n\n".join(p if kept.search(p) else p.replace("\n", " ") for p in paragraphs)


def _comments(tokens: list[tokenize.TokenInfo]) -> list[list[tokenize.TokenInfo]]:
    """Return the comments; those on lines of their own that follow each other are one text."""
    groups: list[list[tokenize.TokenInfo]] = []
    for token in tokens:
        if token.type != tokenize.COMMENT or _DIRECTIVE.match(token.string):
            continue
        before = groups[-1][-1] if groups else token
        follows = before.start == (token.start[0] - 1, token.start[1])
        if follows and before.line.lstrip()[0] == token.line.lstrip()[0] == "#":
            groups[-1].append(token)
        else:
            groups.append([token])
    return groups


def _comment(code: _Code, group: list[tokenize.TokenInfo], translate: Translate) -> Iterator[_Edit]:
    text = " ".join(token.string.lstrip("#").strip() for token in group)
    new = None if is_result(text) else translate("comment", text)
    if new is None or new == text:
        return
    start, end = code.offset(*group[0].start), code.offset(*group[-1].end)
    line = code.lines[group[0].start[0] - 1]
    column = group[0].start[1]
    indent = code.indent(start)
    if line[:column].strip() and column + 2 + len(new) > WIDTH:
        # A long remark at the end of a line goes above it.
        above = code.offset(group[0].start[0], 0)
        lines = [f"{indent}# {part}\n" for part in wrapped(new, WIDTH - len(indent) - 2)]
        yield above, above, "".join(lines)
        yield above + len(line[:column].rstrip()), end, ""
    else:
        lines = [f"# {part}" for part in wrapped(new, WIDTH - column - 2)]
        yield start, end, f"\n{indent}".join(lines)
