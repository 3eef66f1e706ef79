"""Whose the files in a folder or a zip are, in the layouts that people and platforms use."""

import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from coursekit.grading.batch.base.records import About, SubmittedFile
from coursekit.grading.batch.hand_ins.one_student import refuse_a_class_as_one_student
from coursekit.grading.batch.hand_ins.owners import ATTACHMENTS, NOTEBOOK, Layout, Owner
from coursekit.grading.batch.hand_ins.sources import (
    Source,
    Unreadable,
    in_folder,
    read_file,
)
from coursekit.grading.batch.hand_ins.times import nbgrader_times, one_moment
from coursekit.grading.batch.hand_ins.zips import in_zip, unpacked
from coursekit.grading.course.paths import CourseError, reading
from coursekit.grading.course.submission import MAX_BYTES
from coursekit.grading.judge.values import printable
from coursekit.language import say

MAX_TOTAL = 4 * MAX_BYTES  # for one student
MAX_NOTEBOOKS = 30  # of one student
# What students submit instead of a notebook; other files beside the students' are the teacher's.
_WORK = {".zip", ".7z", ".rar", ".gz", ".tgz", ".pdf", ".docx", ".doc", ".odt", ".html", ".py"}


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


def collect_all(paths: Sequence[Path], level: int | None = None) -> list[FoundFile]:
    """Find all submissions in several folders and zips, sorted by student and file.

    The same student's file of the same name is one submission, and the last one counts. Parameters,
    and what it raises, as for `collect`.
    """
    found: dict[tuple[str, str], list[FoundFile]] = {}
    for path in dict.fromkeys(paths):
        try:
            for file in collect(path, level):
                found.setdefault((file.submission.student, file.submission.file), []).append(file)
        except NothingFound as error:
            if len(paths) == 1:
                raise
            found.setdefault((path.stem, path.name), []).append(_failed(path, str(error)))
    return [_last(found[key]) for key in sorted(found)]


def _last(files: list[FoundFile]) -> FoundFile:
    last = files[-1]
    return replace(last, submission=replace(last.submission, times=len(files)))


def collect(path: Path, level: int | None = None) -> list[FoundFile]:
    """Find all submissions.

    Parameters
    ----------
    path : Path
        A folder or a zip with a notebook for each student (named after the student), a folder or a
        zip for each student, nbgrader's ``submitted/``, a zip from Moodle, Canvas, Blackboard or
        ILIAS, or one notebook.
    level : int, optional
        The level of the students' folders, 1 for the uppermost; by default it is found.

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
        If it does not exist or can't be read, or if a whole class seems to be one student.
    """
    if not path.exists():
        raise CourseError(say("{path} does not exist.", path=path))
    home = path.stem
    try:
        if path.is_dir():
            files, home = in_folder(path), path.resolve().name
        elif NOTEBOOK.fullmatch(path.name):
            files, home = iter([_single(path)]), path.resolve().parent.name
        elif _is_zip(path):
            files = in_zip(path)
        else:
            raise NothingFound(say("{path} is not a folder, a zip or a notebook.", path=path))
        sources = [source for file in files for source in unpacked(file)]
    except Unreadable as error:
        return [_failed(path, str(error))]
    except MemoryError as error:
        raise CourseError(say("{path} is too large to be read.", path=path)) from error
    layout = Layout([source.path for source in sources], home, level)
    owned = [(layout.owner(source.path), source) for source in sources]
    if level is None:
        refuse_a_class_as_one_student(owned)
    found = list(_found_files(owned, About(source=str(path.resolve()), level=level)))
    if not found:
        raise NothingFound(
            say("{path} contains no notebook: no file name in it ends in .ipynb.", path=path)
        )
    return sorted(found, key=lambda f: (f.submission.student, f.submission.file))


def _single(path: Path) -> Source:
    real = path.resolve()
    size = real.stat().st_size
    return Source(PurePosixPath(path.name), size, lambda: read_file(real.parent, (real.name,)))


def _failed(path: Path, error: str) -> FoundFile:
    return FoundFile(SubmittedFile(path.stem, printable(path.stem), path.name, b"", error))


def _is_zip(path: Path) -> bool:
    with reading(path), path.open("rb") as file:  # a damaged one still begins like one
        return file.read(4) == b"PK\3\4" or zipfile.is_zipfile(path)


def _stamped(times: Mapping[PurePosixPath, str], owner: Owner, path: PurePosixPath) -> str:
    """Return the time in a ``timestamp.txt`` that is not a file which the student has submitted."""
    folder = path.parent
    if owner.platform == "sakai" and folder.name == ATTACHMENTS:
        folder = folder.parent
    elif owner.platform:
        return ""
    return times.get(folder, "")


def _found_files(owned: Sequence[tuple[Owner, Source]], top: About) -> Iterator[FoundFile]:
    times = nbgrader_times(source for _, source in owned)
    copied = one_moment([s.time for _, s in owned if NOTEBOOK.fullmatch(s.path.name) and s.time])
    others: dict[str, tuple[Owner, list[Source]]] = {}  # students' other files
    size: Counter[str] = Counter()
    number: Counter[str] = Counter()
    for owner, source in owned:
        student = owner.student
        if NOTEBOOK.fullmatch(source.path.name):
            number[student] += 1
            size[student] += source.size
            error = ""
            if number[student] > MAX_NOTEBOOKS:
                error = say(
                    "This student's first {n} notebooks were graded, no others.", n=MAX_NOTEBOOKS
                )
            elif size[student] > MAX_TOTAL:
                error = say(
                    "This student's files are too large in total: submit each one only once."
                )
            stated = owner.submitted or _stamped(times, owner, source.path)
            # Platforms give the files in a zip the time of the download.
            by_file = "" if stated or owner.platform or copied else source.time
            about = replace(_about(owner, top), submitted=stated or by_file, by_file=bool(by_file))
            file = SubmittedFile(student, owner.name, owner.file, b"", error, (), about)
            yield FoundFile(file, None if error else source)
        elif owner.platform or student != source.path.stem or _is_work(source.path):
            others.setdefault(student, (owner, []))[1].append(
                replace(source, path=PurePosixPath(owner.file))
            )
    for student, (owner, sources) in others.items():
        if student not in number:
            yield FoundFile(_without_notebook(owner, sources, top))


def _is_work(path: PurePosixPath) -> bool:
    return path.suffix.lower() in _WORK and path.stem != "index"  # which platforms add


def _about(owner: Owner, top: About) -> About:
    return replace(top, late=owner.late, place=owner.place, also=owner.also)


def _without_notebook(owner: Owner, sources: Sequence[Source], top: About) -> SubmittedFile:
    files = sorted(str(source.path) for source in sources)
    error = say("No notebook was submitted, only {files}.", files=printable(", ".join(files[:5])))
    reasons = []
    for source in sources:
        if source.path.suffix.lower() == ".zip":  # one that could not be unpacked
            try:
                source.read()
            except Unreadable as reason:
                reasons.append(f"{printable(str(source.path))}: {reason}")
    about = _about(owner, top)
    return SubmittedFile(owner.student, owner.name, files[0], b"", error, tuple(reasons), about)
