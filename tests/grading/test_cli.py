"""The command: grade, reset, progress, and their exit codes."""

import json
import signal
import sys

import pytest

from coursekit.cli import main
from coursekit.grading.course.paths import CourseError
from coursekit.grading.student.grade_notebook import grade_notebook
from coursekit.grading.student.progress import save_points

from .small_course import COUNTER, MEAN, NAME, cell, edit

NEEDS_ALARM = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="no alarm clock on this system"
)


@pytest.fixture
def student(ready, monkeypatch):
    """A course whose ``exercises/`` is the current folder."""
    monkeypatch.chdir(ready.exercises)
    return ready


@pytest.fixture
def notebook(student):
    return student.exercises / f"{NAME}.ipynb"


def fill(notebook, first=MEAN, second=COUNTER):
    edit(notebook, "answer-01-1", first)
    edit(notebook, "answer-01-2", second)


def change(notebook, how):
    content = json.loads(notebook.read_text())
    how(content, {c["id"]: c for c in content["cells"]})
    notebook.write_text(json.dumps(content))


def statuses(course, notebook, **options):
    verdicts = grade_notebook(course, NAME, notebook, **options).verdicts.values()
    return [(v.status, v.points) for v in verdicts]


def test_what_is_not_written_is_not_wrong(notebook, capsys):
    assert main(["grade"]) == 0
    out = capsys.readouterr().out
    assert "01.1  not written yet  0 of 2.5" in out
    assert out.splitlines()[-1].split() == ["all", "0", "of", "2", "0", "of", "4.5"]


def test_right_answers(notebook, capsys):
    fill(notebook)
    assert main(["grade", str(notebook.parent), "--only", "1"]) == 0
    assert main(["grade", str(notebook)]) == 0
    out, err = capsys.readouterr()
    assert out.count("01.2  right            2 of 2") == 2
    assert not err


def test_a_wrong_answer_is_told_apart_and_ends_in_1(notebook, capsys):
    fill(notebook, MEAN + "def mean(x): return x.sum()", second="")
    change(notebook, lambda n, c: c["answer-01-2"].update(source="class Counter:\n    pass"))
    assert main(["grade"]) == 1
    out = capsys.readouterr().out
    assert "01.1  wrong            0.5 of 2.5\n        You forgot to divide" in out


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def mean(x:\n    pass", "not valid Python in line 1"),
        ("%timeit 1\n" + MEAN, "notebook command"),
        ("raise ValueError('oh')\n" + MEAN, "ValueError: oh, in line 1"),
        ("while True: print('x' * 1000)", "million characters"),
        ("exit()", "ends the program"),
        ("import sys\nsys.exit(0)", "ends the program"),
        ("raise KeyboardInterrupt", "interrupt"),
        ("input('name')", "input()"),
        ("from sklearn import metrics\n" + MEAN, "must not use sklearn"),
        ("1 / 0", "ZeroDivisionError"),
        pytest.param("while True: pass", "did not finish", marks=NEEDS_ALARM),
        ("x = '\0'", "null"),
    ],
)
def test_one_broken_cell_costs_its_task_alone(notebook, student, source, message):
    fill(notebook, first=source)
    first, second = grade_notebook(student, NAME, notebook, seconds=0.5).verdicts.values()
    assert (first.points, second.status, second.points) == (0, "done", 2)
    assert first.status in ("wrong", "refused") and message in first.summary
    fill(notebook, second=source)
    assert statuses(student, notebook, seconds=0.5)[0] == ("done", 2.5)


def test_what_a_cell_defined_before_it_broke_counts(notebook, student):
    fill(notebook, MEAN + "\nmean(3)")
    graded = grade_notebook(student, NAME, notebook)
    assert graded.verdicts["01.1"].points == 2.5


def test_an_answer_in_another_task_s_cell_counts(notebook, student):
    fill(notebook, MEAN + "\n" + COUNTER, second="def oh(:")
    assert [points for _, points in statuses(student, notebook)] == [2.5, 2]


def test_the_setup_is_the_course_s_own(notebook, student):
    fill(notebook)
    change(notebook, lambda n, c: c["setup"].update(source="np = None"))
    change(notebook, lambda n, c: c["check-01-1"].update(source="1 / 0"))
    assert statuses(student, notebook) == [("done", 2.5), ("done", 2)]


def test_cells_of_one_s_own_are_not_run_and_that_is_said(notebook, student, capsys):
    fill(notebook, MEAN + "def mean(x): return helper(x)")
    change(
        notebook, lambda n, c: n["cells"].insert(0, cell("own", "def helper(x): return x.mean()"))
    )
    change(notebook, lambda n, c: c["own"].update(metadata={}))
    assert main(["grade"]) == 1
    out = capsys.readouterr().out
    assert "NameError: name 'helper'" in out and "Cells that you added are not run" in out


@pytest.mark.parametrize(
    ("how", "points", "message"),
    [
        (lambda n, c: n["cells"].remove(c["answer-01-1"]), 0, "task 01.1 is missing"),
        (lambda n, c: c["answer-01-1"].update(id="x", metadata={}), 2.5, ""),
        (
            lambda n, c: n["cells"].append(c["answer-01-1"] | {"id": "y", "source": "z = 1"}),
            2.5,
            "",
        ),
        (lambda n, c: c["answer-01-1"].update(cell_type="markdown"), 0, "no longer a code cell"),
    ],
)
def test_a_lost_cell_costs_its_task_alone_and_one_without_its_id_nothing(
    notebook, student, how, points, message
):
    fill(notebook)
    change(notebook, how)
    first, second = grade_notebook(student, NAME, notebook).verdicts.values()
    assert (first.points, second.points) == (points, 2) and message in first.summary


def test_moved_cells_and_a_second_copy_of_the_stub_cost_nothing(notebook, student):
    stub = json.loads(notebook.read_text())["cells"][4]
    fill(notebook)
    change(notebook, lambda n, c: n["cells"].reverse())
    change(notebook, lambda n, c: n["cells"].append(stub | {"id": "copy"}))
    assert statuses(student, notebook) == [("done", 2.5), ("done", 2)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("[]", "is not a notebook"),
        ("{}", "is not a notebook"),
        ('{"cells": 3}', "is not a notebook"),
        ('{"cells": [{"cell_type": "code"}]}', "is not a notebook"),
        ('{"cells": [{"cell_type": "code", "source": [3]}]}', "is not a notebook"),
        ('{"cells": [{"cell_type": "code", "source": "", "metadata": 3}]}', "is not a notebook"),
        ("[" * 100_000, "is not a notebook"),
        ("\xff", "is not a notebook"),
    ],
)
def test_a_file_that_is_no_notebook_is_told(notebook, student, capsys, text, message):
    notebook.write_bytes(text.encode("latin-1"))
    assert main(["grade"]) == 1
    assert message in capsys.readouterr().out


def test_a_notebook_of_another_exercise_is_told(notebook, student):
    text = notebook.read_text()
    notebook.write_text(text.replace("answer-01-", "answer-02-"))
    with pytest.raises(CourseError, match="to exercise 02"):
        grade_notebook(student, NAME, notebook)


@pytest.mark.parametrize(
    "arguments", [["grade", "nowhere"], ["grade", "--only", "77"], ["reset", "77"]]
)
def test_trouble_ends_in_2(student, capsys, arguments):
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert err.strip() and not out


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["grade", "--nonsense"], ["reset"]])
def test_a_misused_command_says_how_it_is_used(student, capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: coursekit" in capsys.readouterr().err


def test_a_bar_is_drawn_where_somebody_sees_it(notebook, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    main(["grade"])
    assert "0 of 1  01_small" in capsys.readouterr().err


def test_reset_gives_a_fresh_copy_and_keeps_the_old_ones(notebook, student, capsys):
    fresh = notebook.read_bytes()
    kept = []
    for number in (1, 2, 3):
        edit(notebook, "answer-01-1", f"# attempt {number}")
        kept.append(notebook.read_bytes())
        assert main(["reset", "01"]) == 0
        assert f"{NAME}.backup-{number}.ipynb" in capsys.readouterr().out
        assert notebook.read_bytes() == fresh
    backups = [notebook.with_name(f"{NAME}.backup-{n}.ipynb").read_bytes() for n in (1, 2, 3)]
    assert backups == kept
    notebook.unlink()
    assert main(["reset", "1"]) == 0
    assert notebook.read_bytes() == fresh


def test_reset_can_keep_the_answers(notebook, student):
    fill(notebook)
    edit(notebook, "title", "# spoilt")
    change(notebook, lambda n, c: n["cells"].remove(c["check-01-1"]))
    assert main(["reset", "01", "--keep-answers"]) == 0
    assert "spoilt" not in notebook.read_text() and "check-01-1" in notebook.read_text()
    assert statuses(student, notebook) == [("done", 2.5), ("done", 2)]


def test_a_fresh_copy_keeps_answers_that_are_not_in_their_own_cells(notebook, student):
    head, rest = MEAN.split("\n\n\n", 1)
    fill(notebook, head)
    own = cell("own", rest) | {"metadata": {}}
    change(notebook, lambda n, c: n["cells"].insert(n["cells"].index(c["answer-01-1"]) + 1, own))
    assert main(["reset", "01", "--keep-answers"]) == 0
    kept = {c["id"]: "".join(c["source"]) for c in json.loads(notebook.read_text())["cells"]}
    assert head in kept["answer-01-1"] and rest in kept["answer-01-1"]


def test_reset_that_cannot_keep_the_answers_changes_nothing(notebook, student, capsys):
    notebook.write_text("{")
    assert main(["reset", "01", "--keep-answers"]) == 2
    assert notebook.read_text() == "{" and len(list(notebook.parent.iterdir())) == 1
    assert main(["reset", "01"]) == 0


def test_reset_and_checks_need_no_solutions(notebook, student, monkeypatch):
    for path in (student.solutions / f"{NAME}.ipynb", student.answers_file(NAME)):
        path.unlink()
    fill(notebook)
    assert statuses(student, notebook) == [("done", 2.5), ("done", 2)]
    assert main(["reset", "01"]) == 0


def test_backups_are_no_exercises(notebook, student, capsys):
    fill(notebook)
    main(["reset", "01"])
    capsys.readouterr()
    assert main(["grade"]) == 0
    assert capsys.readouterr().out.count("01.1") == 1


def test_progress(student, capsys):
    save_points(student.progress, "01.2", 2)
    assert main(["progress"]) == 0
    assert "01  small numbers  1 of 2  2 of 4.5" in capsys.readouterr().out


def test_exercises(student, capsys):
    assert main(["exercises", "01"]) == 0
    assert f"{NAME}: written and recorded" in capsys.readouterr().out
    (student.exercises / f"{NAME}.ipynb").unlink()
    assert main(["exercises"]) == 0
    assert (student.exercises / f"{NAME}.ipynb").exists()
