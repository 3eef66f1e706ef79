"""Read a folder or a zip of submissions, in the layouts that people and platforms use.

Nothing is unpacked on disk and no link is followed.
"""

import os
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from coursekit.grading.batch.results import SubmittedFile
from coursekit.grading.course.notebook import Notebook
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.course.submission import MAX_BYTES, as_notebook, tasks_in

MAX_TOTAL = 4 * MAX_BYTES  # for one student
MAX_FILES = 200_000  # in a zip
MAX_PARTS = 2_000_000  # brackets in a file; each becomes an object that is larger than itself

# Moodle: "Ada Lovelace_1234567_assignsubmission_file_/01_linear_limits.ipynb", folder or not.
_MOODLE = re.compile(
    r"(?P<name>[^/]+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?/?(?P<file>.+)"
)
# Canvas: "lovelaceada_LATE_123_45678_01_linear_limits-2.ipynb".
_CANVAS = re.compile(r"(?P<name>[^/_]+)_(?:LATE_)?(?P<id>\d+)_\d{4,}_(?P<file>[^/]+)")
_EXERCISE = re.compile(r"(?P<number>\d\d)_\w+")

# RuntimeError: it is encrypted; the others: it is damaged
_UNPACKING_ERRORS = (OSError, RuntimeError, ValueError, EOFError, zlib.error, zipfile.BadZipFile)

Entry = tuple[PurePosixPath, bytes | str]  # a path with its content, or why that can't be read


def collect(path: Path) -> list[SubmittedFile]:
    """Read all submissions.

    Parameters
    ----------
    path : Path
        A folder or a zip with a notebook for each student (named after the student), a folder for
        each student, nbgrader's ``submitted/``, a zip from Moodle or Canvas, or one notebook.

    Returns
    -------
    list of SubmittedFile
        Sorted by student and file. A student whose files include no notebook has one entry with an
        error.

    Raises
    ------
    CourseError
        If the path does not exist, or holds no submission.
    """
    if not path.exists():
        raise CourseError(f"{path} does not exist.")
    if path.is_dir():
        entries, home = list(_folder(path)), path.resolve().name
    elif path.suffix == ".ipynb":
        entries, home = [(PurePosixPath(path.name), _read(path))], path.resolve().parent.name
    elif zipfile.is_zipfile(path):
        entries, home = _unwrapped(list(_zip(path)), path.stem), path.stem
    else:
        raise CourseError(f"{path} is not a folder, a zip or a notebook.")
    found = list(_submissions(entries, home))
    if not found:
        raise CourseError(f"{path} contains no notebook: no file name in it ends in .ipynb.")
    return sorted(found, key=lambda s: (s.student, s.file))


def _folder(top: Path) -> Iterator[Entry]:
    def fail(error: OSError) -> None:
        raise CourseError(f"{error.filename} can't be read: {error.strerror}.")

    for folder, folders, files in os.walk(top, onerror=fail):
        folders.sort()
        for file in sorted([*files, *(f for f in folders if Path(folder, f).is_symlink())]):
            path = Path(folder, file)
            name = PurePosixPath(path.relative_to(top).as_posix())
            if _hidden(name):
                continue
            if path.is_symlink():
                yield name, "The file is a link to another file: submit that file itself."
            elif path.is_file():
                yield name, _read(path) if path.suffix == ".ipynb" else b""


def _read(path: Path) -> bytes | str:
    try:
        with path.open("rb") as file:
            return _bounded(file.read(MAX_BYTES + 1))
    except OSError as error:
        return f"The file can't be read: {error.strerror}."


def _zip(path: Path) -> Iterator[Entry]:
    with zipfile.ZipFile(path) as archive:
        if len(archive.infolist()) > MAX_FILES:
            raise CourseError(f"{path} contains more than {MAX_FILES} files.")
        for info in archive.infolist():
            # Some Windows tools write backslashes.
            name = PurePosixPath(info.filename.replace("\\", "/"))
            if info.is_dir() or _hidden(name):
                continue
            if name.suffix != ".ipynb":
                yield name, b""
                continue
            try:
                with archive.open(info) as file:
                    yield name, _bounded(file.read(MAX_BYTES + 1))
            except _UNPACKING_ERRORS as error:
                yield name, f"The file can't be unpacked: {error}."


def _bounded(content: bytes) -> bytes | str:
    if len(content) <= MAX_BYTES:
        return content
    return f"The file is larger than {MAX_BYTES // 1_000_000} MB: clear its outputs and save it."


def _unwrapped(entries: list[Entry], stem: str) -> list[Entry]:
    """Strip a folder that contains everything in a zip."""
    tops = {name.parts[0] for name, _ in entries}
    wrapped = len(tops) == 1 and all(len(name.parts) > 1 for name, _ in entries)
    inner = {name.parts[1] for name, _ in entries if len(name.parts) > 1}
    if wrapped and (tops <= {stem, "submissions", "submitted"} or len(inner) > 1):
        first = entries[0][0].parts[0]
        if not _MOODLE.fullmatch(f"{first}/x") and not all(map(_EXERCISE.match, inner)):
            return [(PurePosixPath(*name.parts[1:]), content) for name, content in entries]
    return entries


def _hidden(name: PurePosixPath) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.parts)


def _submissions(entries: Iterable[Entry], home: str) -> Iterator[SubmittedFile]:
    entries = list(entries)
    flat = [_EXERCISE.fullmatch(p.stem) for p, _ in entries if len(p.parts) == 1]
    numbers = Counter(found["number"] for found in flat if found)
    one_student = bool(numbers) and max(numbers.values()) == 1  # each exercise once
    others: dict[str, tuple[str, list[str]]] = {}  # students' other files
    total: Counter[str] = Counter()
    with_notebook = set()
    for path, content in entries:
        student, name, file = _whose(path, home if one_student else "")
        if path.suffix == ".ipynb":
            with_notebook.add(student)
            total[student] += len(content)
            if total[student] > MAX_TOTAL:
                content = "This student's files are too large in total: submit each one only once."
            data, error = (b"", content) if isinstance(content, str) else (content, "")
            yield SubmittedFile(student, name, file, data, error)
        elif len(path.parts) > 1 or student != path.stem:
            others.setdefault(student, (name, []))[1].append(file)
    for student, (name, files) in others.items():
        if student not in with_notebook:
            error = f"No notebook was submitted, only {', '.join(sorted(files)[:5])}."
            yield SubmittedFile(student, name, files[0], b"", error)


def _whose(path: PurePosixPath, home: str) -> tuple[str, str, str]:
    """Find in a path whose file it is: the student's key and name, and the file's own name."""
    path = PurePosixPath(str(path).encode("utf-8", "replace").decode())  # undecodable names
    if found := _MOODLE.fullmatch(str(path)) or _CANVAS.fullmatch(str(path)):
        return found["id"], found["name"].strip(), found["file"]
    if len(path.parts) > 1:
        return path.parts[0], path.parts[0], "/".join(path.parts[1:])
    if home and _EXERCISE.fullmatch(path.stem):  # the folder belongs to one student
        return home, home, path.name
    return path.stem, path.stem, path.name


def notebook_of(submission: SubmittedFile) -> Notebook:
    """Parse a submission's file.

    Raises
    ------
    CourseError
        If it is no notebook, or too large to parse.
    """
    content = submission.content
    if content.count(b"[") + content.count(b"{") > MAX_PARTS:
        raise CourseError("The file is too large: clear its outputs and save it.")
    return as_notebook(content, Path(submission.file).name)


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
