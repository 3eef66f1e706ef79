"""Plain values and their logs as JSON, for the recorded outcomes."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from coursekit.grading.judge.values import Opaque


def encode(value: Any, digits: int = 17) -> Any:
    """Turn a plain value into what JSON can hold.

    Parameters
    ----------
    value : plain value
        See `coursekit.grading.judge.values.plain`.
    digits : int
        Significant digits of floats; 17 keep them exact.

    Returns
    -------
    None, bool, int, str, list or dict
        Floats that JSON lacks are strings within ``{"float": …}``; an array is a dict of its
        dtype, its shape and its entries as one text.
    """
    match value:
        case float():
            rounded = float(f"{value:.{digits}g}")
            return rounded if np.isfinite(rounded) else {"float": repr(rounded)}
        case list():
            return [encode(item, digits) for item in value]
        case tuple():
            return {"tuple": [encode(item, digits) for item in value]}
        case dict():
            return {"dict": [[key, encode(item, digits)] for key, item in value.items()]}
        case np.ndarray():
            numbers = value.ravel().tolist()
            if value.dtype.kind == "f":
                numbers = [float(f"{number:.{digits}g}") for number in numbers]
            if value.dtype.kind == "b":
                numbers = [int(number) for number in numbers]
            entries = " ".join(map(repr, numbers))
            return {"array": entries, "dtype": value.dtype.name, "shape": list(value.shape)}
        case Opaque():
            return {"object": value.id, "kind": value.kind}
        case _:
            return value


def decode(code: Any) -> Any:
    """Undo `encode`."""
    match code:
        case list():
            return [decode(item) for item in code]
        case {"float": text}:
            return float(text)
        case {"tuple": items}:
            return tuple(decode(item) for item in items)
        case {"dict": pairs}:
            return {key: decode(item) for key, item in pairs}
        case {"array": entries, "dtype": dtype, "shape": shape}:
            number = float if dtype.startswith("float") else int
            return np.array([number(e) for e in entries.split()], dtype=dtype).reshape(shape)
        case {"object": id, "kind": kind}:
            return Opaque(id, kind)
        case _:
            return code


def dumps(value: Any, indent: int = 0) -> str:
    """Write JSON with short values on one line, so that a change is a short difference."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + indent <= 100 or not isinstance(value, (dict, list)):
        return line
    space = "\n" + " " * (indent + 1)
    if isinstance(value, dict):
        pairs = (
            f"{json.dumps(k, ensure_ascii=False)}: {dumps(v, indent + 1)}" for k, v in value.items()
        )
        return "{" + space + ("," + space).join(pairs) + space[:-1] + "}"
    return "[" + space + ("," + space).join(dumps(v, indent + 1) for v in value) + space[:-1] + "]"


def differences(old: Any, new: Any, place: str = "") -> list[str]:
    """List where two recordings, laid out as JSON, differ by more than the last bits of floats."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if list(old) != list(new):
            return [f"{place}: {list(old)} and {list(new)}"]
        if "array" in old and old.get("shape") == new.get("shape"):
            left, right = (list(map(float, side["array"].split())) for side in (old, new))
            return differences(left, right, place)
        return [text for key in old for text in differences(old[key], new[key], f"{place}/{key}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [text for i, (a, b) in pairs for text in differences(a, b, f"{place}/{i}")]
    if isinstance(old, float) and isinstance(new, float):
        same = abs(old - new) <= 1e-8 * max(1.0, abs(old)) or old == new or old != old != new
        return [] if same else [f"{place}: {old} and {new}"]
    return [] if old == new else [f"{place}: {old!r:.80} and {new!r:.80}"]
