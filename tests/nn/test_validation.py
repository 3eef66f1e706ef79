"""The checks that other parts of the package use; those of nn's own are in test_bad_input."""

import re

import numpy as np
import pytest

from coursekit.nn import validation


@pytest.mark.parametrize(
    ("check", "good", "bad", "sentence"),
    [
        (
            lambda v: validation.check_range("noise", v, 0, 0.5),
            [0, 0.25, np.float64(0.5)],
            [-0.1, 0.51, np.nan, np.inf, True, "much", None],
            "noise must be a number from 0 to 0.5, got ",
        ),
        (
            lambda v: validation.check_count("n", v, 3),
            [3, np.int64(4), 10**6],
            [2, 3.0, True, "3", None],
            "n must be a whole number of at least 3, got ",
        ),
        (
            lambda v: validation.check_count("units", v, 1, 8),
            [1, 8],
            [0, 9, 2.5, True],
            "units must be a whole number from 1 to 8, got ",
        ),
        (
            lambda v: validation.check_choice("gate", v, ("and", "or")),
            ["and", "or"],
            ["an", "nor", None, 1],
            "gate must be one of and, or, got ",
        ),
        (
            lambda v: validation.check_flag("bias", v),
            [True, False],
            [1, 0, None, "True", np.True_],
            "bias must be True or False, got ",
        ),
    ],
    ids=["range", "count from", "count from and to", "choice", "flag"],
)
def test_a_check_returns_what_is_right_and_names_what_is_not(check, good, bad, sentence):
    for value in good:
        checked = check(value)
        assert checked == value and type(checked) in (int, float, str, bool)
    for value in bad:
        with pytest.raises(ValueError, match=re.escape(f"{sentence}{value!r}")):
            check(value)
