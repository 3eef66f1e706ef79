"""The fixtures that the tests of the exercises ask for; their conftest.py imports them.

Under `coursekit.grading.judge.runner.run` the answers come from wherever the run says. Under a
plain ``pytest tests/exercises`` the reference stands in for the student, so that the tests try it.
"""

import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from coursekit.grading.judge.answer_proxy import Answers, Source, SourceOf
from coursekit.grading.judge.verdict import Outcome

PUBLIC_SEED = 0


@dataclass
class Bench:
    """One run of the tests: whose answers, which task, which seed, and what came out."""

    student: SourceOf
    reference: SourceOf
    seed: int = PUBLIC_SEED
    task: str | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)


BENCH = pytest.StashKey[Bench]()


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", "task(id, points=1): the task that a test belongs to")


def task_of(item: pytest.Item) -> tuple[str, float]:
    """Read a test's marker: the task and the points.

    Raises
    ------
    ValueError
        If it has none.
    """
    marker = item.get_closest_marker("task")
    if marker is None or len(marker.args) != 1:
        raise ValueError(f'{item.name} needs @pytest.mark.task("01.2", points=1)')
    return str(marker.args[0]), float(marker.kwargs.get("points", 1))


def _bench(request: pytest.FixtureRequest) -> Bench:
    bench = request.config.stash.get(BENCH, None)
    if bench is not None:
        return bench
    from coursekit.grading.judge.reference import live_reference

    source = live_reference(Path(request.path).parents[2], Path(request.path).stem)
    return Bench(student=source, reference=source)


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Answers:
    """The answer under test."""
    bench = _bench(request)
    source = bench.student(task_of(request.node)[0], request.node.name)
    bench.sources[request.node.name] = source
    return Answers(source)


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> Answers:
    """The course's own answer, or what it returned when it was recorded."""
    source = _bench(request).reference(task_of(request.node)[0], request.node.name)
    return Answers(source, trusted=True)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random numbers that depend on the run's seed and the test's name only."""
    return np.random.default_rng([_bench(request).seed, zlib.crc32(request.node.name.encode())])
