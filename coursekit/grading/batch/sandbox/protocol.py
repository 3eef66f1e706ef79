"""Plain values as bytes, so that an answer can be asked without running it here.

A frame is two lengths, a JSON header, and the raw bytes of the arrays that the header names::

    header's length (4 bytes, big-endian) | body's length (4 bytes) | header | body

Reading builds what `coursekit.grading.judge.values.plain` lets cross and nothing else: no class is
looked up by name, no code is run, and every size is checked before memory is taken for it.
"""

import json
import math
import re
import struct
from typing import Any, NoReturn

import numpy as np

from coursekit.grading.judge.values import Opaque

LENGTHS = struct.Struct(">II")
MAX_HEADER = 1_000_000  # bytes
MAX_BODY = 8_000_000  # bytes
MAX_ITEMS = 20_000  # values in a frame, those within others counted too
MAX_DEPTH = 24
MAX_AXES = 8
DTYPES = {
    dtype.str: dtype
    for dtype in map(
        np.dtype, ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]
    )
}
_KEPT = re.compile(r"#[0-9]{1,9}")
_NAMED = re.compile(r"[^\W\d_]\w{0,199}")
_ODD = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}  # floats that JSON lacks


class WireError(ValueError):
    """A value or a frame that may not cross; the text says why."""


def pack(message: dict[str, Any]) -> bytes:
    """Write a message, names with plain values, as a frame.

    Raises
    ------
    WireError
        If a value is not plain, or there is too much of it.
    """
    writer = _Writer()
    tree = {name: writer.tree(value, 0) for name, value in message.items()}
    header = json.dumps(tree, allow_nan=False, separators=(",", ":")).encode()
    body = b"".join(writer.pieces)
    _check_lengths(len(header), len(body))
    return LENGTHS.pack(len(header), len(body)) + header + body


def lengths(start: bytes) -> tuple[int, int]:
    """Read the two lengths that a frame starts with.

    Raises
    ------
    WireError
        If either is larger than any frame's.
    """
    header, body = LENGTHS.unpack(start)
    _check_lengths(header, body)
    return header, body


def unpack(header: bytes, body: bytes, *, from_box: bool = False) -> dict[str, Any]:
    """Read a frame's message; undoes `pack`.

    Parameters
    ----------
    header, body : bytes
        The frame's two parts.
    from_box : bool
        Whether the box has sent it, which may speak of objects that it keeps (``"#3"``), not of
        anything else by its name.

    Raises
    ------
    WireError
        If this is no frame that `pack` writes.
    """
    try:
        tree = json.loads(header.decode("utf-8"), parse_constant=_no_constant, parse_int=_integer)
    except WireError:
        raise
    except (ValueError, RecursionError) as error:
        raise WireError("the frame's header is not JSON") from error
    if type(tree) is not dict:
        raise WireError("the frame holds no message")
    reader = _Reader(body, from_box)
    message = {name: reader.value(code, 0) for name, code in tree.items()}
    if reader.start != len(body):
        raise WireError("the frame holds bytes that belong to nothing")
    return message


def _check_lengths(header: int, body: int) -> None:
    if header > MAX_HEADER or body > MAX_BODY:
        raise WireError(f"the frame is too large: {(header + body) / 1e6:.0f} MB")


def _no_constant(name: str) -> NoReturn:
    raise WireError(f"{name} stands in the frame's header")


def _integer(digits: str) -> int:
    if len(digits) > 20 or not -(2**63) < int(digits) < 2**63:
        raise WireError("an integer is beyond 64 bits")
    return int(digits)


def _text(text: str) -> str:
    if any("\ud800" <= letter <= "\udfff" for letter in text):  # can be neither shown nor stored
        raise WireError("a text holds half a character")
    return text


def printable(text: str) -> str:
    """The text without what would act on a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


class _Counter:
    """Counts values and depth, so that neither side works without end."""

    def __init__(self) -> None:
        self.items = 0

    def enter(self, depth: int) -> None:
        self.items += 1
        if self.items > MAX_ITEMS:
            raise WireError(f"there are more than {MAX_ITEMS} values")
        if depth > MAX_DEPTH:
            raise WireError(f"values are nested more than {MAX_DEPTH} deep")


class _Writer(_Counter):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def tree(self, value: Any, depth: int) -> Any:
        self.enter(depth)
        kind = type(value)
        if value is None or kind in (bool, int):
            return value
        if kind is float:
            return value if math.isfinite(value) else {"float": repr(value)}
        if kind is str:
            return value.encode("utf-8", "replace").decode()  # half a surrogate pair is no text
        if kind in (list, tuple):
            return {kind.__name__: [self.tree(item, depth + 1) for item in value]}
        if kind is dict:
            pairs = [[key, self.tree(item, depth + 1)] for key, item in value.items()]
            if all(type(key) in (str, int) for key, _ in pairs):
                return {"dict": pairs}
        if kind is Opaque:
            return {"object": [value.id, value.kind]}
        if kind is np.ndarray:
            native = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("="))
            if native.dtype.str in DTYPES:
                self.pieces.append(native.tobytes())
                return {"array": [native.dtype.str, list(value.shape)]}
        raise WireError(f"a value of type {kind.__name__} is not plain")


class _Reader(_Counter):
    def __init__(self, body: bytes, from_box: bool) -> None:
        super().__init__()
        self.body = body
        self.from_box = from_box
        self.start = 0

    def value(self, code: Any, depth: int) -> Any:
        self.enter(depth)
        kind = type(code)
        if code is None or kind in (bool, int):
            return code
        if kind is str:
            return _text(code)
        if kind is float and math.isfinite(code):
            return code
        if kind is not dict or len(code) != 1:
            raise WireError("a value has no known form")
        ((tag, content),) = code.items()
        if tag == "float" and type(content) is str and content in _ODD:
            return _ODD[content]
        if type(content) is list:
            match tag:
                case "list":
                    return [self.value(item, depth + 1) for item in content]
                case "tuple":
                    return tuple(self.value(item, depth + 1) for item in content)
                case "dict":
                    pairs = dict(self.pair(item, depth) for item in content)
                    if len(pairs) == len(content):
                        return pairs
                case "object" if len(content) == 2:
                    return self.object(*content)
                case "array" if len(content) == 2:
                    return self.array(*content)
        raise WireError("a value has no known form")

    def pair(self, code: Any, depth: int) -> tuple[Any, Any]:
        if type(code) is not list or len(code) != 2 or type(code[0]) not in (str, int):
            raise WireError("a dictionary has no known form")
        key, item = (self.value(part, depth + 1) for part in code)
        return key, item

    def object(self, id: Any, kind: Any) -> Opaque:
        if type(id) is not str or type(kind) is not str or len(kind) > 80:
            raise WireError("an object has no known form")
        if not _KEPT.fullmatch(id) and (self.from_box or not _NAMED.fullmatch(id)):
            raise WireError("an object has no known name")
        return Opaque(id, printable(_text(kind)))

    def array(self, name: Any, shape: Any) -> np.ndarray[Any, Any]:
        if type(name) is not str or name not in DTYPES:
            raise WireError("an array has a type that may not cross")
        if type(shape) is not list or len(shape) > MAX_AXES:
            raise WireError("an array has no known shape")
        if any(type(n) is not int or not 0 <= n <= MAX_BODY for n in shape):
            raise WireError("an array has no known shape")
        if math.prod(max(n, 1) for n in shape) > MAX_BODY:  # an axis of 0 hides no huge one
            raise WireError("an array has no known shape")
        size = math.prod(shape) * DTYPES[name].itemsize
        piece = self.body[self.start : self.start + size]
        if len(piece) < size:
            raise WireError("an array is larger than the frame")
        if name == "|b1" and piece.translate(None, b"\0\1"):
            raise WireError("a truth value is neither true nor false")
        self.start += size
        return np.frombuffer(piece, dtype=DTYPES[name]).reshape(shape).copy()
