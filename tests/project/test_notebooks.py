"""Notebooks are stored in one form, and that form hides nothing that differs from run to run."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from coursekit import environment, progress
from coursekit.grading.student import progress as overview
from coursekit.notebooks import execute, normalise

START = Path(__file__).parents[2] / "notebooks" / "00_start_here.ipynb"


def notebook(*sources, **metadata):
    return new_notebook(cells=[new_code_cell(s) for s in sources], metadata=metadata)


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def test_execute_stores_outputs_and_normalise_keeps_them(tmp_path):
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook("x = 6 * 7", "print(x)\nx"), path)
    book = normalise(execute(path))
    assert [cell.execution_count for cell in book.cells] == [1, 2]
    assert book.cells[1].outputs[0].text == "42\n"
    assert book.cells[1].outputs[1].data == {"text/plain": "42"}
    assert set(book.metadata) == {"kernelspec", "language_info"}


def test_normalising_twice_changes_nothing(tmp_path):
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook("import sys; print(1); print(2, file=sys.stderr); print(3)"), path)
    once = normalise(execute(path))
    assert nbformat.writes(normalise(nbformat.from_dict(dict(once)))) == nbformat.writes(once)


def test_timing_widgets_and_editor_state_are_removed():
    book = notebook("1")
    book.cells[0].metadata = nbformat.from_dict(
        {"tags": ["keep"], "execution": {"iopub.status.busy": "2026"}, "scrolled": True}
    )
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}}
    book.cells[0].outputs = [
        new_output("display_data", data) for data in (view, {"text/plain": "picture"})
    ]
    normalise(book)
    assert book.cells[0].metadata == {"tags": ["keep"]}
    assert [output.data for output in book.cells[0].outputs] == [{"text/plain": "picture"}]


def test_pieces_of_one_stream_are_joined():
    book = notebook("1")
    book.cells[0].outputs = [stream("a"), stream("b"), stream("c", "stderr"), stream("d")]
    normalise(book)
    assert [o.text for o in book.cells[0].outputs] == ["ab", "c", "d"]


@pytest.mark.parametrize("text", ["<object at 0x7f3a5c0d1e50>", f"{Path.home()}/notes.txt"])
def test_addresses_and_paths_are_refused(text):
    book = notebook("1")
    book.cells[0].outputs = [stream(text)]
    with pytest.raises(ValueError, match="prints an address or a path"):
        normalise(book)


def test_what_differs_between_readers_is_stored_as_a_new_one_sees_it(monkeypatch, capsys):
    """These outputs aren't compared when the notebooks are run: others have done and have more."""
    monkeypatch.setattr(overview, "read_points", lambda path: {})
    progress()
    print(environment.report())
    stored = {
        cell.id: cell.outputs[0].data["text/plain"]
        for cell in nbformat.read(START, as_version=4).cells
        if "nbval-ignore-output" in cell.metadata.get("tags", ())
    }
    found = re.compile("found [0-9.]+")
    said = [found.sub("found", text) for text in (stored["progress"], stored["environment-report"])]
    assert "\n".join([*said, ""]) == found.sub("found", capsys.readouterr().out)
    assert len(stored) == 2
