"""What every task's text must hold: its points, what it asks for, an example, and hints."""

import ast
import re
from functools import cache

import numpy as np
import pytest

from coursekit.grading.authoring.source_cells import total
from coursekit.grading.course.notebook import cell_id, source_of
from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.reference import read_notebook, reference_namespace, solution

COURSE = find_course()
TASKS = [(name, task) for name in COURSE.names for task in solution(COURSE, name).tasks]


@cache
def texts(name):
    cells = read_notebook(COURSE.solutions / f"{name}.ipynb")["cells"]
    return {cell_id(cell): source_of(cell) for cell in cells}


def where(name, cell):
    return f"solutions/{name}.ipynb, cell {cell}"


def text_of(name, task):
    """The text of a task, and where it stands."""
    cell = f"task-{task.replace('.', '-')}"
    return texts(name)[cell], where(name, cell)


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_points_are_said(name, task):
    text, place = text_of(name, task)
    points = solution(COURSE, name).tasks[task].points
    said = f"*{points:g} point{'' if points == 1 else 's'}.*"
    assert said in text, f"{place}: it does not say {said}"


@pytest.mark.parametrize("name", COURSE.names)
def test_title_says_how_many_tasks_and_points(name):
    said = total({task.id: task.points for task in solution(COURSE, name).tasks.values()})
    assert said in texts(name)["title"], f"{where(name, 'title')}: it does not say {said}"


@pytest.mark.parametrize(
    ("tasks", "said"), [(1, "One task, 2 points"), (2, "Two tasks, 4"), (11, "11 tasks, 22 points")]
)
def test_any_number_of_tasks_can_be_said(tasks, said):
    assert total({f"12.{k}": 2.0 for k in range(tasks)}).startswith(said)


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_text_names_every_function_and_gives_an_example_and_hints(name, task):
    text, place = text_of(name, task)
    for source in solution(COURSE, name).tasks[task].answers.values():
        for node in ast.parse(source).body:
            call = f"{node.name}("
            if isinstance(node, ast.FunctionDef):
                call += ", ".join(argument.arg for argument in node.args.args) + ")`"
            assert f"`{call}" in text, f"{place}: it does not say `{call}"
            assert ast.get_docstring(node), f"{place}: {node.name} has no docstring in its answer"
    assert "**Example.**" in text, f"{place}: it has no **Example.**"
    hints = len(re.findall(r"<summary>Hint \d", text))
    assert 1 <= hints <= 3, f"{place}: it has {hints} hints, and should have one to three"
    assert text.count("<details>") == text.count("</details>"), f"{place}: <details> is not closed"


def alike(one, other):
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return np.shape(one) == np.shape(other) and np.allclose(one, other)


def evaluated(code, space, place, run=eval):
    try:
        return run(code, space)
    except Exception as error:
        pytest.fail(f"{place}: {code} raises {type(error).__name__}: {error}")


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_examples_are_true(name, task):
    """Lines such as ``f(x)  # 3.0`` in a block of code, and ``f(x)`` is ``3.0`` in the text."""
    exercise = solution(COURSE, name)
    space = reference_namespace(exercise, exercise.tasks[task])
    space["array"] = np.array
    text, place = text_of(name, task)
    said = re.findall(r"`(\w+\([^`]*\))`\s+is\s+`([^`]*)`", text)
    for block in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL):
        for line in block.splitlines():
            call, _, value = line.partition("  # ")
            if value:
                said.append((call, value))
            elif line.startswith("return "):
                evaluated(line.removeprefix("return "), space, place)
            else:
                evaluated(line, space, place, run=exec)
    for call, value in said:
        got = evaluated(call, space, place)
        assert alike(got, evaluated(value, space, place)), f"{place}: {call} is {got}, not {value}"
    by_hand = "right answer" in text or "could end with" in text
    assert said or by_hand, f"{place}: no line of the example says what it returns, as in f(x)  # 3"
