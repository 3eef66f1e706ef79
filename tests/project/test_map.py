"""Each lecture is found wherever lectures are listed, those too whose number has a letter."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from coursekit.grading.course.paths import Course
from coursekit.grading.judge.course_files import course_files

ROOT = Path(__file__).parents[2]
START = ROOT / "notebooks" / "00_start_here.ipynb"
NUMBER = re.compile(r"\d\d[a-z]?")
LECTURES = {NUMBER.match(path.name)[0]: path for path in Course(ROOT).lectures}


def map_of_the_first_lecture():
    cells = json.loads(START.read_text(encoding="utf-8"))["cells"]
    (table,) = ("".join(cell["source"]) for cell in cells if cell["id"] == "map")
    return table


def rows(table):
    """The lines of a table of lectures, in order, as (number, the notebook it links to)."""
    for line in re.findall(r"(?m)^\| \[?\d\d.+$", table):
        link = re.search(r"\(([^)]+\.ipynb)\)", line)
        yield NUMBER.search(line)[0], Path(link[1]).name if link else None


def test_the_numbers_are_those_of_the_exercises_and_three_second_parts():
    numbers = [f"{number:02}" for number in range(12)]
    assert list(LECTURES) == sorted([*numbers, "05b", "07b", "09b"])


def test_each_notebook_with_a_number_is_a_lecture():
    assert set(LECTURES.values()) == set(START.parent.glob("[0-9]*.ipynb"))


@pytest.mark.parametrize("where", ["README.md", "lecture 00"])
def test_each_lecture_has_its_line_and_its_link_in_order(where):
    if where == "README.md":
        table = (ROOT / where).read_text(encoding="utf-8")
    else:
        table = map_of_the_first_lecture()
    expected = [(number, path.name) for number, path in LECTURES.items()]
    if where == "lecture 00":
        expected[0] = ("00", None)  # where the reader is
    assert list(rows(table)) == expected


def test_each_lecture_is_handed_out():
    handed_out = course_files(Course(ROOT), [])
    assert {f"notebooks/{path.name}" for path in LECTURES.values()} <= set(handed_out)


def test_each_lecture_leads_to_the_next():
    """By its last link before the sources."""
    names = [path.name for path in LECTURES.values()]
    for name, following in pairwise(names[1:]):
        cells = json.loads((START.parent / name).read_text(encoding="utf-8"))["cells"]
        (summary,) = ("".join(cell["source"]) for cell in cells if cell["id"] == "summary")
        found = re.search(r"\*\*Next lecture:\*\* \[[^]]+\]\(([^)]+)\)", summary)
        assert found, name
        assert found[1] == following
