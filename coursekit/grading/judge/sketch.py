"""A sketch of what an answer did in a test: a few numbers by which it is recognised.

A sketch holds the kinds and shapes of all values as a digest, and their numbers as two weighted
sums. Equal behaviour gives equal sums up to rounding, other behaviour practically never does, and
no value can be read from it.
"""

import hashlib
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.grading.judge.answer_proxy import Log
from coursekit.grading.judge.comparison import as_numbers
from coursekit.grading.judge.values import RemoteObject

_SCALE = 1e3  # numbers below 1/1000 count by their differences, larger ones by their ratios
_NEAR = 1e-5
_ODD = {"nan": 50.0, "inf": 100.0, "-inf": -100.0}  # larger than what any finite number becomes


@dataclass(frozen=True)
class Sketch:
    """See the module.

    Attributes
    ----------
    digest : str
        Of kinds, shapes, texts and exceptions.
    count : int
        How many numbers there were.
    sums : tuple of float
        Of all numbers, with two sets of weights.
    """

    digest: str
    count: int
    sums: tuple[float, float]

    def is_like(self, other: "Sketch") -> bool:
        """Whether both are of the same behaviour."""
        same = (self.digest, self.count) == (other.digest, other.count)
        return same and all(
            math.isclose(a, b, rel_tol=_NEAR, abs_tol=_NEAR)
            for a, b in zip(self.sums, other.sums, strict=True)
        )


def sketch(log: Log) -> Sketch:
    """Sketch the values that count in a log: of its cases, else its notes, else its calls."""
    numbers: list[float] = []
    if log.cases:
        seen: Any = log.cases
    elif log.notes:
        seen = [list(note) for note in log.notes]
    else:
        seen = [[call.error, call.value] for call in log.calls]
    structure = repr(_structure(seen, numbers))
    digest = hashlib.sha256(structure.encode()).hexdigest()[:8]
    if not numbers:
        return Sketch(digest, 0, (0.0, 0.0))
    values = np.array(numbers)
    finite = np.arcsinh(_SCALE * np.where(np.isfinite(values), values, 0))
    for name, instead in _ODD.items():
        finite[np.isnan(values) if name == "nan" else values == float(name)] = instead
    # A generator whose stream NumPy has promised never to change.
    weights = np.random.RandomState(0).random_sample((len(values), 2)) + 0.5
    sums = finite @ weights / math.sqrt(len(values))
    return Sketch(digest, len(values), (round(float(sums[0]), 6), round(float(sums[1]), 6)))


def _structure(value: Any, numbers: list[float]) -> Any:
    array = as_numbers(value)
    if array is not None and array.dtype.kind in "biuf":
        numbers += array.ravel().astype(float).tolist()
        return ("bool" if array.dtype.kind == "b" else "number", array.shape)
    if isinstance(value, (list, tuple)):
        return [_structure(item, numbers) for item in value]
    if isinstance(value, dict):
        if "error" in value and "message" in value:
            return ("error", value["error"], _core(str(value["message"])))
        return [(key, _structure(item, numbers)) for key, item in value.items()]
    return value.kind if isinstance(value, RemoteObject) else value


def _core(message: str) -> str:
    """An exception's sentence without what depends on how the answer is written."""
    return re.sub(r"`[^`]*`|in line \d+", "", message)
