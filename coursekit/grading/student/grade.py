"""`coursekit grade` without ``--to``: judge a student's notebooks, and print a table."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import count
from math import ceil
from pathlib import Path

from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.course.submission import load_notebook
from coursekit.grading.judge.report import text_table
from coursekit.grading.judge.verdict import number
from coursekit.grading.student.grade_notebook import (
    GradedNotebook,
    exercise_of,
    grade_notebooks,
)
from coursekit.grading.student.progress_page import Row, exercise_row, head
from coursekit.language import mark, say, say_n

Result = tuple[Path, GradedNotebook | CourseError]
_NO_SANDBOX = mark(
    "Warning: not in the course's folder: {files}. Without --to, all code in there runs with your "
    "own rights. Grade what others have written with --to MARKS, which uses a sandbox."
)
_NOTHING = mark(
    "There is no exercise notebook in {paths}. Zips and students' folders are graded with --to and "
    "a folder for the marks."
)
_SECONDS = 4  # for one of several notebooks, two of which run at a time
_WORDS = {
    "done": mark("right"),
    "missing": mark("not written yet"),
    "wrong": mark("wrong"),
    "refused": mark("not allowed"),
}


def grade(
    course: Course, paths: Sequence[Path], only: str | None = None, *, as_json: bool = False
) -> bool:
    """Grade notebooks, and print the results.

    Parameters
    ----------
    course : Course
        Contains the tests.
    paths : sequence of Path
        Notebooks, or folders of notebooks with the exercises' names.
    only : str, optional
        The numbers of exercises, such as ``"01,02"``.
    as_json : bool
        Print JSON instead of tables.

    Returns
    -------
    bool
        True if any task failed; unanswered tasks do not count.

    Raises
    ------
    CourseError
        If there is nothing to grade.
    """
    notebooks = find_notebooks(course, paths, only)
    root = course.root.resolve()
    if others := [path for path in paths if not path.resolve().is_relative_to(root)]:
        print(say(_NO_SANDBOX, files=", ".join(map(str, others))), file=sys.stderr)
    done = count(1)

    def tell(sentence: str) -> None:
        if not as_json:
            print(sentence, file=sys.stderr, flush=True)

    def ended(path: Path) -> None:
        tell(say("{done} of {all}: {file}", done=next(done), all=len(notebooks), file=path.name))

    tell(
        say_n(
            len(notebooks),
            "Running {n} notebook from top to bottom, which takes about {seconds} seconds.",
            "Running {n} notebooks from top to bottom, which takes about {seconds} seconds.",
            seconds=10 * ceil(_SECONDS * len(notebooks) / 10),
        )
    )
    results = grade_notebooks(course, notebooks, ended=ended)
    named = [(path, graded) for (_, path), graded in zip(notebooks, results, strict=True)]
    print(_json(named) if as_json else _tables(named))
    return any(isinstance(graded, CourseError) or graded.failed for graded in results)


def find_notebooks(
    course: Course, paths: Sequence[Path], only: str | None
) -> list[tuple[str, Path]]:
    """Pair notebooks with the names of exercises.

    A file that is named itself may have any name; then its cells show the exercise.

    Raises
    ------
    CourseError
        If a path does not exist, or there is no such notebook.
    """
    names = course.chosen(only)
    found: list[tuple[str, Path]] = []
    for path in paths:
        if not path.exists():
            raise CourseError(say("{path} does not exist.", path=path))
        if path.is_dir():
            files = ((name, path / f"{name}.ipynb") for name in names)
            found += [(name, file) for name, file in files if file.exists()]
        elif path.stem in course.names or path.suffix == ".ipynb":
            name = path.stem if path.stem in course.names else _exercise(course, path)
            found += [(name, path)] if name in names or not name else []
    if not found:
        listed = ", ".join(map(str, paths))
        raise CourseError(say(_NOTHING, paths=listed))
    return found


def _exercise(course: Course, path: Path) -> str:
    """Return the exercise to which a file's cells belong; "" if that is unknown."""
    try:
        number = exercise_of(load_notebook(path))
        return course.name(number) if number else ""
    except CourseError:  # grading it reports why
        return ""


def _tables(results: Sequence[Result]) -> str:
    lines: list[str] = []
    rows: list[Row] = []
    everything: list[tuple[float, float]] = []
    for path, graded in results:
        if isinstance(graded, CourseError):
            lines += [f"{path.name}: {graded}", ""]
            continue
        lines += [_tasks(graded), ""]
        points = [(one.points, one.possible) for one in graded.outcomes.values()]
        rows.append(exercise_row(graded.recording.name[:2], graded.recording.title, points))
        everything += points
    return "\n".join(
        [*lines, text_table([head(), *rows, exercise_row("", say("all"), everything)])]
    )


def _tasks(graded: GradedNotebook) -> str:
    lines = [graded.recording.title]
    for one in graded.outcomes.values():
        word = say(_WORDS.get(one.status, mark("the test is broken")))
        reached, possible = number(one.points), number(one.possible)
        points = say("{reached} of {possible}", reached=reached, possible=possible)
        lines.append(f"  {one.task}  {word:<15}  {points}")
        lines += [f"        {text}" for text in (one.summary, *one.remarks) if text]
    return "\n".join([*lines, *(f"  {text}" for text in graded.remarks)])


def _json(results: Sequence[Result]) -> str:
    found = []
    for path, graded in results:
        entry: dict[str, object] = {"file": str(path)}
        if isinstance(graded, CourseError):
            entry["error"] = str(graded)
        else:
            entry["exercise"] = graded.recording.name
            entry["tasks"] = [asdict(one) for one in graded.outcomes.values()]
            entry["remarks"] = graded.remarks
        found.append(entry)
    return json.dumps(found, indent=1, ensure_ascii=False)
