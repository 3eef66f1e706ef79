"""Grade one submission: the tests run here, its answers in a sandbox."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from coursekit.grading.batch.collection import exercise_name, notebook_of
from coursekit.grading.batch.results import Grade, Settings, SubmittedFile, TaskGrade, TestGrade
from coursekit.grading.batch.sandbox.bubblewrap import Command, command, unsafe_command
from coursekit.grading.batch.sandboxed_answers import SandboxedAnswers
from coursekit.grading.course.notebook import Exercise, Notebook, cell_id, parse, source_of, task_id
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.course.submission import (
    AnswerCells,
    defined_names,
    read_submission,
)
from coursekit.grading.judge.answer_proxy import AnswerError, Backend, BackendFactory
from coursekit.grading.judge.forbidden_imports import refusal
from coursekit.grading.judge.recording import Recording, load
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
NOT_TESTED = "It was not tested, because an earlier test stopped your code."


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
    SandboxUnavailable
        If no sandbox can be started here.
    """
    grade = Grade(submission.student, submission.name, submission.file, "", unsafe=settings.unsafe)
    course = Course(settings.root)
    try:
        if submission.error:
            raise CourseError(submission.error)
        notebook = notebook_of(submission)
        name = exercise_name(course, notebook)
        recording, exercise = _prepared(course.root, name, *_stamps(course, name))
        answers = read_submission(notebook, parse(recording.notebook, name))
    except CourseError as error:
        return replace(grade, remarks=[str(error)])
    seed = settings.repeat
    if seed is None:
        seed = own_seed(settings.seed, submission.student, name, submission.content)
    judged = _Verdicts(course, recording, exercise, answers, settings, seed)
    tasks = [_task_grade(exercise, *judged.verdicts[id]) for id in exercise.tasks]
    remarks = [
        *_remarks(submission, notebook, answers, course, exercise),
        *(_left_out(cell, lines) for cell, lines in judged.commands.items() if lines),
    ]
    return replace(grade, exercise=name, tasks=tasks, remarks=remarks, seed=seed)


def own_seed(seed: int, student: str, exercise: str, content: bytes) -> int:
    """Derive the seed of one submission's hidden inputs from the gradebook's secret one."""
    text = f"{seed}\n{student}\n{exercise}\n{hashlib.sha256(content).hexdigest()}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:6], "big")


def _stamps(course: Course, name: str) -> list[tuple[int, int]]:
    """Times and sizes of the course's files: they may change while this process lives."""
    files = (course.solutions / f"{name}.ipynb", course.recorded_file(name))
    return [(found.st_mtime_ns, found.st_size) for found in (file.stat() for file in files)]


@cache
def _prepared(root: Path, name: str, *stamps: tuple[int, int]) -> tuple[Recording, Exercise]:
    """Read an exercise; the cached result must not be changed."""
    course = Course(root)
    return load(course.recorded_file(name)), solution(course, name)


@cache
def _command(root: Path, unsafe: bool) -> Command:
    return unsafe_command() if unsafe else command(root)


class _Verdicts:
    """One submission's verdicts: for each task with hidden inputs, and with the notebook's."""

    def __init__(
        self,
        course: Course,
        recording: Recording,
        exercise: Exercise,
        answers: AnswerCells,
        settings: Settings,
        seed: int,
    ) -> None:
        self.verdicts: dict[str, tuple[Verdict, Verdict]] = {}
        self.commands: dict[str, list[str]] = {}
        tasks = parse(recording.notebook, exercise.name).tasks
        for task in tasks.values():
            cells = answers.answers[task.id]
            large = [id for id, source in cells.items() if len(source) > MAX_CELL]
            if task.id in answers.empty:
                self._set_result(ungraded(task, "missing"))
            elif error := answers.errors.get(task.id):
                self._set_result(ungraded(task, "failed", error))
            elif large:
                error = f"The cell {large[0]} has more than {MAX_CELL} characters."
                self._set_result(ungraded(task, "failed", error))
        open_ = [id for id in tasks if id not in self.verdicts]
        if not open_:
            return
        with SandboxedAnswers(
            _command(course.root, settings.unsafe),
            exercise.setup,
            {id: sorted(defined_names(tasks[id].answers)) for id in open_},
            {id: answers.answers[id] for id in open_},
            seconds=settings.seconds,
            budget=settings.budget,
        ) as sandboxed:
            sandboxed.read()
            for id, module in sandboxed.refused.items():
                self._set_result(ungraded(tasks[id], "refused", refusal(module)))
            self.commands = sandboxed.commands
            open_ = [id for id in open_ if id not in self.verdicts]
            if not open_:
                return
            # first the inputs that students see
            public = judge(
                course,
                exercise.name,
                student=_limited_to(open_, sandboxed.source, {}),
                reference=recording.source,
                mistakes=recording.mistakes,
            )
            errors = dict(sandboxed.errors)
            sandboxed.reset()
            # a new reference, so that no state is shared between submissions
            hidden = judge(
                course,
                exercise.name,
                student=_limited_to(open_, sandboxed.source, _stopped_tests(public)),
                reference=run_reference(exercise),
                mistakes={},
                seed=seed,
            )
        for id in open_:
            hidden[id].error = public[id].error = errors.get(id)
            self.verdicts[id] = (hidden[id], public[id])

    def _set_result(self, verdict: Verdict) -> None:
        self.verdicts[verdict.task] = (verdict, verdict)


def _stopped_tests(verdicts: Mapping[str, Verdict]) -> dict[str, str]:
    """The tests that stopped an answer's process, which the second run leaves out."""
    outcomes = [outcome for verdict in verdicts.values() for outcome in verdict.results]
    return {o.test: o.message for o in outcomes if o.status == "stopped"}


class _FixedError:
    """A source whose every call raises the same `AnswerError`."""

    output: list[str] = []  # noqa: RUF012  (never changed)

    def __init__(self, kind: str, message: str) -> None:
        self._error = (kind, message)

    def call(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise AnswerError(*self._error)


def _limited_to(
    tasks: Collection[str], source: BackendFactory, stops: Mapping[str, str]
) -> BackendFactory:
    def open_source(task: str, test: str) -> Backend:
        if task not in tasks:
            return _FixedError("missing", NOT_TESTED)
        return _FixedError("stopped", stops[test]) if test in stops else source(task, test)

    return open_source


def _task_grade(exercise: Exercise, hidden: Verdict, public: Verdict) -> TaskGrade:
    """Take points from the hidden inputs and messages from the notebook's."""
    for verdict in (hidden, public):
        for outcome in verdict.results:
            _attribute_fault(outcome)
    by_test = {outcome.test: outcome for outcome in public.results}
    tests = [
        TestGrade(
            test=outcome.test,
            tried=outcome.tried,
            points=outcome.points,
            status=outcome.status,
            message=_sentence(_public_message(outcome, by_test[outcome.test])),
            detail=_sentence(outcome.message),
        )
        for outcome in hidden.results
        if outcome.test  # a task that is not tested has none
    ]
    mistake = public.mistake
    if hidden.status == "done":
        mistake = None
    elif public.status == "done":
        mistake = OTHER_INPUTS
    return TaskGrade(
        task=hidden.task,
        title=exercise.tasks[hidden.task].title,
        points=hidden.points,
        possible=exercise.tasks[hidden.task].points,
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


def _attribute_fault(outcome: TestResult) -> None:
    """Count a test that an unexpected result broke as failed, unless the course is at fault."""
    ours = ("RuntimeError: the course's own", "StaleRecording")
    if outcome.status == "fault" and not outcome.message.startswith(ours):
        outcome.status = "failed"
        outcome.message = "The result has the wrong type for this task."


def _left_out(cell: str, lines: list[str]) -> str:
    line = lines[0].strip()[:80]
    more = f" and {len(lines) - 1} more" if lines[1:] else ""
    return f"The notebook command `{line}`{more} in the cell {cell} was left out."


def _remarks(
    submission: SubmittedFile,
    notebook: Notebook,
    answers: AnswerCells,
    course: Course,
    exercise: Exercise,
) -> list[str]:
    """Describe what is unusual about a notebook but costs no points by itself."""
    remarks = []
    stem = Path(submission.file).stem
    if stem in course.names and stem != exercise.name:
        remarks.append(f"The file is named {stem}, but its cells are those of {exercise.name}.")
    if answers.extra:
        remarks.append(
            "Code cells of your own were not run: an answer cell must define everything it needs."
        )
    known = [id for task in exercise.tasks.values() for id in task.answers]
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    found = [id for id in map(cell_id, code) if id in known]
    for id in dict.fromkeys(found):
        copies = [source_of(cell).strip() for cell in code if cell_id(cell) == id]
        if len(copies) > 1 and task_id(id) not in answers.errors:
            remarks.append(f"The cell {id} occurs {len(copies)} times; this changes nothing.")
    if found != sorted(found, key=known.index):
        remarks.append(
            "The answers are in a different order; they were run in the exercise's order."
        )
    return remarks
