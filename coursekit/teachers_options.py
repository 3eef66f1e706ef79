"""The options of ``coursekit grade`` for teachers."""

import argparse
import os
from pathlib import Path

from coursekit.language import say

# Options of `grade` that mean nothing without --to.
_OF_MARKS = (
    "fill", "of", "student_level", "roster", "deadlines", "late", "count", "weights", "best",
    "pass_mark",
)  # fmt: skip


def add_to(grade: argparse.ArgumentParser) -> None:
    """Add the options to those of the command."""
    _for_teachers(grade.add_argument_group(say("for teachers, with --to")))
    _tables(grade.add_argument_group(say("marks back into a platform's table")))
    _term(grade.add_argument_group(say("the term; kept in the gradebook until set again")))


def given(options: argparse.Namespace) -> str:
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
