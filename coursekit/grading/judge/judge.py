"""From answers to a verdict: the tests of one task, and the mistake that they point to."""

from collections.abc import Mapping, Sequence

from coursekit.grading.course.paths import Course
from coursekit.grading.judge.answer_proxy import SourceOf
from coursekit.grading.judge.fixtures import PUBLIC_SEED
from coursekit.grading.judge.misconceptions import Mistake, name_mistake
from coursekit.grading.judge.runner import run
from coursekit.grading.judge.verdict import Outcome, Verdict


def judge(
    course: Course,
    name: str,
    *,
    student: SourceOf,
    reference: SourceOf,
    mistakes: Mapping[str, Sequence[Mistake]],
    task: str | None = None,
    seed: int = PUBLIC_SEED,
) -> dict[str, Verdict]:
    """Try a student's answers.

    Parameters
    ----------
    course : Course
        Where the tests lie.
    name : str
        The exercise.
    student, reference : callable ``(task, test) -> Source``
        Where the answers run.
    mistakes : mapping
        Of each task, as recorded for this seed.
    task : str, optional
        Only this one.
    seed : int
        Of the tests' random inputs.

    Returns
    -------
    dict
        A verdict for each task, in order.
    """
    outcomes = run(
        course.test_file(name), student=student, reference=reference, task=task, seed=seed
    )
    return verdicts(outcomes, mistakes)


def verdicts(
    outcomes: Sequence[Outcome], mistakes: Mapping[str, Sequence[Mistake]]
) -> dict[str, Verdict]:
    """A verdict for each task, in order; parameters as for `judge`."""
    by_task: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_task.setdefault(outcome.task, []).append(outcome)
    return {
        task: Verdict(task, of_task, name_mistake(of_task, mistakes.get(task, ())))
        for task, of_task in by_task.items()
    }
