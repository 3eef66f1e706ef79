"""What fits a few numbers by chance is no fact."""

import numpy as np

from coursekit.grading.judge.conditions import which_calls
from coursekit.grading.judge.facts import relation
from coursekit.grading.judge.results import Result


def one(got, want, **arguments):
    return Result(np.array(got), np.array(want), arguments, {})


def test_what_comes_by_chance_is_no_fact():
    """A few zeros and ones in reverse, decimals that leave nothing, the one negative number."""
    assert relation([one([1.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, 1.0])]) is None
    assert (
        relation([one([3.0, 2.0, 1.0], [1.0, 2.0, 3.0])]) == "Your result is in the reverse order."
    )
    cut = "Your values are the right ones with everything after the decimal point cut off."
    assert relation([one([1.0, 0.0, 0.0], [1.0, 0.3, 0.25])]) is None
    assert relation([one([1.0, 2.0, 0.0], [1.0, 2.7, 0.25])]) == cut
    calls = [{"a": a} for a in (0, 2, -1.5, 0, -3)]
    assert which_calls(calls[:4], [False, False, True, False]) is None
    told = "Your result is wrong where `a` is negative, and right elsewhere."
    assert which_calls(calls, [False, False, True, False, True]) == told
    x = np.ones((4, 2))
    assert relation([one(2, 8, x=x)]) is None
    divided = "Your values are the right ones divided by the number of rows of `x`."
    assert relation([one(2, 8, x=x), one(3, 12, x=x)]) == divided


def test_a_difference_of_one_is_the_number():
    steps = [one(n - 1, n, t=np.ones((n, 1)), most=9) for n in (4, 7, 9)]
    assert relation(steps) == "Your values are smaller than the right ones by 1."
    less = [one(7, n + 6, n=n, t=np.ones(3)) for n in (4, 7, 9)]
    assert relation(less) == "Your values are smaller than the right ones by `n` - 1."
