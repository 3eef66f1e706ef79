"""The Russian edition computes what the English course does, and its tasks have the same proofs.

In `make test` a part of it: two lectures and an exercise; the whole in `make test-all`.
"""

import os
import subprocess
import sys

import pytest
from small_tree import copy_part

from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.recording import load
from coursekit.translation.edition import complete

COURSE = find_course()
LECTURES, EXERCISES = ["00_start_here", "01_linear_limits"], ["01_linear_limits"]


@pytest.fixture(
    scope="module", params=["a part", pytest.param("the whole", marks=pytest.mark.long)]
)
def edition(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("russian")
    if request.param == "the whole":
        return complete(COURSE, "ru", folder / "ru")
    return complete(copy_part(folder / "en", LECTURES, EXERCISES, proofs=True), "ru", folder / "ru")


def run(edition, *arguments):
    """Run pytest in the edition, with its package."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    processes = ["-n", "2", "--dist", "loadfile"] if len(edition.names) > 1 else []
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--quiet", "-m", "not long", *processes, *arguments],
        cwd=edition.root,
        env=inherited | {"PYTHONPATH": str(edition.root)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    return done.stdout


def test_its_notebooks_print_the_numbers_of_the_english_ones(edition):
    run(edition, "--nbval", "notebooks", "solutions")


def test_its_tasks_have_the_proofs(edition):
    run(edition, "tests/grading/test_every_task.py")


def failures(recording):
    """Return the tests that each mistake fails, by their places: names may be translated."""
    places = {test: n for n, test in enumerate(recording.reference)}
    return {
        task: [sorted(places[test] for test in mistake.failed) for mistake in mistakes]
        for task, mistakes in recording.mistakes.items()
    }


def test_an_answer_gets_the_same_points_in_both(edition):
    """The tests that each mistake fails are recorded, and proven to be fresh, in both languages."""
    for name in edition.names:
        english, russian = (load(c.recorded_file(name)) for c in (COURSE, edition))
        assert english.points == russian.points
        assert failures(english) == failures(russian)
