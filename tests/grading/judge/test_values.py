"""What crosses between a test and an answer."""

from collections import OrderedDict, defaultdict, deque, namedtuple
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as st_numpy

from coursekit.grading.judge.encoding import encode, read_message, write_message
from coursekit.grading.judge.recording import differences, dumps
from coursekit.grading.judge.values import (
    MAX_DEPTH,
    RemoteObject,
    describe,
    fingerprint,
    to_plain_data,
)

FLOATS = st.floats(allow_nan=True, allow_infinity=True)
ARRAYS = st_numpy.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_]),
    st_numpy.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | FLOATS
    | st.text(max_size=8)
    | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(0, 9), inner, max_size=3)
    ),
    max_leaves=6,
)


def register(value, kind):
    return RemoteObject("#0", kind)


def same(one, other):
    """Equal in value, type and, for arrays, dtype; NaN equals NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        kinds = (one.dtype, one.shape) == (other.dtype, other.shape)
        return kinds and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return one == other or one != one


@given(VALUES)
def test_plain_values_cross_unchanged(value):
    assert same(to_plain_data(value, register), value)


def test_arrays_and_lists_are_copied():
    value = [np.zeros(2), {"a": [1]}]
    copy = to_plain_data(value, register)
    copy[0][0] = 1
    copy[1]["a"].append(2)
    assert value[0][0] == 0 and value[1] == {"a": [1]}


class Liar(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class Array(np.ndarray):
    pass


class Colour(IntEnum):
    RED = 3


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Liar(1), 1.0),
        (namedtuple("Pair", "a b")(1, np.float32(2)), (1, 2.0)),
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(list, {np.str_("a"): [np.int64(2)]}), {"a": [2]}),
        (deque([1.0, 2.0]), [1.0, 2.0]),
        (Colour.RED, 3),
        (Fraction(1, 2), 0.5),
        (Decimal("0.25"), 0.25),
        (np.str_("a"), "a"),
        (np.array("a"), "a"),
        (np.array(["a", "b"]), ["a", "b"]),
        (np.float16(0.5), 0.5),
        (np.longdouble(0.5), 0.5),
        (np.array([[0.5]], dtype=np.longdouble), np.array([[0.5]])),
        (np.array([[None, Fraction(1, 2)]]), [[None, 0.5]]),
        ({np.int64(1): 2}, {1: 2}),
    ],
)
def test_subclasses_become_plain(value, plain):
    copy = to_plain_data(value, register)
    assert same(copy, plain)
    assert same(read_message(write_message({"value": copy}))["value"], plain)


@pytest.mark.parametrize(
    "value",
    [
        np.zeros(2).view(Array),
        np.ma.masked_array([1.0]),
        np.array(object()),
        np.array([1j]),
        np.array([["a"]]),
        np.complex128(1),
        1j,
        {1, 2},
        range(3),
        (x for x in "ab"),
        b"bytes",
        10**30,
        {(1, 2): 3},
        "x" * 100_000,
        len,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_data_stays_where_it_is(value):
    assert isinstance(to_plain_data(value, register), RemoteObject)


@pytest.mark.parametrize(
    ("value", "want"), [(np.float64(0.5), 0.5), (np.int8(3), 3), (np.bool_(True), True)]
)
def test_scalars_of_numpy_become_python_s(value, want):
    got = to_plain_data(value, register)
    assert type(got) is type(want) and got == want


def test_a_list_that_holds_itself_ends():
    value = []
    value.append(value)
    for _ in range(MAX_DEPTH):
        (value,) = (
            to_plain_data(value, register) if not isinstance(value, RemoteObject) else (value,)
        )
    assert isinstance(value, RemoteObject)


def test_too_many_values_in_all_stay_where_they_are():
    many = [np.zeros(400_000) for _ in range(4)]
    assert [type(part) for part in to_plain_data(many, register)] == [np.ndarray] * 2 + [
        RemoteObject
    ] * 2


def test_fingerprint_forgives_the_last_bit_only():
    x = np.array([0.1, 0.7])
    assert fingerprint(x) == fingerprint(x * (1 + 2**-52))
    assert fingerprint(0.0) == fingerprint(-0.0)
    assert (
        len({fingerprint(v) for v in (x, x + 1e-6, x[:1], x.tolist(), tuple(x.tolist()), 1, 1.5)})
        == 7
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (True, "a truth value"),
        (3, "a whole number"),
        (0.5, "a number"),
        ("a", "a string"),
        ([1, 2], "a list of 2 values"),
        ((1,), "a tuple of 1 value"),
        (np.zeros((2, 1)), "an array of numbers of shape (2, 1)"),
        (np.arange(3), "an array of whole numbers of shape (3,)"),
        (np.array([True]), "an array of truth values of shape (1,)"),
        (RemoteObject("#1", "Net"), "an object of kind `Net`"),
    ],
)
def test_kinds_in_words(value, words):
    assert describe(value) == words


def test_differences_see_a_changed_number_and_forgive_the_last_bit():
    old = {"a": [encode(np.array([0.1, 2.0])), 0.3, "text"]}
    assert not differences(old, {"a": [encode(np.array([0.1 + 1e-16, 2.0])), 0.3 + 1e-16, "text"]})
    assert differences(old, {"a": [encode(np.array([0.1001, 2.0])), 0.3, "text"]}) == [
        "/a/0/0: 0.1 and 0.1001"
    ]
    assert differences(old, {"a": [encode(np.array([[0.1, 2.0]])), 0.3, "text"]})
    assert differences(old, {"a": [encode(np.array([0.1, 2.0], "f4")), 0.3, "text"]})
    assert differences([encode(np.array([1, 2]))], [encode(np.array([1, 3]))])
    assert differences(old, {"a": [encode(np.array([0.1, 2.0])), 0.3001, "text"]})
    assert differences(old, {"a": [encode(np.array([0.1, 2.0])), 0.3, "other"]})
    assert differences(old, {"a": [0.3, "text"]})


def test_json_lines_stay_readable():
    text = dumps({"tests": {"one": list(range(20)), "two": ["x" * 60, "y" * 60]}})
    assert max(map(len, text.splitlines())) < 120
    assert len(text.splitlines()) < 12
