"""Which files of the course hold texts, and in which catalogue each is translated."""

import ast
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.grading.course.notebook import notebook_text, source_of
from coursekit.grading.course.paths import Course
from coursekit.translation.markdown_texts import translate_markdown
from coursekit.translation.python_texts import translate_code

DOCS = ("README.md", "docs/*.md", "docs/book/**/*.md", "docs/book/conf.py")
#: What readers see of the book's settings.
_SHOWN = {"project", "author", "project_copyright", "FOLDS", "PAGE", "WIDGET", "BUTTON", "THEME"}


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
    plural : str
        Of a message that counts something: what it is for more than one.
    """

    english: str
    kind: str
    place: str
    plural: str = ""

    @property
    def where(self) -> str:
        """The text's place and kind, as a catalogue names them."""
        return f"{self.place} ({self.kind})" if self.kind else self.place


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


def names_in(files: Iterable[Path]) -> tuple[set[str], set[str]]:
    """Return the names in the code of some files, and its strings that have the form of names."""
    names, strings = set[str](), set[str]()
    for node in (node for path in files for code in _codes(path) for node in ast.walk(code)):
        found = [getattr(node, field, None) for field in ("id", "arg", "attr", "name", "asname")]
        names.update(part for one in found if isinstance(one, str) for part in one.split("."))
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            parts = node.value.split(", ")
            strings.update(parts if all(map(str.isidentifier, parts)) else ())
    return names, strings


def _codes(path: Path) -> list[ast.Module]:
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(content)["cells"]
        return [ast.parse(source_of(c)) for c in cells if c["cell_type"] == "code"]
    return [ast.parse(content)] if path.suffix == ".py" else []


def translate_file(course: Course, path: Path, replace: Replace) -> str:
    """Offer every text of a file to `replace`, and return the file with the replacements."""
    place = path.relative_to(course.root).as_posix()
    content = path.read_text(encoding="utf-8")

    def at(place: str) -> Callable[[str, str], str | None]:
        return lambda kind, text: replace(Text(text, kind, place))

    if path.suffix == ".md":
        return translate_markdown(content, at(place))
    if path.suffix == ".py":
        chosen = {"answers": _mistakes, "conf.py": _shown}.get(path.name.partition("_")[0])
        return translate_code(content, at(place), chosen and chosen(content))
    notebook = json.loads(content)
    for cell in notebook["cells"]:
        walk = translate_code if cell["cell_type"] == "code" else translate_markdown
        cell["source"] = walk(source_of(cell), at(f"{place}#{cell['id']}"))
    return notebook_text(notebook)


def _mistakes(code: str) -> Callable[[ast.AST], bool]:
    """Choose the sentences about mistakes in a catalogue of answers; students see no more of it."""
    calls = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    return _at(c.args[1] for c in calls if getattr(c.func, "id", "") in ("edit", "wrong"))


def _shown(code: str) -> Callable[[ast.AST], bool]:
    """Choose the strings of the book's settings that its readers see."""
    nodes = (node for node in ast.parse(code).body if isinstance(node, ast.Assign))
    shown = (node.value for node in nodes if getattr(node.targets[0], "id", "") in _SHOWN)
    # Of a dictionary the values: its keys are the words that the theme has.
    parts = (part for one in shown for part in (one.values if isinstance(one, ast.Dict) else [one]))
    return _at(node for part in parts for node in ast.walk(part))


def _at(nodes: Iterable[ast.AST]) -> Callable[[ast.AST], bool]:
    """Recognise nodes in another tree of the same code, by their places."""

    def place(node: ast.AST) -> tuple[int, int]:
        return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)

    places = {place(node) for node in nodes}
    return lambda node: place(node) in places
