"""The messages of a comparison: what kind was expected, what came, never the value."""

import numpy as np
import pytest

from coursekit.grading.judge.answer_proxy import AnswerProxy, Handle
from coursekit.grading.judge.comparison import close

X = np.array([1.5, 2.25, 7.125])


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (X, X),
        (X.tolist(), X),
        (tuple(X), X),
        (X.astype(np.float32), X),
        (X + 1e-12, X),
        (np.array([1.0, 0.0]), np.array([1, 0])),
        (np.array([True, False]), np.array([1, 0])),
        (np.array(3.0), 3),
        (1, True),
        ([[1, 2], [3, 4]], np.array([[1, 2], [3, 4]])),
        ((X, 2.0), (X, 2.0)),
        ([X, 2.0], (X, 2.0)),
        (np.array([1.0, 2.0]), (1.0, 2.0)),
        ({"w": [1.0]}, {"w": np.array([1.0])}),
        (np.array([np.nan, 1.0]), np.array([np.nan, 1.0])),
        ("text", "text"),
        (None, None),
        ([], []),
        (np.zeros((0, 2)), np.zeros((0, 2))),
    ],
)
def test_what_agrees(got, want):
    close(got, want, "the result")


@pytest.mark.parametrize(
    ("got", "want", "parts"),
    [
        (None, X, ["is None", "return"]),
        (X[:, None], X, ["shape (3,)", "got one of shape (3, 1)"]),
        (X, X[:, None], ["shape (3, 1)", "got one of shape (3,)"]),
        (np.ones((2, 3)), np.ones((3, 2)), ["shape (3, 2)", "(2, 3)"]),
        ([1.0, None], X, ["[1] is None", "never filled"]),
        (X, 3.5, ["a single number", "shape (3,)"]),
        (3.5, X, ["shape (3,)", "got a single number"]),
        ("abc", X, ["got a string"]),
        ([[1.0], [1.0, 2.0]], X, ["got a list of 2 values"]),
        (np.array([1.5, 9.0, 7.125]), X, ["1 of 3 values", "at [1] is 9"]),
        (X + 1, X, ["3 of 3 values", "the first, at [0], is 2.5"]),
        (np.array([1.5, np.nan, 7.125]), X, ["nan", "0/0"]),
        (np.array([1.5, np.inf, 7.125]), X, ["inf", "overflow"]),
        (np.array([1.5, 3.0, 7.125]), np.array([1.5, np.nan, 7.125]), ["1 of 3 values"]),
        (0.25, 0.75, ["The result is 0.25"]),
        (0.5, 7, ["The result is 0.5"]),
        (1.0, (X, 2.0), ["expected 2 values", "got a number"]),
        ((X, 2.0, 3), (X, 2.0), ["expected 2 values"]),
        ((X, 9.0), (X, 2.75), ["value 2 of 2 is 9"]),
        ({"v": X}, {"w": X}, ["keys 'w'"]),
        ({"w": 9}, {"w": 7.75}, ["['w'] is 9"]),
        (3, "text", ["expected a string", "a whole number"]),
        ("texts", "text", ["'texts'"]),
        (Handle(None, "#0", "Net"), X, ["an object of kind `Net`"]),
    ],
)
def test_what_differs_is_said_without_the_expected_value(got, want, parts):
    with pytest.raises(AssertionError) as caught:
        close(got, want, "the result")
    message = str(caught.value)
    assert message.startswith("The result")
    assert all(part in message for part in parts), message
    for secret in ("2.25", "7.125", "0.75", "2.75", "7.75"):
        assert secret not in message


def test_tolerance_is_neither_too_tight_nor_too_wide():
    close(1 + 5e-7, 1.0, "it")
    with pytest.raises(AssertionError):
        close(1 + 5e-6, 1.0, "it")
    close(1.05, 1.0, "it", rtol=0.1)
    with pytest.raises(AssertionError):
        close(1e-6, 0.0, "it")


def test_an_object_of_the_reference_is_no_value():
    with pytest.raises(TypeError):
        close(1, Handle(AnswerProxy(None), "#0", "Net"), "it")
