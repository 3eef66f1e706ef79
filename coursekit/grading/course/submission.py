"""What a student hands in: the answer cells of a notebook, taken by their ids.

All other cells come from the course's own copy, so nothing depends on what became of them.
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
class Submission:
    """The answers of one notebook.

    Attributes
    ----------
    answers : dict
        For each task the sources of its answer cells, by id, in the exercise's order.
    troubles : dict
        Sentences about tasks whose cells are not there, or there twice.
    empty : set of str
        Tasks whose answer cells are as they were handed out.
    extra : bool
        Whether there are code cells of the student's own, which nobody grades.
    """

    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)
    extra: bool = False


def load_notebook(path: Path) -> Notebook:
    """Read a student's notebook, which may be anything.

    Raises
    ------
    CourseError
        If it is no notebook.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CourseError(f"{path.name} is too large: clear its outputs and save it.")
        return as_notebook(path.read_bytes(), path.name)
    except OSError as error:
        raise CourseError(f"{path.name} can't be read: {error.strerror}.") from error


def as_notebook(content: bytes, name: str) -> Notebook:
    """Read a student's notebook from the bytes of its file.

    Raises
    ------
    CourseError
        If it is no notebook.
    """
    if not content.strip():
        raise CourseError(f"{name} is empty.")
    try:
        notebook = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise CourseError(f"{name} is no notebook (no valid JSON).") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(map(_is_cell, cells)):
        raise CourseError(f"{name} is no notebook of format 4: save it anew in JupyterLab.")
    return {"metadata": {}, **notebook}


def _is_cell(cell: Any) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        return False
    source, metadata = cell.get("source"), cell.setdefault("metadata", {})
    lines = isinstance(source, list) and all(isinstance(line, str) for line in source)
    marks = metadata.setdefault("nbgrader", {}) if isinstance(metadata, dict) else None
    return (isinstance(source, str) or lines) and isinstance(marks, dict)


def read_submission(notebook: Notebook, exercise: Exercise) -> Submission:
    """Take the answers out of a notebook.

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
    submission = Submission()
    known = {id for task in exercise.tasks.values() for id in task.answers}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        id, source = cell_id(cell), source_of(cell)
        found.setdefault(id, []).append(source)
        own = not cell["metadata"].get("nbgrader") and id not in known
        submission.extra = submission.extra or (own and bool(source.strip()))
    others = {id for id in found if task_id(id)} - known
    if others and not known & set(found):
        number = sorted(task_id(id) or "" for id in others)[0][:2]
        raise CourseError(f"This is a notebook of exercise {number}, not {exercise.name[:2]}.")
    for task in exercise.tasks.values():
        cells = {}
        for id, stub in task.answers.items():
            written = dict.fromkeys(s for s in found.get(id, []) if s.strip() != stub.strip())
            if id not in found:
                submission.troubles[task.id] = f"The cell {id} is missing."
            elif len(written) > 1:
                submission.troubles[task.id] = f"The cell {id} is there {len(written)} times."
            cells[id] = next(iter(written), stub)
        submission.answers[task.id] = cells
        if task.id not in submission.troubles and cells == dict(task.answers):
            submission.empty.add(task.id)
    return submission


def defined_names(sources: Mapping[str, str]) -> set[str]:
    """The functions and classes that cells define at their top level."""
    nodes = [node for source in sources.values() for node in ast.parse(source).body]
    return {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
