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
    one = np.array([1.5, 2.0])
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
    fact = "In this test, your result is the same for every `k`."
    assert ignored_argument(results({"a": same, "k": 0}, {"a": same, "k": 1})) == fact
    alike = repr(same) == repr(other)
    found = ignored_argument(results({"a": same, "k": 0}, {"a": other, "k": 1}))
    assert found == (fact if alike else None)


SHAPES = [(), (0,), (1,), (3,), (4,), (1, 3), (3, 4), (4, 3), (3, 5), (2, 3, 4)]
ADDED = "Along the last axis there is one entry too many."
SUMMED = "It is a single number; one for each entry is asked for."


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


def test_a_sign_that_is_wrong_only_where_it_is_negative():
    wrong, right = (Result(np.array(2.0), np.array(v), {}, {}) for v in (-2.0, 2.0))
    assert relation([wrong]) == "Your values have the opposite sign."
    assert relation([wrong], [right]) == "Your values are the absolute values of the right ones."
    zero = Result(np.array(0.0), np.array(0.0), {}, {})
    assert relation([wrong], [zero]) == "Your values have the opposite sign."


def test_numbers_that_are_neither_0_nor_1():
    want = np.array([0.0, 1.0, 1.0, 0.0])
    told = relation([Result(np.array([0.5, 1.0, 1.0, 0.0]), want, {}, {})])
    assert told == "Some of your values are neither 0 nor 1."
    assert relation([Result(np.array([1.0, 1.0, 1.0, 0.0]), want, {}, {})]) is None


def test_rows_that_are_wrong_where_an_argument_is_0():
    want, count = np.arange(8.0).reshape(4, 2) + 1, np.array([0, 2, 0, 1])
    got = np.where(count[:, None] == 0, 0.0, want)
    told = "Your values are right except where `count` is 0."
    assert state_fact([Result(got, want, {"count": count}, {})] * 3) == told
    # A square result doesn't show whether the entries belong to rows or to columns; another does.
    square = want[:2], np.where(np.array([[True], [False]]), 0.0, want[:2]), np.array([0, 5])
    both = [
        Result(square[1], square[0], {"count": square[2]}, {}),
        Result(got, want, {"count": count}, {}),
    ]
    assert state_fact(both * 2) == told
    # Of few entries some condition or other fits by chance.
    assert state_fact(both) == "Each value that is wrong is 0."
    # One entry of an argument bears nothing out, however many values it stands for.
    gamma = np.array([1.0, -1.0])
    one = Result(np.where(gamma > 0, want + want**2, want), want, {"gamma": gamma}, {})
    assert state_fact([one]) == "Your values are right except in the first column."


def test_right_in_one_place_and_wrong_in_all_others():
    def told(*wrong):
        want = np.arange(1.0, 5.0)
        return state_fact([Result(np.where(w, -want - w, want), want, {}, {}) for w in wrong])

    first = [[0, 1, 1, 1]] * 3
    sentence = "Your values are right in the first place, but not in the others."
    assert told(*first) == told(*first, [0, 0, 0, 0]) == sentence
    assert told(*first, [0, 0, 1, 1]) == "Each value that is wrong is too small."


def test_of_a_mask_it_is_told_where_it_is_1():
    mask, want = np.array([1, 0, 1, 0, 1, 0, 1, 0]), np.arange(1.0, 9.0)
    one = Result(np.where(mask, want**2 + 7, want), want, {"mask": mask}, {})
    assert state_fact([one]) == "Your values are right except where `mask` is 1."


def test_an_ignored_argument_is_no_chance():
    def pair(one, other, beside=0):
        want = np.arange(len(one)) + 7.0
        return [
            Result(np.array(got), want * k, {"k": k, "beside": beside}, {})
            for k, got in enumerate((one, other), 1)
        ]

    fact = "In this test, your result is the same for every `k`."
    assert ignored_argument(pair([1.5, 2.0], [1.5, 2.0])) == fact
    assert ignored_argument(pair([1, 0, 2], [1, 0, 2])) is None
    assert ignored_argument(pair([1, 0, 2], [1, 0, 2]) * 2) is None
    assert ignored_argument(pair([1, 0, 2], [1, 0, 2]) + pair([1, 1, 0], [1, 1, 0], 1)) == fact
    assert ignored_argument(pair([0.0, 0.0], [0.0, 0.0]) * 2) is None
    assert ignored_argument(pair([np.nan], [np.nan])) is None


def test_a_condition_that_holds_everywhere_in_a_call_tells_nothing_of_its_values():
    zeros, want = np.array([0.0, 0.0, 0.0, 1.0, 2.0]), np.arange(5.0)
    one = Result(np.where(zeros, 9.0, want), want, {"x": zeros}, {})
    assert state_fact([one, one]) == "Your values are right except where `x` is positive."
    half = Result(np.array([9.0, 1.0, 2.0, 9.0, 9.0]), want, {"x": zeros + 1}, {})
    assert state_fact([one, one, half]) == "Each value that is wrong is 9."


def test_numbers_of_a_call_that_are_large():
    calls = [{"n": n} for n in (3, 40, 2, 500)]
    told = "Your result is wrong where `n` is large, and right elsewhere."
    assert which_calls(calls, [False, True, False, True]) == told


def test_a_factor_that_two_quantities_explain():
    """Here `x` has as many rows as `y` has columns where the result is wrong."""

    def call(rows, columns, factor):
        x, y = np.ones((rows, 4)), np.ones((5, columns))
        want = np.array([1.0, 2.0, 4.0])
        return Result(want * factor, want, {"x": x, "y": y}, {})

    columns = "Your values are the right ones divided by the number of columns of `y`."
    wrong, right = call(3, 3, 1 / 3), call(6, 1, 1.0)
    assert relation([wrong], [right]) == columns
    assert relation([wrong], [call(6, 2, 1.0)]) == "Your values are 1/3 times the right ones."
    assert relation([call(3, 3, 1 / 3), call(6, 3, 1 / 3)]) == columns


def test_values_that_are_all_wrong_in_one_way():
    want = np.array([1.0, 0.0, 1.0, 1.0, 0.0])
    zeros = Result(np.array([0.0, 0.0, 0.0, 1.0, 0.0]), want, {}, {})
    assert state_fact([zeros] * 2) == "Each value that is wrong is 0."
    truth = Result(zeros.got, want, {}, {}, truth=True)
    assert state_fact([truth] * 2) == "Each value that is wrong is False."
    # A rule that holds of a result all made of zeros says nothing.
    none = Result(np.zeros(2), np.array([0.2, 0.3]), {}, {})
    assert state_fact([none] * 2) == "Each value that is wrong is 0."
    infinite = [Result(np.array([np.inf]), np.array([v]), {}, {}) for v in (0.2, 0.4)]
    assert relation(infinite) is None


def test_a_limit_that_drawn_numbers_lie_about_is_no_condition():
    calls = [{"error": value} for value in (0.2, 1.3, 0.4, 2.0)]
    assert which_calls(calls, [True, False, True, False]) is None
    signs = [{"error": value} for value in (-0.2, 1.3, -0.4, 2.0)]
    told = "Your result is wrong where `error` is negative, and right elsewhere."
    assert which_calls(signs, [True, False, True, False]) == told
    names = [{"name": name} for name in ("a", "b", "c")]
    told = "Your result is wrong where `name` is 'a' or 'c', and right elsewhere."
    assert which_calls(names, [True, False, True]) == told


def test_calls_that_are_wrong_where_an_argument_is_short():
    lists = [[V], [V, V], [V, V, W]]
    told = "Your result is wrong where `weights` has a single entry, and right elsewhere."
    assert which_calls([{"weights": v} for v in lists], [True, False, False]) == told
    arrays = [np.ones((1, 3)), np.ones((2, 3)), np.ones((4, 1))]
    told = "Your result is wrong where `x` has a single row, and right elsewhere."
    assert which_calls([{"x": v} for v in arrays], [True, False, False]) == told
    assert which_calls([{"x": v} for v in arrays], [False, True, False]) is None


def test_huge_and_tiny_results_are_not_those_of_an_argument_that_is_0():
    want = np.array([2.0, 3.0, 5.0])
    huge = [Result(want * k, want, {"leak": 0.0}, {}) for k in (1e12, 3e14)]
    assert relation(huge) == "In each call your values are the right ones times one number."
    twice = [Result(want * 2.0**40, want, {"leak": 0.0}, {})]
    assert relation(twice) == "Your values are 2**40 times the right ones."
    tiny = [Result(np.array(1e-155), np.array(3e-20), {"leak": 0.0}, {}, atol=0.0)]
    assert relation(tiny) is None


def test_single_precision_is_told_of_numbers_that_it_can_hold():
    want = np.array([0.1, 0.7, 1.3, 2.9, 5.3])
    told = "Your values are right to a few digits only: do you compute in single precision?"
    single = want.astype(np.float32).astype(float)
    assert relation([Result(single, want, {}, {}, 1e-9)]) == told
    assert relation([Result(want * (1 + 1e-5 / (1 + want)), want, {}, {})]) is None


def test_a_quantity_in_words_and_a_zero_without_its_sign():
    def call(n):
        want = np.array(7.0 + n * n)
        return Result(want + n, want, {"sizes": [n], "the number of inputs": n}, {})

    told = "Your values are larger than the right ones by the number of inputs."
    assert relation([call(3), call(20), call(5)]) == told
    zeros = Result(np.array([-0.0] * 4), np.array([1.0, 3.0, 2.0, 5.0]), {}, {})
    assert state_fact([zeros, Result(np.array([-0.0, 2.0]), np.array([1.0, 2.0]), {}, {})]) == (
        "Each value that is wrong is 0."
    )
