"""What a test may ask of values whose numbers are free: weights found by hand."""

from typing import Any

import numpy as np

from coursekit.grading.judge.comparison import WrongAnswer, as_numbers, number_kind
from coursekit.grading.judge.values import describe
from coursekit.language import say, say_n

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
            )
        )
    arrays = [as_numbers(item) for item in value]
    found = _fit(arrays, shapes)
    if isinstance(found, tuple):
        return found
    for i in range(len(arrays)):
        for j in range(i):
            order = list(arrays)
            order[i], order[j] = order[j], order[i]
            if isinstance(_fit(order, shapes), tuple):
                raise WrongAnswer(found, say("The order asked for is `{names}`.", names=listed))
    raise WrongAnswer(found)


def _fit(arrays: list[Any], shapes: dict[str, tuple[int | str, ...]]) -> tuple[Any, ...] | str:
    """View arrays as what is asked for, or say which one is not."""
    lengths: dict[str, int] = {}
    for (name, shape), numbers in zip(shapes.items(), arrays, strict=True):
        text = f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
        kind = number_kind(text if shape else ())
        if numbers is None or numbers.dtype.kind not in "biuf":
            return say("`{name}` should be {kind}.", name=name, kind=kind)
        fits = numbers.ndim == len(shape)
        for have, want in zip(numbers.shape, shape, strict=False):
            length = lengths.setdefault(want, have) if isinstance(want, str) else want
            fits = fits and have == length
        if not fits:
            return say(
                "`{name}` should be {kind}; its shape is {shape}.",
                name=name,
                kind=kind,
                shape=numbers.shape,
            )
        if max(lengths.values(), default=0) > MOST:
            return say(
                "`{name}` is too large: {most} is the limit for a length that you choose.",
                name=name,
                most=MOST,
            )
        if not np.isfinite(numbers).all():
            return say("`{name}` should hold finite numbers only.", name=name)
    return tuple(numbers.astype(float) for numbers in arrays)
