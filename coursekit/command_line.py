"""The commands of ``coursekit`` and their options, as its help shows them."""

import argparse
import os
from pathlib import Path

from coursekit.language import mark, say

argparse._ = say  # type: ignore[attr-defined]  # it asks the operating system's language
ARGPARSE = [
    mark("usage: "),
    mark("positional arguments"),
    mark("options"),
    mark("show this help message and exit"),
    mark("%(prog)s: error: %(message)s\n"),
    mark("argument %(argument_name)s: %(message)s"),
    mark("expected one argument"),
    mark("expected at least one argument"),
    mark("invalid %(type)s value: %(value)r"),
    mark("invalid choice: %(value)r (choose from %(choices)s)"),
    mark("the following arguments are required: %s"),
    mark("unrecognized arguments: %s"),
]

# Options of `grade` that mean nothing without --to.
_OF_MARKS = (
    "fill", "of", "student_level", "roster", "deadlines", "late", "count", "weights", "best",
    "pass_mark",
)  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """Make the parser, in the language that is spoken."""
    whole = argparse.ArgumentParser(prog="coursekit", description=say("The deep-learning course."))
    commands = whole.add_subparsers(dest="command", required=True, metavar=say("command"))

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text)

    lab = command("lab", say("open your copy of the course in JupyterLab, which gets all options"))
    lab.add_argument(
        "--source", action="store_true", help=say("for authors: open this folder itself")
    )
    grade = command("grade", say("run all checks of your notebooks, or grade submissions"))
    grade.add_argument(
        "paths",
        nargs="*",
        type=Path,
        help=say("notebooks, or folders of them; default: exercises/; with --to also zips"),
    )
    grade.add_argument(
        "--json", action="store_true", help=say("print everything as JSON instead of a table")
    )
    grade.add_argument("--only", metavar="NN,NN", help=say("exercises, such as 01 or 01,02"))
    _for_teachers(grade.add_argument_group(say("for teachers, with --to")))
    _tables(grade.add_argument_group(say("marks back into a platform's table")))
    _term(grade.add_argument_group(say("the term; kept in the gradebook until set again")))
    command("progress", say("show your progress"))
    reset = command("reset", say("give a fresh copy of an exercise; yours is kept as a backup"))
    reset.add_argument("number", metavar="NN", help=say("the exercise, such as 01"))
    reset.add_argument(
        "--keep-answers", action="store_true", help=say("put your answers into the fresh copy")
    )
    override = command("override", say("for teachers: change the points of a task"))
    override.add_argument("marks", type=Path, help=say("the folder written by grade --to"))
    override.add_argument("student", nargs="?", help=say("as in the table of marks or the roster"))
    override.add_argument(
        "task",
        nargs="?",
        metavar="NN.K",
        help=say("the task, such as 01.2, or a whole exercise, 01"),
    )
    what = override.add_mutually_exclusive_group(required=True)
    what.add_argument("--points", help=say("the points that count, such as 2.5"))
    what.add_argument(
        "--withdraw", action="store_true", help=say("restore the points from the tests")
    )
    what.add_argument(
        "--from",
        dest="table",
        type=Path,
        metavar="CSV",
        help=say("a table with the columns student, task, points, comment"),
    )
    override.add_argument("--comment", default="", help=say("the reason, for the student to read"))
    similar = command("similar", say("for teachers: report answers that are alike"))
    similar.add_argument("marks", type=Path, help=say("the folder written by grade --to"))
    similar.add_argument(
        "--names", action="store_true", help=say("name the students in the report")
    )
    export = command("export", say("for research: write all answers without names, as JSON"))
    export.add_argument("marks", type=Path, help=say("the folder written by grade --to"))
    export.add_argument(
        "--to", type=Path, required=True, help=say("a new file, such as answers.jsonl")
    )
    release = command("release", say("for teachers: write the students' copy of the course"))
    release.add_argument("--to", type=Path, required=True, help=say("a new folder, or a hand-out"))
    release.add_argument(
        "--only", metavar="NN,NN", help=say("exercises, such as 01,02; default: all")
    )
    release.add_argument(
        "--solutions",
        action="store_true",
        help=say("write the solutions instead, after the deadline"),
    )
    release.add_argument(
        "--language", help=say("such as ru; default: English, the language of the sources")
    )
    gradescope = command("gradescope", say("for teachers: write Gradescope's autograder"))
    gradescope.add_argument("number", metavar="NN", help=say("the exercise, such as 01"))
    gradescope.add_argument("--to", type=Path, required=True, help=say("a file, autograder.zip"))
    exercises = command("exercises", say("for maintainers: write exercises/ and record"))
    exercises.add_argument("numbers", nargs="*", metavar="NN", help=say("default: all exercises"))
    new = command("new", say("for maintainers: begin a task or an exercise"))
    kinds = new.add_subparsers(dest="kind", required=True, metavar="task|exercise")
    task = kinds.add_parser("task", help=say("add stubs of a task to an exercise"))
    task.add_argument("number", metavar="NN", help=say("the exercise, such as 06"))
    exercise = kinds.add_parser("exercise", help=say("write stubs of an exercise with one task"))
    exercise.add_argument("number", metavar="NN", help=say("a new number, such as 12"))
    exercise.add_argument(
        "name", nargs="?", default="", help=say("a short name for its files, such as attention")
    )
    return whole


def only_for_teachers(options: argparse.Namespace) -> str:
    """Return the first option that was given and means nothing without --to, or ""."""
    names = [name for name in _OF_MARKS if getattr(options, name) is not None]
    return names[0].removesuffix("_mark").replace("_", "-") if names else ""


def _for_teachers(grade: argparse._ArgumentGroup) -> None:
    add = grade.add_argument
    add("--to", type=Path, metavar="DIR", help=say("grade submissions in a sandbox; marks go here"))
    add("--jobs", type=int, default=os.cpu_count() or 1, help=say("processes; default: the cores"))
    grade.set_defaults(again=False)
    add(
        "--resume", dest="again", action="store_false", help=say("keep earlier marks (the default)")
    )
    add("--again", action="store_true", help=say("grade everything again, with the same inputs"))
    add("--timeout", type=float, default=10.0, help=say("seconds for one call; default: 10"))
    add(
        "--student-level",
        type=int,
        metavar="N",
        help=say("the level of the students' folders, 1 for the uppermost; default: found"),
    )
    add(
        "--student",
        metavar="WHO",
        help=say("show the inputs and values of this student's ..."),
    )
    add("--task", metavar="NN.K", help=say("... task, and grade nothing"))
    add(
        "--seed",
        type=int,
        metavar="N",
        help=say("without --to: of a notebook with this seed's inputs"),
    )
    add(
        "--executor", metavar="dask://HOST:PORT", help=say("grade on the workers of a Dask cluster")
    )
    add("--unsafe", action="store_true", help=say("no sandbox: only on a machine without data"))


def _tables(grade: argparse._ArgumentGroup) -> None:
    add = grade.add_argument
    add(
        "--fill", type=Path, metavar="CSV", help=say("fill in a copy of Moodle's or Canvas's table")
    )
    add(
        "--mark-column",
        "--column",
        metavar="NAME",
        help=say("the column of marks, or its beginning; default: found by the platform's word"),
    )
    add(
        "--id-column",
        metavar="NAME",
        help=say("the column that identifies students; default: found"),
    )
    add(
        "--of",
        type=float,
        metavar="MARKS",
        help=say("full marks, if the table does not contain them"),
    )
    add(
        "--overwrite",
        action="store_true",
        help=say("replace marks that the table has already, and EX"),
    )


def _term(grade: argparse._ArgumentGroup) -> None:
    add = grade.add_argument
    add(
        "--roster",
        type=Path,
        metavar="CSV",
        help=say("the class list: names, e-mail, numbers, group"),
    )
    add(
        "--deadlines",
        type=Path,
        metavar="CSV",
        help=say("a table with the columns exercise, deadline and, for extensions, student"),
    )
    add("--late", metavar="RULE", help=say("such as '10%%/day, max 50%%, refuse after 7', or none"))
    add(
        "--count",
        choices=["best", "latest"],
        help=say("which of several files; default: best"),
    )
    add("--weights", metavar="NN=W,...", help=say("of the exercises; default: their points"))
    add("--best", type=int, metavar="N", help=say("count each student's N best exercises; 0: all"))
    add(
        "--pass",
        dest="pass_mark",
        type=float,
        metavar="PERCENT",
        help=say("the pass mark; 0: none"),
    )
