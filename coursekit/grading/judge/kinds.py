"""What a value of the wrong kind has to do with the one that was asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coursekit.grading.judge.results import same
from coursekit.language import list_of, mark, say, say_n

_KINDS = {
    mark("A `{kind}` gives its values one at a time: list() collects them."): {
        "map", "filter", "zip", "generator", "enumerate", "reversed", "range",
        "dict_values", "dict_keys", "dict_items", "set", "frozenset", "list_iterator",
    },
    mark("np.asarray makes an array of a `{kind}`."): {
        "array", "MaskedArray", "matrix", "Series", "DataFrame", "Tensor", "memoryview",
    },
    mark("It is a `{kind}` itself: is a call with round brackets missing?"): {
        "function", "method", "builtin_function_or_method", "ufunc", "type", "partial",
    },
}  # fmt: skip


def state_kind(got: Any, want: Any, names: Sequence[str] = ()) -> str:
    """State what a value of the wrong kind is, as far as that is known.

    Parameters
    ----------
    got, want : plain value
        From the answer, and from the reference; or for `want` only a sequence of as many values.
    names : sequence of str
        Of the entries of a tuple that was asked for.

    Returns
    -------
    str
        A sentence, or an empty text.
    """
    kind = getattr(got, "kind", "")
    for sentence, kinds in _KINDS.items():
        if kind in kinds:
            return say(sentence, kind=kind)
    if isinstance(got, str):
        return say("It is a text, even if a number is written in it.")
    if isinstance(got, dict):
        return say("It is a dictionary: return the values alone, in the order asked for.")
    if isinstance(want, (list, tuple)):
        return _count(got, want, names)
    if isinstance(got, (list, tuple)):
        fitting = [place for place, item in enumerate(got) if same(item, want)]
        if len(fitting) == 1 and len(got) > 1:
            return say(
                "Entry [{place}] of what you return is right: return it alone.", place=fitting[0]
            )
    return ""


def state_keys(got: Any, want: Mapping[Any, Any]) -> str:
    """Tell which keys of a dictionary are missing, and which are too many."""
    if not isinstance(got, dict):
        return state_kind(got, None)
    missing, more = [key for key in want if key not in got], [key for key in got if key not in want]
    if missing and not more:
        return say("Missing: {keys}.", keys=list_of(map(repr, missing)))
    if more and not missing:
        return say("Not asked for: {keys}.", keys=list_of(map(repr, more)))
    return say(
        "In place of {missing} there is {more}.",
        missing=list_of(map(repr, missing)),
        more=list_of(map(repr, more)),
    )


def _count(got: Any, want: Sequence[Any], names: Sequence[str]) -> str:
    """Tell which of several values are there."""
    items = list(got) if isinstance(got, (list, tuple)) else [got]
    if len(items) > len(want):
        return say_n(
            len(items) - len(want),
            "There is {n} value more than is asked for.",
            "There are {n} values more than are asked for.",
        )
    places: list[int] = []
    for item in items:
        fitting = [place for place, one in enumerate(want) if one is not None and _same(item, one)]
        if len(fitting) != 1 or fitting[0] in places:
            return ""
        places += fitting
    if not names:
        return ""
    there = [names[place].strip("`") for place in places]
    return say_missing(there, [n.strip("`") for n in names if n.strip("`") not in there])


def say_missing(there: Sequence[str], missing: Sequence[str]) -> str:
    """Name the values that were returned, and those that were not."""
    return say_n(
        len(there),
        "It looks like {there} alone; return {missing} too.",
        "They look like {there}; return {missing} too.",
        there=list_of(f"`{name}`" for name in there),
        missing=list_of(f"`{name}`" for name in missing),
    )


def _same(one: Any, other: Any) -> bool:
    if isinstance(other, (list, tuple)):
        return (
            isinstance(one, (list, tuple))
            and len(one) == len(other)
            and all(map(_same, one, other))
        )
    if isinstance(other, dict):
        return isinstance(one, dict) and set(one) == set(other)
    return not isinstance(one, (list, tuple, dict)) and np.shape(one) == np.shape(other)
