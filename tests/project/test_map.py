"""The map of lectures in the first notebook has a link to each lecture that is there."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
START = ROOT / "notebooks" / "00_start_here.ipynb"


def rows():
    """The lines of the map, by the number of the lecture."""
    cells = json.loads(START.read_text(encoding="utf-8"))["cells"]
    (table,) = ("".join(cell["source"]) for cell in cells if cell["id"] == "map")
    return dict(re.findall(r"(?m)^\| (\d\d) \| ([^|]+) \|", table))


def test_the_map_has_a_line_for_each_lecture():
    assert list(rows()) == [f"{number:02}" for number in range(12)]


def test_each_lecture_that_is_there_has_its_link_and_no_other():
    linked = {re.search(r"\((.+)\)", row)[1] for row in rows().values() if "](" in row}
    there = {path.name for path in START.parent.glob("[0-9]*.ipynb")} - {START.name}
    assert linked == there
