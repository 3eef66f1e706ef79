"""Where the course's files are, and how they are written."""

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from functools import cached_property
from itertools import chain, count
from pathlib import Path

from coursekit.grading.course.reasons import reason_of
from coursekit.language import folder_language, join, say

ROOT = "COURSEKIT_COURSE"  # the environment variable that names the course's folder
TASK = re.compile(r"[0-9]{2}\.[0-9]+")
LECTURE = re.compile(r"\d\d[a-z]?_.+\.ipynb")  # 05_…, 05b_…; other notebooks are a teacher's
WORKING_COPY = "my-course"  # the folder in which a student works; git ignores it


class CourseError(Exception):
    """Something is wrong with the course's files; the message is a sentence for the user."""


class Course:
    """The folders of one copy of the course.

    Parameters
    ----------
    root : Path
        The folder with ``exercises/`` and ``tests/exercises/``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.exercises = root / "exercises"
        self.solutions = root / "solutions"
        self.tests = root / "tests" / "exercises"
        self.recorded = self.tests / "recorded"
        self.progress = root / ".coursekit" / "progress.json"

    @cached_property
    def names(self) -> list[str]:
        """The exercises' names (``"01_linear_limits"``), in order."""
        return sorted(path.stem.removeprefix("test_") for path in self.tests.glob("test_[0-9]*.py"))

    @property
    def lectures(self) -> list[Path]:
        """The lectures' notebooks, in order: 05 comes before 05b."""
        found = (self.root / "notebooks").glob("*.ipynb")
        return sorted(path for path in found if LECTURE.fullmatch(path.name))

    @property
    def language(self) -> str:
        """The language of this course."""
        return folder_language(self.root)

    def edition(self, language: str, exercise: str = "") -> "Course":
        """Return the course in another language, where its edition has been built, or else this.

        If `exercise` is given and newer than the edition, it is not there, and this is returned.
        """
        if language == self.language:
            return self
        source = Course(self.root.parents[1] if self.root.parent.name == "build" else self.root)
        named = Course(source.root / "build" / language)
        found = source if language == source.language else named
        is_there = not exercise or found.recorded_file(exercise).exists()
        return found if is_course(found.root) and is_there else self

    def name(self, number: str) -> str:
        """Find an exercise by its number.

        Raises
        ------
        CourseError
            If there is none.
        """
        found = [name for name in self.names if number in (name, name[:2], str(int(name[:2])))]
        if not found:
            known = ", ".join(name[:2] for name in self.names)
            raise CourseError(
                say(
                    "There is no exercise {number}; the exercises are {known}.",
                    number=number,
                    known=known,
                )
            )
        return found[0]

    def chosen(self, numbers: str | None) -> list[str]:
        """Find the exercises that ``--only`` names, such as ``"01,02"``, in order; None means all.

        Raises
        ------
        CourseError
            If one of them does not exist, or the text is not a list of numbers.
        """
        if numbers is None:
            return self.names
        return sorted({self.name(number.strip()) for number in numbers.split(",")})

    @property
    def students(self) -> "Course":
        """The copy in which a student works: the one that ``coursekit lab`` made, or this one."""
        copy = self.root / WORKING_COPY
        return Course(copy) if is_course(copy) else self

    def test_file(self, name: str) -> Path:
        """The tests of an exercise."""
        return self.tests / f"test_{name}.py"

    def answers_file(self, name: str) -> Path:
        """The catalogue of answers to an exercise, right and wrong; students don't get it."""
        return self.tests / f"answers_{name[:2]}.py"

    def recorded_file(self, name: str) -> Path:
        """What was recorded of an exercise."""
        return self.recorded / f"{name[:2]}.json"


def find_course(start: Path | None = None) -> Course:
    """Find the course that a folder belongs to, or else the one this package belongs to.

    Parameters
    ----------
    start : Path, optional
        Where to look first, and in the folders above; default: the folder that the environment
        variable ``COURSEKIT_COURSE`` names, or else the current folder.

    Raises
    ------
    CourseError
        If there is none.
    """
    named = os.environ.get(ROOT)
    if start is None and named:
        if not is_course(Path(named)):
            raise CourseError(
                say(
                    "{variable} names {folder}, where there is no course: it must be the folder "
                    "that contains exercises/ and tests/exercises/.",
                    variable=ROOT,
                    folder=named,
                )
            )
        return Course(Path(named).resolve())
    start = Path.cwd() if start is None else start.resolve()
    near = (start, *start.parents, *Path(__file__).resolve().parents[3:4])
    for folder in chain(near, _installed()):
        if is_course(folder):
            return Course(folder)
    raise CourseError(
        say(
            "The course's files were not found. Open the notebook in the course's folder "
            "exercises/, next to tests/, or set the environment variable {variable} to the "
            "course's folder.",
            variable=ROOT,
        )
    )


def is_course(folder: Path) -> bool:
    """Whether a folder holds exercises and their tests."""
    return (folder / "exercises").is_dir() and (folder / "tests" / "exercises").is_dir()


def _installed() -> Iterator[Path]:
    """Yield the folder that this package was installed from, if pip has recorded it."""
    # Rarely needed, and slow to import.
    from importlib.metadata import PackageNotFoundError, distribution
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    try:
        record = json.loads(distribution("coursekit").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return
    url = urlsplit(str(record.get("url", "")))
    if url.scheme == "file":
        yield Path(url2pathname(url.path))


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace a file's content, so that a crash leaves the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8", "replace") if isinstance(content, str) else content)
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


@contextlib.contextmanager
def reading(file: Path | str) -> Iterator[None]:
    """Explain why a file can't be read: raise a CourseError in place of an OSError."""
    try:
        yield
    except OSError as error:
        raise CourseError(
            say("{file} can't be read: {reason}.", file=file, reason=reason_of(error))
        ) from error


@contextlib.contextmanager
def writing(folder: Path, then: str = "") -> Iterator[None]:
    """Explain why nothing can be written to a folder.

    Raises
    ------
    CourseError
        In place of an OSError.
    """
    try:
        yield
    except OSError as error:
        raise CourseError(
            join(
                say(
                    "{folder} can't be written to: {reason}.",
                    folder=folder,
                    reason=reason_of(error),
                ),
                then,
            )
        ) from error


def keep_backup(path: Path) -> Path:
    """Copy a notebook to the first free name beside it, and return that."""
    backups = (path.with_name(f"{path.stem}.backup-{number}.ipynb") for number in count(1))
    backup = next(candidate for candidate in backups if not candidate.exists())
    shutil.copy2(path, backup)
    return backup
