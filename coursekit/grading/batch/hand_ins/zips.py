"""The files in a zip, and in the zips within it: names and sizes first, a content when asked for.

Nothing is unpacked on disk, and no content is kept.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from coursekit.grading.batch.hand_ins.sources import (
    MAX_FILES,
    TOO_LARGE,
    Source,
    Unreadable,
    bounded,
    fail,
    is_hidden,
    iso_time,
)
from coursekit.grading.batch.hand_ins.zip_names import names_in
from coursekit.grading.course.paths import CourseError
from coursekit.grading.course.submission import MAX_BYTES
from coursekit.grading.judge.values import printable
from coursekit.language import say

MAX_ZIPS = 3  # zips in each other, within one
MAX_INNER = 1_000  # files in one of those
MAX_UNPACKED = 4 * MAX_BYTES  # of all of them
_ENTRY = b"PK\1\2"  # with which each entry of a zip's list begins


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
            time = iso_time(datetime, *info.date_time) if info.date_time[0] > 1980 else ""
            yield Source(path, info.file_size, partial(_read_member, archive, info), time)


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
        yield replace(source, read=partial(fail, str(error)))
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
    return bounded(content)


def _reason(error: Exception) -> str:
    return printable(str(error))[:200].rstrip(" .") or type(error).__name__
