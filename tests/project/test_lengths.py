"""The time that a lecture states is the time that it takes, and no lecture takes over an hour.

Counted are 180 words a minute, 20 lines of code a minute, half a minute for a question and two
minutes for a widget. A formula in a line is one word. Sources are not read. Code that is folded
away, the drawing of figures above all, is no part of the stated time, but with it and with the
optional parts a lecture stays within the hour, too.
"""

import re
from pathlib import Path

import nbformat
import pytest

from coursekit.folded_code import FOLD_CODE

LECTURES = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9]*.ipynb"))
STATED = re.compile(r"\*\*Time:\*\* about (\d+) minutes(?:; (\d+) more with the parts marked)?")


def minutes(book):
    """Minutes for the lecture, for its parts marked as optional, and for the folded code."""
    taken, optional, folded = {False: 0.0, True: 0.0}, False, 0.0
    for cell in book.cells:
        if cell.cell_type == "markdown":
            for part in re.split(r"(?m)^(?=##)", cell.source.split("## Sources")[0]):
                if part.startswith("##"):
                    optional = "(optional)" in part.splitlines()[0]
                taken[optional] += words(part) / 180
        elif "= predict(" in cell.source:
            taken[optional] += cell.source.count("= predict(") / 2
        elif FOLD_CODE in cell.metadata.get("tags", ()):
            folded += lines(cell.source) / 20
        else:
            taken[optional] += lines(cell.source) / 20
            shown = re.search(r"(?m)^(\w+ = )?widgets\.\w+\(.*\)(\n\1?\w*)?$", cell.source)
            taken[optional] += 2 * bool(shown and ".run(" not in cell.source)
    return taken[False], taken[True], folded


def lines(code):
    return sum(bool(line.strip()) for line in code.splitlines())


def words(text):
    text = re.sub(r"(?<!\$)\$[^$\n]+\$", "formula", re.sub(r"\]\([^)]*\)|<[^>]*>", " ", text))
    return sum(bool(re.search(r"\w", word)) for word in text.replace("|", " ").split())


def lecture(*cells):
    make = {True: nbformat.v4.new_markdown_cell, False: nbformat.v4.new_code_cell}
    return nbformat.v4.new_notebook(cells=[make[is_text](text) for is_text, text in cells])


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_a_lecture_takes_the_time_that_it_states(path):
    book = nbformat.read(path, as_version=4)
    stated = [int(n or 0) for n in STATED.search(book.cells[0].source).groups()]
    counted = minutes(book)
    for said, found in zip(stated, counted[:2], strict=True):
        assert abs(said - found) <= 5, f"stated are {said} minutes, counted {found:.0f}"
    assert sum(counted) <= 60, f"all in all {sum(counted):.1f} minutes"


def test_what_is_counted():
    text = (True, "word " * 360)
    assert minutes(lecture(text)) == (2, 0, 0)
    assert minutes(lecture(text, (True, "## Sources\n\n" + text[1]))) == (2, 0, 0)
    assert minutes(lecture((True, "$a + b + c$ [word](address) | " * 180))) == (2, 0, 0)
    assert minutes(lecture((False, "x = 1\n\n" * 40))) == (2, 0, 0)
    assert minutes(lecture((False, 'guess = predict("How many?", [1, 2])'))) == (0.5, 0, 0)
    assert minutes(lecture((False, "widgets.Bumps()"))) == (2.05, 0, 0)
    optional = minutes(lecture((True, "## Twins (optional)"), text, (True, "## Next"), text))
    assert optional == pytest.approx((2 + 1 / 180, 2 + 2 / 180, 0))
    drawing = lecture((False, "ax.plot(x)\n" * 40))
    drawing.cells[0].metadata["tags"] = [FOLD_CODE]
    assert minutes(drawing) == (0, 0, 2)
