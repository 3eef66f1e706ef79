"""Make the notebook that a student gets from the one in ``solutions/``."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from coursekit.grading.course.explanation import TO_WRITE, words_to_replace
from coursekit.grading.course.notebook import (
    Cell,
    Notebook,
    cell_id,
    is_for_students,
    is_setup,
    parse,
    question_part,
    source_of,
    task_id,
)
from coursekit.grading.course.paths import CourseError
from coursekit.grading.judge.forbidden_imports import refused_source

_BEGIN = re.compile(r"( +)### BEGIN SOLUTION")
_END = re.compile(r"( +)### END SOLUTION")
_LIKE = re.compile(r"#.*\b(begin|end|solutions?)\b.*\bsolutions?\b|#.*begin.*sol|#.*end.*sol", re.I)
_STUB = "# YOUR CODE HERE\nraise NotImplementedError"


class BadExercise(CourseError):
    """The source of an exercise breaks a rule; the message lists all faults."""


def released(notebook: Notebook, name: str) -> dict[str, Any]:
    """Make the student's notebook.

    Parameters
    ----------
    notebook : mapping
        From ``solutions/``, in format 4.
    name : str
        The exercise's name.

    Returns
    -------
    dict
        The notebook without solutions, outputs and execution counts.

    Raises
    ------
    BadExercise
        If the notebook breaks a rule.
    """
    faults = _faults(notebook, name)
    student = deepcopy({key: value for key, value in notebook.items() if key != "cells"})
    student["metadata"] = {
        "kernelspec": notebook["metadata"]["kernelspec"],
        "language_info": {"name": "python"},
    }
    if "coursekit" in notebook["metadata"]:  # its language
        student["metadata"]["coursekit"] = deepcopy(notebook["metadata"]["coursekit"])
    student["cells"] = []
    for cell in notebook["cells"]:
        copy = {key: deepcopy(cell[key]) for key in ("cell_type", "id", "metadata")}
        copy["source"] = source_of(cell)
        if cell["cell_type"] == "code":
            copy |= {"execution_count": None, "outputs": []}
        try:
            copy["source"] = stub(copy["source"], answer=task_id(cell_id(cell)) is not None)
        except BadExercise as error:
            faults.append(f"{cell_id(cell)}: {error}")
        student["cells"].append(copy)
    if faults:
        raise BadExercise(f"solutions/{name}.ipynb:\n  " + "\n  ".join(faults))
    return student


def stub(source: str, *, answer: bool = True) -> str:
    """Replace the solutions in a cell by a placeholder for the student's code.

    Parameters
    ----------
    source : str
        A cell's text.
    answer : bool
        Whether it is an answer cell, which needs a solution; others must have none.

    Raises
    ------
    BadExercise
        If a marker is misspelt or misplaced, or has no counterpart.
    """
    lines: list[str] = []
    indent = None  # of the solution that the line is in
    found = 0
    for number, line in enumerate(source.splitlines(), 1):
        begin, end = _BEGIN.fullmatch(line), _END.fullmatch(line)
        if begin and answer and indent is None:
            indent, found = begin[1], found + 1
            lines += [indent + text for text in _STUB.splitlines()]
        elif end and indent == end[1]:
            indent = None
        elif begin or end or _LIKE.search(line):
            raise BadExercise(
                f"line {number}, {line.strip()!r}: markers are `### BEGIN SOLUTION` and "
                "`### END SOLUTION`, in pairs, with the same indent, in the body of a function"
            )
        elif indent is None:
            lines.append(line)
    if indent is not None:
        raise BadExercise("a solution has no end marker")
    if answer and not found:
        raise BadExercise("an answer cell without a solution")
    return "\n".join(lines)


def without_markers(source: str) -> str:
    """Return a cell's text as a person would have written the answer."""
    lines = source.splitlines()
    return "\n".join(x for x in lines if not (_BEGIN.fullmatch(x) or _END.fullmatch(x)))


def _faults(notebook: Notebook, name: str) -> list[str]:
    ids = [cell_id(cell) for cell in notebook["cells"]]
    doubled = sorted({id for id in ids if ids.count(id) > 1})
    faults = [f"{id}: more than one cell has this id" for id in doubled]
    pairs = list(zip(ids, notebook["cells"], strict=True))
    faults += [f"{c['id']}: its grade_id is {id}" for id, c in pairs if c["id"] != id]
    if faults:
        return faults
    cells = dict(pairs)
    if "setup" not in cells:
        faults.append("there is no cell setup")
    for task in parse(notebook, name).tasks.values():
        tail = task.id.replace(".", "-")
        if not task.id.startswith(name[:2]):
            faults.append(f"task {task.id} belongs to another exercise")
        if f"task-{tail}" not in cells:
            faults.append(f"there is no text task-{tail}")
        if f"check-{tail}" not in cells:
            faults.append(f'the check cell check-{tail} is missing: a cell with check("{task.id}")')
        elif source_of(cells[f"check-{tail}"]).strip() != f'check("{task.id}")':
            faults.append(f'check-{tail} should be exactly check("{task.id}")')
        elif not task.points > 0:
            faults.append(f'check-{tail} has no points: the tests of @task("{task.id}") set them')
    faults += _question_faults(cells, name)
    for id, cell in cells.items():
        source = source_of(cell)
        if (task_id(id) or is_setup(id)) and (module := refused_source(source)):
            faults.append(f"{id}: imports {module}")
        if cell["cell_type"] == "code" and is_setup(id) and "coursekit" in source:
            faults.append(f"{id}: the setup must not use coursekit; import check in another cell")
        want = {
            "schema_version": 3,
            "solution": is_for_students(id),
            "grade": id.startswith("check-") or question_part(id) == "explanation",
            "locked": not is_for_students(id),
            "task": False,
            "cell_type": cell["cell_type"],
        }
        got = cell["metadata"].get("nbgrader", {})
        if any(got.get(key) != value for key, value in want.items()):
            faults.append(f"{id}: nbgrader's metadata must contain {want}")
    return faults


def _question_faults(cells: Mapping[str, Cell], name: str) -> list[str]:
    """List what is wrong with the explanation question; an exercise may have none."""
    ids = [id for id in cells if question_part(id)]
    want = [f"{part}-{name[:2]}" for part in ("question", "explanation", "model-answer")]
    if not ids:
        return []
    if ids != want:
        return [f"the explanation question should be the cells {', '.join(want)}, in this order"]
    explanation, model = cells[want[1]], cells[want[2]]
    faults = [
        f"{id}: should be a Markdown cell" for id in ids if cells[id]["cell_type"] != "markdown"
    ]
    if source_of(explanation) not in words_to_replace():
        faults.append(f"{want[1]} should be exactly {TO_WRITE}")
    if explanation["metadata"].get("nbgrader", {}).get("points") != 0:
        faults.append(f"{want[1]} should have 0 points")
    if not source_of(model).startswith("<details>"):
        faults.append(f"{want[2]} should unfold: begin it with <details>")
    return faults


def holds_work(notebook: Notebook, *stubs: Notebook) -> bool:
    """Whether a student has written in a notebook, or added a cell.

    Parameters
    ----------
    notebook : mapping
        From ``exercises/``.
    *stubs : mapping
        Versions of it that were handed out.
    """
    known: dict[str, set[str]] = {}
    for one in stubs:
        for cell in one["cells"]:
            known.setdefault(cell_id(cell), set()).add(source_of(cell).strip())
    for cell in notebook["cells"]:
        id, source = cell_id(cell), source_of(cell).strip()
        changed = id in known and is_for_students(id) and source not in known[id]
        if changed or (id not in known and source):
            return True
    return False
