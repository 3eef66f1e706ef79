"""Read a submitted notebook, which may hold anything."""

import ast
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursekit.grading.course.notebook import Notebook, cell_id, source_of, task_id
from coursekit.grading.course.paths import CourseError, reading
from coursekit.language import ENGLISH, languages, say

MAX_BYTES = 50_000_000
CHECK = re.compile(r"""\bcheck\(\s*["']([0-9]{2}\.[0-9]+)["']""")  # a call in a cell's text
_SPEAK = re.compile(r"""^speak\(\s*["'](\w+)["']""", re.MULTILINE)
_HEADING = re.compile(r"^#+ \w+ ([0-9]{2}\.[0-9]+)\b", re.MULTILINE)
UNREADABLE = {"cell_type": "unreadable", "source": "", "metadata": {"nbgrader": {}}}


def load_notebook(path: Path) -> Notebook:
    """Read a submitted notebook; the file may hold anything.

    Raises
    ------
    CourseError
        If it is not a notebook.
    """
    with reading(path.name):
        if path.stat().st_size > MAX_BYTES:
            raise CourseError(
                say("{file} is too large: clear its outputs and save it again.", file=path.name)
            )
        return as_notebook(path.read_bytes(), path.name)


def as_notebook(content: bytes, name: str) -> Notebook:
    """Parse the bytes of a submitted file as a notebook.

    Raises
    ------
    CourseError
        If it is not a notebook.
    """
    if not content.strip():
        raise CourseError(say("{file} is empty.", file=name))
    try:
        notebook = json.loads(content)  # UTF-8, -16 or -32, with or without a byte order mark
    except (ValueError, RecursionError) as error:
        raise CourseError(
            say("{file} is not a notebook: it is not valid JSON.", file=name)
        ) from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or (cells and not any(map(_is_cell, cells))):
        raise CourseError(
            say("{file} is not a notebook in format 4: save it again in JupyterLab.", file=name)
        )
    readable = [cell if _is_cell(cell) else dict(UNREADABLE) for cell in cells]
    metadata = notebook.get("metadata")
    return {**notebook, "cells": readable, "metadata": metadata if metadata is not None else {}}


def _is_cell(cell: Any) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        return False
    metadata = cell.get("metadata")
    metadata = cell["metadata"] = metadata if isinstance(metadata, dict) else {}
    if not isinstance(metadata.get("nbgrader"), dict):
        metadata["nbgrader"] = {}  # the cell runs all the same, and may be known by its id
    source = cell.get("source")
    lines = isinstance(source, list) and all(isinstance(line, str) for line in source)
    return isinstance(source, str) or lines


def language_of(notebook: Notebook) -> str:
    """Return the language that a notebook speaks: as its metadata have it, or as it asks for."""
    code = [source_of(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    asked = [name for source in code for name in _SPEAK.findall(source)]
    match notebook["metadata"]:
        case {"coursekit": {"language": str(named)}}:
            asked.insert(0, named)
    return next((name for name in asked if name in languages()), ENGLISH)


def tasks_in(notebook: Notebook) -> list[str]:
    """List the tasks of all answer cells; without any, those of the checks or the headings."""
    cells = notebook["cells"]
    tasks = [task for cell in cells if (task := task_id(cell_id(cell)))]
    code = (source_of(cell) for cell in cells if cell["cell_type"] == "code")
    tasks = tasks or [task for source in code for task in CHECK.findall(source)]
    text = (source_of(cell) for cell in cells if cell["cell_type"] == "markdown")
    return tasks or [task for source in text for task in _HEADING.findall(source)]


def defines(source: str, name: str) -> bool:
    """Whether a cell's text defines or assigns a name at top level, as far as its lines show."""
    word = re.escape(name)
    line = rf"^(?:async +)?(?:def|class) +{word}\b|^{word} *(?::[^=\n]*)?=(?!=)"
    return re.search(line, source, re.MULTILINE) is not None


def defined_names(sources: Mapping[str, str]) -> set[str]:
    """Return the names of the functions and classes that cells define at top level."""
    nodes = [node for source in sources.values() for node in ast.parse(source).body]
    return {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
