"""Plain values as JSON: in the recorded outcomes, and in messages to and from a sandbox.

None, truth values, finite numbers, strings and lists are JSON's own. Everything else is an object
with one key::

    {"float": "nan"}    {"tuple": [1, 2]}    {"dict": [["a", 1]]}    {"object": ["#3", "Network"]}
    {"array": ["<f8", [2, 3], "the entries' bytes in base64"]}    {"function": "lambda x: 2 * x"}

Decoding builds what `coursekit.grading.judge.values.to_plain_data` lets through and nothing else:
no class is looked up by name, no code runs, and each size is checked before memory is taken for it.
"""

import binascii
import json
import math
import re
from typing import Any

import numpy as np

from coursekit.grading.judge.values import Function, RemoteObject, printable
from coursekit.language import say

MAX_LINE = 12_000_000  # bytes of a message
MAX_COST = 90_000_000  # bytes of memory that reading a message takes, as `reading_cost` estimates
MAX_ITEMS = 20_000  # values in a message, nested ones included
MAX_TEXT = 1_000_000  # characters of a string
MAX_BYTES = 8_000_000  # of all arrays in a message
MAX_DEPTH = 24
MAX_AXES = 8
_NAMES = ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
DTYPES = {dtype.str: dtype for dtype in map(np.dtype, _NAMES)}
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_REGISTERED = re.compile(r"#[0-9]{1,9}")
_NAMED = re.compile(r"[^\W\d_]\w{0,199}")
_TO_JSON = json.JSONEncoder(allow_nan=False, separators=(",", ":"))
_NOT_JSON = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class EncodingError(ValueError):
    """A value or a message that must not be sent or read; the text is a sentence that says why."""


def encode(value: Any) -> Any:
    """Turn a plain value into what JSON can hold.

    Parameters
    ----------
    value : plain value
        See `coursekit.grading.judge.values.to_plain_data`.

    Raises
    ------
    EncodingError
        If the value is not plain, or there is too much of it.
    """
    return _Encoder().encode(value)


def decode(code: Any) -> Any:
    """Undo `encode`.

    Parameters
    ----------
    code : None, bool, int, float, str, list or dict
        From JSON.

    Raises
    ------
    EncodingError
        If `encode` writes no such thing.
    """
    return _Decoder(from_sandbox=False).decode(code)


def write_message(message: dict[str, Any]) -> bytes:
    """Write names with plain values as a line of JSON.

    Raises
    ------
    EncodingError
        If a value is not plain, or there is too much of it.
    """
    encoder = _Encoder()
    line = _TO_JSON.encode({n: encoder.encode(v) for n, v in message.items()}).encode() + b"\n"
    _check_size(line)
    return line


def read_message(line: bytes, *, from_sandbox: bool = False) -> dict[str, Any]:
    """Undo `write_message`.

    With `from_sandbox` the line may refer to the sandbox's own objects (``"#3"``), but never to
    functions by name, nor hold source.

    Raises
    ------
    EncodingError
        If `write_message` writes no such line.
    """
    _check_size(line)
    try:
        code = json.loads(line.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise EncodingError(say("The message is not JSON.")) from error
    if type(code) is not dict:
        raise EncodingError(say("The message is not a JSON object."))
    decoder = _Decoder(from_sandbox)
    return {name: decoder.decode(value) for name, value in code.items()}


def reading_cost(line: bytes) -> int:
    """Estimate the memory that reading a line takes, in bytes, without parsing it.

    Base64 needs about as much as it has characters. Any other value is set off by characters that
    base64 lacks (commas, brackets, quotation marks), and needs about 32 bytes for each of them.
    """
    return len(line) + 32 * len(line.translate(None, _BASE64))


def _check_size(line: bytes) -> None:
    if len(line) > MAX_LINE or (33 * len(line) > MAX_COST and reading_cost(line) > MAX_COST):
        size = len(line) / 1e6
        raise EncodingError(say("The message is too large ({megabytes:.0f} MB).", megabytes=size))


class _Counter:
    """Counts values, depth and bytes, so that neither side works without end."""

    def __init__(self) -> None:
        self.items = self.bytes = 0

    def enter(self, depth: int) -> None:
        self.items += 1
        if self.items > MAX_ITEMS:
            raise EncodingError(say("There are more than {max_items} values.", max_items=MAX_ITEMS))
        if depth > MAX_DEPTH:
            raise EncodingError(
                say("Values are nested more than {max_depth} levels deep.", max_depth=MAX_DEPTH)
            )

    def add_array(self, size: int) -> None:
        self.bytes += size
        if self.bytes > MAX_BYTES:
            mb = self.bytes / 1e6
            raise EncodingError(say("The arrays are too large ({megabytes:.0f} MB).", megabytes=mb))


class _Encoder(_Counter):
    def encode(self, value: Any, depth: int = 0) -> Any:
        self.enter(depth)
        kind = type(value)
        if value is None or kind in (bool, int):
            return value
        if kind is float:
            return value if math.isfinite(value) else {"float": repr(value)}
        if kind is str:  # JSON's own strings; a lone surrogate can't be encoded in UTF-8
            return value.encode("utf-8", "replace").decode()
        if kind in (list, tuple):
            items = [self.encode(item, depth + 1) for item in value]
            return items if kind is list else {"tuple": items}
        if kind is dict and all(type(key) in (str, int) for key in value):
            return {"dict": [[key, self.encode(value[key], depth + 1)] for key in value]}
        if kind is RemoteObject:
            return {"object": [value.id, value.kind]}
        if kind is Function:
            return {"function": value.source}
        if kind is np.ndarray:
            native = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("="))
            if native.dtype.str in DTYPES:
                self.add_array(native.nbytes)
                text = binascii.b2a_base64(native.tobytes(), newline=False).decode()
                return {"array": [native.dtype.str, list(value.shape), text]}
        raise EncodingError(say("A value of type {name} is not plain data.", name=kind.__name__))


class _Decoder(_Counter):
    def __init__(self, from_sandbox: bool) -> None:
        super().__init__()
        self.from_sandbox = from_sandbox

    def decode(self, code: Any, depth: int = 0) -> Any:
        self.enter(depth)
        kind = type(code)
        if kind is int and not -(2**63) < code < 2**63:
            raise EncodingError(say("An integer has more than 64 bits."))
        if code is None or kind in (bool, int) or (kind is float and math.isfinite(code)):
            return code
        if kind is str:
            return _text(code)
        if kind is list:
            return [self.decode(item, depth + 1) for item in code]
        if kind is dict and len(code) == 1:
            ((name, inside),) = code.items()  # not by `match`, which takes most of the time
            parts = [*map(type, inside)] if type(inside) is list else [type(inside)]
            if name == "array" and parts == [str, list, str]:
                return self.array(*inside)
            if name == "tuple" and type(inside) is list:
                return tuple([self.decode(item, depth + 1) for item in inside])
            if name == "float" and type(inside) is str and inside in _NOT_JSON:
                return _NOT_JSON[inside]
            if name == "function" and type(inside) is str and not self.from_sandbox:
                return Function(_text(inside))
            if name == "object" and parts == [str, str] and len(inside[1]) <= 80:
                return self._object(*inside)
            if name == "dict" and {*parts} <= {list}:
                return self._dict(inside, depth)
        raise EncodingError(say("A value has no valid form."))

    def _object(self, id: str, name: str) -> RemoteObject:
        if not _REGISTERED.fullmatch(id) and (self.from_sandbox or not _NAMED.fullmatch(id)):
            raise EncodingError(say("An object has no valid name."))
        return RemoteObject(id, printable(_text(name)))

    def _dict(self, pairs: list[Any], depth: int) -> dict[Any, Any]:
        if all(len(p) == 2 and type(p[0]) in (str, int) for p in pairs):
            found = {self.decode(k, depth + 1): self.decode(v, depth + 1) for k, v in pairs}
            if len(found) == len(pairs):
                return found
        raise EncodingError(say("A value has no valid form."))

    def array(self, name: str, shape: list[Any], text: str) -> np.ndarray[Any, Any]:
        if name not in DTYPES:
            raise EncodingError(say("An array has a dtype that is not allowed."))
        axes = [max(n, 1) for n in shape if type(n) is int and n >= 0]  # 0 hides no huge axis
        if len(axes) < len(shape) or len(shape) > MAX_AXES or math.prod(axes) > MAX_BYTES:
            raise EncodingError(say("An array has no valid shape."))
        size = math.prod(shape) * DTYPES[name].itemsize
        self.add_array(size)
        if len(text) != 4 * math.ceil(size / 3):
            raise EncodingError(say("An array has more or fewer bytes than its shape needs."))
        try:
            content = binascii.a2b_base64(text, strict_mode=True)
        except ValueError as error:
            raise EncodingError(say("An array is not valid base64.")) from error
        if len(content) != size:
            raise EncodingError(say("An array has more or fewer bytes than its shape needs."))
        if name == "|b1" and content.translate(None, b"\0\1"):
            raise EncodingError(say("A truth value is neither true nor false."))
        return np.frombuffer(content, dtype=DTYPES[name]).reshape(shape).copy()


def _text(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise EncodingError(say("A string has more than {max_text} characters.", max_text=MAX_TEXT))
    try:
        text.encode()
    except UnicodeEncodeError as error:  # it can be neither displayed nor stored
        raise EncodingError(say("A string holds a lone surrogate.")) from error
    return text
