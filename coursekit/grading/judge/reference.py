"""The course's own answers, run live; needs ``solutions/``."""

import warnings
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from coursekit.grading.course.notebook import Exercise, Task, parse
from coursekit.grading.course.paths import Course
from coursekit.grading.course.submission import load_notebook
from coursekit.grading.judge.answer_proxy import Backend, BackendFactory
from coursekit.grading.judge.local import LocalBackend, new_namespace
from coursekit.grading.judge.runner import load_cases


def read_notebook(path: Path) -> Any:
    """Read a notebook in any format version; return it in format 4.

    Cells without an id, which some editors write, get one.
    """
    import nbformat
    from nbformat.warnings import MissingIDFieldWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingIDFieldWarning)
        return nbformat.read(path, as_version=4)


def solution(course: Course, name: str) -> Exercise:
    """Read an exercise with its answers."""
    # As JSON: importing nbformat takes longer than grading some submissions.
    return parse(load_notebook(course.solutions / f"{name}.ipynb"), name)


def points_by_task(course: Course, name: str) -> dict[str, float]:
    """Sum the points of each task's tests, which are the only place where points are set."""
    points: dict[str, float] = {}
    for case in load_cases(course.test_file(name)):
        points[case.task] = round(points.get(case.task, 0) + case.points, 6)
    return points


def reference_namespace(exercise: Exercise, task: Task) -> dict[str, Any]:
    """Run the setup and the course's own answer to one task; return the globals.

    The answers to other tasks are not run, because no task may depend on another.
    """
    namespace = new_namespace()
    for id, source in {**exercise.setup, **task.answers}.items():
        exec(_compiled(source, f"<{id}>"), namespace)
    return namespace


@cache
def _compiled(source: str, name: str) -> CodeType:
    return compile(source, name, "exec")


def run_reference(exercise: Exercise) -> BackendFactory:
    """Make backends that run the course's own answers in this process."""

    @cache
    def namespace(task: str) -> dict[str, Any]:
        return reference_namespace(exercise, exercise.tasks[task])

    def backend(task: str, test: str) -> Backend:
        return LocalBackend(namespace(task), trusted=True)

    return backend
