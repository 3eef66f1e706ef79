"""Notebooks are stored in one form, and that form hides nothing that differs from run to run."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from coursekit import environment, progress
from coursekit.folded_code import cut, fold
from coursekit.grading.student import progress as overview
from coursekit.notebooks import execute, normalise

LECTURES = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9]*.ipynb"))
START = LECTURES[0]


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


LECTURE = """\
lines = guess_lines()


def errors(line):
    return 3


# one picture for each
fig, axes = plots.subplots(1, 2)
for ax in axes:
    ax.plot([errors(lines)])
show(fig, alt="Two lines.")
assert errors(lines) == 3
guess.reveal(errors(lines), "A line has two sides.")
assert fig is not None
rest = 1
"""


def test_questions_answers_and_figures_have_folded_cells_of_their_own():
    book = notebook(
        "x = 1", 'guess = predict("How many?", [2, 3])', "print(x)", LECTURE, "print(x)"
    )
    book.cells[3].id = "run"
    before = book.cells[3].source
    cells = fold(cut(book)).cells
    assert [cell.id for cell in cells[3:7]] == ["run", "run-figure", "run-reveal", "run-code"]
    assert "\n\n\n".join(
        [cells[3].source, "\n".join(cell.source for cell in cells[4:7])]
    ) == before.strip("\n")
    assert cells[4].source.startswith("# one picture for each\nfig, axes")
    assert cells[4].source.endswith("== 3") and cells[5].source.endswith("None")
    folded = {"tags": ["hide-input"], "jupyter": {"source_hidden": True}}
    assert [dict(cell.metadata) for cell in cells] == [
        {},
        folded,  # the question: its output is open
        {"tags": ["hide-output"]},
        {"tags": ["hide-output"]},
        folded | {"tags": ["hide-input", "hide-output"]},
        folded,  # the answer folds itself
        {},
        {},
    ]
    once = nbformat.writes(book)
    assert nbformat.writes(fold(cut(book))) == once


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("%time x = 1\nguess.reveal(1)", 1),  # no Python
        ("x = 1; guess.reveal(x)", 1),  # one line is not cut
        ("def f():\n    guess.reveal(1)\n    show(fig, alt='a')", 1),  # nothing happens here
        ("fig, ax = plots.subplots()\nx = 1\nguess.reveal(x)\nshow(fig, alt='a')", 3),
        ("for n in (1, 2):\n    fig, ax = plots.subplots()\n    show(fig, alt='a')\nx = 2", 2),
        ("", 0),
    ],
)
def test_what_a_cell_is_cut_into(source, kinds):
    book = cut(notebook(source))
    assert len(book.cells) == max(1, kinds)
    assert "\n".join(cell.source for cell in book.cells) == source


def test_only_lectures_are_cut_and_folded():
    book = notebook("x = 1\nguess.reveal(x)")
    book.cells[0].metadata["nbgrader"] = {"grade": False}
    assert len(fold(cut(book)).cells) == 1 and "tags" not in book.cells[0].metadata


def test_a_question_without_an_answer_folds_nothing():
    book = fold(cut(notebook("guess = predict('?', [1, 2])", "print(1)")))
    assert book.cells[1].metadata == {}


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_each_lecture_is_stored_in_normal_form(path):
    """Also: no cell shows a bare value, unless it says that it differs from run to run."""
    book = nbformat.read(path, as_version=4)
    stored = nbformat.writes(book)
    assert nbformat.writes(normalise(cut(book))) == stored, "run python -m coursekit.notebooks"
    bare = [
        cell.id
        for cell in book.cells
        if any(output.output_type == "execute_result" for output in cell.get("outputs", ()))
        and "nbval-ignore-output" not in cell.metadata.get("tags", ())
    ]
    assert bare == []


@pytest.mark.parametrize("text", ["<object at 0x7f3a5c0d1e50>", f"{Path.home()}/notes.txt"])
def test_addresses_and_paths_are_refused(text):
    book = notebook("1")
    book.cells[0].outputs = [stream(text)]
    with pytest.raises(ValueError, match="prints an address or a path"):
        normalise(book)


def test_what_differs_between_readers_is_stored_as_a_new_one_sees_it(monkeypatch, capsys):
    """These outputs aren't compared when the notebooks are run: others have done and have more."""
    monkeypatch.setattr(overview, "read_points", lambda path: {})
    monkeypatch.setattr(overview, "read_diary", lambda root: [])
    progress()
    print(environment.report())
    stored = {
        cell.id: cell.outputs[0].data["text/plain"]
        for cell in nbformat.read(START, as_version=4).cells
        if "nbval-ignore-output" in cell.metadata.get("tags", ())
    }
    found = re.compile("found [0-9.]+")
    said = [found.sub("found", text) for text in (stored["progress"], stored["environment-report"])]
    assert "\n".join([*said, ""]) == found.sub("found", capsys.readouterr().out), (
        "notebooks/00_start_here.ipynb: its overview is that of other tasks or points; run "
        "`.venv/bin/python -m coursekit.notebooks notebooks/00_start_here.ipynb`"
    )
    assert len(stored) == 2
