"""/tmp in the sandbox: a folder in memory, in which bytes and files are limited.

bubblewrap limits the bytes alone, and a million empty files take a GB of the kernel's memory. So a
namespace around it mounts the folder, in the place of one that nobody needs.
"""

import subprocess
from collections.abc import Sequence
from functools import cache

BYTES, FILES = 16_777_216, 256
SPARE = "/sys"
_MOUNT = f"mount -t tmpfs -o size={BYTES},nr_inodes={FILES},mode=1777 tmpfs {SPARE}"
_AROUND = (
    "unshare", "--user", "--map-current-user", "--mount", "--keep-caps", "sh", "-c",
    f'{_MOUNT} && exec setpriv --ambient-caps=-all --inh-caps=-all -- "$@"', "sh",
)  # fmt: skip


def folder(outer: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Assemble what makes /tmp.

    Parameters
    ----------
    outer : sequence of str
        The command in which bubblewrap starts; may be empty.

    Returns
    -------
    tuple of list of str
        The command around bubblewrap, and bubblewrap's options before and after those that show
        files there. Where a system forbids the namespace around it, nothing can be written.
    """
    if _runs((*outer, *_AROUND)):
        return [*outer, *_AROUND], ["--bind", SPARE, "/tmp"], []
    return [*outer], ["--tmpfs", "/tmp"], ["--remount-ro", "/tmp"]


@cache
def _runs(command: tuple[str, ...]) -> bool:
    """Whether a command that starts another can start here."""
    try:
        return subprocess.run([*command, "true"], capture_output=True).returncode == 0
    except OSError:  # no such program
        return False
