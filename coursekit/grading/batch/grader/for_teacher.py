"""A submission in another language than the teacher's is graded in both."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from coursekit.grading.batch.base.records import Grade, Settings, SubmittedFile, TaskGrade
from coursekit.grading.batch.grader.grade_one import grade_one


def grade_for_both(
    submission: SubmittedFile, settings: Settings, again: Callable[[], None] = lambda: None
) -> Grade:
    """Grade a submission in the notebook's language and, if that is another, in the teacher's.

    Hidden inputs, and so points, are the same in both. Where an answer had no time left in one of
    them, the student's verdict holds.

    Parameters
    ----------
    submission, settings
        As for `grade_one`; so is what it raises.
    again : callable
        Is called before the second time.
    """
    words = grade_one(submission, settings, settings.language)
    if words.language == settings.language:
        return words
    again()
    grade = grade_one(submission, settings)
    pairs = zip(words.tasks, grade.tasks, strict=True)
    tasks = [
        ours if _verdict(ours) == _verdict(theirs) else replace(theirs, title=ours.title)
        for ours, theirs in pairs
    ]
    return replace(grade, for_teacher=replace(words, tasks=tasks))


def _verdict(task: TaskGrade) -> tuple[Any, ...]:
    # A test's parameters may be words, and are others in each language; its place is the same.
    tests = [(test.test.partition("[")[0], test.status) for test in task.tests]
    return task.points, task.status, tests
