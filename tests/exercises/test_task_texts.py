"""What every task's text must hold: its points, what it asks for, an example, and hints."""

import ast
import re
from functools import cache

import numpy as np
import pytest

from coursekit.grading.course.notebook import cell_id, source_of
from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.reference import read_notebook, reference_namespace, solution

COURSE = find_course()
TASKS = [(name, task) for name in COURSE.names for task in solution(COURSE, name).tasks]


@cache
def texts(name):
    cells = read_notebook(COURSE.solutions / f"{name}.ipynb")["cells"]
    return {cell_id(cell): source_of(cell) for cell in cells}


def said_points(text):
    return float(re.search(r"\*([\d.]+) points?\.\*", text)[1])


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_points_are_said(name, task):
    text = texts(name)[f"task-{task.replace('.', '-')}"]
    assert said_points(text) == solution(COURSE, name).tasks[task].points


@pytest.mark.parametrize("name", COURSE.names)
def test_title_says_how_many_tasks_and_points(name):
    tasks = solution(COURSE, name).tasks.values()
    words = {4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight"}
    total = sum(task.points for task in tasks)
    assert f"{words[len(tasks)]} tasks, {total:g} points" in texts(name)["title"]


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_text_names_every_function_and_gives_an_example_and_hints(name, task):
    text = texts(name)[f"task-{task.replace('.', '-')}"]
    for source in solution(COURSE, name).tasks[task].answers.values():
        for node in ast.parse(source).body:
            call = f"{node.name}("
            if isinstance(node, ast.FunctionDef):
                call += ", ".join(argument.arg for argument in node.args.args) + ")`"
            assert f"`{call}" in text
            assert ast.get_docstring(node), f"{node.name} has no docstring"
    assert "**Example.**" in text
    assert 1 <= len(re.findall(r"<summary>Hint \d", text)) <= 3
    assert text.count("<details>") == text.count("</details>")


def alike(one, other):
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return np.shape(one) == np.shape(other) and np.allclose(one, other)


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_examples_are_true(name, task):
    """Lines such as ``f(x)  # 3.0`` in a block of code, and ``f(x)`` is ``3.0`` in the text."""
    exercise = solution(COURSE, name)
    space = reference_namespace(exercise, exercise.tasks[task])
    space["array"] = np.array
    text = texts(name)[f"task-{task.replace('.', '-')}"]
    said = re.findall(r"`(\w+\([^`]*\))`\s+is\s+`([^`]*)`", text)
    for block in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL):
        for line in block.splitlines():
            call, _, value = line.partition("  # ")
            if value:
                said.append((call, value))
            elif line.startswith("return "):
                eval(line.removeprefix("return "), space)
            else:
                exec(line, space)
    for call, value in said:
        assert alike(eval(call, space), eval(value, space)), f"{call} is not {value}"
    by_hand = "right answer" in text or "could end with" in text
    assert said or by_hand
