"""The package's files that a sandbox shows: the worker, all that it imports, and catalogues."""

import ast
import contextlib
import filecmp
import importlib.util
import py_compile
import shutil
import struct
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[3]
INSIDE = Path("/sandbox/coursekit")
# These files, compiled: one folder is mounted sooner than eighty files are.
COMPILED = Path(__file__).parent / "__pycache__" / "inside"


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

    Not while any starts. In a folder that can't be written to, nothing is saved.
    """
    if _is_compiled():
        return
    with contextlib.suppress(OSError), tempfile.TemporaryDirectory(dir=COMPILED.parent) as folder:
        new = Path(folder, COMPILED.name)
        for name, original in _by_place().items():
            if original.suffix == ".py":
                shown = str(INSIDE / original.relative_to(PACKAGE))  # not where the course lies
                py_compile.compile(str(original), str(new / name), shown, doraise=True)
            else:
                (new / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(original, new / name)
        if not _is_compiled():  # another command may have been sooner
            shutil.rmtree(COMPILED, ignore_errors=True)
            new.rename(COMPILED)


def own_files() -> dict[str, Path]:
    """Return what a sandbox shows of the package: path there -> file or folder."""
    if _is_compiled():
        return {str(INSIDE): COMPILED}
    files = list(_by_place().values())
    files += [compiled for file in files if _is_of(compiled := _bytecode(file), file)]
    return {str(INSIDE / file.relative_to(PACKAGE)): file for file in files}


def _by_place() -> dict[str, Path]:
    """The modules and the catalogues, by their place in `COMPILED`."""
    files = {file.with_suffix(".pyc"): file for file in own_modules()}
    files |= {file: file for file in PACKAGE.glob("locale/*/LC_MESSAGES/*.mo")}
    return {str(place.relative_to(PACKAGE)): file for place, file in files.items()}


def _is_compiled() -> bool:
    """Whether `COMPILED` has these files, as they are now, and no others."""
    files = _by_place()
    there = {str(file.relative_to(COMPILED)) for file in COMPILED.rglob("*") if file.is_file()}
    return there == files.keys() and all(_is_of(COMPILED / n, file) for n, file in files.items())


def _bytecode(source: Path) -> Path:
    return Path(importlib.util.cache_from_source(str(source)))


def _is_of(copy: Path, original: Path) -> bool:
    """Whether a copied or compiled file exists and is up to date."""
    if not copy.is_file():
        return False
    if original.suffix != ".py":
        return filecmp.cmp(copy, original)
    stat = original.stat()
    stamp = [0, int(stat.st_mtime) & 0xFFFFFFFF, stat.st_size & 0xFFFFFFFF]
    made_for = importlib.util.MAGIC_NUMBER + struct.pack("<3I", *stamp)
    with copy.open("rb") as file:
        return file.read(len(made_for)) == made_for
