"""Begin a task or an exercise: its cells, its tests and its catalogue, as stubs to be written."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coursekit.grading.authoring.source_cells import completed
from coursekit.grading.course import explanation
from coursekit.grading.course.notebook import (
    Cell,
    cell_id,
    notebook_text,
    parse,
    question_part,
    source_of,
)
from coursekit.grading.course.paths import Course, CourseError, write_atomically
from coursekit.grading.course.submission import load_notebook
from coursekit.grading.judge.reference import points_by_task
from coursekit.grading.judge.runner import BrokenTests
from coursekit.language import say

TO_WRITE = "TO WRITE"  # marks what a stub lacks; nothing can be recorded while it is there

_TITLE = """# Exercise {number}: TO WRITE, the title

TO WRITE: which lecture this goes with, and what you build in it.

**How to work.** Replace `raise NotImplementedError` in an answer cell by your code, run the cell,
then run the check below it. Check as often as you like; your progress keeps the best result.
The check compares numbers: 5.0 is as good as 5, a list of numbers as good as an array, and a list
as good as a tuple. A function must not change its arguments: if it does, its test fails, even if
the values are right.
**The rule.** Run the notebook from top to bottom in a fresh kernel, passing over errors: what the
last check of each task says then, `coursekit grade` says too, and the teacher's grading never gives
less, unless inputs drawn for the submission show that an answer is wrong; it gives more only where
a second version of an answer, or a second way of running it, scores more.

One task, 2 points, about TO WRITE minutes. No task needs the answer to an earlier one. NumPy is all
you need."""
_SETUP_TEXT = "The next cell is the setup: what all tasks may use. Run it and the cell above first."
_END = """## What you have now

TO WRITE: what the parts are good for, and where they come back."""
_QUESTION = """## In your own words

TO WRITE: a question about a reason, in one paragraph.

*Answer in one to three sentences in the next cell: double-click it to write. It earns no points,
and no check reads it, but your teacher can. Then unfold the model answer and compare.*"""
_MODEL_ANSWER = """<details><summary>A model answer</summary>

TO WRITE: one to three sentences.

</details>"""
_TASK = """## Task {task}: TO WRITE, the title

*2 points.* TO WRITE: what to do, in one sentence.

TO WRITE: why it matters.

`{function}(x)` TO WRITE: each argument with its shape, and what is returned.

**Example.**

```python
{function}(np.array([1.0, 2.0]))  # TO WRITE
```

<details><summary>Hint 1</summary>

TO WRITE: what to think of first.

</details>"""
_ANSWER = '''def {function}(x):
    """TO WRITE: what it returns, with its shape."""
    ### BEGIN SOLUTION
    raise NotImplementedError("TO WRITE")
    ### END SOLUTION'''
_TEST = '''

# {task} TO WRITE, the title


@task("{task}", points=2)
def test_{function}(case, rng):
    """TO WRITE: what is tried, in a sentence for the student."""
    for N in (3, 5):
        case("{function}", "TO WRITE, what it returns", x=rng.normal(size=N).round(2))
'''
_CATALOGUE = """

# {task} TO WRITE, the title

edit("{task}", "TO WRITE: what a tutor says about a mistake.", {{"TO WRITE": "what it becomes"}})


@right("{task}", "TO WRITE, how it is written")
def {function}(x):
    raise NotImplementedError("TO WRITE")
"""
# One empty line follows imports, two follow all else: so these heads do not end their last line.
_TESTS_HEAD = '''"""Tests of exercise {number}."""

from coursekit.grading import task'''
_CATALOGUE_HEAD = '''"""Known answers to exercise {number}: mistakes, and other right ways."""

from coursekit.grading import edit, right'''


def begin(course: Course, number: str, title: str | None) -> str:
    """Add a task to an exercise, or begin an exercise with a title; say what is to be written."""
    if title is None:
        name, task = course.name(number), new_task(course, number)
    else:
        name, task = new_exercise(course, number, title), f"{number}.1"
    begun = f"Task {task} has been added to exercise {name}. Write these places:"
    return "\n".join([begun, *to_write(course, name), f"Then run `make task {task}`."])


def new_task(course: Course, number: str) -> str:
    """Add a task to an exercise, as stubs; return its number, such as ``"06.8"``.

    Raises
    ------
    CourseError
        If there is no such exercise, or its tests can't be loaded.
    """
    name = course.name(number)
    source = course.solutions / f"{name}.ipynb"
    notebook = dict(load_notebook(source))
    places = [int(task.partition(".")[2]) for task in parse(notebook, name).tasks]
    task = f"{name[:2]}.{max(places, default=0) + 1}"
    words = {"task": task, "function": f"task_{task.replace('.', '_')}"}
    try:
        points = points_by_task(course, name) | {task: 2.0}
    except BrokenTests as error:
        raise CourseError(f"{name}: {error}") from error
    cells = list(notebook["cells"])
    place = _end_of_tasks([cell_id(cell) for cell in cells])
    cells[place:place] = _task_cells(words)
    text = notebook_text(completed({**notebook, "cells": cells}, points))
    write_atomically(source, text)
    _append(course.test_file(name), _TEST.format(**words))
    _append(course.answers_file(name), _CATALOGUE.format(**words))
    return task


def new_exercise(course: Course, number: str, title: str) -> str:
    """Begin an exercise with one task, as stubs; return its name, such as ``"12_attention"``.

    Raises
    ------
    CourseError
        If the number is taken or not a number, or the title can't be part of a file's name.
    """
    if not re.fullmatch(r"\d\d", number) or not re.fullmatch(r"[a-z][a-z0-9_]*", title):
        raise CourseError(
            say(
                "An exercise has a number of two digits and a short name in small letters: "
                "`coursekit new exercise 12 attention`."
            )
        )
    if taken := [name for name in course.names if name[:2] == number]:
        raise CourseError(
            say("Exercise {number} exists already: {name}.", number=number, name=taken[0])
        )
    name = f"{number}_{title}"
    cells = [
        _cell("title", "markdown", _TITLE.format(number=number)),
        _cell("import-check", "code", "from coursekit import check"),
        _cell("setup-text", "markdown", _SETUP_TEXT),
        _cell("setup", "code", "import numpy as np"),
        _cell("end", "markdown", _END),
        _cell(f"question-{number}", "markdown", _QUESTION),
        _cell(f"explanation-{number}", "markdown", explanation.TO_WRITE),
        _cell(f"model-answer-{number}", "markdown", _MODEL_ANSWER),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    write_atomically(course.solutions / f"{name}.ipynb", notebook_text(notebook))
    write_atomically(course.test_file(name), _TESTS_HEAD.format(number=number))
    write_atomically(course.answers_file(name), _CATALOGUE_HEAD.format(number=number))
    del course.names  # they are read anew
    new_task(course, number)
    return name


def to_write(course: Course, name: str) -> list[str]:
    """List the places of an exercise that are still to be written, as ``file:line: text``."""
    source = course.solutions / f"{name}.ipynb"
    texts = [
        (f"{_short(course, source)}, cell {cell_id(cell)}, line ", source_of(cell))
        for cell in (load_notebook(source)["cells"] if source.exists() else [])
    ]
    files = (course.test_file(name), course.answers_file(name))
    texts += [(f"{_short(course, file)}:", file.read_text(encoding="utf-8")) for file in files]
    return [f"{where}{line}" for where, text in texts for line in _gaps(text)]


def _gaps(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if TO_WRITE in line:
            yield f"{number}: {line.strip()}"


def _short(course: Course, file: Path) -> Path:
    return file.relative_to(course.root)


def _end_of_tasks(ids: list[str]) -> int:
    """Return the place behind the last task, before the cells that end the exercise."""
    last = [place for place, id in enumerate(ids, 1) if id.startswith("check-")]
    ends = [place for place, id in enumerate(ids) if id == "end" or question_part(id)]
    return max(last) if last else min(ends, default=len(ids))


def _task_cells(words: dict[str, str]) -> list[Cell]:
    tail = words["task"].replace(".", "-")
    return [
        _cell(f"task-{tail}", "markdown", _TASK.format(**words)),
        _cell(f"answer-{tail}", "code", _ANSWER.format(**words)),
        _cell(f"check-{tail}", "code", f'check("{words["task"]}")'),
    ]


def _cell(id: str, kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": id, "metadata": {}, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _append(path: Path, text: str) -> None:
    write_atomically(path, path.read_text(encoding="utf-8") + text)
