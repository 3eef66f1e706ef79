"""The bundled digits: the right data, in the right order, credited."""

import hashlib
import inspect
import runpy
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from coursekit import data


@pytest.fixture(scope="module")
def digits():
    return data.digits()


def test_shapes_and_range(digits):
    x, t = digits
    assert x.shape == (1797, 64) and x.dtype == np.float64
    assert t.shape == (1797,) and t.dtype == np.int64
    assert x.min() == 0 and x.max() == 1
    assert np.array_equal(16 * x, np.rint(16 * x))


def test_facts_of_the_original(digits):
    x, t = digits
    assert np.bincount(t).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert t[:10].tolist() == list(range(10))
    assert (16 * x).sum() == 561718
    first_row = [0, 0, 5, 13, 9, 1, 0, 0]  # of the first digit, a zero
    assert (16 * x[0, :8]).tolist() == first_row


def test_checksum_of_the_values(digits):
    x, t = digits
    values = np.column_stack([16 * x, t]).astype(np.uint8).tobytes()
    assert hashlib.sha256(values).hexdigest() == CHECKSUM


def test_each_call_gives_arrays_of_its_own(digits):
    data.digits()[0][:] = 9
    assert data.digits()[0].max() == 1


def test_the_source_and_its_licence_are_named():
    note = (files("coursekit.data") / "DIGITS.md").read_text(encoding="utf-8")
    for text in (note, inspect.getdoc(data.digits)):
        for fact in ("Alpaydin", "Kaynak", "UCI", "10.24432/C50P49", "licenses/by/4.0"):
            assert fact in text


def test_packing_gives_the_same_bytes(tmp_path, digits):
    tool = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "pack_digits.py"))
    target, pack = tool["TARGET"], tool["pack"]

    x, t = digits
    source = tmp_path / "digits.csv"
    np.savetxt(source, np.column_stack([16 * x, t]), fmt="%d", delimiter=",")
    for name in ("once.npz", "again.npz"):
        pack(str(source), tmp_path / name)
    assert (tmp_path / "once.npz").read_bytes() == (tmp_path / "again.npz").read_bytes()
    with np.load(tmp_path / "once.npz") as packed, np.load(target) as stored:
        assert all(np.array_equal(packed[name], stored[name]) for name in ("pixels", "labels"))
        assert stored["pixels"].dtype == stored["labels"].dtype == np.uint8
    assert target.stat().st_size < 50_000


CHECKSUM = "68aea062d35a127749050fa0e52dca09d6569ac08092c925610e0954e172dde2"
