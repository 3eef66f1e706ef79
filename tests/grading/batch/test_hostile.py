"""No hostile program gains a point, hurts anybody else, reads a secret or outlives its sandbox."""

import contextlib
import json
import os
import re
import socket
import threading
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import pytest

from coursekit.grading.batch.base.records import Settings
from coursekit.grading.batch.grader.grade_one import grade_one
from coursekit.grading.batch.sandbox.bubblewrap import command
from coursekit.grading.batch.sandbox.sandbox import Sandbox

from ..small_course import NAME
from .attacks import ATTACKS
from .conftest import (
    MARKER,
    RIGHT,
    descendants,
    gone,
    needs_sandbox,
    points,
    submission,
)

pytestmark = needs_sandbox
POSSIBLE = {"01.1": 2.5, "01.2": 2.0}


@dataclass
class World:
    """What surrounds the sandbox: things to steal, to hurt and to speak to."""

    course: object
    sibling: Sandbox
    sibling_pid: int
    home: Path
    port: int
    connections: list[bytes] = field(default_factory=list)
    before: dict[str, str] = field(default_factory=dict)


def inputs(seed, n):
    """What the test of `mean` draws."""
    return np.random.default_rng([seed, zlib.crc32(f"test_mean[{n}]".encode())]).normal(size=n)


def listing(course):
    return {str(p): p.read_text() for p in sorted(course.root.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def world(small, tmp_path_factory):
    """A course, another submission at work, a private file, and a server that waits for calls."""
    home = tmp_path_factory.mktemp("home") / "private"
    home.write_text(MARKER)
    (small.root / "gradebook.sqlite").write_text(MARKER)
    connections = []
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))]
        servers[0].bind(("127.0.0.1", 0))
        port = servers[0].getsockname()[1]
        servers.append(stack.enter_context(socket.socket(socket.AF_UNIX)))
        servers[1].bind(f"\0coursekit-test-{port}")
        for server in servers:
            server.listen()
            threading.Thread(target=_listen, args=(server, connections), daemon=True).start()
        own = descendants(os.getpid())
        sibling = Sandbox(command(small.root))
        stack.callback(sibling.close)
        sibling.fork_worker(60, {"RLIMIT_NPROC": 0})
        said = sibling.ask(60, do="execute", cell="x", source="def f(): return 'well'")
        assert said["error"] is None
        pid = max(descendants(os.getpid()) - own)
        os.environ["COURSEKIT_TEST_SECRET"] = MARKER
        yield World(small, sibling, pid, home, port, connections, listing(small))
        del os.environ["COURSEKIT_TEST_SECRET"]


def _listen(server, connections):
    with contextlib.suppress(OSError):  # closed at the end
        while True:
            connection, _ = server.accept()
            connections.append(b"a connection")
            connection.close()


def test_there_are_enough_of_each_kind():
    kinds = {
        "the grader", "the messages", "the files", "the network", "other processes", "time",
        "memory", "disk", "output", "types that lie", "the parent", "the gradebook", "leftovers",
    }  # fmt: skip
    assert {attack.on for attack in ATTACKS} == kinds
    assert len(ATTACKS) >= 40
    assert len({attack.aim for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: f"{a.on}: {a.aim}")
def test_an_attack_gains_nothing_and_costs_its_own_task_alone(attack, world):
    known = [(inputs(0, n).tolist(), float(inputs(0, n).mean())) for n in (3, 5)]
    cell = attack.cell.replace("COURSE", str(world.course.root)).replace("HOME", str(world.home))
    cell = cell.replace("PORT", str(world.port)).replace("SIBLING", str(world.sibling_pid))
    cell = cell.replace("KNOWN", repr(known))
    cells = {**RIGHT, f"answer-{attack.task.replace('.', '-')}": cell}
    around = descendants(os.getpid())

    mark = grade_one(
        submission(world.course, cells), Settings(world.course.root, 7, seconds=1.5, budget=3.0)
    )

    # nothing gained, and the right answer beside it counts in full
    assert points(mark) == {**POSSIBLE, attack.task: 0.0}
    # what happened is told, in sentences that hold no secret and no hidden input
    task = next(task for task in mark.tasks if task.task == attack.task)
    assert task.status in ("wrong", "missing")
    words = [mark.remarks, task.mistake, task.error, [test.message for test in task.tests]]
    said = json.dumps(words, ensure_ascii=False)
    assert all(test.message for test in task.tests)
    assert re.search(attack.says, said)
    assert MARKER not in json.dumps(asdict(mark))
    hidden = [value for n in (3, 5) for value in inputs(mark.seed, n)]
    assert not any(f"{value:.6f}"[:-1] in said for value in hidden)
    assert not any(ord(letter) < 32 or ord(letter) == 0x202E for letter in said)
    # nobody else was hurt, and nothing is left
    assert world.sibling.ask(60, do="call", target="f", args=(), kwargs={})["value"] == "well"
    assert gone(descendants(os.getpid()) - around)
    assert world.connections == []
    assert listing(world.course) == world.before


def test_after_all_that_a_right_submission_has_full_marks(world):
    settings = Settings(world.course.root, 7)
    mark = grade_one(submission(world.course, RIGHT), settings)
    assert points(mark) == POSSIBLE
    assert mark.exercise == NAME and mark.remarks == []
    assert mark == grade_one(submission(world.course, RIGHT), settings)
