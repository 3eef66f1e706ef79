"""Makes the sandbox's filters of system calls, always the same bytes.

    python tools/make_seccomp_filter.py

Needs libseccomp 2.5.4 or newer (Debian, Ubuntu: apt install libseccomp2); grading does not. It
writes seccomp_<machine>.bpf into coursekit/grading/batch/sandbox, in the form that bubblewrap's
``--seccomp`` takes. A call then gets one of five results:

- It runs: the lists below name all that Python, NumPy and matplotlib need.
- It fails with EPERM: a call that is known here and not needed. REFUSED says why not.
- It fails with ENOSYS, as on an older kernel: a call that is not known here.
- It returns 0 or an error of its own: see ANSWERED.
- The process is killed: a call by the table of another architecture, such as i386's or x32's.
"""

import argparse
import ctypes
import errno
import os
import struct
import tempfile
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "coursekit" / "grading" / "batch" / "sandbox"
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_… of linux/audit.h

ALLOWED = {
    "what is open": "read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek"
    " sendfile copy_file_range close close_range dup dup2 dup3 pipe pipe2",
    "looking at files; the walls are made of mounts, not of these": "open openat creat access"
    " faccessat faccessat2 stat fstat lstat newfstatat statx statfs fstatfs readlink readlinkat"
    " getdents getdents64 getcwd chdir fchdir",
    "changing files, which only /tmp allows; NumPy calls fallocate": "truncate ftruncate fallocate"
    " mkdir mkdirat rmdir unlink unlinkat rename renameat symlink symlinkat chmod fchmod fchmodat"
    " umask",
    "memory, which RLIMIT_AS limits": "brk munmap mprotect mremap membarrier",
    "threads and locks between them": "futex futex_waitv set_robust_list set_tid_address rseq"
    " gettid sched_yield sched_getaffinity sched_getparam sched_getscheduler getpriority getcpu"
    " sched_get_priority_max sched_get_priority_min",
    "processes, which RLIMIT_NPROC limits; bubblewrap starts Python under the filter": "fork vfork"
    " execve exit exit_group wait4 waitid restart_syscall",
    "who am I; a new session or group stays in the namespace of processes": "getpid getppid getuid"
    " geteuid getgid getegid getresuid getresgid getgroups getpgrp getpgid getsid setpgid setsid"
    " capget",
    "its own signals": "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend"
    " rt_sigtimedwait sigaltstack pause",
    "time, with one timer of each kind in a process": "clock_gettime clock_getres clock_nanosleep"
    " nanosleep gettimeofday time times alarm getitimer setitimer",
    "waiting for what is open": "select pselect6 poll ppoll epoll_create epoll_create1 epoll_ctl"
    " epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2",
    "the machine, its chance, and limits that can only go down": "uname sysinfo getrusage getrandom"
    " getrlimit setrlimit",
}

# Calls that run with these values of one argument alone: its place, and the values.
VALUES: dict[str, tuple[int, list[int]]] = {
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC. A lease or a lock keeps others
    # from the file, outside too; larger pipes take the kernel's memory.
    "fcntl": (1, [0, 1, 2, 3, 4, 1030]),
    # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, TCGETS2
    "ioctl": (1, [0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x802C542A]),
    # NORMAL, RANDOM, SEQUENTIAL, WILLNEED, DONTNEED, FREE, DONTFORK, DOFORK, HUGEPAGE, NOHUGEPAGE,
    # DONTDUMP, DODUMP, WIPEONFORK, KEEPONFORK, GUARD_INSTALL, GUARD_REMOVE. Others put pages of
    # shared files out of memory (PAGEOUT, COLD) or merge them with those of others (MERGEABLE).
    "madvise": (2, [0, 1, 2, 3, 4, 8, 10, 11, 14, 15, 16, 17, 18, 19, 102, 103]),
    # SET_PDEATHSIG, GET_PDEATHSIG, GET_DUMPABLE, SET_NAME, GET_NAME, GET_SECCOMP, CAPBSET_READ,
    # GET_TIMERSLACK, GET_NO_NEW_PRIVS, SVE_GET_VL
    "prctl": (0, [1, 2, 3, 15, 16, 21, 23, 30, 39, 51]),
    # SET_FS, GET_FS, GET_XCOMP_SUPP, GET_XCOMP_PERM, REQ_XCOMP_PERM (OpenBLAS), CET_STATUS, and
    # ENABLE, DISABLE, LOCK and STATUS of shadow stacks: what the C library does at its start
    "arch_prctl": (0, [0x1002, 0x1003, *range(0x1021, 0x1024), 0x3001, *range(0x5001, 0x5004),
                       0x5005]),
    "prlimit64": (0, [0]),  # its own limits, not another process's
}  # fmt: skip
# Calls that run where these bits of one argument are all 0: its place, and the bits.
BITS: dict[str, tuple[int, int]] = {
    # All but SIGCHLD, VM, FS, FILES, SIGHAND, VFORK, THREAD, SYSVSEM, SETTLS, PARENT_SETTID,
    # CHILD_CLEARTID, DETACHED and CHILD_SETTID, by which fork, threads and posix_spawn are made:
    # no namespaces, no child that is somebody else's.
    "clone": (0, ~0x017D4F11),
    "mmap": (3, 0x40000 | 0x2000),  # HUGETLB and LOCKED memory is the system's, and there is little
}
# Calls that send a signal: the place of its number.
SIGNALS = {"kill": 1, "tkill": 1, "tgkill": 2}
# The signals that they may send, as the bits that stay when those of a mask are left out. Signals
# below 32 are kept once for a process; each of the others takes one of the user's
# RLIMIT_SIGPENDING, and so of all that the teacher runs. Without KILL (9) and STOP (19), the grader
# knows that a sandbox which ends by KILL was stopped from outside.
SENT = [(7, 0), (0, 8), (1, 10), (3, 12), (1, 16), (0, 18), (3, 20), (7, 24)]  # (mask, bits)
# Calls that return at once, with 0 or an error after which the caller goes on.
ANSWERED = {
    # What can be written lies in memory. On files of the system these would flush or empty caches.
    0: "fsync fdatasync msync fadvise64",
    # Their arguments lie in memory, where no filter sees them.
    errno.ENOSYS: "clone3 openat2",
    # As on file systems without them: those in /tmp may take an eighth of the system's memory.
    errno.EOPNOTSUPP: "getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr"
    " setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr",
}
FICLONE = 0x40049409  # copying by sharing blocks, which no file system here can
NEWER_ADVICE = 104  # of madvise; the C library expects EINVAL from a kernel that doesn't know it

REFUSED = {
    "memory that no limit of a process counts": "shmget shmat shmctl shmdt semget semop semctl"
    " semtimedop msgget msgsnd msgrcv msgctl mq_open mq_unlink mq_timedsend mq_timedreceive"
    " mq_notify mq_getsetattr memfd_create memfd_secret add_key request_key keyctl io_setup"
    " io_destroy io_getevents io_pgetevents io_submit io_cancel inotify_init inotify_init1"
    " inotify_add_watch inotify_rm_watch mlock mlock2 mlockall munlock munlockall",
    "timers and queued signals, which are counted for all that a user runs": "timer_create"
    " timer_settime timer_gettime timer_getoverrun timer_delete timerfd_create timerfd_settime"
    " timerfd_gettime rt_sigqueueinfo rt_tgsigqueueinfo signalfd signalfd4",
    "a network, or another process's socket": "socket socketpair bind listen accept accept4 connect"
    " shutdown sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg getsockname getpeername setsockopt"
    " getsockopt",
    "other processes": "ptrace process_vm_readv process_vm_writev process_madvise process_mrelease"
    " kcmp pidfd_open pidfd_getfd pidfd_send_signal get_robust_list execveat",
    "files that others use: locks, times, owners, second names, special files, the cache of the"
    " disk": "flock utime utimes futimesat utimensat chown fchown lchown fchownat link linkat"
    " renameat2 mknod mknodat mincore readahead sync syncfs sync_file_range name_to_handle_at"
    " open_by_handle_at fanotify_init fanotify_mark lookup_dcookie",
    "pages that move between files and pipes": "splice tee vmsplice remap_file_pages",
    "where and when it runs": "nice setpriority sched_setaffinity sched_setparam sched_setscheduler"
    " sched_setattr sched_getattr sched_rr_get_interval ioprio_get ioprio_set mbind set_mempolicy"
    " get_mempolicy set_mempolicy_home_node migrate_pages move_pages",
    "mounts and namespaces": "mount umount2 mount_setattr move_mount open_tree fsopen fsconfig"
    " fsmount fspick pivot_root chroot unshare setns",
    "rights": "setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups"
    " capset personality seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self",
    "rarely used doors into the kernel": "bpf perf_event_open userfaultfd io_uring_setup"
    " io_uring_enter io_uring_register modify_ldt set_thread_area get_thread_area pkey_alloc"
    " pkey_free pkey_mprotect",
    "the machine": "acct adjtimex clock_adjtime clock_settime settimeofday create_module"
    " delete_module init_module finit_module get_kernel_syms query_module kexec_load"
    " kexec_file_load iopl ioperm quotactl quotactl_fd reboot sethostname setdomainname swapon"
    " swapoff syslog vhangup",
    "of old kernels": "_sysctl afs_syscall epoll_ctl_old epoll_wait_old getpmsg nfsservctl putpmsg"
    " security sysfs tuxcall uselib ustat vserver",
}

# From seccomp.h of libseccomp
KILL, ALLOW, ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
BAD_ARCHITECTURE, OPTIMIZE = 2, 8  # attributes; the latter's value 2 is a binary tree
EQUAL, AT_LEAST, MASKED_EQUAL = 4, 5, 7
X32 = 0x40000000  # from here on the numbers are those of x32, on x86-64


class Comparison(ctypes.Structure):
    """The library's ``scmp_arg_cmp``."""

    _fields_ = [("place", ctypes.c_uint), ("how", ctypes.c_int),
                ("value", ctypes.c_uint64), ("masked", ctypes.c_uint64)]  # fmt: skip


def library() -> ctypes.CDLL:
    """Load libseccomp.

    Raises
    ------
    OSError
        If there is none.
    """
    seccomp = ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    seccomp.seccomp_version.restype = ctypes.POINTER(ctypes.c_uint * 3)
    return seccomp


def names(lists: Iterable[str]) -> list[str]:
    return " ".join(lists).split()


def decided() -> list[str]:
    """The names of all calls of the lists."""
    lists = (ALLOWED.values(), VALUES, BITS, SIGNALS, ANSWERED.values(), REFUSED.values())
    return [name for each in lists for name in names(each)]


def make(machine: str) -> bytes:
    """Compile the filter for a machine as `platform.machine` names it; any machine can.

    Raises
    ------
    OSError
        If libseccomp is missing.
    ValueError
        If it does not know a call of the lists.
    """
    seccomp, architecture = library(), ARCHITECTURES[machine]
    context = ctypes.c_void_p(seccomp.seccomp_init(ERRNO | errno.EPERM))

    def done(result: int) -> None:
        if result < 0:
            raise OSError(-result, f"libseccomp: {os.strerror(-result)}")

    def rule(action: int, name: str, *comparison: int) -> None:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        tests = (Comparison * 1)(Comparison(*comparison)) if comparison else None
        done(seccomp.seccomp_rule_add_array(context, action, number, len(tests or ()), tests))

    try:
        done(seccomp.seccomp_attr_set(context, BAD_ARCHITECTURE, ctypes.c_uint32(KILL)))
        done(seccomp.seccomp_attr_set(context, OPTIMIZE, 2))
        if seccomp.seccomp_arch_native() & 0xFFFFFFFF != architecture:
            done(seccomp.seccomp_arch_add(context, ctypes.c_uint32(architecture)))
            done(seccomp.seccomp_arch_remove(context, 0))  # this machine's own
        for name in names(ALLOWED.values()):
            rule(ALLOW, name)
        for error, list in ANSWERED.items():
            for name in list.split():
                rule(ERRNO | error, name)
        for name, (place, values) in VALUES.items():
            for value in values:
                rule(ALLOW, name, place, EQUAL, value)
        for name, (place, bits) in BITS.items():
            rule(ALLOW, name, place, MASKED_EQUAL, bits & (1 << 64) - 1, 0)
        for name, place in SIGNALS.items():
            for mask, bits in SENT:
                rule(ALLOW, name, place, MASKED_EQUAL, ~mask & (1 << 64) - 1, bits)
        rule(ERRNO | errno.EOPNOTSUPP, "ioctl", 1, EQUAL, FICLONE)
        rule(ERRNO | errno.EINVAL, "madvise", 2, AT_LEAST, NEWER_ADVICE)
        with tempfile.TemporaryFile() as file:
            done(seccomp.seccomp_export_bpf(context, file.fileno()))
            file.seek(0)
            return unknown(architecture, numbers(seccomp, architecture)) + file.read()
    finally:
        seccomp.seccomp_release(context)


def numbers(seccomp: ctypes.CDLL, architecture: int) -> list[int]:
    """The numbers of all calls of the lists that an architecture has."""
    resolve, architecture = seccomp.seccomp_syscall_resolve_name_arch, ctypes.c_uint32(architecture)
    found = []
    for name in decided():
        number = resolve(architecture, name.encode())
        if number == -1:
            raise ValueError(f"libseccomp does not know {name}: it is too old")
        found.append(number)
    return sorted(number for number in found if number >= 0)


def unknown(architecture: int, known: list[int]) -> bytes:
    """The steps before libseccomp's: ENOSYS for a number that belongs to no call of the lists."""
    gaps = [(a + 1, b) for a, b in zip(known, [*known[1:], X32], strict=True) if b - a > 1]
    load, equal, least, result = 0x20, 0x15, 0x35, 0x06
    steps = [(load, 0, 0, 4), (equal, 0, 1 + 3 * len(gaps), architecture), (load, 0, 0, 0)]
    for first, after in gaps:
        steps += [(least, 0, 2, first), (least, 1, 0, after), (result, 0, 0, ERRNO | errno.ENOSYS)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


if __name__ == "__main__":
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    for machine in ARCHITECTURES:
        path = FOLDER / f"seccomp_{machine}.bpf"
        path.write_bytes(make(machine))
        print(f"{path.name}: {path.stat().st_size // 8} instructions")
