"""The files in a zip, and in the zips within it: names and sizes first, a content when asked for.

Nothing is unpacked on disk, and no content is kept. Many programs write names in an encoding that
the zip doesn't name, so that it has to be guessed.
"""

import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
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
from coursekit.grading.course.paths import CourseError
from coursekit.grading.course.submission import MAX_BYTES
from coursekit.language import mark, say

MAX_ZIPS = 3  # zips in each other, within one
MAX_INNER = 1_000  # files in one of those
MAX_UNPACKED = 4 * MAX_BYTES  # of all of them
_ENTRY = b"PK\1\2"  # with which each entry of a zip's list begins
_UTF_8 = 0x800  # the flag of a name that is UTF-8
_LOCKED = 0x1  # the flag of a content that is encrypted
_UNICODE_PATH = 0x7075  # Info-ZIP's extra field with the name in UTF-8
# Of Windows and DOS: Western (two), Russian (two), Japanese, Chinese. The first of equals is taken.
_ENCODINGS = ("cp437", "cp850", "cp866", "cp932", "gbk", "cp1251")


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
        raise Unreadable(say("It is no zip, or a damaged one.")) from error


def _members(archive: zipfile.ZipFile, names: dict[zipfile.ZipInfo, str]) -> Iterator[Source]:
    for info, name in names.items():
        # Some Windows tools write backslashes.
        path = PurePosixPath(name.partition("\0")[0].replace("\\", "/"))
        # A name that leads out of the zip would be in somebody else's folder.
        path = PurePosixPath(*(part for part in path.parts if part.strip("/") not in ("", "..")))
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
    except Exception as error:  # as above
        locked = mark("The file can't be unpacked: it has a password.")
        damaged = mark("The file can't be unpacked: it is damaged, or packed in an unknown way.")
        raise Unreadable(say(locked if info.flag_bits & _LOCKED else damaged)) from error
    return bounded(content)


def names_in(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Return the names of all members; those without a known encoding are guessed together."""
    raw = [_raw(info) for info in members]
    unknown = [name for name in raw if isinstance(name, bytes)]
    encoding = _guess(unknown)
    return [n.decode(encoding, "replace") if isinstance(n, bytes) else n for n in raw]


def _raw(info: zipfile.ZipInfo) -> str | bytes:
    """Return a name, or its bytes if their encoding is unknown."""
    name = info.orig_filename
    if info.flag_bits & _UTF_8 or name.isascii():
        return info.filename
    content = name.encode("cp437")  # as which the zipfile module has decoded it
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        same = field[1:5] == zlib.crc32(content).to_bytes(4, "little")
        if kind == _UNICODE_PATH and same:
            return field[5:].decode("utf-8", "replace")
    return content


def _guess(names: Sequence[bytes]) -> str:
    """Choose the encoding in which most characters are letters that go together."""
    text = b"\n".join(names)
    try:
        text.decode()
        return "utf-8"
    except UnicodeDecodeError:
        return max(_ENCODINGS, key=lambda encoding: _plausible(text, encoding))


def _plausible(text: bytes, encoding: str) -> float:
    """Return the mean of what speaks for each character outside of ASCII; 1 is the most."""
    try:
        decoded = f"\n{text.decode(encoding)}\n"
    except UnicodeDecodeError:
        return -1.0
    scores = [
        _fits(decoded[place - 1], decoded[place], decoded[place + 1], encoding)
        for place in range(1, len(decoded) - 1)
        if not decoded[place].isascii()
    ]
    return sum(scores) / len(scores)


def _fits(before: str, character: str, after: str, encoding: str) -> float:
    if not character.isalpha():
        return -1.0
    script = _script(character)
    if script == "LATIN":  # an accented letter is rarely beside another one
        alone = before.isascii() and after.isascii() and (before + after).strip("\n/ .")
        return 1.0 if alone else -0.5
    if script == "CYRILLIC":
        mixed = any(one.isalpha() and _script(one) != script for one in (before, after))
        inside = character.isupper() and before.isalpha() and before.islower()
        return -0.5 if mixed or inside else 0.9
    if script in ("HIRAGANA", "KATAKANA"):
        return 1.0
    if script == "CJK":
        lead = character.encode(encoding)[0]  # the frequent ones come first in both standards
        common = 0x88 <= lead <= 0x97 if encoding == "cp932" else 0xB0 <= lead <= 0xD7
        return 1.0 if common else 0.2
    return -1.0


def _script(character: str) -> str:
    return unicodedata.name(character, "?").partition(" ")[0]
