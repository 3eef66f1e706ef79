"""The package's own messages: what `say`, `say_n` and `mark` get, in Python and in JavaScript."""

import ast
from collections.abc import Iterator
from pathlib import Path

from coursekit.translation.course_texts import Text
from coursekit.widgets.base.words import texts


def package_texts(root: Path) -> Iterator[Text]:
    """List the messages of the package in a course's folder, in the order of its files."""
    for file in sorted((root / "coursekit").rglob("*")):
        if file.suffix in (".py", ".js"):
            place, content = file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")
            found = texts(content) if file.suffix == ".js" else python_messages(content, place)
            yield from (Text(message[0], "", place, *message[1:]) for message in found)


def python_messages(source: str, place: str = "") -> Iterator[tuple[str, ...]]:
    """Yield the messages of a module, also those inside f-strings: one text, or one and many.

    Raises
    ------
    ValueError
        If what is translated is put together, or made by an f-string.
    """
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id in ("say", "mark"):
            for text in _literals(node.args[0], place):
                yield (text,)
        elif node.func.id == "say_n":
            one, many = ([*_literals(text, place)] for text in node.args[1:3])
            yield from ((one[0], many[0]) for _ in one[:1] if many)


def _literals(node: ast.expr, place: str) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            if text:
                yield text
        case ast.IfExp(body=one, orelse=other):
            yield from (*_literals(one, place), *_literals(other, place))
        case ast.JoinedStr() | ast.BinOp():
            raise ValueError(f"{place}, line {node.lineno}: a message must be one whole literal")
