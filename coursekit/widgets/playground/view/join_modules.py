"""The playground's ES modules joined into the single text that anywidget takes.

The files stay proper modules, so that Node can import and test each; nothing is built. Joined, all
share one scope: a top-level name may stand in one file only.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "js"
START = "main.js"

_IMPORT = re.compile(r'^import\s*\{([^}]*)\}\s*from\s*"\./([\w-]+\.js)";[^\S\n]*\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|const|let|class)", re.MULTILINE)
_NAME = re.compile(r"^(?:async )?(?:function\*?|const|let|var|class)\s+([\w$]+)", re.MULTILINE)
_EXPORTED = re.compile(
    r"^export (?:async )?(?:function\*?|const|let|class)\s+([\w$]+)", re.MULTILINE
)
_REFUSED = re.compile(r"^(?:import\b|export\s*[{*]|(?:const|let|var)\s*[\[{])[^\n]*", re.MULTILINE)


def join(folder: Path = FOLDER, start: str = START) -> str:
    """Return one module with the text of `start` and of all it imports, each after its imports.

    Raises
    ------
    ValueError
        If a file imports or exports in another form than ``import { a } from "./b.js";`` and
        ``export function a``, imports what is not exported, is part of a circle, or defines a
        top-level name of another file.
    """
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in _order(folder, start)}
    exported = {name: set(_EXPORTED.findall(text)) for name, text in texts.items()}
    owner: dict[str, str] = {}
    parts = []
    for name, text in texts.items():
        for names, source in _IMPORT.findall(text):
            wanted = {word.strip() for word in names.split(",")} - {""}
            if missing := sorted(wanted - exported[source]):
                raise ValueError(f"{name}: {source} exports no {', '.join(missing)}")
        body = _EXPORT.sub("", _IMPORT.sub("", text))
        if refused := _REFUSED.search(body):
            raise ValueError(f"{name}: can't join {refused.group()!r}")
        if name != start and "\nexport default" in f"\n{body}":
            raise ValueError(f"{name}: only {start} has a default export")
        for defined in _NAME.findall(body):
            if defined in owner:
                raise ValueError(f"{defined} stands in {owner[defined]} and in {name}")
            owner[defined] = name
        parts.append(f"// {name}\n{body.strip()}\n")
    return "\n".join(parts)


def _order(folder: Path, start: str) -> list[str]:
    """The files that `start` needs, itself last, each after those it imports."""
    order: list[str] = []
    open_files: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        if name in open_files:
            raise ValueError(f"imports in a circle: {' → '.join([*open_files, name])}")
        open_files.append(name)
        for _, source in _IMPORT.findall((folder / name).read_text(encoding="utf-8")):
            visit(source)
        open_files.pop()
        order.append(name)

    visit(start)
    return order
