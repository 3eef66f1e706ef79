"""A control group for each sandbox, where this process may make one.

The limits on processes hold without it. A control group also counts memory that belongs to no
process (files in memory, the kernel's own tables) and kills everything that is left at once. Only
version 2 is used, and only where the system has delegated a part of the tree to this user, as
systemd does for a session and some container runtimes do.
"""

import contextlib
import itertools
import os
import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

MEMORY = 1_100_000_000  # bytes, for all processes of a sandbox and their files
PROCESSES = 16  # with bubblewrap's own
_TREE = Path("/sys/fs/cgroup")
_NUMBERS = itertools.count(1)


class Group:
    """A control group; without a path its methods change nothing.

    Parameters
    ----------
    path : Path or None
        Its folder, just made; None where no group can be made.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def entering(self, command: Sequence[str]) -> Sequence[str]:
        """The same command, started inside the group."""
        if self._path is None:
            return command
        enter = 'echo $$ > "$0" && exec "$@"'
        return ["/bin/sh", "-c", enter, str(self._path / "cgroup.procs"), *command]

    def is_out_of_memory(self) -> bool:
        """Whether its own limit on memory was reached, which is not the machine's shortage."""
        if self._path is None:
            return False
        counts = _read(self._path / "memory.events").split()
        return dict(zip(counts[::2], counts[1::2], strict=False)).get("oom", "0") != "0"

    def end(self) -> None:
        """Kill what is still running in it, and remove it."""
        if self._path is None:
            return
        (self._path / "cgroup.kill").write_text("1")
        for _ in range(100):
            with contextlib.suppress(OSError):  # busy until the last process is gone
                self._path.rmdir()
            if not self._path.exists():
                break
            time.sleep(0.01)
        self._path = None


def make() -> Group:
    """Make a group with limits on memory and processes, where that is allowed."""
    home = _parent_cgroup(_TREE, _current_cgroup())
    if home is None:
        return Group(None)
    path = home / f"coursekit-{os.getpid()}-{next(_NUMBERS)}"
    path.mkdir()
    (path / "memory.max").write_text(str(MEMORY))
    (path / "memory.oom.group").write_text("0")
    (path / "pids.max").write_text(str(PROCESSES))
    if (path / "memory.swap.max").exists():
        (path / "memory.swap.max").write_text("0")
    return Group(path)


@cache
def _current_cgroup() -> str:
    """The group of this process in the one tree of version 2, such as ``/user.slice/…``."""
    lines = _read(Path("/proc/self/cgroup")).splitlines()  # none where there is no Linux
    return next((line[3:] for line in lines if line.startswith("0::")), "")


@cache
def _parent_cgroup(tree: Path, own: str) -> Path | None:
    """Find the nearest folder above a group in which others may be made."""
    if sys.platform != "linux" or not own.startswith("/"):
        return None
    if not (tree / "cgroup.controllers").exists():
        return None
    for parent in Path(own.lstrip("/")).parents:
        folder = tree / parent
        given = _read(folder / "cgroup.subtree_control").split()
        if {"memory", "pids"}.issubset(given) and _is_delegated(tree, folder):
            usable = os.access(folder, os.W_OK) and os.access(folder / "cgroup.procs", os.W_OK)
            return folder if usable and (tree / own.lstrip("/") / "cgroup.kill").exists() else None
    return None


def _read(file: Path) -> str:
    """Return the text of a file, or an empty one if it can't be read."""
    try:
        return file.read_text()
    except OSError:
        return ""


def _is_delegated(tree: Path, folder: Path) -> bool:
    """Whether systemd leaves a folder to its user. Root could write anywhere, and must not."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return True
    while folder != tree:
        for name in ("trusted.delegate", "user.delegate"):
            with contextlib.suppress(OSError):  # no such attribute
                if os.getxattr(folder, name) == b"1":
                    return True
        folder = folder.parent
    return False
