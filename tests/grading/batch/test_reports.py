"""What is made from the gradebook: tables for programs, pages for people."""

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from coursekit.grading.batch import reports
from coursekit.grading.batch.gradebook import Entry, Override

from .test_gradebook import ADA

BOB = replace(ADA, student="8", name="Bob", remarks=[])
NASTY = '<script>alert(1)</script> & "quotes"'
GIVEN = {"01.1": Override("7", "01.1", 2.0, "Right idea.")}


class Reader(HTMLParser):
    """Checks that every element is closed, and collects the text and the tags."""

    VOID = ("meta", "br")

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.text = [], [], ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data


def rows(entries):
    return list(csv.DictReader(io.StringIO(reports.as_csv(entries))))


def test_the_table_has_nbgraders_columns_and_the_points_that_count():
    (row,) = rows([Entry(ADA, GIVEN)])
    assert list(row) == reports.COLUMNS
    assert (row["assignment"], row["student_id"]) == ("01_small", "7")
    assert (row["raw_score"], row["score"], row["max_score"]) == ("3.5", "4", "4.5")


def test_the_better_of_two_files_counts_and_what_is_no_exercise_does_not():
    second = replace(ADA, file="second.ipynb", tasks=[replace(ADA.tasks[0], points=2.5)])
    none = replace(ADA, file="none.ipynb", exercise="", tasks=[])
    assert [row["score"] for row in rows([Entry(m, {}) for m in (none, second, ADA)])] == ["3.5"]


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@x", "\tx", " =1+1"])
def test_no_name_is_a_formula_for_a_spreadsheet(name):
    (row,) = rows([Entry(replace(ADA, student=name, name=name), {})])
    assert row["student_id"] == row["last_name"] == f"'{name}"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "\n"])
def test_no_name_becomes_a_formula_where_another_character_separates(separator):
    name = f"Ada{separator}=1+1{separator} +2"
    text = reports.as_csv([Entry(replace(ADA, student=name, name=name), {})])
    assert "'=1+1" in text
    fields = re.split(r"[,;\t|\n\"]", text)
    assert not [field for field in fields if field.lstrip()[:1] in ("=", "+", "-", "@")]


def test_gradescopes_results():
    results = json.loads(reports.as_gradescope(Entry(ADA, GIVEN)))
    assert results["score"] == sum(test["score"] for test in results["tests"]) == 4.0
    assert [test["max_score"] for test in results["tests"]] == [2.5, 2.0]
    assert results["tests"][0]["output"].splitlines() == [
        "Your teacher: Right idea.",
        "You forgot to divide.",
        "1 of 1 values is not right.",
    ]
    assert results["output"] == "Something odd."


def test_feedback_says_what_was_tried_and_what_went_wrong():
    page = Reader(reports.feedback([Entry(ADA, GIVEN)]))
    for said in [
        ADA.name, "01_small: 4 of 4.5 points", "Something odd.", "01.1 mean: 2 of 2.5 points",
        "Your teacher gave 2 points in place of 1.5: Right idea.", "You forgot to divide.",
        "not right (1): The mean.", "1 of 1 values is not right.", "01.2 counter: 2 of 2 points",
    ]:  # fmt: skip
        assert said in page.text
    assert ("html", {"lang": "en"}) in page.tags
    assert (
        "meta",
        {"name": "viewport", "content": "width=device-width, initial-scale=1"},
    ) in page.tags


def test_pages_stand_alone_and_run_nothing():
    task = replace(ADA.tasks[0], title=NASTY, mistake=NASTY, error=NASTY)
    task = replace(task, tests=[replace(task.tests[0], tried=NASTY, message=NASTY)])
    mark = replace(ADA, name=NASTY, file=NASTY, tasks=[task], remarks=[NASTY])
    given = {"01.1": replace(GIVEN["01.1"], comment=NASTY)}
    for page in (
        reports.feedback([Entry(mark, given)]),
        reports.summary([Entry(mark, given)]),
    ):
        read = Reader(page)
        assert NASTY in read.text
        names = {tag for tag, _ in read.tags}
        assert not names & {"script", "img", "link", "iframe", "object", "svg"}
        attributes = {name for _, values in read.tags for name in values}
        assert not attributes & {"src", "href"}
        assert not any(name.startswith("on") for name in attributes)
        assert "default-src 'none'" in page
        assert not re.search(r"https?://", page)


def test_the_summary_counts_students():
    easy = replace(
        BOB, student="9", name="Cai", tasks=[replace(BOB.tasks[0], points=2.5, mistake=None)]
    )
    easy = replace(easy, tasks=[*easy.tasks, replace(BOB.tasks[1], points=0.0, status="missing")])
    page = Reader(reports.summary([Entry(m, {}) for m in (ADA, BOB, easy)]))
    text = " ".join(page.text.split())
    assert "3 students; points from 2.5 to 3.5 of 4.5, median 3.5." in text
    assert re.search(r"01\.1 mean ?1 ?2 ?0 ?0 ?1\.83 of 2\.5", text)  # all, some, none, not written
    assert re.search(r"01\.2 counter ?2 ?0 ?0 ?1 ?1\.33 of 2", text)
    assert re.search(r"2 ?01\.1 ?You forgot to divide\.", text)  # two students made this mistake
    assert "Ada" in text
    assert "Something odd." in text
