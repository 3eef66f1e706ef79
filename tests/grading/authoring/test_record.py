"""Generating and recording: what is written, what is left alone, what is refused."""

import json
import os
import subprocess
import sys
from dataclasses import replace as replace_

import pytest

from coursekit.grading.authoring import record as authoring_record
from coursekit.grading.authoring.answer_catalogue import read_catalogue
from coursekit.grading.authoring.record import record, stale, try_entry, write_exercise
from coursekit.grading.course.paths import CourseError, find_course
from coursekit.grading.judge.misconceptions import Mistake, name_mistake
from coursekit.grading.judge.recording import StaleRecording, load
from coursekit.grading.judge.reference import run_reference, solution
from coursekit.grading.judge.runner import BrokenTests, run

from ..small_course import ANSWERS, NAME, edit


def notebook(course):
    return course.exercises / f"{NAME}.ipynb"


def replace(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_what_is_generated_is_fresh_and_holds_no_answer(ready):
    assert stale(ready, NAME) == []
    handed_out = notebook(ready).read_text() + ready.recorded_file(NAME).read_text()
    assert "raise NotImplementedError" in handed_out
    for secret in ("total", "np.sqrt", "self.value", "x.sum()", "SOLUTION"):
        assert secret not in handed_out


def test_generating_twice_gives_the_same_bytes(ready):
    files = [notebook(ready), ready.recorded_file(NAME)]
    before = [file.read_bytes() for file in files]
    for file in files:
        file.unlink()
    write_exercise(ready, NAME)
    assert [file.read_bytes() for file in files] == before


def test_last_bits_of_another_processor_rewrite_nothing(ready):
    path = ready.recorded_file(NAME)
    value = load(path).reference["test_spread"].calls[0].value
    replace(path, repr(value), repr(value * (1 + 2**-52)))
    before = path.read_bytes()
    assert stale(ready, NAME) == []
    write_exercise(ready, NAME)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda c: edit(c.solutions / f"{NAME}.ipynb", "task-01-1", "## Task 01.1: other"),
        lambda c: replace(c.solutions / f"{NAME}.ipynb", "def spread(x)", "def spread(x, y=0)"),
        lambda c: replace(c.test_file(NAME), "4.0, 8.0", "4.0, 9.0"),
        lambda c: replace(c.answers_file(NAME), "You forgot", "Perhaps you forgot"),
        lambda c: replace(c.answers_file(NAME), "len(x) - 1", "len(x) - 2"),
        lambda c: edit(notebook(c), "title", "# Something else"),
        lambda c: edit(notebook(c), "setup", "import numpy"),
        lambda c: notebook(c).unlink(),
        lambda c: c.recorded_file(NAME).unlink(),
        lambda c: replace(c.recorded_file(NAME), '"points": 2.5', '"points": 3.5'),
    ],
)
def test_a_change_anywhere_is_seen(ready, change):
    change(ready)
    assert stale(ready, NAME)


def test_answers_outputs_and_own_cells_are_not_stale(ready):
    edit(notebook(ready), "answer-01-1", "def mean(x):\n    return 1")
    edit(notebook(ready), "explanation-01", "Because.")
    content = json.loads(notebook(ready).read_text())
    content["cells"][5]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "a"}]
    content["cells"].insert(2, {"cell_type": "markdown", "id": "n", "metadata": {}, "source": "x"})
    notebook(ready).write_text(json.dumps(content))
    assert stale(ready, NAME) == []


@pytest.mark.parametrize("cell", ["answer-01-1", "explanation-01"])
def test_a_notebook_with_an_answer_is_never_overwritten(ready, cell):
    edit(notebook(ready), cell, "def mean(x):\n    return 1")
    edit(ready.solutions / f"{NAME}.ipynb", "task-01-1", "## Task 01.1: other")
    before = notebook(ready).read_bytes()
    said = write_exercise(ready, NAME)
    assert notebook(ready).read_bytes() == before
    assert "contains answers" in said and "coursekit reset 01 --keep-answers" in said
    assert "other" in load(ready.recorded_file(NAME)).titles["01.1"]


def test_an_old_stub_is_no_answer(ready):
    replace(ready.solutions / f"{NAME}.ipynb", "def spread(x)", "def spread(x, y=0)")
    write_exercise(ready, NAME)
    assert "def spread(x, y=0)" in notebook(ready).read_text()
    assert stale(ready, NAME) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda c: replace(c.test_file(NAME), '"01.2", points', '"01.3", points'),
            rf'test_{NAME}.py:21: @task\("01.3"\), but solutions/{NAME}.ipynb has no answer cell',
        ),
        (
            lambda c: replace(c.test_file(NAME), '"01.2", points', '"01.3", points'),
            rf'solutions/{NAME}.ipynb, cell answer-01-2: there is no @task\("01.2"\) in tests/',
        ),
        (
            lambda c: replace(c.answers_file(NAME), '"01.2"', '"01.9"'),
            r"answers_01.py, line 29: there is no task 01.9 in the notebook, which has 01.1, 01.2",
        ),
        (
            lambda c: c.answers_file(NAME).write_text('edit("01.9", "No.", {"total": "x"})'),
            "line 1: there is no task 01.9 in the notebook",
        ),
        (
            lambda c: c.answers_file(NAME).write_text('edit("01.1", "No.", {"mean": "x"})'),
            r"line 1: the text 'mean' must stand once .* stands 5 times there; docstrings and",
        ),
        (
            lambda c: c.answers_file(NAME).write_text('edit("01.1", "N", {"to": "x", "tot": "y"})'),
            r"line 1: the text 'to' must stand once",
        ),
        (
            lambda c: c.answers_file(NAME).write_text(
                'edit("01.1", "N", {"x.sum()": "x", "= x.sum": "y"})'
            ),
            "line 1: two of the texts overlap",
        ),
        (
            lambda c: replace(c.test_file(NAME), "close(student.spread(x)", "close(1"),
            "the course's own answer to 01.1 does not pass test_spread: The spread is 1",
        ),
        (
            lambda c: replace(c.test_file(NAME), "mine.step(by)", "mine.step(bye)"),
            "test_counter, a test of 01.2, ended in an error on the course's own answer: test_01",
        ),
        (
            lambda c: replace(c.solutions / f"{NAME}.ipynb", "### END SOLUTION", "### END"),
            "markers",
        ),
    ],
)
def test_parts_that_do_not_fit_are_told(course, change, message):
    change(course)
    with pytest.raises(CourseError, match=message):
        write_exercise(course, NAME)


def test_a_cell_without_an_id_is_read_without_a_warning(course):
    """Some editors write such cells; warnings are errors here."""
    source = course.solutions / f"{NAME}.ipynb"
    book = json.loads(source.read_text())
    book["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "A remark."})
    source.write_text(json.dumps(book))
    write_exercise(course, NAME)
    assert all(one["id"] for one in json.loads(source.read_text())["cells"])


def test_points_are_those_of_the_tests(ready):
    replace(ready.test_file(NAME), "points=2)", "points=3)")
    with pytest.raises(CourseError, match="points are"):
        record(ready, NAME)
    write_exercise(ready, NAME)
    assert stale(ready, NAME) == [] and load(ready.recorded_file(NAME)).points["01.2"] == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import numpy as np", "import numpy as npp"),
        ("def test_spread(student", "def test_spread(nobody"),
        ("import numpy as np", "def ("),
    ],
)
def test_broken_tests_are_the_course_s_fault(course, old, new):
    replace(course.test_file(NAME), old, new)
    with pytest.raises((BrokenTests, CourseError)):
        write_exercise(course, NAME)


def test_a_test_without_a_task_is_broken(course):
    replace(course.test_file(NAME), '@task("01.2", points=2)\n', "")
    with pytest.raises(CourseError, match=r"test_counter needs @task"):
        write_exercise(course, NAME)


def test_replay_refuses_other_calls(ready):
    recording = load(ready.recorded_file(NAME))
    replace(ready.test_file(NAME), "4.0, 8.0", "4.0, 9.0")
    own = run_reference(solution(ready, NAME))
    outcomes = run(ready.test_file(NAME), student=own, reference=recording.source, tasks=["01.1"])
    assert [o.status for o in outcomes] == ["passed", "passed", "fault"]
    with pytest.raises(StaleRecording):
        recording.source("01.1", "test_spread").call("other", (), {})
    with pytest.raises(StaleRecording):
        recording.source("01.1", "no such test").call("spread", (), {})


def test_replay_holds_objects_too(ready):
    recording = load(ready.recorded_file(NAME))
    own = run_reference(solution(ready, NAME))
    outcomes = run(ready.test_file(NAME), student=own, reference=recording.source, tasks=["01.2"])
    assert [o.status for o in outcomes] == ["passed"]
    targets = [call.target for call in outcomes[0].reference.calls]
    assert targets == ["Counter", "#0.step", "#0.step"]


def test_each_known_mistake_is_named_and_an_unknown_one_is_not(ready):
    recording = record(ready, NAME)
    own = run_reference(solution(ready, NAME))
    for known in read_catalogue(ready.answers_file(NAME)):
        outcomes = try_entry(ready, solution(ready, NAME), known, own)
        said = name_mistake(outcomes, recording.mistakes[known.task])
        assert said == (None if known.right else known.says)
        assert all(o.passed for o in outcomes) == known.right
    other = known.__class__("01.1", False, "", "def mean(x):\n    return x.sum() + 1")
    outcomes = try_entry(ready, solution(ready, NAME), other, own)
    assert name_mistake(outcomes, recording.mistakes["01.1"]) is None


def test_a_mistake_fits_in_every_test_of_its_functions_or_is_not_named(ready):
    mistakes = record(ready, NAME).mistakes["01.1"]
    own = run_reference(solution(ready, NAME))
    forgot = next(e for e in read_catalogue(ready.answers_file(NAME)) if "forgot" in e.says)
    tried = try_entry(ready, solution(ready, NAME), forgot, own)
    assert name_mistake(tried, mistakes) == forgot.says
    tried[2].status = "missing"  # the other function is not concerned
    assert name_mistake(tried, mistakes) == forgot.says
    tried[1].status = "passed"
    assert name_mistake(tried, mistakes) is None
    tried[1].status = "failed"
    tried[1].student.calls[0].value = 0.0
    assert name_mistake(tried, mistakes) is None


def test_two_mistakes_that_fit_are_both_offered_or_both_named(ready):
    forgot, fewer = record(ready, NAME).mistakes["01.1"]
    own = run_reference(solution(ready, NAME))
    entry = next(e for e in read_catalogue(ready.answers_file(NAME)) if "forgot" in e.says)
    tried = try_entry(ready, solution(ready, NAME), entry, own)
    twin = replace_(forgot, says=("Another.",))
    assert name_mistake(tried, [forgot, twin]) == f"Either: {entry.says} Or: Another."
    pair = replace_(forgot, says=("One.", "Two."))
    assert name_mistake(tried, [pair, fewer]) == "One. And: Two."
    assert name_mistake(tried, [forgot, pair]) == entry.says
    sketches = {**forgot.sketches, "test_spread": forgot.sketches["test_mean[3]"]}
    more = Mistake(("All.",), forgot.failed | {"test_spread"}, sketches)
    assert name_mistake(tried, [forgot, more]) == entry.says
    assert name_mistake(tried, [forgot, twin, replace_(forgot, says=("Third.",))]) is None


def test_an_exception_alone_is_no_evidence(ready):
    replace(ready.answers_file(NAME), "return x.sum()\n\n\n@wrong", "raise ValueError\n\n\n@wrong")
    mistake = record(ready, NAME).mistakes["01.1"][0]
    own = run_reference(solution(ready, NAME))
    entry = read_catalogue(ready.answers_file(NAME))[0]
    tried = try_entry(ready, solution(ready, NAME), entry, own)
    assert name_mistake(tried, [mistake]) is None


def test_edits_change_the_course_s_own_answer(ready):
    with ready.answers_file(NAME).open("a") as file:
        file.write(
            'edit("01.1", "One less.", {"count(x)": "(count(x) - 1)"})\n'
            'edit("01.1", "Squared.", {"x.sum()": "(x**2).sum()"})\n'
            'edit("01.1", "From 1.", {"total = 0": "total = 1"}, of="with a loop")\n'
        )
    mistakes = record(ready, NAME).mistakes["01.1"]
    assert [m.says for m in mistakes[2:]] == [
        ("One less.",), ("Squared.",), ("From 1.",), ("One less.", "Squared."),
    ]  # fmt: skip
    assert mistakes[-1].failed == {"test_mean[3]", "test_mean[5]"}
    replace(ready.answers_file(NAME), 'x.sum()": ', 'x": ')
    with pytest.raises(CourseError, match="must stand once"):
        record(ready, NAME)


def test_pairs_of_frequent_mistakes_are_recorded_up_to_the_limit_that_is_documented(
    ready, monkeypatch
):
    with ready.answers_file(NAME).open("a") as file:
        file.write(
            'edit("01.1", "One less.", {"count(x)": "(count(x) - 1)"})\n'
            'edit("01.1", "Squared.", {"x.sum()": "(x**2).sum()"})\n'
            'edit("01.1", "Doubled.", {"return total": "return 2 * total"})\n'
        )
    ones = [("One less.", "Squared."), ("One less.", "Doubled."), ("Squared.", "Doubled.")]
    for most in (3, 2, 0):
        monkeypatch.setattr(authoring_record, "MOST_PAIRS", most)
        mistakes = record(ready, NAME).mistakes["01.1"]
        assert [m.says for m in mistakes if len(m.says) == 2] == ones[:most]


def test_the_limit_of_pairs_is_the_documented_one():
    course = find_course()
    text = " ".join((course.root / "CONTRIBUTING.md").read_text("utf-8").split())
    assert f"recorded too, up to {authoring_record.MOST_PAIRS} for a task" in text
    for name in course.names:
        for mistakes in load(course.recorded_file(name)).mistakes.values():
            assert sum(len(m.says) == 2 for m in mistakes) <= authoring_record.MOST_PAIRS


def test_random_numbers_depend_on_seed_and_test_only(ready):
    own = run_reference(solution(ready, NAME))

    def arguments(**options):
        outcomes = run(ready.test_file(NAME), student=own, reference=own, **options)
        return {o.test: o.student.calls[0].fingerprint for o in outcomes}

    every = arguments()
    assert arguments(tasks=["01.1"])["test_mean[5]"] == every["test_mean[5]"]
    assert arguments(seed=1)["test_mean[5]"] != every["test_mean[5]"]
    replace(ready.test_file(NAME), "[3, 5]", "['a', 'b']")
    replace(ready.test_file(NAME), "size=n", "size=3")
    drawn = arguments()
    assert drawn["test_mean[a]"] != drawn["test_mean[b]"]


def test_the_catalogue_is_read_not_run(tmp_path):
    path = tmp_path / "answers_01.py"
    path.write_text("raise RuntimeError\n" + ANSWERS)
    forgot, fewer, loop, before = read_catalogue(path)
    assert forgot.source == "def mean(x):\n    return x.sum()\n"
    assert fewer.source.startswith("def mean(x):\n    return") and "\n\ndef spread" in fewer.source
    assert loop.right and loop.says == "with a loop"
    assert before.source.startswith("class Counter:")


@pytest.mark.parametrize(
    "text", ["def f(): pass", '@other("01.1", "a")\ndef f(): pass', "@wrong('01.1')\ndef f(): pass"]
)
def test_a_catalogue_entry_needs_its_decorator(tmp_path, text):
    path = tmp_path / "answers_01.py"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"answers_01\.py, line"):
        read_catalogue(path)


def test_the_tests_run_under_plain_pytest_with_the_course_s_answers(ready):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(ready.tests)]
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    result = subprocess.run(
        command, capture_output=True, text=True, cwd=ready.root, env=alone, check=False
    )
    assert "4 passed" in result.stdout, result.stdout
