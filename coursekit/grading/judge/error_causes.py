"""What beginners' exceptions come from, where Python's and NumPy's own words don't tell."""

import re

from coursekit.language import mark, say

_CAUSES = {
    r".*'NoneType'": mark(
        "Something is None here: a function without `return`, or an entry that was never filled."
    ),
    r"AttributeError: '(list|tuple)' object has no attribute": mark(
        "This is a list or a tuple; np.asarray makes an array of it."
    ),
    r"AttributeError: '[A-Z]\w*' object has no attribute '(?P<name>\w+)'": mark(
        "Nothing has set the attribute `{name}` before: does `__init__`?"
    ),
    r"UnboundLocalError: .* local variable '(?P<name>\w+)'": mark(
        "The function assigns `{name}`, but not before this line is reached."
    ),
    r"NameError: name '(?P<name>\w+)' is not defined": mark(
        "No cell that has been run defines `{name}`: is it misspelt, from another task, or a "
        "module that is not imported?"
    ),
    r"TypeError: only (length-1|size-1|0-dimensional) arrays can be converted": mark(
        "An array came where a single number is needed: int, float and the functions of `math` "
        "take numbers, NumPy's functions arrays."
    ),
    r"ValueError: operands could not be broadcast together": mark(
        "Elementwise operations need equal shapes, or axes of length 1."
    ),
    r"ValueError: The truth value of an array": mark(
        "`if`, `and`, `or` and `max` need a single truth value; np.where, `&`, `|` and np.maximum "
        "work entry by entry."
    ),
    r"TypeError: (unsupported .*'(list|tuple)'|can't multiply sequence|bad operand.*'list')": mark(
        "Python doesn't compute with a list entry by entry; np.asarray makes an array of it."
    ),
    r"TypeError: 'numpy.ndarray' object is not callable": mark(
        "Round brackets call a function; an entry of an array is taken with square ones."
    ),
    r"TypeError: '(\w*function\w*|method|numpy\.ufunc)' object is not subscriptable": mark(
        "Square brackets take an entry; a function is called with round ones."
    ),
    r"TypeError: '(int|float|numpy\.\w+)' object is not (iterable|subscriptable)": mark(
        "This is a single number, which has no entries."
    ),
    r"(UFuncTypeError|UFuncOutputCastingError): Cannot cast .* to dtype\('u?int": mark(
        "An array of whole numbers can't hold fractions: make it of floats first."
    ),
    r"ValueError: (setting an array element with a sequence|.*inhomogeneous)": mark(
        "The parts have different shapes, so that they don't make one array."
    ),
    r"OverflowError: (int too large|integer division|math range|\(34)": mark(
        "A float can hold no number above 1.8e308."
    ),
    r"TypeError: 'str' object is not callable": mark(
        "This is a text, such as the name of a function: `if` compares it, to choose what is "
        "called."
    ),
    r"KeyError: (?P<key>.+)": mark("The dictionary has no entry {key}: does it hold each case?"),
    r"ZeroDivisionError: ": mark(
        "The divisor is 0 in this case, which is to be treated by itself."
    ),
    r"ValueError: (not enough|too many) values to unpack": mark(
        "The number of names on the left and of values on the right differ: does your code take "
        "arguments of one length only?"
    ),
    r"ValueError: (min|max)(\(\) arg|\(\) iterable argument) is (an empty sequence|empty)": mark(
        "Nothing is left to choose from in this case, which is to be treated by itself."
    ),
    r"RecursionError: ": mark("The function calls itself without end: is its last case missing?"),
}


def explain_error(kind: str, message: str) -> str:
    """Say in a sentence what an exception usually comes from.

    Parameters
    ----------
    kind : str
        The name of its type.
    message : str
        Its own words.

    Returns
    -------
    str
        Empty if its own words say enough.
    """
    described = f"{kind}: {message}"
    for pattern, sentence in _CAUSES.items():
        if found := re.match(pattern, described):
            return say(sentence, **found.groupdict())
    return ""
