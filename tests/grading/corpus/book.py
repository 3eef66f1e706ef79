"""A solved exercise notebook that can be rearranged."""

import json
import re
from copy import deepcopy
from functools import cache
from typing import Any

from coursekit.grading.authoring.student_version import released
from coursekit.grading.course.notebook import notebook_text, parse, with_answers
from coursekit.grading.course.paths import find_course
from coursekit.grading.course.submission import load_notebook

COURSE = find_course()
Cell = dict[str, Any]

_MARKERS = re.compile(r"^ *### (BEGIN|END) SOLUTION\n?", re.MULTILINE)


@cache
def _stub(name: str) -> Any:
    return released(load_notebook(COURSE.solutions / f"{name}.ipynb"), name)


@cache
def _solved(name: str) -> Any:
    exercise = parse(load_notebook(COURSE.solutions / f"{name}.ipynb"), name)
    answers = {
        id: _MARKERS.sub("", source).rstrip("\n")
        for task in exercise.tasks.values()
        for id, source in task.answers.items()
    }
    return with_answers(_stub(name), answers)


@cache
def full_marks(name: str) -> dict[str, float]:
    """The points of each task of an exercise."""
    return {task.id: task.points for task in parse(_stub(name), name).tasks.values()}


def tasks_of(number: str) -> dict[str, str]:
    """The text of the course's own answer to each task of an exercise."""
    tasks = parse(_solved(COURSE.name(number)), COURSE.name(number)).tasks.values()
    return {task.id: "\n".join(task.answers.values()) for task in tasks}


class Book:
    """An exercise notebook with the course's own answers in it.

    Parameters
    ----------
    number : str
        The exercise, such as ``"01"``.

    Attributes
    ----------
    notebook : dict
        The whole file; cells have their text as one string.
    """

    def __init__(self, number: str) -> None:
        self.name = COURSE.name(number)
        self.notebook = deepcopy(_solved(self.name))
        self._made = 0

    @property
    def cells(self) -> list[Cell]:
        """All cells, to be changed in place."""
        cells: list[Cell] = self.notebook["cells"]
        return cells

    @property
    def code(self) -> list[Cell]:
        """The code cells."""
        return [cell for cell in self.cells if cell["cell_type"] == "code"]

    def answers(self) -> list[Cell]:
        """The answer cells."""
        return [cell for cell in self.cells if cell["id"].startswith("answer-")]

    def checks(self) -> list[Cell]:
        """The check cells."""
        return [cell for cell in self.cells if cell["id"].startswith("check-")]

    def cell(self, id: str) -> Cell:
        """The cell with an id; of several the first."""
        return next(cell for cell in self.cells if cell["id"] == id)

    def text(self, id: str) -> str:
        """A cell's text."""
        text: str = self.cell(id)["source"]
        return text

    def stub(self, id: str) -> str:
        """A cell's text as it was handed out."""
        return next(cell["source"] for cell in _stub(self.name)["cells"] if cell["id"] == id)

    def write(self, id: str, *texts: str) -> None:
        """Replace a cell's text; several texts become its paragraphs."""
        self.cell(id)["source"] = "\n\n".join(text.strip("\n") for text in texts)

    def put(self, cell: Cell, *, before: str = "", after: str = "") -> Cell:
        """Insert a cell before or after the one with an id, or at the end."""
        at = len(self.cells)
        if anchor := before or after:
            at = self.cells.index(self.cell(anchor)) + bool(after)
        self.cells.insert(at, cell)
        return cell

    def own(
        self, source: str, *, before: str = "", after: str = "", cell_type: str = "code"
    ) -> Cell:
        """Insert a cell of the student's own, with an id as JupyterLab makes it."""
        self._made += 1
        cell = {"cell_type": cell_type, "id": f"{0x9E3779B9 + self._made:08x}", "metadata": {}}
        cell["source"] = source.strip("\n")
        if cell_type == "code":
            cell |= {"execution_count": None, "outputs": []}
        return self.put(cell, before=before, after=after)

    def copy(self, id: str, *, before: str = "", after: str = "", same_id: bool = False) -> Cell:
        """Copy a cell with its metadata, as Copy and Paste do; the id is new, or the same."""
        cell = self.own("", before=before, after=after)
        new = cell["id"]
        cell.update(deepcopy(self.cell(id)))
        if not same_id:
            cell["id"] = new
        return cell

    def delete(self, *ids: str) -> None:
        """Delete cells."""
        for id in ids:
            self.cells.remove(self.cell(id))

    def move(self, id: str, *, before: str = "", after: str = "") -> None:
        """Move a cell; to the end if it is not said where."""
        cell = self.cell(id)
        self.cells.remove(cell)
        self.put(cell, before=before, after=after)

    def forget(self, *cells: Cell) -> None:
        """Give cells new ids and take nbgrader's metadata away."""
        for cell in cells:
            self._made += 1
            cell["id"] = f"{0x9E3779B9 + self._made:08x}"
            cell["metadata"].pop("nbgrader", None)

    def to_bytes(self) -> bytes:
        """The file as Jupyter writes it."""
        return notebook_text(self.notebook).encode()


def as_json(value: object, **options: Any) -> bytes:
    """Write a file with options of `json.dumps`."""
    return json.dumps(value, **options).encode()
