"""Cells that were moved, deleted, retyped or written elsewhere: answers, checks and setup."""

from .book import Book, tasks_of
from .register import arrangement


@arrangement("moved to the end with its check")
def moved_both(book: Book) -> None:
    """A task was done last."""
    book.move("answer-01-1")
    book.move("check-01-1")


@arrangement("moved to the end without its check", check={"01.1": 0})
def moved_answer(book: Book) -> None:
    """The answer is below everything, its check where it was."""
    book.move("answer-01-1")


@arrangement("moved to the top")
def moved_top(book: Book) -> None:
    """The answer is above the setup."""
    book.move("answer-01-2", before="title")


@arrangement("moved to the top, where it cannot run", exercise="03", check={"03.6": 2})
def moved_top_broken(book: Book) -> None:
    """Above the setup the cell stops at its first line that needs NumPy."""
    band, diamond = book.text("answer-03-6").split("\n\n\n")
    book.write("answer-03-6", band, "CORNERS = np.eye(2)", diamond)
    book.move("answer-03-6", before="title")


@arrangement("deleted and written anew", remark="01.3", report="jupyter/nbgrader#424")
def written_anew(book: Book) -> None:
    """The answer cell was deleted and a new one put in its place."""
    book.own(book.text("answer-01-3"), before="answer-01-3")
    book.delete("answer-01-3")


@arrangement("written below the stub", remark="01.3", report="jupyter/nbgrader#1546")
def below_stub(book: Book) -> None:
    """The answer is in the cell below the answer cell."""
    book.own(book.text("answer-01-3"), after="answer-01-3")
    book.write("answer-01-3", book.stub("answer-01-3"))


@arrangement(
    "written above the stub", check={"01.3": 0}, remark="01.3", report="jupyter/nbgrader#1546"
)
def above_stub(book: Book) -> None:
    """The answer is above the answer cell, whose stub takes the name again."""
    book.own(book.text("answer-01-3"), before="answer-01-3")
    book.write("answer-01-3", book.stub("answer-01-3"))


@arrangement("written below an emptied cell", remark="01.3")
def below_empty(book: Book) -> None:
    """The answer cell was cleared, the cell below it used."""
    book.own(book.text("answer-01-3"), after="answer-01-3")
    book.write("answer-01-3", "")


@arrangement("written at the end, checked there", remark="01.3")
def at_end(book: Book) -> None:
    """The answer and a second check are at the end, the stub where it was."""
    book.own(book.text("answer-01-3"))
    book.own('check("01.3")')
    book.write("answer-01-3", book.stub("answer-01-3"))


@arrangement("answer cell emptied", points={"01.3": 0})
def emptied(book: Book) -> None:
    """Nothing is in the answer cell."""
    book.write("answer-01-3", "")


@arrangement(
    "answer cell deleted",
    points={"01.3": 0},
    remark="01.3",
    report="TU-Wien-dataLAB/grader-service#213",
)
def deleted(book: Book) -> None:
    """The answer cell is gone."""
    book.delete("answer-01-3")


@arrangement("answer in Markdown", points={"01.3": 0}, remark="01.3")
def in_markdown(book: Book) -> None:
    """The answer is in a text cell; the stub is where it was."""
    source = f"My answer:\n\n```python\n{book.text('answer-01-3')}\n```"
    book.own(source, after="answer-01-3", cell_type="markdown")
    book.write("answer-01-3", book.stub("answer-01-3"))


def retype(book: Book, id: str, to: str) -> None:
    """Change a cell's type as the menu does."""
    cell = book.cell(id)
    cell["cell_type"] = to
    for key in ("outputs", "execution_count"):
        cell.pop(key, None)


@arrangement(
    "answer cell made Markdown", points={"01.3": 0}, remark="01.3", report="jupyter/nbgrader#1941"
)
def made_markdown(book: Book) -> None:
    """The key M in command mode: the cell no longer runs."""
    retype(book, "answer-01-3", "markdown")


@arrangement(
    "answer cell made raw",
    points={"01.3": 0},
    remark="01.3",
    report="TU-Wien-dataLAB/grader-service#42",
)
def made_raw(book: Book) -> None:
    """The key R in command mode."""
    retype(book, "answer-01-3", "raw")


@arrangement("answer cell made Markdown and back", report="jupyter/nbgrader#907")
def made_markdown_and_back(book: Book) -> None:
    """The cell is of its type again, but its metadata is gone."""
    book.cell("answer-01-3")["metadata"] = {}


@arrangement("check deleted", silent=("01.2",), report="jupyter/nbgrader#1682")
def check_deleted(book: Book) -> None:
    """One check is gone."""
    book.delete("check-01-2")


@arrangement("all checks deleted", silent=True, report="jupyter/nbgrader#1682")
def checks_deleted(book: Book) -> None:
    """No check is left."""
    book.delete(*(cell["id"] for cell in book.checks()))


@arrangement("check made Markdown", silent=("01.2",), report="jupyter/nbgrader#92")
def check_markdown(book: Book) -> None:
    """A check no longer runs."""
    retype(book, "check-01-2", "markdown")


@arrangement("check changed into no Python", silent=("01.2",), report="jupyter/nbgrader#1372")
def check_broken(book: Book) -> None:
    """A key was hit in a check."""
    book.write("check-01-2", 'check("01.2"')


@arrangement("check of the wrong task", silent=("01.2",))
def check_wrong_task(book: Book) -> None:
    """The check of 01.1 stands below 01.2, too."""
    book.write("check-01-2", 'check("01.1")')


@arrangement("checks above their answers", check=0)
def checks_above(book: Book) -> None:
    """Every check runs before what it checks."""
    for cell in book.checks():
        book.move(cell["id"], before=cell["id"].replace("check", "answer"))


@arrangement("checks twice")
def checks_twice(book: Book) -> None:
    """Copies of a check, one of them above the answer, and one in a cell of its own."""
    book.copy("check-01-2", before="answer-01-2")
    book.copy("check-01-2", after="check-01-2")
    book.own('check("01.2")')


@arrangement("checks in a loop")
def checks_loop(book: Book) -> None:
    """All checks are in one cell at the end."""
    checks_deleted(book)
    book.own(f"for task in {list(tasks_of('01'))}:\n    print(check(task))")


WITHOUT_NUMPY = {task: 0 for task, answer in tasks_of("01").items() if "np." in answer}


@arrangement("setup deleted", check=WITHOUT_NUMPY, remark=True)
def setup_deleted(book: Book) -> None:
    """The setup is gone; half of the answers need NumPy."""
    book.delete("setup")


@arrangement("setup made raw", check=WITHOUT_NUMPY, remark=True, report="jupyter/nbgrader#1941")
def setup_raw(book: Book) -> None:
    """The setup no longer runs."""
    retype(book, "setup", "raw")


@arrangement(
    "setup changed",
    exercise="05",
    check={"05.2": 0, "05.3": 2, "05.4": 0},
    remark=True,
    report="jupyter/nbgrader#131",
)
def setup_changed(book: Book) -> None:
    """A table of the setup was replaced."""
    book.write("setup", book.text("setup"), 'ACTIVATIONS = {"tanh": np.tanh}')


@arrangement("import of check deleted", silent=True)
def import_deleted(book: Book) -> None:
    """No check can run."""
    book.delete("import-check")


@arrangement("texts deleted", remark="The cell for the explanation is missing.")
def texts_deleted(book: Book) -> None:
    """Only code is left; the explanation is gone with the texts."""
    book.notebook["cells"] = book.code


@arrangement("empty cells everywhere", remark=False)
def empty_cells(book: Book) -> None:
    """An empty cell below each code cell."""
    for cell in book.code:
        book.own("", after=cell["id"])
