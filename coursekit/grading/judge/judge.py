"""Judge the text of an answer: run its cells, then the tests of its task."""

from collections.abc import Sequence
from typing import Any

from coursekit.grading.course.answer_cells import AnswerCells
from coursekit.grading.course.notebook import Exercise, Task, parse
from coursekit.grading.course.paths import Course, find_course
from coursekit.grading.course.submission import defined_names
from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.grading.judge.forbidden_imports import refusal, refused_source
from coursekit.grading.judge.limits import SECONDS, quiet_screen
from coursekit.grading.judge.local import new_namespace, run_cell
from coursekit.grading.judge.recording import Recording, recording_of
from coursekit.grading.judge.runner import judge_namespace
from coursekit.grading.judge.verdict import Verdict, ungraded


def judge_answer(
    task: str,
    code: str | Sequence[str],
    *,
    course: Course | None = None,
    seconds: float = SECONDS,
) -> Verdict:
    """Judge an answer to a task, as ``coursekit grade`` does if it is the only one.

    The code runs in this process, after the exercise's setup and without the other tasks' answers.

    Parameters
    ----------
    task : str
        Such as ``"05.2"``.
    code : str or sequence of str
        The text of the answer cell, or of several cells, which are run in order.
    course : Course, optional
        Default: the one that contains the current folder, or else this package.
    seconds : float
        Wall time that a cell and each call of the answer may take. Python can enforce it in the
        main thread only.

    Returns
    -------
    Verdict
        Its ``points`` of ``possible``; its ``status``, ``"done"``, ``"wrong"``, ``"missing"``,
        ``"refused"`` or ``"fault"``; ``mistake``, the sentence of a known mistake, or None; and
        ``sentence``, the whole report that a student reads.

    Raises
    ------
    CourseError
        If there is no such task.
    """
    course = course or find_course()
    recording = recording_of(course, task)
    exercise = parse(recording.notebook, recording.name)
    cells = [code] if isinstance(code, str) else list(code)
    handed_out = [stub.strip() for stub in exercise.tasks[task].answers.values()]
    submitted = AnswerCells({task: {f"answer {k}": cell for k, cell in enumerate(cells)}})
    if [cell.strip() for cell in cells] == handed_out:
        submitted.empty.add(task)
    namespace = setup_namespace(exercise)
    return judge_task(course, recording, exercise.tasks[task], submitted, namespace, seconds)


def setup_namespace(exercise: Exercise) -> dict[str, Any]:
    """Run the setup cells of an exercise; return the globals."""
    namespace = new_namespace()
    with quiet_screen():
        for id, source in exercise.setup.items():
            run_cell(source, namespace, id)
    return namespace


def judge_task(
    course: Course,
    recording: Recording,
    task: Task,
    submitted: AnswerCells,
    namespace: dict[str, Any],
    seconds: float = SECONDS,
) -> Verdict:
    """Run the answer cells of one task in a namespace, and judge the answers defined there."""
    for name in defined_names(task.answers) & set(namespace):
        del namespace[name]  # an earlier task's function must not be taken for this one's
    if task.id in submitted.empty:
        return ungraded(task, "missing")
    error = submitted.errors.get(task.id)
    if error:
        return ungraded(task, "failed", error)
    for id, source in submitted.answers[task.id].items():
        if module := refused_source(source):
            return ungraded(task, "refused", refusal(module))
        try:
            with quiet_screen():
                run_cell(source, namespace, id, seconds)
        except AnswerError as stopped:
            error = stopped.message
    verdict = judge_namespace(course, recording, task.id, namespace, seconds)
    verdict.error = error
    return verdict
