"""The files of a course that a student works with, as they are handed out."""

from collections.abc import Iterable

from coursekit.grading.course.notebook import notebook_text
from coursekit.grading.course.paths import Course
from coursekit.grading.judge.recording import recorded


def course_files(course: Course, names: Iterable[str]) -> dict[str, bytes]:
    """Read the lectures, and of these exercises the notebook, the tests and what is recorded.

    The notebooks of exercises come from the recordings, because somebody may have tried an answer
    in ``exercises/``.

    Returns
    -------
    dict
        The content of each file, by its path relative to the course's folder.

    Raises
    ------
    CourseError
        If an exercise has not been recorded.
    """
    names = list(names)
    paths = [course.tests / "conftest.py", *course.lectures]
    paths += (course.root / "notebooks").glob("experiments/[!._]*.*")  # which lectures load
    for name in names:
        paths += [course.test_file(name), course.recorded_file(name)]
    files = {path.relative_to(course.root).as_posix(): path.read_bytes() for path in sorted(paths)}
    for name in names:
        files[f"exercises/{name}.ipynb"] = notebook_text(recorded(course, name).notebook).encode()
    return files
