"""The names in a zip, decoded: many programs write them in an encoding that it doesn't name."""

import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence

_UTF_8 = 0x800  # the flag of a name that is UTF-8
_UNICODE_PATH = 0x7075  # Info-ZIP's extra field with the name in UTF-8
# Of Windows and DOS: Western (two), Russian (two), Japanese, Chinese. The first of equals is taken.
_ENCODINGS = ("cp437", "cp850", "cp866", "cp932", "gbk", "cp1251")


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
