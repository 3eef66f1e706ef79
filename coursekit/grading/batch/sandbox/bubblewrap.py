"""The walls of a box: the bubblewrap command that leaves nothing but Python and NumPy inside."""

import contextlib
import importlib.util
import os
import py_compile
import shutil
import struct
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coursekit.grading.batch.sandbox import seccomp

NOBODY = "65534"
SCRATCH = "16777216"  # bytes in /tmp
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",  # the same order of sets each time, so that a teacher can repeat a test
}
HOLDER = "/box/cat"  # the program that keeps a box open until a copy of the fork server is in it
FILTER = "<filter>"  # stands in the command for the number of the file with the filter's program
_GRADING = Path(__file__).parents[2]
OURS = [
    "judge/answer_proxy", "judge/limits", "judge/local",
    "judge/forbidden_imports", "judge/values", "batch/sandbox/fork_server",
    "batch/sandbox/worker", "batch/sandbox/cell_analysis", "batch/sandbox/protocol",
]  # fmt: skip
_THERE = "/box/coursekit/"
# Loading NumPy is most of what a box costs. It takes less without the collection of garbage
# meanwhile, without the texts of its manual, and without the types that annotate some of its own
# functions (who asks for numpy.typing later gets the real ones). Copies share a frozen heap.
_QUICK = (
    "import gc, types; gc.disable(); "
    "typing = types.ModuleType('_typing'); typing.__getattr__ = lambda name: list; "
    "sys.modules.update({'numpy._core._add_newdocs': typing, 'numpy._typing': typing}); "
    "import numpy; del sys.modules['numpy._typing'], typing; gc.freeze(); gc.enable(); "
)
_START = "from coursekit.grading.batch.sandbox.worker import main; main()"
_SERVE = "from coursekit.grading.batch.sandbox.fork_server import main; main()"


class BoxUnavailable(RuntimeError):
    """No closed box can be built here; the text says what is missing."""


@dataclass(frozen=True)
class Command:
    """How to start boxes.

    Attributes
    ----------
    direct : tuple of str
        Builds a box and starts its first process.
    server : tuple of str
        Starts a fork server, whose copies enter boxes; empty if there is none.
    box : tuple of str
        Builds a box for that server in which nothing runs yet.
    filter : bytes
        The program of the filter of system calls; see `syscalls.program`.
    """

    direct: tuple[str, ...]
    server: tuple[str, ...] = ()
    box: tuple[str, ...] = ()
    filter: bytes = b""


def command(*secret: Path) -> Command:
    """The command that starts an empty box.

    Parameters
    ----------
    *secret : Path
        Folders that must not be seen from inside, such as the course's.

    Raises
    ------
    BoxUnavailable
        If bubblewrap is missing, root can't become another user, or a secret lies where the box
        can read.
    """
    bwrap = shutil.which("bwrap")
    if sys.platform != "linux" or bwrap is None:
        raise BoxUnavailable(
            "Grading submissions needs bubblewrap, which runs each in a closed box and exists for "
            "Linux alone. Install it (Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install "
            "bubblewrap)."
        )
    files = _files()
    covered = _packages(files)
    _check(files, covered, secret)
    ours = {path: files[path] for path in files if path.startswith(("/box", "/python"))}
    same = {path: path for path in files}  # on the stage they lie as in the box
    loaded = {path: path for path in files if not path.startswith(_THERE)}  # the server has ours
    filter = seccomp.program()
    clean = ["--clearenv", "--chdir", "/tmp"]
    for name, value in {**ENVIRONMENT, "LC_ALL": "C.UTF-8"}.items():
        clean += ["--setenv", name, value]
    closed = [
        bwrap, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent",
        "--new-session", "--cap-drop", "ALL", *clean, "--hostname", "box",
        "--size", SCRATCH, "--tmpfs", "/tmp", "--dev-bind", "/dev/null", "/dev/null",
    ]  # fmt: skip
    covers = [w for folder in covered for w in ("--tmpfs", folder, "--remount-ro", folder)]
    covers += ["--remount-ro", "/"]
    python = ["/python/bin/python", "-P", "-s", "-S", "-B", "-c"]
    libraries = ("LD_LIBRARY_PATH", "/python/lib")
    start, serve = (f"import sys; sys.path.append('/box'); {_QUICK}{do}" for do in (_START, _SERVE))
    stage = [
        bwrap, "--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-net", *clean,
        *_system(), *_open_folders(*ours), *_mounts(ours),
        "--dev", "/dev", "--proc", "/proc", "--perms", "1777", "--tmpfs", "/tmp",
        "--cap-drop", "ALL",
    ]  # fmt: skip
    inner = [*closed, *(["--seccomp", FILTER] if filter else []), "--setenv", *libraries]
    direct = [*inner, *_mounts(files), *covers, *python, start]
    if os.geteuid() == 0:
        # The limit of processes does not hold for root. So root lays the files out where any user
        # may go, becomes a user without rights there, and it is that user who builds boxes.
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise BoxUnavailable(
                "As root, grading needs setpriv (package util-linux) to drop rights."
            )
        stage += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        stage += [setpriv, "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--no-new-privs"]
        direct = [*stage, *inner, *_mounts(same), *covers, *python, start]
    server = [*stage, "/usr/bin/env", "=".join(libraries), *python, serve]
    holder = os.path.realpath(shutil.which("cat") or "/bin/cat")
    box = [*closed, "--as-pid-1", *_mounts({**loaded, HOLDER: holder}), *covers, HOLDER]
    return Command(tuple(direct), tuple(server), tuple(box), filter)


def unsafe_command() -> Command:
    """The command for the same process without a box: it may read, write and send anything."""
    return Command((sys.executable, "-B", "-c", _START))


def compile_once() -> None:
    """Compile what runs in the box, which saves each box that time. Not while boxes start."""
    for source in _own_files():
        if not _bytecode(source):
            with contextlib.suppress(OSError):  # a folder that can't be written to
                py_compile.compile(str(source))


def is_closed(command: Command) -> bool:
    """Whether a command builds a box."""
    return "--unshare-all" in command.direct


def _files() -> dict[str, str]:
    """What the box sees: path inside -> path outside."""
    prefix = Path(sys.base_prefix)
    files = {"/python/bin/python": Path(os.path.realpath(sys.executable))}
    base = {"platbase": sys.base_exec_prefix}  # not the folder of a virtual environment
    libraries = [Path(sysconfig.get_path(name, vars=base)) for name in ("stdlib", "platstdlib")]
    if prefix != Path("/usr"):  # a Python of its own has the libraries that it needs beside it
        libraries.append(prefix / "lib")
    for folder in libraries:
        place = Path(os.path.realpath(folder)).relative_to(os.path.realpath(prefix))
        files[f"/python/{place}"] = folder
    files = {path: files[path] for path in files if not _below(path, files)}
    numpy = Path(np.__file__).parent
    files["/box/numpy"] = numpy
    if (numpy.parent / "numpy.libs").is_dir():  # of NumPy's wheels for Linux
        files["/box/numpy.libs"] = numpy.parent / "numpy.libs"
    for source in _own_files():
        for file in (source, *_bytecode(source)):
            files[f"{_THERE}grading/{file.relative_to(_GRADING)}"] = file
    return {inside: str(outside.resolve()) for inside, outside in {**_shared(), **files}.items()}


def _own_files() -> list[Path]:
    return [_GRADING / f"{name}.py" for name in OURS]


def _bytecode(source: Path) -> list[Path]:
    """The file with the compiled code of a module, if it is there and up to date."""
    compiled = Path(importlib.util.cache_from_source(str(source)))
    if not compiled.is_file():
        return []
    stat = source.stat()
    stamp = [0, int(stat.st_mtime) & 0xFFFFFFFF, stat.st_size & 0xFFFFFFFF]
    made_for = importlib.util.MAGIC_NUMBER + struct.pack("<3I", *stamp)
    with compiled.open("rb") as file:
        return [compiled] if file.read(len(made_for)) == made_for else []


def _shared() -> dict[str, Path]:
    """The system's shared libraries, and the program that loads them."""
    triplet = sysconfig.get_config_var("MULTIARCH") or "none"
    folders = [Path("/usr/lib") / triplet, Path("/lib") / triplet]
    if not folders[0].is_dir():  # a system that does not part them by machine
        folders = [Path(path) for path in ("/usr/lib64", "/lib64", "/usr/lib", "/lib")]
    loaders = [path for lib in ("/lib", "/lib64") for path in Path(lib).glob("ld-*.so*")]
    paths = {str(path): path for path in [*folders, *loaders] if path.exists()}
    return {path: paths[path] for path in paths if not _below(path, paths)}


def _packages(files: Mapping[str, str]) -> list[str]:
    """Folders inside that hold what else is installed for this Python, perhaps the course."""
    prefix = Path(sys.base_prefix)
    found = [p for kind in ("site", "dist") for p in prefix.glob(f"lib*/python*/{kind}-packages")]
    inside = [f"/python/{path.relative_to(prefix)}" for path in found if path.is_dir()]
    return [path for path in inside if _below(path, files)]


def _below(path: str, folders: Mapping[str, object]) -> bool:
    return any(str(parent) in folders for parent in Path(path).parents)


def _check(files: Mapping[str, str], covered: list[str], secret: tuple[Path, ...]) -> None:
    for folder in secret:
        for inside, outside in files.items():
            if not folder.resolve().is_relative_to(outside):
                continue
            seen = Path(inside) / folder.resolve().relative_to(outside)
            if not any(seen.is_relative_to(cover) for cover in covered):
                raise BoxUnavailable(
                    f"{folder} lies in {outside}, which a closed box can read: keep the course "
                    "outside of the folders of Python and of the system."
                )


def _system() -> list[str]:
    """The stage's own /usr, with the old names of its folders."""
    words = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "lib", "lib64"):
        path = Path("/", name)
        if path.is_symlink():
            words += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            words += ["--ro-bind", str(path), str(path)]
    return words


def _mounts(files: Mapping[str, str]) -> list[str]:
    return [word for inside, outside in files.items() for word in ("--ro-bind", outside, inside)]


def _open_folders(*paths: str) -> list[str]:
    """Make the folders above `paths` readable for everybody; bubblewrap makes them for root."""
    folders = sorted({str(folder) for path in paths for folder in Path(path).parents} - {"/"})
    return [word for folder in folders for word in ("--perms", "0755", "--dir", folder)]
