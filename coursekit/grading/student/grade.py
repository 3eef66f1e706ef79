"""`coursekit grade` without ``--to``: judge a student's notebooks, and print a table."""

import sys
from collections.abc import Sequence
from pathlib import Path

from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.judge.report import ProgressBar, text_table
from coursekit.grading.judge.verdict import number
from coursekit.grading.student.grade_notebook import GradedNotebook, grade_notebook
from coursekit.grading.student.progress import HEAD, Row, exercise_row

_WORDS = {"done": "right", "missing": "not written yet", "wrong": "wrong", "refused": "not allowed"}


def grade(course: Course, paths: Sequence[Path], only: str | None = None) -> bool:
    """Grade notebooks, and print the results.

    Parameters
    ----------
    course : Course
        Contains the tests.
    paths : sequence of Path
        Notebooks with the exercises' names, or folders of them.
    only : str, optional
        The number of one exercise.

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
    rows: list[Row] = []
    everything: list[tuple[float, float]] = []
    failed = False
    bar = ProgressBar(len(notebooks), sys.stderr)
    for done, (name, path) in enumerate(notebooks):
        bar.draw(done, f"{done} of {len(notebooks)}  {name}")
        try:
            graded = grade_notebook(course, name, path)
        except CourseError as error:
            bar.wipe()
            print(f"{name}: {error}\n")
            failed = True
            continue
        bar.wipe()
        print(_tasks(graded))
        points = [(v.points, v.possible) for v in graded.verdicts.values()]
        rows.append(exercise_row(name[:2], graded.exercise.title, points))
        everything += points
        failed = failed or graded.failed
    print(text_table([HEAD, *rows, exercise_row("", "all", everything)]))
    return failed


def find_notebooks(
    course: Course, paths: Sequence[Path], only: str | None
) -> list[tuple[str, Path]]:
    """Pair the exercises' names with the notebooks of these names.

    Raises
    ------
    CourseError
        If a path does not exist, or there is no such notebook.
    """
    names = course.names if only is None else [course.name(only)]
    found: list[tuple[str, Path]] = []
    for path in paths:
        if not path.exists():
            raise CourseError(f"{path} does not exist.")
        files = [path] if path.is_file() else [path / f"{name}.ipynb" for name in names]
        found += [(file.stem, file) for file in files if file.stem in names and file.exists()]
    if not found:
        raise CourseError(f"There is no exercise notebook in {', '.join(map(str, paths))}.")
    return found


def _tasks(graded: GradedNotebook) -> str:
    lines = [graded.exercise.title]
    for verdict in graded.verdicts.values():
        word = _WORDS.get(verdict.status, "the test is broken")
        points = f"{number(verdict.points)} of {number(verdict.possible)}"
        lines.append(f"  {verdict.task}  {word:<15}  {points}")
        if verdict.summary:
            lines.append(f"        {verdict.summary}")
    if graded.extra and graded.failed:
        lines.append(
            "  Cells that you added are not run here: an answer's cell must define all it needs."
        )
    return "\n".join([*lines, ""])
