"""Joins a widget's ES modules into the single module that anywidget takes; style sheets likewise.

The modules remain ES modules, so that Node can import and test each of them without a build step.
Joined, all share one scope, so a top-level name must be unique among the files; the tests have
Node check this, and that each name imported is exported.
"""

import re
from pathlib import Path

_IMPORT = re.compile(r'^import\s*\{[^}]*\}\s*from\s*"(\.[\w./-]*\.js)";[^\S\n]*\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|const|let|class)", re.MULTILINE)
_SHARED = Path(__file__).parent / "common.css"


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


def join_styles(own: Path) -> str:
    """The text of the style sheet that all widgets share, and of a widget's own."""
    return "\n".join(path.read_text(encoding="utf-8") for path in (_SHARED, own))
