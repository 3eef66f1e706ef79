"""Grade one submission: the tests run here, its answers in a sandbox."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from coursekit.grading.batch.base.records import (
    Grade,
    Settings,
    SubmittedFile,
    TaskGrade,
    TestGrade,
)
from coursekit.grading.batch.grader.backends import NOT_TESTED
from coursekit.grading.batch.grader.judging import Judging
from coursekit.grading.batch.grader.remarks import other_python
from coursekit.grading.batch.hand_ins.notebook_file import exercise_name, notebook_of
from coursekit.grading.course.explanation import MOST, asked
from coursekit.grading.course.notebook import Notebook, Task
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.course.submission import language_of
from coursekit.grading.judge.answer_proxy import ReferenceFailed
from coursekit.grading.judge.recording import StaleRecording
from coursekit.grading.judge.values import printable
from coursekit.grading.judge.verdict import TestResult, Verdict
from coursekit.language import mark, say, say_n, speaking
from coursekit.one_thread import use_one_thread

MAX_MESSAGE = 1_000  # characters
MAX_CODE = 20_000
MAX_REMARKS = 40
OTHER_INPUTS = mark(
    "It passes the notebook's check but fails on other inputs. "
    "Does it depend on the example values?"
)


def grade_one(submission: SubmittedFile, settings: Settings, spoken: str | None = None) -> Grade:
    """Grade one submission.

    The tests run with the notebook's inputs to find what is wrong, and which known mistake it is.
    The points come from another run, whose inputs are drawn from a secret seed of the submission's
    own. They enter the sandbox of the first only after the messages for the student are complete,
    so no message can contain them.

    Parameters
    ----------
    submission : SubmittedFile
        A file with any content.
    settings : Settings
        The same for all submissions of a run.
    spoken : str, optional
        In which language; default: that of the notebook.

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
    use_one_thread()  # for the tests and the course's own answers, which run here
    who = (submission.student, submission.name, submission.file)
    remarks = submission.remarks()
    grade = Grade(*who, "", remarks=remarks, unsafe=settings.unsafe, language=settings.language)
    course = Course(settings.root)
    try:
        if submission.error:
            raise CourseError(submission.error)
        notebook = notebook_of(submission)
        grade = replace(grade, language=language_of(notebook))
        spoken = spoken or grade.language
        with speaking(spoken):
            grade = replace(grade, remarks=submission.remarks())
            name = exercise_name(course, notebook)
    except CourseError as error:
        return replace(grade, remarks=[*grade.remarks, printable(str(error))])
    if settings.only not in (None, name):
        return replace(grade, exercise=name)
    with speaking(spoken):
        return _graded(course.edition(spoken, name), grade, submission, notebook, settings, name)


def _graded(
    course: Course,
    grade: Grade,
    submission: SubmittedFile,
    notebook: Notebook,
    settings: Settings,
    name: str,
) -> Grade:
    seed = settings.repeat
    if seed is None:
        seed = own_seed(settings.seed, submission.student, name, submission.content)
    judged = Judging(course, name, notebook, settings, seed).run()
    answers = judged.answers
    tasks = [
        _task_grade(task, judged.hidden[id], judged.public[id], answers.answers.get(id, {}))
        for id, task in judged.exercise.tasks.items()
    ]
    own = [*answers.remarks, *judged.remarks, *other_python(notebook["metadata"])]
    remarks = [*grade.remarks, *own]
    stem = Path(submission.file).stem
    if stem in course.names and stem != name:
        named = mark("The file is named {file}, but its cells are those of {exercise}.")
        remarks.insert(0, say(named, file=stem, exercise=name))
    return replace(
        grade,
        exercise=name,
        tasks=tasks,
        remarks=_first(remarks),
        seed=seed,
        question=asked(judged.exercise.texts),
        explanation=_lines(answers.explanation.text[:MOST]) if answers.explanation else "",
    )


def _first(remarks: list[str]) -> list[str]:
    """Keep as many remarks as a person would read; some quote what a student wrote."""
    remarks = [*map(printable, remarks)]
    more = len(remarks) - MAX_REMARKS
    if more <= 0:
        return remarks
    counted = say_n(more, "{n} more remark is not shown.", "{n} more remarks are not shown.")
    return [*remarks[:MAX_REMARKS], counted]


def _lines(text: str) -> str:
    """Make each line printable, and keep the line breaks."""
    return "\n".join(map(printable, text.split("\n")))


def own_seed(seed: int, student: str, exercise: str, content: bytes) -> int:
    """Derive the seed of one submission's hidden inputs from the gradebook's secret one."""
    text = f"{seed}\n{student}\n{exercise}\n{hashlib.sha256(content).hexdigest()}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:6], "big")


def _task_grade(
    task: Task, hidden: Verdict, public: Verdict, cells: Mapping[str, str]
) -> TaskGrade:
    """Take points from the hidden inputs and messages from the notebook's."""
    for result in [*hidden.results, *public.results]:
        _attribute_fault(result)
    by_test = {result.test: result for result in public.results}
    failed = (result.test for result in hidden.results if not result.passed)
    to_try = next((test for test in failed if by_test[test].example), None)
    tests = [
        TestGrade(
            test=result.test,
            tried=result.tried,
            points=result.points,
            status=result.status,
            message=_sentence(_public_message(result, by_test[result.test])),
            detail=_sentence(result.message),
            example=by_test[result.test].example if result.test == to_try else "",
        )
        for result in hidden.results
        if result.test  # a task that is not tested has none
    ]
    mistake = public.mistake
    if hidden.status == "done":
        mistake = None
    elif public.status == "done":
        mistake = say(OTHER_INPUTS)
    return TaskGrade(
        task=task.id,
        title=task.title,
        points=hidden.points,
        possible=task.points,
        status=hidden.status,
        mistake=mistake,
        error=_sentence(hidden.error) if hidden.error else None,
        tests=tests,
        code=_code("\n\n".join(cells.values())),
    )


def _code(source: str) -> str:
    return "\n".join(map(printable, source.expandtabs(4).splitlines()))[:MAX_CODE]


def _public_message(hidden: TestResult, public: TestResult) -> str:
    if hidden.passed:
        return ""
    if public.passed:
        return say(OTHER_INPUTS)
    return public.message or say(NOT_TESTED)


def _sentence(text: str) -> str:
    return printable(text)[:MAX_MESSAGE]


def _attribute_fault(result: TestResult) -> None:
    """Count a test that an unexpected result broke as failed, unless the course is at fault."""
    if result.fault is None or result.fault is ReferenceFailed:
        return
    if result.fault is StaleRecording:
        raise CourseError(
            say(
                "The tests of {task} have changed since they were recorded. Run `coursekit "
                "exercises {exercise}`.",
                task=result.task,
                exercise=result.task[:2],
            )
        )
    large = issubclass(result.fault, MemoryError)  # see `grading_process.limited_memory`
    result.status = "failed"
    result.message = (
        say("The result is too large to be tested.")
        if large
        else say("The result has the wrong type for this task.")
    )
