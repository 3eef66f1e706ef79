"""Grade one submission: the tests run here, its answers in a sandbox."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from coursekit.grading.batch.collection import exercise_name, notebook_of
from coursekit.grading.batch.results import Grade, Settings, SubmittedFile, TaskGrade, TestGrade
from coursekit.grading.batch.sandbox.bubblewrap import Command, command, unsafe_command
from coursekit.grading.batch.sandbox.time_left import TimeLeft
from coursekit.grading.batch.sandboxed_answers import SandboxedAnswers
from coursekit.grading.batch.untested import NOT_TESTED, limited_to
from coursekit.grading.course.notebook import Exercise, Task, parse
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.course.submission import AnswerCells, defined_names, read_submission
from coursekit.grading.judge.forbidden_imports import refusal
from coursekit.grading.judge.recording import Recording, recorded
from coursekit.grading.judge.reference import run_reference, solution
from coursekit.grading.judge.runner import judge
from coursekit.grading.judge.values import printable
from coursekit.grading.judge.verdict import TestResult, Verdict, ungraded

MAX_CELL = 100_000  # characters
MAX_MESSAGE = 1_000  # characters
OTHER_INPUTS = (
    "It passes the notebook's check but fails on other inputs. "
    "Does it depend on the example values?"
)
TOOK_TOO_LONG = (
    "The answers together took all the time that one notebook has; what came after was not tested."
)


def grade_one(submission: SubmittedFile, settings: Settings) -> Grade:
    """Grade one submission.

    The tests run twice. The first run has the notebook's inputs and finds what is wrong, and which
    known mistake it is. The points come from the second run, whose inputs are drawn from a secret
    seed of the submission's own. They enter the sandbox only after the messages for the student are
    complete, so no message can contain them.

    Parameters
    ----------
    submission : SubmittedFile
        A file with any content.
    settings : Settings
        The same for all submissions of a run.

    Returns
    -------
    Grade
        Equal for equal submissions, settings and courses. Whatever is wrong with the file is a
        remark, not an exception.

    Raises
    ------
    SandboxUnavailable, SandboxKilled
        If no sandbox can be started here, or something outside stopped one.
    CourseError
        If the exercise has no recording or no solution, or its tests are those of other tasks.
    """
    who = (submission.student, submission.name, submission.file)
    grade = Grade(*who, "", remarks=[*submission.remarks], unsafe=settings.unsafe)
    course = Course(settings.root)
    try:
        if submission.error:
            raise CourseError(submission.error)
        notebook = notebook_of(submission)
        name = exercise_name(course, notebook)
    except CourseError as error:
        return replace(grade, remarks=[*grade.remarks, printable(str(error))])
    if settings.only not in (None, name):
        return replace(grade, exercise=name)
    recording, exercise = recorded(course, name), solution(course, name)
    handed_out = parse(recording.notebook, name)
    try:
        answers = read_submission(notebook, handed_out)
    except CourseError as error:
        return replace(grade, remarks=[*grade.remarks, printable(str(error))])
    seed = settings.repeat
    if seed is None:
        seed = own_seed(settings.seed, submission.student, name, submission.content)
    total = TimeLeft.of(settings.total)
    hidden, public, commands = _judge_twice(
        course, recording, exercise, handed_out.tasks, answers, settings, seed, total
    )
    if set(hidden) != set(exercise.tasks):
        odd = ", ".join(sorted(set(hidden) ^ set(exercise.tasks)))
        raise CourseError(f"The tests of {name} and its notebook have different tasks: {odd}.")
    tasks = [_task_grade(task, hidden[id], public[id]) for id, task in exercise.tasks.items()]
    remarks = [
        *grade.remarks,
        *([TOOK_TOO_LONG] if total.is_over else []),
        *answers.remarks,
        *(_left_out(cell, lines) for cell, lines in commands.items() if lines),
    ]
    stem = Path(submission.file).stem
    if stem in course.names and stem != name:
        remarks.insert(0, f"The file is named {stem}, but its cells are those of {name}.")
    return replace(grade, exercise=name, tasks=tasks, remarks=remarks, seed=seed)


def own_seed(seed: int, student: str, exercise: str, content: bytes) -> int:
    """Derive the seed of one submission's hidden inputs from the gradebook's secret one."""
    text = f"{seed}\n{student}\n{exercise}\n{hashlib.sha256(content).hexdigest()}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:6], "big")


@cache
def _command(root: Path, unsafe: bool) -> Command:
    return unsafe_command() if unsafe else command(root)


def _judge_twice(
    course: Course,
    recording: Recording,
    exercise: Exercise,
    tasks: Mapping[str, Task],
    answers: AnswerCells,
    settings: Settings,
    seed: int,
    total: TimeLeft,
) -> tuple[dict[str, Verdict], dict[str, Verdict], dict[str, list[str]]]:
    """Judge with hidden inputs and with the notebook's; return both, and the commands left out."""
    ended: dict[str, Verdict] = {}  # tasks whose answers are not called
    for id, task in tasks.items():
        error = answers.errors.get(id)
        large = [cell for cell, source in answers.answers[id].items() if len(source) > MAX_CELL]
        if large and not error:
            error = f"The cell {large[0]} has more than {MAX_CELL} characters."
        if id in answers.empty:
            ended[id] = ungraded(task, "missing")
        elif error:
            ended[id] = ungraded(task, "failed", error)
    open_ = [id for id in tasks if id not in ended]
    if not open_:
        return ended, ended, {}
    with SandboxedAnswers(
        _command(course.root, settings.unsafe),
        exercise.setup,
        {id: sorted(defined_names(tasks[id].answers)) for id in open_},
        {id: answers.answers[id] for id in open_},
        seconds=settings.seconds,
        budget=settings.budget,
        total=total,
    ) as sandboxed:
        sandboxed.read()
        for id, module in sandboxed.refused.items():
            ended[id] = ungraded(tasks[id], "refused", refusal(module))
        open_ = [id for id in open_ if id not in ended]
        if not open_:
            return ended, ended, sandboxed.commands
        # first the inputs that students see
        public = judge(
            course,
            exercise.name,
            student=limited_to(open_, sandboxed.source, {}),
            reference=recording.source,
            mistakes=recording.mistakes,
        )
        errors = dict(sandboxed.errors)
        sandboxed.reset()
        # The second run leaves out the tests that stopped an answer's process.
        results = [result for verdict in public.values() for result in verdict.results]
        stops = {result.test: result.message for result in results if result.status == "stopped"}
        # a new reference, so that no state is shared between submissions
        hidden = judge(
            course,
            exercise.name,
            student=limited_to(open_, sandboxed.source, stops),
            reference=run_reference(exercise),
            mistakes={},
            seed=seed,
        )
    for id in open_:
        hidden[id].error = public[id].error = errors.get(id)
    return hidden | ended, public | ended, sandboxed.commands


def _task_grade(task: Task, hidden: Verdict, public: Verdict) -> TaskGrade:
    """Take points from the hidden inputs and messages from the notebook's."""
    for result in [*hidden.results, *public.results]:
        _attribute_fault(result)
    by_test = {result.test: result for result in public.results}
    tests = [
        TestGrade(
            test=result.test,
            tried=result.tried,
            points=result.points,
            status=result.status,
            message=_sentence(_public_message(result, by_test[result.test])),
            detail=_sentence(result.message),
        )
        for result in hidden.results
        if result.test  # a task that is not tested has none
    ]
    mistake = public.mistake
    if hidden.status == "done":
        mistake = None
    elif public.status == "done":
        mistake = OTHER_INPUTS
    return TaskGrade(
        task=task.id,
        title=task.title,
        points=hidden.points,
        possible=task.points,
        status=hidden.status,
        mistake=mistake,
        error=_sentence(hidden.error) if hidden.error else None,
        tests=tests,
    )


def _public_message(hidden: TestResult, public: TestResult) -> str:
    if hidden.passed:
        return ""
    if public.passed:
        return OTHER_INPUTS
    return public.message or NOT_TESTED


def _sentence(text: str) -> str:
    return printable(text)[:MAX_MESSAGE]


def _attribute_fault(result: TestResult) -> None:
    """Count a test that an unexpected result broke as failed, unless the course is at fault."""
    ours = ("RuntimeError: the course's own", "StaleRecording")
    if result.status == "fault" and not result.message.startswith(ours):
        large = "MemoryError" in result.message  # see `grading_process.limited_memory`
        result.status = "failed"
        result.message = (
            "The result is too large to be tested."
            if large
            else "The result has the wrong type for this task."
        )


def _left_out(cell: str, lines: list[str]) -> str:
    line = lines[0].strip()[:80]
    more = f" and {len(lines) - 1} more" if lines[1:] else ""
    return f"The notebook command `{line}`{more} in the cell {cell} was left out."
