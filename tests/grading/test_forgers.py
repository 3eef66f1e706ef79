"""Nothing that is looked up in the hand-out earns a point where inputs are drawn anew."""

import pytest

from coursekit.grading.authoring.bundle import write_bundle
from coursekit.grading.course.paths import Course, find_course
from coursekit.grading.judge.recording import load
from coursekit.grading.judge.runner import load_cases

from .forgers import WAYS, Hidden, Table

COURSE = find_course()
SEEDS = range(1, 21)


@pytest.fixture(scope="module")
def handout(tmp_path_factory):
    to = tmp_path_factory.mktemp("handout") / "course"
    write_bundle(COURSE, to)
    return Course(to)


@pytest.mark.parametrize("name", COURSE.names)
def test_forgers_get_nothing(name, handout):
    tests = COURSE.test_file(name)
    table = Table(COURSE, load(handout.recorded_file(name)))
    assert any(table.calls.values())  # there is something to look up
    earned: dict[str, float] = {}
    for seed in SEEDS:
        hidden = Hidden(COURSE, name, seed)
        for way in WAYS:
            earned.update(hidden.points(table, way))
    lines = {case.name: case.test.__code__.co_firstlineno for case in load_cases(tests)}
    file = tests.relative_to(COURSE.root)
    assert not earned, "\n".join(
        f"{file}:{lines[test]}: {test} gives {points} points to who looks up what is recorded"
        for test, points in earned.items()
    )


@pytest.mark.parametrize("way", WAYS)
def test_a_forger_gets_points_for_the_inputs_that_students_have(way, handout):
    """Otherwise the forgers would be no test."""
    name = COURSE.names[0]
    table = Table(COURSE, load(handout.recorded_file(name)))
    assert sum(Hidden(COURSE, name, 0).points(table, way).values()) >= 5
