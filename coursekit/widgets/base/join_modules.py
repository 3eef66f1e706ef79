"""Joins a widget's ES modules into the single module that anywidget takes.

The files remain ES modules, so that Node can import and test each of them without a build step.
Joined, all share one scope, so a top-level name must be unique among the files; the tests have
Node check this, and that each name imported is exported.
"""

import re
from pathlib import Path

_IMPORT = re.compile(r'^import\s*\{[^}]*\}\s*from\s*"(\.[\w./-]*\.js)";[^\S\n]*\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|const|let|class)", re.MULTILINE)


def join(start: Path) -> str:
    """The text of `start` and of all modules that it imports, each after those it imports itself.

    Only the form ``import { a } from "./b.js";`` is understood, and exports of declarations.
    """
    parts: dict[Path, str] = {}

    def add(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        for source in _IMPORT.findall(text):
            other = (path.parent / source).resolve()
            if other not in parts:
                add(other)
        parts[path] = f"// {path.name}\n{_EXPORT.sub('', _IMPORT.sub('', text)).strip()}\n"

    add(start.resolve())
    return "\n".join(parts.values())
