"""Write ``exercises/`` and the recorded outcomes from ``solutions/``: the maintainer's command."""

import json
from pathlib import Path

from coursekit.grading.authoring.catalogue import Known, read_catalogue
from coursekit.grading.authoring.student_version import BadExercise, holds_work, released
from coursekit.grading.course.files import notebook_text, write_atomically
from coursekit.grading.course.notebook import Exercise, parse
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.judge.answer_proxy import Source, SourceOf
from coursekit.grading.judge.local import LocalSource
from coursekit.grading.judge.misconceptions import Mistake
from coursekit.grading.judge.recording import (
    Recording,
    differences,
    dumps,
    load,
    to_json,
)
from coursekit.grading.judge.reference import live, namespace, read_notebook
from coursekit.grading.judge.runner import run
from coursekit.grading.judge.verdict import Outcome


def write_exercise(course: Course, name: str) -> str:
    """Generate the student's notebook of one exercise, and record.

    A notebook that holds an answer, or a cell of the student's own, is left alone.

    Returns
    -------
    str
        What was done, a sentence.

    Raises
    ------
    CourseError
        If the source, the tests and the catalogue don't fit together.
    """
    path = course.exercises / f"{name}.ipynb"
    record_path = course.recorded_file(name)
    recording = record(course, name)
    stubs = [recording.notebook]
    if record_path.exists():
        stubs.append(load(record_path).notebook)
    _renew(record_path, dumps(to_json(recording)) + "\n")
    if path.exists() and holds_work(read_notebook(path), *stubs):
        return (
            f"{name}: recorded; exercises/{name}.ipynb holds answers and stays as it is "
            f"(`coursekit reset {name[:2]} --keep-answers` brings its other cells up to date)"
        )
    write_atomically(path, notebook_text(recording.notebook))
    return f"{name}: written and recorded"


def _renew(path: Path, text: str) -> None:
    """Write a recording, unless it differs from the old one in the last bits of floats only."""
    if path.exists():
        old = path.read_text(encoding="utf-8")
        if old == text or not differences(json.loads(old), json.loads(text)):
            return
    write_atomically(path, text)


def record(course: Course, name: str) -> Recording:
    """Run the course's own answers and all known mistakes, and take down what they do."""
    notebook = read_notebook(course.solutions / f"{name}.ipynb")
    try:
        student = released(notebook, name)
    except BadExercise as error:
        raise CourseError(str(error)) from None
    exercise = parse(notebook, name)
    own = live(exercise)
    outcomes = run(course.test_file(name), student=own, reference=own)
    _agree(exercise, outcomes)
    mistakes: dict[str, list[Mistake]] = {task: [] for task in exercise.tasks}
    for known in read_catalogue(course.answers_file(name)):
        if known.task not in mistakes:
            raise CourseError(f"{course.answers_file(name).name}: there is no task {known.task}")
        if not known.right:
            tried = try_known(course, exercise, known, own)
            failed = frozenset(o.test for o in tried if not o.passed)
            logs = {outcome.test: outcome.student for outcome in tried}
            mistakes[known.task].append(Mistake(known.says, failed, logs))
    return Recording(
        name=name,
        title=exercise.title,
        notebook=student,
        points={task.id: task.points for task in exercise.tasks.values()},
        titles={task.id: task.title for task in exercise.tasks.values()},
        reference={outcome.test: outcome.reference.calls for outcome in outcomes},
        mistakes=mistakes,
    )


def try_known(
    course: Course, exercise: Exercise, known: Known, reference: SourceOf
) -> list[Outcome]:
    """Run the tests of a task with a known answer to it."""
    task = exercise.tasks[known.task]
    space = namespace(exercise, task, {f"answer-{known.task.replace('.', '-')}": known.source})

    def source(task: str, test: str) -> Source:
        return LocalSource(space, seconds=20)

    return run(course.test_file(exercise.name), student=source, reference=reference, task=task.id)


def _agree(exercise: Exercise, outcomes: list[Outcome]) -> None:
    """Check that tests and notebook name the same tasks and points, and that the answers pass."""
    points: dict[str, float] = {}
    for outcome in outcomes:
        points[outcome.task] = points.get(outcome.task, 0) + outcome.points
        if not outcome.passed:
            raise CourseError(
                f"{exercise.name}: the course's own answer to {outcome.task} {outcome.status} "
                f"in {outcome.test}: {outcome.message}"
            )
    said = {task.id: task.points for task in exercise.tasks.values()}
    if {task: round(sum_, 6) for task, sum_ in points.items()} != said:
        raise CourseError(f"{exercise.name}: points are {said} in the notebook, {points} in tests")
