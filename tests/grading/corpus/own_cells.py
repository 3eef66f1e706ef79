"""Cells of the student's own: helpers, imports, constants, experiments and accidents in them."""

from .book import Book
from .register import arrangement

STEP = "def step(z):\n    return (z > 0).astype(int)"
USES_STEP = "def neuron(x, w, w0):\n    return step(x @ w - w0)"
SEARCH = """\
def search_line(x, t, values):
    best = None
    for w1, w2, w0 in itertools.product(values, repeat=3):
        errors = int(np.sum((x @ np.array([w1, w2]) - w0 > 0) != t))
        if best is None or errors < best[0]:
            best = errors, np.array([w1, w2]), float(w0)
    return best
"""


@arrangement("helper above the answer", remark="01.1", report="sagemathinc/cocalc#4916")
def helper_above(book: Book) -> None:
    """A helper function in a cell of the student's own, above the answer cell."""
    book.own(STEP, before="answer-01-1")
    book.write("answer-01-1", USES_STEP)


@arrangement("helper below the answer", remark="01.1", report="sagemathinc/cocalc#4916")
def helper_below(book: Book) -> None:
    """The same between the answer cell and its check."""
    book.own(STEP, after="answer-01-1")
    book.write("answer-01-1", USES_STEP)


@arrangement("helper below the check", points={"01.1": 0}, report="cambridgeltl/python4cl#19")
def helper_below_check(book: Book) -> None:
    """The helper comes last; it worked because its cell had been run before the others."""
    book.own(STEP)
    book.write("answer-01-1", USES_STEP)


@arrangement("helper missing", points={"01.1": 0}, says={"01.1": "step"})
def helper_missing(book: Book) -> None:
    """The helper's cell was deleted; the kernel still had it, the file has not."""
    book.write("answer-01-1", USES_STEP)


@arrangement("import missing", points={"01.3": 0}, says={"01.3": "itertools"})
def import_missing(book: Book) -> None:
    """The import's cell was deleted."""
    book.write("answer-01-3", SEARCH)


@arrangement("import in a cell of its own", remark="01.3", report="sagemathinc/cocalc#4916")
def import_own(book: Book) -> None:
    """An import above the answer cell, as PEP 8 would have it."""
    book.own("import itertools", before="answer-01-3")
    book.write("answer-01-3", SEARCH)


@arrangement("import in the setup cell", remark="01.3", report="jupyter/nbgrader#500")
def import_setup(book: Book) -> None:
    """An import beside the course's own; hint 1 of 01.3 suggests itertools."""
    book.write("setup", "import itertools\n" + book.text("setup"))
    book.write("answer-01-3", SEARCH)


@arrangement("import beside the import of check", remark="01.3", report="jupyter/nbgrader#500")
def import_check(book: Book) -> None:
    """An import in the first code cell."""
    book.write("import-check", book.text("import-check") + "\nimport itertools")
    book.write("answer-01-3", SEARCH)


@arrangement("star import above", remark="01.3")
def star_import(book: Book) -> None:
    """Everything of a library, imported at the top of the notebook."""
    book.own("from itertools import *\nfrom math import *", after="setup")
    book.write("answer-01-3", SEARCH.replace("itertools.", ""))


@arrangement("constant above the answer", remark="01.6", report="ucbds-infra/otter-grader#141")
def constant_above(book: Book) -> None:
    """A constant in a cell of the student's own."""
    book.own("HALF = 0.5", before="answer-01-6")
    book.write("answer-01-6", book.text("answer-01-6").replace("w, 0.5", "w, HALF"))


@arrangement("decorator above the answer", remark="01.1")
def decorator_above(book: Book) -> None:
    """A decorator in a cell of the student's own: the answer's cell fails without it."""
    timed = """
import functools
import time


def timed(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        result = function(*args, **kwargs)
        print(function.__name__, time.perf_counter() - start)
        return result

    return wrapper
"""
    book.own(timed, before="answer-01-1")
    book.write("answer-01-1", "@timed\n" + book.text("answer-01-1"))


@arrangement("class split over two cells", remark="01.1")
def class_in_two_cells(book: Book) -> None:
    """A class in one cell, a method added to it in the next, and an answer that uses it."""
    made = "class Neuron:\n    def __init__(self, w, w0):\n        self.w, self.w0 = w, w0"
    method = "def fire(self, x):\n    return (x @ self.w > self.w0).astype(int)"
    book.own(made, before="answer-01-1")
    book.own(method + "\n\nNeuron.fire = fire", before="answer-01-1")
    book.write("answer-01-1", "def neuron(x, w, w0):\n    return Neuron(w, w0).fire(x)")


@arrangement("chain of own cells", remark="01.1")
def chain(book: Book) -> None:
    """An import, a constant and a helper in three cells, each of which needs the one before."""
    book.own("import operator", before="answer-01-1")
    book.own("greater = operator.gt", before="answer-01-1")
    book.own("def step(z):\n    return greater(z, 0).astype(int)", before="answer-01-1")
    book.write("answer-01-1", USES_STEP)


@arrangement("helper that uses an earlier answer", remark="01.5")
def helper_uses_answer(book: Book) -> None:
    """A helper calls the answer to 01.1, the answer to 01.5 calls the helper."""
    layer = (
        "def layer(x, V, v0):\n"
        "    return np.column_stack([neuron(x, v, t) for v, t in zip(V.T, v0)])"
    )
    book.own(layer, before="answer-01-5")
    answer = "def two_layers(x, V, v0, w, w0):\n    return neuron(layer(x, V, v0), w, w0)"
    book.write("answer-01-5", answer)


@arrangement("one helper's name twice", remark="01.5")
def helper_twice(book: Book) -> None:
    """Two tasks have helpers of one name; what counts is the one that is above."""
    helper_above(book)
    book.own("def step(x, w, w0):\n    return (x @ w > w0).astype(int)", before="answer-01-5")
    answer = "def two_layers(x, V, v0, w, w0):\n    return step(step(x, V, v0), w, w0)"
    book.write("answer-01-5", answer)


@arrangement("helper in another exercise", exercise="06", remark="06.7")
def helper_06(book: Book) -> None:
    """A helper for the seventh of seven tasks."""
    text = book.text("answer-06-7").replace("np.linalg.norm", "size_of")
    book.own("def size_of(a):\n    return np.sqrt(np.sum(a**2))", before="answer-06-7")
    book.write("answer-06-7", text)


@arrangement("helper in a file that was written", remark="01.1", report="jupyter/nbgrader#1876")
def helper_file(book: Book) -> None:
    """A cell writes a module beside the notebook, the next imports it."""
    book.own(f"%%writefile my_helpers.py\nimport numpy as np\n\n\n{STEP}", before="answer-01-1")
    book.own("from my_helpers import step", before="answer-01-1")
    book.write("answer-01-1", USES_STEP)


@arrangement(
    "helper in a file that is not here",
    points={"01.1": 0},
    says={"01.1": "my_other_helpers"},
    report="jupyter/nbgrader#1876",
)
def helper_file_missing(book: Book) -> None:
    """The answer imports a module that lies on the student's disk."""
    book.write("answer-01-1", "from my_other_helpers import step\n\n\n" + USES_STEP)


@arrangement("own cell: an earlier answer is used", remark=False)
def earlier_answer(book: Book) -> None:
    """The answer to 01.5 calls the answer to 01.1."""
    answer = (
        "def two_layers(x, V, v0, w, w0):\n"
        "    h = np.column_stack([neuron(x, V[:, k], v0[k]) for k in range(len(v0))])\n"
        "    return neuron(h, w, w0)"
    )
    book.write("answer-01-5", answer)


@arrangement("own cell: a later answer is used", points={"01.1": 0})
def later_answer(book: Book) -> None:
    """The answer to 01.1 calls the answer to 01.5, which is not there yet."""
    answer = (
        "def neuron(x, w, w0):\n"
        "    return two_layers(x, w[:, None], np.array([w0]), np.ones(1), 0.5)"
    )
    book.write("answer-01-1", answer)


# The explanation, which nothing judges


@arrangement("explanation written, with code in it", remark=False)
def explained(book: Book) -> None:
    """Code in the text is not an answer."""
    book.write(
        "explanation-01", "My neuron:", "```python\ndef neuron(x, w, w0):\n    return 0\n```"
    )


@arrangement("explanation deleted", remark=True)
def explanation_deleted(book: Book) -> None:
    """All three cells of the question are gone."""
    book.delete("question-01", "explanation-01", "model-answer-01")


@arrangement("explanation in a code cell", remark=True)
def explanation_in_code(book: Book) -> None:
    """The text is no Python, so the cell fails."""
    book.write("explanation-01", "The score isn't positive: def and class mean nothing here.")
    book.cell("explanation-01").update(cell_type="code", execution_count=None, outputs=[])


@arrangement("explanation split and moved to the top", remark=True)
def explanation_split(book: Book) -> None:
    """Both parts have the cell's metadata."""
    book.write("explanation-01", "One half.")
    book.copy("explanation-01", before="title")["source"] = "def neuron: the other half."
    book.move("explanation-01", before="title")
