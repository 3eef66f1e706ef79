"""Messages to and from a sandbox: plain values exactly, and nothing else ever."""

import base64
import json
import math
import random
import tracemalloc

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from coursekit.grading.judge import encoding
from coursekit.grading.judge.encoding import (
    EncodingError,
    decode,
    encode,
    read_message,
    reading_cost,
    write_message,
)
from coursekit.grading.judge.values import RemoteObject


def crossed(value):
    return read_message(write_message({"value": value}))["value"]


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return a == b or (isinstance(a, float) and math.isnan(a) and math.isnan(b))


arrays = hnp.arrays(
    st.sampled_from(list(encoding.DTYPES.values())), hnp.array_shapes(min_dims=0, min_side=0)
)
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | arrays
    | st.builds(RemoteObject, st.integers(0, 10**6).map("#{}".format), st.text("ab", max_size=80)),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text("abc") | st.integers(0, 9), inner)
    ),
    max_leaves=20,
)


# Drawing is slow on a busy machine, which is no fault of the code.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plain)
def test_plain_values_cross_exactly(value):
    assert same(crossed(value), value)


def test_arrays_in_any_order_of_bytes_and_axes_cross_by_value():
    for array in (np.arange(6, dtype=">i4").reshape(2, 3), np.arange(6.0).reshape(2, 3).T):
        assert np.array_equal(crossed(array), array)
        crossed(array)[...] = 0  # a copy that may be written to


class Number(float):
    def __eq__(self, other):
        return True


@pytest.mark.parametrize(
    "value",
    [
        object(), Number(1.0), 1j, np.float64(1.0), b"bytes", {1, 2}, {(1,): 2}, len,
        np.array([object()]), np.array(["text"]), np.array([1j]), np.ma.array([1.0]),
        np.zeros(2, dtype=[("a", float)]), np.longdouble(1), np.array(["2026"], dtype="M8[Y]"),
    ],
    ids=lambda v: type(v).__name__,
)  # fmt: skip
def test_nothing_else_is_written(value):
    with pytest.raises(EncodingError, match="not plain data"):
        write_message({"value": value})


def test_what_is_endless_or_too_large_is_not_written():
    endless = []
    endless.append(endless)
    with pytest.raises(EncodingError, match="nested more than 24 levels"):
        write_message({"value": endless})
    with pytest.raises(EncodingError, match="more than 20000 values"):
        write_message({"value": [0] * 20_001})
    with pytest.raises(EncodingError, match=r"arrays are too large \(8 MB\)"):
        write_message({"value": np.zeros(1_000_001)})
    with pytest.raises(EncodingError, match=r"arrays are too large \(12 MB\)"):
        write_message({"a": np.zeros(750_000), "b": np.zeros(750_000)})
    with pytest.raises(EncodingError, match=r"too large \(13 MB\)"):
        write_message({"value": ["x" * 10_000] * 1_300})


ZEROS = base64.b64encode(bytes(8)).decode()


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("", "not JSON"),
        ("\xff", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a JSON object"),
        ('{"a":NaN}', "no valid form"),
        ('{"a":-Infinity}', "no valid form"),
        ('{"a":1e999}', "no valid form"),
        ('{"a":' + "9" * 5000 + "}", "not JSON"),
        ('{"a":9223372036854775808}', "more than 64 bits"),
        ('{"a":{"tuple":[-9223372036854775808]}}', "more than 64 bits"),
        ('{"a":{"dict":[["x",1],["x",2]]}}', "no valid form"),
        ('{"a":{"dict":[[true,1]]}}', "no valid form"),
        ('{"a":{"dict":[["x",1,2]]}}', "no valid form"),
        ('{"a":"\\ud800"}', "lone surrogate"),
        ('{"a":{"dict":[["\\udfff",1]]}}', "lone surrogate"),
        ('{"a":"%s"}' % ("x" * 1_000_001), "more than 1000000 characters"),
        ('{"a":{"tuple":[],"list":[]}}', "no valid form"),
        ('{"a":{}}', "no valid form"),
        ('{"a":{"object":["__class__","x"]}}', "no valid name"),
        ('{"a":{"object":["#1.__class__","x"]}}', "no valid name"),
        ('{"a":{"object":["#1","%s"]}}' % ("x" * 81), "no valid form"),
        ('{"a":{"object":[["#1"],"x"]}}', "no valid form"),
        ('{"a":{"dict":[[[],1]]}}', "no valid form"),
        ('{"a":{"float":["nan"]}}', "no valid form"),
        ('{"a":{"float":"1.5"}}', "no valid form"),
        ('{"a":{"array":["|O",[1],"ZEROS"]}}', "dtype that is not allowed"),
        ('{"a":{"array":["<c16",[1],"ZEROS"]}}', "dtype that is not allowed"),
        ('{"a":{"array":[["<f8"],[1],"ZEROS"]}}', "no valid form"),
        ('{"a":{"array":["<f8",1,"ZEROS"]}}', "no valid form"),
        ('{"a":{"array":["<f8",[1],0]}}', "no valid form"),
        ('{"a":{"array":["<f8",[1],"AAAAAAAA"]}}', "more or fewer bytes"),
        ('{"a":{"array":["<f8",[1],"AAAAAAAAAAA"]}}', "more or fewer bytes"),
        ('{"a":{"array":["<f8",[1],"ZEROSAAAA"]}}', "more or fewer bytes"),
        ('{"a":{"array":["<f8",[1],"%s"]}}' % ("A" * 12), "more or fewer bytes"),
        ('{"a":{"array":["<f8",[],""]}}', "more or fewer bytes"),
        ('{"a":{"array":["<f8",[1],"%s"]}}' % ("=" * 12), "not valid base64"),
        ('{"a":{"array":["<f8",[1],"%s"]}}' % ("A=" * 6), "not valid base64"),
        ('{"a":{"array":["<f8",[1],"%s"]}}' % ("A " * 6), "not valid base64"),
        ('{"a":{"array":["<f8",[1],"%s"]}}' % ("-_" * 6), "not valid base64"),
        ('{"a":{"array":["<f8",[1],"%s"]}}' % ("\\u00e4" * 12), "not valid base64"),
        ('{"a":{"array":["<f8",[-1],""]}}', "no valid shape"),
        ('{"a":{"array":["<f8",[0,8000000,8000000],""]}}', "no valid shape"),
        ('{"a":{"array":["<f8",[1,1,1,1,1,1,1,1,1],"ZEROS"]}}', "no valid shape"),
        ('{"a":{"array":["<f8",[true],"ZEROS"]}}', "no valid shape"),
        ('{"a":{"array":["<f8",[1000000,1000000,1000000],""]}}', "no valid shape"),
        ('{"a":{"array":["<f8",[2000000],""]}}', "arrays are too large"),
        ('{"a":{"array":["|b1",[1],"Ag=="]}}', "neither true nor false"),
        ('{"a":' + "[" * 26 + "]" * 26 + "}", "nested more than 24"),
        ('{"a":[' + "1," * 20_000 + "1]}", "more than 20000 values"),
        ('{"a":"' + " " * 3_000_000 + '"}', "too large"),
        ('{"a":"' + "A" * 12_000_000 + '"}', "too large"),
    ],
    ids=lambda text: text[:40],
)
def test_malformed_messages_are_refused(line, finding):
    with pytest.raises(EncodingError, match=finding):
        read_message(line.replace("ZEROS", ZEROS).encode("latin-1"))


def test_sizes_are_checked_before_memory_is_taken():
    """Small lines that would become large, and a line that is large itself."""
    one = f'{{"array":["<f8",[1000000],"{ZEROS}"]}}'
    lines = [f'{{"a":{one}}}', '{"a":[' + "[]," * 2_000_000 + "1]}", "A" * 20_000_000]
    for line in map(str.encode, lines):
        tracemalloc.start()
        with pytest.raises(EncodingError):
            read_message(line)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 7_000_000


def test_all_arrays_of_a_line_count_together():
    one = f'{{"array":["|b1",[4200000],"{"A" * 5_600_000}"]}}'
    assert not read_message(f'{{"a":{one}}}'.encode())["a"].any()
    with pytest.raises(EncodingError, match="arrays are too large"):
        read_message(f'{{"a":{one},"b":{one}}}'.encode())


@pytest.mark.parametrize("part", ["[]", "{}", '"aa"', "1.5", "12345", "null", '{"tuple":[1]}'])
def test_the_memory_that_a_line_takes_is_estimated(part):
    line = ("[" + ",".join([part] * 100_000) + "]").encode()
    tracemalloc.start()
    read = json.loads(line)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(read) == 100_000
    assert taken < 1.3 * reading_cost(line)


def test_a_sandbox_refers_to_its_own_objects_alone():
    line = write_message({"f": RemoteObject("mean", "function")})
    assert read_message(line) == {"f": RemoteObject("mean", "function")}
    with pytest.raises(EncodingError, match="no valid name"):
        read_message(line, from_sandbox=True)
    line = write_message({"f": RemoteObject("#12", "function")})
    assert read_message(line, from_sandbox=True) == {"f": RemoteObject("#12", "function")}


def test_a_message_is_one_line_of_ascii():
    line = write_message({"a": "two\nlines, ä, ☺, \u2028", "b": np.arange(100.0)})
    assert line.count(b"\n") == 1 and line.endswith(b"\n") and line.isascii()


@settings(max_examples=1_000, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_an_error(line):
    try:
        message = read_message(line, from_sandbox=True)
    except EncodingError:
        return
    assert type(message) is dict


scraps = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["nan", "#1", "mean", "|b1", "<f8", "|O", "__class__", "", "AQ==", ZEROS])
)  # fmt: skip
tags = st.sampled_from(["float", "tuple", "dict", "object", "array", "other"])
trees = st.recursive(
    scraps,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(tags, inner, max_size=2),
    max_leaves=12,
)


@settings(max_examples=1_000, deadline=None)
@given(trees)
def test_any_json_is_a_message_or_an_error(tree):
    try:
        message = read_message(json.dumps({"a": tree}).encode(), from_sandbox=True)
    except EncodingError:
        return
    assert same(crossed(message), message)


def test_a_hundred_thousand_damaged_lines_are_messages_or_errors():
    values = [None, True, -7, 0.5, math.nan, "text", [1, (2, [3])], {"a": {1: 2.5}}]
    values += [np.zeros((0, 3)), np.arange(6.0).reshape(2, 3), np.array([True, False])]
    values += [np.array(7, dtype="i1"), RemoteObject("#3", "Momentum")]
    lines = [write_message({"id": 1, "reply": value}) for value in values]
    draw = random.Random(0)
    read = refused = 0
    for _ in range(100_000):
        line = draw.choice(lines)
        damaged = bytearray(line)
        for _ in range(draw.randint(1, 3)):
            at = draw.randrange(len(damaged))
            match draw.randrange(4):
                case 0:
                    damaged[at] = draw.choice(b'0123456789[]{}",:-.eEtfn<>|\\u=+/A')
                case 1:
                    damaged[at] = draw.randrange(256)
                case 2:
                    del damaged[at : at + draw.randint(1, 3)]
                case 3:
                    start = draw.randrange(len(line))
                    damaged[at:at] = line[start : start + draw.randint(1, 9)]
            damaged = damaged or bytearray(b" ")
        try:
            message = read_message(bytes(damaged), from_sandbox=True)
        except EncodingError:
            refused += 1
        else:
            assert type(message) is dict
            read += 1
    assert read > 1_000
    assert refused > 50_000


# Drawing is slow on a busy machine, which is no fault of the code.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plain)
def test_recorded_values_keep_every_bit(value):
    assert same(decode(json.loads(json.dumps(encode(value)))), value)
