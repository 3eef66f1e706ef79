"""Where a wrong result is wrong: in an array with three axes, in calls with longer lists."""

import numpy as np

from coursekit.grading.judge.conditions import state_fact, which_calls
from coursekit.grading.judge.results import Result


def test_an_index_of_an_array_of_matrices():
    want = np.arange(24.0).reshape(3, 4, 2) + 1
    for index, words in (0, "0"), (-1, "the largest"):
        got = want.copy()
        got[index] = 0
        told = f"Your values are right except where the first index is {words}."
        assert state_fact([Result(got, want, {}, {})]) == told


def test_calls_with_a_longer_list():
    calls = [{"layers": list(range(n))} for n in (1, 2, 2, 3, 5)]
    told = "Your result is wrong where `layers` has more than two entries, and right elsewhere."
    long = [False, False, False, True, True]
    assert which_calls(calls, long) == told
    assert which_calls(calls[2:], long[2:]) is None  # one call may be right by chance
    told = "Your result is wrong where `layers` has more than one entry, and right elsewhere."
    assert which_calls(calls[:1] + calls, [False] * 2 + [True] * 4) == told
