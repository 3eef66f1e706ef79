"""Everything that is made from the gradebook, written to the folder of ``--to``."""

import contextlib
import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from coursekit.grading.batch import reports
from coursekit.grading.batch.gradebook import Entry
from coursekit.grading.course.paths import CourseError, write_atomically

# Not the name of a Windows device, nor anything like what `file_name` adds.
_SAFE = re.compile(r"(?!(con|prn|aux|nul|com\d|lpt\d)$)(?!.*-[0-9a-f]{8}$)[a-z0-9][a-z0-9_-]*")


def write_all(entries: Sequence[Entry], folder: Path) -> None:
    """Write everything that is made from the gradebook.

    Raises
    ------
    CourseError
        If that fails; the disk may be full.
    """
    by_student: dict[str, list[Entry]] = {}
    for entry in entries:
        by_student.setdefault(entry.grade.student, []).append(entry)
    then = " The grades are safe; run the same command again to write the rest."
    with writing(folder, then):
        write_atomically(folder / "marks.csv", reports.as_csv(entries))
        write_atomically(folder / "summary.html", reports.summary(entries))
        for student, own in by_student.items():
            name = file_name(student)
            write_atomically(folder / "feedback" / f"{name}.html", reports.feedback(own))
            for entry in reports.counted(own):
                path = folder / "gradescope" / name / entry.grade.exercise / "results.json"
                write_atomically(path, reports.as_gradescope(entry))


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
        raise CourseError(f"{folder} can't be written to: {error.strerror}.{then}") from error


def file_name(student: str) -> str:
    """Make a file name for a student: readable, safe on every system, and unique there.

    Windows and macOS take A and a for the same letter, and Windows keeps some names for devices.
    """
    plain = re.sub(r"[^\w-]+", "_", student, flags=re.ASCII)[:60]
    if plain == student and _SAFE.fullmatch(plain):
        return plain
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:8]}"
