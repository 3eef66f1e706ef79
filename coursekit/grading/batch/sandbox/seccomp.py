"""System calls that no answer needs, refused by the kernel itself (seccomp).

Most other calls can only harm the sandbox that makes them. These can take memory that no limit on a
process counts (System V segments, message queues, memory files, keys), reach into another process
(ptrace and the like), make a socket, or are rarely used entries into the kernel.
"""

import platform
import struct

# The numbers of each call on x86-64 and on 64-bit ARM; None where there is no such call.
_REFUSED: dict[str, tuple[int, int | None]] = {
    "add_key": (248, 217),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "fanotify_init": (300, 262),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "kcmp": (312, 272),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "modify_ldt": (154, None),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_madvise": (440, 440),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "request_key": (249, 218),
    "semget": (64, 190),
    "setns": (308, 268),
    "shmat": (30, 196),
    "shmget": (29, 194),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vmsplice": (278, 75),
}
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column, AUDIT_ARCH

_LOAD, _JUMP_EQUAL, _JUMP_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF's instructions
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # the latter fails with EPERM
_X32 = 0x40000000  # from here on the numbers are those of a second table, on x86-64


def program(machine: str | None = None) -> bytes:
    """Write the filter in the form that bubblewrap's ``--seccomp`` reads.

    Parameters
    ----------
    machine : str, optional
        As `platform.machine` names it; default: this one.

    Returns
    -------
    bytes
        BPF instructions of eight bytes; empty for a machine whose numbers are not known here, where
        the sandbox has no filter.
    """
    known = _MACHINES.get(machine or platform.machine())
    if known is None:
        return b""
    column, architecture = known
    numbers = [pair[column] for pair in _REFUSED.values()]
    refused = sorted(number for number in numbers if number is not None)
    last = len(refused)  # each comparison jumps over the rest, and the permission, to the refusal
    steps = [
        (_LOAD, 0, 0, 4),  # the call's architecture
        (_JUMP_EQUAL, 0, last + 3, architecture),
        (_LOAD, 0, 0, 0),  # the call's number
        (_JUMP_LEAST, last + 1, 0, _X32),
        *((_JUMP_EQUAL, last - place, 0, number) for place, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


PROGRAM = program()
