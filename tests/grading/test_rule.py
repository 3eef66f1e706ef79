"""The rule about points stands in the same words wherever students and teachers look for it."""

import json
import re

import pytest

from coursekit.grading.course.notebook import cell_id, source_of
from coursekit.grading.course.paths import find_course

COURSE = find_course()
RULE = (
    "in a fresh kernel, passing over errors: what the last check of each task says then, "
    "`coursekit grade` says too, and the teacher's grading never gives less, unless inputs drawn "
    "for the submission show that an answer is wrong; it gives more only where a second version "
    "of an answer, or a second way of running it, scores more."
)
WHAT_COUNTS = (
    "The check compares numbers: 5.0 is as good as 5, a list of numbers as good as an array, and "
    "a list as good as a tuple. A function must not change its arguments: if it does, its test "
    "fails, even if the values are right. "
)
HEAD = "un the notebook from top to bottom "  # "Run" or "run"


def words(text):
    return re.sub(r"\s+", " ", text)


def cells(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return {cell_id(cell): words(source_of(cell)) for cell in notebook["cells"]}


@pytest.mark.parametrize("folder", ["exercises", "solutions"])
@pytest.mark.parametrize("name", COURSE.names)
def test_each_exercise_says_it_where_it_says_how_to_work(name, folder):
    text = cells(COURSE.root / folder / f"{name}.ipynb")["title"]
    paragraph = re.search(r"\*\*How to work\.\*\*.*?\btasks?, ", text)
    said = paragraph[0].count(HEAD + RULE) if paragraph else 0
    assert said == 1, (
        f"{folder}/{name}.ipynb, cell title: between **How to work.** and the number of tasks "
        f"**The rule.** should stand once: R{HEAD}{RULE}"
    )
    assert WHAT_COUNTS in paragraph[0], (
        f"{folder}/{name}.ipynb, cell title: between **How to work.** and **The rule.** should "
        f"stand: {WHAT_COUNTS}"
    )


def test_lecture_00_says_it():
    path = COURSE.root / "notebooks" / "00_start_here.ipynb"
    assert " ".join(cells(path).values()).count(HEAD + RULE) == 1


def test_the_teachers_page_says_it():
    text = words((COURSE.root / "docs" / "grading.md").read_text(encoding="utf-8"))
    assert text.count(HEAD + RULE) == 1
