"""Truth tables."""

import itertools

import numpy as np
import pytest

from coursekit import data

MEANING = {
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "nand": lambda a, b: not (a and b),
    "nor": lambda a, b: not (a or b),
    "xor": lambda a, b: a != b,
}


@pytest.mark.parametrize("name", MEANING)
def test_gates_of_two_inputs(name):
    x, t = data.gate(name)
    assert x.dtype == np.float64 and t.dtype == np.int64
    assert x.tolist() == [list(pair) for pair in itertools.product([0, 1], repeat=2)]
    assert t.tolist() == [int(MEANING[name](*map(bool, row))) for row in x]


def test_not_has_one_input():
    x, t = data.gate("not")
    assert x.tolist() == [[0], [1]] and t.tolist() == [1, 0]


def test_each_call_gives_arrays_of_its_own():
    x, t = data.gate("or")
    x[:], t[:] = 9, 9
    assert data.gate("or")[0].max() == 1 and data.gate("or")[1].max() == 1


@pytest.mark.parametrize("name", ["XOR", "xnor", "", None])
def test_unknown_gate(name):
    with pytest.raises(ValueError, match="name must be one of and, or, nand, nor, xor, not, got"):
        data.gate(name)
