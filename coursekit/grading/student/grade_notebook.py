"""Grade whole notebooks on the student's own machine: trusted, in this process.

Cells run in the notebook's order, each task is judged right after its own, as if the checks were
run from top to bottom. What one cell breaks costs its own task.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.grading.course.notebook import Exercise, Task, parse
from coursekit.grading.course.paths import Course
from coursekit.grading.course.submission import (
    Submission,
    defined_names,
    load_notebook,
    read_submission,
)
from coursekit.grading.judge.answer_proxy import AnswerError, Source
from coursekit.grading.judge.cells import fresh, run_cell
from coursekit.grading.judge.forbidden_imports import refusal, refused_source
from coursekit.grading.judge.judge import judge
from coursekit.grading.judge.local import LocalSource
from coursekit.grading.judge.recording import Recording
from coursekit.grading.judge.verdict import Outcome, Verdict
from coursekit.grading.student.check import SECONDS, recorded
from coursekit.grading.student.display import quiet_screen


@dataclass(frozen=True)
class Marked:
    """A notebook with its verdicts, by task."""

    exercise: Exercise
    verdicts: dict[str, Verdict]
    extra: bool = False

    @property
    def wrong(self) -> list[Verdict]:
        """The verdicts that are neither full marks nor an answer not yet written."""
        return [v for v in self.verdicts.values() if v.status not in ("done", "missing")]


def grade_notebook(course: Course, name: str, path: Path) -> Marked:
    """Judge every task of a notebook.

    Raises
    ------
    CourseError
        If it is no notebook of this exercise.
    """
    recording = recorded(course, name)
    exercise = parse(recording.notebook, name)
    submission = read_submission(load_notebook(path), exercise)
    space = fresh()
    with quiet_screen():
        for id, source in exercise.setup.items():
            run_cell(source, space, id)
        verdicts = {
            task.id: _grade_task(course, recording, task, submission, space)
            for task in exercise.tasks.values()
        }
    return Marked(exercise, verdicts, submission.extra)


def _grade_task(
    course: Course,
    recording: Recording,
    task: Task,
    submission: Submission,
    space: dict[str, Any],
) -> Verdict:
    for stale in defined_names(task.answers) & set(space):
        del space[stale]  # an earlier task's function must not stand in for this one's
    if task.id in submission.empty:
        return untried(task, "missing")
    if trouble := submission.troubles.get(task.id):
        return untried(task, "failed", trouble)
    for id, source in submission.answers[task.id].items():
        if module := refused_source(source):
            return untried(task, "refused", refusal(module))
        try:
            run_cell(source, space, id, SECONDS)
        except AnswerError as error:
            trouble = error.message

    def student(task: str, test: str) -> Source:
        return LocalSource(space, SECONDS)

    verdict = judge(
        course,
        recording.name,
        student=student,
        reference=recording.source,
        mistakes=recording.mistakes,
        task=task.id,
    )[task.id]
    verdict.trouble = trouble
    return verdict


def untried(task: Task, status: str, message: str = "") -> Verdict:
    """A verdict without tests: for what was not written, or must not run."""
    outcome = Outcome("", task.id, "", task.points, status, message)
    return Verdict(task.id, [outcome], trouble=message or None)
