"""What of the teacher's environment a sandbox shows: the lock file's packages, and no others."""

import contextlib
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

from coursekit.grading.judge.forbidden_imports import REFUSED

_LOCKED = re.compile(r"^([A-Za-z0-9][\w.-]*)==", re.MULTILINE)
_LIBRARY = re.compile(r"(/\S+) \(0x[0-9a-f]+\)")  # in what ldd prints
_FIRST_USE = """
import sys
import IPython.core.interactiveshell
import matplotlib.pyplot
import matplotlib.font_manager as fonts
own = fonts.findSystemFonts
fonts.findSystemFonts = lambda paths=None, **options: own(paths, **options) if paths else []
made = fonts.FontManager()
fonts.json_dump(made, f"{sys.argv[1]}/fontlist-v{fonts.FontManager.__version__}.json")
"""


def lock_of(root: Path) -> Path:
    """The lock file of a course, or else the one beside this package."""
    own = root / "student.lock"
    return own if own.is_file() else Path(__file__).parents[4] / "student.lock"


@cache
def visible(lock: Path) -> dict[str, str]:
    """Find the packages of a lock file that are installed: path in the sandbox -> path here.

    What a course refuses in answers is left out, and so is what makes Python look elsewhere when it
    starts (``.pth`` files, packages installed as links to a folder).

    Parameters
    ----------
    lock : Path
        In pip's format, a line ``name==version`` for each package.
    """
    found: dict[str, str] = {}
    for name in dict.fromkeys(_LOCKED.findall(lock.read_text(encoding="utf-8"))):
        with contextlib.suppress(metadata.PackageNotFoundError):  # for another system
            package = metadata.distribution(name)
            listed = package.read_text("RECORD") or package.read_text("top_level.txt") or ""
            for top in {line.split(",")[0].split("/")[0] for line in listed.splitlines()}:
                path = Path(str(package.locate_file(top)))
                if _is_importable(top) and path.exists():
                    found[f"/packages/{top}"] = str(path.resolve())
    return found | {f"/tmp/.matplotlib/{path.name}": str(path) for path in _font_list()}


def importable(lock: Path) -> set[str]:
    """The names that a program imports to use the packages of a lock file."""
    tops = [inside.split("/")[2] for inside in visible(lock) if inside.startswith("/packages/")]
    return {top.partition(".")[0] for top in tops}


def _is_importable(top: str) -> bool:
    name = top.partition(".")[0]
    elsewhere = top.endswith((".dist-info", ".pth")) or "__editable__" in top
    return not (elsewhere or top in ("", "..", "__pycache__")) and name not in {*REFUSED, "numpy"}


def _font_list() -> list[Path]:
    """The list of fonts that Matplotlib makes where it is first used, made once for all sandboxes.

    It holds Matplotlib's own fonts only; without it each import would look for fonts again. The
    program that makes it also leaves the bytecode of what a whole notebook imports, in case the
    packages were installed without it: most of the time of an import is compiling.
    """
    if importlib.util.find_spec("matplotlib") is None:
        return []
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = hashlib.sha256(sys.prefix.encode()).hexdigest()[:8]  # of this environment
    folder = home / "coursekit" / f"matplotlib-{metadata.version('matplotlib')}-{place}"
    with contextlib.suppress(OSError):  # a home that can't be written to: slower, but it works
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            environment = {**os.environ, "MPLCONFIGDIR": str(folder.parent), "MPLBACKEND": "agg"}
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            command = [sys.executable, "-c", _FIRST_USE, str(folder)]
            subprocess.run(command, check=False, env=environment, capture_output=True)
    return sorted(folder.glob("fontlist-*.json"))


def shared_libraries(programs: Iterable[Path]) -> dict[str, Path]:
    """Find the system's shared libraries, and the program that loads them.

    Debian and Ubuntu have a folder of nothing but libraries. Other systems keep much else in
    /usr/lib and /usr/lib64, so there only the libraries that `programs` load are shown.

    Parameters
    ----------
    programs : iterable of Path
        Files, and folders in which all extension modules count.
    """
    triplet = sysconfig.get_config_var("MULTIARCH") or "none"
    folders = [Path("/usr/lib") / triplet, Path("/lib") / triplet]
    if not folders[0].is_dir():
        return loaded_by(programs)
    loaders = [path for lib in ("/lib", "/lib64") for path in Path(lib).glob("ld-*.so*")]
    paths = {str(path): path for path in [*folders, *loaders] if path.exists()}
    inside = {p for p in paths if any(str(parent) in paths for parent in Path(p).parents)}
    return {path: paths[path] for path in paths if path not in inside}


def loaded_by(programs: Iterable[Path]) -> dict[str, Path]:
    """Find the libraries that programs and extension modules load, one by one."""
    files: list[Path] = []
    for path in programs:
        files += path.rglob("*.so*") if path.is_dir() else [path]
    run = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True, check=False)
    found = {Path(path) for path in _LIBRARY.findall(run.stdout)}
    found |= {path.with_name("libgcc_s.so.1") for path in found}  # loaded when a thread ends
    system = ("/usr/", "/lib")
    return {
        str(path): path for path in sorted(found) if str(path).startswith(system) and path.exists()
    }
