"""Write ``exercises/`` and the recordings from ``solutions/``: the maintainer's command."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursekit.grading.authoring.catalogue import CatalogueEntry, read_catalogue
from coursekit.grading.authoring.student_version import holds_work, released
from coursekit.grading.course.notebook import (
    Exercise,
    cell_id,
    notebook_text,
    parse,
    source_of,
    task_id,
)
from coursekit.grading.course.paths import Course, CourseError, write_atomically
from coursekit.grading.judge.answer_proxy import BackendFactory
from coursekit.grading.judge.local import LocalBackend, run_cell
from coursekit.grading.judge.misconceptions import Mistake
from coursekit.grading.judge.recording import Recording, differences, dumps, load, to_json
from coursekit.grading.judge.reference import read_notebook, reference_namespace, run_reference
from coursekit.grading.judge.runner import run
from coursekit.grading.judge.verdict import TestResult


def write_exercise(course: Course, name: str) -> str:
    """Generate the student's notebook of one exercise, and record.

    A notebook that contains an answer, or a cell that was added, is left alone.

    Returns
    -------
    str
        What was done, a sentence.

    Raises
    ------
    CourseError
        If the notebook, the tests and the catalogue contradict each other.
    """
    path = course.exercises / f"{name}.ipynb"
    record_path = course.recorded_file(name)
    recording = record(course, name)
    stubs = [recording.notebook]
    text = dumps(to_json(recording)) + "\n"
    if record_path.exists():
        stubs.append(load(record_path).notebook)
        old = record_path.read_text(encoding="utf-8")
        if not differences(json.loads(old), json.loads(text)):
            text = old  # they differ in the last bits of floats only
    write_atomically(record_path, text)
    if path.exists() and holds_work(read_notebook(path), *stubs):
        return (
            f"{name}: recorded; exercises/{name}.ipynb contains answers and was left unchanged "
            f"(`coursekit reset {name[:2]} --keep-answers` brings its other cells up to date)"
        )
    write_atomically(path, notebook_text(recording.notebook))
    return f"{name}: written and recorded"


def stale(course: Course, name: str) -> list[str]:
    """List what `write_exercise` would change, except for answers, outputs and added cells."""
    path = course.recorded_file(name)
    if not path.exists():
        return [f"{path.name} is missing"]
    recording = record(course, name)
    new = json.loads(dumps(to_json(recording)))
    found = differences(json.loads(path.read_text(encoding="utf-8")), new)
    return [*found, *_stale_cells(recording.notebook, course.exercises / f"{name}.ipynb")]


def _stale_cells(stub: Mapping[str, Any], path: Path) -> list[str]:
    if not path.exists():
        return [f"{path.name} is missing"]
    have = {cell_id(cell): cell for cell in read_notebook(path)["cells"]}
    want = {cell_id(cell): cell for cell in stub["cells"]}
    found = [f"{path.name}: {id} is missing" for id in want if id not in have]
    order = [id for id in have if id in want]
    if order != [id for id in want if id in have]:
        found.append(f"{path.name}: the cells are in another order")
    for id in order:
        same_text = task_id(id) or source_of(have[id]) == source_of(want[id])
        metadata = [side[id]["metadata"].get("nbgrader") for side in (have, want)]
        if not same_text or metadata[0] != metadata[1]:
            found.append(f"{path.name}: {id} is out of date")
    return found


def record(course: Course, name: str) -> Recording:
    """Run the course's own answers and all known mistakes, and record their calls."""
    notebook = read_notebook(course.solutions / f"{name}.ipynb")
    student = released(notebook, name)
    exercise = parse(notebook, name)
    own = run_reference(exercise)
    results = run(course.test_file(name), student=own, reference=own)
    _check_agreement(exercise, results)
    mistakes: dict[str, list[Mistake]] = {task: [] for task in exercise.tasks}
    for entry in read_catalogue(course.answers_file(name)):
        if entry.task not in mistakes:
            raise CourseError(f"{course.answers_file(name).name}: there is no task {entry.task}")
        if not entry.right:
            tried = try_entry(course, exercise, entry, own)
            failed = frozenset(result.test for result in tried if not result.passed)
            logs = {result.test: result.student for result in tried}
            mistakes[entry.task].append(Mistake(entry.says, failed, logs))
    return Recording(
        name=name,
        title=exercise.title,
        notebook=student,
        points={task.id: task.points for task in exercise.tasks.values()},
        titles={task.id: task.title for task in exercise.tasks.values()},
        reference={result.test: result.reference.calls for result in results},
        mistakes=mistakes,
    )


def try_entry(
    course: Course, exercise: Exercise, entry: CatalogueEntry, reference: BackendFactory
) -> list[TestResult]:
    """Run the tests of a task on an entry of the catalogue."""
    namespace = reference_namespace(exercise, exercise.tasks[entry.task])
    run_cell(entry.source, namespace, f"answer-{entry.task.replace('.', '-')}")
    return run(
        course.test_file(exercise.name),
        student=lambda task, test: LocalBackend(namespace, seconds=20),
        reference=reference,
        task=entry.task,
    )


def _check_agreement(exercise: Exercise, results: list[TestResult]) -> None:
    """Raise unless tests and notebook have the same tasks and points, and the answers pass."""
    points: dict[str, float] = {}
    for result in results:
        points[result.task] = points.get(result.task, 0) + result.points
        if not result.passed:
            raise CourseError(
                f"{exercise.name}: the course's own answer to {result.task} {result.status} "
                f"in {result.test}: {result.message}"
            )
    in_notebook = {task.id: task.points for task in exercise.tasks.values()}
    if {task: round(total, 6) for task, total in points.items()} != in_notebook:
        raise CourseError(
            f"{exercise.name}: points are {in_notebook} in the notebook, {points} in the tests"
        )
