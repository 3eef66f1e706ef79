"""Remarks on a submission, beside its points: how it was judged, where that is unusual.

Each sentence is whole, with names and numbers as its fields.
"""

import re
import sys
from collections.abc import Mapping
from typing import Any

from coursekit.grading.judge.values import quotable
from coursekit.grading.judge.verdict import Verdict
from coursekit.language import mark, say

IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+(\w+)", re.MULTILINE)  # in a cell's text
_NO_MODULE = re.compile(r"No module named '([\w.]+)'")
_UNKNOWN_NAME = re.compile(r"name '(\w+)' is not defined")


def drawings(answers: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Name the tasks whose cells import Matplotlib, which draws nothing here."""
    tasks = [
        task
        for task, cells in answers.items()
        if any("matplotlib" in IMPORT.findall(source) for source in cells.values())
    ]
    if not tasks:
        return []
    if len(tasks) == 1:
        one = mark("The answer to task {task} imports matplotlib; no figure was drawn.")
        return [say(one, task=tasks[0])]
    many = mark("The answers to tasks {tasks} import matplotlib; no figures were drawn.")
    return [say(many, tasks=", ".join(tasks))]


def other_python(metadata: Any) -> list[str]:
    """Return a sentence if another version of Python has saved a notebook with these metadata."""
    info = metadata.get("language_info") if type(metadata) is dict else None
    version = info.get("version") if type(info) is dict else None
    ours = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = re.match(r"\d{1,3}\.\d{1,3}", version) if type(version) is str else None
    if found is None or found[0] == ours:
        return []
    return [
        say(
            "The notebook was saved with Python {theirs}; it was graded with Python {ours}.",
            theirs=found[0],
            ours=ours,
        )
    ]


def left_out(cell: str, lines: list[str]) -> str:
    """Name the notebook commands that were left out of an answer cell."""
    line = quotable(lines[0].strip()[:80])
    if not lines[1:]:
        one = mark("The notebook command `{line}` in the cell {cell} was left out.")
        return say(one, line=line, cell=cell)
    many = mark("The notebook command `{line}` and {n} more in the cell {cell} were left out.")
    return say(many, n=len(lines) - 1, line=line, cell=cell)


def missing_libraries(errors: Mapping[str, str]) -> list[str]:
    """Name the libraries that answers import and that are not there; the errors are by task."""
    found = [(task, _NO_MODULE.search(error)) for task, error in errors.items()]
    return [
        say(
            "The answer to task {task} imports `{name}`, which is not in the course's environment.",
            task=task,
            name=match[1],
        )
        for task, match in found
        if match
    ]


def second_way(task: str, alone: Verdict, other_version: bool) -> str:
    """Say that a task has its points from the run of the whole notebook, and why."""
    if other_version:
        return say(
            "Task {task} has several versions in the notebook; the one that scores most counts, "
            "which is not the last.",
            task=task,
        )
    messages = [alone.error or "", *(result.message for result in alone.results)]
    unknown = next(filter(None, map(_UNKNOWN_NAME.search, messages)), None)
    if unknown:
        return say(
            "Task {task} got its points from the whole notebook, run from top to bottom: its "
            "answer cell alone lacks `{name}`.",
            task=task,
            name=unknown[1],
        )
    return say(
        "Task {task} got its points from the whole notebook, run from top to bottom: its answer "
        "cell alone scores less.",
        task=task,
    )
