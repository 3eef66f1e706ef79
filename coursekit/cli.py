"""The command ``coursekit``."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from coursekit import teachers_options
from coursekit.grading.course.paths import Course, CourseError, find_course

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
    options, extra = _parser().parse_known_args(arguments)
    if extra and options.command != "lab":
        _parser().parse_args(arguments)  # prints what is wrong with them, and exits
    try:
        code = int(options.run(find_course(), options, extra))
        sys.stdout.flush()
        return code
    except CourseError as error:
        print(error, file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return ERROR
    except BrokenPipeError:  # the reader, such as `head`, has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="coursekit", description="The deep-learning course.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    def command(name: str, run: object, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    lab = command("lab", _lab, "open your copy of the course in JupyterLab, which gets all options")
    lab.add_argument("--source", action="store_true", help="for authors: open this folder itself")
    grade = command("grade", _grade, "run all checks of your notebooks, or grade submissions")
    grade.add_argument(
        "paths",
        nargs="*",
        type=Path,
        help="notebooks, or folders of them; default: exercises/; with --to also zips",
    )
    grade.add_argument(
        "--json", action="store_true", help="print everything as JSON instead of a table"
    )
    grade.add_argument("--only", metavar="NN,NN", help="exercises, such as 01 or 01,02")
    teachers_options.add_to(grade)
    command("progress", _progress, "show your progress")
    reset = command("reset", _reset, "give a fresh copy of an exercise; yours is kept as a backup")
    reset.add_argument("number", metavar="NN", help="the exercise, such as 01")
    reset.add_argument(
        "--keep-answers", action="store_true", help="put your answers into the fresh copy"
    )
    override = command("override", _override, "for teachers: change the points of a task")
    override.add_argument("marks", type=Path, help="the folder written by grade --to")
    override.add_argument("student", nargs="?", help="as in the table of marks or the roster")
    override.add_argument(
        "task", nargs="?", metavar="NN.K", help="the task, such as 01.2, or a whole exercise, 01"
    )
    what = override.add_mutually_exclusive_group(required=True)
    what.add_argument("--points", help="the points that count, such as 2.5")
    what.add_argument("--withdraw", action="store_true", help="restore the points from the tests")
    what.add_argument(
        "--from",
        dest="table",
        type=Path,
        metavar="CSV",
        help="a table with the columns student, task, points, comment",
    )
    override.add_argument("--comment", default="", help="the reason, for the student to read")
    similar = command("similar", _similar, "for teachers: report answers that are alike")
    similar.add_argument("marks", type=Path, help="the folder written by grade --to")
    similar.add_argument("--names", action="store_true", help="name the students in the report")
    export = command("export", _export, "for research: write all answers without names, as JSON")
    export.add_argument("marks", type=Path, help="the folder written by grade --to")
    export.add_argument("--to", type=Path, required=True, help="a new file, such as answers.jsonl")
    release = command("release", _release, "for teachers: write the students' copy of the course")
    release.add_argument("--to", type=Path, required=True, help="a new folder, or a hand-out")
    release.add_argument("--only", metavar="NN,NN", help="exercises, such as 01,02; default: all")
    release.add_argument(
        "--solutions", action="store_true", help="write the solutions instead, after the deadline"
    )
    gradescope = command("gradescope", _gradescope, "for teachers: write Gradescope's autograder")
    gradescope.add_argument("number", metavar="NN", help="the exercise, such as 01")
    gradescope.add_argument("--to", type=Path, required=True, help="a file, autograder.zip")
    exercises = command("exercises", _exercises, "for maintainers: write exercises/ and record")
    exercises.add_argument("numbers", nargs="*", metavar="NN", help="default: all exercises")
    new = command("new", _new, "for maintainers: begin a task or an exercise")
    kinds = new.add_subparsers(dest="kind", required=True, metavar="task|exercise")
    task = kinds.add_parser("task", help="add stubs of a task to an exercise")
    task.add_argument("number", metavar="NN", help="the exercise, such as 06")
    exercise = kinds.add_parser("exercise", help="write stubs of an exercise with one task")
    exercise.add_argument("number", metavar="NN", help="a new number, such as 12")
    exercise.add_argument("name", help="a short name for its files, such as attention")
    return parser


def _lab(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    from coursekit.grading.student.working_copy import update_copy
    from coursekit.lab import main as lab

    if not options.source:
        course, messages = update_copy(course)
        print(*messages, "JupyterLab runs until you press Ctrl-C here.", sep="\n", flush=True)
    return lab(course.root, extra)


def _grade(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    if options.seed is not None or options.task or options.student:
        return _repeat(course, options)
    if options.to is None:
        from coursekit.grading.student.grade import grade

        if given := teachers_options.given(options):
            raise CourseError(f"--{given} is for teachers: add --to with the folder of marks.")
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
        raise CourseError("Name the submissions to grade: a folder or a zip file.")
    if options.only is not None:
        options.only, *more = course.chosen(options.only)
        if more:
            raise CourseError("--only takes one exercise where submissions are graded.")
    if options.jobs < 1 or not options.timeout > 0:
        raise CourseError("--jobs and --timeout must be greater than 0.")
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
            "To repeat the tests of a task: coursekit grade --to MARKS --student STUDENT --task "
            "05.2, or coursekit grade NOTEBOOK --seed N --task 05.2"
        )
    return 0


def _override(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    from coursekit.grading.batch.by_hand import override

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

    print(release(course, options.to, options.only, solutions=options.solutions))
    return 0


def _gradescope(course: Course, options: argparse.Namespace, extra: list[str]) -> int:
    from coursekit.grading.authoring.gradescope import write_autograder

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


if __name__ == "__main__":
    sys.exit(main())
