"""Exercises and answers are read from notebooks, and answers are put into them."""

from coursekit.grading.authoring.student_version import released
from coursekit.grading.course.notebook import parse, source_of, with_answers

from ..small_course import NAME, solutions_notebook


def texts(notebook):
    return {cell["id"]: source_of(cell) for cell in notebook["cells"]}


def test_answers_are_put_into_a_fresh_copy():
    stub_notebook = released(solutions_notebook(), NAME)
    filled = with_answers(stub_notebook, {"answer-01-1": "mine", "setup": "no"})
    assert texts(filled) == texts(stub_notebook) | {"answer-01-1": "mine"}


def test_an_exercise_is_read_from_its_notebook():
    exercise = parse(solutions_notebook(), NAME)
    assert exercise.title == "Exercise 01: small numbers"
    assert list(exercise.setup) == ["setup"]
    task = exercise.tasks["01.1"]
    assert (task.title, task.points, list(task.answers)) == (
        "mean and spread",
        2.5,
        ["answer-01-1"],
    )


def test_cells_are_known_by_grade_id_when_an_editor_changed_the_ids():
    notebook = solutions_notebook()
    for number, one in enumerate(notebook["cells"]):
        one["id"] = f"x{number}"
        one["source"] = one["source"].splitlines(keepends=True)
    assert parse(notebook, NAME) == parse(solutions_notebook(), NAME)
