"""What a check says, counts and keeps, and that nothing around it disturbs it."""

import json
import os
import sys
import warnings

import numpy as np
import pytest

from coursekit import diary
from coursekit.grading import check, progress
from coursekit.grading.course.paths import Course, CourseError, find_course
from coursekit.grading.judge.local import new_namespace, run_cell
from coursekit.grading.judge.recording import recorded, recording_of
from coursekit.grading.judge.report import as_html
from coursekit.grading.judge.verdict import TestResult, Verdict
from coursekit.grading.student.check import check_namespace
from coursekit.grading.student.next_step import NextStep
from coursekit.grading.student.progress import read_points, report as progress_of, save_points
from coursekit.grading.student.progress_page import link

from ..small_course import COUNTER, MEAN, NAME, checked


def in_notebook(source, task="01.1"):
    """Call `check` from the globals of a notebook; return its result."""
    space = new_namespace() | {"check": check, "np": np, "count": len}
    run_cell(source, space, "answer")
    return eval(f"check({task!r})", space)


@pytest.fixture
def student(ready, monkeypatch):
    """A course whose ``exercises/`` is the current folder."""
    monkeypatch.chdir(ready.exercises)
    return ready


def test_full_marks(ready):
    verdict = checked(ready, "01.1", MEAN)
    assert (verdict.status, verdict.points, verdict.possible) == ("done", 2.5, 2.5)
    assert verdict.sentence.splitlines() == [
        "Task 01.1: 2.5 of 2.5 points",
        "  ✓ passed: The mean of 3 random numbers. (1 of 1)",
        "  ✓ passed: The mean of 5 random numbers. (1 of 1)",
        "  ✓ passed: The spread of four numbers. (0.5 of 0.5)",
    ]


def test_nothing_written(ready):
    verdict = checked(
        ready, "01.1", "def mean(x):\n    # YOUR CODE HERE\n    raise NotImplementedError"
    )
    assert (verdict.status, verdict.points) == ("missing", 0)
    assert verdict.sentence.splitlines()[0] == "Task 01.1: not written yet (0 of 2.5 points)"


def test_half_written(ready):
    verdict = checked(ready, "01.1", "def mean(x): return x.mean()")
    assert (verdict.status, verdict.points) == ("wrong", 2)
    assert "○ not written yet: The spread of four numbers. (0 of 0.5)" in verdict.sentence
    assert "`spread` is not there" in verdict.sentence


def test_a_known_mistake_is_named(ready):
    verdict = checked(ready, "01.1", MEAN + "def mean(x): return sum(x)")
    assert verdict.mistake == verdict.summary == "You forgot to divide by the number of values."
    assert verdict.sentence.endswith(
        "Perhaps this is it: You forgot to divide by the number of values."
    )
    assert "<p" in as_html(verdict) and "You forgot to divide" in as_html(verdict)


def test_a_mistake_is_named_beside_what_is_not_written_yet(ready):
    source = "def mean(x): return x.sum()\ndef spread(x): raise NotImplementedError"
    verdict = checked(ready, "01.1", source)
    assert verdict.mistake == "You forgot to divide by the number of values."


def test_a_mistake_is_not_named_for_other_values(ready):
    source = "def mean(x): return x.sum() + 1\ndef spread(x): raise NotImplementedError"
    assert checked(ready, "01.1", source).mistake is None


def test_a_mistake_in_an_object_is_named(ready):
    source = (
        "class Counter:\n"
        "    def __init__(self, start): self.n = start\n"
        "    def step(self, by):\n"
        "        self.n = self.n + by\n"
        "        return self.n - by\n"
    )
    assert checked(ready, "01.2", source).mistake == "You return the value from before the step."


def test_an_unknown_mistake_is_told_by_what_came(ready):
    verdict = checked(ready, "01.1", MEAN + "def mean(x): return x")
    assert verdict.mistake is None
    assert "expected a single number, got an array of numbers of shape (3,)" in verdict.summary


def test_the_same_message_is_said_once(ready):
    text = checked(ready, "01.1", MEAN + "def mean(x):\n    print('hm')\n    return 1 / 0").sentence
    assert text.count("ZeroDivisionError") == 1 and text.count("(as above)") == 1
    assert text.count("| hm") == 1


def test_prints_and_warnings_are_shown_with_a_failure_only(ready):
    noisy = "def mean(x):\n    print('see', len(x))\n    return np.float64(1) / 0 * 0 + "
    right = MEAN + noisy.replace("* 0 +", "* 0 if 0 else") + "x.mean()"
    assert "see" not in checked(ready, "01.1", right).sentence
    text = checked(ready, "01.1", MEAN + noisy + "1").sentence
    assert "| see 3" in text and "| RuntimeWarning: divide by zero" in text


def test_a_library_in_place_of_an_answer_gets_nothing(ready):
    source = MEAN + "def mean(x):\n    import sklearn\n    return x.mean()"
    verdict = checked(ready, "01.1", source)
    assert (verdict.status, verdict.points) == ("refused", 0)
    assert verdict.sentence.splitlines() == [
        "Task 01.1: 0 of 2.5 points",
        "  An answer must not use sklearn: write it with plain Python and NumPy.",
    ]


def test_a_library_in_one_function_takes_the_points_of_the_others(ready):
    source = MEAN + "def spread(x):\n    import sklearn\n    return x.std()"
    verdict = checked(ready, "01.1", source)
    assert (verdict.status, verdict.points) == ("refused", 0)
    assert [o.status for o in verdict.results] == ["passed", "passed", "refused"]


def test_a_stopped_answer_is_not_tried_further(ready):
    verdict = checked(ready, "01.1", MEAN + "def mean(x): raise KeyboardInterrupt")
    assert [o.status for o in verdict.results] == ["stopped", "skipped", "skipped"]
    assert "– not tried: The spread of four numbers." in verdict.sentence


def test_html_escapes_what_an_answer_says(ready):
    verdict = checked(
        ready, "01.1", MEAN + "def mean(x): raise ValueError('<script>alert(1)</script>')"
    )
    html = as_html(verdict)
    assert "<script>" not in html and "&lt;script&gt;" in html
    assert "<code>" in html


def test_every_status_has_words_beside_its_colour():
    for status in ("passed", "failed", "missing", "stopped", "refused", "skipped", "fault"):
        results = [
            TestResult("a", "01.1", "It is tried.", 1, status, "A message."),
            TestResult("b", "01.1", "More.", 1, "passed"),
        ]
        verdict = Verdict("01.1", results)
        for report in (verdict.sentence, as_html(verdict)):
            assert "Task 01.1" in report


def test_check_returns_points_and_prints_outside_a_kernel(student, capsys):
    assert in_notebook(MEAN) == 2.5
    assert in_notebook("", "01.2") == 0.0
    assert type(in_notebook("", "01.2")) is float
    out, err = capsys.readouterr()
    assert out.startswith("Task 01.1: 2.5 of 2.5 points")
    assert "Best so far in exercise 01: 2.5 of 4.5 points, 1 of 2 tasks" in out
    assert not err


def test_the_report_holds_no_time_path_or_address(student, capsys):
    source = "def mean(x): raise ValueError(object())\ndef spread(x): return [object()]"
    in_notebook(source)
    first = capsys.readouterr().out
    in_notebook(source)
    assert capsys.readouterr().out == first
    assert "0x" not in first and str(student.root) not in first and "/" not in first


@pytest.mark.parametrize("task", ["01.9", "77.1", "1", "01", "", None, 3, 1.1, "../01.1", ["01.1"]])
def test_a_check_of_no_task_says_so(student, capsys, task):
    assert in_notebook("", task) == 0.0
    assert "task" in capsys.readouterr().out or task == "77.1"


@pytest.mark.parametrize(
    "damage",
    [
        lambda c: c.test_file(NAME).write_text("def ("),
        lambda c: c.test_file(NAME).write_text("import no_such_module"),
        lambda c: c.test_file(NAME).write_bytes(b"\xff"),
        lambda c: c.recorded_file(NAME).write_text("{"),
        lambda c: c.recorded_file(NAME).unlink(),
    ],
)
def test_a_broken_course_raises_nothing(student, capsys, damage):
    damage(student)
    assert in_notebook(MEAN) == 0.0
    out, err = capsys.readouterr()
    assert "not your fault" in out or "has not been recorded" in out
    assert not err


def test_points_are_kept_where_a_student_works_only(ready, monkeypatch, capsys):
    monkeypatch.chdir(ready.solutions)
    in_notebook(MEAN)
    assert not ready.progress.exists() and "Exercise 01" not in capsys.readouterr().out
    monkeypatch.chdir(ready.exercises)
    in_notebook("")
    assert not ready.progress.exists()
    in_notebook(MEAN)
    in_notebook("def mean(x): return x.mean()")
    assert read_points(ready.progress) == {"01.1": 2.5}
    line = "Best so far in exercise 01: 2.5 of 4.5 points, 1 of 2 tasks"
    assert capsys.readouterr().out.count(line) == 2


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"01.1": "x"}', '{"01.1": null}', "\xff"])
def test_a_broken_record_of_progress_is_told_and_kept(student, capsys, text):
    student.progress.parent.mkdir()
    student.progress.write_bytes(text.encode("latin-1"))
    assert in_notebook(MEAN) == 2.5
    out = capsys.readouterr().out
    assert "2.5 of 2.5 points" in out and "can't be read" in out and "progress.json" in out
    assert student.progress.read_bytes() == text.encode("latin-1")
    progress()
    assert "can't be read" in capsys.readouterr().out


def test_a_record_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    path = tmp_path / "progress.json"
    save_points(path, "01.1", 1)

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CourseError, match="no space is left on the disk"):
        save_points(path, "01.1", 2)
    assert read_points(path) == {"01.1": 1} and len(list(tmp_path.iterdir())) == 1


def test_progress_is_a_table_with_bars(student, capsys):
    progress()
    assert capsys.readouterr().out.endswith("Next: task 01.1, mean and spread.\n")
    in_notebook(COUNTER, "01.2")
    capsys.readouterr()
    progress()
    lines = capsys.readouterr().out.splitlines()
    shown = "01 small numbers █████░░░░░ 1 of 2 2 of 4.5"
    assert lines[1].split() == shown.split()
    assert lines[2].split() == ["all", *shown.split()[3:]]
    assert "predictions" not in " ".join(lines[3:])


def test_the_page_of_progress_shows_the_diary_and_links(student, monkeypatch):
    notebooks = student.root / "notebooks"
    notebooks.mkdir()
    for name in ("01_small", "01b_more"):
        (notebooks / f"{name}.ipynb").write_text("{}")
    monkeypatch.chdir(notebooks)
    for lecture, what in [("01", "✓"), ("01", "≠"), ("01b", "✓"), ("01b", "✓"), ("01", "goal")]:
        monkeypatch.setenv("JPY_SESSION_NAME", f"notebooks/{lecture}_x.ipynb")
        kinds = {"✓": diary.SEEN, "≠": diary.SURPRISED, "goal": diary.REACHED}
        number = len(diary.read(student.root))
        diary.write(kinds[what], f"question {number} <&>")
        diary.write(kinds[what], f"question {number} <&>")  # the first time counts
    save_points(student.progress, "01.1", 2.5)
    text, html = progress_of(student)
    assert "1 of 2  2.5 of 4.5  ✓≠✓✓         1" in text
    assert "Predictions seen coming: 3 of 4; the longest run: 2." in text
    label = 'role="progressbar" aria-label="1 of 2 tasks of exercise 01 are done"'
    assert f'{label} aria-valuenow="1" aria-valuemax="2"' in html and "width: 50%" in html
    assert '<a href="../exercises/01_small.ipynb">small numbers</a>' in html
    assert (
        '<a href="01_small.ipynb">lecture 01</a>, <a href="01b_more.ipynb">lecture 01b</a>' in html
    )
    assert '<a href="../exercises/01_small.ipynb#Task-01.2:-a-counter">Next: task 01.2' in html
    save_points(student.progress, "01.2", 2)
    assert progress_of(student)[0].endswith("All tasks of the course are done.")


def test_a_damaged_diary_is_read_as_far_as_it_goes(student):
    path = student.root / diary.FILE
    path.parent.mkdir(exist_ok=True)
    good = '{"lecture": "01", "what": "seen coming", "title": "?"}'
    path.write_text(f'{good}\n{{\n[]\n{{"lecture": 1, "what": "", "title": ""}}\n3\n{good}\n')
    assert [entry.title for entry in diary.read(student.root)] == ["?", "?"]
    path.write_bytes(b"\xff")
    assert diary.read(student.root) == []


def test_a_full_check_names_what_comes_next(student, capsys):
    def last():
        return capsys.readouterr().out.splitlines()[-1]

    in_notebook("", "01.1")
    assert last().startswith("Best so far in exercise 01: ")
    in_notebook(COUNTER, "01.2")
    assert last() == "Next: task 01.1, mean and spread."
    in_notebook(MEAN)
    assert last() == "All tasks of the course are done."
    after = NextStep("Next: task 02.1, more.", "02_more.ipynb#Task-02.1:-more")
    assert link(after) == f'<a href="{after.address}">{after.sentence}</a>'


def test_points_beyond_the_task_s_do_not_count(student, capsys):
    save_points(student.progress, "01.1", 99)
    progress()
    assert "2.5 of 4.5" in capsys.readouterr().out


def test_nothing_around_a_check_disturbs_it(ready, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (ready.root / "tests" / "conftest.py").write_text("raise RuntimeError")
    before = (dict(os.environ), list(sys.path), os.getcwd(), list(sys.meta_path))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdict = checked(
            ready,
            "01.1",
            MEAN + "import warnings\ndef mean(x):\n    warnings.warn('a')\n    return x.mean()",
        )
    assert verdict.status == "done"
    assert dict(os.environ) == before[0] and sys.path == before[1] and os.getcwd() == before[2]
    files = (str(getattr(module, "__file__", "")) for module in sys.modules.values())
    assert not [file for file in files if file.startswith(str(ready.root))]
    assert not [name for name in sys.modules if name.endswith("test_01_small")]
    assert sys.meta_path == before[3]
    assert not list(ready.root.rglob("*.pyc")) and not list(ready.root.rglob(".pytest_cache"))


def test_a_pytest_around_the_check_does_not_reword_its_messages(ready):
    path = ready.test_file(NAME)
    path.write_text(
        path.read_text().replace(
            "close(student.spread(x)", "assert 1 == 2, 'A sentence.'\n    close(student.spread(x)"
        )
    )
    assert checked(ready, "01.1", MEAN).summary == "A sentence."


def test_changed_tests_are_seen_at_once(ready):
    assert checked(ready, "01.2", COUNTER).status == "done"
    path = ready.test_file(NAME)
    path.write_text(path.read_text().replace("starts at 5 takes", "starts at five takes"))
    verdict = checked(ready, "01.2", COUNTER)
    assert verdict.results[0].tried == "A counter that starts at five takes two steps."


def test_figures_of_an_answer_are_closed_and_others_are_not(ready):
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    mine = plt.figure()
    source = "import matplotlib.pyplot as plt\ndef mean(x):\n    plt.figure()\n    return x.mean()"
    checked(ready, "01.1", source)
    assert plt.get_fignums() == [mine.number]
    plt.close(mine)


def test_names_that_a_student_redefines_cost_their_task_only(ready):
    space = new_namespace()
    run_cell("import numpy as np\ncount = 3\nnp = 'mine'", space, "a")
    run_cell(MEAN, space, "b")
    run_cell(COUNTER, space, "c")
    recording = recording_of(ready, "01.1")
    first = check_namespace(ready, recording, "01.1", space)
    assert "'int' object is not callable" in first.summary
    assert check_namespace(ready, recording, "01.2", space).status == "done"


def test_the_course_is_found_from_a_folder_within_and_from_anywhere(ready, tmp_path_factory):
    assert find_course(ready.exercises).root == ready.root
    elsewhere = find_course(tmp_path_factory.mktemp("elsewhere"))
    assert (elsewhere.root / "coursekit").is_dir()


def test_an_exercise_without_a_record_says_what_to_do(course: Course):
    with pytest.raises(CourseError, match="coursekit exercises"):
        recorded(course, NAME)


def test_the_record_on_disk_is_json_sorted_by_task(tmp_path):
    path = tmp_path / "a" / "progress.json"
    save_points(path, "02.1", 1)
    save_points(path, "01.1", 0.5)
    assert list(json.loads(path.read_text()).items()) == [("01.1", 0.5), ("02.1", 1)]
