"""The tests of one task once more, for the teacher who is asked why an answer got no points.

``coursekit grade --to marks --student 7 --task 05.2`` shows the inputs that were drawn for the
submission, what the answer returned for them, and what was wanted; ``coursekit grade FILE --seed N
--task 05.2`` does so for any file and seed.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any

from coursekit.grading.batch.base.records import Settings, SubmittedFile
from coursekit.grading.batch.grader.grading_process import limited_memory
from coursekit.grading.batch.grader.judging import Judging
from coursekit.grading.batch.hand_ins.collection import collect_all
from coursekit.grading.batch.hand_ins.notebook_file import exercise_name, notebook_of
from coursekit.grading.batch.marks.class_book import ClassBook
from coursekit.grading.batch.marks.gradebook import open_gradebook
from coursekit.grading.course.paths import Course, CourseError, reading
from coursekit.grading.judge.answer_proxy import Call, Log
from coursekit.grading.judge.examples import as_code, call_code
from coursekit.grading.judge.reference import solution
from coursekit.grading.judge.values import printable
from coursekit.grading.judge.verdict import WORDS, TestResult, number
from coursekit.language import mark, say

_MOST = 2_000  # characters of a value
_MOVED = mark(
    "{file} of {student} is no longer in {places}: name the folder or zip that holds it, before "
    "--to."
)
_PLACE_UNKNOWN = mark(
    "This gradebook does not record where {file} of {student} is: name the folder or zip that "
    "holds it, before --to."
)


def repeat(course: Course, file: Path, seed: int, task: str, *, unsafe: bool = False) -> str:
    """Judge one task of a submission with the inputs of a seed; return what was found.

    Parameters
    ----------
    course : Course
        With ``solutions/``.
    file : Path
        The notebook.
    seed : int
        As the teacher's page of the submission shows it.
    task : str
        Such as ``"05.2"``.
    unsafe : bool
        Run the answer in an ordinary process instead of a sandbox.

    Raises
    ------
    CourseError
        If the file can't be read, or its exercise has no such task.
    """
    with reading(file):
        content = file.read_bytes()
    return _judged(course, SubmittedFile("", "", file.name, content), seed, task, unsafe)


def repeat_graded(
    course: Course,
    marks: Path,
    student: str,
    task: str,
    paths: Sequence[Path] = (),
    *,
    unsafe: bool = False,
) -> str:
    """Judge one task of the submission that counts for a student, with the inputs of its grade.

    Parameters
    ----------
    course, task, unsafe
        As for `repeat`.
    marks : Path
        The folder written by ``grade --to``.
    student : str
        As tables show the student.
    paths : sequence of Path
        Where the submission is now, if it is no longer where it was graded.

    Raises
    ------
    CourseError
        If no such submission was graded, or it is no longer there.
    """
    with open_gradebook(marks) as book:
        found = ClassBook(book, course).find(student)
    name = course.name(task[:2])
    entry = found.counted(name)
    if entry is None or not entry.grade.file:
        raise CourseError(
            say(
                "No file of {student} was graded for {exercise}.",
                student=printable(found.name),
                exercise=name,
            )
        )
    places = list(paths or map(Path, filter(None, [entry.about.source])))
    files = collect_all([p for p in places if p.exists()], entry.about.level)
    keys = [(file.submission.student, file.submission.file) for file in files]
    if entry.key not in keys:
        shown = printable(", ".join(map(str, places)))
        file, student = printable(entry.grade.file), printable(found.name)
        text = _MOVED if places else _PLACE_UNKNOWN
        raise CourseError(say(text, file=file, student=student, places=shown))
    submission = files[keys.index(entry.key)].load()
    if submission.error:
        raise CourseError(submission.error)
    return _judged(course, submission, entry.grade.seed, task, unsafe)


def _judged(course: Course, submission: SubmittedFile, seed: int, task: str, unsafe: bool) -> str:
    notebook = notebook_of(submission)
    name = exercise_name(course, notebook)
    settings = Settings(course.root, seed, unsafe=unsafe)
    tasks = solution(course, name).tasks
    if task not in tasks:
        raise CourseError(
            say(
                "{name} has no task {task}; it has {tasks}.",
                name=name,
                task=task,
                tasks=", ".join(tasks),
            )
        )
    with limited_memory():
        judged = Judging(course, name, notebook, settings, seed).run()
    verdict = judged.hidden[task]
    lines = [
        say(
            "{task} in {file}, with the inputs of seed {seed}: {reached} of {possible} points",
            task=task,
            file=submission.file,
            seed=seed,
            reached=number(verdict.points),
            possible=number(verdict.possible),
        )
    ]
    lines += [verdict.error] if verdict.error else []
    for result in verdict.results:
        lines += ["", *_test(result)]
    return "\n".join(map(printable, [*lines, *judged.remarks]))


def _test(result: TestResult) -> Iterator[str]:
    sign, word = WORDS[result.status]
    yield f"{sign} {say(word)}: {result.line}" if result.tried else f"{sign} {say(word)}"
    if result.message:
        yield f"  {result.message}"
    for place, (calls, wanted) in enumerate(_cases(result.student, result.reference)):
        sign = "✗" if place in result.student.failed else " "
        for call in calls:
            yield f"{sign} {_short(call_code(call))}"
            yield f"      {_outcome(call)}"
        values = ", ".join(_short(as_code(value)) for value in wanted)
        yield f"    {say('wanted {values}', values=values)}"


def _cases(student: Log, reference: Log) -> Iterator[tuple[Sequence[Call], Sequence[Any]]]:
    """Yield for each case what was called, and the values that should have come."""
    if reference.cases:
        ends = [*student.starts, len(student.calls)]
        for (start, end), (_, *wanted) in zip(pairwise(ends), reference.cases, strict=False):
            yield student.calls[start:end], wanted
    else:
        for mine, other in zip_longest(student.calls, reference.calls):
            yield ([mine] if mine else []), ([other.value] if other else [])


def _outcome(call: Call) -> str:
    if call.error is not None:
        return say("raised {error}: {message}", error=call.error, message=call.message)
    return say("returned {value}", value=_short(as_code(call.value)))


def _short(text: str) -> str:
    text = text.strip() or say("a large value")
    return text if len(text) <= _MOST else f"{text[:_MOST]} …"
