"""How an answer is defined and spelt: names, signs, indents, other kinds of callables."""

from .accidents import BROKEN
from .book import Book
from .register import arrangement


@arrangement("lambda", remark=False)
def anonymous(book: Book) -> None:
    """The function is a lambda expression."""
    book.write("answer-01-1", "neuron = lambda x, w, w0: (x @ w > w0).astype(int)")


@arrangement("an object that can be called", remark=False)
def callable_object(book: Book) -> None:
    """The function is an instance of a class."""
    made = (
        "class Neuron:\n    def __call__(self, x, w, w0):\n        return (x @ w > w0).astype(int)"
    )
    book.write("answer-01-1", made, "neuron = Neuron()")


@arrangement("a function made elsewhere", remark="01.1")
def alias(book: Book) -> None:
    """The answer is an assignment; what it assigns is in a cell of the student's own."""
    book.own(book.text("answer-01-1").replace("neuron", "my_neuron"), before="answer-01-1")
    book.write("answer-01-1", "neuron = my_neuron")


@arrangement("name misspelt", points={"01.1": 0}, says={"01.1": "neurone"})
def misspelt(book: Book) -> None:
    """The function has a letter too many."""
    book.write("answer-01-1", book.text("answer-01-1").replace("neuron(", "neurone("))


@arrangement("name with a capital", points={"01.1": 0}, says={"01.1": "Neuron"})
def capital(book: Book) -> None:
    """The function's name starts with a capital."""
    book.write("answer-01-1", book.text("answer-01-1").replace("neuron(", "Neuron("))


@arrangement("async def", points={"01.1": 0})
def asynchronous(book: Book) -> None:
    """The function returns a coroutine."""
    book.write("answer-01-1", "async " + book.text("answer-01-1"))


@arrangement("no Python", points={"01.1": 0}, remark=False)
def syntax_error(book: Book) -> None:
    """A bracket is missing: it costs one task."""
    book.write("answer-01-1", book.text("answer-01-1").replace("(int)", "(int"))


@arrangement("two versions in one cell", points={"01.1": 0}, remark=False)
def two_in_one(book: Book) -> None:
    """A right version is followed by a wrong one in the same cell, which is plain."""
    book.write("answer-01-1", book.text("answer-01-1"), BROKEN)


@arrangement(
    "asks for an error still", points={"01.1": 0}, remark=False, report="jupyter/nbgrader#1154"
)
def not_implemented(book: Book) -> None:
    """The line that the stub holds was left above the answer."""
    text = book.text("answer-01-1").replace(
        "    return", "    # YOUR CODE HERE\n    raise NotImplementedError\n    return"
    )
    book.write("answer-01-1", text)


@arrangement("asks for an error below", remark=False, report="jupyter/nbgrader#1154")
def not_implemented_below(book: Book) -> None:
    """The line was left below the answer, where nothing reaches it."""
    book.write("answer-01-1", book.text("answer-01-1") + "\n    raise NotImplementedError")


@arrangement("names in Russian and Greek", remark=False)
def letters(book: Book) -> None:
    """Names and texts that are not ASCII, and a letter that is spelt in two ways."""
    body = "    сумма = x @ w - w0  # Σ wᵢxᵢ − w₀\n    θ = 0.0\n    return (сумма > θ).astype(int)"
    book.write("answer-01-1", 'def neuron(x, w, w0):\n    """Нейрон: ﬁre 🧠."""\n' + body)


@arrangement("tabs", remark=False)
def tabs(book: Book) -> None:
    """Lines are indented with tabs."""
    book.write("answer-01-1", book.text("answer-01-1").replace("    ", "\t"))


@arrangement("tabs and spaces", points={"01.2": 0}, remark=False)
def tabs_and_spaces(book: Book) -> None:
    """One line is indented with a tab, the others with spaces."""
    text = book.text("answer-01-2").replace("    return", "\treturn")
    book.write("answer-01-2", text)


@arrangement("spaces that are none", points={"01.1": 0}, remark=False)
def no_break_spaces(book: Book) -> None:
    """Code from a web page has no-break spaces, which Python refuses."""
    text = book.text("answer-01-1").replace("    return", "\u00a0\u00a0\u00a0\u00a0return")
    book.write("answer-01-1", text)


@arrangement("form feed and other breaks", remark=False, report="datalayer/jupyter-mcp-server#436")
def line_breaks(book: Book) -> None:
    """Characters that end a line for some editors, and for Python do not."""
    text = book.text("answer-01-1").replace(
        "    return", '    note = "a\u2028b\u0085c"\n    return'
    )
    book.write("answer-01-1", "\f\n" + text)
