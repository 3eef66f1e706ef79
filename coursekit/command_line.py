"""The commands of ``coursekit`` and their options, as its help shows them."""

import argparse
from pathlib import Path

from coursekit import teachers_options
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
    teachers_options.add_to(grade)
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
    exercise.add_argument("name", help=say("a short name for its files, such as attention"))
    return whole
