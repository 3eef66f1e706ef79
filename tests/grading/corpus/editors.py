"""What editors do to ids and metadata: JupyterLab, the classic notebook, VS Code, Colab."""

from .book import Book
from .register import arrangement


@arrangement("metadata lost", report="microsoft/vscode-python#9997")
def metadata_lost(book: Book) -> None:
    """All cells have their ids, and no metadata."""
    for cell in book.cells:
        cell["metadata"] = {}


@arrangement("metadata of another type")
def metadata_odd(book: Book) -> None:
    """A program has put a list where nbgrader has its table, or nothing where metadata are."""
    for cell in book.cells:
        cell["metadata"] = {"nbgrader": ["solution"], "tags": None}


@arrangement("ids new", report="jupyterlab/jupyterlab#11106")
def ids_new(book: Book) -> None:
    """All cells have nbgrader's metadata, and other ids."""
    for number, cell in enumerate(book.cells):
        cell["id"] = f"{0xABCDEF00 + number:08x}"


@arrangement("ids and metadata lost", remark=True, report="luk400/vim-jukit#121")
def both_lost(book: Book) -> None:
    """All cells were made anew."""
    book.forget(*book.cells)


def without_ids(book: Book, minor: int) -> None:
    """The format before cells had ids."""
    for cell in book.cells:
        del cell["id"]
    book.notebook["nbformat_minor"] = minor


@arrangement("format 4.4", report="microsoft/vscode-jupyter#5933")
def old_format(book: Book) -> None:
    """No cell has an id."""
    without_ids(book, 4)


@arrangement("format 4.2, metadata lost", remark=True, report="microsoft/vscode-jupyter#2919")
def old_format_bare(book: Book) -> None:
    """No cell has an id or metadata: VS Code some years ago."""
    metadata_lost(book)
    without_ids(book, 2)


@arrangement("handed out plain", remark=True, report="jupyter/nbgrader#1398")
def handed_out_plain(book: Book) -> None:
    """The teacher handed out a plain notebook, under a heading and with some texts of their own."""
    for cell in book.cells:
        if cell["cell_type"] == "markdown":
            cell["source"] = cell["source"].replace("Task", "Question")
    book.own("# Homework 1, due on Monday", before=book.cells[0]["id"], cell_type="markdown")
    metadata_lost(book)
    without_ids(book, 4)
    book.notebook["metadata"] = {"language_info": {"name": "python"}}


@arrangement("some ids empty", report="jsboige/CoursIA#6254")
def ids_empty(book: Book) -> None:
    """Every other cell has an empty id, and no metadata is left of the others."""
    for cell in book.cells[::2]:
        cell["id"] = ""
    for cell in book.cells[1::2]:
        cell["metadata"] = {}


def colab(book: Book) -> None:
    """Colab's own metadata; its code cells lack what the format demands."""
    without_ids(book, 0)
    book.notebook["metadata"] = {
        "colab": {"name": "Copy of exercise.ipynb", "provenance": [], "toc_visible": True},
        "kernelspec": {"display_name": "Python 3", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(book.cells):
        cell["metadata"] |= {"id": f"aB{number:02}xYz_0Qr{number:02}"}
        if cell["cell_type"] == "code":
            cell["metadata"]["outputId"] = f"4f0c{number:04}-73f2-4a51-8d4e"
            cell["metadata"]["colab"] = {"base_uri": "https://localhost:8080/"}
            del cell["execution_count"], cell["outputs"]


@arrangement("Colab", report="jupyter/notebook#6507")
def colab_kept(book: Book) -> None:
    """The notebook has been in Colab, which keeps other tools' metadata."""
    colab(book)


@arrangement("Colab, cells pasted", remark=True, report="jupyter/nbgrader#1273")
def colab_bare(book: Book) -> None:
    """The texts were copied into a new notebook in Colab."""
    metadata_lost(book)
    colab(book)


@arrangement("Colab, answer split", remark="01.4", report="googlecolab/colabtools#581")
def colab_split(book: Book) -> None:
    """Both halves have Colab's id in their metadata."""
    head, rest = book.text("answer-01-4").split("\n\n\n", 1)
    book.copy("answer-01-4", after="answer-01-4")["source"] = rest
    book.write("answer-01-4", head)
    at = book.cells.index(book.cell("answer-01-4"))
    colab(book)
    book.cells[at + 1]["metadata"]["id"] = book.cells[at]["metadata"]["id"]


@arrangement("Colab's form", report="googlecolab/colabtools#581")
def colab_form(book: Book) -> None:
    """A title line and a form in Colab's syntax, which Python reads as comments."""
    head = "#@title My neuron { run: 'auto' }\nslope = 1.0 #@param {type: 'number'}\n"
    book.write("answer-01-1", head + book.text("answer-01-1"))
    colab(book)


@arrangement("JupyterLab's metadata", report="jupyterlab/jupyterlab#17794", remark=False)
def lab(book: Book) -> None:
    """Cells are collapsed, tagged, timed, scrolled and part of a slide."""
    for cell in book.code:
        cell["metadata"] |= {
            "collapsed": True,
            "editable": True,
            "execution": {"iopub.execute_input": "2025-08-18T09:35:52.423549Z"},
            "jupyter": {"source_hidden": True, "outputs_hidden": True},
            "scrolled": True,
            "slideshow": {"slide_type": "subslide"},
            "tags": ["done"],
            "trusted": True,
        }


@arrangement("VS Code's metadata", report="microsoft/vscode-jupyter#8412", remark=False)
def vscode(book: Book) -> None:
    """Cells have a language, the notebook a kernel by its environment's name."""
    for cell in book.cells:
        cell["metadata"]["vscode"] = {"languageId": "python"}
    book.notebook["metadata"]["kernelspec"] = {"display_name": "deep (3.11)", "name": "deep"}
    book.notebook["metadata"]["orig_nbformat"] = 4


@arrangement("no metadata of the notebook", report="microsoft/vscode-jupyter#16207", remark=False)
def bare_notebook(book: Book) -> None:
    """The kernel is not named."""
    book.notebook["metadata"] = {}


@arrangement("another exercise's cells below", remark="02", report="jupyter/notebook#1163")
def two_exercises(book: Book) -> None:
    """Exercise 02 was pasted below 01; both have a `neuron`, and a setup with X2."""
    book.cells.extend(Book("02").cells)


@arrangement("another exercise's cells above", remark="02", report="jupyter/notebook#1163")
def two_exercises_above(book: Book) -> None:
    """Two tasks of exercise 02 were pasted above 01."""
    other = Book("02")
    ids = ("setup", "task-02-1", "answer-02-1", "check-02-1", "answer-02-2")
    book.cells[2:2] = [other.cell(id) for id in ids]


@arrangement("another exercise's file name", exercise="02", remark=True, file="01_linear_limits")
def other_name(book: Book) -> None:
    """Exercise 02, saved under the name of 01."""
