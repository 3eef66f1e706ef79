"""The answer to an explanation question is found wherever a student has written it."""

import pytest

from coursekit.grading.course.explanation import MOST, asked, read_explanation
from coursekit.grading.course.notebook import parse, with_answers
from coursekit.grading.course.submission import as_notebook

from ..corpus.book import Book
from ..small_course import NAME, solutions_notebook

WORDS = "Because a sum grows.\nA mean does not."


def read(change):
    """Read what a change of a notebook leaves of the answer."""
    book = Book("01")
    handed_out = parse(book.notebook, book.name).texts
    book.write("explanation-01", WORDS)
    change(book)
    return read_explanation(as_notebook(book.to_bytes(), "x"), handed_out)


def split(book, same_id=True):
    first, second = WORDS.split("\n")
    book.write("explanation-01", first)
    if same_id:
        book.copy("explanation-01", after="explanation-01", same_id=False)["source"] = second
    else:
        book.own(second, after="explanation-01", cell_type="markdown")


def beside(book, place, words=WORDS):
    book.write(place, book.text(place), words)
    book.write("explanation-01", "YOUR ANSWER HERE")


def retype(book, kind):
    book.cell("explanation-01")["cell_type"] = kind


def lost(book):
    book.forget(*book.cells)


def moved(book):
    book.move("explanation-01", before="title")


def elsewhere(book):
    book.delete("explanation-01")
    book.own(WORDS, before="model-answer-01", cell_type="markdown")


FOUND = {
    "in its cell": lambda b: None,
    "below the words to replace": lambda b: b.write("explanation-01", "YOUR ANSWER HERE", WORDS),
    "with the line ends of Windows": lambda b: b.write(
        "explanation-01", WORDS.replace("\n", "\r\n")
    ),
    "as raw text": lambda b: retype(b, "raw"),
    "below the question": lambda b: beside(b, "question-01"),
    "below the model answer": lambda b: beside(b, "model-answer-01"),
    "in a new cell": elsewhere,
    "at the top": moved,
    "without ids": lost,
    "without ids, below the question": lambda b: (beside(b, "question-01"), lost(b)),
    "without ids, in a new cell": lambda b: (elsewhere(b), lost(b)),
    "copied": lambda b: b.copy("explanation-01", after="explanation-01"),
    "without the model answer": lambda b: b.delete("model-answer-01"),
    "beside notes elsewhere": lambda b: (
        b.own("A note.", after="task-01-1", cell_type="markdown"),
        b.own("Another note.", cell_type="markdown"),
        b.own("1 + 1", after="question-01"),
    ),
}


@pytest.mark.parametrize("case", FOUND)
def test_found_without_remark(case):
    found = read(FOUND[case])
    assert (found.text, found.remarks) == (WORDS, [])


@pytest.mark.parametrize(
    ("change", "text", "remark"),
    [
        (split, WORDS.replace("\n", "\n\n"), "in several cells"),
        (lambda b: split(b, same_id=False), WORDS.replace("\n", "\n\n"), "in several cells"),
        (lambda b: retype(b, "code"), WORDS, "in a code cell"),
        (lambda b: b.delete("explanation-01"), "", "is missing"),
        (lambda b: b.write("explanation-01", "![](attachment:a.png)"), None, "an image"),
        (lambda b: b.write("explanation-01", "<IMG src=x>"), None, "an image"),
        (lambda b: b.write("explanation-01", "x" * (MOST + 1)), None, f"first {MOST} characters"),
    ],
)
def test_what_is_unusual_is_told(change, text, remark):
    found = read(change)
    assert len(found.remarks) == 1 and remark in found.remarks[0]
    assert found.text == text or text is None


@pytest.mark.parametrize("empty", ["", "  \n", "YOUR ANSWER HERE", "YOUR ANSWER HERE\n"])
@pytest.mark.parametrize("kind", ["markdown", "raw", "code"])
def test_nothing_written_is_nothing(empty, kind):
    found = read(lambda b: (b.write("explanation-01", empty), retype(b, kind)))
    assert (found.text, found.remarks) == ("", [])


def test_a_cell_of_another_exercise_does_not_count():
    def paste(book):
        book.write("explanation-01", "")
        book.put({**book.cell("explanation-01"), "source": "Other."})["id"] = "explanation-02"
        book.cells[-1]["metadata"] = {}

    assert read(paste).text == ""


def test_an_exercise_without_a_question():
    notebook = solutions_notebook()
    notebook["cells"] = notebook["cells"][:-3]
    texts = parse(notebook, NAME).texts
    assert read_explanation(notebook, texts) is None and asked(texts) == ""
    assert asked(parse(solutions_notebook(), NAME).texts) == "Why does a mean divide?"


def test_a_fresh_copy_takes_the_answer():
    filled = with_answers(solutions_notebook(), {"explanation-01": WORDS, "question-01": "no"})
    texts = {cell["id"]: cell["source"] for cell in filled["cells"]}
    assert texts["explanation-01"] == WORDS and "mean divide" in texts["question-01"]
