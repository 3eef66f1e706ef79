"""The package's files that a sandbox shows: the worker, all that it imports, and catalogues."""

import ast
import contextlib
import hashlib
import importlib.util
import py_compile
import shutil
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[3]
INSIDE = Path("/sandbox/coursekit")
COMPILED = Path(__file__).parent / "__pycache__"  # one folder in it for each version
KEPT = 86_400.0  # seconds, for a command that is still running


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


def compile_once() -> None:
    """Compile what runs in the sandbox, which saves each one that time.

    The files come into one folder, which is mounted sooner than eighty files are. In a package
    that can't be written to, nothing is saved.
    """
    if (compiled := _compiled()).is_dir():
        return
    with contextlib.suppress(OSError):
        COMPILED.mkdir(exist_ok=True)
    with contextlib.suppress(OSError), tempfile.TemporaryDirectory(dir=COMPILED) as folder:
        for old in COMPILED.glob("inside-*"):
            if time.time() - old.stat().st_mtime > KEPT:
                shutil.rmtree(old, ignore_errors=True)
        new = Path(folder, compiled.name)
        for file in _originals():
            name = file.relative_to(PACKAGE)
            if file.suffix == ".py":
                target = (new / name).with_suffix(".pyc")
                shown = str(INSIDE / name)  # not where the course lies
                py_compile.compile(str(file), str(target), shown, doraise=True)
            else:
                (new / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, new / name)
        new.rename(compiled)  # fails if another command was sooner


def own_files() -> dict[str, Path]:
    """Return what a sandbox shows of the package: path there -> file or folder."""
    if (compiled := _compiled()).is_dir():
        return {str(INSIDE): compiled}
    return {str(INSIDE / file.relative_to(PACKAGE)): file for file in _originals()}


def _originals() -> list[Path]:
    return [*own_modules(), *sorted(PACKAGE.glob("locale/*/LC_MESSAGES/*.mo"))]


def _compiled() -> Path:
    """The folder with all of them, as they are now; it may be missing, but never incomplete."""
    version = hashlib.sha256(importlib.util.MAGIC_NUMBER)
    for file in _originals():
        stat = file.stat()
        name = file.relative_to(PACKAGE).as_posix()
        version.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return COMPILED / f"inside-{version.hexdigest()[:16]}"
