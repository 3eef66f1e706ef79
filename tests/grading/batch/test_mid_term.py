"""What a teacher asks and changes in mid-term: why a point is missing, and new tests."""

import json
import re
import shutil
from dataclasses import replace

import pytest

from coursekit.grading.authoring.record import write_exercise
from coursekit.grading.batch.command import grade_batch
from coursekit.grading.course.paths import CourseError

from ..small_course import ANSWERS, NAME, TESTS, solutions_notebook, write_notebook
from .conftest import needs_sandbox
from .test_command import FORGOT, handed_in, main_in, options, points  # noqa: F401  (fixtures)

pytestmark = needs_sandbox


def test_why_an_answer_got_no_points(ready, options, handed_in, capsys):  # noqa: F811
    grade_batch(ready, options)
    page = (options.to / "teacher" / "bob.html").read_text()
    seed = re.search(r"Its seed is (\d+)\.", page)[1]
    assert "students must not know" in page
    (found,) = set(re.findall(r"\(1\): The mean of 3 random numbers\.<br>([^<]*)", page))
    capsys.readouterr()
    file = handed_in / "bob" / f"{NAME}.ipynb"
    assert main_in(ready, "grade", file, "--seed", seed, "--task", "01.1") == 0
    said = capsys.readouterr().out
    assert "01.1 in 01_small.ipynb" in said
    assert "0.5 of 2.5 points" in said
    assert found in said.replace("`", "")  # the same inputs
    called = re.search(r"mean\(np\.array\((\[.*\])\)\)\n +returned (\S+)\n +wanted (\S+)", said)
    inputs, returned, wanted = map(json.loads, called.groups())
    assert returned == pytest.approx(sum(inputs))  # Bob's sum
    assert wanted == pytest.approx(sum(inputs) / len(inputs))
    assert (
        main_in(ready, "grade", handed_in / "cai" / file.name, "--seed", 1, "--task", "01.1") == 0
    )
    assert capsys.readouterr().out.endswith("0 of 2.5 points\n\n○ not written yet\n")
    assert called[1] not in (options.to / "feedback" / "bob.html").read_text()
    assert seed not in (options.to / "feedback" / "bob.html").read_text()


@pytest.mark.parametrize(
    "arguments",
    [("--seed", "1"), ("--task", "01.1"), ("--seed", "1", "--task", "01.1", "--to", "marks")],
)
def test_repeating_needs_a_notebook_a_seed_and_a_task(ready, arguments, capsys):
    assert main_in(ready, "grade", ready.solutions / f"{NAME}.ipynb", *arguments) == 2
    assert "coursekit grade NOTEBOOK --seed N --task" in capsys.readouterr().err


def test_repeating_a_task_that_is_not_there(ready, capsys):
    file = ready.solutions / f"{NAME}.ipynb"
    assert main_in(ready, "grade", file, "--seed", "1", "--task", "01.9") == 2
    assert "has no task 01.9; it has 01.1, 01.2." in capsys.readouterr().err


def change_tests(course, old, new):
    """Edit the tests as an author does."""
    assert old in TESTS
    course.test_file(NAME).write_text(TESTS.replace(old, new))


@pytest.mark.parametrize("old", ["points=2)", '@task("01.2", points=2)'])
def test_what_was_not_recorded_again_is_refused_before_the_work(ready, options, old):  # noqa: F811
    change_tests(ready, old, old.replace("2)", "3)").replace("01.2", "01.3"))
    with pytest.raises(CourseError, match="Run `coursekit exercises 01`"):
        grade_batch(ready, options)
    assert not options.to.exists()


def test_tests_with_other_inputs_that_were_not_recorded_again(ready, options):  # noqa: F811
    change_tests(ready, "8.0]", "9.0]")
    with pytest.raises(CourseError, match="have changed since they were recorded"):
        grade_batch(ready, replace(options, jobs=1))


def test_points_are_changed_in_mid_term(ready, options, handed_in, capsys):  # noqa: F811
    shutil.rmtree(handed_in / "dan")
    grade_batch(ready, options)
    change_tests(ready, "points=2)", "points=4)")  # the only place
    write_exercise(ready, NAME)
    grade_batch(ready, options)
    assert "3 graded, 0 unchanged" in capsys.readouterr().out
    assert points(options.to) == {"ada": 6.5, "bob": 4.5, "cai": 0.0}


def test_a_corrected_test_grades_the_class_again(ready, options, handed_in):  # noqa: F811
    grade_batch(ready, options)
    assert points(options.to)["bob"] == 2.5
    change_tests(ready, "reference.mean(x)", "student.mean(x)")  # all right, whatever comes
    write_exercise(ready, NAME)
    grade_batch(ready, options)
    assert points(options.to)["bob"] == 4.5


def test_a_task_is_dropped_in_mid_term(ready, options, capsys):  # noqa: F811
    """Notebooks that were handed out with it are graded without it."""
    grade_batch(ready, options)
    change_tests(ready, TESTS[TESTS.index('@task("01.2"') :], "")
    ready.answers_file(NAME).write_text(ANSWERS[: ANSWERS.index('@wrong("01.2"')])
    notebook = solutions_notebook()
    notebook["cells"] = [cell for cell in notebook["cells"] if "-01-2" not in cell["id"]]
    write_notebook(ready.solutions / f"{NAME}.ipynb", notebook)
    write_exercise(ready, NAME)
    grade_batch(ready, options)
    assert points(options.to) == {"ada": 2.5, "bob": 0.5, "cai": 0.0}
    page = (options.to / "feedback" / "ada.html").read_text()
    assert "2.5 of 2.5 points" in page
    assert "01.2" not in page
