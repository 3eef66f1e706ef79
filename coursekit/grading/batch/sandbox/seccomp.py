"""The sandbox's filter of system calls: the kernel itself refuses all that no answer needs.

The filter is a list of what is allowed; tools/make_seccomp_filter.py holds that list, with the
reasons, and makes the files that are read here.
"""

import platform
from pathlib import Path


def program(machine: str | None = None) -> bytes:
    """Read the filter in the form that bubblewrap's ``--seccomp`` takes.

    Parameters
    ----------
    machine : str, optional
        As `platform.machine` names it; default: this one.

    Returns
    -------
    bytes
        BPF instructions of eight bytes; none for a machine for which there is no filter, where the
        sandbox runs without one.
    """
    path = Path(__file__).with_name(f"seccomp_{machine or platform.machine()}.bpf")
    return path.read_bytes() if path.is_file() else b""


PROGRAM = program()
