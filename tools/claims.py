"""Lists the claims in the lectures' prose that no computation holds.

python tools/claims.py            # those of all lectures
python tools/claims.py 10 11      # of some
python tools/claims.py --store    # the list that tests/project/test_claims.py compares with

A claim is a number, or a word such as "never" or "best", in a sentence of a Markdown cell. What
holds it is the message of an assertion, which repeats the sentence or a part of it::

    assert worst == "R", "only ReLU is clearly missed"

A number is also held where a code cell of the same section prints it, asserts it, or sets it; a
percentage must be printed or asserted, since nobody sets it. Questions, instructions, goals,
definitions and bounds of a formula ("at most") claim nothing that could be measured. Not counted
either are digits that stand alone, formulas, code, tables, headings, the first cell and the
references below "## Sources".
"""

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LIST = ROOT / "tests" / "project" / "untied_claims.json"

WORDS = re.compile(
    r"\b(none|every|always|never|best|worst|(?<!at )most|fewest|largest|smallest|hardly"
    r"|(?:do|does|did) not help|helps nothing|no better|(?:times|twice|half) as \w+)\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?!\w|[.,]\d| ·)")
#: Numbers that name a place, a topic or a year.
NAMES = re.compile(
    r"\b(?:lectures?|sections?|chapters?|exercises?|algorithm|equation|layers?|steps?|rounds?"
    r"|figures?|cell|class|classes|digits?)\s+\d[\d.]*(?:(?:,| and| to)\s+\d+)*"
    r"|\b(?:19|20)\d\d\b|\[\d+\]",
    re.IGNORECASE,
)
#: Sentences that ask, tell the reader what to do, or fix what a word means.
NO_CLAIM = re.compile(
    r"\?[)\"”]*$"
    r"|^(?:goal:|predict:|if you (?:answered|gave|took)|for example, try"
    r"|(?:then |now |next |first |finally |and )?(?:add|begin|choose|compare|compute|count|divide"
    r"|draw|drag|find|follow|give|go|hold|imagine|keep|leave|let|look|make|move|multiply|note|press"
    r"|put|read|remember|repeat|run|say|set|start|stop|suppose|take|think|train|try|turn|use|walk"
    r"|watch|write)\b)"
    r"|\b(?:is|are) called\b|\bthe word \w+ means\b|\bwe (?:call|write)\b",
    re.IGNORECASE,
)
HIDDEN = re.compile(
    r"```.*?```|\$\$.*?\$\$|\$[^$\n]+\$|`[^`\n]*`|<[^>]+>|^\|[^\n]*$|^#+ [^\n]*$",
    re.DOTALL | re.MULTILINE,
)
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
END = re.compile(r"(?<=[.?!:])[)\"”*]*\s+(?=[(\"“*]*[A-Z0-9])|\n\s*(?:[-*]|\d+\.)\s+|\n\n+")


def plain(text: str) -> str:
    """Return the text in lower case, without marks and with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"[*_`]", "", text)).strip().lower()


def sentences(markdown: str) -> Iterator[str]:
    """Yield the sentences of a Markdown cell, without formulas, code, tables and headings."""
    text = LINK.sub(r"\1", HIDDEN.sub(" ", markdown))
    for sentence in END.split("\n" + text):
        joined = re.sub(r"\s+", " ", re.sub(r"[*_]", "", sentence)).strip(" -")
        if joined:
            yield joined


def assertions(source: str) -> Iterator[str]:
    """Yield the messages of a code cell's assertions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assert) and isinstance(node.msg, ast.Constant):
            yield str(node.msg.value)


def literal_reveals(source: str) -> Iterator[str]:
    """Yield the calls of ``reveal`` that are given a literal in place of a computed value."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr="reveal"), args=[ast.Constant(), *_]):
                yield ast.unparse(node)


def constants(node: ast.AST) -> Iterator[float]:
    """Yield the numbers that are written in a piece of code."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and type(part.value) in (int, float):
            yield part.value


def settings(cell: dict[str, Any]) -> Iterator[str]:
    """Yield the numbers that a code cell contains, as prose writes them."""
    for value in constants(ast.parse("".join(cell["source"]))):
        yield f"{value:g}"


def results(cell: dict[str, Any]) -> Iterator[str]:
    """Yield the numbers that a code cell asserts or prints, as prose writes them."""
    for node in ast.walk(ast.parse("".join(cell["source"]))):
        if isinstance(node, ast.Assert):
            for value in constants(node.test):
                yield f"{value:g}"
                yield f"{100 * value:g}"  # a share, in per cent
    for output in cell["outputs"]:
        text = "".join(output.get("text") or output.get("data", {}).get("text/plain", ""))
        if not text.startswith(("Predict:", "Figure:")):
            yield from (written(found) for found in NUMBER.findall(text))


def written(figure: str) -> str:
    """Return a number without separators of thousands."""
    return figure.rstrip(",").replace(",", "")


def untied(book: dict[str, Any]) -> list[str]:
    """Return the sentences of a lecture that make a claim which nothing holds."""
    cells = book["cells"][1:]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    held = [plain(message) for cell in code for message in assertions("".join(cell["source"]))]
    found: list[str] = []
    section: list[str] = []
    set_here: set[str] = set()
    shown: set[str] = set()
    for cell in [*cells, {"cell_type": "markdown", "source": "## "}]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            set_here.update(settings(cell))
            shown.update(results(cell))
            found += literal_reveals(source)
            continue
        for part in re.split(r"(?m)^(?=## )", source):
            if part.startswith("## "):
                found += [s for s in section if open_claims(s, held, set_here, shown)]
                section, set_here, shown = [], set(), set()
            section += sentences(part) if not part.startswith("## Sources") else []
    return found


def open_claims(sentence: str, held: list[str], set_here: set[str], shown: set[str]) -> list[str]:
    """Return the words and numbers of a sentence that no assertion and no output holds."""
    if NO_CLAIM.search(sentence):
        return []
    rest = plain(sentence)
    for message in held:
        rest = rest.replace(message, " ")
    rest = NAMES.sub(" ", rest)
    figures = []
    for found in NUMBER.finditer(rest):
        figure, share = written(found.group()), rest[found.end() :].lstrip().startswith("%")
        if len(figure) > 1 and figure not in shown and (share or figure not in set_here):
            figures.append(figure)
    return WORDS.findall(rest) + figures


def messages_without_text(book: dict[str, Any]) -> list[str]:
    """Return the messages of assertions that no sentence of the lecture contains."""
    text = " ".join(
        plain(sentence)
        for cell in book["cells"]
        if cell["cell_type"] == "markdown"
        for sentence in sentences("".join(cell["source"]))
    )
    return [
        message
        for cell in book["cells"]
        if cell["cell_type"] == "code"
        for message in assertions("".join(cell["source"]))
        if plain(message) not in text
    ]


def lectures() -> dict[str, dict[str, Any]]:
    """Return the stored notebooks of the lectures, by name."""
    paths = sorted((ROOT / "notebooks").glob("[0-9][0-9]*_*.ipynb"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def stored() -> dict[str, dict[str, str]]:
    """Return the list: of each lecture the untied claims, with a source or an empty text."""
    listed: dict[str, dict[str, str]] = json.loads(LIST.read_text(encoding="utf-8"))
    return listed


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("lectures", nargs="*", metavar="NN", help="such as 10; all by default")
    parser.add_argument(
        "--store", action="store_true", help="write tests/project/untied_claims.json"
    )
    options = parser.parse_args()
    found = {name: untied(book) for name, book in lectures().items()}
    if options.store:
        sources = stored() if LIST.exists() else {}
        new = {n: {s: sources.get(n, {}).get(s, "") for s in each} for n, each in found.items()}
        LIST.write_text(json.dumps(new, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, each in found.items():
        if not options.lectures or name.partition("_")[0] in options.lectures:
            print(f"{name}: {len(each)}", *(f"  {sentence}" for sentence in each), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
