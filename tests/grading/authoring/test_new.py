"""A task or an exercise is begun by a command, as stubs that are refused until they are written."""

import json
import shutil
import subprocess
import sys

import pytest

from coursekit.cli import main
from coursekit.grading import judge_answer
from coursekit.grading.authoring.new import new_exercise, new_task, to_write
from coursekit.grading.authoring.record import stale, write_exercise
from coursekit.grading.authoring.source_cells import completed
from coursekit.grading.course.notebook import cell_id, parse, source_of
from coursekit.grading.course.paths import Course, CourseError, find_course
from coursekit.grading.judge.recording import load, recorded
from coursekit.grading.judge.reference import read_notebook
from coursekit.grading.judge.runner import load_cases

from ..small_course import NAME, cell, edit, write_notebook
from ..test_rule import HEAD, RULE, WHAT_COUNTS, words


def ids_of_task(number):  # of exercise 12
    return [f"{part}-12-{number}" for part in ("task", "answer", "check")]


DOUBLE = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
TEST = """

@task("{task}", points=1.5)
def test_double(case, rng):
    \"\"\"Twice a few numbers.\"\"\"
    case("double", "twice x", x=rng.normal(size=3))
"""
CATALOGUE = """
edit("{task}", "You tripled it.", {{"2 * x": "3 * x"}})
"""


def write(course, name, task, text="## Task {task}: Double\n\n*9 points.* Double it."):
    """Write what `new` has left to write."""
    tail = task.replace(".", "-")
    source = course.solutions / f"{name}.ipynb"
    edit(source, f"task-{tail}", text.format(task=task))
    edit(source, f"answer-{tail}", DOUBLE)
    for file, new in ((course.test_file(name), TEST), (course.answers_file(name), CATALOGUE)):
        old = file.read_text().partition(f"# {task} TO WRITE")[0]
        file.write_text(old + new.format(task=task))


def test_stubs_of_a_task_stand_behind_the_others(ready):
    title = "# Exercise 01\n\nTwo tasks, 4.5 points, about an hour."
    edit(ready.solutions / f"{NAME}.ipynb", "title", title)
    assert new_task(ready, "1") == "01.3"
    source = read_notebook(ready.solutions / f"{NAME}.ipynb")
    ids = [cell_id(one) for one in source["cells"]]
    place = ids.index("check-01-2")
    assert ids[place + 1 : place + 4] == ["task-01-3", "answer-01-3", "check-01-3"]
    assert list(parse(source, NAME).tasks) == ["01.1", "01.2", "01.3"]
    assert "Three tasks, 6.5 points, about an hour." in source_of(source["cells"][0])
    places = to_write(ready, NAME)
    for file in (f"solutions/{NAME}.ipynb, cell task-01-3, line 1: ", "tests/exercises/answers_01"):
        assert any(place.startswith(file) for place in places)
    assert new_task(ready, "01") == "01.4"


def test_a_stub_is_refused_with_every_place_that_lacks_something(ready):
    before = ready.recorded_file(NAME).read_bytes()
    new_task(ready, "01")
    with pytest.raises(CourseError, match="still to be written") as refused:
        write_exercise(ready, NAME)
    assert str(refused.value).splitlines()[1:] == to_write(ready, NAME)
    assert ready.recorded_file(NAME).read_bytes() == before


def test_a_stub_without_its_marks_earns_nothing_either(ready):
    """Its answer does nothing: who deletes the marks alone is told."""
    new_task(ready, "01")
    source = ready.solutions / f"{NAME}.ipynb"
    for file in (source, ready.test_file(NAME), ready.answers_file(NAME)):
        file.write_text(file.read_text().replace("TO WRITE", "written"))
    with pytest.raises(CourseError, match=r"numpy|case|rng|01\.3"):
        write_exercise(ready, NAME)


def test_a_written_task_is_recorded_with_the_points_of_its_tests(ready):
    write(ready, NAME, new_task(ready, "01"))
    write_exercise(ready, NAME)
    assert recorded(ready, NAME).points == {"01.1": 2.5, "01.2": 2, "01.3": 1.5}
    assert stale(ready, NAME) == []
    texts = [source_of(one) for one in recorded(ready, NAME).notebook["cells"]]
    assert "## Task 01.3: Double\n\n*1.5 points.* Double it." in texts
    assert judge_answer("01.3", "def double(x): return x + x", course=ready).status == "done"
    assert "tripled" in judge_answer("01.3", "def double(x): return 3 * x", course=ready).mistake


def test_the_first_task_stands_before_the_end_and_the_rule_is_said(ready):
    name = new_exercise(ready, "12", "doubles")
    assert new_task(Course(ready.root), "12") == "12.2"
    cells = read_notebook(ready.solutions / f"{name}.ipynb")["cells"]
    ids = [cell_id(one) for one in cells]
    assert ids[3:11] == ["setup", *ids_of_task(1), *ids_of_task(2), "end"]
    assert words(source_of(cells[0])).count(HEAD + RULE) == 1
    assert WHAT_COUNTS in words(source_of(cells[0]))
    assert "Two tasks, 4 points" in source_of(cells[0])


def test_a_task_is_not_begun_beside_tests_that_are_broken(ready):
    files = [ready.solutions / f"{NAME}.ipynb", ready.test_file(NAME), ready.answers_file(NAME)]
    ready.test_file(NAME).write_text("import nothing_like_it")
    before = [file.read_bytes() for file in files]
    with pytest.raises(CourseError, match=r"line 1: ModuleNotFoundError"):
        new_task(ready, "01")
    assert [file.read_bytes() for file in files] == before


def test_stubs_are_in_the_form_that_lint_asks_for(ready):
    name = new_exercise(ready, "12", "doubles")
    new_task(Course(ready.root), "12")
    shutil.copy(find_course().root / "pyproject.toml", ready.root)
    stubs = [ready.solutions / f"{name}.ipynb", ready.test_file(name), ready.answers_file(name)]
    for command in (["check"], ["format", "--check", "--diff"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--no-cache", *map(str, stubs)]
        done = subprocess.run(ruff, cwd=ready.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_an_exercise_begins_with_one_task(ready, capsys, monkeypatch):
    monkeypatch.chdir(ready.root)
    assert main(["new", "exercise", "12"]) == 2
    assert "a short name in small letters: `coursekit new" in capsys.readouterr().err
    assert main(["new", "exercise", "12", "doubles"]) == 0
    said = capsys.readouterr().out
    assert "Task 12.1" in said and "answers_12.py:" in said and "make task 12.1" in said
    course = type(ready)(ready.root)
    assert course.names == [NAME, "12_doubles"]
    write(course, "12_doubles", "12.1")
    with pytest.raises(CourseError, match=r"12_doubles.ipynb, cell title, line 1"):
        write_exercise(course, "12_doubles")
    source = course.solutions / "12_doubles.ipynb"
    edit(source, "title", "# Exercise 12: Doubles\n\nSeven tasks, 99 points, about an hour.")
    edit(source, "end", "The end.")
    edit(source, "question-12", "## In your own words\n\nWhy twice?\n\n*Answer below.*")
    edit(
        source, "model-answer-12", "<details><summary>A model answer</summary>\n\nSo.\n\n</details>"
    )
    write_exercise(course, "12_doubles")
    recording = load(course.recorded_file("12_doubles"))
    assert recording.points == {"12.1": 1.5}
    assert "One task, 1.5 points, about" in source_of(recording.notebook["cells"][0])


@pytest.mark.parametrize(
    ("number", "name"),
    [("01", "again"), ("1", "x"), ("12", "Big Name"), ("12", "../x"), ("x", "y")],
)
def test_what_is_no_exercise_s_name_is_refused(ready, number, name):
    before = sorted(ready.root.rglob("*"))
    with pytest.raises(CourseError, match=r"exists already|two digits and a short name"):
        new_exercise(ready, number, name)
    assert sorted(ready.root.rglob("*")) == before


def test_cells_made_in_jupyterlab_get_ids_and_metadata(ready):
    """By what they are: the ids that JupyterLab gives say nothing, and copies share metadata."""
    source = ready.solutions / f"{NAME}.ipynb"
    notebook = json.loads(source.read_text())
    copied = notebook["cells"][3]["metadata"]  # of task-01-1
    made = [
        ("markdown", "## Task 01.3: Double\n\nDouble it.", copied),
        ("code", "HELP = 1", {}),
        ("markdown", "A remark.", {}),
        ("code", DOUBLE, {}),
        ("code", DOUBLE.replace("double", "more").replace("2 * x", "x"), {}),
        ("code", "check('01.3')", {}),
    ]
    for place, (kind, text, metadata) in enumerate(made):
        new = cell(f"x{place}", text, kind) | {"metadata": metadata}
        notebook["cells"].append(new)
    copied = notebook["cells"][0]["metadata"]  # of the title, above which it stands
    notebook["cells"].insert(0, cell("top", "Note.", "markdown") | {"metadata": copied})
    write_notebook(source, notebook)
    for file, new in ((ready.test_file(NAME), TEST), (ready.answers_file(NAME), CATALOGUE)):
        file.write_text(file.read_text() + new.format(task="01.3"))
    edit(source, "x5", 'check("01.3")')
    write_exercise(ready, NAME)
    cells = read_notebook(source)["cells"]
    assert [cell_id(one) for one in cells][-6:] == [
        *("task-01-3", "setup-x1", "x2", "answer-01-3", "answer-01-3-2", "check-01-3"),
    ]
    assert all(one["id"] == cell_id(one) for one in cells)
    assert [one["id"] for one in cells[:2]] == ["top", "title"]
    assert cells[4]["id"] == "task-01-1"
    assert list(recorded(ready, NAME).points) == ["01.1", "01.2", "01.3"]
    assert judge_answer("01.3", "def double(x): return HELP * 2 * x", course=ready).status == "done"


@pytest.mark.parametrize("name", find_course().names)
def test_the_course_s_own_sources_are_complete(name):
    course = find_course()
    points = {}
    for case in load_cases(course.test_file(name)):
        points[case.task] = round(points.get(case.task, 0) + case.points, 6)
    notebook = read_notebook(course.solutions / f"{name}.ipynb")
    assert completed(notebook, points) == notebook


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.test_file(NAME).write_text("def test_x(: pass"), "invalid syntax"),
        (lambda c: c.answers_file(NAME).write_text("def f(: pass"), "invalid syntax"),
        (lambda c: c.answers_file(NAME).write_text("def f(): pass"), "line 1: needs @wrong"),
        (
            lambda c: c.answers_file(NAME).write_text('edit("01.1", "No.", {"nowhere": "x"})'),
            "line 1: the text 'nowhere' must stand once in the answer and stands 0 times there",
        ),
        (
            lambda c: edit(c.solutions / f"{NAME}.ipynb", "task-01-2", "## Task 01.7: other"),
            r"cell answer-01-7: there is no @task(?s:.*)the check cell check-01-7 is missing",
        ),
    ],
)
def test_what_an_author_mistypes_ends_in_a_sentence(ready, change, message):
    change(ready)
    with pytest.raises(CourseError, match=message):
        write_exercise(ready, NAME)
