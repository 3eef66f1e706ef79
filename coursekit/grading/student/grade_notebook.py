"""Grade a whole notebook in this process: the student's own, on the student's machine.

The cells run in the notebook's order, and each task is judged right after its own, as if the checks
were run from top to bottom. An error in one cell costs only its own task.
"""

from dataclasses import dataclass
from pathlib import Path

from coursekit.grading.course.answer_cells import read_submission
from coursekit.grading.course.notebook import Exercise, parse
from coursekit.grading.course.paths import Course
from coursekit.grading.course.submission import load_notebook
from coursekit.grading.judge.judge import judge_task, setup_namespace
from coursekit.grading.judge.limits import SECONDS
from coursekit.grading.judge.recording import recorded
from coursekit.grading.judge.verdict import Verdict


@dataclass(frozen=True)
class GradedNotebook:
    """A notebook with its verdicts, by task."""

    exercise: Exercise
    verdicts: dict[str, Verdict]
    extra: bool = False  # the student has added code cells

    @property
    def failed(self) -> bool:
        """Whether any task failed; unanswered tasks do not count."""
        return any(v.status not in ("done", "missing") for v in self.verdicts.values())


def grade_notebook(
    course: Course, name: str, path: Path, *, seconds: float = SECONDS
) -> GradedNotebook:
    """Judge every task of a notebook.

    Raises
    ------
    CourseError
        If it is not a notebook of this exercise.
    """
    recording = recorded(course, name)
    exercise = parse(recording.notebook, name)
    submitted = read_submission(load_notebook(path), exercise)
    namespace = setup_namespace(exercise)
    verdicts = {
        task.id: judge_task(course, recording, task, submitted, namespace, seconds)
        for task in exercise.tasks.values()
    }
    return GradedNotebook(exercise, verdicts, submitted.extra)
