"""The filter of system calls: what it decides, and what that takes from hostile programs.

Each hostile program runs twice in a sandbox of bubblewrap's, with the filter and without: the
second run shows that it is the filter that stops it.
"""

import errno
import importlib.util
import os
import platform
import signal
import struct
import subprocess
import sys
from errno import EINVAL, ENOSYS, EOPNOTSUPP, EPERM
from functools import cache
from pathlib import Path

import pytest

from coursekit.grading.batch.sandbox import seccomp

from ..conftest import needs_sandbox

ROOT = Path(__file__).parents[4]
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # with AUDIT_ARCH_… of linux/audit.h
I386 = 0x40000003
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
X32 = 0x40000000
SIGCHLD = 17
THREAD = 0x3D0F00  # the flags of the C library's pthread_create


@cache
def steps(program):
    return list(struct.iter_unpack("=HBBI", program))


def decide(program, architecture, number, *args):
    """Run the filter as the kernel does; "allow", "kill" or the number of an error."""
    words = [number & 0xFFFFFFFF, architecture, 0, 0]  # a call as the filter sees it
    for argument in (*args, *[0] * (6 - len(args))):
        words += [argument & 0xFFFFFFFF, argument >> 32 & 0xFFFFFFFF]
    value = at = 0
    while True:
        code, yes, no, k = steps(program)[at]
        at += 1
        if code == 0x20:
            value = words[k // 4]
        elif code == 0x54:
            value &= k
        elif code == 0x05:
            at += k
        elif code == 0x06:
            return {ALLOW: "allow", KILL: "kill"}.get(k, k - ERROR)
        else:
            tests = {0x15: value == k, 0x25: value > k, 0x35: value >= k, 0x45: value & k != 0}
            at += yes if tests[code] else no


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("maker", ROOT / "tools/make_seccomp_filter.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        module.library()
    except OSError:
        pytest.skip("libseccomp, which makes the filter, is not installed")
    return module


# Numbers on x86-64 and on 64-bit ARM, arguments, and what the filter decides.
DECISIONS = [
    ("read", (0, 63), (), "allow"),
    ("openat", (257, 56), (), "allow"),
    ("open", (2, None), (), "allow"),
    ("newfstatat", (262, 79), (), "allow"),
    ("statx", (332, 291), (), "allow"),
    ("execve", (59, 221), (), "allow"),
    ("futex", (202, 98), (), "allow"),
    ("futex_waitv", (449, 449), (), "allow"),
    ("rseq", (334, 293), (), "allow"),
    ("close_range", (436, 436), (), "allow"),
    ("faccessat2", (439, 439), (), "allow"),
    ("getrandom", (318, 278), (), "allow"),
    ("clock_nanosleep", (230, 115), (), "allow"),
    ("fork", (57, None), (), "allow"),
    ("clone: os.fork", (56, 220), (0x1200000 | SIGCHLD,), "allow"),
    ("clone: a thread", (56, 220), (THREAD,), "allow"),
    ("clone: posix_spawn", (56, 220), (0x4100 | SIGCHLD,), "allow"),
    *(
        ("clone: a new namespace", (56, 220), (flag | SIGCHLD,), EPERM)
        for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
    ),
    ("clone: a child of its parent", (56, 220), (0x8000 | SIGCHLD,), EPERM),
    ("clone: a bit that is new", (56, 220), (1 << 33 | SIGCHLD,), EPERM),
    ("clone: a child whose end kills the parent", (56, 220), (signal.SIGKILL,), EPERM),
    ("clone3", (435, 435), (), ENOSYS),
    ("openat2", (437, 437), (), ENOSYS),
    ("statmount", (457, 457), (), ENOSYS),
    ("listmount", (458, 458), (), ENOSYS),
    ("setxattrat", (463, 463), (), ENOSYS),
    ("a call of the future", (600, 600), (), ENOSYS),
    ("no call at all", (9999, 9999), (), ENOSYS),
    ("a gap in the table", (400, 400), (), ENOSYS),
    ("setxattr", (188, 5), (), EOPNOTSUPP),
    ("fsetxattr", (190, 7), (), EOPNOTSUPP),
    ("lgetxattr", (192, 9), (), EOPNOTSUPP),
    ("fsync", (74, 82), (), 0),
    ("fadvise64: out of the cache", (221, 223), (3, 0, 0, 4), 0),
    *(("fcntl", (72, 25), (3, command), "allow") for command in (0, 1, 2, 3, 4, 1030)),
    ("fcntl: GETLK", (72, 25), (3, 5), EPERM),
    ("fcntl: SETLK", (72, 25), (3, 6), EPERM),
    ("fcntl: SETOWN", (72, 25), (3, 8), EPERM),
    ("fcntl: SETSIG", (72, 25), (3, 10), EPERM),
    ("fcntl: OFD_SETLK", (72, 25), (3, 37), EPERM),
    ("fcntl: SETLEASE", (72, 25), (3, 1024), EPERM),
    ("fcntl: SETLEASE, in other words", (72, 25), (3, 1 << 32 | 1024), EPERM),
    ("fcntl: NOTIFY", (72, 25), (3, 1026), EPERM),
    ("fcntl: SETPIPE_SZ", (72, 25), (3, 1031), EPERM),
    ("fcntl: ADD_SEALS", (72, 25), (3, 1033), EPERM),
    ("ioctl: TCGETS", (16, 29), (0, 0x5401), "allow"),
    ("ioctl: TIOCSTI", (16, 29), (0, 0x5412), EPERM),
    ("ioctl: TIOCLINUX", (16, 29), (0, 0x541C), EPERM),
    ("ioctl: FICLONE", (16, 29), (1, 0x40049409), EOPNOTSUPP),
    ("madvise: DONTNEED", (28, 233), (0, 0, 4), "allow"),
    ("madvise: HUGEPAGE", (28, 233), (0, 0, 14), "allow"),
    ("madvise: GUARD_INSTALL", (28, 233), (0, 0, 102), "allow"),
    ("madvise: MERGEABLE", (28, 233), (0, 0, 12), EPERM),
    ("madvise: PAGEOUT", (28, 233), (0, 0, 21), EPERM),
    ("madvise: advice of the future", (28, 233), (0, 0, 104), EINVAL),
    ("prctl: SET_NAME", (157, 167), (15,), "allow"),
    ("prctl: SET_DUMPABLE", (157, 167), (4,), EPERM),
    ("prctl: SET_SECCOMP", (157, 167), (22, 2), EPERM),
    ("prctl: SET_MM", (157, 167), (35,), EPERM),
    ("prctl: SET_PTRACER", (157, 167), (0x59616D61,), EPERM),
    ("arch_prctl: SET_FS", (158, None), (0x1002,), "allow"),
    ("arch_prctl: SET_CPUID", (158, None), (0x1012,), EPERM),
    ("prlimit64: its own", (302, 261), (0, 7), "allow"),
    ("prlimit64: another's", (302, 261), (2, 7), EPERM),
    ("mmap", (9, 222), (0, 4096, 3, 0x22, -1), "allow"),
    ("mmap: LOCKED", (9, 222), (0, 4096, 3, 0x2022, -1), EPERM),
    ("mmap: HUGETLB", (9, 222), (0, 4096, 3, 0x40022, -1), EPERM),
    *(
        (f"kill: {number}", (62, 129), (5, number), EPERM if number in (9, 19) else "allow")
        for number in range(32)
    ),
    ("tgkill: KILL", (234, 131), (5, 5, 9), EPERM),
    ("tgkill: ABRT, in other words", (234, 131), (5, 5, 1 << 32 | 6), EPERM),
    ("tkill: KILL", (200, 130), (5, 9), EPERM),
    ("kill: a signal that queues", (62, 129), (5, 34), EPERM),
    ("tgkill: a signal that queues", (234, 131), (5, 5, 64), EPERM),
    ("tkill: a signal that queues", (200, 130), (5, 64), EPERM),
    *(
        (name, numbers, (), EPERM)
        for name, numbers in {
            "add_key": (248, 217), "bpf": (321, 280), "chown": (92, None), "chroot": (161, 51),
            "execveat": (322, 281), "fanotify_init": (300, 262), "flock": (73, 32),
            "fsconfig": (431, 431), "fsmount": (432, 432), "fsopen": (430, 430),
            "fspick": (433, 433), "inotify_init": (253, None), "inotify_init1": (294, 26),
            "io_setup": (206, 0), "io_submit": (209, 2), "io_uring_enter": (426, 426),
            "io_uring_register": (427, 427), "io_uring_setup": (425, 425), "kcmp": (312, 272),
            "keyctl": (250, 219), "landlock_create_ruleset": (444, 444), "linkat": (265, 37),
            "mbind": (237, 235), "memfd_create": (319, 279), "memfd_secret": (447, 447),
            "mincore": (27, 232), "mknodat": (259, 33), "mlock": (149, 228), "mlock2": (325, 284),
            "modify_ldt": (154, None), "mount": (165, 40), "mount_setattr": (442, 442),
            "move_mount": (429, 429), "mq_open": (240, 180), "msgget": (68, 186),
            "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
            "open_tree": (428, 428), "perf_event_open": (298, 241), "personality": (135, 92),
            "pidfd_getfd": (438, 438), "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424),
            "pivot_root": (155, 41), "process_madvise": (440, 440),
            "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "ptrace": (101, 117),
            "quotactl": (179, 60), "request_key": (249, 218), "rt_sigqueueinfo": (129, 138),
            "rt_tgsigqueueinfo": (297, 240), "sched_setaffinity": (203, 122),
            "sched_setscheduler": (144, 119), "seccomp": (317, 277), "semget": (64, 190),
            "setns": (308, 268), "setpriority": (141, 140), "setuid": (105, 146),
            "shmat": (30, 196), "shmget": (29, 194), "signalfd4": (289, 74), "socket": (41, 198),
            "socketpair": (53, 199), "splice": (275, 76), "sync": (162, 81), "syslog": (103, 116),
            "tee": (276, 77), "timer_create": (222, 107), "timerfd_create": (283, 85),
            "umount2": (166, 39), "unshare": (272, 97), "userfaultfd": (323, 282),
            "utimensat": (280, 88), "vmsplice": (278, 75),
        }.items()
    ),
]  # fmt: skip


@pytest.mark.parametrize("machine", MACHINES)
def test_each_decision_is_the_one_that_was_made(machine):
    program, column = seccomp.program(machine), list(MACHINES).index(machine)
    assert len(program) % 8 == 0 and len(program) < 8 * 500
    for name, numbers, args, wanted in DECISIONS:
        if numbers[column] is not None:
            found = decide(program, MACHINES[machine], numbers[column], *args)
            assert found == wanted, (name, args)


def test_the_tables_of_other_architectures_are_no_way_round():
    x86, arm = (seccomp.program(machine) for machine in MACHINES)
    assert decide(x86, I386, 20) == "kill"
    assert decide(arm, MACHINES["x86_64"], 63) == "kill"
    for number in (0, 1, 59, 9999):
        assert decide(x86, MACHINES["x86_64"], X32 | number) == "kill"
        assert decide(arm, MACHINES["aarch64"], X32 | number) != "allow"
    for machine, program in zip(MACHINES, (x86, arm), strict=True):
        assert decide(program, MACHINES[machine], -1) == EPERM
        assert decide(program, MACHINES[machine], 0x80000000) != "allow"


def test_there_is_none_for_another_machine():
    assert seccomp.program("riscv64") == b""
    assert seccomp.program(next(iter(MACHINES))) != b""


@pytest.mark.parametrize("machine", MACHINES)
def test_the_committed_filter_is_the_one_that_is_made(maker, machine):
    try:
        made = maker.make(machine)
    except ValueError as error:
        pytest.skip(str(error))
    committed = seccomp.program(machine)
    if made == committed:
        return
    assert tuple(maker.library().seccomp_version().contents)[:2] != (2, 5)
    values = {value for _, values in maker.VALUES.values() for value in values}
    for number in range(600):  # another version may put the same decisions into other words
        for value in (*values, *(1 << bit for bit in range(64))):
            call = (MACHINES[machine], number, *[value] * 6)
            assert decide(made, *call) == decide(committed, *call), (number, value)


@pytest.mark.parametrize("machine", MACHINES)
def test_every_call_is_decided_once(maker, machine):
    """The filter allows what the maker's lists allow, and nothing else."""
    names = maker.decided()
    assert len(names) == len(set(names))
    resolve = maker.library().seccomp_syscall_resolve_name_arch
    known = {resolve(MACHINES[machine], name.encode()): name for name in names}
    if -1 in known:
        pytest.skip(f"this libseccomp does not know {known[-1]}")
    allowed = maker.names(maker.ALLOWED.values())
    answers = {name: error for error, text in maker.ANSWERED.items() for name in text.split()}
    for number in range(600):
        found = decide(seccomp.program(machine), MACHINES[machine], number, *[1 << 40] * 6)
        name = known.get(number)
        if name in (*maker.BITS, *maker.SIGNALS):
            assert found == ("allow" if name == "mmap" else EPERM)
        elif name == "madvise":
            assert found == EINVAL
        elif name in allowed:
            assert found == "allow", name
        else:
            assert found == answers.get(name, EPERM if name else ENOSYS), (number, name)


# What each line of a hostile program begins with
PRELUDE = """
import ctypes, errno, fcntl, mmap, os, resource, signal, socket, struct, sys
libc = ctypes.CDLL(None, use_errno=True)

def done(result):
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

def call(x86, arm, *args):
    number = x86 if os.uname().machine == "x86_64" else arm
    long = (ctypes.c_long(x) if isinstance(x, int) else x for x in args)
    return done(libc.syscall(ctypes.c_long(number), *long))

def mounts(root=2**64 - 1):
    question = struct.pack("=IIQQ", 24, 0, root, 0)
    found = (ctypes.c_uint64 * 64)()
    return found[:call(458, 458, question, found, 64, 0)]

def new(name):
    return os.open(f"/tmp/{name}", os.O_CREAT | os.O_RDWR)

def attack():
"""
END = """
try:
    attack()
    print("gained")
except OSError as error:
    print(errno.errorcode[error.errno])
"""
ATTACKS = {  # THEIRS is a file outside that belongs to who grades, as a library of the course's may
    "a lease, which stops whoever opens the file": (
        "fcntl.fcntl(os.open('THEIRS', os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_WRLCK)",
        EPERM,
    ),
    "a record lock": (
        "lock = struct.pack('hhqqi4x', fcntl.F_RDLCK, 0, 0, 0, 0)\n"
        "fcntl.fcntl(os.open('THEIRS', os.O_RDONLY), fcntl.F_SETLK, lock)",
        EPERM,
    ),
    "a lock on the whole file": (
        "fcntl.flock(os.open('THEIRS', os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)",
        EPERM,
    ),
    "a watch on a folder outside": (
        "fcntl.fcntl(os.open('/usr', os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_ACCESS)",
        EPERM,
    ),
    "when /dev/null was changed": ("os.utime('/dev/null')", EPERM),
    "listmount": ("assert mounts()", ENOSYS),
    "statmount": (
        "text = ctypes.create_string_buffer(4096)\n"
        "call(457, 457, struct.pack('=IIQQ', 24, 0, mounts()[0], 8), text, 4096, 0)",
        ENOSYS,
    ),
    "memory in extended attributes": ("os.setxattr(new('x'), 'user.x', bytes(60_000))", EOPNOTSUPP),
    "slots for asynchronous reading": (
        "call(206, 0, 4096, ctypes.byref(ctypes.c_ulong()))",
        EPERM,
    ),
    "a POSIX timer": ("call(222, 107, 1, None, ctypes.byref(ctypes.c_int()))", EPERM),
    "a larger pipe": ("fcntl.fcntl(os.pipe()[1], 1031, 1 << 20)", EPERM),
    "a queue of signals": (
        "signal.pthread_sigmask(signal.SIG_BLOCK, [40])\nos.kill(os.getpid(), 40)",
        EPERM,
    ),
    "a key": ("call(248, 217, b'user', b'x', b'x', 1, -2)", EPERM),
    "a memory file": ("os.memfd_create('x')", EPERM),
    "a shared segment": ("done(libc.shmget(0, 10**6, 0o1600))", EPERM),
    "locked memory": ("mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | 0x2000)", EPERM),
    "another's limits": ("resource.prlimit(os.getpid(), resource.RLIMIT_CORE)", EPERM),
    "a namespace of users": (
        "if call(56, 220, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0) == 0:\n    os._exit(0)",
        EPERM,
    ),
    "sockets": ("socket.socketpair()", EPERM),
    "pages of a file in a pipe": ("os.splice(os.open('THEIRS', os.O_RDONLY), os.pipe()[1], 1)",
                                  EPERM),
    "a second name": ("new('x'), os.link('/tmp/x', '/tmp/y')", EPERM),
    "the memory of a process": ("call(310, 270, os.getpid(), 0, 0, 0, 0, 0)", EPERM),
}  # fmt: skip


def run_inside(program, *options, filtered=True):
    """Run a program in a sandbox of bubblewrap's."""
    # the environment once more: it may lie in /tmp
    bwrap = ["bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--tmpfs",
             "/tmp", "--ro-bind", sys.prefix, sys.prefix,
             "--dev-bind", "/dev/null", "/dev/null", *options]  # fmt: skip
    source, sink = os.pipe()
    with open(source, "rb") as filter:
        with open(sink, "wb") as file:
            file.write(seccomp.program() if filtered else b"")
        return subprocess.run(
            [*bwrap, *(["--seccomp", str(source)] if filtered else []),
             sys.executable, "-B", "-c", program],
            pass_fds=[filter.fileno()], capture_output=True, text=True, timeout=300, cwd="/",
        )  # fmt: skip


@needs_sandbox
@pytest.mark.skipif(platform.machine() not in MACHINES, reason="there is no filter")
class TestInTheKernel:
    @pytest.mark.parametrize("aim", ATTACKS)
    def test_what_a_hostile_program_gains_without_it_it_refuses(self, aim, tmp_path):
        theirs = tmp_path / "theirs"
        theirs.write_text("# a library\n")
        body, error = ATTACKS[aim]
        body = "\n".join(
            "    " + line for line in body.replace("THEIRS", "/tmp/theirs").split("\n")
        )
        bound = ["--ro-bind", str(theirs), "/tmp/theirs"]
        ended = run_inside(PRELUDE + body + END, *bound)
        assert ended.stdout.strip() == errno.errorcode[error], ended.stderr
        ended = run_inside(PRELUDE + body + END, *bound, filtered=False)
        if ended.stdout.strip() in ("ENOSYS", "EOPNOTSUPP"):
            pytest.skip("this system's kernel has no such call")
        assert ended.stdout.strip() == "gained", ended.stderr

    def test_calls_that_are_not_known_are_as_on_an_older_kernel(self):
        body = "    call(9999, 9999)"
        assert run_inside(PRELUDE + body + END).stdout.strip() == "ENOSYS"
        body = "    call(435, 435, 0, 0)"  # clone3
        assert run_inside(PRELUDE + body + END).stdout.strip() == "ENOSYS"
        assert run_inside(PRELUDE + body + END, filtered=False).stdout.strip() == "EINVAL"

    @pytest.mark.skipif(platform.machine() != "x86_64", reason="it has one table of calls")
    def test_another_table_of_calls_ends_the_process(self):
        killed = 128 + signal.SIGSYS
        body = "    libc.syscall(ctypes.c_long(0x40000000 | 39))"  # of x32
        assert run_inside(PRELUDE + body + END).returncode == killed
        assert run_inside(PRELUDE + body + END, filtered=False).returncode == 0
        body = (  # i386's getpid: mov $20, %eax; int $0x80; ret
            "    code = mmap.mmap(-1, 4096, prot=7)\n"
            "    code.write(bytes.fromhex('b814000000cd80c3'))\n"
            "    at = ctypes.addressof(ctypes.c_char.from_buffer(code))\n"
            "    ctypes.CFUNCTYPE(ctypes.c_int)(at)()"
        )
        assert run_inside(PRELUDE + body + END).returncode == killed
        assert run_inside(PRELUDE + body + END, filtered=False).returncode in (
            0,
            128 + signal.SIGSEGV,  # a kernel without that table
        )

    def test_what_students_use_works(self):
        program = """
import io, os, pathlib, random, shutil, sqlite3, subprocess, sys, tempfile, threading, time
import numpy as np
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
from concurrent.futures import ThreadPoolExecutor
from IPython.display import Image, display
from PIL import Image as Picture
import contourpy, ipywidgets

x = np.linspace(0, 1, 50)
figure, axes = plt.subplots()
axes.plot(x, np.sin(x))
axes.contourf(np.outer(x, x))
for form in ("png", "svg", "pdf"):
    figure.savefig(io.BytesIO(), format=form)
figure.savefig("/tmp/figure.png")
assert Picture.open("/tmp/figure.png").size == (640, 480)
display(ipywidgets.IntSlider(), Image("/tmp/figure.png"))
np.linalg.svd(np.random.default_rng().normal(size=(99, 99)))
np.save("/tmp/x.npy", x)
np.load("/tmp/x.npy", mmap_mode="r+").flush()
folder = pathlib.Path(tempfile.mkdtemp())
shutil.copy("/tmp/x.npy", folder / "y.npy")
os.replace(folder / "y.npy", folder / "z.npy")
shutil.rmtree(folder)
(thread := threading.Thread(target=time.sleep, args=[0.01])).start()
thread.join()
with ThreadPoolExecutor(2) as pool:
    assert list(pool.map(abs, [-1, 2])) == [1, 2]
sqlite3.connect(":memory:").execute("CREATE TABLE a (b)")
assert subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True).stdout == b"1\\n"
os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)
random.seed()
print("all")
"""
        ended = run_inside(program, "--setenv", "MPLCONFIGDIR", "/tmp/matplotlib",
                           "--setenv", "HOME", "/tmp")  # fmt: skip
        assert ended.stdout.endswith("all\n"), ended.stderr
        assert ended.returncode == 0
