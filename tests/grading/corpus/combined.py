"""Two oddities at once: an answer that needs another cell, and a cell that gets in the way."""

from .accidents import awaits, endless, kernel_exit, process_exit, reset, sys_exit
from .answer_cells import copy_worse, split_copied
from .book import Book, tasks_of
from .editors import both_lost, colab, metadata_lost
from .moved import below_stub, setup_deleted
from .own_cells import helper_above, helper_below
from .register import arrangement

LATER = tuple(tasks_of("01"))[2:]


@arrangement("helper, and a loop without end", remark="01.1")
def helper_and_loop(book: Book) -> None:
    """Another own cell never ends."""
    helper_above(book)
    endless(book)


@arrangement("helper below a loop without end", remark="01.1")
def helper_below_loop(book: Book) -> None:
    """The cell that never ends comes first."""
    helper_above(book)
    book.own("while True:\n    pass", after="setup")


@arrangement("helper, and sys.exit", remark="01.1")
def helper_and_exit(book: Book) -> None:
    """Another own cell stops as a script would."""
    helper_above(book)
    sys_exit(book)


@arrangement("helper, and an input", remark="01.1", report="jupyter/nbgrader#1844")
def helper_and_input(book: Book) -> None:
    """A cell above asks for input."""
    helper_above(book)
    book.own('name = input("Who are you? ")', after="setup")


@arrangement("helper, and exit", silent=LATER, remark="01.1")
def helper_and_kernel_exit(book: Book) -> None:
    """A cell below ends the kernel; the check was above it."""
    helper_above(book)
    kernel_exit(book)


@arrangement("helper, and os._exit", silent=LATER, remark="01.1", report="sagemathinc/cocalc#4951")
def helper_and_process_exit(book: Book) -> None:
    """A cell below ends the process, which restarts a kernel in Colab."""
    helper_above(book)
    process_exit(book)


@arrangement("helper, and reset", silent=LATER, remark="01.1")
def helper_and_reset(book: Book) -> None:
    """A cell below deletes all names."""
    helper_above(book)
    reset(book)


@arrangement("helper, plots and magics", remark="01.1", report="jupyter/nbgrader#1070")
def helper_and_magics(book: Book) -> None:
    """The cells that many notebooks start with, and a picture in the helper's cell."""
    helper_above(book)
    plot = "plt.plot(step(np.linspace(-1, 1)))\nplt.title('step')\nplt.show()"
    book.own(plot, before="answer-01-1")
    lines = "%matplotlib inline\nimport matplotlib.pyplot as plt\n!echo ready\ndisplay(X3)"
    book.own(lines, after="setup")


@arrangement("helper, and a library that is missing", remark="01.1", report="jupyter/nbgrader#1295")
def helper_and_seaborn(book: Book) -> None:
    """A cell above imports what the student's environment has not."""
    helper_above(book)
    book.own("import seaborn as sns\n\nsns.set_theme()", after="setup")


@arrangement("helper, and await", remark="01.1")
def helper_and_await(book: Book) -> None:
    """Another own cell waits at its top level."""
    helper_above(book)
    awaits(book)


@arrangement("helper, and the setup deleted", check={"01.2": 0, "01.3": 0, "01.4": 0, "01.6": 0})
def helper_and_no_setup(book: Book) -> None:
    """The helper needs no NumPy, other answers do."""
    helper_above(book)
    setup_deleted(book)


@arrangement("helper, ids and metadata lost", remark=True, report="luk400/vim-jukit#121")
def helper_and_no_ids(book: Book) -> None:
    """Which cells are the student's own, only the checks below them tell."""
    helper_above(book)
    both_lost(book)


@arrangement("helper below, in Colab, metadata lost", remark=True, report="jupyter/nbgrader#1273")
def helper_in_colab(book: Book) -> None:
    """The same with the helper between answer and check, in Colab's format."""
    helper_below(book)
    metadata_lost(book)
    colab(book)


@arrangement("written below the stub, metadata lost", remark="01.3")
def below_stub_bare(book: Book) -> None:
    """Stub and answer are cells of one kind; the ids are there."""
    below_stub(book)
    metadata_lost(book)


@arrangement(
    "split, and a helper between the halves", remark="01.4", report="jupyter/nbgrader#1083"
)
def split_and_helper(book: Book) -> None:
    """The second half needs a helper that is between the two."""
    split_copied(book)
    second = next(cell for cell in book.cells if "def equal_plane" in cell["source"])
    second["source"] = second["source"].replace("np.array([-1.0", "made([-1.0")
    book.own("def made(numbers):\n    return np.array(numbers)", before=second["id"])


@arrangement("helper, and a worse copy below", check={"01.1": 0}, remark="01.1")
def helper_and_copy(book: Book) -> None:
    """The better version needs the helper."""
    helper_above(book)
    copy_worse(book)
