"""Many machines, as processes of this one: a scheduler and two workers on the loopback."""

import contextlib
import csv
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from coursekit.grading.batch.command import Options, grade_batch
from coursekit.grading.batch.executors import on_dask
from coursekit.grading.batch.grade_one import grade_one
from coursekit.grading.batch.results import Settings
from coursekit.grading.batch.sandbox.bubblewrap import SandboxUnavailable
from coursekit.grading.course.paths import CourseError

from .conftest import COUNTER, RIGHT, descendants, gone, needs_sandbox, points, submission

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="Dask is not installed: pip install 'coursekit[cluster]'",
)
PACKAGE = str(Path(__file__).parents[3])
FORGOT = "def mean(x):\n    return x.sum()\n\ndef spread(x):\n    return np.std(x)"
KINDS = [RIGHT, {**RIGHT, "answer-01-1": FORGOT}, {"answer-01-2": COUNTER}, {}]


class Cluster:
    """A scheduler and two workers; no nanny, so that a worker that was killed stays away."""

    def __init__(self, folder):
        self._folder, self._log = folder, (folder / "log").open("wb")
        self._scheduler = self._start("scheduler", "--host=127.0.0.1", "--port=0")
        self.workers = [
            self._start("worker", "--host=127.0.0.1", "--nthreads=1", "--no-nanny")
            for _ in range(2)
        ]
        self.address = self._address()
        with self.client() as client:
            client.wait_for_workers(2, timeout=60)

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
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._scheduler.poll() is None:
            with contextlib.suppress(OSError, ValueError):  # not there yet, or half of it
                said = json.loads((self._folder / "scheduler.json").read_text())["address"]
                return said.replace("tcp://", "dask://")
            time.sleep(0.05)
        raise AssertionError((self._folder / "log").read_text())

    def client(self):
        from distributed import Client

        return Client(self.address.replace("dask://", "tcp://"), timeout=60)

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
    todo = handed_in(small, 16)
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
def test_an_address_where_nothing_answers_is_reported(small, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and never listens
        address = f"dask://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(CourseError, match="No Dask scheduler answers at dask://"):
            list(on_dask(handed_in(small, 1), Settings(small.root, seed=7), address))


def test_a_worker_without_sandboxes_is_reported(small, monkeypatch):
    """With a stand-in for the cluster: its workers have no bubblewrap."""

    class Failed:
        def result(self):
            raise SandboxUnavailable("Here is no bubblewrap.")

    client = SimpleNamespace(submit=lambda *_, **__: Failed(), close=lambda: None)
    stand_in = SimpleNamespace(Client=lambda *_, **__: client, as_completed=list)
    monkeypatch.setitem(sys.modules, "distributed", stand_in)
    with pytest.raises(CourseError, match=r"A worker .* can't grade: Here is no bubblewrap\."):
        list(on_dask(handed_in(small, 1), Settings(small.root, seed=7), "dask://host:1"))
