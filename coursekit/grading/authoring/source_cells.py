"""Give the cells of an exercise's source the ids and metadata that JupyterLab can't set."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import count
from typing import Any

from coursekit.grading.course.notebook import (
    Cell,
    Notebook,
    cell_id,
    is_for_students,
    is_setup,
    question_part,
    source_of,
    task_id,
)  # fmt: skip
from coursekit.grading.course.submission import CHECK
from coursekit.grading.judge.verdict import number

_TASK = re.compile(r"## \w+ (\d\d\.\d+)\b")  # "Task", in any language
_POINTS = re.compile(r"^\*[\d.]+ points?\.\*", re.MULTILINE)  # in a task's text
_TOTAL = re.compile(r"^\w+ tasks?, [\d.]+ points?\b", re.MULTILINE)  # in the exercise's first cell
_WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def completed(notebook: Notebook, points: Mapping[str, float]) -> dict[str, Any]:
    """Set ids, nbgrader's metadata and points, by what the cells are.

    A cell that begins with ``## Task 06.8`` is a task's text, one with ``### BEGIN SOLUTION`` below
    it is its answer, and one with ``check("06.8")`` its check. Any other code cell that is new is a
    setup, which runs before every answer, unless it imports `check`. Points are set in the tests,
    and are copied from there into the metadata and the texts.

    Parameters
    ----------
    notebook : mapping
        From ``solutions/``, in format 4.
    points : mapping
        Of each task.
    """
    copy: dict[str, Any] = deepcopy(dict(notebook))
    used: set[str] = set()
    for cell, wanted in zip(copy["cells"], list(_wanted(copy)), strict=True):
        id = next(id for id in _candidates(wanted) if id not in used)
        used.add(id)
        _set(cell, id)
        task = id.removeprefix("check-").replace("-", ".")
        if id.startswith("check-") and task in points:
            cell["metadata"]["nbgrader"]["points"] = _short(points[task])
        heading = _TASK.match(source_of(cell))
        if cell["cell_type"] == "markdown" and heading and heading[1] in points:
            text = f"*{_counted(points[heading[1]], 'point')}.*"
            cell["source"] = _POINTS.sub(text, source_of(cell), count=1)
    if copy["cells"]:
        first = copy["cells"][0]
        first["source"] = _TOTAL.sub(total(points), source_of(first), count=1)
    return copy


def total(points: Mapping[str, float]) -> str:
    """Say how many tasks and points an exercise has: ``"Seven tasks, 19 points"``."""
    word = _WORDS[len(points)] if len(points) < len(_WORDS) else str(len(points))
    tasks = f"{word} task{'' if len(points) == 1 else 's'}"
    return f"{tasks}, {_counted(sum(points.values()), 'point')}"


def _wanted(notebook: Notebook) -> Iterator[str]:
    """Yield the id that each cell should have, if no cell above it has the same."""
    task = ""
    ids = [cell_id(cell) for cell in notebook["cells"]]
    for place, cell in enumerate(notebook["cells"]):
        source, id = source_of(cell), cell_id(cell)
        if not id or ids.count(id) > 1:  # copied, with its metadata
            id = str(cell.get("id", "")) or f"cell-{place}"
        if cell["cell_type"] != "code":
            heading = _TASK.match(source)
            task = heading[1].replace(".", "-") if heading else task
            yield f"task-{task}" if heading else _without_role(id)
        elif (check := CHECK.search(source)) and check[0] + ")" == source.strip():
            yield f"check-{check[1].replace('.', '-')}"
        elif "### BEGIN SOLUTION" in source:
            own = (task_id(id) or "").replace(".", "-") == task
            yield id if own else f"answer-{task}"
        elif source.strip() == "from coursekit import check":
            yield "import-check"
        elif is_setup(id) or _is_complete(cell, id):
            yield id
        else:
            yield "setup" if not any(map(is_setup, ids)) else f"setup-{_without_role(id)}"


def _without_role(id: str) -> str:
    """Return an id that does not say that the cell is a task's."""
    return f"text-{id}" if re.match(r"(task|answer|check)-\d|setup$", id) else id


def _candidates(id: str) -> Iterator[str]:
    yield id
    yield from (f"{id}-{n}" for n in count(2))


def _set(cell: dict[str, Any], id: str) -> None:
    """Write an id and what belongs to it, unless the cell has it already."""
    if _is_complete(cell, id):
        return
    explains = question_part(id) == "explanation"
    cell["id"] = id
    cell["metadata"]["nbgrader"] = {
        "cell_type": cell["cell_type"],
        "grade": id.startswith("check-") or explains,
        "grade_id": id,
        "locked": not is_for_students(id),
        "schema_version": 3,
        "solution": is_for_students(id),
        "task": False,
    } | ({"points": 0} if explains else {})


def _is_complete(cell: Cell, id: str) -> bool:
    known = cell["metadata"].get("nbgrader", {})
    same = known.get("cell_type") == cell["cell_type"]
    return bool(same and cell.get("id") == known.get("grade_id") == id)


def _counted(value: float, noun: str) -> str:
    return f"{number(value)} {noun}{'' if value == 1 else 's'}"


def _short(value: float) -> float:
    return int(value) if value == int(value) else value
