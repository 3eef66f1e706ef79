"""The command ``coursekit grade submissions/ --to marks/``."""

import contextlib
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import coursekit
from coursekit.grading.batch import reports
from coursekit.grading.batch.collection import collect_all
from coursekit.grading.batch.executors import executor, in_words
from coursekit.grading.batch.exports import write_all, writing
from coursekit.grading.batch.gradebook import Entry, Gradebook, Override
from coursekit.grading.batch.grading_process import limited_memory
from coursekit.grading.batch.results import Settings, SubmittedFile
from coursekit.grading.batch.sandbox.bubblewrap import SandboxUnavailable, command, compile_once
from coursekit.grading.batch.sandbox.sandbox import Sandbox
from coursekit.grading.batch.table_to_fill import Table
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.judge.report import ProgressBar, text_table
from coursekit.grading.judge.values import printable
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
    only = course.name(options.only) if options.only else None
    with limited_memory():
        submissions = collect_all(options.paths)
    table = Table(options.fill, options.to, options.column) if options.fill else None
    _check_sandbox(course, options.unsafe)
    run = executor(options.executor, options.jobs)
    messages: list[str] = []
    with writing(options.to):
        options.to.mkdir(parents=True, exist_ok=True)
    with alone_in(options.to), Gradebook(options.to / BOOK) as book:
        settings = Settings(
            course.root, book.seed, options.timeout, unsafe=options.unsafe, only=only,
            budget=max(Settings.budget, 6 * options.timeout),
            total=max(Settings.total, 12 * options.timeout),
        )  # fmt: skip
        if not options.again:  # which would replace a damaged grade
            list(book.entries())
        keys = _Keys(course, settings)
        new = [s for s in submissions if options.again or not keys.fit(s.load(), book)]
        unchanged, graded = len(submissions) - len(new), 0
        bar, started = ProgressBar(len(new), sys.stderr), time.monotonic()
        try:
            for done, (submission, grade) in enumerate(run(new, settings), start=1):
                if only in (None, grade.exercise) or not grade.exercise:
                    if grade.unfinished and keys.fit(submission, book):  # an earlier grade stays
                        messages.append(f"{grade.student}, {grade.file}: {grade.remarks[-1]}")
                    else:
                        key = "" if grade.unfinished else keys.of(submission, grade.exercise)
                        book.put(grade, key)
                    graded += not grade.unfinished
                left = (time.monotonic() - started) / done * (len(new) - done)
                bar.draw(done, f"{done} of {len(new)}, {in_words(left)} left")
        except KeyboardInterrupt as error:
            raise CourseError(
                f"Interrupted after {graded} new grades, which are stored. Run the same command "
                "again to continue."
            ) from error
        finally:  # what there is, whatever ends the run
            bar.wipe()
            entries = list(book.entries())
            write_all(entries, options.to)
    messages.insert(0, f"{graded} graded, {unchanged} unchanged since the last run.")
    if table:
        messages += table.fill(reports.counted(entries), only)
    if options.json:
        grades = [_as_json(entry) for entry in entries]
        print(json.dumps({"marks": grades, "said": messages}, indent=1))
    else:
        print("\n".join([_table(entries), *messages, f"Marks and feedback: {options.to}"]))


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep a second command from grading into the same folder, where the system can.

    Raises
    ------
    CourseError
        If another command is grading into it.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise CourseError(
            f"Another command is grading into {folder}: wait until it ends."
        ) from error
    except OSError:  # a file system without locks
        pass
    try:
        yield
    finally:
        os.close(handle)


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
        about = f"{content} {submission.error} {submission.remarks}"
        text = f"{about} {self._tests[exercise]} {self._rest}"
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


def _as_json(entry: Entry) -> dict[str, Any]:
    given = {task: [o.points, o.comment] for task, o in entry.overrides.items()}
    return {**asdict(entry.grade), "counts": entry.points, "overrides": given}


def _table(entries: Sequence[Entry]) -> str:
    rows: list[Sequence[str]] = [("student", "exercise", "points", "")]
    for entry in entries:
        grade = entry.grade
        points = f"{number(entry.points)} of {number(entry.possible)}" if grade.tasks else "-"
        from_tests = [f"tests gave {number(entry.points_from_tests)}"] if entry.overrides else []
        remarks = "; ".join([*from_tests, *grade.remarks])
        row = (grade.name, grade.exercise or grade.file, points, remarks)
        rows.append([printable(text) for text in row])  # names could act on the terminal
    return text_table(rows)
