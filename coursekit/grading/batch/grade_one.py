"""From one submission to its mark: the tests here, the answers in a closed box."""

import hashlib
import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from coursekit.grading.batch.results import Mark, Settings, Submission, TaskMark, TestMark
from coursekit.grading.batch.sandbox.sandbox import Command, command, unsafe_command
from coursekit.grading.batch.sandboxed_answers import Room
from coursekit.grading.course.notebook import Exercise, Notebook, cell_id, parse, source_of, task_id
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.course.submission import Submission as Answers
from coursekit.grading.course.submission import as_notebook, defined_names, read_submission
from coursekit.grading.judge.answer_proxy import AnswerError, Source, SourceOf
from coursekit.grading.judge.fixtures import Bench
from coursekit.grading.judge.forbidden_imports import refusal
from coursekit.grading.judge.judge import verdicts
from coursekit.grading.judge.recording import Recording, load
from coursekit.grading.judge.reference import live, solution
from coursekit.grading.judge.runner import run_each
from coursekit.grading.judge.values import printable
from coursekit.grading.judge.verdict import Outcome, Verdict
from coursekit.grading.student.grade_notebook import untried

MAX_CELL = 100_000  # characters
MAX_SAID = 1_000
MAX_PARTS = 2_000_000  # brackets in a file; each becomes an object that is larger than itself
OTHER_INPUTS = (
    "It passes the check in the notebook, but not with other inputs: does it rely on those there?"
)
NOT_TRIED = "It was not tried any more."

_ONE_AT_A_TIME = threading.Lock()  # pytest runs once in a process; a cluster's worker has threads


def grade_one(submission: Submission, settings: Settings) -> Mark:
    """Judge one submission; the same function for every way of running many.

    Two runs: the inputs that students have show what is wrong and which known mistake it is. The
    marks come from inputs drawn from a seed of the submission's own, which nobody knew beforehand;
    the box hears of them last, so nothing that is said to a student can hold them.

    Parameters
    ----------
    submission : Submission
        A file, which may hold anything.
    settings : Settings
        The same for all submissions of a run.

    Returns
    -------
    Mark
        What a submission holds is never an error here, but a remark. The same again for the same
        submission, settings and course.

    Raises
    ------
    BoxUnavailable
        If no closed box can be built here.
    """
    mark = Mark(submission.student, submission.name, submission.file, "", unsafe=settings.unsafe)
    course = Course(settings.root)
    try:
        if submission.problem:
            raise CourseError(submission.problem)
        notebook = notebook_of(submission)
        name = exercise_name(course, notebook)
        recording, exercise = _prepared(course.root, name, *_stamps(course, name))
        answers = read_submission(notebook, parse(recording.notebook, name))
    except CourseError as error:
        return replace(mark, remarks=[str(error)])
    seed = settings.repeat
    if seed is None:
        seed = own_seed(settings.seed, submission.student, name, submission.content)
    with _ONE_AT_A_TIME:
        judged = _Judged(course, recording, exercise, answers, settings, seed)
    tasks = [_task_mark(exercise, *judged.verdicts[id]) for id in exercise.tasks]
    remarks = [
        *_remarks(submission, notebook, answers, course, exercise),
        *(_left_out(cell, lines) for cell, lines in judged.commands.items() if lines),
    ]
    return replace(mark, exercise=name, tasks=tasks, remarks=remarks, seed=seed)


def exercise_name(course: Course, notebook: Notebook) -> str:
    """Tell from its answer cells which exercise a notebook belongs to.

    Raises
    ------
    CourseError
        If it belongs to none of the course.
    """
    tasks = [task_id(cell_id(cell)) for cell in notebook["cells"]]
    numbers = [task[:2] for task in tasks if task]
    if not numbers:
        raise CourseError("This notebook holds no answer cell of any exercise.")
    return course.name(max(sorted(set(numbers)), key=numbers.count))


def own_seed(seed: int, student: str, exercise: str, content: bytes) -> int:
    """The seed of one submission's hidden inputs, which depends on the run's, which is secret."""
    text = f"{seed}\n{student}\n{exercise}\n{hashlib.sha256(content).hexdigest()}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:6], "big")


def notebook_of(submission: Submission) -> Notebook:
    """Parse a submission's file.

    Raises
    ------
    CourseError
        If it is no notebook, or so large that reading it would hurt.
    """
    content = submission.content
    if content.count(b"[") + content.count(b"{") > MAX_PARTS:
        raise CourseError("The file is too large to be read: clear its outputs and save it.")
    return as_notebook(content, Path(submission.file).name)


def _stamps(course: Course, name: str) -> list[tuple[int, int]]:
    """What tells a changed file of the course: a process may live longer than one run."""
    files = (course.solutions / f"{name}.ipynb", course.recorded_file(name))
    return [(found.st_mtime_ns, found.st_size) for found in (file.stat() for file in files)]


@cache
def _prepared(root: Path, name: str, *stamps: tuple[int, int]) -> tuple[Recording, Exercise]:
    """What is read once in a process, and changed by nobody."""
    course = Course(root)
    return load(course.recorded_file(name)), solution(course, name)


@cache
def _command(root: Path, unsafe: bool) -> Command:
    return unsafe_command() if unsafe else command(root)


class _Judged:
    """One submission's verdicts: for each task those of its own inputs and of the students'."""

    def __init__(
        self,
        course: Course,
        recording: Recording,
        exercise: Exercise,
        answers: Answers,
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
                self._settle(untried(task, "missing"))
            elif trouble := answers.troubles.get(task.id):
                self._settle(untried(task, "failed", trouble))
            elif large:
                said = f"The cell {large[0]} has more than {MAX_CELL} characters."
                self._settle(untried(task, "failed", said))
        open_ = [id for id in tasks if id not in self.verdicts]
        if not open_:
            return
        with Room(
            _command(course.root, settings.unsafe),
            exercise.setup,
            {id: sorted(defined_names(tasks[id].answers)) for id in open_},
            {id: answers.answers[id] for id in open_},
            seconds=settings.seconds,
            budget=settings.budget,
        ) as room:
            room.read()
            for id, module in room.refused.items():
                self._settle(untried(tasks[id], "refused", refusal(module)))
            self.commands = room.commands
            open_ = [id for id in open_ if id not in self.verdicts]
            if not open_:
                return
            benches = self._benches(recording, exercise, room, open_, seed)
            run_each(course.test_file(exercise.name), benches)

    def _benches(
        self, recording: Recording, exercise: Exercise, room: Room, open_: list[str], seed: int
    ) -> Iterator[Bench]:
        """The run with the students' inputs, and after it the one with its own."""
        yield (bench := Bench(_only(open_, room.source, {}), recording.source))
        public = verdicts(bench.outcomes, recording.mistakes)
        troubles = dict(room.troubles)
        room.again()
        answers = _only(open_, room.source, _stops(public))
        # the reference anew, so that no submission meets what another left
        yield (bench := Bench(answers, live(exercise), seed))
        hidden = verdicts(bench.outcomes, {})
        for id in open_:
            hidden[id].trouble = public[id].trouble = troubles.get(id)
            self.verdicts[id] = (hidden[id], public[id])

    def _settle(self, verdict: Verdict) -> None:
        self.verdicts[verdict.task] = (verdict, verdict)


def _stops(verdicts: Mapping[str, Verdict]) -> dict[str, str]:
    """The tests that ended an answer's process: it need not be tried again."""
    outcomes = [outcome for verdict in verdicts.values() for outcome in verdict.outcomes]
    return {o.test: o.message for o in outcomes if o.status == "stopped"}


class _Closed:
    """The source of an answer that is not tried."""

    sounds: list[str] = []  # noqa: RUF012  (nothing is ever heard)

    def __init__(self, kind: str, message: str) -> None:
        self._said = (kind, message)

    def call(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise AnswerError(*self._said)


def _only(tasks: Collection[str], source: SourceOf, stops: Mapping[str, str]) -> SourceOf:
    def open_source(task: str, test: str) -> Source:
        if task not in tasks:
            return _Closed("missing", NOT_TRIED)
        return _Closed("stopped", stops[test]) if test in stops else source(task, test)

    return open_source


def _task_mark(exercise: Exercise, hidden: Verdict, public: Verdict) -> TaskMark:
    """Marks from the hidden inputs, words from those that the student has."""
    for verdict in (hidden, public):
        for outcome in verdict.outcomes:
            _blame(outcome)
    words = {outcome.test: outcome for outcome in public.outcomes}
    tests = [
        TestMark(
            test=outcome.test,
            tried=outcome.tried,
            points=outcome.points,
            status=outcome.status,
            message=_sentence(_said(outcome, words[outcome.test])),
            detail=_sentence(outcome.message),
        )
        for outcome in hidden.outcomes
        if outcome.test  # a task that is not tried has none
    ]
    mistake = public.mistake
    if hidden.status == "done":
        mistake = None
    elif public.status == "done":
        mistake = OTHER_INPUTS
    return TaskMark(
        task=hidden.task,
        title=exercise.tasks[hidden.task].title,
        points=hidden.points,
        possible=exercise.tasks[hidden.task].points,
        status=hidden.status,
        mistake=mistake,
        trouble=_sentence(hidden.trouble) if hidden.trouble else None,
        tests=tests,
    )


def _said(hidden: Outcome, public: Outcome) -> str:
    if hidden.passed:
        return ""
    if public.passed:
        return OTHER_INPUTS
    return public.message or NOT_TRIED


def _sentence(text: str) -> str:
    return printable(text)[:MAX_SAID]


def _blame(outcome: Outcome) -> None:
    """Tell a test that an odd result broke from one that is broken by itself."""
    ours = ("RuntimeError: the course's own", "StaleRecording")
    if outcome.status == "fault" and not outcome.message.startswith(ours):
        outcome.status = "failed"
        outcome.message = "The result is of another kind than the task asks for."


def _left_out(cell: str, lines: list[str]) -> str:
    line = lines[0].strip()[:80]
    more = f" and {len(lines) - 1} more" if lines[1:] else ""
    return f"The notebook command `{line}`{more} in the cell {cell} was left out."


def _remarks(
    submission: Submission,
    notebook: Notebook,
    answers: Answers,
    course: Course,
    exercise: Exercise,
) -> list[str]:
    """What is odd about a notebook and costs nothing by itself."""
    remarks = []
    said = Path(submission.file).stem
    if said in course.names and said != exercise.name:
        remarks.append(f"The file is called {said}; its cells are those of {exercise.name}.")
    if answers.extra:
        remarks.append(
            "Code cells of your own are not run here: an answer's cell defines all that it needs."
        )
    known = [id for task in exercise.tasks.values() for id in task.answers]
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    there = [id for id in map(cell_id, code) if id in known]
    for id in dict.fromkeys(there):
        copies = [source_of(cell).strip() for cell in code if cell_id(cell) == id]
        if len(copies) > 1 and task_id(id) not in answers.troubles:
            remarks.append(f"The cell {id} is there {len(copies)} times; that changes nothing.")
    if there != sorted(there, key=known.index):
        remarks.append("The answers stand in another order; they were run in the course's.")
    return remarks
