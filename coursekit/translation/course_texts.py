"""Which files of the course hold texts, and in which catalogue each is translated."""

import ast
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.grading.course.notebook import notebook_text, source_of
from coursekit.grading.course.paths import Course
from coursekit.translation.markdown_texts import translate_markdown
from coursekit.translation.python_texts import translate_code

DOCS = ("README.md", "docs/*.md", "docs/book/**/*.md")


@dataclass(frozen=True)
class Text:
    """A text of the course.

    Attributes
    ----------
    english : str
    kind : str
        Such as "paragraph", "table", "string" or "comment".
    place : str
        The file, and of a notebook the cell's id after a #.
    """

    english: str
    kind: str
    place: str


#: Gets a text; returns what replaces it, or None to leave it.
Replace = Callable[[Text], str | None]


def catalogues(course: Course) -> dict[str, list[Path]]:
    """Return the files that each catalogue translates, by its path without the ending."""
    found = {f"notebooks/{path.stem}": [path] for path in course.lectures}
    for name in course.names:
        found[f"exercises/{name}"] = [
            course.solutions / f"{name}.ipynb",
            course.test_file(name),
            course.answers_file(name),
        ]
    docs = {path for pattern in DOCS for path in course.root.glob(pattern)}
    return found | {"docs": sorted(docs)}


def texts_of(course: Course, files: list[Path]) -> Iterator[Text]:
    """List the texts of some files, in their order."""
    found: list[Text] = []
    for path in files:
        translate_file(course, path, found.append)
    return iter(found)


def translate_file(course: Course, path: Path, replace: Replace) -> str:
    """Offer every text of a file to `replace`, and return the file with the replacements."""
    place = path.relative_to(course.root).as_posix()
    content = path.read_text(encoding="utf-8")

    def at(place: str) -> Callable[[str, str], str | None]:
        return lambda kind, text: replace(Text(text, kind, place))

    if path.suffix == ".md":
        return translate_markdown(content, at(place))
    if path.suffix == ".py":
        mistakes = path.name.startswith("answers_")
        return translate_code(content, at(place), only=_mistakes(content) if mistakes else None)
    notebook = json.loads(content)
    for cell in notebook["cells"]:
        walk = translate_code if cell["cell_type"] == "code" else translate_markdown
        cell["source"] = walk(source_of(cell), at(f"{place}#{cell['id']}"))
    return notebook_text(notebook)


def _mistakes(code: str) -> Callable[[ast.AST], bool]:
    """Choose the sentences about mistakes in a catalogue of answers; students see no more of it."""
    says = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("edit", "wrong"):
            says.add((node.args[1].lineno, node.args[1].col_offset))
    return lambda node: (getattr(node, "lineno", 0), getattr(node, "col_offset", 0)) in says
