"""Answer cells that were split, merged, copied, moved, deleted, written anew or left empty."""

from .accidents import BROKEN
from .book import Book
from .register import arrangement


@arrangement("plain", remark=False)
def plain(book: Book) -> None:
    """Nothing is odd."""


@arrangement("untouched", points=0, remark=False)
def untouched(book: Book) -> None:
    """Nothing is written."""
    for cell in book.answers():
        cell["source"] = book.stub(cell["id"])


@arrangement("one task untouched", points={"01.5": 0}, remark=False)
def one_untouched(book: Book) -> None:
    """One task is not written yet."""
    book.write("answer-01-5", book.stub("answer-01-5"))


@arrangement("one answer wrong", points={"01.1": 0}, remark=False)
def one_wrong(book: Book) -> None:
    """A wrong answer, where nothing is odd."""
    book.write("answer-01-1", BROKEN)


def split(book: Book) -> tuple[str, str]:
    """Divide the answer to 01.4 behind its first function."""
    first, rest = book.text("answer-01-4").split("\n\n\n", 1)
    return first, rest


@arrangement("split, metadata copied", remark="01.4", report="jupyter/nbgrader#1083")
def split_copied(book: Book) -> None:
    """Edit, Split Cell in JupyterLab: both halves have the metadata, the second has a new id."""
    first, rest = split(book)
    book.copy("answer-01-4", after="answer-01-4")["source"] = rest
    book.write("answer-01-4", first)


@arrangement("split, metadata with the first half", remark="01.4", report="jeflem/ananke#12")
def split_first(book: Book) -> None:
    """Split Cell where the second half is a plain new cell."""
    first, rest = split(book)
    book.own(rest, after="answer-01-4")
    book.write("answer-01-4", first)


@arrangement("split, metadata with the second half", remark="01.4", report="jupyter/notebook#1156")
def split_second(book: Book) -> None:
    """Split Cell in the classic notebook: the first half is the new cell."""
    first, rest = split(book)
    book.own(first, before="answer-01-4")
    book.write("answer-01-4", rest)


@arrangement("split, one id", remark="01.4", report="googlecolab/colabtools#581")
def split_same_id(book: Book) -> None:
    """Both halves have the metadata and the id."""
    first, rest = split(book)
    book.copy("answer-01-4", after="answer-01-4", same_id=True)["source"] = rest
    book.write("answer-01-4", first)


@arrangement("split into three, with experiments between", remark="01.4")
def split_three(book: Book) -> None:
    """A cell for each function, and after each a look at what it returns."""
    first, second, third = book.text("answer-01-4").split("\n\n\n")
    book.copy("answer-01-4", after="answer-01-4")["source"] = third
    book.own("equal_plane()", after="answer-01-4")
    book.copy("answer-01-4", after="answer-01-4")["source"] = second
    book.own("lift(X2)", after="answer-01-4")
    book.write("answer-01-4", first)


@arrangement("split within a function", points={"01.5": 0}, report="jupyter/nbgrader#1083")
def split_within(book: Book) -> None:
    """The cursor was in a function's body: the second half is no Python."""
    head, rest = book.text("answer-01-5").rsplit("\n", 1)
    book.copy("answer-01-5", after="answer-01-5")["source"] = rest
    book.write("answer-01-5", head)


@arrangement("merged with its check", remark="01.1")
def merged_check(book: Book) -> None:
    """Merge Cell Below: the check is in the answer cell."""
    book.write("answer-01-1", book.text("answer-01-1"), 'check("01.1")')
    book.delete("check-01-1")


@arrangement("merged with the next answer", remark="01.2")
def merged_answers(book: Book) -> None:
    """The answers to two tasks are in the first one's cell."""
    book.write("answer-01-1", book.text("answer-01-1"), book.text("answer-01-2"))
    book.delete("answer-01-2")


@arrangement("merged with the text above", points={"01.1": 0}, silent=("01.1",), remark="01.1")
def merged_text(book: Book) -> None:
    """Task, answer and check have become one Markdown cell."""
    ids = ("task-01-1", "answer-01-1", "check-01-1")
    book.write("task-01-1", *map(book.text, ids))
    book.delete(*ids[1:])


@arrangement("all code in one cell", remark=True)
def one_cell(book: Book) -> None:
    """All code cells are merged, checks too."""
    text = "\n\n\n".join(cell["source"] for cell in book.code)
    for cell in book.code:
        book.cells.remove(cell)
    book.own(text)


@arrangement("all answers at the top, stubs deleted", remark=True)
def all_at_top(book: Book) -> None:
    """One cell of the student's own holds all answers."""
    book.own("\n\n\n".join(cell["source"] for cell in book.answers()), after="setup")
    book.delete(*(cell["id"] for cell in book.answers()))


@arrangement("all answers at the top, stubs left", check=0, remark=True)
def all_at_top_stubs(book: Book) -> None:
    """The same, and the stubs below take the names again."""
    book.own("\n\n\n".join(cell["source"] for cell in book.answers()), after="setup")
    untouched(book)


@arrangement(
    "copied, the copy below is worse",
    check={"01.1": 0},
    remark="01.1",
    report="jupyter/nbgrader#1083",
)
def copy_worse(book: Book) -> None:
    """The copy was for an experiment."""
    book.copy("answer-01-1", after="answer-01-1")["source"] = BROKEN


@arrangement(
    "copied, the copy below is right", remark="01.1", report="TU-Wien-dataLAB/grader-service#51"
)
def copy_right(book: Book) -> None:
    """The first attempt was kept, and its copy mended."""
    copy = book.copy("answer-01-1", after="answer-01-1")
    book.write("answer-01-1", BROKEN)
    assert copy["source"] != BROKEN


@arrangement("copied, one id", remark="01.1", report="vscodenpa/testissues#12939")
def copy_same_id(book: Book) -> None:
    """The same in VS Code, where a copy has its original's id."""
    book.copy("answer-01-1", after="answer-01-1", same_id=True)
    book.write("answer-01-1", BROKEN)


@arrangement(
    "copied, the copy above is right",
    check={"01.1": 0},
    remark="01.1",
    report="jupyterlab/jupyterlab#564",
)
def copy_above(book: Book) -> None:
    """The copy was pasted above; the original below it is a first attempt."""
    book.copy("answer-01-1", before="answer-01-1")
    book.write("answer-01-1", BROKEN)


@arrangement("copied, the original is the stub, above", check={"01.1": 0}, remark="01.1")
def copy_above_stub(book: Book) -> None:
    """The stub, kept for reference, takes the name again."""
    book.copy("answer-01-1", before="answer-01-1")
    book.write("answer-01-1", book.stub("answer-01-1"))


@arrangement("copied, the original is the stub, below", remark="01.1")
def copy_below_stub(book: Book) -> None:
    """The stub was kept for reference, and the copy filled in."""
    book.copy("answer-01-1", after="answer-01-1")
    book.write("answer-01-1", book.stub("answer-01-1"))


@arrangement("copied, nothing edited", remark="01.1", report="jupyter/nbgrader#108")
def copy_equal(book: Book) -> None:
    """Two cells with one text."""
    book.copy("answer-01-1", after="answer-01-1")


@arrangement("copied as the next task's cell", remark="01.2", report="jupyter/nbgrader#1331")
def copy_as_next(book: Book) -> None:
    """The answer to 01.2 is written into a copy of the first answer cell; its own is a stub."""
    book.copy("answer-01-1", after="answer-01-2")["source"] = book.text("answer-01-2")
    book.write("answer-01-2", book.stub("answer-01-2"))


@arrangement("answers to two tasks exchanged", check={"01.1": 0}, remark="01.1")
def exchanged(book: Book) -> None:
    """Each of two answers is in the other's cell."""
    first, second = book.text("answer-01-1"), book.text("answer-01-2")
    book.write("answer-01-1", second)
    book.write("answer-01-2", first)
