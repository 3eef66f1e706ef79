"""Run an exercise's tests for one submission, with the notebook's inputs or with hidden ones."""

from collections.abc import Collection, Iterable

from coursekit.grading.course.notebook import Exercise
from coursekit.grading.course.paths import Course
from coursekit.grading.judge.answer_proxy import BackendFactory
from coursekit.grading.judge.recording import Recording
from coursekit.grading.judge.reference import run_reference
from coursekit.grading.judge.runner import judge
from coursekit.grading.judge.verdict import TestResult, Verdict

Verdicts = dict[str, Verdict]


class TestRuns:
    """Runs the tests of some tasks.

    Parameters
    ----------
    course : Course
        Contains the tests.
    exercise : Exercise
        With the course's own answers.
    recording : Recording
        Of what they do in the notebook's checks, and of the known mistakes.
    seed : int
        Of the hidden inputs.
    """

    __test__ = False  # pytest must not collect it

    def __init__(self, course: Course, exercise: Exercise, recording: Recording, seed: int) -> None:
        self._course, self._exercise = course, exercise
        self._recording, self._seed = recording, seed

    def public(self, student: BackendFactory, tasks: Collection[str]) -> Verdicts:
        """Run them with the inputs of the notebook's checks."""
        return judge(
            self._course,
            self._exercise.name,
            student=student,
            reference=self._recording.source,
            mistakes=self._recording.mistakes,
            tasks=tasks,
        )

    def hidden(
        self, student: BackendFactory, tasks: Collection[str], *, persist: bool = True
    ) -> Verdicts:
        """Run them with inputs of the submission's own; `persist` is as for `judge`."""
        return judge(
            self._course,
            self._exercise.name,
            student=student,
            # A new reference for each test, as the answer is: no state is shared.
            reference=lambda task, test: run_reference(self._exercise)(task, test),
            mistakes={},
            tasks=tasks,
            seed=self._seed,
            order=self._seed,
            persist=persist,
        )


def not_run(results: Iterable[TestResult]) -> list[TestResult]:
    """Those whose answer was stopped, and those that were skipped therefore."""
    return [result for result in results if result.status in ("stopped", "skipped")]
