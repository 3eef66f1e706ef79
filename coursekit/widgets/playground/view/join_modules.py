"""Joins the playground's ES modules into the single module that anywidget takes.

The files remain ES modules, so that Node can import and test each of them without a build step.
Joined, all share one scope, so a top-level name must be unique among the files; the tests have
Node check this, and that each name imported is exported.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "js"
START = "main.js"

_IMPORT = re.compile(r'^import\s*\{[^}]*\}\s*from\s*"\./([\w-]+\.js)";[^\S\n]*\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|const|let|class)", re.MULTILINE)


def join(folder: Path = FOLDER, start: str = START) -> str:
    """The text of `start` and of all modules that it imports, each after those it imports itself.

    Only the form ``import { a } from "./b.js";`` is understood, and exports of declarations.
    """
    parts: dict[str, str] = {}

    def add(name: str) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        for source in _IMPORT.findall(text):
            if source not in parts:
                add(source)
        parts[name] = f"// {name}\n{_EXPORT.sub('', _IMPORT.sub('', text)).strip()}\n"

    add(start)
    return "\n".join(parts.values())
