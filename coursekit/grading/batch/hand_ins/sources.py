"""The files in a folder: first their names and sizes, and a content when it is asked for.

No link is followed, and no content is kept.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath

from coursekit.grading.course.paths import CourseError
from coursekit.grading.course.reasons import reason_of
from coursekit.grading.course.submission import MAX_BYTES
from coursekit.language import mark, say

MAX_FILES = 200_000
MAX_DEPTH = 30  # folders in each other
LINK = mark("The file is a link to another file: submit that file itself.")
TOO_LARGE = mark("The file is larger than {n} MB: clear its outputs and save it.")


class Unreadable(Exception):
    """A file can't be read; the text is a sentence that says why."""


@dataclass(frozen=True)
class Source:
    """One file.

    Attributes
    ----------
    path : PurePosixPath
        Its path in the folder or the zip.
    size : int
        Bytes, as the folder or the zip says.
    read : callable ``() -> bytes``
        Reads it, or raises `Unreadable`.
    time : str
        When it was last changed, in ISO 8601; empty if that is unknown.
    """

    path: PurePosixPath
    size: int
    read: Callable[[], bytes]
    time: str = ""


def in_folder(top: Path) -> Iterator[Source]:
    """Find all files in a folder and below it.

    Raises
    ------
    CourseError
        If the folder can't be read, or contains too many files.
    """
    errors: list[OSError] = []
    number = 0
    for folder, folders, files in os.walk(top, onerror=errors.append):
        here = Path(folder).relative_to(top)
        if len(here.parts) >= MAX_DEPTH:
            folders.clear()
        folders.sort()
        for file in sorted([*files, *(f for f in folders if Path(folder, f).is_symlink())]):
            number += 1
            if number > MAX_FILES:
                raise CourseError(say("{top} contains more than {n} files.", top=top, n=MAX_FILES))
            if (source := _of_file(top, here / file)) is not None:
                yield source
    for error in errors:
        place = Path(error.filename).relative_to(top)
        if not place.parts:
            raise CourseError(
                say("{top} can't be read: {reason}.", top=top, reason=reason_of(error))
            )
        reason = say("The folder can't be read: {reason}.", reason=reason_of(error))
        yield Source(PurePosixPath(place.as_posix(), "*.ipynb"), 0, partial(fail, reason))


def _of_file(top: Path, place: Path) -> Source | None:
    path = PurePosixPath(place.as_posix())
    try:
        found = os.lstat(top / place)
    except OSError as error:  # it has just been removed, or its name is too long
        return Source(
            path,
            0,
            partial(fail, say("The file can't be read: {reason}.", reason=reason_of(error))),
        )
    if stat.S_ISLNK(found.st_mode):
        return Source(path, 0, partial(fail, say(LINK)))
    if not stat.S_ISREG(found.st_mode) or is_hidden(path):
        return None
    read = partial(read_file, top, place.parts)
    return Source(path, found.st_size, read, iso_time(datetime.fromtimestamp, found.st_mtime))


def fail(reason: str) -> bytes:
    raise Unreadable(reason)


def read_file(top: Path, parts: tuple[str, ...]) -> bytes:
    """Read a file below a folder that others may be changing.

    Parameters
    ----------
    top : Path
        The folder.
    parts : tuple of str
        The names from there to the file. None of them is followed if it is a link.

    Raises
    ------
    Unreadable
        If it is no longer an ordinary file, too large, or can't be read.
    """
    try:
        with open(_opened(top, parts), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Unreadable(say("It is not an ordinary file."))
            return bounded(file.read(MAX_BYTES + 1))
    except OSError as error:
        link = error.errno in (errno.ELOOP, errno.ENOTDIR)
        raise Unreadable(
            say(LINK) if link else say("The file can't be read: {reason}.", reason=reason_of(error))
        ) from error


def _opened(top: Path, parts: tuple[str, ...]) -> int:
    if os.open not in os.supports_dir_fd:  # Windows, where making a link takes rights
        return os.open(top.joinpath(*parts), os.O_RDONLY | getattr(os, "O_BINARY", 0))
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    folder = os.open(top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            inner = os.open(part, flags | os.O_DIRECTORY, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(parts[-1], flags, dir_fd=folder)
    finally:
        os.close(folder)


def iso_time(time: Callable[..., datetime], *values: float) -> str:
    with contextlib.suppress(ValueError, OverflowError, OSError):  # no such day
        return time(*values).astimezone().isoformat()
    return ""


def bounded(content: bytes) -> bytes:
    if len(content) > MAX_BYTES:
        raise Unreadable(say(TOO_LARGE, n=MAX_BYTES // 1_000_000))
    return content


def is_hidden(path: PurePosixPath) -> bool:
    """Whether a file or a folder around it is a system's or a program's own."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
