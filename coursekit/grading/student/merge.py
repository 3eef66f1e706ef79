"""Bring a notebook up to date, and keep what a student has written in it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from coursekit.grading.course.notebook import Cell, Notebook, cell_id, source_of


def cell_prints(notebook: Notebook) -> dict[str, str]:
    """Return a fingerprint of each cell's text, by the cell's id."""
    return {cell_id(cell): _fingerprint(cell) for cell in notebook["cells"]}


def merge(mine: Notebook, new: Notebook, before: Mapping[str, str]) -> tuple[dict[str, Any], bool]:
    """Put what a student has written into a newer version of a notebook.

    Kept are the texts of the cells that are the student's to write in, all cells that the student
    has added, and changes of the course's cells that are the same in the newer version. An added
    cell stays above the course's cell that it was above, so that it still runs after the cells
    above that. Outputs stay with texts that have not changed.

    Parameters
    ----------
    mine, new : mapping
        The student's notebook and the newer version, in format 4.
    before : mapping
        The fingerprints of the cells of the version that the student was given; empty if that
        version is not known.

    Returns
    -------
    merged : dict
        A notebook.
    written : bool
        Whether the student has written anything that is in neither version of the course's.
    """
    cells = {cell_id(cell): cell for cell in new["cells"]}
    by_text = {text: id for id, text in before.items() if id in cells}
    by_text |= {text: id for id, text in cell_prints(new).items()}
    dropped = set(before.values()) - by_text.keys()  # by the newer version
    found: dict[str, Cell] = {}
    added: dict[str, list[Cell]] = {}  # by the student, above the course's cell with this id
    waiting: list[Cell] = []
    for cell in mine["cells"]:
        text = _fingerprint(cell)
        # Some editors lose ids, and a copied cell has the other one's.
        ids = (id for id in (cell_id(cell), by_text.get(text, "")) if id in cells)
        id = next((id for id in ids if id not in found), None)
        if id is not None:
            found[id] = cell
            added[id], waiting = waiting, []
        elif text not in by_text and text not in dropped and source_of(cell).strip():
            waiting.append(cell)
    written = bool(waiting) or any(added.values())
    merged: list[Cell] = []
    for id, cell in cells.items():
        merged += added.get(id, [])
        if id not in found:
            merged.append(cell)
            continue
        text, old, my = _fingerprint(cell), before.get(id), _fingerprint(found[id])
        changed = my not in (text, old)
        for_students = cell["metadata"].get("nbgrader", {}).get("solution", False)
        # Of the course's cells of an unknown version nobody can say whether they were changed.
        written |= changed and (for_students or old is not None)
        keeps = my == text or (changed and (for_students or old == text))
        if keeps and cell["cell_type"] == found[id]["cell_type"]:
            merged.append({**found[id], "id": cell["id"], "metadata": cell["metadata"]})
        else:
            merged.append(cell)
    return {**new, "cells": [*merged, *waiting]}, written


def _fingerprint(cell: Cell) -> str:
    return hashlib.sha256(source_of(cell).strip().encode()).hexdigest()[:16]
