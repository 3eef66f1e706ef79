"""What a wrong shape has to do with the right one, and with the shapes of the arguments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.grading.judge.comparison import as_numbers
from coursekit.language import mark, say

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Shapes:
    """The shapes of one result.

    Attributes
    ----------
    got, want : tuple of int
        What came, and what was asked for.
    arguments : mapping of str to plain value
        What the answer was called with.
    """

    got: Shape
    want: Shape
    arguments: Mapping[str, Any]


def wrong_shapes(got: Any, want: Any) -> tuple[Shape, Shape] | None:
    """Find the first arrays in two values whose shapes differ."""
    if isinstance(want, tuple):
        if not isinstance(got, (tuple, list)) or len(got) != len(want):
            return None
        pairs = (wrong_shapes(a, b) for a, b in zip(got, want, strict=True))
        return next(filter(None, pairs), None)
    one, other = as_numbers(got), as_numbers(want)
    if one is None or other is None or one.shape == other.shape:
        return None
    return one.shape, other.shape


def state_shape(found: Sequence[Shapes]) -> str | None:
    """State in a sentence how wrong shapes come about, if one rule explains all of them."""
    if not found:
        return None
    for sentence, rule in _RULES.items():
        if all(rule(shapes) for shapes in found):
            return say(sentence)
    for name, first in found[0].arguments.items():
        if not isinstance(first, np.ndarray) or first.ndim == 0:
            continue
        values = [shapes.arguments.get(name) for shapes in found]
        arrays = [(v, s) for v, s in zip(values, found, strict=True) if isinstance(v, np.ndarray)]
        if len(arrays) < len(found):
            continue
        if all(v.shape == s.got for v, s in arrays):
            return say("Your result has the shape of `{name}`.", name=name)
        if all(len(s.got) == 1 == len(s.want) and v.ndim == 2 for v, s in arrays):
            if all(v.shape[1] == s.got[0] != s.want[0] for v, s in arrays):
                return say("Your result has an entry for each column of `{name}`.", name=name)
            if all(v.shape[0] == s.got[0] != s.want[0] for v, s in arrays):
                return say("Your result has an entry for each row of `{name}`.", name=name)
    if len(found) > 1 and len({s.got for s in found}) == 1 < len({s.want for s in found}):
        return say("Your result has the same shape in every call, whatever the arguments are.")
    return None


def _longer(by: int) -> Callable[[Shapes], bool]:
    return lambda s: len(s.got) == len(s.want) == 1 and s.got[0] - s.want[0] == by


_RULES: dict[str, Callable[[Shapes], bool]] = {
    mark("Rows and columns have changed places."): lambda s: (
        len(s.want) > 1 and s.got == s.want[::-1]
    ),
    mark("There is one axis too many; its length is 1."): lambda s: (
        len(s.got) > len(s.want) and _without_ones(s.got) == _without_ones(s.want)
    ),
    mark("An axis is missing; its length is 1."): lambda s: (
        0 < len(s.got) < len(s.want) and _without_ones(s.got) == _without_ones(s.want)
    ),
    mark("It is a single number; one for each entry is asked for."): lambda s: s.got == (),
    mark("There is one entry too many."): _longer(1),
    mark("One entry is missing."): _longer(-1),
    mark("Only the first entry is there: is there a `return` inside a loop?"): lambda s: (
        len(s.got) == len(s.want) and s.got[:1] == (1,) and s.got[1:] == s.want[1:]
    ),
    mark("The number of entries is right, their arrangement is not."): lambda s: (
        len(s.got) > 0 and np.prod(s.got) == np.prod(s.want)
    ),
    mark("Along the last axis there is one entry too many."): lambda s: (
        len(s.got) == len(s.want) > 0 and s.got[:-1] == s.want[:-1] and s.got[-1] == s.want[-1] + 1
    ),
}


def _without_ones(shape: Shape) -> Shape:
    return tuple(n for n in shape if n != 1)
