"""The command ``coursekit grade submissions/ --to marks/``."""

import hashlib
import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import coursekit
from coursekit.grading.batch import lms_table, reports
from coursekit.grading.batch.collection import collect, exercise_name, notebook_of
from coursekit.grading.batch.executors import executor, in_words
from coursekit.grading.batch.gradebook import Entry, Gradebook, Override
from coursekit.grading.batch.results import Settings, SubmittedFile
from coursekit.grading.batch.sandbox.bubblewrap import SandboxUnavailable, command, compile_once
from coursekit.grading.batch.sandbox.sandbox import Sandbox
from coursekit.grading.course.paths import Course, CourseError, write_atomically
from coursekit.grading.judge.report import ProgressBar, text_table
from coursekit.grading.judge.verdict import number

BOOK = "gradebook.sqlite"


@dataclass(frozen=True)
class Options:
    """The options of the command line; see its help."""

    paths: Sequence[Path]
    to: Path
    only: str | None = None
    jobs: int = 1
    again: bool = False
    timeout: float = 10.0
    unsafe: bool = False
    executor: str | None = None
    fill: Path | None = None
    column: str | None = None
    json: bool = False


def grade_batch(course: Course, options: Options) -> None:
    """Grade what is new, then write the exports, the feedback and the summary.

    Raises
    ------
    CourseError
        If the grading can't begin or can't be finished; the grades so far are in the gradebook.
    """
    if not course.solutions.is_dir():
        raise CourseError("Grading submissions needs the folder solutions/, which teachers have.")
    submissions = [s for path in options.paths for s in collect(path)]
    if options.only:
        name = course.name(options.only)
        submissions = [s for s in submissions if _exercise(course, s) == name]
    _check_sandbox(course, options.unsafe)
    run = executor(options.executor, options.jobs)
    options.to.mkdir(parents=True, exist_ok=True)
    with Gradebook(options.to / BOOK) as book:
        settings = Settings(course.root, book.seed, options.timeout, unsafe=options.unsafe)
        keys = _Keys(course, settings)
        new = [s for s in submissions if options.again or not keys.fit(s, book)]
        bar, started = ProgressBar(len(new), sys.stderr), time.monotonic()
        for done, (submission, grade) in enumerate(run(new, settings), start=1):
            book.put(grade, keys.of(submission, grade.exercise))
            left = (time.monotonic() - started) / done * (len(new) - done)
            bar.draw(done, f"{done} of {len(new)}, {in_words(left)} left")
        bar.wipe()
        entries = list(book.entries())
    write_all(entries, options.to)
    messages = [f"{len(new)} graded, {len(submissions) - len(new)} unchanged since the last run."]
    if options.fill:
        messages += _fill(course, entries, options)
    if options.json:
        grades = [_as_json(entry) for entry in entries]
        print(json.dumps({"marks": grades, "said": messages}, indent=1))
    else:
        print("\n".join([_table(entries), *messages, f"Marks and feedback: {options.to}"]))


def write_all(entries: Sequence[Entry], folder: Path) -> None:
    """Write everything that is made from the gradebook."""
    write_atomically(folder / "marks.csv", reports.as_csv(entries))
    write_atomically(folder / "summary.html", reports.summary(entries))
    by_student: dict[str, list[Entry]] = {}
    for entry in entries:
        by_student.setdefault(entry.grade.student, []).append(entry)
    for student, own in by_student.items():
        name = file_name(student)
        write_atomically(folder / "feedback" / f"{name}.html", reports.feedback(own))
        for entry in reports.counted(own):
            path = folder / "gradescope" / name / entry.grade.exercise / "results.json"
            write_atomically(path, reports.as_gradescope(entry))


def override(folder: Path, student: str, task: str, points: float | None, comment: str) -> None:
    """Override a student's points for a task, or with None remove the override.

    Raises
    ------
    CourseError
        If there is no such grade or override.
    """
    if not (folder / BOOK).is_file():
        raise CourseError(f"{folder} contains no gradebook: give the folder of `grade --to`.")
    with Gradebook(folder / BOOK) as book:
        if points is None:
            book.withdraw(student, task)
        else:
            book.override(Override(student, task, points, comment))
        entries = list(book.entries())
    write_all(entries, folder)
    print(_table([entry for entry in entries if entry.grade.student == student]))


def file_name(student: str) -> str:
    """Make a file name for a student: readable, safe on every system, and unique."""
    plain = re.sub(r"[^\w-]+", "_", student, flags=re.ASCII)[:60]
    if plain == student:
        return plain
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:8]}"


def _exercise(course: Course, submission: SubmittedFile) -> str:
    try:
        return exercise_name(course, notebook_of(submission))
    except CourseError:
        return ""


def _check_sandbox(course: Course, unsafe: bool) -> None:
    """Start one sandbox, so that an error comes before the work begins."""
    if unsafe:
        print(
            "Warning: --unsafe runs the students' code with all the rights that you have here. The "
            "gradebook records this.",
            file=sys.stderr,
        )
        return
    compile_once()
    try:
        Sandbox(command(course.root)).close()
    except SandboxUnavailable as error:
        raise CourseError(
            f"{error} On a machine where nothing can be lost, --unsafe grades without a sandbox."
        ) from error


class _Keys:
    """Hashes of everything that a grade depends on: the file, the tests and the settings."""

    def __init__(self, course: Course, settings: Settings) -> None:
        self._course = course
        self._rest = f"{coursekit.__version__} {settings.seconds} {settings.unsafe}"
        self._tests: dict[str, str] = {}

    def of(self, submission: SubmittedFile, exercise: str) -> str:
        if exercise not in self._tests:
            self._tests[exercise] = self._of_tests(exercise)
        content = hashlib.sha256(submission.content).hexdigest()
        text = f"{content} {submission.error} {self._tests[exercise]} {self._rest}"
        return hashlib.sha256(text.encode()).hexdigest()

    def fit(self, submission: SubmittedFile, book: Gradebook) -> bool:
        """Whether the gradebook has a grade of this very file by these tests."""
        known = book.known(submission.student, submission.file)
        return known is not None and known[1] == self.of(submission, known[0])

    def _of_tests(self, exercise: str) -> str:
        course = self._course
        if exercise not in course.names:
            return " ".join(course.names)
        files = [course.test_file(exercise), course.recorded_file(exercise)]
        files += [course.solutions / f"{exercise}.ipynb", course.tests / "conftest.py"]
        return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _fill(course: Course, entries: Sequence[Entry], options: Options) -> list[str]:
    assert options.fill is not None
    counted = reports.counted(entries)
    if options.only:
        name = course.name(options.only)
        counted = [entry for entry in counted if entry.grade.exercise == name]
    names = {entry.grade.exercise for entry in counted}
    if len(names) != 1:
        raise CourseError(f"--fill needs one exercise; choose one with --only: {sorted(names)}.")
    points = {entry.grade.student: entry.points for entry in counted}
    filled = lms_table.fill(options.fill.read_bytes(), points, counted[0].possible, options.column)
    target = options.to / options.fill.name
    if target.resolve() == options.fill.resolve():
        raise CourseError(f"{options.fill} would be overwritten: keep it outside {options.to}.")
    target.write_bytes(filled.content)
    messages = [f"Filled in: {target}"]
    if filled.missing:
        messages.append(f"Not in the table: {', '.join(filled.missing)}.")
    if rows := filled.rows_without_submission:
        messages.append(f"Students in the table without a submission: {len(rows)}.")
    return messages


def _as_json(entry: Entry) -> dict[str, Any]:
    given = {task: [o.points, o.comment] for task, o in entry.overrides.items()}
    return {**asdict(entry.grade), "counts": entry.points, "overrides": given}


def _table(entries: Sequence[Entry]) -> str:
    rows = [("student", "exercise", "points", "")]
    for entry in entries:
        grade = entry.grade
        points = f"{number(entry.points)} of {number(entry.possible)}" if grade.tasks else "-"
        from_tests = [f"tests gave {number(entry.points_from_tests)}"] if entry.overrides else []
        remarks = "; ".join([*from_tests, *grade.remarks])
        rows.append((grade.name, grade.exercise or grade.file, points, remarks))
    return text_table(rows)
