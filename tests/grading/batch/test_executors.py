"""Many machines, as processes of this one: a scheduler and two workers on the loopback."""

import contextlib
import csv
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from multiprocessing import resource_tracker
from pathlib import Path
from types import SimpleNamespace

import pytest

from coursekit.grading.batch.base.records import Grade, Settings
from coursekit.grading.batch.command import Options, grade_batch
from coursekit.grading.batch.grader import executors, grading_process
from coursekit.grading.batch.grader.executors import on_dask, on_this_machine
from coursekit.grading.batch.grader.grade_one import grade_one
from coursekit.grading.batch.grader.grading_process import Failed
from coursekit.grading.course.paths import Course, CourseError

from ..small_course import NAME, TESTS
from .conftest import COUNTER, RIGHT, descendants, gone, needs_sandbox, points, submission

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="Dask is not installed: pip install 'coursekit[cluster]'",
)
PACKAGE = str(Path(__file__).parents[3])
START_SECONDS = 180  # of a cluster on a busy machine
FORGOT = "def mean(x):\n    return x.sum()\n\ndef spread(x):\n    return np.std(x)"
KINDS = [RIGHT, {**RIGHT, "answer-01-1": FORGOT}, {"answer-01-2": COUNTER}, {}]


class Cluster:
    """A scheduler and two workers; no nanny, so that a worker that was killed stays away."""

    def __init__(self, folder, workers=2):
        self._folder, self._log = folder, (folder / "log").open("wb")
        self._scheduler = self._start("scheduler", "--host=127.0.0.1", "--port=0")
        self.workers = [
            self._start("worker", "--host=127.0.0.1", "--nthreads=1", "--no-nanny")
            for _ in range(workers)
        ]
        try:
            self.address = self._address()
            with self.client() as client:
                _ = workers and client.wait_for_workers(workers, timeout=START_SECONDS)
        except BaseException:
            self.end()
            raise

    def _start(self, kind, *options):
        return subprocess.Popen(
            [
                *(sys.executable, "-m", f"distributed.cli.dask_{kind}", *options),
                *("--no-dashboard", f"--scheduler-file={self._folder / 'scheduler.json'}"),
            ],
            env={**os.environ, "PYTHONPATH": PACKAGE},
            cwd=self._folder,
            stdout=self._log,
            stderr=self._log,
        )

    def _address(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._scheduler.poll() is None:
            with contextlib.suppress(OSError, ValueError):  # not there yet, or half of it
                said = json.loads((self._folder / "scheduler.json").read_text())["address"]
                return said.replace("tcp://", "dask://")
            time.sleep(0.05)
        raise AssertionError((self._folder / "log").read_text())

    def client(self):
        from distributed import Client

        return Client(self.address.replace("dask://", "tcp://"), timeout=START_SECONDS)

    def end(self):
        for process in (*self.workers, self._scheduler):
            process.terminate()
            process.wait(timeout=30)
        self._log.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.end()


def handed_in(small, n):
    return [submission(small, KINDS[i % len(KINDS)], f"student{i:02}") for i in range(n)]


@needs_sandbox
@needs_dask
def test_the_command_grades_on_a_cluster(small, cluster, tmp_path, capsys):
    for one in handed_in(small, 4):
        (tmp_path / "submissions" / one.student).mkdir(parents=True)
        (tmp_path / "submissions" / one.student / one.file).write_bytes(one.content)
    marks = tmp_path / "marks"
    grade_batch(small, Options([tmp_path / "submissions"], marks, executor=cluster.address))
    assert "4 graded, 0 unchanged" in capsys.readouterr().out
    rows = list(csv.DictReader((marks / "marks.csv").read_text().splitlines()))
    assert [float(row["score"]) for row in rows] == [4.5, 2.5, 2, 0]


@needs_sandbox
@needs_dask
def test_no_mark_is_lost_with_a_worker(small, cluster):
    """One of the two is killed while a sandbox is running; its work goes to the other."""
    settings = Settings(small.root, seed=7)
    todo = handed_in(small, 10)
    done = []
    for one, mark in on_dask(todo, settings, cluster.address):
        done.append((one, mark))
        if len(done) == 4:
            killed = kill_at_work(cluster.workers[0])
    assert gone(killed)
    assert [worker.poll() is None for worker in cluster.workers] == [False, True]
    assert sorted(one.student for one, _ in done) == [one.student for one in todo]
    assert all(mark == grade_one(one, settings) for one, mark in done)
    assert {sum(points(mark).values()) for _, mark in done} == {4.5, 2.5, 2, 0}


def kill_at_work(worker):
    deadline = time.monotonic() + 60
    while not (sandboxes := descendants(worker.pid)):
        assert time.monotonic() < deadline
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    return sandboxes


@needs_dask
def test_an_address_where_nothing_answers_is_reported(small, tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "CLUSTER_SECONDS", 3.0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and never listens
        address = f"dask://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(CourseError, match="No Dask scheduler answers at dask://"):
            list(on_dask(handed_in(small, 1), Settings(small.root, seed=7), address))


class StandIn:
    """A cluster in this process, whose workers give these outcomes, one after the other."""

    KilledWorker = type("KilledWorker", (Exception,), {})

    def __init__(self, *outcomes, workers=1):
        self._outcomes, self._workers = iter(outcomes), workers
        self.Client = lambda *_, **__: self

    def wait_for_workers(self, *_, **__):
        if not self._workers:
            raise TimeoutError

    def nthreads(self):
        return dict.fromkeys(range(self._workers), 1)

    def submit(self, *_, **__):
        found = next(self._outcomes)

        class Asked:
            def result(self):
                if isinstance(found, Exception):
                    raise found
                return found

        return Asked()

    def wait(self, futures, **_):
        return SimpleNamespace(done=futures)

    def close(self):
        pass


def on_stand_in(monkeypatch, small, stand_in, number=1):
    monkeypatch.setitem(sys.modules, "distributed", stand_in)
    return list(on_dask(handed_in(small, number), Settings(small.root, seed=7), "dask://host:1"))


def test_workers_without_sandboxes_are_reported(small, monkeypatch):
    failed = Failed("Here is no bubblewrap.", "again or end")
    with pytest.raises(CourseError, match=r"Here is no bubblewrap\."):
        on_stand_in(monkeypatch, small, StandIn(failed, failed, failed))


def test_a_worker_without_the_course_is_reported(small, monkeypatch):
    with pytest.raises(CourseError, match="A worker of the cluster can't grade: No module"):
        on_stand_in(monkeypatch, small, StandIn(ImportError("No module named 'coursekit'")))


def test_a_submission_that_costs_workers_is_set_aside(small, monkeypatch):
    good = Grade("student01", "Student01", f"{NAME}.ipynb", NAME)
    stand_in = StandIn(StandIn.KilledWorker("gone"), good)
    (_, lost), (_, kept) = on_stand_in(monkeypatch, small, stand_in, 2)
    assert lost.unfinished and lost.tasks == []
    assert lost.remarks == [
        "Not graded yet; the next run tries again. "
        "It has crashed several workers of the cluster: gone"
    ]
    assert kept == good


def test_what_was_stopped_from_outside_is_tried_again_there(small, monkeypatch):
    stopped, good = Failed("It was stopped.", "again"), Grade("a", "A", "x", NAME)
    assert on_stand_in(monkeypatch, small, StandIn(stopped, stopped, good))[0][1] == good
    (_, aside), *_ = on_stand_in(monkeypatch, small, StandIn(*[stopped] * 3))
    assert aside.unfinished


def test_a_cluster_without_workers_is_reported(small, monkeypatch):
    with pytest.raises(CourseError, match="has no worker; start one: dask worker tcp://host:1"):
        on_stand_in(monkeypatch, small, StandIn(workers=0))


@needs_dask
def test_a_scheduler_that_never_gets_a_worker_is_reported(small, tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "CLUSTER_SECONDS", 3.0)
    cluster = Cluster(tmp_path, workers=0)
    try:
        started = time.monotonic()
        with pytest.raises(CourseError, match="has no worker"):
            list(on_dask(handed_in(small, 1), Settings(small.root, seed=7), cluster.address))
        assert time.monotonic() - started < 30
    finally:
        cluster.end()


# On this machine


DRAWN = "    x = rng.normal(size=n)\n"


def course_with(small, tmp_path, body):
    """The small course, with a judge that does something else where `mean` returns 666."""
    shutil.copytree(small.root, tmp_path / "course")
    course = Course(tmp_path / "course")
    assert DRAWN in TESTS
    tests = TESTS.replace(DRAWN, f"{DRAWN}    if student.mean(x) == 666.0:\n        {body}\n")
    course.test_file(NAME).write_text(tests)
    return course


DEADLY = {**RIGHT, "answer-01-1": "def mean(x): return 666.0\ndef spread(x): return 0.0"}


@needs_sandbox
@pytest.mark.parametrize("body", ["import os; os.kill(os.getpid(), 9)", "import os; os._exit(0)"])
def test_a_judge_that_dies_costs_one_submission_its_grade_and_no_other(small, tmp_path, body):
    course = course_with(small, tmp_path, body)
    todo = [submission(small, DEADLY, "bob"), *handed_in(small, 4)]
    todo.insert(3, submission(small, DEADLY, "eve"))
    around = descendants(os.getpid())
    done = {one.student: mark for one, mark in on_this_machine(todo, Settings(course.root, 7), 2)}
    assert gone(descendants(os.getpid()) - around - {resource_tracker._resource_tracker._pid})
    for student in ("bob", "eve"):
        assert done[student].unfinished and done[student].tasks == []
        assert "Not graded yet; the next run tries again." in done[student].remarks[0]
    for one in handed_in(small, 4):
        assert done[one.student] == grade_one(one, Settings(course.root, 7))


@needs_sandbox
def test_a_judge_has_a_limit_on_memory(small, tmp_path):
    course = course_with(small, tmp_path, "np.ones(150_000_000)")
    todo = [submission(small, DEADLY, "bob"), *handed_in(small, 1)]
    done = {one.student: mark for one, mark in on_this_machine(todo, Settings(course.root, 7), 1)}
    assert points(done["student00"]) == {"01.1": 2.5, "01.2": 2.0}
    assert points(done["bob"])["01.1"] == 0.0
    assert done["bob"].tasks[0].tests[0].detail == "The result is too large to be tested."


@needs_sandbox
def test_a_judge_that_does_not_end_is_ended(small, tmp_path):
    course = course_with(small, tmp_path, "while True: pass")
    settings = Settings(course.root, 7, total=0.5)  # times ELAPSED, and twice that for the judge
    todo = [submission(small, DEADLY, "bob"), *handed_in(small, 1)]
    done = {one.student: mark for one, mark in on_this_machine(todo, settings, 1)}
    assert done["bob"].unfinished
    assert "did not end within 5 s" in done["bob"].remarks[0]
    assert points(done["student00"]) == {"01.1": 2.5, "01.2": 2.0}


@needs_sandbox
def test_boxes_that_are_killed_from_outside_cost_nobody_a_point(small, tmp_path):
    """As the system does when memory is short: the grades are those of a quiet run."""
    todo = handed_in(small, 12)
    settings = Settings(small.root, 7)
    own = descendants(os.getpid())
    ended = threading.Event()
    killed = []

    def kill():
        while not ended.wait(0.15) and len(killed) < 6:
            for pid in sorted(descendants(os.getpid()) - own, reverse=True):
                with contextlib.suppress(OSError):
                    if b"bubblewrap" in Path(f"/proc/{pid}/cmdline").read_bytes() or (
                        b"/python/bin/python" in Path(f"/proc/{pid}/cmdline").read_bytes()
                    ):
                        os.kill(pid, signal.SIGKILL)
                        killed.append(pid)
                        break

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        done = dict(on_this_machine(todo, settings, 2))
    finally:
        ended.set()
        killer.join()
    assert len(killed) >= 3
    assert len(done) == 12
    for one, mark in done.items():
        assert mark.unfinished or mark == grade_one(one, settings)
    assert sum(mark.unfinished for mark in done.values()) <= 1


def test_the_grading_goes_on_with_fewer_processes_where_no_more_start(monkeypatch, small):
    real, made = executors.GradingProcess, []

    def limited(settings):
        if made:
            raise CourseError("No more processes.")
        made.append(real(settings))
        return made[0]

    monkeypatch.setattr(executors, "GradingProcess", limited)
    todo = handed_in(small, 3)
    done = list(on_this_machine(todo, Settings(small.root, 7, unsafe=True), 4))
    assert sorted(one.student for one, _ in done) == [one.student for one in todo]


def test_a_process_that_does_not_start_is_reported(monkeypatch, small):
    monkeypatch.setattr(grading_process, "_serve", os._exit)
    with pytest.raises(CourseError, match="A grading process does not start here"):
        list(on_this_machine(handed_in(small, 1), Settings(small.root, 7, unsafe=True), 1))
