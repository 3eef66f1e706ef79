"""The command ``coursekit``."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from dataclasses import fields

from coursekit.command_line import only_for_teachers, parser
from coursekit.grading.course.paths import Course, CourseError, find_course
from coursekit.grading.course.stale import warning
from coursekit.language import ENGLISH, languages, say, speaking

FAILED, ERROR = 1, 2  # exit codes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: the command line's.

    Returns
    -------
    int
        The exit code: 0, or 1 if an answer is wrong, or 2 if the command could not be run.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal may lack letters of a name
        sys.stdout.reconfigure(errors="replace")
    with speaking(_language()):
        return _run(arguments)


def _language() -> str:
    """Return the language of the course that the command is about."""
    try:
        return find_course().language
    except CourseError:
        return ENGLISH


def _run(arguments: Sequence[str] | None) -> int:
    options, extra = parser().parse_known_args(arguments)
    if extra and options.command != "lab":
        parser().parse_args(arguments)  # prints what is wrong with them, and exits
    try:
        course = find_course()
        _warn(course, options.command)
        code = int(_COMMANDS[options.command](course, options, extra))
        sys.stdout.flush()
        return code
    except CourseError as error:
        print(error, file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        print(say("Interrupted."), file=sys.stderr)
        return ERROR
    except BrokenPipeError:  # the reader, such as `head`, has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERROR


def _warn(course: Course, command: str) -> None:
    """Warn of an edition that is out of date: this course, or one that answers are graded by."""
    used = {course.edition(name).root for name in languages() if command == "grade"}
    for sentence in (warning(Course(root)) for root in sorted({course.root, *used})):
        if sentence:
            print(sentence, file=sys.stderr)


def _lab(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    from coursekit.grading.student.working_copy import update_copy
    from coursekit.lab import main as lab

    if not options.source:
        course, messages = update_copy(course)
        print(*messages, say("JupyterLab runs until you press Ctrl-C here."), sep="\n", flush=True)
    return lab(course.root, extra)


def _grade(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    if options.seed is not None or options.task or options.student:
        return _repeat(course, options)
    if options.to is None:
        from coursekit.grading.student.grade import grade

        if given := only_for_teachers(options):
            raise CourseError(
                say("--{option} is for teachers: add --to with the folder of marks.", option=given)
            )
        if not options.paths:
            course = course.students
        paths = options.paths or [course.exercises]
        return FAILED if grade(course, paths, options.only, as_json=options.json) else 0
    # Threads of NumPy's would take the cores from each other, and there may be no room for them.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from coursekit.grading.batch.command import Options, grade_batch
    from coursekit.grading.batch.marks.gradebook_file import BOOK

    if not options.paths and not (options.to / BOOK).exists():
        raise CourseError(say("Name the submissions to grade: a folder or a zip file."))
    if options.only is not None:
        options.only, *more = course.chosen(options.only)
        if more:
            raise CourseError(say("--only takes one exercise where submissions are graded."))
    if options.jobs < 1 or not options.timeout > 0:
        raise CourseError(say("--jobs and --timeout must be greater than 0."))
    grade_batch(
        course, Options(**{one.name: getattr(options, one.name) for one in fields(Options)})
    )
    return 0


def _repeat(course: Course, options: argparse.Namespace) -> int:
    from coursekit.grading.batch.repeat import repeat, repeat_graded

    task, paths, seed, unsafe = options.task, options.paths, options.seed, options.unsafe
    if options.to and options.student and task and seed is None:
        print(repeat_graded(course, options.to, options.student, task, paths, unsafe=unsafe))
    elif not (options.to or options.student) and len(paths) == 1 and task and seed is not None:
        print(repeat(course, paths[0], seed, task, unsafe=unsafe))
    else:
        raise CourseError(
            say(
                "To repeat the tests of a task: coursekit grade --to MARKS --student STUDENT "
                "--task 05.2, or coursekit grade NOTEBOOK --seed N --task 05.2"
            )
        )
    return 0


def _override(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    from coursekit.grading.batch.override import override

    named = (options.student, options.task, options.points, options.comment, options.table)
    override(course, options.marks, *named)
    return 0


def _similar(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    from coursekit.grading.batch.answers import report_similar

    print(report_similar(course, options.marks, names=options.names))
    return 0


def _export(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    from coursekit.grading.batch.answers import export

    print(export(course, options.marks, options.to))
    return 0


def _release(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    from coursekit.grading.authoring.bundle import release

    if options.language:
        from coursekit.translation.edition import complete

        course = complete(course, options.language, course.root / "build" / options.language)
    print(release(course, options.to, options.only, solutions=options.solutions))
    return 0


def _gradescope(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    from coursekit.grading.authoring.autograder import write_autograder

    print(write_autograder(course, course.name(options.number), options.to))
    return 0


def _new(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    from coursekit.grading.authoring.new import begin

    print(begin(course, options.number, getattr(options, "name", None)))
    return 0


def _progress(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    from coursekit.grading.student.progress import report

    print(report(course.students)[0])
    return 0


def _reset(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    from coursekit.grading.student.reset import reset

    course = course.students
    print(reset(course, course.name(options.number), keep_answers=options.keep_answers))
    return 0


def _exercises(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    from coursekit.grading.authoring.record import write_exercise

    for name in [course.name(number) for number in options.numbers] or course.names:
        print(write_exercise(course, name))
    return 0


_COMMANDS = {
    "lab": _lab,
    "grade": _grade,
    "progress": _progress,
    "reset": _reset,
    "override": _override,
    "similar": _similar,
    "export": _export,
    "release": _release,
    "gradescope": _gradescope,
    "exercises": _exercises,
    "new": _new,
}


if __name__ == "__main__":
    sys.exit(main())
