"""What crosses the pipe between judge and box: plain values exactly, and nothing else ever."""

import json
import math
import random

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.grading.batch.sandbox import protocol
from coursekit.grading.judge.values import Opaque


def split(frame):
    start = protocol.LENGTHS.size
    header, body = protocol.lengths(frame[:start])
    assert len(frame) == start + header + body
    return frame[start : start + header], frame[start + header :]


def crossed(value):
    return protocol.unpack(*split(protocol.pack({"value": value})))["value"]


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
    st.sampled_from(list(protocol.DTYPES.values())), hnp.array_shapes(min_dims=0, min_side=0)
)
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | arrays
    | st.builds(Opaque, st.integers(0, 10**6).map("#{}".format), st.text("ab", max_size=80)),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text("abc") | st.integers(0, 9), inner)
    ),
    max_leaves=20,
)


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
def test_nothing_else_is_sent(value):
    with pytest.raises(protocol.WireError, match="not plain"):
        protocol.pack({"value": value})


def test_what_is_endless_or_too_large_is_not_sent():
    endless = []
    endless.append(endless)
    with pytest.raises(protocol.WireError, match="nested more than"):
        protocol.pack({"value": endless})
    with pytest.raises(protocol.WireError, match="more than 20000 values"):
        protocol.pack({"value": [0] * 20_001})
    with pytest.raises(protocol.WireError, match="too large: 8 MB"):
        protocol.pack({"value": np.zeros(1_000_001)})
    with pytest.raises(protocol.WireError, match="too large: 1 MB"):
        protocol.pack({"value": ["x" * 10_000] * 101})


@pytest.mark.parametrize(
    ("header", "body", "finding"),
    [
        (b"", b"", "not JSON"),
        (b"\xff", b"", "not JSON"),
        (b"[" * 100_000, b"", "not JSON"),
        (b"[]", b"", "no message"),
        (b'{"a":NaN}', b"", "NaN stands"),
        (b'{"a":1e999}', b"", "no known form"),
        (b'{"a":' + b"9" * 5000 + b"}", b"", "beyond 64 bits"),
        (b'{"a":9223372036854775808}', b"", "beyond 64 bits"),
        (b'{"a":{"dict":[["x",1],["x",2]]}}', b"", "no known form"),
        (b'{"a":{"dict":[[true,1]]}}', b"", "no known form"),
        (b'{"a":"\\ud800"}', b"", "half a character"),
        (b'{"a":{"dict":[["\\udfff",1]]}}', b"", "half a character"),
        (b'{"a":[1]}', b"", "no known form"),
        (b'{"a":{"list":[],"tuple":[]}}', b"", "no known form"),
        (b'{"a":{"object":["__class__","x"]}}', b"", "no known name"),
        (b'{"a":{"object":["#1.__class__","x"]}}', b"", "no known name"),
        (b'{"a":{"dict":[[[],1]]}}', b"", "no known form"),
        (b'{"a":{"array":["|O",[1]]}}', b"\0" * 8, "may not cross"),
        (b'{"a":{"array":[["<f8"],[1]]}}', b"\0" * 8, "may not cross"),
        (b'{"a":{"float":["nan"]}}', b"", "no known form"),
        (b'{"a":{"object":[["#1"],"x"]}}', b"", "no known form"),
        (b'{"a":{"array":["<f8",[1]]}}', b"\0" * 7, "larger than the frame"),
        (b'{"a":{"array":["<f8",[-1]]}}', b"", "no known shape"),
        (b'{"a":{"array":["<f8",[0,8000000,8000000]]}}', b"", "no known shape"),
        (b'{"a":{"array":["<f8",[true]]}}', b"\0" * 8, "no known shape"),
        (b'{"a":{"array":["|b1",[1]]}}', b"\2", "neither true nor false"),
        (b'{"a":1}', b"x", "belong to nothing"),
    ],
)  # fmt: skip
def test_malformed_frames_are_told(header, body, finding):
    with pytest.raises(protocol.WireError, match=finding):
        protocol.unpack(header, body)


def test_the_box_speaks_of_what_it_keeps_and_of_nothing_of_the_judges():
    frame = split(protocol.pack({"f": Opaque("mean", "function")}))
    assert protocol.unpack(*frame) == {"f": Opaque("mean", "function")}
    with pytest.raises(protocol.WireError, match="no known name"):
        protocol.unpack(*frame, from_box=True)
    kept = split(protocol.pack({"f": Opaque("#12", "function")}))
    assert protocol.unpack(*kept, from_box=True) == {"f": Opaque("#12", "function")}


def test_lengths_are_checked_before_anything_is_read():
    with pytest.raises(protocol.WireError, match="too large"):
        protocol.lengths(b"\xff" * 8)


@settings(max_examples=2_000, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=64))
def test_any_bytes_are_a_message_or_a_wire_error(header, body):
    try:
        message = protocol.unpack(header, body, from_box=True)
    except protocol.WireError:
        return
    assert type(message) is dict


scraps = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["nan", "#1", "mean", "|b1", "<f8", "|O", "__class__"])
)  # fmt: skip
tags = st.sampled_from(["float", "list", "tuple", "dict", "object", "array", "other"])
trees = st.recursive(
    scraps,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(tags, inner, max_size=2),
    max_leaves=12,
)


@settings(max_examples=5_000, deadline=None)
@given(trees, st.binary(max_size=24))
def test_any_json_is_a_message_or_a_wire_error(tree, body):
    header = json.dumps({"a": tree}).encode()
    try:
        message = protocol.unpack(header, body, from_box=True)
    except protocol.WireError:
        return
    assert same(crossed(message), message)


def test_a_hundred_thousand_damaged_frames_are_messages_or_wire_errors():
    values = [None, True, -7, 0.5, math.nan, "text", [1, (2, [3])], {"a": {1: 2.5}}]
    values += [np.zeros((0, 3)), np.arange(6.0).reshape(2, 3), np.array([True, False])]
    values += [np.array(7, dtype="i1"), Opaque("#3", "Momentum")]
    frames = [protocol.pack({"id": 1, "reply": value}) for value in values]
    draw = random.Random(0)
    read = refused = 0
    for _ in range(100_000):
        header, body = split(draw.choice(frames))
        damaged = bytearray(header)
        for _ in range(draw.randint(1, 3)):
            at = draw.randrange(len(damaged))
            match draw.randrange(4):
                case 0:
                    damaged[at] = draw.choice(b'0123456789[]{}",:-.eEtfn<>|\\u')
                case 1:
                    damaged[at] = draw.randrange(256)
                case 2:
                    del damaged[at : at + draw.randint(1, 3)]
                case 3:
                    start = draw.randrange(len(header))
                    damaged[at:at] = header[start : start + draw.randint(1, 9)]
            damaged = damaged or bytearray(b" ")
        body = body[: draw.randint(0, len(body))] if draw.random() < 0.3 else body
        try:
            message = protocol.unpack(bytes(damaged), body, from_box=True)
        except protocol.WireError:
            refused += 1
        else:
            assert type(message) is dict
            read += 1
    assert read > 1_000
    assert refused > 50_000
