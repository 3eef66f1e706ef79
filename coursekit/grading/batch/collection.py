"""What teachers collect: a folder or a zip of submissions, as people and platforms lay them out.

Nothing is unpacked on disk, no link is followed, and a file counts as what its bytes hold.
"""

import os
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from coursekit.grading.batch.results import Submission
from coursekit.grading.course.paths import CourseError
from coursekit.grading.course.submission import MAX_BYTES

MAX_TOTAL = 4 * MAX_BYTES  # of one student
MAX_FILES = 200_000  # in a zip

# Moodle: "Ada Lovelace_1234567_assignsubmission_file_/01_linear_limits.ipynb", folder or not.
_MOODLE = re.compile(
    r"(?P<name>[^/]+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?/?(?P<file>.+)"
)
# Canvas: "lovelaceada_LATE_123_45678_01_linear_limits-2.ipynb".
_CANVAS = re.compile(r"(?P<name>[^/_]+)_(?:LATE_)?(?P<id>\d+)_\d{4,}_(?P<file>[^/]+)")
_EXERCISE = re.compile(r"(?P<number>\d\d)_\w+")

Entry = tuple[PurePosixPath, bytes | str]  # a file's content, or why it could not be read


def collect(path: Path) -> list[Submission]:
    """Read all submissions.

    Parameters
    ----------
    path : Path
        A folder or a zip with a notebook for each student (named as the student), a folder for
        each student, nbgrader's ``submitted/``, or what Moodle or Canvas packs. Or one notebook.

    Returns
    -------
    list of Submission
        By student and file. Who handed in files but no notebook is there, with a problem.

    Raises
    ------
    CourseError
        If the path is not there, or holds no submission.
    """
    if not path.exists():
        raise CourseError(f"{path} is not there.")
    if path.is_dir():
        entries, home = list(_folder(path)), path.resolve().name
    elif path.suffix == ".ipynb":
        entries, home = [(PurePosixPath(path.name), _read(path))], path.resolve().parent.name
    elif zipfile.is_zipfile(path):
        entries, home = _unwrapped(list(_zip(path)), path.stem), path.stem
    else:
        raise CourseError(f"{path} is neither a folder, nor a zip, nor a notebook.")
    found = list(_submissions(entries, home))
    if not found:
        raise CourseError(f"{path} holds no notebook: no name in it ends in .ipynb.")
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
                yield name, "It is a link to another file: hand in the file itself."
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
            raise CourseError(f"{path} holds more than {MAX_FILES} files.")
        for info in archive.infolist():
            name = PurePosixPath(info.filename.replace("\\", "/"))  # as some Windows tools write
            if info.is_dir() or _hidden(name):
                continue
            if name.suffix != ".ipynb":
                yield name, b""
                continue
            try:
                with archive.open(info) as file:
                    yield name, _bounded(file.read(MAX_BYTES + 1))
            except (
                OSError,
                RuntimeError,
                ValueError,
                EOFError,
                zlib.error,
                zipfile.BadZipFile,
            ) as error:
                # RuntimeError: a password; the rest: damaged, each in its own way
                yield name, f"The file can't be unpacked: {error}."


def _bounded(content: bytes) -> bytes | str:
    if len(content) <= MAX_BYTES:
        return content
    return f"The file is larger than {MAX_BYTES // 1_000_000} MB: clear its outputs and save it."


def _unwrapped(entries: list[Entry], stem: str) -> list[Entry]:
    """Take a folder away that wraps everything in a zip."""
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


def _submissions(entries: Iterable[Entry], home: str) -> Iterator[Submission]:
    entries = list(entries)
    flat = [_EXERCISE.fullmatch(p.stem) for p, _ in entries if len(p.parts) == 1]
    numbers = Counter(found["number"] for found in flat if found)
    one_student = bool(numbers) and max(numbers.values()) == 1  # each exercise once
    others: dict[str, tuple[str, list[str]]] = {}  # who handed in what else
    total: Counter[str] = Counter()
    heard = set()
    for path, content in entries:
        student, name, file = _whose(path, home if one_student else "")
        if path.suffix == ".ipynb":
            heard.add(student)
            total[student] += len(content)
            if total[student] > MAX_TOTAL:
                content = "There is too much in the files of this student: hand in each only once."
            problem = content if isinstance(content, str) else ""
            data = b"" if isinstance(content, str) else content
            yield Submission(student, name, file, data, problem)
        elif len(path.parts) > 1 or student != path.stem:
            others.setdefault(student, (name, []))[1].append(file)
    for student, (name, files) in others.items():
        if student not in heard:
            problem = f"No notebook was handed in, but {', '.join(sorted(files)[:5])}."
            yield Submission(student, name, files[0], b"", problem)


def _whose(path: PurePosixPath, home: str) -> tuple[str, str, str]:
    """Tell from a path whose file it is: the student's key, name, and the file's own name."""
    path = PurePosixPath(str(path).encode("utf-8", "replace").decode())  # some names are no text
    if found := _MOODLE.fullmatch(str(path)) or _CANVAS.fullmatch(str(path)):
        return found["id"], found["name"].strip(), found["file"]
    if len(path.parts) > 1:
        return path.parts[0], path.parts[0], "/".join(path.parts[1:])
    if home and _EXERCISE.fullmatch(path.stem):  # the folder is one student's own
        return home, home, path.name
    return path.stem, path.stem, path.name
