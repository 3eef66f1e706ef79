"""Hostile programs: answers that try to get points, secrets or room that are not theirs.

Each is the text of an answer's cell. COURSE, PORT, HOME, SIBLING and KNOWN stand for what the
attacker is assumed to have guessed: where the course lies, where somebody listens, a private file,
the process of another submission, and the notebook's inputs with their right outputs.
"""

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True)
class Attack:
    """A hostile answer.

    Attributes
    ----------
    on : str
        What it attacks.
    aim : str
        What it attempts.
    cell : str
        Its text.
    task : str
        Where it stands; the other task has a right answer.
    says : str
        A pattern that the mark's words hold, where it matters.
    """

    on: str
    aim: str
    cell: str
    task: str = "01.1"
    says: str = ""


ATTACKS: list[Attack] = []


def _attack(on: str, aim: str, cell: str, task: str = "01.1", says: str = "") -> None:
    ATTACKS.append(Attack(on, aim, dedent(cell).lstrip("\n"), task, says))


# Types that lie

_attack(
    "types that lie",
    "an object that is equal to everything",
    """
    class Anything:
        def __eq__(self, other): return True
        def __hash__(self): return 0
        def __float__(self): return 0.0
        def __array__(self, *a, **k): return np.array(0.0)
    def mean(x): return Anything()
    def spread(x): return Anything()
    """,
)
_attack(
    "types that lie",
    "a subclass of float whose comparisons are always true",
    """
    class Number(float):
        def __eq__(self, other): return True
        def __sub__(self, other): return 0.0
        __rsub__ = __lt__ = __le__ = __eq__
    def mean(x): return Number(0)
    def spread(x): return Number(0)
    """,
)
_attack(
    "types that lie",
    "an array subclass that answers NumPy's own functions",
    """
    class Array(np.ndarray):
        def __array_function__(self, *a): return True
        def __array_ufunc__(self, *a, **k): return np.array(True)
        def all(self, *a): return True
    def mean(x): return np.zeros(()).view(Array)
    def spread(x): return np.zeros(()).view(Array)
    """,
)
_attack(
    "types that lie",
    "a class that calls itself float",
    """
    class Fake:
        __class__ = float
        def __eq__(self, other): return True
    Fake.__name__, Fake.__module__ = "float", "builtins"
    def mean(x): return Fake()
    def spread(x): return Fake()
    """,
)
_attack(
    "types that lie",
    "NaN in place of a number, in the hope that it agrees with all",
    """
    def mean(x): return float("nan")
    def spread(x): return np.full((), np.nan)
    """,
)
_attack(
    "types that lie",
    "an object that runs a command when it is unpickled",
    """
    class Bomb:
        def __reduce__(self): return (exec, ("import os; os._exit(0)",))
    def mean(x): return Bomb()
    def spread(x): return {"x": [Bomb()]}
    """,
)
_attack(
    "types that lie",
    "an array of objects, and a list that holds itself",
    """
    def mean(x): return np.array([x, None], dtype=object)
    def spread(x):
        endless = []
        endless.append(endless)
        return endless
    """,
)

# The grader

_attack(
    "the grader",
    "replace the functions that compare",
    """
    np.isclose = np.allclose = np.array_equal = lambda *a, **k: np.True_
    np.ndarray.any = lambda *a: False if False else None
    def mean(x): return 0.0
    def spread(x): return 0.0
    """,
)
_attack(
    "the grader",
    "replace the comparison in NumPy and in the grader's own modules",
    """
    import sys
    for name, module in list(sys.modules.items()):
        for f in ("close", "isclose", "allclose", "alike", "as_numbers", "judge", "run"):
            if hasattr(module, f):
                setattr(module, f, lambda *a, **k: True)
    def mean(x): return 0.0
    def spread(x): return 0.0
    """,
)
_attack(
    "the grader",
    "find the reference in the frames above and in all objects",
    """
    import gc, sys
    def mean(x):
        frame = sys._getframe()
        while frame:
            for value in frame.f_locals.values():
                if type(value).__name__ in ("AnswerProxy", "Recording"):
                    return value.reference.mean(x)
            frame = frame.f_back
        for value in gc.get_objects():
            if isinstance(value, dict) and "reference" in value and callable(value["reference"]):
                return value["reference"](x)
        return None
    def spread(x): return mean(x)
    """,
)
_attack(
    "the grader",
    "exceptions with the names of the outcomes that pytest and the grader know",
    """
    class passed(Exception): pass
    class Skipped(BaseException): pass
    def mean(x): raise passed("1 passed")
    def spread(x): raise Skipped("skipped")
    """,
)
_attack(
    "the grader",
    "the words by which the grader tells faults of the course",
    """
    class StaleRecording(Exception): pass
    def mean(x): raise StaleRecording("MemoryError")
    def spread(x): raise RuntimeError("the course's own StaleRecording")
    """,
    says="StaleRecording",
)
_attack(
    "the grader",
    "import pytest and end its session with success",
    """
    def mean(x):
        import pytest
        pytest.exit("all passed", returncode=0)
    def spread(x):
        import _pytest.results
        raise _pytest.results.Skipped("no")
    """,
)
_attack(
    "the grader",
    "rewrite cells with an input transformer and an import hook",
    """
    import sys
    class Hook:
        def find_spec(self, name, *a): return None
    sys.meta_path.insert(0, Hook())
    def rewrite(lines): return ["def mean(x): return 'any'\\n"]
    get_ipython().input_transformers_post.append(rewrite)
    def mean(x): return 0.0
    """,
    says="get_ipython",
)
_attack(
    "the grader",
    "a parser's crash: brackets nested without end, in the text of the cell",
    "def mean(x): return " + "(" * 5000 + "x" + ")" * 5000 + "\n" + "spread = " + "-" * 60000 + "1",
)
_attack(
    "the grader",
    "a cell of a million characters",
    "def mean(x):\n    return 0\n" + "#" * 1_000_000,
    says="more than 100000 characters",
)
_attack(
    "the grader",
    "remember the outputs that are known for the notebook's inputs",
    """
    def mean(x): return next((y for seen, y in KNOWN if np.array_equal(x, seen)), 0.0)
    def spread(x): return 0.0
    """,
    says="fails on other inputs",
)

# Messages

_LINES = """
import json, os, sys, time

def line(message):
    return (message if isinstance(message, bytes) else json.dumps(message).encode()) + b"\\n"

def send(data):
    for fd in range(3, 32):
        try:
            os.write(fd, data)
        except OSError:
            pass

def reply(value, id=None, **changes):
    message = {"id": id or current(), "value": value, "error": None, "output": [], "notes": []}
    send(line({**message, **changes}))

def current():
    above = sys._getframe()
    while "channel" not in above.f_locals:
        above = above.f_back
    return above.f_locals["channel"]._id
"""


def _forged(aim: str, body: str, says: str = "") -> None:
    _attack("the messages", aim, _LINES + dedent(body), says=says)


_forged(
    "forge replies for all the calls to come",
    """
    def mean(x):
        for id in range(current(), current() + 60):
            reply(0.25, id)
        return 0.0
    def spread(x): return 0.0
    """,
)
_forged(
    "answer twice, with a value and as a test that passes",
    """
    def mean(x):
        reply(True, error=["passed", ""], points=100, passed=True)
        return 0.0
    def spread(x): return mean(x)
    """,
    says="no valid form",
)
_forged(
    "a reply whose end never comes, within what memory holds",
    """
    def mean(x):
        send(b'{"id": 1, "value": "')
        while True:
            send(b"A" * (1 << 20))
    spread = mean
    """,
    says="too large",
)
_forged(
    "flood the grader with bytes without end",
    """
    def mean(x):
        while True:
            send(bytes(1 << 20))
    spread = mean
    """,
    says="malformed reply",
)
_forged(
    "send one byte of a reply after the other, for ever",
    """
    def mean(x):
        for byte in line({"id": 1, "value": "x" * 10000}):
            send(bytes([byte]))
            time.sleep(0.05)
    spread = mean
    """,
    says="did not finish",
)
_forged(
    "an array whose shape promises more than there is",
    """
    def mean(x):
        reply({"array": ["<f8", [1000, 1000], "AAAA"]})
    spread = mean
    """,
    says="more or fewer bytes",
)
_forged(
    "an array of more bytes than any machine has",
    """
    def mean(x):
        reply({"array": ["<f8", [1000000, 1000000, 1000000], "AAAA"]})
    spread = mean
    """,
    says="no valid shape",
)
_forged(
    "an array of pointers to objects",
    """
    def mean(x):
        import base64, struct
        pointer = base64.b64encode(struct.pack("q", id(x))).decode()
        reply({"array": ["|O", [1], pointer]})
    spread = mean
    """,
    says="not allowed",
)
_forged(
    "brackets nested without end",
    """
    def mean(x):
        send(line(b'{"id":1,"value":' + b'[' * 900000))
    spread = mean
    """,
    says="not JSON",
)
_forged(
    "a name of the grader's own function in place of an object",
    """
    def mean(x):
        reply({"object": ["mean", "function"]})
    spread = mean
    """,
    says="no valid name",
)
_forged(
    "close the pipe and live on",
    """
    def mean(x):
        os.closerange(0, 64)
        time.sleep(1000)
    spread = mean
    """,
)
_forged(
    "replace the functions that write replies, from within",
    """
    import sys
    inside = sys.modules["coursekit.grading.batch.sandbox.channel"]
    write = inside.write_message
    def forged(message):
        return write({**message, "value": True, "error": None, "passed": True, "points": 100})
    inside.write_message = forged
    def mean(x): return 0.0
    def spread(x): return 0.0
    """,
    says="malformed reply",
)
_attack(
    "the messages",
    "send more than the grader can keep, in many small replies",
    """
    def mean(x):
        return [list(range(9)) for _ in range(15000)]
    def spread(x): return mean(x)
    """,
)

# Files

_TELL = """
import os
def tell(text): raise ValueError("TOLD " + str(text))
"""


def _reader(aim: str, body: str, says: str = "") -> None:
    _attack("the files", aim, _TELL + dedent(body), says=says)


_reader(
    "read the solutions, the tests and the record where they lie",
    """
    def mean(x):
        found = []
        for folder in ("solutions", "exercises", "tests/exercises", "tests/exercises/recorded"):
            try:
                for name in os.listdir(f"COURSE/{folder}"):
                    found.append(open(f"COURSE/{folder}/{name}").read())
            except OSError as error:
                found.append(type(error).__name__)
        tell(found)
    def spread(x): return mean(x)
    """,
    says="FileNotFoundError",
)
_reader(
    "search every folder for notebooks, tests, books and keys",
    """
    def mean(x):
        found = []
        for folder, _, names in os.walk("/"):
            for name in names:
                if name.endswith((".ipynb", ".sqlite", ".json", ".csv")) or "answers_" in name:
                    path = os.path.join(folder, name)
                    if "/numpy/" not in path and not path.startswith("/python/lib/python3"):
                        found.append(path)
        tell(found)
    def spread(x): return mean(x)
    """,
    says=r"TOLD \[\]",
)
_reader(
    "read the system's secrets and other processes",
    """
    def mean(x):
        paths = ["/etc/passwd", "/etc/shadow", "/proc/self/environ", "/proc/1/environ", "HOME",
                 "/proc/self/mountinfo", "/sys/kernel/notes", "/dev/sda", "/dev/mem", "/dev/tty",
                 "/var/log/syslog", "/root/.bashrc", "/home", "/stage", "/run", "/proc/1/root"]
        tell([path for path in paths if os.path.exists(path)])
    def spread(x): return mean(x)
    """,
    says=r"TOLD \[\]",
)
_reader(
    "read what the environment says",
    """
    def mean(x): tell(sorted(os.environ))
    def spread(x): return mean(x)
    """,
    says="TOLD .'LC_",
)
_reader(
    "leave by links, by chroot and by file handles",
    """
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    def mean(x):
        os.symlink("/../../../../..COURSE", "/tmp/course")
        found = [os.path.exists("/tmp/course/solutions")]
        for call in (lambda: libc.chroot(b"/tmp"), lambda: libc.unshare(0x10000000),
                     lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
                     lambda: libc.open_by_handle_at(3, b"0" * 64, 0), lambda: libc.setuid(0)):
            found.append(call() == 0)
        tell(any(found))
    def spread(x): return mean(x)
    """,
    says="TOLD False",
)
_reader(
    "change Python, NumPy and the grader for all who come later",
    """
    def mean(x):
        done = []
        for path in ("/python/lib/python3.11/os.py", "/sandbox/numpy/__init__.py", "/etc/new",
                     "/new",
                     "/sandbox/coursekit/grading/batch/sandbox/worker.pyc", "/python/bin/python",
                     "/dev/new",
                     "/python/lib/python3.11/site-packages/sitecustomize.py", "/sandbox/new"):
            try:
                with open(path, "a") as file:
                    file.write("#")
                done.append(path)
            except OSError:
                pass
        tell(done)
    def spread(x): return mean(x)
    """,
    says=r"TOLD \[\]",
)
_reader(
    "keep others from NumPy's files by leases and locks, and touch /dev/null",
    """
    import fcntl, struct
    def mean(x):
        file, done = os.open(np.__file__, os.O_RDONLY), []
        lock = struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 0, 0)
        for name, change in {
            "lease": lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK),
            "watch": lambda: fcntl.fcntl(os.open("/", os.O_RDONLY), fcntl.F_NOTIFY, 1),
            "record": lambda: fcntl.fcntl(file, fcntl.F_SETLK, lock),
            "lock": lambda: fcntl.flock(file, fcntl.LOCK_EX),
            "time": lambda: os.utime("/dev/null"),
        }.items():
            try:
                change()
                done.append(name)
            except PermissionError:
                pass
        tell(done)
    def spread(x): return mean(x)
    """,
    says=r"TOLD \[\]",
)
_reader(
    "tell the hidden inputs in an exception",
    """
    def mean(x): tell([f"{value:.17g}" for value in x])
    def spread(x): return mean(x)
    """,
)
_reader(
    "keep the inputs of one run in a file, to tell them in the next",
    """
    def mean(x):
        with open("/tmp/seen", "a+") as file:
            file.write(repr(x.tolist()))
            file.seek(0)
            tell(file.read())
    def spread(x): return mean(x)
    """,
)

# The network

_attack(
    "the network",
    "send what it knows to a server, by every kind of socket",
    """
    import socket
    def mean(x):
        sent = []
        for family, kind, address in [
            (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", PORT)),
            (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", PORT)),
            (socket.AF_INET6, socket.SOCK_STREAM, ("::1", PORT)),
            (socket.AF_UNIX, socket.SOCK_STREAM, "\\0coursekit-test-PORT"),
            (socket.AF_INET, socket.SOCK_RAW, ("127.0.0.1", PORT)),
        ]:
            try:
                with socket.socket(family, kind) as s:
                    s.settimeout(0.5)
                    s.connect(address)
                    s.send(b"stolen")
                sent.append(address)
            except OSError:
                pass
        raise ValueError(f"SENT {sent}")
    def spread(x): return mean(x)
    """,
    says=r"SENT \[\]",
)
_attack(
    "the network",
    "fetch an answer with the standard library",
    """
    import urllib.request
    def mean(x): return float(urllib.request.urlopen("http://127.0.0.1:PORT/", timeout=1).read())
    def spread(x): return mean(x)
    """,
    says="URLError",
)

# Other processes

_attack(
    "other processes",
    "a fork bomb",
    """
    import os
    def mean(x):
        while True:
            os.fork()
    def spread(x): return os.fork()
    """,
    says="BlockingIOError|Resource temporarily unavailable",
)
_attack(
    "other processes",
    "start programs and threads",
    """
    import subprocess, threading, multiprocessing
    def mean(x): return float(subprocess.check_output(["/python/bin/python", "-c", "print(1)"]))
    def spread(x):
        threads = [threading.Thread(target=print) for _ in range(1000)]
        for thread in threads:
            thread.start()
        return 0.0
    """,
    says="BlockingIOError|Resource temporarily",
)
_attack(
    "other processes",
    "kill everything that it may",
    """
    import os, signal
    def mean(x):
        for pid in [-1, 1, *range(2, 40000), SIBLING]:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        os.killpg(0, signal.SIGKILL)
    def spread(x): return mean(x)
    """,
)
_attack(
    "other processes",
    "stop and debug the process above",
    """
    import ctypes, os, signal
    libc = ctypes.CDLL(None, use_errno=True)
    def mean(x):
        if libc.ptrace(16, os.getppid(), 0, 0) == 0:
            return "attached"
        for number in (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGSTOP):
            try:
                os.kill(os.getppid(), number)
            except OSError:
                pass
        raise ValueError("NOT ATTACHED")
    def spread(x): return mean(x)
    """,
    says="NOT ATTACHED",
)

# Time

_attack(
    "time",
    "a loop without end in a function",
    """
    def mean(x):
        while True:
            pass
    spread = mean
    """,
    says="did not finish",
)
_attack(
    "time",
    "a loop without end in the cell itself",
    """
    while True:
        pass
    """,
    says="did not finish",
)
_attack(
    "time",
    "a loop that catches whatever would end it, and ignores all signals",
    """
    import signal
    for number in range(1, 64):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    def mean(x):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                continue
    spread = mean
    """,
    says="did not finish",
)
_attack(
    "time",
    "a search in C that no exception interrupts",
    """
    import re
    def mean(x): return re.match(r"(a*)*b", "a" * 60)
    spread = mean
    """,
    says="did not finish",
)
_attack(
    "time",
    "an alarm that rings when the next task is tried",
    """
    import signal
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    def mean(x): return 0.0
    def spread(x): return 0.0
    """,
)

# Memory

_attack(
    "memory",
    "more memory than there is, at once",
    """
    def mean(x): return len(bytearray(10**12))
    def spread(x): return np.ones(10**12).sum()
    """,
    says="MemoryError",
)
_attack(
    "memory",
    "more and more memory, catching every refusal",
    """
    kept = []
    def mean(x):
        try:
            while True:
                kept.append(np.empty(10**6))
        except MemoryError:
            raise ValueError(f"GOT {8 * len(kept)} MB")
    def spread(x):
        while True:
            try:
                kept.append(bytearray(2**20))
            except MemoryError:
                pass
    """,
    says=r"GOT [6-9]\d\d MB.*did not finish",
)
_attack(
    "memory",
    "leave 900 MB behind for the next task",
    """
    kept = np.ones(10**8)
    def mean(x): return 0.0
    def spread(x): return 0.0
    """,
)
_attack(
    "memory",
    "memory that no process has to answer for: shared segments and memory files",
    """
    import ctypes, os
    libc = ctypes.CDLL(None, use_errno=True)
    def mean(x):
        got = libc.shmget(0, 10**8, 0o1600) >= 0
        try:
            os.memfd_create("x")
            got = True
        except OSError:
            pass
        raise ValueError(f"GOT {got}")
    def spread(x): return mean(x)
    """,
    says="GOT False",
)
_attack(
    "memory",
    "memory, slots and timers of the kernel's, which no process has to answer for",
    """
    import ctypes, fcntl, os
    libc = ctypes.CDLL(None, use_errno=True)
    AIO, TIMER, KEY = (206, 222, 248) if os.uname().machine == "x86_64" else (0, 107, 217)
    def call(number, *args):
        if libc.syscall(ctypes.c_long(number), *args) == -1:
            raise OSError(ctypes.get_errno(), "")
    def mean(x):
        got = []
        for name, take in {
            "attributes": lambda: os.setxattr("/tmp/x", "user.x", bytes(60_000)),
            "slots": lambda: call(AIO, 4096, ctypes.byref(ctypes.c_ulong())),
            "timer": lambda: call(TIMER, 1, None, ctypes.byref(ctypes.c_int())),
            "key": lambda: call(KEY, b"user", b"x", b"x", ctypes.c_long(1), ctypes.c_long(-2)),
            "pipe": lambda: fcntl.fcntl(os.pipe()[1], 1031, 1 << 20),
            "mounts": lambda: call(458, bytes([24, *bytes(7), *[255] * 8, *bytes(8)]),
                                   (ctypes.c_uint64 * 64)(), 64, 0),
        }.items():
            try:
                open("/tmp/x", "w").close()
                take()
                got.append(name)
            except OSError:
                pass
        os.remove("/tmp/x")
        raise ValueError(f"GOT {got}")
    def spread(x): return mean(x)
    """,
    says=r"GOT \[\]",
)
_attack(
    "memory",
    "a stack that overflows in C",
    """
    import sys
    sys.setrecursionlimit(10**9)
    def mean(x): return mean(x) + 1
    def spread(x): return spread(x) + 1
    """,
)

# Disk

_attack(
    "disk",
    "fill what it may write, and leave it full for the next task",
    """
    def mean(x):
        for n in range(10**6):
            with open(f"/tmp/{n}", "wb") as file:
                file.write(bytes(10**6))
    def spread(x):
        with open("/tmp/large", "wb") as file:
            file.truncate(10**12)
    """,
    says="No space left.*File too large",
)
_attack(
    "disk",
    "open files until there are no more",
    """
    kept = []
    def mean(x):
        try:
            while True:
                kept.append(open("/tmp/x", "w"))
        except OSError as error:
            raise ValueError(f"{error} after {len(kept)}")
    def spread(x): return mean(x)
    """,
    says="Too many open files.* after [12]\\d[^\\d]",
)

# Output

_attack(
    "output",
    "print without end",
    """
    def mean(x):
        while True:
            print("x" * 10000)
    spread = mean
    """,
    says="more than a million characters",
)
_attack(
    "output",
    "write to every open file past Python's streams, and warn a million times",
    """
    import os, warnings
    def mean(x):
        for n in range(10**5):
            os.write(1, b"1 passed\\n" * 100)
            os.write(2, b"1 passed\\n" * 100)
        return 0.0
    def spread(x):
        for n in range(10**4):
            warnings.warn(f"points: {n}")
        return 0.0
    """,
)
_attack(
    "output",
    "messages that act on a terminal, a web page and a database",
    """
    def mean(x): raise ValueError("\\x1b[2J\\x1b]0;owned\\x07\\u202e '); DROP TABLE marks; --")
    def spread(x): raise ValueError("<script>alert(1)</script>")
    """,
    says="DROP TABLE",
)

_attack(
    "output",
    "notebook commands that act on a terminal, a web page and a file in UTF-8",
    "%x \x1b[2J\x1b]0;owned\x07\u202e <script>alert(1)</script> \ud800\n"
    "def mean(x): return 0.0\ndef spread(x): return 0.0",
    says="notebook command `%x",
)

# The parent

_attack(
    "the parent",
    "end the program",
    """
    import os
    def mean(x): os._exit(0)
    spread = mean
    """,
    says="ended the whole program",
)
_attack(
    "the parent",
    "end the program with a strange status",
    """
    import os
    def mean(x): os._exit(255)
    spread = mean
    """,
    says="ended the whole program",
)
_attack(
    "the parent",
    "end the program while the cell runs, with the status that the first process waits for",
    """
    import os
    os._exit(77)
    """,
)
_attack(
    "the parent",
    "exit in the polite way",
    """
    def mean(x): exit(0)
    def spread(x): raise SystemExit
    """,
)
_attack(
    "the parent",
    "crash through a null pointer",
    "import ctypes\ndef mean(x): return ctypes.string_at(0)\nspread = mean",
    says="crashed",
)
_attack(
    "the parent",
    "type commands into the teacher's terminal",
    """
    import fcntl, os, termios
    def mean(x):
        typed = []
        for name in (0, 1, 2, "/dev/tty", "/dev/console", "/dev/pts/0"):
            try:
                fd = os.open(name, os.O_RDWR) if isinstance(name, str) else name
                fcntl.ioctl(fd, termios.TIOCSTI, b"x")
                typed.append(name)
            except OSError:
                pass
        raise ValueError(f"TYPED {typed}")
    def spread(x): return mean(x)
    """,
    says=r"TYPED \[\]",
)
_attack(
    "the parent",
    "functions to be called at the end",
    """
    import atexit, os
    atexit.register(os._exit, 0)
    atexit.register(lambda: 1 / 0)
    def mean(x): return 0.0
    def spread(x): return 0.0
    """,
)

# The gradebook

_attack(
    "the gradebook",
    "write its mark into the book",
    """
    import sqlite3
    def mean(x):
        db = sqlite3.connect("COURSE/gradebook.sqlite")
        db.execute("UPDATE marks SET mark = 'full'")
        db.commit()
    def spread(x): return mean(x)
    """,
    says="OperationalError",
)
_attack(
    "the gradebook",
    "change it from a later task, in place of the right answer",
    """
    import os
    class Counter:
        def __init__(self, start):
            for name in os.listdir("/"):
                os.rename(f"/{name}", f"/{name}.old")
        def step(self, by): return by
    """,
    task="01.2",
)

# Leftovers

_attack(
    "leftovers",
    "a process that outlives the sandbox, in a session of its own",
    """
    import os
    def mean(x):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                while True:
                    pass
        return 0.0
    def spread(x): return mean(x)
    """,
    says="BlockingIOError|Resource temporarily",
)
_attack(
    "leftovers",
    "patches of NumPy and of Python for the task that follows",
    """
    import builtins
    np.add = np.sum = np.array = None
    builtins.len = builtins.super = builtins.isinstance = None
    def mean(x): return 0.0
    """,
)
_attack(
    "leftovers",
    "stop the first process, so that the next task never begins",
    """
    import os, signal
    for number in (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGSTOP):
        try:
            os.kill(os.getppid(), number)
        except OSError:
            pass
    def mean(x): return 0.0
    def spread(x): return 0.0
    """,
)
