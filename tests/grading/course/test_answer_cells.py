"""Where answers are found in a notebook, and what is said about it."""

import json
import time
from itertools import islice, product

import pytest

from coursekit.grading.batch.hand_ins.notebook_file import exercise_name
from coursekit.grading.course.answer_cells import MOST, read_submission
from coursekit.grading.course.notebook import parse
from coursekit.grading.course.submission import as_notebook, defines
from coursekit.grading.judge.recording import recorded

from ..corpus.book import COURSE, Book


def read(book):
    handed_out = recorded(COURSE, book.name).notebook
    return read_submission(as_notebook(book.to_bytes(), "x"), parse(handed_out, book.name))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f(x): return x", True),
        ("async  def f(x): return x", True),
        ("class f:\n    pass", True),
        ("x = 1\nf = lambda x: x", True),
        ("f: Callable = g", True),
        ("def ff(x): return x", False),
        ("    def f(self): return 1", False),
        ("f == 1", False),
        ("f(x)", False),
        ("g = f", False),
    ],
)
def test_what_a_line_defines(source, found):
    assert defines(source, "f") is found


def test_a_notebook_as_it_was_handed_in_by_most_is_plain():
    found = read(Book("09"))
    assert found.plain and not (found.remarks or found.errors)
    assert list(found.answers["09.5"]) == ["answer-09-5", "answer-09-5-b"]


def test_two_cells_of_one_task_made_one():
    book = Book("09")
    book.write("answer-09-5", book.text("answer-09-5"), book.text("answer-09-5-b"))
    book.delete("answer-09-5-b")
    found = read(book)
    assert list(found.answers["09.5"]) == ["answer-09-5"] and not found.plain
    assert found.remarks == [
        "One of the answer cells of task 09.5 is missing; what is there was judged."
    ]


def test_what_is_odd_about_several_tasks_is_one_sentence():
    book = Book("01")
    book.forget(book.cell("answer-01-2"), book.cell("answer-01-5"))
    assert read(book).remarks == [
        "The answers to tasks 01.2, 01.5 are not in their own cells; they were found by the names "
        "they define."
    ]


def numbers():
    """Ten thousand numbers of two digits, as many alphabets write them."""
    alphabets = [chr(one) for one in range(128, 0x11000) if chr(one).isdecimal()]
    return ["".join(digits) for digits in islice(product(alphabets, repeat=2), 10_000)]


@pytest.mark.parametrize(
    ("cells", "remarks"),
    [
        (lambda book: [book.cell("answer-01-1")] * 4_000, 3),
        (
            lambda book: [
                book.cell("answer-01-1") | {"source": f"neuron = {k}"} for k in range(4_000)
            ],
            3,
        ),
        (lambda book: [book.own("x") | {"source": f"neuron = {k}"} for k in range(400)], 2),
        (lambda book: [book.own("x = 1")] * 4_000, 0),
        (lambda book: [None] * 20_000, 20_000),
        (lambda book: [book.own("x = 1") | {"id": f"answer-{n}-1"} for n in numbers()], 0),
    ],
    ids=["copies", "versions", "own versions", "own cells", "cells that can't be read", "digits"],
)
def test_a_notebook_of_very_many_cells_is_soon_read(cells, remarks):
    """A time that grows by the square of their number would be minutes."""
    book = Book("01")
    notebook = {**book.notebook, "cells": [*book.cells, *cells(book)]}
    handed_out = parse(recorded(COURSE, book.name).notebook, book.name)
    started = time.process_time()
    submitted = as_notebook(json.dumps(notebook).encode(), "x")
    assert exercise_name(COURSE, submitted) == book.name
    found = read_submission(submitted, handed_out)
    assert time.process_time() - started < 3
    assert len(found.remarks) == remarks
    assert max(map(len, found.answers.values())) <= MOST


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("text", ["{answer}", "{answer}\n# {k}"])
def test_of_very_many_versions_the_last_are_judged(own, text):
    book = Book("01")
    answer = book.text("answer-01-1")
    sources = [text.format(answer=answer, k=k) for k in range(300)]
    new = book.own("") if own else book.cell("answer-01-1")
    book.cells.extend({**new, "source": source} for source in sources)
    found = read(book)
    said = [remark for remark in found.remarks if "cells answer" in remark]
    assert said == ["More than 20 cells answer task 01.1; only the last 20 were judged."]
    last = [source for source in found.cells if answer in source]
    assert last[-MOST:] == sources[-MOST:] and len(last) <= MOST + 1
    judged = list(found.answers["01.1"].values())
    if own:
        assert judged == [answer]
    else:
        assert judged == list(dict.fromkeys(sources[-MOST:]))
