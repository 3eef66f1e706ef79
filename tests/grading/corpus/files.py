"""How files are written: encodings, line ends, outputs, broken JSON."""

import json

from .accidents import BROKEN
from .book import Book, as_json
from .register import arrangement


@arrangement("byte order mark", report="microsoft/markitdown#2425")
def byte_order_mark(book: Book) -> bytes:
    """An editor in Windows has put one at the start."""
    return b"\xef\xbb\xbf" + book.to_bytes()


@arrangement("UTF-16", report="jupyter/nbdime#506")
def utf_16(book: Book) -> bytes:
    """PowerShell's redirection has written the file; JSON allows this encoding."""
    return book.to_bytes().decode().encode("utf-16")


@arrangement("Windows line ends in the file", remark=False)
def windows_file(book: Book) -> bytes:
    """Each line of the file ends in two characters."""
    return book.to_bytes().replace(b"\n", b"\r\n")


@arrangement("Windows line ends in cells", report="microsoft/vscode-jupyter#4576", remark=False)
def windows_cells(book: Book) -> None:
    """Each line of a cell ends in two characters."""
    for cell in book.cells:
        cell["source"] = cell["source"].replace("\n", "\r\n")


@arrangement("old Mac line ends in cells", remark=False)
def mac_cells(book: Book) -> None:
    """Each line of a cell ends in a carriage return alone."""
    for cell in book.code:
        cell["source"] = cell["source"].replace("\n", "\r")


@arrangement("texts as strings", report="jupyterlab/jupyterlab#2751", remark=False)
def strings(book: Book) -> bytes:
    """A cell's text is one string, and no list of lines."""
    return as_json(book.notebook, ensure_ascii=False)


@arrangement("one line of ASCII", remark=False)
def one_line(book: Book) -> bytes:
    """The file is one line, and other letters are escaped."""
    return as_json(json.loads(book.to_bytes()), separators=(",", ":"), ensure_ascii=True)


def put_out(cell: dict[str, object], *outputs: dict[str, object]) -> None:
    """Store what a cell has put out."""
    cell["outputs"] = list(outputs)
    cell["execution_count"] = 1


def stream(text: str) -> dict[str, object]:
    """A printed text."""
    return {"output_type": "stream", "name": "stdout", "text": text}


@arrangement("outputs stored", remark=False)
def outputs_stored(book: Book) -> None:
    """The notebook was run and saved, with counts in an order of their own."""
    for number, cell in enumerate(book.code):
        put_out(cell, stream("done\n"))
        cell["execution_count"] = (7 * number) % 31


@arrangement("saved while running", remark=False)
def saved_running(book: Book) -> None:
    """Nothing is stored but one error."""
    error = {
        "output_type": "error",
        "ename": "NameError",
        "evalue": "name 'np' is not defined",
        "traceback": ["\x1b[0;31mNameError\x1b[0m: name 'np' is not defined"],
    }
    put_out(book.cell("answer-01-1"), error)
    put_out(book.cell("check-01-1"), {**error, "ename": "KeyboardInterrupt"})


@arrangement("long output stored", report="ipython/ipython#6516", remark=False)
def long_output(book: Book) -> None:
    """Some megabytes of numbers and a picture."""
    picture = {"output_type": "display_data", "data": {"image/png": "A" * 2_000_000}}
    put_out(book.cell("answer-01-1"), stream("0.123 " * 500_000), {**picture, "metadata": {}})


@arrangement("half a letter in an output", remark=False)
def surrogate(book: Book) -> bytes:
    """A stored text ends within a letter of two halves, which JSON can hold and UTF-8 cannot."""
    put_out(book.cell("answer-01-1"), stream("brain: \ud83e"))
    return as_json(book.notebook, ensure_ascii=True)


@arrangement("check's output is of an earlier answer", points={"01.1": 0})
def stale(book: Book) -> None:
    """The stored output says 2 of 2; the answer was changed after that."""
    text = {"text/plain": "Task 01.1: 2 of 2 points"}
    put_out(book.cell("check-01-1"), {"output_type": "display_data", "data": text, "metadata": {}})
    book.write("answer-01-1", BROKEN)


@arrangement("conflict of two versions", unreadable="JSON", report="jupyter/notebook#4889")
def conflict(book: Book) -> bytes:
    """The file has Git's conflict markers."""
    line = b'   "id": "answer-01-1",\n'
    content = book.to_bytes()
    assert line in content
    marks = b"<<<<<<< HEAD\n" + line + b"=======\n" + line + b">>>>>>> mine\n"
    return content.replace(line, marks)


@arrangement("cut off", unreadable="JSON", report="jupyter/notebook#3510")
def cut_off(book: Book) -> bytes:
    """The upload has stopped."""
    content = book.to_bytes()
    return content[: len(content) * 2 // 3]


@arrangement("saved as a web page", unreadable="JSON", report="BME1478H/Fall2022class#48")
def web_page(book: Book) -> bytes:
    """The page was saved, not the notebook."""
    return b"<!DOCTYPE html>\n<html><body>Exercise 01</body></html>\n"


@arrangement("a list of cells", unreadable="format")
def list_of_cells(book: Book) -> bytes:
    """Only the cells were copied out of the file."""
    return as_json(book.cells)
