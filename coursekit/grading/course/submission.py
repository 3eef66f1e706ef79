"""Read the answer cells of a submitted notebook, by their ids.

All other cells come from the course's own copy, so changes to them have no effect.
"""

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursekit.grading.course.notebook import Exercise, Notebook, cell_id, source_of, task_id
from coursekit.grading.course.paths import CourseError

MAX_BYTES = 50_000_000


@dataclass
class AnswerCells:
    """The answer cells of one submitted notebook.

    Attributes
    ----------
    answers : dict
        For each task the sources of its answer cells, by id, in the exercise's order.
    errors : dict
        For each task with a missing or duplicate cell, a sentence that names it.
    empty : set of str
        Tasks whose answer cells have not been changed.
    extra : bool
        Whether the student has added code cells, which are not graded.
    remarks : list of str
        What is unusual about the notebook but costs no points by itself, in sentences.
    """

    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)
    extra: bool = False
    remarks: list[str] = field(default_factory=list)


def load_notebook(path: Path) -> Notebook:
    """Read a submitted notebook; the file may hold anything.

    Raises
    ------
    CourseError
        If it is not a notebook.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CourseError(f"{path.name} is too large: clear its outputs and save it again.")
        return as_notebook(path.read_bytes(), path.name)
    except OSError as error:
        raise CourseError(f"{path.name} can't be read: {error.strerror}.") from error


def as_notebook(content: bytes, name: str) -> Notebook:
    """Parse the bytes of a submitted file as a notebook.

    JSON may be UTF-8, UTF-16 or UTF-32, with a byte order mark or without.

    Raises
    ------
    CourseError
        If it is not a notebook.
    """
    if not content.strip():
        raise CourseError(f"{name} is empty.")
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CourseError(f"{name} is not a notebook: it is not valid JSON.") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(map(_is_cell, cells)):
        raise CourseError(f"{name} is not a notebook in format 4: save it again in JupyterLab.")
    return {"metadata": {}, **notebook}


def _is_cell(cell: Any) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        return False
    source, metadata = cell.get("source"), cell.setdefault("metadata", {})
    lines = isinstance(source, list) and all(isinstance(line, str) for line in source)
    nbgrader = metadata.setdefault("nbgrader", {}) if isinstance(metadata, dict) else None
    return (isinstance(source, str) or lines) and isinstance(nbgrader, dict)


def read_submission(notebook: Notebook, exercise: Exercise) -> AnswerCells:
    """Extract the answer cells of a notebook.

    Parameters
    ----------
    notebook : mapping
        See `load_notebook`.
    exercise : Exercise
        As it was handed out.

    Raises
    ------
    CourseError
        If the notebook belongs to another exercise.
    """
    found: dict[str, list[str]] = {}
    order = []  # of the answer cells
    submitted = AnswerCells()
    known = [id for task in exercise.tasks.values() for id in task.answers]
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        id, source = cell_id(cell), source_of(cell)
        found.setdefault(id, []).append(source)
        order += [id] if id in known else []
        own = not cell["metadata"].get("nbgrader") and id not in known
        submitted.extra = submitted.extra or (own and bool(source.strip()))
    others = {id for id in found if task_id(id)}.difference(known)
    if others and not order:
        number = sorted(task_id(id) or "" for id in others)[0][:2]
        raise CourseError(f"This notebook belongs to exercise {number}, not {exercise.name[:2]}.")
    for task in exercise.tasks.values():
        cells = {}
        for id, stub in task.answers.items():
            written = dict.fromkeys(s for s in found.get(id, []) if s.strip() != stub.strip())
            if id not in found:
                submitted.errors[task.id] = f"The cell {id} is missing."
            elif len(written) > 1:
                submitted.errors[task.id] = f"There are {len(written)} different cells {id}."
            cells[id] = next(iter(written), stub)
        submitted.answers[task.id] = cells
        if task.id not in submitted.errors and cells == dict(task.answers):
            submitted.empty.add(task.id)
    if submitted.extra:
        submitted.remarks.append(
            "Code cells of your own were not run: an answer cell must define everything it needs."
        )
    submitted.remarks += [
        f"The cell {id} occurs {order.count(id)} times; this changes nothing."
        for id in dict.fromkeys(order)
        if order.count(id) > 1 and task_id(id) not in submitted.errors
    ]
    if order != sorted(order, key=known.index):
        submitted.remarks.append(
            "The answers are in a different order; they were run in the exercise's order."
        )
    return submitted


def defined_names(sources: Mapping[str, str]) -> set[str]:
    """Return the names of the functions and classes that cells define at top level."""
    nodes = [node for source in sources.values() for node in ast.parse(source).body]
    return {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
