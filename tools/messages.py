"""Update the catalogues of the package's own messages, and compile them.

    .venv/bin/python tools/messages.py        # after a message has been changed or added
    .venv/bin/python tools/messages.py de     # the same, and begin a catalogue of another language

A message is the literal that `say`, `say_n` or `mark` of `coursekit.language` gets, or `say`,
`sayN` or `mark` in a widget's JavaScript. A changed one keeps its translation, marked as fuzzy: a
person must look at it. Until then people read it in English.
"""

import argparse
import ast
from collections.abc import Iterator
from pathlib import Path

import polib

from coursekit.translation import catalogue
from coursekit.translation.course_texts import Text
from coursekit.widgets.base.words import texts

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "coursekit" / "locale"

Message = tuple[str, ...]  # one text, or what is said of one and of many


def messages(root: Path = ROOT) -> dict[Message, list[str]]:
    """Return all messages of the package, each with the files that hold it."""
    found: dict[Message, list[str]] = {}
    for file in sorted((root / "coursekit").rglob("*")):
        if file.suffix == ".js":
            said = texts(file.read_text(encoding="utf-8"))
        elif file.suffix == ".py":
            said = python_messages(file.read_text(encoding="utf-8"), str(file))
        else:
            continue
        for message in said:
            places = found.setdefault(message, [])
            places += [file.relative_to(root).as_posix()]
    return found


def python_messages(source: str, name: str = "") -> Iterator[Message]:
    """Yield the messages of a module, also those inside f-strings.

    Raises
    ------
    ValueError
        If what is translated is put together, or made by an f-string.
    """
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id in ("say", "mark"):
            for text in _literals(node.args[0], name):
                yield (text,)
        elif node.func.id == "say_n":
            one, many = ([*_literals(text, name)] for text in node.args[1:3])
            yield from ((one[0], many[0]) for _ in one[:1] if many)


def _literals(node: ast.expr, name: str) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            if text:
                yield text
        case ast.IfExp(body=one, orelse=other):
            yield from (*_literals(one, name), *_literals(other, name))
        case ast.JoinedStr() | ast.BinOp():
            raise ValueError(f"{name}, line {node.lineno}: a message must be one whole literal")


def updated(before: polib.POFile, found: dict[Message, list[str]], language: str) -> polib.POFile:
    """Return a catalogue of these messages with the translations of another one."""
    texts = (Text(m[0], "", place, *m[1:]) for m, places in found.items() for place in places)
    after = catalogue.updated(before, texts, language)
    after.wrapwidth = 100
    return after


def waiting(book: polib.POFile) -> list[str]:
    """Return the messages that people still read in English."""
    return [entry.msgid for entry in book if catalogue.is_waiting(entry)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("new", nargs="*", metavar="language")
    new = parser.parse_args().new
    found = messages()
    for language in sorted({*new, *(path.name for path in LOCALE.iterdir())}):
        file = LOCALE / language / "LC_MESSAGES" / "coursekit.po"
        file.parent.mkdir(parents=True, exist_ok=True)
        book = updated(catalogue.read(file), found, language)
        book.save(str(file))
        book.save_as_mofile(str(file.with_suffix(".mo")))
        print(f"{file.relative_to(ROOT)}: {len(book)} messages, {len(waiting(book))} waiting")


if __name__ == "__main__":
    main()
