"""The files in a folder or a zip: first their names and sizes, and a content when it is asked for.

Nothing is unpacked on disk, no link is followed, and no content is kept.
"""

import contextlib
import errno
import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from coursekit.grading.batch.hand_ins.zip_names import names_in
from coursekit.grading.course.paths import CourseError
from coursekit.grading.course.submission import MAX_BYTES
from coursekit.grading.judge.values import printable
from coursekit.language import mark, say

MAX_FILES = 200_000
MAX_DEPTH = 30  # folders in each other
MAX_ZIPS = 3  # zips in each other, within one
MAX_INNER = 1_000  # files in one of those
MAX_UNPACKED = 4 * MAX_BYTES  # of all of them
_ENTRY = b"PK\1\2"  # with which each entry of a zip's list begins
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
            raise CourseError(say("{top} can't be read: {reason}.", top=top, reason=error.strerror))
        reason = say("The folder can't be read: {reason}.", reason=error.strerror)
        yield Source(PurePosixPath(place.as_posix(), "*.ipynb"), 0, partial(_fail, reason))


def _of_file(top: Path, place: Path) -> Source | None:
    path = PurePosixPath(place.as_posix())
    try:
        found = os.lstat(top / place)
    except OSError as error:  # it has just been removed, or its name is too long
        return Source(
            path, 0, partial(_fail, say("The file can't be read: {reason}.", reason=error.strerror))
        )
    if stat.S_ISLNK(found.st_mode):
        return Source(path, 0, partial(_fail, say(LINK)))
    if not stat.S_ISREG(found.st_mode) or is_hidden(path):
        return None
    read = partial(read_file, top, place.parts)
    return Source(path, found.st_size, read, _time(datetime.fromtimestamp, found.st_mtime))


def _fail(reason: str) -> bytes:
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
        If it is no ordinary file any more, too large, or can't be read.
    """
    try:
        with open(_opened(top, parts), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Unreadable(say("It is not an ordinary file."))
            return _bounded(file.read(MAX_BYTES + 1))
    except OSError as error:
        link = error.errno in (errno.ELOOP, errno.ENOTDIR)
        raise Unreadable(
            say(LINK) if link else say("The file can't be read: {reason}.", reason=error.strerror)
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


def in_zip(path: Path) -> Iterator[Source]:
    """Find all files in a zip, which stays open.

    Raises
    ------
    CourseError
        If it contains too many files.
    Unreadable
        If it is damaged.
    """
    archive, names = _opened_zip(path)
    if len(names) > MAX_FILES:
        raise CourseError(say("{path} contains more than {n} files.", path=path, n=MAX_FILES))
    yield from _members(archive, names)


def _opened_zip(file: Path | IO[bytes]) -> tuple[zipfile.ZipFile, dict[zipfile.ZipInfo, str]]:
    try:
        archive = zipfile.ZipFile(file)
        members = archive.infolist()
        return archive, dict(zip(members, names_in(members), strict=True))
    except Exception as error:  # zipfile raises what the bytes of a damaged file lead it to
        raise Unreadable(say("The zip is damaged: {reason}.", reason=_reason(error))) from error


def _members(archive: zipfile.ZipFile, names: dict[zipfile.ZipInfo, str]) -> Iterator[Source]:
    for info, name in names.items():
        # Some Windows tools write backslashes.
        path = PurePosixPath(name.partition("\0")[0].replace("\\", "/"))
        if path.parts and not info.is_dir() and not is_hidden(path):
            time = _time(datetime, *info.date_time) if info.date_time[0] > 1980 else ""
            yield Source(path, info.file_size, partial(_read_member, archive, info), time)


def _time(time: Callable[..., datetime], *values: float) -> str:
    with contextlib.suppress(ValueError, OverflowError, OSError):  # no such day
        return time(*values).astimezone().isoformat()
    return ""


def unpacked(
    source: Source, depth: int = MAX_ZIPS, left: list[int] | None = None
) -> Iterator[Source]:
    """Yield the files in a zip that is in something else, as if it were a folder of its name.

    A zip that is damaged, or has too much in it, stays one file, whose reading says why. Every
    other file is yielded as it is. At most `depth` zips may be in each other, and
    so many bytes may still be unpacked as `left` has as its one entry, which is counted down.
    """
    if source.path.suffix.lower() != ".zip":
        yield source
        return
    left = [MAX_UNPACKED] if left is None else left
    try:
        content = source.read()
        left[0] -= len(content)
        if not depth or left[0] < 0 or content.count(_ENTRY) > MAX_INNER:
            raise Unreadable(say("The zip has too much in it: submit the notebook itself."))
        archive, names = _opened_zip(io.BytesIO(content))
    except Unreadable as error:
        yield replace(source, read=partial(_fail, str(error)))
        return
    folder = source.path.with_suffix("")
    for member in _members(archive, names):
        for inner in unpacked(member, depth - 1, left):
            failed = inner.path.suffix.lower() == ".zip"
            read = inner.read if failed else partial(_read_inner, source, inner.path)
            yield replace(inner, path=folder / inner.path, read=read)


def _read_inner(source: Source, path: PurePosixPath) -> bytes:
    """Read a file in a zip, which is opened again for it so that it takes no memory meanwhile."""
    archive, names = _opened_zip(io.BytesIO(source.read()))
    for member in _members(archive, names):
        for inner in unpacked(member):
            if inner.path == path:
                return inner.read()
    raise Unreadable(say("The zip has changed."))


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > MAX_BYTES:
        raise Unreadable(say(TOO_LARGE, n=MAX_BYTES // 1_000_000))
    try:
        with archive.open(info) as file:
            content = file.read(MAX_BYTES + 1)
    except Exception as error:  # as above; RuntimeError: it is encrypted
        raise Unreadable(
            say("The file can't be unpacked: {reason}.", reason=_reason(error))
        ) from error
    return _bounded(content)


def _bounded(content: bytes) -> bytes:
    if len(content) > MAX_BYTES:
        raise Unreadable(say(TOO_LARGE, n=MAX_BYTES // 1_000_000))
    return content


def _reason(error: Exception) -> str:
    return printable(str(error))[:200].rstrip(" .") or type(error).__name__


def is_hidden(path: PurePosixPath) -> bool:
    """Whether a file or a folder around it is a system's or a program's own."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
