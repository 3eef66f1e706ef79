"""From a submission to its grade: cells, fairness and hidden inputs."""

import json
import re
import shutil
import sys
import threading
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coursekit.grading.authoring.record import write_exercise
from coursekit.grading.batch.base.records import Settings, SubmittedFile
from coursekit.grading.batch.exports import reports
from coursekit.grading.batch.grader import judging, prepared
from coursekit.grading.batch.grader.grade_one import (
    MAX_REMARKS,
    OTHER_INPUTS,
    grade_one,
    own_seed,
)
from coursekit.grading.batch.grader.notebook_run import NotebookRun
from coursekit.grading.batch.grader.test_runs import TestRuns
from coursekit.grading.batch.marks.entry import Entry
from coursekit.grading.batch.sandbox.bubblewrap import Command
from coursekit.grading.course.paths import Course, CourseError

from ..small_course import MEAN as SOLUTION, NAME, TESTS, edit
from .conftest import COUNTER, MEAN, RIGHT, needs_sandbox, notebook_of, points, submission

pytestmark = needs_sandbox
FULL = {"01.1": 2.5, "01.2": 2.0}
FORGOT = "def mean(x):\n    return x.sum()\n\ndef spread(x):\n    return np.std(x)\n"


def task(mark, id="01.1"):
    return next(task for task in mark.tasks if task.task == id)


def words(mark, id="01.1"):
    found = task(mark, id)
    said = [found.mistake, found.error, *(test.message for test in found.tests)]
    return " ".join(filter(None, [*said, *mark.remarks]))


# What counts


def test_a_right_submission(grade):
    mark = grade(RIGHT)
    assert points(mark) == FULL
    assert (mark.student, mark.exercise, mark.remarks, mark.unsafe) == ("ada", NAME, [], False)
    assert [test.status for test in task(mark).tests] == ["passed"] * 3
    assert [test.message for test in task(mark).tests] == [""] * 3
    assert {t.task: t.possible for t in mark.tasks} == FULL
    assert grade(RIGHT) == mark


def test_a_known_mistake_is_named_and_points_are_partial(grade):
    mark = grade({**RIGHT, "answer-01-1": FORGOT})
    assert points(mark) == {"01.1": 0.5, "01.2": 2.0}
    assert task(mark).mistake == "You forgot to divide by the number of values."
    assert task(mark).status == "wrong"
    assert task(mark, "01.2").mistake is None


def test_what_was_not_written_starts_no_sandbox(grade, small, monkeypatch):
    monkeypatch.setattr(prepared, "Sandbox", None)
    mark = grade({})
    assert points(mark) == {"01.1": 0, "01.2": 0}
    assert {t.status for t in mark.tasks} == {"missing"}


def test_a_function_that_has_another_name(grade):
    mark = grade({**RIGHT, "answer-01-1": MEAN.replace("def mean", "def Mean")})
    assert points(mark) == {"01.1": 0.5, "01.2": 2.0}
    assert "No cell of the task defines `mean`; you defined `Mean`." in words(mark)


@pytest.mark.parametrize(
    ("top", "use"),
    [
        ("import torch", "torch.zeros(1)"),
        ("import torch", "torch"),
        ("from torch.nn import Linear", "Linear"),
        ("import coursekit.nn as models", "models.Dense(1, 1)"),
        ("", "import sklearn.metrics"),
        ("", "__import__('torch').zeros(1)"),
        ("def helper():\n    import jax.numpy as jnp\n    return jnp", "helper()"),
    ],
)
def test_a_refused_library(grade, top, use):
    cell = MEAN.replace("    return", f"    {use}\n    return")
    mark = grade({**RIGHT, "answer-01-1": f"{top}\n{cell}"})
    assert points(mark) == {"01.1": 0, "01.2": 2.0}
    assert task(mark).status == "refused" and "must not use" in words(mark)


def test_a_refused_library_that_nothing_uses_costs_nothing_as_in_the_notebook(grade):
    tops = "import torch\nfrom coursekit.nn import Dense\nimport coursekit.plots, keras.layers as k"
    assert points(grade({**RIGHT, "answer-01-1": f"{tops}\n{MEAN}"})) == FULL


def test_what_is_made_of_a_refused_library_stops_the_cell(grade):
    mark = grade({**RIGHT, "answer-01-1": f"import torch\nclass A(torch.nn.Module): pass\n{MEAN}"})
    assert points(mark) == {"01.1": 0, "01.2": 2.0}
    assert "must not use torch" in words(mark)


# Cells


def with_cells(small, change):
    notebook = notebook_of(small, RIGHT)
    by_id = {cell["id"]: cell for cell in notebook["cells"]}
    change(notebook["cells"], by_id)
    return notebook


def rename(cell):
    cell["id"] = "new"
    cell["metadata"]["nbgrader"]["grade_id"] = "new"


def twice(cells, cell, **changes):
    cells.append({**cell, "id": "copied", **changes})


@pytest.mark.parametrize(
    ("change", "lost", "says"),
    [
        (lambda cells, by: cells.remove(by["answer-01-1"]), "01.1", "task 01.1 is missing"),
        (lambda cells, by: rename(by["answer-01-1"]), None, "task 01.1 is not in its own cell"),
        (lambda cells, by: by["answer-01-1"].update(cell_type="raw"), "01.1", "no longer a code"),
        (lambda cells, by: twice(cells, by["answer-01-1"], source="mean = 0"), None, "than once"),
        (
            lambda cells, by: twice(cells, by["answer-01-1"]),
            None,
            "task 01.1 occurs more than once",
        ),
        (lambda cells, by: cells[3].pop("source"), None, "Cell 4 of the notebook, near task 01.1"),
        (
            lambda cells, by: by["answer-01-1"].pop("source"),
            "01.1",
            "near task 01.1, can't be read",
        ),
        (lambda cells, by: cells.insert(0, cells.pop()), None, ""),
        (lambda cells, by: cells.reverse(), None, "are in a different order"),
        (lambda cells, by: by["setup"].update(source="np = None"), None, ""),
        (lambda cells, by: cells.remove(by["setup"]), None, ""),
        (lambda cells, by: cells.remove(by["check-01-1"]), None, ""),
        (lambda cells, by: by["task-01-1"].update(source=""), None, ""),
        (lambda cells, by: cells.append({**by["setup"], "id": "mine", "metadata": {}}), None, ""),
        (lambda cells, by: [cell.pop("id") for cell in cells], None, ""),
        (lambda cells, by: [cell.update(metadata={}) for cell in cells], None, ""),
        (
            lambda cells, by: by["answer-01-1"].update(source=MEAN.splitlines(keepends=True)),
            None,
            "",
        ),
    ],
)
def test_odd_cells_are_told_and_cost_what_they_must(grade, small, change, lost, says):
    mark = grade(with_cells(small, change))
    assert points(mark) == {**FULL, **({lost: 0} if lost else {})}
    assert says in words(mark)


def test_only_as_many_remarks_are_kept_as_a_person_would_read(grade, small):
    mark = grade(with_cells(small, lambda cells, by: cells.extend([None] * 200)))
    assert points(mark) == FULL and len(mark.remarks) == MAX_REMARKS + 1
    assert mark.remarks[-1] == f"{200 - MAX_REMARKS} more remarks are not shown."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"{", "not valid JSON"),
        (b"\xff\xfe", "not valid JSON"),
        (b"[" * 10_000, "not valid JSON"),
        (b"[" * 3_000_001, "too large"),
        (b"[]", "not a notebook in format 4"),
        (b'{"cells": [{"cell_type": 1}]}', "not a notebook in format 4"),
        (b'{"worksheets": [], "nbformat": 3}', "save it again in JupyterLab"),
        (b'{"cells": []}', "no answer cell of any exercise"),
    ],
)
def test_files_that_are_no_notebook_of_the_course(grade, content, says):
    mark = grade(content)
    assert mark.tasks == [] and mark.exercise == ""
    assert len(mark.remarks) == 1 and says in mark.remarks[0]
    assert mark.remarks[0].endswith(".")


def test_a_notebook_of_an_exercise_that_is_not_there(grade, small):
    text = json.dumps(notebook_of(small, RIGHT)).replace("answer-01", "answer-07")
    mark = grade(text.encode())
    assert mark.remarks == ["There is no exercise 07; the exercises are 01."]


def test_a_file_with_another_exercises_name(small):
    mark = grade_one(
        replace(submission(small, RIGHT), file="ada/02_other.ipynb"), Settings(small.root, 7)
    )
    assert points(mark) == FULL and mark.remarks == []  # no exercise has that name


def test_an_error_of_the_file_is_the_remark(small):
    handed_in = SubmittedFile("ada", "Ada", "x.ipynb", b"", "It can't be unpacked.")
    assert grade_one(handed_in, Settings(small.root, 7)).remarks == ["It can't be unpacked."]


@pytest.mark.parametrize(
    ("cell", "lost", "says"),
    [
        (f"%matplotlib inline\n{MEAN}", False, "`%matplotlib inline` in the cell answer-01-1 was"),
        (f"%%time\n{MEAN}!ls\n", False, "`%%time` and 1 more"),
        (f"{MEAN}\nmean?\n", False, "`mean?`"),
        ("%%bash\nfor f in *; do echo $f; done", True, "is a notebook command"),
        (f"{MEAN}\nanswer = input('Go on? ')", False, "must not ask for input()"),
        ("def mean(x):\n    return float(input())\nspread = mean", True, "not ask for input()"),
        ("def mean(x:\n    return 0", True, "not valid Python in line 1"),
        (f"{MEAN}\ncheck('01.1')\nfrom coursekit import check, progress\nprogress()", False, ""),
        (f"{MEAN}\nprint(mean(np.ones(3)))\n1 / 0", False, "ZeroDivisionError"),
        (f"{MEAN}# {'x' * 5000} {{", False, ""),
        (f"{MEAN}{'#' * 100_000}", True, "more than 100000 characters"),
        ("\0", True, "no valid Python|null bytes"),
        ("raise ValueError('x' * 10**6)", True, "ValueError"),
        (f"raise ValueError() # {'x' * 50_000}", True, "ValueError"),
    ],
)
def test_odd_answers_are_told_and_cost_their_task(grade, cell, lost, says):
    mark = grade({**RIGHT, "answer-01-1": cell})
    assert points(mark) == {"01.1": 0.0 if lost else 2.5, "01.2": 2.0}
    assert re.search(says.replace("(", r"\(").replace(")", r"\)").replace("?", r"\?"), words(mark))


# Fairness


def test_prints_and_warnings_cost_nothing(grade):
    noise = "import warnings\nprint('cell')\nwarnings.warn('cell')\n"
    loud = MEAN.replace("    return", "    print(x)\n    warnings.warn('x')\n    return")
    assert points(grade({**RIGHT, "answer-01-1": noise + loud})) == FULL


def test_lists_and_numpys_numbers_are_as_good_as_arrays_and_pythons(grade):
    cell = MEAN.replace("np.mean(x)", "np.float64(np.mean(x))").replace("np.std(x)", "[np.std(x)]")
    mark = grade({**RIGHT, "answer-01-1": cell})
    assert points(mark) == {"01.1": 2.0, "01.2": 2.0}  # of the second the shape is another


def test_a_helper_in_an_earlier_tasks_cell_may_be_used(grade):
    helper = (
        f"{MEAN}\ndef added(a, b):\n    return other(a, b)\n\ndef other(a, b):\n    return a + b"
    )
    counter = COUNTER.replace("np.add(self.value, by)", "added(self.value, by)")
    assert points(grade({"answer-01-1": helper, "answer-01-2": counter})) == FULL


@pytest.mark.parametrize("fault", ["while True: pass", "1 / 0", "import os; os._exit(1)"])
def test_a_helper_that_was_defined_before_its_cell_went_wrong(grade, fault):
    helper = f"def added(a, b):\n    return a + b\n{fault}"
    counter = COUNTER.replace("np.add(self.value, by)", "added(self.value, by)")
    mark = grade({"answer-01-1": helper, "answer-01-2": counter}, seconds=1.0)
    ended = "_exit" in fault  # then the cell is not run again
    assert points(mark) == {"01.1": 0.0, "01.2": 0.0 if ended else 2.0}
    assert not ended or "added" in words(mark, "01.2")


def test_an_answer_in_another_tasks_cell_counts_as_in_the_notebook(grade):
    both = f"{MEAN}\n{COUNTER}\nhelper = 1"
    mark = grade({"answer-01-1": both, "answer-01-2": "x = helper"})
    assert points(mark) == FULL
    assert "of the answer to task 01.2 is not in its own cell" in words(mark, "01.2")


@pytest.mark.parametrize(
    "cell",
    [
        "import os; os._exit(1)",
        "while True: pass",
        "np.add = None",
        "import ctypes; ctypes.string_at(0)",
    ],
)
def test_a_task_that_goes_wrong_costs_neither_the_next_nor_the_one_before(grade, cell):
    assert points(grade({**RIGHT, "answer-01-1": cell}, seconds=1.0)) == {"01.1": 0, "01.2": 2.0}
    assert points(grade({**RIGHT, "answer-01-2": cell}, seconds=1.0)) == {"01.1": 2.5, "01.2": 0}


@pytest.fixture
def started(monkeypatch):
    """The sandboxes that are started."""
    found = []

    class Counted(prepared.Sandbox):
        def __init__(self, command):
            found.append(command)
            super().__init__(command)

    monkeypatch.setattr(prepared, "Sandbox", Counted)
    return found


def test_a_wrong_task_alone_is_run_again_for_its_sentences(grade, started, monkeypatch):
    """In a new sandbox, into which no hidden input has come."""
    tried, public = [], TestRuns.public

    def noted(self, student, tasks):
        tried.append([*tasks])
        return public(self, student, tasks)

    monkeypatch.setattr(TestRuns, "public", noted)
    monkeypatch.setattr(judging, "SHORT", 0)
    assert points(grade(RIGHT)) == FULL
    assert (len(started), tried) == (1, [])
    assert points(grade({**RIGHT, "answer-01-1": FORGOT}))["01.2"] == 2.0
    assert (len(started), tried) == (3, [["01.1"]])


def test_what_a_cell_of_the_students_own_completes_runs_in_the_notebook_once(
    grade, small, started, monkeypatch
):
    def with_helper(answer):
        notebook = notebook_of(small, {**RIGHT, "answer-01-1": f"assert HELPER\n{answer}"})
        place = next(k for k, c in enumerate(notebook["cells"]) if c["id"] == "answer-01-1")
        own = {**notebook["cells"][place], "id": "own", "metadata": {}, "source": "HELPER = 1"}
        notebook["cells"].insert(place, own)
        return grade(notebook)

    runs, run = [], NotebookRun.run
    monkeypatch.setattr(NotebookRun, "run", lambda self, visit: (runs.append(1), run(self, visit)))
    mark = with_helper(MEAN)
    assert points(mark) == FULL and "lacks `HELPER`" in " ".join(mark.remarks)
    assert len(runs) == 1
    before = len(started)
    mark = with_helper(FORGOT)
    assert points(mark)["01.1"] == 0.5
    assert task(mark).mistake
    # The notebook's sentences come from a sandbox that has seen no hidden input.
    assert (len(started) - before, len(runs)) == (3, 3)


def test_a_hang_in_a_long_exercise_is_judged_as_in_a_short_one(grade, monkeypatch):
    hangs = MEAN.replace("return np.std(x)", "\n    while True: pass")
    cells = {**RIGHT, "answer-01-1": hangs}
    short = grade(cells, seconds=1.0)
    monkeypatch.setattr(judging, "SHORT", 0)
    assert points(grade(cells, seconds=1.0)) == points(short) == {"01.1": 2.0, "01.2": 2.0}


def test_points_before_a_hang_are_kept_and_a_hang_is_waited_for_once(grade, started):
    hangs = MEAN.replace("return np.std(x)", "\n    while True: pass")
    mark = grade({**RIGHT, "answer-01-1": hangs}, seconds=1.0)
    assert points(mark) == {"01.1": 2.0, "01.2": 2.0}
    assert task(mark).tests[-1].message.startswith("It did not finish within 1 s")
    assert len(started) == 2  # the second after the hang, and no third with the hidden inputs


def test_a_notebook_that_takes_all_its_time_says_so(grade):
    waits = "import time\n" + MEAN.replace("    return", "    time.sleep(0.7)\n    return")
    mark = grade({**RIGHT, "answer-01-1": waits}, total=0.2)  # one second by the clock
    assert points(mark) == {"01.1": 0.0, "01.2": 0.0}
    assert "took all the time that one notebook has" in mark.remarks[0]


def test_tests_of_a_task_that_the_notebook_lacks_are_the_courses_fault(small, tmp_path):
    shutil.copytree(small.root, tmp_path / "course")
    course = Course(tmp_path / "course")
    notebook = json.loads((course.solutions / f"{NAME}.ipynb").read_text())
    notebook["cells"] = [cell for cell in notebook["cells"] if not cell["id"].endswith("-01-2")]
    (course.solutions / f"{NAME}.ipynb").write_text(json.dumps(notebook))
    with pytest.raises(CourseError, match=r"tests of 01_small .* different tasks: 01\.2"):
        grade_one(submission(small, RIGHT), Settings(course.root, 7))


def test_each_task_has_the_whole_time(grade):
    work = "    ends = time.process_time() + 0.7\n    while time.process_time() < ends: pass\n"
    slow = "import time\n" + MEAN.replace("    return", f"{work}    return")
    mark = grade({**RIGHT, "answer-01-1": slow}, seconds=2.0, budget=1.2)
    assert 0 < points(mark)["01.1"] < 2.5
    assert points(mark)["01.2"] == 2.0
    assert "too long" in words(mark) or "did not finish" in words(mark)


def test_a_value_that_breaks_a_test_is_the_answers_fault(grade, tmp_path, small):
    mark = grade({**RIGHT, "answer-01-2": "def Counter(start):\n    return 5"})
    assert points(mark) == {"01.1": 2.5, "01.2": 0.0}
    assert task(mark, "01.2").status == "wrong"
    assert "The result has the wrong type for this task." in words(mark, "01.2")


# Hidden inputs


def inputs(seed, n):
    return np.random.default_rng([seed, zlib.crc32(f"test_mean[{n}]".encode())]).normal(size=n)


def test_answers_that_know_the_public_inputs_are_found_out(grade):
    known = [(inputs(0, n).tolist(), float(inputs(0, n).mean())) for n in (3, 5)]
    cell = f"KNOWN = {known}\n" + MEAN.replace(
        "np.mean(x)", "next((y for k, y in KNOWN if np.array_equal(k, x)), 0.0)"
    )
    mark = grade({**RIGHT, "answer-01-1": cell})
    assert points(mark) == {"01.1": 0.5, "01.2": 2.0}
    assert task(mark).mistake == OTHER_INPUTS


def test_a_teacher_can_repeat_any_run_and_sees_what_was_hidden(grade, small):
    cell = MEAN.replace("return np.mean(x)", "raise ValueError(x[0])")
    mark = grade({**RIGHT, "answer-01-1": cell})
    assert mark.seed not in (0, 7)
    first = task(mark).tests[0]
    assert f"ValueError: {inputs(mark.seed, 3)[0]}" in first.detail
    assert f"ValueError: {inputs(0, 3)[0]}" in first.message
    assert grade({**RIGHT, "answer-01-1": cell}) == mark
    again = grade({**RIGHT, "answer-01-1": cell}, student="bob", repeat=mark.seed)
    assert again.tasks == mark.tasks and again.seed == mark.seed


@pytest.fixture
def with_case(course):
    """A small course in which a failing call is an example to try."""
    old = TESTS[TESTS.index("def test_spread") : TESTS.index('@task("01.2"')]
    new = '''def test_spread(case, rng):
    """The spread of random numbers."""
    for n in (4, 3):
        case("spread", "the spread", x=rng.normal(size=n))


'''
    course.test_file(NAME).write_text(TESTS.replace(old, new))
    write_exercise(course, NAME)
    return course


def numbers(seed):
    rng = np.random.default_rng([seed, zlib.crc32(b"test_spread")])
    return rng.normal(size=4).tolist(), rng.normal(size=3).tolist()


@pytest.mark.parametrize(
    ("returns", "shown"),
    [
        ("2 * np.std(x)", r"\d\.\d+"),
        ("'<b>\\x1b[31m'", r"'<b>\\x1b\[31m'"),
        ("type('<b>\\x1b', (), {})()", "an object of kind <b> ?"),
        ("np.zeros(10**5)", "a value that is too long to show"),
    ],
)
def test_the_smallest_failing_call_of_the_notebooks_check_is_shown(with_case, returns, shown):
    cell = f"def mean(x):\n    return x.sum()\n\ndef spread(x):\n    return {returns}"
    handed_in = submission(with_case, {**RIGHT, "answer-01-1": cell})
    mark = grade_one(handed_in, Settings(with_case.root, 7))
    examples = {test.test: test.example for test in task(mark).tests if test.example}
    assert list(examples) == ["test_spread"]
    call = re.escape(f"spread(np.array({numbers(0)[1]}))  # returned ")
    assert re.fullmatch(call + shown, examples["test_spread"])
    assert not any(
        str(value) in reports.feedback([Entry(mark, {})]) for value in numbers(mark.seed)[1]
    )


def test_no_call_with_hidden_inputs_is_shown(with_case):
    known = f"x[0] in {[case[0] for case in numbers(0)]}"
    cell = f"def mean(x):\n    return x.mean()\n\ndef spread(x):\n    return np.std(x) * ({known})"
    handed_in = submission(with_case, {**RIGHT, "answer-01-1": cell})
    mark = grade_one(handed_in, Settings(with_case.root, 7))
    assert points(mark)["01.1"] == 2.0 and OTHER_INPUTS in words(mark)
    assert not any(test.example for test in task(mark).tests)


# The explanation, which nothing judges


def test_an_explanation_is_kept_and_changes_nothing(grade):
    mark = grade({**RIGHT, "explanation-01": "Because\na sum \x1b[31m\u202egrows."})
    assert mark.question == "Why does a mean divide?"
    assert mark.explanation == "Because\na sum  [31m grows."
    other = grade(RIGHT)
    assert other.explanation == "" and other.question == mark.question
    assert replace(other, explanation=mark.explanation, seed=mark.seed) == mark
    assert points(mark) == FULL and mark.remarks == []


def test_an_explanation_that_holds_code_is_no_answer(grade):
    code = f"```python\n{MEAN}\ncheck('01.2')\n```"
    mark = grade({**RIGHT, "explanation-01": code})
    assert points(mark) == FULL and mark.remarks == [] and mark.explanation == code
    assert len(grade({**RIGHT, "explanation-01": "long " * 10_000}).explanation) == 2_000


def test_an_explanation_in_a_code_cell_stops_nothing(grade, small):
    notebook = notebook_of(small, {**RIGHT, "explanation-01": "It isn't a sum."})
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "explanation-01")
    cell |= {"cell_type": "code", "outputs": [], "execution_count": None}
    mark = grade(notebook)
    assert points(mark) == FULL and mark.explanation == "It isn't a sum."
    assert mark.remarks == ["The explanation is in a code cell; it was read as text."]


def test_where_points_are_given_no_process_lives_from_one_test_to_the_next(grade):
    """Nor does a file: an answer that is right in its first call only is right in each test."""
    once = "left = [1]\n" + MEAN.replace("    return", "    left.pop()\n    return")
    mark = grade({**RIGHT, "answer-01-1": once})
    assert [test.status for test in task(mark).tests] == ["passed"] * 3
    kept = "import os\n" + MEAN.replace(
        "    return", "    assert not os.path.exists('mine')\n    open('mine', 'w')\n    return"
    )
    mark = grade({**RIGHT, "answer-01-1": kept})
    assert [test.status for test in task(mark).tests] == ["passed"] * 3


def test_every_submission_has_inputs_of_its_own():
    seeds = {
        own_seed(7, "ada", "01_a", b"x"),
        own_seed(8, "ada", "01_a", b"x"),
        own_seed(7, "bob", "01_a", b"x"),
        own_seed(7, "ada", "02_b", b"x"),
        own_seed(7, "ada", "01_a", b"y"),
    }
    assert len(seeds) == 5
    assert own_seed(7, "ada", "01_a", b"x") in seeds
    assert all(0 <= seed < 2**48 for seed in seeds)


# One submission and another


def course_with(small, tmp_path, cell, text):
    root = tmp_path / "course"
    shutil.copytree(small.root, root)
    course = type(small)(root)
    edit(course.solutions / f"{NAME}.ipynb", cell, text)
    write_exercise(course, NAME)
    return course


def test_the_reference_begins_anew_for_each_submission(small, tmp_path):
    counted = SOLUTION.replace("total = x.sum()", "SEEN.append(1)\n    total = x.sum() + len(SEEN)")
    # The recording is of another reference, but marks come from the one that runs.
    setup = "import numpy as np\n\nSEEN = []\n\n\ndef count(x):\n    return len(x)"
    course = course_with(small, tmp_path, "setup", setup)
    edit(course.solutions / f"{NAME}.ipynb", "answer-01-1", counted)
    own = "def mean(x):\n    SEEN.append(1)\n    return (x.sum() + len(SEEN)) / len(x)\n"
    cells = {**RIGHT, "answer-01-1": own + MEAN[MEAN.index("def spread") :]}
    marks = [grade_one(submission(course, cells), Settings(course.root, 7)) for _ in range(3)]
    assert [points(mark) for mark in marks] == [FULL] * 3


def test_a_changed_solution_is_noticed_in_the_same_process(small, tmp_path):
    course = course_with(small, tmp_path, "answer-01-1", SOLUTION)
    settings = Settings(course.root, 7)
    assert points(grade_one(submission(course, RIGHT), settings)) == FULL
    edit(course.solutions / f"{NAME}.ipynb", "answer-01-1", SOLUTION.replace("x.sum()", "x.max()"))
    write_exercise(course, NAME)
    assert points(grade_one(submission(course, RIGHT), settings))["01.1"] == 0.5


def test_threads_of_one_process_grade_at_the_same_time(small, monkeypatch):
    hidden, together = TestRuns.hidden, threading.Barrier(3)

    def meet(*args, **kwargs):
        together.wait(timeout=60)
        return hidden(*args, **kwargs)

    monkeypatch.setattr(TestRuns, "hidden", meet)
    handed_in = [{**RIGHT, "answer-01-1": cell} for cell in (MEAN, FORGOT, MEAN)]
    marks = {}

    def work(n):
        marks[n] = grade_one(submission(small, handed_in[n], str(n)), Settings(small.root, 7))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [points(marks[n])["01.1"] for n in range(3)] == [2.5, 0.5, 2.5]


def test_without_a_sandbox_the_grades_are_the_same_and_say_so(grade):
    for cells in (RIGHT, {**RIGHT, "answer-01-1": FORGOT}):
        safe, unsafe = grade(cells), grade(cells, unsafe=True)
        assert unsafe == replace(safe, unsafe=True)
    mark = grade({**RIGHT, "answer-01-1": "import os; os._exit(1)"}, unsafe=True)
    assert points(mark) == {"01.1": 0.0, "01.2": 2.0}


def test_without_forks_it_works_too(grade, monkeypatch):
    """As on systems where the first process can't fork."""
    code = "from coursekit.grading.batch.sandbox import worker as w; w.FORKS = False; w.main()"
    monkeypatch.setattr(
        prepared, "unsafe_command", lambda user: Command((sys.executable, "-c", code))
    )
    prepared.sandbox_command.cache_clear()
    mark = grade({**RIGHT, "answer-01-1": FORGOT + "np.add = None"}, unsafe=True)
    prepared.sandbox_command.cache_clear()
    assert points(mark) == {"01.1": 0.5, "01.2": 2.0}


def test_nothing_is_written_beside_the_course(grade, small):
    before = sorted(map(str, Path(small.root).rglob("*")))
    grade(RIGHT)
    assert sorted(map(str, Path(small.root).rglob("*"))) == before


def test_other_arguments_than_the_task_asks_for_are_named(grade):
    mark = grade({**RIGHT, "answer-01-1": "def mean(x, axis):\n    return np.mean(x)"})
    says = "`mean` takes (x, axis); the task asks for (x)."
    assert any(says in test.message for test in mark.tasks[0].tests)


def test_the_time_of_the_whole_notebook_counts_as_the_submissions(grade, small):
    """The second way has what the first has left."""
    cells = [(3, "import time\ntime.sleep(3)"), (4, "helper = np.mean")]
    answer = MEAN.replace("np.mean", "helper")
    for total, reached in ((60.0, 2.5), (0.4, 0.5)):
        notebook = notebook_of(small, {**RIGHT, "answer-01-1": answer})
        for place, source in cells:
            cell = {"cell_type": "code", "id": f"own{place}", "metadata": {}, "source": source}
            notebook["cells"].insert(place, cell)
        mark = grade(notebook, total=total)
        assert points(mark)["01.1"] == reached
        assert ("took all the time" in " ".join(mark.remarks)) == (total < 1)
