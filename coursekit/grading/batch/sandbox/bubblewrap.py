"""The bubblewrap command that starts a sandbox with nothing but Python and NumPy inside."""

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

from coursekit.grading.batch.sandbox import scratch, seccomp

NOBODY = "65534"
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",  # the same order of sets each time, so that a teacher can repeat a test
}
FILTER = "<filter>"  # in the command: replaced by the descriptor of a file with the seccomp filter
WORKER_MODULES = [
    "judge/answer_proxy", "judge/encoding", "judge/forbidden_imports",
    "judge/limits", "judge/local", "judge/values",
    "batch/sandbox/cell_analysis", "batch/sandbox/worker",
]  # fmt: skip
_GRADING = Path(__file__).parents[2]
_OWN_FILES = [_GRADING / f"{name}.py" for name in WORKER_MODULES]
# Importing NumPy is most of what a sandbox costs. It takes less time with garbage collection off,
# without the docstrings that NumPy attaches to its C functions, and without the types that annotate
# some of its functions (an answer that imports numpy.typing gets the real module).
FAST_NUMPY_IMPORT = (
    "import gc, types; gc.disable(); "
    "stub = types.ModuleType('_typing'); stub.__getattr__ = lambda name: list; "
    "sys.modules.update({'numpy._core._add_newdocs': stub, 'numpy._typing': stub}); "
    "import numpy; del sys.modules['numpy._typing'], stub; gc.freeze(); gc.enable(); "
)
_START = "from coursekit.grading.batch.sandbox.worker import main; main()"


class SandboxUnavailable(RuntimeError):
    """No sandbox can be started here; the text says what is missing."""


@dataclass(frozen=True)
class Command:
    """How to start a worker.

    Attributes
    ----------
    words : tuple of str
        The command line.
    filter : bytes
        The seccomp filter that takes the place of `FILTER` in it; see `seccomp.PROGRAM`.
    isolated : bool
        Whether the worker runs in a sandbox.
    """

    words: tuple[str, ...]
    filter: bytes = b""
    isolated: bool = False


def command(*secret: Path) -> Command:
    """Assemble the command that starts a worker in an empty sandbox.

    Parameters
    ----------
    *secret : Path
        Folders that must not be visible inside, such as the course's.

    Raises
    ------
    SandboxUnavailable
        If bubblewrap is missing, root can't become another user, or a secret folder lies where the
        sandbox can read.
    """
    bwrap = shutil.which("bwrap")
    if sys.platform != "linux" or bwrap is None:
        raise SandboxUnavailable(
            "Grading submissions needs bubblewrap, which runs each one in a sandbox and exists for "
            "Linux only. Install it (Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install "
            "bubblewrap)."
        )
    files = _files()
    masked_dirs = _packages(files)
    _check(files, masked_dirs, secret)
    environment = {**ENVIRONMENT, "LC_ALL": "C.UTF-8", "LD_LIBRARY_PATH": "/python/lib"}
    sandbox_args = [
        bwrap, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent",
        "--new-session", "--cap-drop", "ALL", "--clearenv", "--chdir", "/tmp",
        "--hostname", "sandbox",
        *(word for name in environment for word in ("--setenv", name, environment[name])),
        "--dev-bind", "/dev/null", "/dev/null", *(["--seccomp", FILTER] if seccomp.PROGRAM else []),
    ]  # fmt: skip
    masks = [w for folder in masked_dirs for w in ("--tmpfs", folder, "--remount-ro", folder)]
    start = f"import sys; sys.path.append('/sandbox'); {FAST_NUMPY_IMPORT}{_START}"
    worker = ["--remount-ro", "/", "/python/bin/python", "-P", "-s", "-S", "-B", "-c", start]
    outer_sandbox: list[str] = []
    if os.geteuid() == 0:
        outer_sandbox = _outer_sandbox(bwrap, files)
        files = {path: path for path in files}  # there they lie where they will lie inside
    around, tmp = scratch.folder(outer_sandbox)
    words = [*around, *sandbox_args, *tmp, *_mounts(files), *masks, *worker]
    return Command(tuple(words), seccomp.PROGRAM, isolated=True)


def _outer_sandbox(bwrap: str, files: Mapping[str, str]) -> list[str]:
    """Where root lays the files out so that any user can read them, and becomes an ordinary user.

    The limit on processes does not hold for root, so it is that user who builds the sandbox.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise SandboxUnavailable(
            "As root, grading needs setpriv (package util-linux) to drop rights."
        )
    own = {path: files[path] for path in files if path.startswith(("/sandbox", "/python"))}
    return [
        bwrap, "--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-net", "--clearenv",
        *_system(), *_open_folders(*own), *_mounts(own),
        "--dev", "/dev", "--proc", "/proc", "--perms", "1777", "--tmpfs", "/tmp", "--chdir", "/tmp",
        "--dir", scratch.SPARE,
        "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID",
        setpriv, "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--no-new-privs",
    ]  # fmt: skip


def unsafe_command() -> Command:
    """Assemble the command for a worker without a sandbox: it may read, write and send anything."""
    return Command((sys.executable, "-B", "-c", _START))


def compile_once() -> None:
    """Compile what runs in the sandbox, which saves each one that time. Not while any starts."""
    for source in _OWN_FILES:
        if not _bytecode(source):
            with contextlib.suppress(OSError):  # a folder that can't be written to
                py_compile.compile(str(source))


def _files() -> dict[str, str]:
    """What is visible in the sandbox: path inside -> path outside."""
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
    files["/sandbox/numpy"] = numpy
    if (numpy.parent / "numpy.libs").is_dir():  # of NumPy's wheels for Linux
        files["/sandbox/numpy.libs"] = numpy.parent / "numpy.libs"
    for source in _OWN_FILES:
        for file in (source, *_bytecode(source)):
            files[f"/sandbox/coursekit/grading/{file.relative_to(_GRADING)}"] = file
    return {inside: str(outside.resolve()) for inside, outside in {**_shared(), **files}.items()}


def _bytecode(source: Path) -> list[Path]:
    """The compiled code of a module, if it exists and is up to date."""
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
    if not folders[0].is_dir():  # a system without a folder for each architecture
        folders = [Path(path) for path in ("/usr/lib64", "/lib64", "/usr/lib", "/lib")]
    loaders = [path for lib in ("/lib", "/lib64") for path in Path(lib).glob("ld-*.so*")]
    paths = {str(path): path for path in [*folders, *loaders] if path.exists()}
    return {path: paths[path] for path in paths if not _below(path, paths)}


def _packages(files: Mapping[str, str]) -> list[str]:
    """Folders inside with everything else that is installed for this Python, perhaps the course."""
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
                raise SandboxUnavailable(
                    f"{folder} is in {outside}, which a sandbox can read: keep the course "
                    "outside the folders of Python and of the system."
                )


def _system() -> list[str]:
    """/usr for the outer sandbox, with the links to its folders."""
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
    """Make the folders above `paths` readable for every user; bubblewrap makes them for root."""
    folders = sorted({str(folder) for path in paths for folder in Path(path).parents} - {"/"})
    return [word for folder in folders for word in ("--perms", "0755", "--dir", folder)]
