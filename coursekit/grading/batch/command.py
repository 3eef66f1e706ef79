"""The command ``coursekit grade submissions/ --to marks/``."""

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.grading.batch.base.records import Settings
from coursekit.grading.batch.exports.reports import remarks
from coursekit.grading.batch.exports.screen import as_json, as_table
from coursekit.grading.batch.exports.table_places import Choice
from coursekit.grading.batch.exports.table_to_fill import Table
from coursekit.grading.batch.exports.written import write_all
from coursekit.grading.batch.grader.executors import executor, in_words
from coursekit.grading.batch.grader.grading_process import limited_memory
from coursekit.grading.batch.hand_ins.collection import collect_all
from coursekit.grading.batch.marks.class_book import ClassBook
from coursekit.grading.batch.marks.counted import with_withdrawn
from coursekit.grading.batch.marks.gradebook import Gradebook
from coursekit.grading.batch.marks.gradebook_file import BOOK
from coursekit.grading.batch.marks.keys import Keys
from coursekit.grading.batch.marks.term import Term
from coursekit.grading.batch.sandbox.bubblewrap import SandboxUnavailable, command
from coursekit.grading.batch.sandbox.endings import SandboxKilled
from coursekit.grading.batch.sandbox.own_modules import compile_once
from coursekit.grading.batch.sandbox.sandbox import Sandbox
from coursekit.grading.course.paths import Course, CourseError, writing
from coursekit.grading.judge.recording import recorded
from coursekit.grading.judge.reference import points_by_task, solution
from coursekit.grading.judge.report import ProgressBar
from coursekit.grading.judge.values import printable
from coursekit.language import join, language, say

TERM = ("roster", "deadlines", "late", "count", "weights", "best", "pass_mark")


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
    mark_column: str | None = None
    id_column: str | None = None
    of: float | None = None
    overwrite: bool = False
    student_level: int | None = None
    roster: Path | None = None
    deadlines: Path | None = None
    late: str | None = None
    count: str | None = None
    weights: str | None = None
    best: int | None = None
    pass_mark: float | None = None
    json: bool = False


def grade_batch(course: Course, options: Options) -> None:
    """Grade what is new, then write the exports, the feedback and the summary.

    Raises
    ------
    CourseError
        If the grading can't begin or can't be finished; the grades so far are in the gradebook.
    """
    if not course.solutions.is_dir():
        raise CourseError(
            say("Grading submissions needs the folder solutions/, which teachers have.")
        )
    only = course.name(options.only) if options.only else None
    for name in [only] if only else course.names:
        _check_points(course, name)
    with limited_memory():
        submissions = collect_all(options.paths, options.student_level)
    choice = Choice(options.id_column, options.mark_column, options.of, options.overwrite)
    table = Table(options.fill, options.to, choice) if options.fill else None
    settings_of_term = {name: getattr(options, name) for name in TERM}
    Term().changed(course, **settings_of_term)  # so that an error comes before the work begins
    _check_sandbox(course, options.unsafe)
    run = executor(options.executor, options.jobs)
    messages: list[str] = []
    with writing(options.to):
        options.to.mkdir(parents=True, exist_ok=True)
    with alone_in(options.to), Gradebook(options.to / BOOK) as book:
        settings = Settings(
            course.root, book.seed, options.timeout, unsafe=options.unsafe, only=only,
            language=language(), budget=max(Settings.budget, 6 * options.timeout),
            total=max(Settings.total, 12 * options.timeout),
        )  # fmt: skip
        if not options.again:  # which would replace a damaged grade
            list(book.entries())
        book.term = book.term.changed(course, **settings_of_term)
        keys = Keys(course, settings)
        before = {(student, file): about for student, file, _, about in book.files()}
        new = [s for s in submissions if options.again or not keys.fit(s.load(), book)]
        unchanged, graded = len(submissions) - len(new), 0
        bar, started = ProgressBar(len(new), sys.stderr), time.monotonic()
        try:
            for done, (submission, grade) in enumerate(run(new, settings), start=1):
                if only in (None, grade.exercise) or not grade.exercise:
                    if grade.unfinished and keys.fit(submission, book):  # an earlier grade stays
                        who = printable(f"{grade.student}, {grade.file}")
                        messages.append(f"{who}: {grade.remarks[-1]}")
                    else:
                        key = "" if grade.unfinished else keys.of(submission, grade.exercise)
                        book.put(grade, key, submission.about)
                    graded += bool(grade.exercise) and not grade.unfinished
                left = (time.monotonic() - started) / done * (len(new) - done)
                bar.draw(
                    done,
                    say(
                        "{done} of {all}, {time} left", done=done, all=len(new), time=in_words(left)
                    ),
                )
        except KeyboardInterrupt as error:
            raise CourseError(
                say(
                    "Interrupted after {n} new grades, which are stored. Run the same command "
                    "again to continue.",
                    n=graded,
                )
            ) from error
        finally:  # what there is, whatever ends the run
            bar.wipe()
            abouts = {(s.student, s.file): s.about for s in (f.submission for f in submissions)}
            known = [(s, f, exercise, before.get((s, f), a)) for s, f, exercise, a in book.files()]
            book.know(with_withdrawn(known, abouts))
            people = ClassBook(book, course)
            sentences = write_all(people, options.to)
        if table and (facts := table.facts(people, only)):
            book.know(facts)
            people = ClassBook(book, course)
            sentences = write_all(people, options.to)
    messages.insert(
        0,
        say(
            "{graded} graded, {unchanged} unchanged since the last run.",
            graded=graded,
            unchanged=unchanged,
        ),
    )
    if unread := [e for e in people.entries if e.counts and not e.grade.exercise]:
        messages.append(say("Files that could not be graded: {number}.", number=len(unread)))
    messages += sentences
    if table:
        messages += table.fill(people, only)
    if options.json:
        grades = [as_json(entry) for entry in people.entries]
        print(json.dumps({"marks": grades, "messages": messages}, indent=1))
    else:
        if any(map(remarks, people.entries)):
            page = options.to / "summary.html"
            messages.append(say("What is late or unusual: {page}, Remarks.", page=page))
        end = say("Marks and feedback: {folder}", folder=options.to)
        print("\n".join([as_table(people.entries), *messages, end]))


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
            say("Another command is grading into {folder}: wait until it ends.", folder=folder)
        ) from error
    except OSError:  # a file system without locks
        pass
    try:
        yield
    finally:
        os.close(handle)


def _check_points(course: Course, name: str) -> None:
    """Refuse an exercise that was changed and not recorded again, before the work begins."""
    if not course.recorded_file(name).exists():
        return  # not finished yet; who submits it gets a sentence
    in_tests = points_by_task(course, name)
    in_solution = {task.id: task.points for task in solution(course, name).tasks.values()}
    if not in_tests == in_solution == recorded(course, name).points:
        raise CourseError(
            say(
                "{name} has been changed, and tests, notebook and recording have different "
                "tasks or points. Run `coursekit exercises {exercise}`.",
                name=name,
                exercise=name[:2],
            )
        )


def _check_sandbox(course: Course, unsafe: bool) -> None:
    """Start one sandbox, so that an error comes before the work begins."""
    if unsafe:
        print(
            say(
                "Warning: --unsafe runs the students' code with all the rights that you have "
                "here. The gradebook records this."
            ),
            file=sys.stderr,
        )
        return
    compile_once()
    try:
        Sandbox(command(course.root)).close()
    except (SandboxUnavailable, SandboxKilled) as error:
        raise CourseError(
            join(
                error.args[0],
                say("On a machine where nothing can be lost, --unsafe grades without a sandbox."),
            )
        ) from error
