"""The package's modules that a sandbox shows: the worker, and all that it imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[3]


@cache
def own_modules(first: Path = PACKAGE / "grading/batch/sandbox/worker.py") -> list[Path]:
    """Follow the import statements of a module, also those in functions, without running any.

    Raises
    ------
    ImportError
        If a module imports from a package's ``__init__.py``: a sandbox shows none of these, which
        would import half of the course.
    """
    found: dict[Path, None] = {}
    new = [first]
    while new:
        file = new.pop()
        if file not in found:
            found[file] = None
            new += _imported(file)
    return sorted(found)


def _imported(file: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        if names[0].partition(".")[0] == PACKAGE.name:
            paths = (PACKAGE.parent / f"{name.replace('.', '/')}.py" for name in names)
            files = [path for path in paths if path.is_file()]
            if not files:
                raise ImportError(
                    f"{file} runs in the sandbox and imports {names[0]}, no module there: "
                    "import from the module that defines the name."
                )
            yield from files
