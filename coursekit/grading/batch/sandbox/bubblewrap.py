"""The bubblewrap command that starts a sandbox with Python, NumPy, and the lock file's packages."""

import os
import shutil
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coursekit.grading.batch.sandbox import packages, scratch, seccomp
from coursekit.grading.batch.sandbox.own_modules import own_files
from coursekit.language import say

NOBODY = "65534"
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",  # the same order of sets each time, so that a teacher can repeat a test
    "MPLBACKEND": "agg",  # draws nothing on a screen
    "MPLCONFIGDIR": "/tmp/.matplotlib",
}
FILTER = "<filter>"  # in the command: replaced by the descriptor of a file with the seccomp filter
# Importing NumPy is most of what a sandbox costs. It takes less time with garbage collection off,
# without the docstrings that NumPy attaches to its C functions, and without the types that annotate
# some of its functions (an answer that imports numpy.typing gets the real module).
FAST_NUMPY_IMPORT = (
    "import gc, types; gc.disable(); "
    "stub = types.ModuleType('_typing'); stub.__getattr__ = lambda name: list; "
    "left_out = ('numpy._core._add_newdocs', 'numpy._core._add_newdocs_scalars', 'numpy._typing'); "
    "sys.modules.update(dict.fromkeys(left_out, stub)); "
    "import numpy; [sys.modules.pop(name) for name in left_out]; "
    "del stub, left_out; gc.freeze(); gc.enable(); "
)
START = "from coursekit.grading.batch.sandbox.worker import main; main()"


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


def command(*secret: Path, lock: Path | None = None) -> Command:
    """Assemble the command that starts a worker in an empty sandbox.

    Parameters
    ----------
    *secret : Path
        Folders that must not be visible inside, such as the course's.
    lock : Path, optional
        A lock file whose packages are visible inside; default: none but NumPy, which takes less
        time to start.

    Raises
    ------
    SandboxUnavailable
        If bubblewrap is missing, root can't become another user, or a secret folder lies where the
        sandbox can read.
    """
    bwrap = shutil.which("bwrap")
    if sys.platform != "linux" or bwrap is None:
        raise SandboxUnavailable(
            say(
                "Grading submissions needs bubblewrap, which runs each one in a sandbox and exists "
                "for Linux only. Install it (Debian, Ubuntu: apt install bubblewrap; Fedora: dnf "
                "install bubblewrap)."
            )
        )
    files = _files(packages.visible(lock) if lock else {})
    masked_dirs = _packages(files)
    _check(files, masked_dirs, secret)
    environment = {**ENVIRONMENT, "LC_ALL": "C", "PYTHONUTF8": "1"}  # the locale that is in libc
    environment["LD_LIBRARY_PATH"] = "/python/lib"
    sandbox_args = [
        bwrap, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent",
        "--new-session", "--cap-drop", "ALL", "--clearenv", "--chdir", "/tmp",
        "--hostname", "sandbox",
        *(word for name in environment for word in ("--setenv", name, environment[name])),
        "--dev-bind", "/dev/null", "/dev/null", *(["--seccomp", FILTER] if seccomp.PROGRAM else []),
    ]  # fmt: skip
    masks = [w for folder in masked_dirs for w in ("--tmpfs", folder, "--remount-ro", folder)]
    paths = "sys.path.append('/sandbox'); sys.path.append('/packages'); "
    start = f"import sys; {paths}{FAST_NUMPY_IMPORT}{START}"
    worker = ["--remount-ro", "/", "/python/bin/python", "-P", "-s", "-S", "-B", "-c", start]
    outer_sandbox: list[str] = []
    if os.geteuid() == 0:
        outer_sandbox, files = _outer_sandbox(bwrap, files)
    around, tmp, last = scratch.folder(outer_sandbox)
    words = [*around, *sandbox_args, *tmp, *_mounts(files), *masks, *last, *worker]
    return Command(tuple(words), seccomp.PROGRAM, isolated=True)


def _outer_sandbox(bwrap: str, files: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Where root lays the files out so that any user can read them, and becomes an ordinary user.

    The limit on processes does not hold for root, so it is that user who builds the sandbox.

    Returns
    -------
    list of str and dict of str to str
        The words before the sandbox's own, and where the sandbox finds its files there.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise SandboxUnavailable(
            say("As root, grading needs setpriv (package util-linux) to drop rights.")
        )
    own = {path: files[path] for path in files if path.startswith(("/sandbox", "/python"))}
    there = {path: path for path in files}
    folders: dict[str, str] = {}  # packages lie side by side: one mount for each of their folders
    for path in files:
        if path.startswith(("/packages", "/tmp")):
            outside = Path(files[path])
            folder = folders.setdefault(str(outside.parent), f"/folders/{len(folders)}")
            there[path] = f"{folder}/{outside.name}"
    own |= {inside: outside for outside, inside in folders.items()}
    words = [
        bwrap, "--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-net", "--clearenv",
        *_system(), *_open_folders(*own), *_mounts(own),
        "--dev", "/dev", "--proc", "/proc", "--perms", "1777", "--tmpfs", "/tmp", "--chdir", "/tmp",
        "--dir", scratch.SPARE,
        "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID",
        setpriv, "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--no-new-privs",
    ]  # fmt: skip
    return words, there


def _files(installed: Mapping[str, str]) -> dict[str, str]:
    """What is visible in the sandbox, with these packages: path inside -> path outside."""
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
    files |= own_files()
    files |= {inside: Path(outside) for inside, outside in installed.items()}
    shared = packages.shared_libraries(files.values())
    return {inside: str(outside.resolve()) for inside, outside in {**shared, **files}.items()}


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
                    say(
                        "{folder} is in {outside}, which a sandbox can read: keep the course "
                        "outside the folders of Python and of the system.",
                        folder=folder,
                        outside=outside,
                    )
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
