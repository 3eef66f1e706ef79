"""The course's own answers, run live: for those who have ``solutions/``."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from coursekit.grading.course.notebook import Exercise, Task, parse
from coursekit.grading.course.paths import Course
from coursekit.grading.course.submission import load_notebook
from coursekit.grading.judge.answer_proxy import Source, SourceOf
from coursekit.grading.judge.cells import fresh, run_cell
from coursekit.grading.judge.local import LocalSource


def read_notebook(path: Path) -> Any:
    """Read a notebook of any format version as format 4."""
    import nbformat

    return nbformat.read(path, as_version=4)


def solution(course: Course, name: str) -> Exercise:
    """Read an exercise with its answers."""
    # As JSON: to load nbformat would take longer than to grade some submissions.
    return parse(load_notebook(course.solutions / f"{name}.ipynb"), name)


def namespace(exercise: Exercise, task: Task, answer: Mapping[str, str] | None = None) -> Any:
    """Run the setup, the course's answer to one task, and perhaps another answer over it.

    Parameters
    ----------
    exercise : Exercise
        With its solutions.
    task : Task
        No other task's answers are run, for none may depend on another.
    answer : mapping of str to str, optional
        More cells, by id.

    Returns
    -------
    dict
        The globals.
    """
    space = fresh()
    for id, source in {**exercise.setup, **task.answers}.items():
        run_cell(source, space, id)
    for id, source in (answer or {}).items():
        run_cell(source, space, id)
    return space


def live(exercise: Exercise) -> SourceOf:
    """Make a source of the course's own answers, run in this process."""

    @cache
    def space(task: str) -> dict[str, Any]:
        made: dict[str, Any] = namespace(exercise, exercise.tasks[task])
        return made

    def source(task: str, test: str) -> Source:
        return LocalSource(space(task))

    return source


@cache
def live_reference(root: Path, tests: str) -> SourceOf:
    """Make a source of the answers that the test module of this name judges."""
    return live(solution(Course(root), tests.removeprefix("test_")))
