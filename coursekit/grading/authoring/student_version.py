"""From a notebook of ``solutions/`` to the one that a student gets."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from coursekit.grading.course.notebook import (
    Notebook,
    answer_cells,
    cell_id,
    is_setup,
    parse,
    source_of,
    task_id,
)
from coursekit.grading.judge.forbidden_imports import refused_source

_BEGIN = re.compile(r"( +)### BEGIN SOLUTION")
_END = re.compile(r"( +)### END SOLUTION")
_LIKE = re.compile(r"#.*\b(begin|end|solutions?)\b.*\bsolutions?\b|#.*begin.*sol|#.*end.*sol", re.I)
_STUB = "# YOUR CODE HERE\nraise NotImplementedError"


class BadExercise(ValueError):
    """The source of an exercise breaks a rule; the message lists all that is wrong."""


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
        raise BadExercise(f"{name}:\n  " + "\n  ".join(faults))
    return student


def stub(source: str, *, answer: bool = True) -> str:
    """Replace the solutions in a cell by a line that asks for the student's code.

    Parameters
    ----------
    source : str
        A cell's text.
    answer : bool
        Whether it is an answer cell, which needs a solution; others must have none.

    Raises
    ------
    BadExercise
        If a marker is misspelt, misplaced or without its partner.
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
                "`### END SOLUTION`, in pairs, indented alike, in the body of a function"
            )
        elif indent is None:
            lines.append(line)
    if indent is not None:
        raise BadExercise("a solution has no end")
    if answer and not found:
        raise BadExercise("an answer cell without a solution")
    return "\n".join(lines)


def _faults(notebook: Notebook, name: str) -> list[str]:
    faults = []
    ids = [cell_id(cell) for cell in notebook["cells"]]
    faults += [f"{id}: there twice" for id in sorted({id for id in ids if ids.count(id) > 1})]
    faults += [
        f"{c['id']}: its grade_id is {cell_id(c)}"
        for c in notebook["cells"]
        if c["id"] != cell_id(c)
    ]
    if faults:
        return faults
    cells = dict(zip(ids, notebook["cells"], strict=True))
    if "setup" not in cells:
        faults.append("there is no cell setup")
    for task in parse(notebook, name).tasks.values():
        tail = task.id.replace(".", "-")
        if not task.id.startswith(name[:2]):
            faults.append(f"task {task.id} is of another exercise")
        if f"task-{tail}" not in cells:
            faults.append(f"there is no text task-{tail}")
        if source_of(cells.get(f"check-{tail}", {})).strip() != f'check("{task.id}")':
            faults.append(f'check-{tail} should be exactly check("{task.id}")')
        if not task.points > 0:
            faults.append(f"check-{tail} has no points")
    for id, cell in cells.items():
        source = source_of(cell)
        if (task_id(id) or is_setup(id)) and (module := refused_source(source)):
            faults.append(f"{id}: imports {module}")
        if cell["cell_type"] == "code" and is_setup(id) and "coursekit" in source:
            faults.append(f"{id}: the setup knows no coursekit; import check in a cell of its own")
        want = _marks(id, cell["cell_type"])
        got = cell["metadata"].get("nbgrader", {})
        if any(got.get(key) != value for key, value in want.items()):
            faults.append(f"{id}: nbgrader's metadata should hold {want}")
    return faults


def _marks(id: str, cell_type: str) -> Mapping[str, Any]:
    return {
        "schema_version": 3,
        "solution": task_id(id) is not None,
        "grade": id.startswith("check-"),
        "locked": task_id(id) is None,
        "task": False,
        "cell_type": cell_type,
    }


def holds_work(notebook: Notebook, *stubs: Notebook) -> bool:
    """Whether a student has written into a notebook: an answer, or a cell of their own.

    Parameters
    ----------
    notebook : mapping
        As it lies in ``exercises/``.
    *stubs : mapping
        Student's notebooks as they were handed out, now or before.
    """
    known: dict[str, set[str]] = {}
    for one in stubs:
        for cell in one["cells"]:
            known.setdefault(cell_id(cell), set()).add(source_of(cell).strip())
    for cell in notebook["cells"]:
        id, source = cell_id(cell), source_of(cell).strip()
        changed = id in known and task_id(id) and source not in known[id]
        if changed or (id not in known and source):
            return True
    return False


def with_answers(notebook: Notebook, answers: Mapping[str, str]) -> dict[str, Any]:
    """Copy a notebook, with other texts in its answer cells where there are any."""
    copy: dict[str, Any] = deepcopy(dict(notebook))
    for cell in copy["cells"]:
        if cell_id(cell) in answer_cells(notebook):
            cell["source"] = answers.get(cell_id(cell), source_of(cell))
    return copy
