"""Numbers as figures and widgets write them."""

import pytest

from coursekit.plots.format_number import format_number


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (0.5, ".2f", "0.5"),
        (-1.25, ".2f", "−1.25"),
        (3.0, ".2f", "3"),
        (100.0, ".0f", "100"),
        (-0.001, ".2f", "0"),
        (0, "+d", "0"),
        (1, "+d", "+1"),
        (-1, "+d", "−1"),
        (-0.000012, ".3g", "−1.2e−05"),
        (1234.5, ".2g", "1.2e+03"),
        (float("nan"), ".2f", "nan"),
    ],
)
def test_a_number_has_a_true_minus_and_no_needless_zeros(value, spec, text):
    assert format_number(value, spec) == text
