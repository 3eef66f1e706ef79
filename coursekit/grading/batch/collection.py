"""Whose the files in a folder or a zip are, in the layouts that people and platforms use."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from coursekit.grading.batch.results import SubmittedFile
from coursekit.grading.batch.sources import Source, Unreadable, in_folder, in_zip, read_file
from coursekit.grading.course.notebook import Notebook
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.course.submission import MAX_BYTES, as_notebook, tasks_in
from coursekit.grading.judge.values import printable

MAX_TOTAL = 4 * MAX_BYTES  # for one student
MAX_NOTEBOOKS = 30  # of one student
MAX_MEMORY = 700_000_000  # bytes that parsing a file may take

# Moodle: "Ada Lovelace_1234567_assignsubmission_file_/01_linear_limits.ipynb", folder or not. The
# first number is Moodle's: what comes after it is the student's.
_MOODLE = re.compile(
    r"(?P<name>[^/]+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?/?(?P<file>.+)", re.DOTALL
)
# Canvas: "lovelaceada_LATE_123_45678_01_linear_limits-2.ipynb".
_CANVAS = re.compile(r"(?P<name>[^/_]+)_(?:LATE_)?(?P<id>\d+)_\d{4,}_(?P<file>[^/]+)")
_EXERCISE = re.compile(r"(?P<number>\d\d)_\w+")


@dataclass(frozen=True)
class FoundFile:
    """One file that a student submitted, not yet read.

    Attributes
    ----------
    submission : SubmittedFile
        All but its content.
    source : Source or None
        Where the content is; None if there is an error.
    """

    submission: SubmittedFile
    source: Source | None = None

    def load(self) -> SubmittedFile:
        """Read it."""
        if self.source is None:
            return self.submission
        try:
            return replace(self.submission, content=self.source.read())
        except Unreadable as error:
            return replace(self.submission, error=str(error))


class NothingFound(CourseError):
    """A folder or a zip contains no submission, or a file is something else."""


def collect_all(paths: Sequence[Path]) -> list[FoundFile]:
    """Find all submissions in several folders and zips, sorted by student and file.

    The same student's file of the same name is one submission, and the last one counts. Parameters,
    and what it raises, as for `collect`.
    """
    found: dict[tuple[str, str], list[FoundFile]] = {}
    for path in dict.fromkeys(paths):
        try:
            for file in collect(path):
                found.setdefault((file.submission.student, file.submission.file), []).append(file)
        except NothingFound as error:
            if len(paths) == 1:
                raise
            found.setdefault((path.stem, path.name), []).append(_failed(path, str(error)))
    return [_last(found[key]) for key in sorted(found)]


def _last(files: list[FoundFile]) -> FoundFile:
    last = files[-1]
    if len(files) == 1:
        return last
    remark = f"This file was found {len(files)} times; the last one counts, in the order given."
    return replace(last, submission=replace(last.submission, remarks=(remark,)))


def collect(path: Path) -> list[FoundFile]:
    """Find all submissions.

    Parameters
    ----------
    path : Path
        A folder or a zip with a notebook for each student (named after the student), a folder for
        each student, nbgrader's ``submitted/``, a zip from Moodle or Canvas, or one notebook.

    Returns
    -------
    list of FoundFile
        Sorted by student and file. A student whose files include no notebook has one entry with an
        error, and a damaged zip is one too.

    Raises
    ------
    NothingFound
        If the path holds no submission.
    CourseError
        If it does not exist or can't be read.
    """
    if not path.exists():
        raise CourseError(f"{path} does not exist.")
    try:
        if path.is_dir():
            sources, home = list(in_folder(path)), path.resolve().name
        elif path.suffix == ".ipynb":
            sources = [_single(path)]
            home = path.resolve().parent.name
        elif _is_zip(path):
            sources, home = _unwrapped(list(in_zip(path)), path.stem), path.stem
        else:
            raise NothingFound(f"{path} is not a folder, a zip or a notebook.")
    except Unreadable as error:
        return [_failed(path, str(error))]
    except MemoryError as error:
        raise CourseError(f"{path} is too large to be read.") from error
    found = list(_submissions(sources, home))
    if not found:
        raise NothingFound(f"{path} contains no notebook: no file name in it ends in .ipynb.")
    return sorted(found, key=lambda f: (f.submission.student, f.submission.file))


def _single(path: Path) -> Source:
    real = path.resolve()
    size = real.stat().st_size
    return Source(PurePosixPath(path.name), size, lambda: read_file(real.parent, (real.name,)))


def _failed(path: Path, error: str) -> FoundFile:
    return FoundFile(SubmittedFile(path.stem, printable(path.stem), path.name, b"", error))


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:  # a damaged one still begins like one
            return file.read(4) == b"PK\3\4" or zipfile.is_zipfile(path)
    except OSError as error:
        raise CourseError(f"{path} can't be read: {error.strerror}.") from error


def _unwrapped(sources: list[Source], stem: str) -> list[Source]:
    """Strip a folder that contains everything in a zip."""
    tops = {source.path.parts[0] for source in sources}
    wrapped = len(tops) == 1 and all(len(source.path.parts) > 1 for source in sources)
    inner = {source.path.parts[1] for source in sources if len(source.path.parts) > 1}
    if wrapped and (tops <= {stem, "submissions", "submitted"} or len(inner) > 1):
        first = sources[0].path.parts[0]
        if not _MOODLE.fullmatch(f"{first}/x") and not all(map(_EXERCISE.match, inner)):
            return [replace(s, path=PurePosixPath(*s.path.parts[1:])) for s in sources]
    return sources


def _submissions(sources: list[Source], home: str) -> Iterator[FoundFile]:
    flat = [_EXERCISE.fullmatch(s.path.stem) for s in sources if len(s.path.parts) == 1]
    numbers = Counter(found["number"] for found in flat if found)
    one_student = bool(numbers) and max(numbers.values()) == 1  # each exercise once
    # Canvas writes all names or none; one of that form among others is a student's.
    canvas = all(_CANVAS.fullmatch(str(source.path)) for source in sources)
    others: dict[str, tuple[str, list[str]]] = {}  # students' other files
    size: Counter[str] = Counter()
    number: Counter[str] = Counter()
    for source in sources:
        student, name, file = _whose(source.path, home if one_student else "", canvas)
        if source.path.suffix == ".ipynb":
            number[student] += 1
            size[student] += source.size
            error = ""
            if number[student] > MAX_NOTEBOOKS:
                error = f"This student's first {MAX_NOTEBOOKS} notebooks were graded, no others."
            elif size[student] > MAX_TOTAL:
                error = "This student's files are too large in total: submit each one only once."
            submission = SubmittedFile(student, name, file, b"", error)
            yield FoundFile(submission, None if error else source)
        elif len(source.path.parts) > 1 or student != source.path.stem:
            others.setdefault(student, (name, []))[1].append(file)
    for student, (name, files) in others.items():
        if student not in number:
            few = printable(", ".join(sorted(files)[:5]))
            error = f"No notebook was submitted, only {few}."
            yield FoundFile(SubmittedFile(student, name, files[0], b"", error))


def _whose(path: PurePosixPath, home: str, canvas: bool) -> tuple[str, str, str]:
    """Find in a path whose file it is: the student's key and name, and the file's own name."""
    path = PurePosixPath(str(path).encode("utf-8", "replace").decode())  # undecodable names
    found = _MOODLE.fullmatch(str(path)) or (_CANVAS.fullmatch(str(path)) if canvas else None)
    if found:
        return found["id"], printable(found["name"]).strip(), found["file"]
    if len(path.parts) > 1:
        return path.parts[0], printable(path.parts[0]), "/".join(path.parts[1:])
    if home and _EXERCISE.fullmatch(path.stem):  # the folder belongs to one student
        return home, printable(home), path.name
    return path.stem, printable(path.stem), path.name


def notebook_of(submission: SubmittedFile) -> Notebook:
    """Parse a submission's file.

    Raises
    ------
    CourseError
        If it is no notebook, or too large to parse.
    """
    content = submission.content
    if parsing_cost(content) > MAX_MEMORY:
        raise CourseError("The file is too large: clear its outputs and save it.")
    return as_notebook(content, Path(submission.file).name)


def parsing_cost(content: bytes) -> int:
    """Estimate the memory that parsing a notebook takes, in bytes, without parsing it.

    Text with a rare character, such as an emoji, takes four bytes for each of its characters, as a
    whole and in parts. Each bracket is an object of its own, and so may be what follows a comma;
    a colon follows a key.
    """
    texts = len(content) * (1 + 2 * (1 if content.isascii() else 4))
    objects = {b"[": 240, b"{": 240, b":": 200, b",": 80}
    return texts + sum(size * content.count(sign) for sign, size in objects.items())


def exercise_name(course: Course, notebook: Notebook) -> str:
    """Find from its answer cells, or else from its checks, which exercise a notebook belongs to.

    Raises
    ------
    CourseError
        If it belongs to no exercise of the course.
    """
    numbers = [task[:2] for task in tasks_in(notebook)]
    if not numbers:
        raise CourseError("This notebook contains no answer cell of any exercise.")
    return course.name(max(sorted(set(numbers)), key=numbers.count))
