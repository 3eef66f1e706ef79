"""The files of a course that a student works with, as they are handed out."""

import json
from collections.abc import Iterable
from pathlib import Path

from coursekit.grading.course.notebook import notebook_text
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.judge.recording import recorded
from coursekit.language import say


def course_files(course: Course, names: Iterable[str]) -> dict[str, bytes]:
    """Read the lectures, and of these exercises the notebook, the tests and what is recorded.

    The notebooks of exercises come from the recordings, because somebody may have tried an answer
    in ``exercises/``. Lectures come without their outputs, which would answer each question before
    it is asked.

    Returns
    -------
    dict
        The content of each file, by its path relative to the course's folder.

    Raises
    ------
    CourseError
        If an exercise has not been recorded, or a lecture is not a notebook.
    """
    names = list(names)
    paths = [course.tests / "conftest.py", *course.lectures]
    paths += (course.root / "notebooks").glob("experiments/[!._]*.*")  # which lectures load
    paths += [path for path in (course.root / "LANGUAGE",) if path.exists()]
    for name in names:
        paths += [course.test_file(name), course.recorded_file(name)]
    files = {path.relative_to(course.root).as_posix(): _content(path) for path in sorted(paths)}
    for name in names:
        files[f"exercises/{name}.ipynb"] = notebook_text(recorded(course, name).notebook).encode()
    return files


def _content(path: Path) -> bytes:
    """Read a file; of a notebook everything but outputs, execution counts and widgets."""
    if path.suffix != ".ipynb":
        return path.read_bytes()
    try:
        notebook = json.loads(path.read_bytes())
        notebook["metadata"].pop("widgets", None)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell.update(outputs=[], execution_count=None)
        return notebook_text(notebook).encode()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CourseError(say("{file} can't be read as a notebook.", file=path)) from error
