"""What a test may ask of values whose numbers are free: weights found by hand."""

from itertools import combinations
from typing import Any

import numpy as np

from coursekit.grading.judge.comparison import WrongAnswer, as_numbers, number_kind
from coursekit.grading.judge.kinds import say_missing, state_kind
from coursekit.grading.judge.shapes import Shapes, state_shape
from coursekit.grading.judge.values import describe
from coursekit.language import list_of, say, say_n

MOST = 5_000  # the largest length that an answer may choose


def parts(value: Any, **shapes: tuple[int | str, ...]) -> tuple[Any, ...]:
    """Take the values apart that a function returned, and check their kinds and shapes.

    Parameters
    ----------
    value : plain value
        From the answer, or from the reference.
    **shapes : tuple of int or str
        For each value in order its name and its shape; ``()`` is a single number. A letter is a
        length that the answer chooses, the same wherever the letter stands.

    Returns
    -------
    tuple of ndarray
        Of floats.

    Raises
    ------
    WrongAnswer
        With a sentence for the student.

    Examples
    --------
    >>> V, v0 = parts((np.ones((3, 2)), [0.5, 1.5]), V=(3, "H"), v0=("H",))
    """
    listed = ", ".join(shapes)
    if not isinstance(value, (tuple, list)) or len(value) != len(shapes):
        raise WrongAnswer(
            say_n(
                len(shapes),
                "Return {n} value, `{names}`; yours is {value}.",
                "Return {n} values, `{names}`; yours is {value}.",
                names=listed,
                value=describe(value),
            ),
            _missing(value, shapes) or state_kind(value, [None] * len(shapes)),
        )
    arrays = [as_numbers(item) for item in value]
    found = _fit(arrays, shapes)
    if not isinstance(found, WrongAnswer):
        return found
    for i in range(len(arrays)):
        for j in range(i):
            order = list(arrays)
            order[i], order[j] = order[j], order[i]
            if isinstance(_fit(order, shapes), tuple):
                raise WrongAnswer(
                    found.text, say("The order asked for is `{names}`.", names=listed)
                )
    raise found


def _fit(
    arrays: list[Any], shapes: dict[str, tuple[int | str, ...]]
) -> tuple[Any, ...] | WrongAnswer:
    """View arrays as what is asked for, or say which one is not."""
    lengths: dict[str, int] = {}
    for (name, shape), numbers in zip(shapes.items(), arrays, strict=True):
        text = f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
        kind = number_kind(text if shape else ())
        if numbers is None or numbers.dtype.kind not in "biuf":
            return WrongAnswer(say("`{name}` should be {kind}.", name=name, kind=kind))
        known = dict(lengths)
        if not _agrees(numbers.shape, shape, lengths):
            return WrongAnswer(
                say(
                    "`{name}` should be {kind}; its shape is {shape}.",
                    name=name,
                    kind=kind,
                    shape=numbers.shape,
                ),
                _misfit(numbers, shape, known),
            )
        if max(lengths.values(), default=0) > MOST:
            return WrongAnswer(
                say(
                    "`{name}` is too large: {most} is the limit for a length that you choose.",
                    name=name,
                    most=MOST,
                )
            )
        if not np.isfinite(numbers).all():
            return WrongAnswer(say("`{name}` should hold finite numbers only.", name=name))
    return tuple(numbers.astype(float) for numbers in arrays)


def _missing(value: Any, shapes: dict[str, tuple[int | str, ...]]) -> str:
    """Tell which of the values asked for are not there, if the others fit."""
    if value is None:
        return say("Is a `return` missing?")
    arrays = list(map(as_numbers, value if isinstance(value, (tuple, list)) else [value]))
    fitting = [
        names
        for names in combinations(shapes, len(arrays))
        if not isinstance(_fit(arrays, {name: shapes[name] for name in names}), WrongAnswer)
    ]
    if len(fitting) != 1:
        return ""
    return say_missing(fitting[0], [name for name in shapes if name not in fitting[0]])


def _agrees(have: tuple[int, ...], shape: tuple[int | str, ...], lengths: dict[str, int]) -> bool:
    """Compare a shape with the one asked for; the lengths that it chooses are kept."""
    fits = len(have) == len(shape)
    for n, want in zip(have, shape, strict=False):
        length = lengths.setdefault(want, n) if isinstance(want, str) else want
        fits = fits and n == length
    return fits


def _misfit(numbers: Any, shape: tuple[int | str, ...], known: dict[str, int]) -> str:
    """State how a wrong shape comes about."""
    others = [numbers.T, np.squeeze(numbers), np.atleast_1d(numbers), np.atleast_2d(numbers)]
    for other in others:
        if _agrees(other.shape, shape, dict(known)):
            return state_shape([Shapes(numbers.shape, other.shape, {})]) or ""
    free = [n for n in shape if isinstance(n, str)]
    if len(shape) == numbers.ndim and any(known.get(n, 0) for n in free):
        return say(
            "{lengths} must be the same number everywhere.", lengths=list_of(dict.fromkeys(free))
        )
    return ""
