"""The sandbox: what is visible inside, its limits, and how it ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from coursekit.grading.batch.grader.sandboxed_answers import OWN_LIMITS
from coursekit.grading.batch.sandbox import (
    bubblewrap,
    cgroup,
    pipe,
    scratch,
    seccomp,
)
from coursekit.grading.batch.sandbox.bubblewrap import Command, SandboxUnavailable
from coursekit.grading.batch.sandbox.endings import SandboxEnded
from coursekit.grading.batch.sandbox.own_modules import (
    PACKAGE,
    compile_once,
    own_files,
    own_modules,
)
from coursekit.grading.batch.sandbox.sandbox import LIMITS, Sandbox
from coursekit.grading.batch.sandbox.unsafe import unsafe_command
from coursekit.language import ENGLISH, languages

from ..conftest import descendants, gone, needs_sandbox

SEES = """
import os

def files(top):
    found = []
    for folder, folders, names in os.walk(top):
        found += [os.path.join(folder, name) for name in names]
    return found[:9000]

def folders(top):
    return os.listdir(top)

def writable():
    found = []
    for folder, _, _ in os.walk("/"):
        try:
            with open(os.path.join(folder, "new"), "w"):
                found.append(folder)
        except OSError:
            pass
    return found

def not_read_only():
    paths = [os.path.join(folder, name) for folder, folders, names in os.walk("/")
             for name in folders + names]
    return [path for path in paths
            if not os.path.islink(path) and not os.statvfs(path).f_flag & os.ST_RDONLY]

def fill():
    for number in range(1000):
        try:
            open(f"/tmp/{number}", "w").close()
        except OSError:
            return number

def environment():
    return dict(os.environ)

def locale():
    import locale
    locale.setlocale(locale.LC_ALL, "")
    return locale.getpreferredencoding()

def rights():
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc.capget(header, data)
    bounding = [libc.prctl(23, n, 0, 0, 0) for n in range(38)]
    return {
        "ids": sorted({os.getuid(), os.geteuid(), os.getgid(), os.getegid()}),
        "groups": os.getgroups(), "capabilities": list(data), "bounding": sum(bounding),
        "no new": libc.prctl(39, 0, 0, 0, 0), "filter": libc.prctl(21, 0, 0, 0, 0),
        "session": os.getsid(0), "namespace": libc.unshare(0x10000000),
        "host": os.uname().nodename,
    }

def limits():
    import resource
    return {n: list(resource.getrlimit(getattr(resource, n))) for n in dir(resource)
            if n.startswith("RLIMIT_")}

def space(folder):
    found = os.statvfs(folder)
    return found.f_blocks * found.f_frsize

def fork():
    return os.fork()

def thread():
    import threading
    threading.Thread(target=print).start()

def order():
    return list({"a", "b", "c", "d", "e", "f"})

def packages():
    import importlib.util
    names = ["coursekit.nn", "coursekit.data", "torch", "matplotlib", "pytest", "pip", "numpy"]
    return [name for name in names if (spec := importlib.util.find_spec(name)) and spec.origin]

def connect(port):
    import socket
    return socket.create_connection(("127.0.0.1", port), timeout=1).fileno()

def open_files():
    found = {}
    for number in range(5000):
        try:
            found[number] = os.fstat(number).st_mode >> 12
        except OSError:
            pass
    return list(found.items())

def numbers():
    import numpy
    return numpy.zeros(990_000)

def end():
    os._exit(3)

def run():
    import signal
    for number in range(1, 64):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        pass
"""


def started(command, cell=SEES):
    sandbox = Sandbox(command)
    try:
        sandbox.fork_worker(60, {**OWN_LIMITS, "RLIMIT_CPU": 100})
        assert sandbox.ask(60, do="execute", cell="x", source=cell)["error"] is None
    except BaseException:
        sandbox.close()
        raise
    return sandbox


def call(sandbox, target, *args, seconds=60):
    reply = sandbox.ask(seconds, do="call", target=target, args=args, kwargs={})
    return reply["error"] or reply["value"]


def marked(text):
    """The processes with this text in their command or environment."""
    found = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        for name in ("cmdline", "environ"):
            with suppress(OSError):  # it has just ended, or is another user's
                if text.encode() in Path("/proc", pid, name).read_bytes():
                    found.add(int(pid))
    return found


@pytest.fixture(scope="module")
def command():
    return bubblewrap.command()


@pytest.fixture
def without_filter(monkeypatch):
    """The same, but with all system calls."""
    monkeypatch.setattr(seccomp, "PROGRAM", b"")
    return bubblewrap.command()


@pytest.fixture(scope="module")
def sandbox(command):
    """One for the tests that only look at it."""
    with closing(started(command)) as made:
        yield made


@pytest.fixture
def new():
    """Make sandboxes that are closed after the test."""
    with ExitStack() as stack:
        yield lambda *args: stack.enter_context(closing(started(*args)))


@needs_sandbox
class TestInside:
    def test_nothing_is_there_but_python_numpy_and_the_libraries_that_they_need(self, sandbox):
        assert set(call(sandbox, "folders", "/")) <= {
            "python", "sandbox", "usr", "lib", "lib64", "dev", "tmp",
        }  # fmt: skip
        assert call(sandbox, "files", "/dev") == ["/dev/null"]
        assert call(sandbox, "files", "/tmp") == []
        assert set(call(sandbox, "folders", "/python")) <= {"bin", "lib", "lib64"}
        assert call(sandbox, "folders", "/python/bin") == ["python"]
        ours = {f"/sandbox/coursekit/{file.relative_to(PACKAGE)}" for file in own_modules()}
        catalogues = (language for language in languages() if language != ENGLISH)
        ours |= {f"/sandbox/coursekit/locale/{x}/LC_MESSAGES/coursekit.mo" for x in catalogues}
        there = call(sandbox, "files", "/sandbox/coursekit")
        sources = {f.removesuffix("c") if f.endswith(".pyc") else f for f in there}
        assert sources == ours
        assert set(call(sandbox, "folders", "/sandbox")) <= {"coursekit", "numpy", "numpy.libs"}
        for folder in call(sandbox, "folders", "/python/lib"):
            for kind in ("site-packages", "dist-packages"):
                assert call(sandbox, "files", f"/python/lib/{folder}/{kind}") == []
        libraries = [f for top in ("/usr", "/lib", "/lib64") for f in call(sandbox, "files", top)]
        assert not [f for f in libraries if f.endswith((".ipynb", ".sqlite", ".csv"))]

    def test_no_module_is_there_that_holds_answers(self, sandbox):
        assert call(sandbox, "packages") == ["numpy"]

    def test_only_a_small_folder_can_be_written_to(self, new, command):
        sandbox = new(command)
        assert call(sandbox, "not_read_only") == ["/tmp", "/dev/null"]
        assert call(sandbox, "writable") == ["/tmp"]
        assert call(sandbox, "space", "/tmp") <= scratch.BYTES

    def test_files_without_number_are_refused(self, new, command):
        sandbox = new(command)
        assert call(sandbox, "fill") < scratch.FILES

    def test_nothing_can_be_written_where_files_cannot_be_limited(self, new, monkeypatch):
        monkeypatch.setattr(scratch, "_AROUND", ("false",))
        sandbox = new(bubblewrap.command())
        assert call(sandbox, "not_read_only") == ["/dev/null"]
        assert call(sandbox, "writable") == []
        assert call(sandbox, "order")

    def test_the_environment_is_cleared(self, sandbox):
        names = {*bubblewrap.ENVIRONMENT, "LC_ALL", "PYTHONUTF8", "LD_LIBRARY_PATH", "PWD"}
        assert set(call(sandbox, "environment")) == names
        assert call(sandbox, "environment")["OPENBLAS_NUM_THREADS"] == "1"
        assert call(sandbox, "locale").lower() == "utf-8"  # one that is there, as on other systems

    def test_it_has_no_rights(self, sandbox):
        rights = call(sandbox, "rights")
        assert 0 not in rights["ids"]
        if os.geteuid() == 0:
            assert rights["ids"] == [int(bubblewrap.NOBODY)]
            assert rights["groups"] == []
        assert rights["capabilities"] == [0] * 6
        assert rights["bounding"] == 0
        assert rights["no new"] == 1
        assert rights["filter"] == 2
        assert rights["session"] not in (0, os.getsid(0))
        assert rights["namespace"] == -1
        assert rights["host"] == "sandbox" != socket.gethostname()

    def test_new_namespaces_are_refused_without_the_filter_too(self, new, without_filter):
        sandbox = new(without_filter)
        rights = call(sandbox, "rights")
        assert rights["namespace"] == -1
        assert rights["filter"] == 0

    def test_every_namespace_is_its_own(self, new, command):
        around = descendants(os.getpid())
        new(command)
        inside = max(descendants(os.getpid()) - around)  # the youngest
        for name in ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts"):
            own = os.readlink(f"/proc/{inside}/ns/{name}")
            for other in (os.getpid(), *around):
                with suppress(FileNotFoundError):  # one of another test has just ended
                    assert own != os.readlink(f"/proc/{other}/ns/{name}"), name

    def test_the_network_is_out_of_reach_without_the_filter_too(self, new, command, without_filter):
        with socket.create_server(("127.0.0.1", 0)) as server:
            sandbox = new(without_filter)
            assert call(sandbox, "connect", server.getsockname()[1])[0] == "ConnectionRefusedError"
        kind, _ = call(new(command), "connect", 1)
        assert kind == "PermissionError"

    def test_no_file_is_open_but_the_pipes_to_the_grader(self, sandbox):
        nothing, pipe = 0o2, 0o1
        kinds = [kind for _, kind in call(sandbox, "open_files")]
        assert kinds == [*[nothing] * 3, pipe, pipe, nothing]

    def test_its_limits_hold(self, sandbox):
        limits = call(sandbox, "limits")
        for name, most in {**LIMITS, **OWN_LIMITS}.items():
            assert limits[name] == [most, most]
        assert limits["RLIMIT_CPU"] == [100, 101]

    def test_it_starts_neither_processes_nor_threads(self, sandbox):
        for name in ("fork", "thread"):
            kind, _ = call(sandbox, name)
            assert kind in ("BlockingIOError", "RuntimeError")

    def test_sets_have_the_same_order_every_time(self, new, sandbox, command):
        other = new(command)
        assert call(other, "order") == call(sandbox, "order")

    def test_it_needs_less_than_80_mb(self, new, command):
        around = descendants(os.getpid())
        new(command, "import numpy as np\nx = np.ones(10)\ny = x @ x")
        total = 0
        for pid in descendants(os.getpid()) - around:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Rss"))
        assert 10_000 < total < 80_000  # kB; pages that processes share count more than once


@needs_sandbox
class TestTheEnd:
    def test_closing_ends_every_process_in_the_middle_of_a_loop(self, new, command):
        around = descendants(os.getpid())
        sandbox = new(command)
        inside = descendants(os.getpid()) - around
        assert len(inside) >= 3  # bubblewrap, the first process and the worker
        with pytest.raises(SandboxEnded, match="did not finish within"):
            call(sandbox, "run", seconds=0.2)
        assert gone(inside)

    @pytest.mark.parametrize("busy", [False, True])
    def test_it_ends_with_a_grader_that_is_killed(self, busy):
        code = (
            "import sys\n"
            "from coursekit.grading.batch.sandbox.bubblewrap import command\n"
            "from coursekit.grading.batch.sandbox.sandbox import Sandbox\n"
            "sandbox = Sandbox(command())\n"
            "sandbox.fork_worker(60, {'RLIMIT_NPROC': 0})\n"
            "sandbox.ask(60, do='execute', cell='x', source=sys.argv[1])\n"
            "print('ready', flush=True)\n"
            "target = 'run' if sys.argv[2] == 'True' else 'order'\n"
            "sandbox.ask(60, do='call', target=target, args=(), kwargs={})\n"
            "import time; time.sleep(60)"
        )
        grader = subprocess.Popen(
            [sys.executable, "-c", code, SEES, str(busy)], stdout=subprocess.PIPE
        )
        assert grader.stdout.readline() == b"ready\n"
        time.sleep(0.1)
        inside = descendants(grader.pid)
        assert len(inside) >= 3
        os.kill(grader.pid, signal.SIGKILL)
        grader.wait()
        grader.stdout.close()
        assert gone(inside)

    def test_the_reason_of_its_end_is_reported(self, new, command):
        sandbox = new(command)
        with pytest.raises(SandboxEnded, match="It ended the whole program"):
            call(sandbox, "end")

    def test_one_task_may_send_so_much_and_no_more(self, new, command):
        sandbox = new(command)
        for _ in range(2):
            for _ in range(8):
                assert call(sandbox, "numbers").shape == (990_000,)
            sandbox.fork_worker(60, OWN_LIMITS)
            sandbox.ask(60, do="execute", cell="x", source=SEES)
        with pytest.raises(SandboxEnded, match="larger than one task may send"):
            _ = [call(sandbox, "numbers") for _ in range(9)]

    def test_a_sandbox_may_be_closed_twice(self, command):
        sandbox = Sandbox(command)
        sandbox.close()
        sandbox.close()


@needs_sandbox
class TestWorkers:
    CELL = """
import os
state = []
def add(x):
    state.append(x)
    return len(state), os.getpid()
"""

    def test_each_begins_where_the_first_process_stands(self, command):
        with closing(Sandbox(command)) as sandbox:
            sandbox.ask(60, do="execute", cell="x", source=self.CELL)
            pids = set()
            for _ in range(3):
                sandbox.fork_worker(60, OWN_LIMITS)
                assert [call(sandbox, "add", 0)[0], call(sandbox, "add", 0)[0]] == [1, 2]
                pids.add(call(sandbox, "add", 0)[1])
            assert len(pids) == 3

    def test_none_begins_after_one_that_has_left_files(self, new, command):
        sandbox = new(command, "open('/tmp/x', 'w').close()")
        with pytest.raises(SandboxEnded):
            sandbox.fork_worker(60, OWN_LIMITS)


@needs_sandbox
class TestStart:
    def test_sandboxes_are_apart(self, new, command):
        one, other = new(command), new(command)
        one.ask(60, do="execute", cell="y", source="import numpy\nnumpy.add = None")
        one.ask(60, do="execute", cell="y", source="open('/tmp/x', 'w').close()")
        for sandbox in (other, new(command)):
            sandbox.ask(
                60, do="execute", cell="y", source="import numpy\ndef f(): return numpy.add(1, 1)"
            )
            assert call(sandbox, "f") == 2
            assert call(sandbox, "files", "/tmp") == []
        one.close()
        assert call(other, "f") == 2

    def test_nothing_is_left_of_one_that_ends_while_it_starts(self, command):
        mark, place = f"mark-{os.getpid()}", command.words.index("--hostname")
        words = (*command.words[:place], "--setenv", "MARK", mark, *command.words[place:])
        command, seen = replace(command, words=words), set()
        for wait in range(20):
            with open(os.devnull, "wb") as errors:
                process = pipe.start_process(command, cgroup.Group(None), "/", errors)
            time.sleep(wait / 1000)
            seen |= marked(mark)
            pipe.kill_process(process)
            process.stdin.close()
            process.stdout.close()
        assert len(seen) > 20  # bubblewrap and some of its children
        assert gone(marked(mark))

    def test_its_whole_process_group_is_killed(self):
        around = descendants(os.getpid())
        shell = Command(("/bin/sh", "-c", "sleep 60 & echo started; wait"))
        with open(os.devnull, "wb") as errors:
            process = pipe.start_process(shell, cgroup.Group(None), "/", errors)
        assert process.stdout.readline() == b"started\n"
        both = descendants(os.getpid()) - around
        assert len(both) == 2
        pipe.kill_process(process)
        process.stdin.close()
        process.stdout.close()
        assert gone(both)

    def test_a_sandbox_enters_its_control_group(self, command, tmp_path, monkeypatch):
        for name in ("cgroup.procs", "cgroup.kill"):
            (tmp_path / name).touch()
        monkeypatch.setattr(cgroup, "make", lambda: cgroup.Group(tmp_path))
        monkeypatch.setattr(cgroup.time, "sleep", lambda _: None)
        with closing(Sandbox(command)):
            assert int((tmp_path / "cgroup.procs").read_text()) > 0
        assert (tmp_path / "cgroup.kill").read_text() == "1"


class TestUnavailable:
    def test_without_bubblewrap(self, monkeypatch):
        monkeypatch.setattr(shutil, "which", lambda name: None)
        with pytest.raises(SandboxUnavailable, match="apt install bubblewrap"):
            bubblewrap.command()

    @needs_sandbox
    def test_as_root_without_a_way_to_be_somebody_else(self, monkeypatch):
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        monkeypatch.setattr(shutil, "which", lambda name: f"/{name}" if name == "bwrap" else None)
        with pytest.raises(SandboxUnavailable, match="setpriv"):
            bubblewrap.command()

    @needs_sandbox
    def test_for_a_course_that_lies_where_the_sandbox_can_read(self, tmp_path):
        bubblewrap.command(tmp_path)
        with pytest.raises(SandboxUnavailable, match="keep the course outside"):
            bubblewrap.command(Path(os.__file__).parent / "course")
        for packages in Path(sys.base_prefix).glob("lib/python3.*/site-packages"):
            bubblewrap.command(packages / "course")  # is not seen

    @pytest.mark.parametrize(
        ("command", "says"),
        [
            (["/there/is/none"], "No such file"),
            ([sys.executable, "-c", "raise SystemExit('it lacks something')"], "lacks something"),
            ([sys.executable, "-c", "print('x' * 100)"], "malformed reply"),
        ],
    )
    def test_where_it_does_not_start(self, command, says):
        around = descendants(os.getpid()) if sys.platform == "linux" else set()
        with pytest.raises(SandboxUnavailable, match=says):
            Sandbox(Command(tuple(command)))
        if sys.platform == "linux":
            assert gone(descendants(os.getpid()) - around)


class TestUnsafe:
    """The same worker without a sandbox; it must work on every system."""

    def test_it_answers(self, new):
        sandbox = new(unsafe_command())
        folder = Path(sandbox._folder.name)
        assert call(sandbox, "folders", ".") == []  # it works in a folder of its own
        assert sorted(call(sandbox, "order")) == list("abcdef")
        sandbox.close()
        assert not folder.exists()

    def test_it_works_without_forks(self, new):
        code = "from coursekit.grading.batch.sandbox import worker as w; w.FORKS = False; w.main()"
        sandbox = new(Command((sys.executable, "-c", code)))
        assert sorted(call(sandbox, "order")) == list("abcdef")
        with pytest.raises(SandboxEnded):
            sandbox.fork_worker(60, {})

    def test_nothing_that_it_imports_is_of_one_system_only(self):
        code = (
            "import sys\n"
            "for name in ('resource', 'fcntl', 'pwd', 'grp', 'termios'): sys.modules[name] = None\n"
            "import coursekit.grading.batch.grader.grade_one\n"
            "import coursekit.grading.batch.sandbox.worker\n"
            "import coursekit.grading.batch.hand_ins.collection"
        )
        subprocess.run([sys.executable, "-c", code], check=True)


def test_a_reply_must_have_its_form():
    good = {"id": 3, "value": None, "error": None, "output": [], "notes": []}
    assert pipe.checked(dict(good), 3) == good
    for change in (
        {"id": 2}, {"id": True}, {"error": "x"}, {"error": ["a"]}, {"error": ["a", 1]},
        {"error": ["x" * 3000, ""]}, {"output": None}, {"output": [1]}, {"output": ["x" * 3000]},
        {"output": ["x"] * 2000}, {"more": 1},
    ):  # fmt: skip
        with pytest.raises(ValueError, match="The reply"):
            pipe.checked({**good, **change}, 3)
    with pytest.raises(ValueError, match="The reply"):
        pipe.checked({"id": 3}, 3)


def test_the_sandbox_shows_what_its_worker_imports_and_nothing_else(tmp_path, monkeypatch):
    texts = {
        "worker": "from coursekit import a\nimport numpy, json",
        "a": "def f():\n    from coursekit.deep.b import x\n    import coursekit.c",
        "deep/b": "import coursekit.a",
        "c": "",
        "other": "",
    }
    for name, text in texts.items():
        path = tmp_path / "coursekit" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    package = tmp_path / "coursekit"
    monkeypatch.setattr(f"{own_modules.__module__}.PACKAGE", package)
    found = own_modules(package / "worker.py")
    assert [file.stem for file in found] == ["a", "c", "b", "worker"]
    (package / "c.py").write_text("from coursekit.deep import x")
    own_modules.cache_clear()
    with pytest.raises(ImportError, match=r"c\.py runs in the sandbox and imports coursekit\.deep"):
        own_modules(package / "worker.py")


def test_what_a_sandbox_shows_is_compiled_and_never_stale(tmp_path, monkeypatch):
    package, folder = tmp_path / "coursekit", tmp_path / "compiled"
    (package / "locale" / "xx" / "LC_MESSAGES").mkdir(parents=True)
    source, catalogue = package / "module.py", package / "locale/xx/LC_MESSAGES/coursekit.mo"
    source.write_text("A = 1\n")
    catalogue.write_bytes(b"1")
    for name, value in {
        "PACKAGE": package,
        "COMPILED": folder,
        "own_modules": lambda: [source],
    }.items():
        monkeypatch.setattr(f"{own_modules.__module__}.{name}", value)
    found = []
    for change in (
        lambda: source.write_text("A = 12\n"),
        lambda: catalogue.write_bytes(b"23"),
        lambda: os.utime(source, (1, 1)),
    ):
        change()
        names = [f"/sandbox/coursekit/{file.relative_to(package)}" for file in (source, catalogue)]
        assert own_files() == dict(zip(names, (source, catalogue), strict=True))
        compile_once()
        (compiled,) = own_files().values()
        run = [sys.executable, "-c", "import module; print(module.A)"]
        value = subprocess.check_output(run, cwd=compiled, text=True)
        assert f"A = {value}" == source.read_text()
        assert {file.name for file in compiled.iterdir()} == {"module.pyc", "locale"}
        assert next(compiled.rglob("*.mo")).read_bytes() == catalogue.read_bytes()
        first = (compiled / "module.pyc").stat().st_ino
        compile_once()
        assert (compiled / "module.pyc").stat().st_ino == first
        found.append(compiled)
    assert all(one.is_dir() for one in found)  # a command that started before may mount it
    os.utime(found[0], (1, 1))
    os.utime(source, (2, 2))
    compile_once()
    assert [one.is_dir() for one in found] == [False, True, True]
    assert len(list(folder.iterdir())) == 3  # nothing is left over


@needs_sandbox
def test_a_package_that_cannot_be_written_to_is_shown_file_by_file(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the place of a folder")
    monkeypatch.setattr(f"{own_modules.__module__}.COMPILED", tmp_path / "file")
    compile_once()
    names = {os.path.basename(name) for name in own_files()}
    assert {"worker.py", "coursekit.mo"} <= names
    Sandbox(bubblewrap.command()).close()  # it starts
