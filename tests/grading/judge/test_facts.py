"""Facts for arguments and shapes of any form: stated where they hold, and never an error."""

from itertools import product

import numpy as np
import pytest

from coursekit.grading.judge.answer_proxy import Function
from coursekit.grading.judge.conditions import state_fact, which_calls
from coursekit.grading.judge.dependence import ignored_argument
from coursekit.grading.judge.facts import relation
from coursekit.grading.judge.results import Result
from coursekit.grading.judge.shapes import Shapes, state_shape

W, V = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0, 7.0])


def results(*arguments):
    """Results of an answer that ignores `k`, which the right ones are proportional to."""
    one = np.array([1.0, 2.0])
    return [Result(one, one * (1 + a["k"]), a, {}) for a in arguments]


@pytest.mark.parametrize(
    "same",
    [
        [W, W],
        [W, V],  # arrays of different shapes
        (W, [V, "a"]),
        [(W, V), (V, V)],
        {"W": [W, V]},
        {"W": W, "order": ["b", "a"]},
        [],
        V,
        1.5,
        "a",
        None,
        Function("lambda x: x"),
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    "other", [[W, V], [W, W, W], [V, W], V, {"W": [V, V]}, 2.5, None], ids=repr
)
def test_an_ignored_argument_is_told_beside_arguments_of_any_form(same, other):
    fact = "Your result is the same for every `k`."
    assert ignored_argument(results({"a": same, "k": 0}, {"a": same, "k": 1})) == fact
    alike = repr(same) == repr(other)
    found = ignored_argument(results({"a": same, "k": 0}, {"a": other, "k": 1}))
    assert found == (fact if alike else None)


SHAPES = [(), (0,), (1,), (3,), (4,), (1, 3), (3, 4), (4, 3), (3, 5), (2, 3, 4)]
ADDED = "Along the last axis there is one entry too many."
SUMMED = "Everything is summed into one number; one for each entry is asked for."


def test_wrong_shapes_of_any_length_are_no_error():
    """One rule must explain all of them, so each rule meets scalars and arrays with more axes."""
    wrong = [Shapes(got, want, {"x": V}) for got in SHAPES for want in SHAPES if got != want]
    told = {
        ((one.got, one.want), (other.got, other.want)): state_shape([one, other])
        for one, other in product(wrong, repeat=2)
    }
    assert len(told) == 90**2
    summed, added = ((), (3,)), ((3, 5), (3, 4))
    assert told[summed, summed] == SUMMED and told[added, added] == ADDED
    assert told[summed, added] is told[added, summed] is None


def test_entries_of_an_argument_by_which_values_are_multiplied():
    s = np.array([4.0, 9.0, 25.0])
    want = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]])
    for got, told in [
        (want * s, "Your values are the right ones times those of `s`."),
        (want / s, "Your values are the right ones divided by those of `s`."),
        (want * np.sqrt(s), "Your values are the right ones times the roots of those of `s`."),
        (want - s, "Your values are the right ones minus those of `s`."),
    ]:
        assert relation([Result(got, want, {"s": s}, {})]) == told
    assert relation([Result(want * s + 1, want, {"s": s}, {})]) is None


def test_numbers_that_are_neither_0_nor_1():
    want = np.array([0.0, 1.0, 1.0, 0.0])
    told = relation([Result(np.array([0.5, 1.0, 1.0, 0.0]), want, {}, {})])
    assert told == "Some of your values are neither 0 nor 1."
    assert relation([Result(np.array([1.0, 1.0, 1.0, 0.0]), want, {}, {})]) is None


def test_rows_that_are_wrong_where_an_argument_is_0():
    want, count = np.arange(8.0).reshape(4, 2) + 1, np.array([0, 2, 0, 1])
    got = np.where(count[:, None] == 0, 0.0, want)
    told = "Your values are wrong where `count` is 0, and right elsewhere."
    assert state_fact([Result(got, want, {"count": count}, {})]) == told


def test_calls_that_are_wrong_where_an_argument_is_short():
    lists = [[V], [V, V], [V, V, W]]
    told = "Your result is wrong where `weights` has a single entry, and right elsewhere."
    assert which_calls([{"weights": v} for v in lists], [True, False, False]) == told
    arrays = [np.ones((1, 3)), np.ones((2, 3)), np.ones((4, 1))]
    told = "Your result is wrong where `x` has a single row, and right elsewhere."
    assert which_calls([{"x": v} for v in arrays], [True, False, False]) == told
    assert which_calls([{"x": v} for v in arrays], [False, True, False]) is None
