"""An exercise notebook: its setup, its tasks, and the cells that hold answers.

Cells are identified by nbgrader's `grade_id`, which is also the cell's id, because old notebook
formats have no cell ids and some editors replace them.
"""

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from coursekit.language import say

Notebook = Mapping[str, Any]
Cell = Mapping[str, Any]

_ANSWER = re.compile(r"answer-([0-9]{2})-([0-9]+)(-[a-z0-9-]+)?")
_QUESTION = re.compile(r"(question|explanation|model-answer)-([0-9]{2})")


@dataclass(frozen=True)
class Task:
    """One task.

    Attributes
    ----------
    id : str
        Such as ``"05.2"``.
    title : str
        Its heading, without the number.
    points : float
        What its check cell says.
    answers : dict
        The sources of its answer cells, by cell id.
    """

    id: str
    title: str
    points: float
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes
    ----------
    name : str
        Such as ``"05_backpropagation"``.
    title : str
        The notebook's first heading.
    setup : dict
        Sources of the cells that run before every answer, by cell id.
    tasks : dict
        By id, in the notebook's order.
    others : dict
        Sources of the other code cells, such as checks, by cell id.
    texts : dict
        Sources of the text cells, by cell id.
    """

    name: str
    title: str
    setup: Mapping[str, str]
    tasks: Mapping[str, Task]
    others: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def cell_id(cell: Cell) -> str:
    """Return nbgrader's `grade_id`, or else the cell's id, or an empty string."""
    grade_id = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
    return str(grade_id or cell.get("id", ""))


def source_of(cell: Cell) -> str:
    """Return a cell's text; the file format also allows a list of lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def code_cells(notebook: Notebook) -> list[str]:
    """Return the sources of all code cells, in order."""
    return [source_of(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def task_id(id: str) -> str | None:
    """Return the task of the answer cell with this id; None for other cells."""
    found = _ANSWER.fullmatch(id)
    return f"{found[1]}.{found[2]}" if found else None


def question_part(id: str) -> str | None:
    """Return which part of the explanation question the cell with this id is; None for others.

    It is ``"question"``, ``"explanation"``, the student's own answer, or ``"model-answer"``.
    """
    found = _QUESTION.fullmatch(id)
    return found[1] if found else None


def is_for_students(id: str) -> bool:
    """Whether students write in the cell with this id."""
    return task_id(id) is not None or question_part(id) == "explanation"


def answer_cells(notebook: Notebook) -> dict[str, str]:
    """Return the sources of all answer cells, by id.

    Raises
    ------
    ValueError
        If two have the same id.
    """
    answers: dict[str, str] = {}
    for cell in notebook["cells"]:
        id = cell_id(cell)
        if cell["cell_type"] == "code" and task_id(id):
            if id in answers:
                raise ValueError(
                    say("the notebook has two cells {cell}: delete one of them", cell=id)
                )
            answers[id] = source_of(cell)
    return answers


def parse(notebook: Notebook, name: str) -> Exercise:
    """Read an exercise from its notebook.

    Parameters
    ----------
    notebook : mapping
        In format 4, as nbformat or json read it.
    name : str
        The exercise's name.
    """
    cells = {cell_id(cell): cell for cell in notebook["cells"]}
    answers = answer_cells(notebook)
    tasks = {}
    for id in dict.fromkeys(task for cell in answers if (task := task_id(cell))):
        tail = id.replace(".", "-")
        heading = _heading(cells.get(f"task-{tail}", {}))
        check = cells.get(f"check-{tail}", {}).get("metadata", {}).get("nbgrader", {})
        own = {cell: source for cell, source in answers.items() if task_id(cell) == id}
        title = (heading.partition(id)[2] if id in heading else heading).strip(" .:·–—")
        tasks[id] = Task(id, title, float(check.get("points", 0)), own)
    code = {id: source_of(c) for id, c in cells.items() if c["cell_type"] == "code"}
    setup = {id: source for id, source in code.items() if is_setup(id)}
    others = {id: source for id, source in code.items() if id not in {*setup, *answers}}
    texts = {id: source_of(c) for id, c in cells.items() if c["cell_type"] == "markdown"}
    headings = (_heading(c) for c in notebook["cells"] if c["cell_type"] == "markdown")
    return Exercise(name, next((h for h in headings if h), name), setup, tasks, others, texts)


def is_setup(id: str) -> bool:
    """Whether the cell with this id runs before every answer."""
    return id == "setup" or id.startswith("setup-")


def _heading(cell: Cell) -> str:
    lines = source_of(cell).splitlines()
    return next((line.lstrip("#").strip() for line in lines if line.startswith("#")), "")


def task_heading(notebook: Notebook, task: str) -> str:
    """Return the heading of a task's text, such as ``"Task 05.2: Momentum"``."""
    id = f"task-{task.replace('.', '-')}"
    texts = (cell for cell in notebook["cells"] if cell_id(cell) == id)
    return _heading(next(texts, {}))


def with_answers(notebook: Notebook, answers: Mapping[str, str]) -> dict[str, Any]:
    """Copy a notebook, and replace the texts of those cells of students whose ids are given."""
    copy: dict[str, Any] = deepcopy(dict(notebook))
    for cell in copy["cells"]:
        if is_for_students(cell_id(cell)):
            cell["source"] = answers.get(cell_id(cell), source_of(cell))
    return copy


def notebook_text(notebook: Notebook) -> str:
    """Serialise a notebook in Jupyter's layout."""
    copy = json.loads(json.dumps(notebook))
    for cell in copy["cells"]:
        if isinstance(cell["source"], str):
            cell["source"] = cell["source"].splitlines(keepends=True)
    return json.dumps(copy, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
