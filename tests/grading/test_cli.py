"""The command: grade, reset, progress, and their exit codes."""

import functools
import json

import pytest

from coursekit.cli import main
from coursekit.grading.course.paths import CourseError
from coursekit.grading.student import kernel_run
from coursekit.grading.student.grade_notebook import grade_notebook, grade_notebooks
from coursekit.grading.student.progress import save_points

from .corpus.kernels import AT_ONCE, ForkedManager
from .small_course import COUNTER, MEAN, NAME, cell, edit


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


@pytest.fixture
def graded(student, notebook, forked):
    """Grade the notebook, or several copies of it that are made by functions."""

    def grade(*changes, name=NAME, **options):
        original, files = notebook.read_text(), []
        for number, how in enumerate(changes or [lambda: None]):
            notebook.write_text(original)
            how()
            copy = notebook.parent / f"copy-{number}" / notebook.name
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(notebook.read_bytes())
            files.append((name, copy))
        notebook.write_text(original)
        start = functools.partial(ForkedManager, forked)
        results = grade_notebooks(
            student, files, manager=start, at_once=AT_ONCE, **{"seconds": 15} | options
        )
        return results if changes else results[0]

    return grade


def marks(graded):
    return [(one.status, one.points) for one in graded.outcomes.values()]


def test_what_is_not_written_is_not_wrong(notebook, capsys):
    assert main(["grade"]) == 0
    out = capsys.readouterr().out
    assert "01.1  not written yet  0 of 2.5" in out
    assert out.splitlines()[-1].split() == ["all", "0", "of", "2", "0", "of", "4.5"]


@pytest.mark.parametrize("option", ["--roster", "--fill", "--late", "--pass", "--student-level"])
def test_a_teachers_option_without_the_folder_of_marks(notebook, capsys, option):
    assert main(["grade", option, "1"]) == 2
    assert f"{option} is for teachers: add --to" in capsys.readouterr().err


def test_right_answers(notebook, capsys):
    fill(notebook)
    assert main(["grade", str(notebook.parent), "--only", "1"]) == 0
    assert main(["grade", str(notebook)]) == 0
    out, err = capsys.readouterr()
    assert out.count("01.2  right            2 of 2") == 2
    assert [line.split()[0] for line in err.splitlines()] == ["Running", "1"] * 2


def test_a_wrong_answer_is_told_apart_and_ends_in_1(notebook, capsys):
    fill(notebook, MEAN + "def mean(x): return x.sum()", second="")
    change(notebook, lambda n, c: c["answer-01-2"].update(source="class Counter:\n    pass"))
    assert main(["grade"]) == 1
    out = capsys.readouterr().out
    assert "01.1  wrong            0.5 of 2.5\n        You forgot to divide" in out


BROKEN = {
    "def mean(x:\n    pass": "not valid Python in line 1",
    "%no_such_magic 1": "no_such_magic",
    "raise ValueError('oh')\n" + MEAN: "ValueError: oh, in line 1",
    "raise KeyboardInterrupt": "interrupt",
    "input('name')": "input",
    "from sklearn import metrics\n" + MEAN: "must not use sklearn",
    "1 / 0": "ZeroDivisionError",
    "while True: pass": "interrupt",
    "x = '\0'": "null",
    "exit()": "run the cell",
    "import os\nos._exit(3)": "run the cell",
    "del check": "run the cell",
}


def test_one_broken_cell_costs_its_task_alone(notebook, graded):
    results = graded(*(functools.partial(fill, notebook, text) for text in BROKEN), seconds=3)
    for (text, message), found in zip(BROKEN.items(), results, strict=True):
        mean, counter = found.outcomes.values()
        assert (mean.points, counter.status, counter.points) == (0, "done", 2), text
        assert message in mean.summary or mean.status == "missing", text


def test_what_happened_on_the_way_is_told(notebook, graded, monkeypatch):
    monkeypatch.setattr(kernel_run, "GRACE", 2)
    cells = {
        "while True:\n    pass": "`while True:` was interrupted after 2 s",
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass": (
            "`import signal` could not be interrupted"
        ),
        "# the end\nexit()": "`exit()` ended the kernel",
        "%reset -f": "`%reset -f` deleted `check`",
        "get_ipython().history_manager = None": "manager = None`, nothing ran any more",
    }

    def put(source):
        fill(notebook)
        own = cell("own", source) | {"metadata": {}}
        change(notebook, lambda n, c: n["cells"].insert(3, own))

    found = graded(*(functools.partial(put, source) for source in cells), seconds=2)
    for (source, message), one in zip(cells.items(), found, strict=True):
        assert marks(one) == [("done", 2.5), ("done", 2)], source
        assert len(one.remarks) == 1 and message in one.remarks[0]


def test_an_answer_that_ends_the_kernel_costs_its_task_alone(notebook, graded):
    fill(notebook, MEAN + "\nimport os\ndef mean(x):\n    os._exit(1)")
    found = graded()
    assert marks(found) == [("wrong", 0), ("done", 2)]
    assert "ended the kernel when it was called" in found.outcomes["01.1"].summary


def test_a_notebook_that_ends_every_kernel_comes_to_an_end(notebook, graded):
    fill(notebook)
    end = [cell(f"own{k}", f"{k}\nexit()") | {"metadata": {}} for k in range(9)]
    change(notebook, lambda n, c: n["cells"].__setitem__(slice(6, 6), end))
    found = graded()
    assert marks(found) == [("done", 2.5), ("wrong", 0)]
    assert "could not be checked" in found.outcomes["01.2"].summary
    assert "ended 8 times" in found.remarks[-1]


def test_what_a_cell_defined_before_it_broke_counts(notebook, graded):
    fill(notebook, MEAN + "\nmean(3)")
    assert graded().outcomes["01.1"].points == 2.5


def test_the_whole_notebook_is_run(notebook, graded):
    fill(notebook, MEAN + "def mean(x): return helper(x)")
    own = cell("own", "def helper(x): return x.mean()") | {"metadata": {}}
    change(notebook, lambda n, c: n["cells"].insert(0, own))
    assert marks(graded()) == [("done", 2.5), ("done", 2)]
    change(notebook, lambda n, c: c["setup"].update(source="np = None"))
    assert graded().outcomes["01.1"].points == 2


CHECKS_THAT_SAY_NOTHING = {
    "deleted": lambda n, c: n["cells"].remove(c["check-01-1"]),
    "no Python": lambda n, c: c["check-01-1"].update(source='check("01.1"'),
    "Markdown": lambda n, c: c["check-01-1"].update(cell_type="markdown"),
    "bound": lambda n, c: c["import-check"].update(source="check = 3"),
    "their own": lambda n, c: c["import-check"].update(source="def check(task): return 2.5"),
    "an error": lambda n, c: c["check-01-1"].update(source="1 / 0"),
}


def test_a_task_whose_check_says_nothing_is_checked_at_the_end(notebook, graded):
    fill(notebook)
    changes = [functools.partial(change, notebook, how) for how in CHECKS_THAT_SAY_NOTHING.values()]
    for what, found in zip(CHECKS_THAT_SAY_NOTHING, graded(*changes), strict=True):
        assert marks(found) == [("done", 2.5), ("done", 2)], what
    fill(notebook, second=COUNTER.replace("self.value + by", "self.value"))
    for what, found in zip(CHECKS_THAT_SAY_NOTHING, graded(*changes), strict=True):
        assert marks(found) == [("done", 2.5), ("wrong", 0)], what


def test_what_a_check_prints_or_returns_does_not_matter(notebook, graded):
    fill(notebook, second="")
    text = '%%capture\nwhatever = [check("01.1"), check("01.2")]'
    change(notebook, lambda n, c: c["check-01-1"].update(source=text))
    forged = "print('Task 01.2: 2 of 2 points')\n2.0"
    change(notebook, lambda n, c: c["check-01-2"].update(source=forged))
    assert marks(graded()) == [("done", 2.5), ("missing", 0)]


def test_nothing_is_kept_or_changed(notebook, student, capsys):
    fill(notebook)
    before = notebook.read_bytes()
    assert main(["grade"]) == 0
    assert notebook.read_bytes() == before and not student.progress.exists()
    assert "ipykernel" not in capsys.readouterr().out


def test_a_lost_or_retyped_answer_costs_its_task_alone(notebook, graded):
    fill(notebook)
    changes = [
        functools.partial(change, notebook, lambda n, c: n["cells"].remove(c["answer-01-1"])),
        functools.partial(
            change, notebook, lambda n, c: c["answer-01-1"].update(cell_type="markdown")
        ),
    ]
    for found in graded(*changes):
        assert marks(found) == [("missing", 0), ("done", 2)]


def test_a_notebook_is_graded_wherever_it_is_and_whatever_its_name(
    notebook, tmp_path_factory, capsys
):
    fill(notebook, MEAN, second="class Counter: pass")
    elsewhere = tmp_path_factory.mktemp("down loads")
    copy = elsewhere / "01_small (1).ipynb"
    copy.write_bytes(notebook.read_bytes())
    assert main(["grade", str(copy), "--json"]) == 1
    said = capsys.readouterr()
    assert f"not in the course's folder: {copy}. Without --to, all code in there runs" in said.err
    (found,) = json.loads(said.out)
    assert (found["file"], found["exercise"]) == (str(copy), NAME)
    assert [one["points"] for one in found["tasks"]] == [2.5, 0]
    assert found["tasks"][1]["summary"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("[]", "is not a notebook"),
        ("{}", "is not a notebook"),
        ('{"cells": 3}', "is not a notebook"),
        ('{"cells": [{"cell_type": "code"}]}', "is not a notebook"),
        ('{"cells": [{"cell_type": "code", "source": [3]}]}', "is not a notebook"),
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
    notebook.write_text(text.replace("answer-01-", "answer-02-").replace('"01.', '"02.'))
    with pytest.raises(CourseError, match="no exercise 02"):
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


def test_a_run_of_notebooks_says_what_it_does_beside_the_table(notebook, capsys):
    main(["grade"])
    said = capsys.readouterr()
    begun, ended = said.err.splitlines()
    assert begun == "Running 1 notebook from top to bottom, which takes about 10 seconds."
    assert ended == f"1 of 1: {NAME}.ipynb" and ended not in said.out
    main(["grade", "--json"])
    assert capsys.readouterr().err == ""


def test_a_check_that_was_deleted_is_told_and_its_answer_counts(notebook, student, capsys):
    fill(notebook, MEAN)
    told = "The check of task 01.1 is no longer in the notebook; the answer counts without it."
    for deleted in (False, True):
        if deleted:
            found = json.loads(notebook.read_text())
            found["cells"] = [c for c in found["cells"] if 'check("01.1")' not in c["source"]]
            notebook.write_text(json.dumps(found))
        main(["grade"])
        graded = capsys.readouterr().out
        assert "01.1  right            2.5 of 2.5" in graded
        main(["progress"])
        assert [told in graded, told in capsys.readouterr().out] == [deleted, deleted]


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


def test_reset_can_keep_the_answers(notebook, graded):
    fill(notebook)
    edit(notebook, "title", "# spoilt")
    change(notebook, lambda n, c: n["cells"].remove(c["check-01-1"]))
    assert main(["reset", "01", "--keep-answers"]) == 0
    assert "spoilt" not in notebook.read_text() and "check-01-1" in notebook.read_text()
    assert marks(graded()) == [("done", 2.5), ("done", 2)]


def test_reset_keeps_a_long_explanation(notebook, student):
    words = "Because. " * 500
    edit(notebook, "explanation-01", words)
    change(notebook, lambda n, c: n["cells"].remove(c["question-01"]))
    assert main(["reset", "01", "--keep-answers"]) == 0
    texts = {
        cell["id"]: "".join(cell["source"]) for cell in json.loads(notebook.read_text())["cells"]
    }
    assert texts["explanation-01"] == words.strip() and "mean divide" in texts["question-01"]


def test_reset_that_cannot_keep_the_answers_changes_nothing(notebook, student, capsys):
    notebook.write_text("{")
    assert main(["reset", "01", "--keep-answers"]) == 2
    assert notebook.read_text() == "{" and len(list(notebook.parent.iterdir())) == 1
    assert main(["reset", "01"]) == 0


def test_reset_and_checks_need_no_solutions(notebook, student, graded):
    for path in (student.solutions / f"{NAME}.ipynb", student.answers_file(NAME)):
        path.unlink()
    fill(notebook)
    assert marks(graded()) == [("done", 2.5), ("done", 2)]
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
    assert "01  small numbers  █████░░░░░  1 of 2  2 of 4.5" in capsys.readouterr().out


def test_exercises(student, capsys):
    assert main(["exercises", "01"]) == 0
    assert f"{NAME}: written and recorded" in capsys.readouterr().out
    (student.exercises / f"{NAME}.ipynb").unlink()
    assert main(["exercises"]) == 0
    assert (student.exercises / f"{NAME}.ipynb").exists()
