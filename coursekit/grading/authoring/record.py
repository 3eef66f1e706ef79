"""Write ``exercises/`` and the recordings from ``solutions/``: the maintainer's command."""

import json
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from coursekit.grading.authoring.agreement import check_agreement, odd_tasks, sentences
from coursekit.grading.authoring.answer_catalogue import CatalogueEntry, edited, read_catalogue
from coursekit.grading.authoring.new import to_write
from coursekit.grading.authoring.source_cells import completed
from coursekit.grading.authoring.student_version import BadExercise, holds_work, released
from coursekit.grading.course.notebook import (
    Exercise,
    cell_id,
    is_for_students,
    notebook_text,
    parse,
    source_of,
)
from coursekit.grading.course.paths import Course, CourseError, write_atomically
from coursekit.grading.judge.answer_proxy import BackendFactory
from coursekit.grading.judge.local import LocalBackend, run_cell
from coursekit.grading.judge.misconceptions import Mistake, sketch
from coursekit.grading.judge.recording import Recording, differences, dumps, to_json
from coursekit.grading.judge.reference import (
    points_by_task,
    read_notebook,
    reference_namespace,
    run_reference,
)
from coursekit.grading.judge.runner import run
from coursekit.grading.judge.verdict import TestResult

MOST_PAIRS = 40  # of mistakes in one task: the first ones of the catalogue, which are frequent


def write_exercise(course: Course, name: str) -> str:
    """Generate the student's notebook of one exercise, and record.

    First the cells of its source get their ids, metadata and points, see `completed`. A notebook
    that contains an answer, or a cell that was added, is left alone.

    Returns
    -------
    str
        What was done, a sentence.

    Raises
    ------
    CourseError
        If something is still to be written, or the notebook, the tests and the catalogue contradict
        each other.
    """
    if gaps := to_write(course, name):
        raise CourseError("\n".join([f"{name}: still to be written", *gaps]))
    complete_source(course, name)
    path = course.exercises / f"{name}.ipynb"
    record_path = course.recorded_file(name)
    recording = record(course, name)
    stubs = [recording.notebook]
    text = dumps(to_json(recording)) + "\n"
    if record_path.exists():
        old = record_path.read_text(encoding="utf-8")
        before = json.loads(old)  # perhaps of an earlier version, in another form
        stubs.append(before["notebook"])
        if not differences(before, json.loads(text)):
            text = old  # they differ in the last bits of floats only
    write_atomically(record_path, text)
    if path.exists() and holds_work(read_notebook(path), *stubs):
        return (
            f"{name}: recorded; exercises/{name}.ipynb contains answers and was left unchanged "
            f"(`coursekit reset {name[:2]} --keep-answers` brings its other cells up to date)"
        )
    write_atomically(path, notebook_text(recording.notebook))
    return f"{name}: written and recorded"


def complete_source(course: Course, name: str) -> None:
    """Store the source of an exercise with the ids, metadata and points that its cells need."""
    source = course.solutions / f"{name}.ipynb"
    notebook = read_notebook(source)
    with sentences(name):
        points = points_by_task(course, name)
    if (new := completed(notebook, points)) != notebook:
        write_atomically(source, notebook_text(new))


def stale(course: Course, name: str, *, pairs: bool = True) -> list[str]:
    """List what `write_exercise` would change, except for answers, outputs and added cells.

    Without `pairs`, what is recorded of two mistakes together is left out: it takes longest.
    """
    path = course.recorded_file(name)
    if not path.exists():
        return [f"{path.name} is missing"]
    recording = record(course, name, pairs=pairs)
    old = json.loads(path.read_text(encoding="utf-8"))
    if not pairs:
        for task in old["tasks"].values():
            task["mistakes"] = [one for one in task["mistakes"] if len(one["says"]) == 1]
    found = differences(old, json.loads(dumps(to_json(recording))))
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
        same_text = is_for_students(id) or source_of(have[id]) == source_of(want[id])
        metadata = [side[id]["metadata"].get("nbgrader") for side in (have, want)]
        if not same_text or metadata[0] != metadata[1]:
            found.append(f"{path.name}: {id} is out of date")
    return found


def record(course: Course, name: str, *, pairs: bool = True) -> Recording:
    """Run the course's own answers and all known mistakes, and record their calls."""
    notebook = read_notebook(course.solutions / f"{name}.ipynb")
    odd = odd_tasks(course, name, notebook)
    try:
        student = released(notebook, name)
    except BadExercise as error:
        raise CourseError("\n".join([*odd, str(error)])) from error
    if odd:
        raise CourseError("\n".join(odd))
    exercise = parse(notebook, name)
    own = run_reference(exercise)
    with sentences(name):
        results = run(course.test_file(name), student=own, reference=own)
    check_agreement(course, exercise, results)
    functions = {result.test: _functions(result) for result in results}
    mistakes: dict[str, list[Mistake]] = {task: [] for task in exercise.tasks}
    recording = Recording(
        name=name,
        title=exercise.title,
        notebook=student,
        points={task.id: task.points for task in exercise.tasks.values()},
        titles={task.id: task.title for task in exercise.tasks.values()},
        reference={result.test: result.reference for result in results},
        mistakes=mistakes,
    )
    replayed = recording.source  # as in a check; the course's own answer has just been run
    entries = catalogue_of(course, exercise)
    for entry in entries:
        if not entry.right:
            tried = try_entry(course, exercise, entry, replayed)
            mistakes[entry.task].append(_mistake((entry.says,), tried, functions))
    for task, single in mistakes.items() if pairs else ():
        wrong = [entry for entry in entries if entry.task == task and not entry.right]
        for one, other, both in _pairs(exercise, wrong, single):
            pair = _mistake(
                (one.says, other.says), try_entry(course, exercise, both, replayed), functions
            )
            if pair.failed and not any(_alike(pair, mistake) for mistake in mistakes[task]):
                mistakes[task] = [*mistakes[task], pair]
    return recording


def catalogue_of(course: Course, exercise: Exercise) -> list[CatalogueEntry]:
    """Read the catalogue of an exercise, edits of the course's own answers among it."""
    own = {id: "\n\n".join(task.answers.values()) for id, task in exercise.tasks.items()}
    with sentences(exercise.name):
        return read_catalogue(course.answers_file(exercise.name), own)


def _pairs(
    exercise: Exercise, wrong: list[CatalogueEntry], single: list[Mistake]
) -> list[tuple[CatalogueEntry, CatalogueEntry, CatalogueEntry]]:
    """Make two mistakes of one task together, where that differs from each by itself."""
    made = []
    changed = [pair for pair in zip(wrong, single, strict=True) if pair[0].changes]
    for (one, first), (other, second) in combinations(changed, 2):
        own = "\n\n".join(exercise.tasks[one.task].answers.values())
        together = one.changes.keys() & other.changes.keys()
        source = None if together else edited(own, {**one.changes, **other.changes})
        if source is not None and first.sketches.keys() & second.sketches.keys():
            made.append((one, other, CatalogueEntry(one.task, False, "", source)))
    return made[:MOST_PAIRS]


def _alike(one: Mistake, other: Mistake) -> bool:
    """Whether two mistakes can't be distinguished."""
    return one.failed == other.failed and all(
        test in other.sketches and one.sketches[test].is_like(other.sketches[test])
        for test in one.sketches
    )


def _functions(result: TestResult) -> frozenset[str]:
    """The functions and classes that a test calls."""
    names = (call.target.partition(".")[0] for call in result.student.calls)
    return frozenset(name for name in names if name.isidentifier())


def _mistake(
    says: tuple[str, ...], tried: list[TestResult], functions: Mapping[str, frozenset[str]]
) -> Mistake:
    """Keep what a mistake does in every test of the functions concerned."""
    failed = frozenset(result.test for result in tried if not result.passed)
    called = frozenset[str]().union(*(functions[test] for test in failed))
    concerned = [result for result in tried if functions[result.test] & called]
    return Mistake(says, failed, {result.test: sketch(result.student) for result in concerned})


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
        tasks=[entry.task],
    )
