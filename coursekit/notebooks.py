"""Execute the notebooks and store them in one normal form, so that a diff shows what changed.

    python -m coursekit.notebooks                    # the lectures and the solutions
    python -m coursekit.notebooks notebooks/01*.ipynb

Stored: outputs and execution counts. Removed: timestamps, widget states, anything that
differs from run to run. In lectures, the code of questions, answers and figures is folded.
"""

import argparse
import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from coursekit.folded_code import cut, fold

LECTURES_AND_SOLUTIONS = ("notebooks", "solutions")
VIEW_TYPE = "application/vnd.jupyter.widget-view+json"
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
PICTURE = re.compile(r"data:image/png;base64,[\w+/=]+")  # its letters may spell anything


def execute(path: Path) -> nbformat.NotebookNode:
    """Run a notebook in its own folder and return it with its outputs.

    Parameters
    ----------
    path : Path
        The notebook.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell raises and is not tagged ``raises-exception``.
    """
    book = cut(nbformat.read(path, as_version=4))
    client = NotebookClient(
        book,
        timeout=300,  # seconds that one cell may take
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
        record_timing=False,
    )
    client.execute()
    return book


def normalise(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Put a notebook into its stored form, in place.

    Raises
    ------
    ValueError
        If an output holds a memory address or a path of this machine: the notebook would
        print something else tomorrow.
    """
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    ours = {"coursekit": book.metadata["coursekit"]} if "coursekit" in book.metadata else {}
    form = {"kernelspec": kernel, "language_info": {"name": "python"}}
    book.metadata = nbformat.from_dict(form | ours)
    for cell in book.cells:
        kept = ("tags", "nbgrader", "slideshow")
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in kept})
        if cell.cell_type != "code":
            continue
        cell.outputs = merge_streams(cell.outputs)
        text = " ".join(output_texts(cell))
        if ADDRESS.search(text) or str(Path.home()) in text or str(Path.cwd()) in text:
            raise ValueError(f"cell {cell.id!r} prints an address or a path:\n{text[:500]}")
        # A live view comes with its picture, the next output.
        cell.outputs = [o for o in cell.outputs if VIEW_TYPE not in o.get("data", {})]
    fold(book)
    nbformat.validate(book)
    return book


def merge_streams(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Join neighbouring pieces of one stream: where they are cut depends on timing."""
    merged: list[nbformat.NotebookNode] = []
    for output in outputs:
        stream = output.get("name")  # stdout or stderr; other outputs have none
        if stream is not None and merged and merged[-1].get("name") == stream:
            merged[-1].text += output.text
        else:
            merged.append(output)
    return merged


def output_texts(cell: nbformat.NotebookNode) -> list[str]:
    """All text in the outputs of a code cell, pictures left out."""
    texts: list[str] = []
    for output in cell.outputs:
        texts.append(str(output.get("text", "")))
        data = output.get("data", {})
        texts += [str(v) for mime, v in data.items() if mime != "image/png"]
    return [PICTURE.sub("", text) for text in texts]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m coursekit.notebooks", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="notebooks; default: all")
    paths = parser.parse_args(arguments).paths
    if not paths:
        paths = sorted(p for folder in LECTURES_AND_SOLUTIONS for p in Path(folder).glob("*.ipynb"))
    # One thread, as in the tests: sums in another order differ in the last bit.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    for path in paths:
        print(path, flush=True)
        nbformat.write(normalise(execute(path)), path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
