"""What people write into an answer cell beside the answer: displays, plots, magics, tests."""

from .book import Book
from .register import arrangement


def first(book: Book, *lines: str) -> None:
    """Put lines above the answer to 01.1."""
    book.write("answer-01-1", "\n".join(lines), book.text("answer-01-1"))


def last(book: Book, *lines: str) -> None:
    """Put lines below the answer to 01.1."""
    book.write("answer-01-1", book.text("answer-01-1"), "\n".join(lines))


@arrangement("display", remark=True, report="ucbds-infra/otter-grader#35")
def displays(book: Book) -> None:
    """A look at the inputs, which only a notebook's display allows."""
    first(book, "display(X2)")


@arrangement("display in the function", report="ucbds-infra/otter-grader#35")
def displays_within(book: Book) -> None:
    """A look at each input."""
    book.write("answer-01-1", book.text("answer-01-1").replace("return", "display(x); return"))


@arrangement("import of pyplot", remark=True)
def pyplot(book: Book) -> None:
    """An import that nothing needs."""
    first(book, "import matplotlib.pyplot as plt")


@arrangement("plot", report="jupyter/nbgrader#1070")
def plot(book: Book) -> None:
    """A picture below the answer."""
    last(
        book,
        "import matplotlib.pyplot as plt",
        "fig, ax = plt.subplots()",
        "ax.scatter(X2[:, 0], X2[:, 1], c=neuron(X2, np.array([1.0, 1.0]), 0.5))",
        "plt.show()",
    )


@arrangement("matplotlib inline", report="jupyter/nbgrader#1070")
def inline(book: Book) -> None:
    """The line that many notebooks start with."""
    first(book, "%matplotlib inline", "import matplotlib.pyplot as plt")


@arrangement("line magics", report="ucbds-infra/otter-grader#604")
def magics(book: Book) -> None:
    """Commands of the notebook around the answer."""
    first(book, "%load_ext autoreload", "%autoreload 2")
    last(book, "%timeit -n 1 -r 1 neuron(X2, np.array([1.0, 1.0]), 0.5)", "%who_ls")


@arrangement("cell magic: time", report="ucbds-infra/otter-grader#756")
def time_magic(book: Book) -> None:
    """The whole cell is timed."""
    book.write("answer-01-1", "%%time\n" + book.text("answer-01-1"))


@arrangement("check called by the answer")
def nested(book: Book) -> None:
    """The check's line was indented by accident, so that each call of the answer checks it."""
    text = book.text("answer-01-1").replace("    return", '    check("01.1")\n    return')
    book.write("answer-01-1", text)


@arrangement("pip", report="sagemathinc/cocalc#6137")
def pip(book: Book) -> None:
    """Commands of the system."""
    first(book, "!echo pip install numpy", "%pip --version")


@arrangement("a shell's output assigned")
def shell(book: Book) -> None:
    """A command's output gets a name, which nothing needs."""
    first(book, "files = !ls")


@arrangement("question mark", report="jupyter/nbgrader#1372")
def question(book: Book) -> None:
    """Help on a function."""
    first(book, "np.heaviside?")
    last(book, "neuron??")


@arrangement(
    "a library that is missing",
    points={"01.1": 0},
    says={"01.1": "seaborn"},
    report="jupyter/nbgrader#1295",
)
def seaborn(book: Book) -> None:
    """The first line stops the cell: the student's environment has no such library."""
    first(book, "import seaborn as sns")


@arrangement("a library that is missing, below", report="ucbds-infra/otter-grader#906")
def seaborn_below(book: Book) -> None:
    """The cell stops after the answer is there."""
    last(book, "import seaborn as sns", "sns.set_theme()")


@arrangement("a library that is refused")
def refused(book: Book) -> None:
    """An import that nothing uses: the check finds nothing to refuse."""
    first(book, "from coursekit.nn import Dense")


@arrangement("a library that is refused, used", points={"01.1": 0}, says={"01.1": "coursekit"})
def refused_used(book: Book) -> None:
    """An answer must not use the course's models."""
    text = book.text("answer-01-1").replace("    return", "    nn.Dense\n    return")
    book.write("answer-01-1", "import coursekit.nn as nn", text)


@arrangement("a library that is refused, in an own cell", points={"01.1": 0})
def refused_own(book: Book) -> None:
    """The same by way of a helper."""
    helper = (
        "import coursekit.nn as nn\n\ndef step(z):\n    nn.Dense\n    return (z > 0).astype(int)"
    )
    book.own(helper, before="answer-01-1")
    book.write("answer-01-1", "def neuron(x, w, w0):\n    return step(x @ w - w0)")


@arrangement("prints", report="jupyter/nbgrader#1210", remark=False)
def prints(book: Book) -> None:
    """Prints for debugging, in the function and below it."""
    text = book.text("answer-01-1").replace("    return", "    print(x.shape, w)\n    return")
    book.write("answer-01-1", text, "print(neuron(X2, np.array([1.0, 1.0]), 0.5))")


@arrangement("input below", report="jupyter/nbgrader#1844")
def asks(book: Book) -> None:
    """The cell stops at an input when the answer is there."""
    last(book, 'w0 = float(input("threshold: "))', "print(neuron(X2, np.ones(2), w0))")


@arrangement("input above", points={"01.1": 0}, report="jupyter/nbgrader#1844")
def asks_first(book: Book) -> None:
    """The cell stops at an input before the answer is there."""
    first(book, 'name = input("name: ")')


@arrangement("exception below")
def fails_below(book: Book) -> None:
    """An experiment fails when the answer is there."""
    last(book, "neuron(X2, np.ones(3), 0.5)")


@arrangement("exception above", points={"01.1": 0})
def fails_above(book: Book) -> None:
    """An experiment fails before the answer is there."""
    first(book, "np.ones(3) @ np.ones(2)")


@arrangement("asserts for a script", remark=False)
def main(book: Book) -> None:
    """Tests as in a script; names that are bound there are needed, too."""
    text = book.text("answer-01-6").replace("w, 0.5", "w, HALF")
    below = 'if __name__ == "__main__":\n    HALF = 0.5\n    assert len(parity_weights()) == 4'
    book.write("answer-01-6", text, below)


@arrangement("type hints", remark=False)
def hints(book: Book) -> None:
    """Annotations, and the imports for them."""
    head = "def neuron(x: Array, w: Array, w0: Optional[float] = None) -> Array:"
    text = book.text("answer-01-1").replace("def neuron(x, w, w0):", head)
    imports = "from typing import Optional\n\nimport numpy.typing as npt"
    book.write("answer-01-1", imports, "Array = npt.NDArray[np.float64]", text)


@arrangement("future annotations", report="marimo-team/marimo#4002", remark=False)
def future(book: Book) -> None:
    """A future statement, and an annotation that only works with it."""
    text = book.text("answer-01-1").replace("w0):", "w0: Threshold):")
    book.write("answer-01-1", "from __future__ import annotations", text)
