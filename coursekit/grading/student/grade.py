"""`coursekit grade` without ``--to``: all checks of a student's notebooks, as a table."""

import sys
from collections.abc import Sequence
from pathlib import Path

from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.student import table
from coursekit.grading.student.grade_notebook import Marked, grade_notebook

_WORDS = {"done": "right", "missing": "not written yet", "wrong": "wrong", "refused": "not allowed"}


def grade(course: Course, paths: Sequence[Path], only: str | None = None) -> bool:
    """Grade notebooks, and print what came out.

    Parameters
    ----------
    course : Course
        Whose tests are run.
    paths : sequence of Path
        Notebooks with the exercises' names, or folders of them.
    only : str, optional
        The number of one exercise.

    Returns
    -------
    bool
        Whether anything is wrong; what is not written yet is not.

    Raises
    ------
    CourseError
        If there is nothing to grade.
    """
    notebooks = find_notebooks(course, paths, only)
    rows: list[table.Row] = []
    everything: list[tuple[float, float]] = []
    wrong = False
    for done, (name, path) in enumerate(notebooks):
        _bar(done, len(notebooks), name)
        try:
            marked = grade_notebook(course, name, path)
        except CourseError as error:
            _bar(None)
            print(f"{name}: {error}\n")
            wrong = True
            continue
        _bar(None)
        print(_tasks(marked))
        points = [(v.points, v.possible) for v in marked.verdicts.values()]
        title = marked.exercise.title.partition(":")[2].strip() or marked.exercise.title
        rows.append(table.exercise_row(name[:2], title, points))
        everything += points
        wrong = wrong or bool(marked.wrong)
    print(table.as_text([*rows, table.exercise_row("", "all", everything)]))
    return wrong


def find_notebooks(
    course: Course, paths: Sequence[Path], only: str | None
) -> list[tuple[str, Path]]:
    """Pair the exercises' names with the notebooks of these names.

    Raises
    ------
    CourseError
        If a path is not there, or there is no such notebook.
    """
    names = course.names if only is None else [course.name(only)]
    found: list[tuple[str, Path]] = []
    for path in paths:
        if not path.exists():
            raise CourseError(f"{path} is not there.")
        files = [path] if path.is_file() else [path / f"{name}.ipynb" for name in names]
        found += [(file.stem, file) for file in files if file.stem in names and file.exists()]
    if not found:
        raise CourseError(f"There is no exercise notebook in {', '.join(map(str, paths))}.")
    return found


def _tasks(marked: Marked) -> str:
    lines = [marked.exercise.title]
    for verdict in marked.verdicts.values():
        word = _WORDS.get(verdict.status, "the test is broken")
        points = f"{table.number(verdict.points)} of {table.number(verdict.possible)}"
        lines.append(f"  {verdict.task}  {word:<15}  {points}")
        if verdict.sentence:
            lines.append(f"        {verdict.sentence}")
    if marked.extra and marked.wrong:
        lines.append("  Cells of your own are not run here: an answer's cell defines all it needs.")
    return "\n".join([*lines, ""])


def _bar(done: int | None, of: int = 1, name: str = "") -> None:
    """Draw a progress bar where somebody sees it; with None, wipe it away."""
    if not sys.stderr.isatty():
        return
    if done is None:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        return
    filled = 20 * done // of
    bar = "█" * filled + "░" * (20 - filled)
    print(f"\r{bar} {done} of {of}  {name}", end="", file=sys.stderr, flush=True)
