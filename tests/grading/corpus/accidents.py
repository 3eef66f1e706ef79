"""What cells of the student's own do to the rest: errors, loops, exits, deleted and bound names."""

from .book import Book, tasks_of
from .register import arrangement

BROKEN = "def neuron(x, w, w0):\n    return x @ w - w0"


@arrangement("own cell: without end", report="ucbds-infra/otter-grader#469")
def endless(book: Book) -> None:
    """A loop that never ends."""
    book.own("i = 0\nwhile i < 10:\n    pass", after="answer-01-2")


@arrangement("own cell: an exception")
def exception(book: Book) -> None:
    """An error in an experiment."""
    book.own("neuron(X2, np.ones(3), 0.5)", after="answer-01-1")


@arrangement("own cell: a failing assert")
def failing_assert(book: Book) -> None:
    """A test of the student's own that is itself wrong."""
    test = "assert (neuron(X2, np.array([1.0, 1.0]), 0.5) == np.array([0, 0, 0, 1])).all()"
    book.own(test, after="answer-01-1")


@arrangement("own cell: no Python")
def no_python(book: Book) -> None:
    """Notes in a code cell."""
    book.own("TODO: ask about the threshold, is it > or >= ?", after="answer-01-1")


@arrangement("own cell: input", report="jupyter/nbgrader#1844")
def asks(book: Book) -> None:
    """A cell asks for input."""
    book.own('w0 = float(input("threshold: "))\nprint(w0)', after="answer-01-1")


@arrangement("own cell: sys.exit")
def sys_exit(book: Book) -> None:
    """A cell stops what comes after it, as in a script."""
    book.own("import sys\n\nsys.exit()", after="answer-01-2")


@arrangement("own cell: no output")
def no_output(book: Book) -> None:
    """A cell takes away what is printed to, and does not give it back."""
    book.own("import sys\n\nsys.stdout = None\nsys.stderr.close()", after="check-01-2")


@arrangement("own cell: another environment and folder")
def no_environment(book: Book) -> None:
    """A cell clears the environment, goes to a folder and removes it."""
    source = "import os, tempfile\n\nos.environ.clear()\nfolder = tempfile.mkdtemp()\n"
    book.own(f"{source}os.chdir(folder)\nos.rmdir(folder)", after="check-01-2")


LATER = tuple(tasks_of("01"))[2:]


@arrangement("own cell: no history", silent=LATER)
def no_history(book: Book) -> None:
    """A cell takes from IPython what it needs to run the next one."""
    book.own("get_ipython().history_manager = None", after="check-01-2")


@arrangement("own cell: exit", silent=LATER)
def kernel_exit(book: Book) -> None:
    """A cell ends the kernel."""
    book.own("exit()", after="check-01-2")


@arrangement("own cell: os._exit", silent=LATER, report="sagemathinc/cocalc#4951")
def process_exit(book: Book) -> None:
    """A cell ends the kernel's process at once."""
    book.own("import os\n\nos._exit(1)", after="check-01-2")


@arrangement("own cell: reset", silent=LATER)
def reset(book: Book) -> None:
    """A cell deletes all names, those of the course too."""
    book.own("%reset -f", after="check-01-2")


@arrangement("own cell: await")
def awaits(book: Book) -> None:
    """A cell waits at its top level, which a notebook allows."""
    book.own("import asyncio\n\nawait asyncio.sleep(0.01)\nhalf = 0.5", before="answer-01-6")


@arrangement("own cell: an answer needs an await", remark="01.6")
def needs_await(book: Book) -> None:
    """The same, and an answer uses what came of it."""
    awaits(book)
    book.write("answer-01-6", book.text("answer-01-6").replace("w, 0.5", "w, half"))


@arrangement("own cell: thousands of lines", report="ipython/ipython#6516")
def prints(book: Book) -> None:
    """A cell prints a great deal."""
    book.own('for i in range(20_000):\n    print("x" * 80)', after="answer-01-1")


@arrangement("name deleted before the check", check={"01.1": 0})
def deleted_before(book: Book) -> None:
    """The answer's name is deleted before its check."""
    book.own("del neuron", after="answer-01-1")


@arrangement("name deleted after the check")
def deleted_after(book: Book) -> None:
    """The student tidies up."""
    book.own("del neuron, gate_weights")


@arrangement("name bound to a result before the check", check={"01.1": 0})
def bound_before(book: Book) -> None:
    """A result gets the function's name."""
    book.own("neuron = neuron(X2, np.array([1.0, 1.0]), 0.5)\nneuron", after="answer-01-1")


@arrangement(
    "name bound to a result, checked again",
    check={"01.4": 2},
    report="ucbds-infra/otter-grader#793",
)
def bound_after(book: Book) -> None:
    """The same after the check, which is then repeated at the end."""
    book.own("lift = lift(X2)\nlift", after="check-01-4")
    book.own('check("01.4")')


@arrangement("builtin's name bound", exercise="03", check={"03.2": 1})
def builtin_bound(book: Book) -> None:
    """An experiment leaves a number where the answer to 03.2 needs the function sum."""
    book.own("sum = 0\nfor width in [2, 3, 1]:\n    sum = sum + width\nsum", before="answer-03-2")


@arrangement(
    "setup's name bound in an own cell", exercise="05", check={"05.2": 0, "05.3": 2, "05.4": 0}
)
def setup_name_bound(book: Book) -> None:
    """An experiment takes a name of the setup."""
    book.own('ACTIVATIONS = ["relu", "softplus"]', before="answer-05-2")


@arrangement("X2 changed in place")
def changed_in_place(book: Book) -> None:
    """An experiment changes an array of the setup."""
    book.own("X2 *= 2\nX2 -= 1\nX2", after="setup")


@arrangement("redefined before the check, worse", check={"01.1": 0}, remark="01.1")
def redefined_worse(book: Book) -> None:
    """An experiment below the answer defines the function again, without the bracket."""
    book.own(BROKEN, after="answer-01-1")


@arrangement("redefined before the check, better", remark="01.1")
def redefined_better(book: Book) -> None:
    """The answer cell holds a first attempt, a cell below it the right one."""
    book.own(book.text("answer-01-1"), after="answer-01-1")
    book.write("answer-01-1", BROKEN)


@arrangement("redefined after the check, worse", remark="01.1")
def redefined_worse_later(book: Book) -> None:
    """The student goes on playing below the check."""
    book.own(BROKEN, after="check-01-1")


@arrangement("redefined after the check, better", check={"01.1": 0}, remark="01.1")
def redefined_better_later(book: Book) -> None:
    """The right version is below the check, which was not moved."""
    book.own(book.text("answer-01-1"), after="check-01-1")
    book.write("answer-01-1", BROKEN)


@arrangement("redefined after the check, checked again", remark="01.1")
def redefined_checked(book: Book) -> None:
    """The right version and a check of its own are at the end."""
    book.own(book.text("answer-01-1"))
    book.own('check("01.1")')
    book.write("answer-01-1", BROKEN)


@arrangement("many attempts, each checked", remark="01.1")
def attempts(book: Book) -> None:
    """All attempts are kept, in cells of their own; the last is right, with a helper's help."""
    wrong = "def neuron(x, w, w0):\n    return x @ w  # attempt {}"
    for number in range(12):
        book.own(wrong.format(number), before="answer-01-2")
        book.own('check("01.1")', before="answer-01-2")
    right = book.text("answer-01-1")
    book.write("answer-01-1", wrong.format("without end"))
    book.own("def fires(s):\n    return (s > 0).astype(int)", before="answer-01-2")
    book.own(right, before="answer-01-2")
    book.own('check("01.1")', before="answer-01-2")
