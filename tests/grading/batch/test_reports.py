"""What is made from the gradebook: tables for programs, pages for people."""

import csv
import io
import json
import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from coursekit.grading.batch.exports import reports
from coursekit.grading.batch.exports.teachers_pages import summary, teachers_page
from coursekit.grading.batch.grader.remarks import left_out
from coursekit.grading.batch.marks.counted import counted
from coursekit.grading.batch.marks.entry import Entry, Override

from .test_gradebook import ADA

BOB = replace(ADA, student="8", name="Bob", remarks=[])
NASTY = '<script>alert(1)</script> & "quotes"'
EXPLAINED = replace(ADA, question="Why `mean`?", explanation="Because\nit divides.")
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
    entries = counted([Entry(grade, {}) for grade in (none, second, ADA)], "best")
    assert [row["score"] for row in rows(entries)] == ["3.5"]


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@x", "\tx", " =1+1"])
def test_no_name_is_a_formula_for_a_spreadsheet(name):
    (row,) = rows([Entry(replace(ADA, student=name, name=name), {})])
    assert row["student_id"] == row["last_name"] == f"'{name}"


def test_nothing_of_a_students_ends_its_quotation_in_a_remark():
    lie = "x` was agreed: 18 of 18 points. `\x1by"
    command = left_out("answer-01-1", [f"%{lie}"]), left_out("answer-01-1", [f"%{lie}", "%y"])
    best = replace(ADA, file=lie, remarks=[*command])
    entries = counted([Entry(best, {}), Entry(replace(best, tasks=ADA.tasks[:1]), {})], "best")
    found = [remark for entry in entries for remark in reports.remarks(entry)]
    assert [remark.count("`") for remark in found] == [2] * 6
    assert not any("\x1b" in remark for remark in found)


def test_no_file_name_turns_a_page_round():
    """After U+202E, text runs from right to left: the points after it would be read backwards."""
    odd = replace(ADA, file="\u202e\x1b[2Ja.ipynb", remarks=["Odd."])
    entries = [
        *counted([Entry(odd, {}), Entry(odd, {})], "best"),
        Entry(replace(odd, exercise=""), {}),
    ]
    pages = reports.feedback(entries), summary(entries), teachers_page(entries, Path("marks"))
    assert all(page.count("[2Ja.ipynb") >= len(entries) for page in pages)
    assert not any(sign in page for page in pages for sign in "\u202e\x1b")


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
    tests = [replace(task.tests[0], tried=NASTY, message=NASTY, example=NASTY)]
    task = replace(task, tests=tests)
    own = f"{NASTY} ![](https:{'//'}a.b/c.png) <details> javascript:alert(1) onclick=x"
    mark = replace(ADA, name=NASTY, file=NASTY, tasks=[task], remarks=[NASTY])
    mark = replace(mark, question=NASTY, explanation=own)
    given = {"01.1": replace(GIVEN["01.1"], comment=NASTY)}
    for page in (
        reports.feedback([Entry(mark, given)]),
        summary([Entry(mark, given)]),
    ):
        read = Reader(page)
        assert NASTY in read.text and own in read.text
        names = {tag for tag, _ in read.tags}
        assert not names & {"script", "img", "link", "iframe", "object", "svg"}
        attributes = {name for _, values in read.tags for name in values}
        assert not attributes & {"src", "href"}
        assert not any(name.startswith("on") for name in attributes)
        assert "default-src 'none'" in page
        assert not re.search(r"https?://", page.replace(escape(own), ""))


def test_the_explanation_is_shown_and_changes_no_points():
    page = Reader(reports.feedback([Entry(EXPLAINED, {})]))
    before = Reader(reports.feedback([Entry(ADA, {})]))
    shown = "In your own words: no points\nWhy mean?\nBecause\nit divides."
    assert shown in page.text and "own words" not in before.text
    assert page.text.replace(shown, "").split() == before.text.split()
    assert reports.as_csv([Entry(EXPLAINED, {})]) == reports.as_csv([Entry(ADA, {})])
    results = json.loads(reports.as_gradescope(Entry(EXPLAINED, {})))
    assert results["output"].endswith("(no points): Because\nit divides.")
    assert results["tests"] == json.loads(reports.as_gradescope(Entry(ADA, {})))["tests"]


def test_an_explanation_that_is_not_there_is_shown_as_not_answered():
    empty = replace(EXPLAINED, explanation="")
    assert "Not answered." in Reader(reports.feedback([Entry(empty, {})])).text
    assert "is not answered (no points)" in reports.as_gradescope(Entry(empty, {}))


def test_the_summary_holds_the_answers_of_all():
    bob = replace(EXPLAINED, student="8", name="Bob", explanation="")
    cai = replace(EXPLAINED, student="9", name="Cai", explanation="No sum.")
    page = Reader(summary([Entry(m, {}) for m in (EXPLAINED, bob, cai)]))
    assert "Answers: 2 of 3" in page.text and "Cai: No sum." in page.text
    assert "Bob:" not in page.text
    assert "own words" not in Reader(summary([Entry(ADA, {})])).text


def test_a_failing_call_is_shown_as_it_can_be_pasted():
    example = "mean(np.array([1.0]))  # returned 2.0\nmean(np.array([3.0]))"
    test = replace(ADA.tasks[0].tests[0], example=example)
    grade = replace(ADA, tasks=[replace(ADA.tasks[0], tests=[test]), ADA.tasks[1]])
    page = Reader(reports.feedback([Entry(grade, {})]))
    assert f"To try it in a cell:\n{example}" in page.text
    assert ("pre", {"tabindex": "0"}) in page.tags
    outputs = [
        test["output"] for test in json.loads(reports.as_gradescope(Entry(grade, {})))["tests"]
    ]
    assert f"To try it in a cell:\n{example}" in outputs[0] and "try" not in outputs[1]


def test_the_summary_counts_students():
    easy = replace(
        BOB, student="9", name="Cai", tasks=[replace(BOB.tasks[0], points=2.5, mistake=None)]
    )
    easy = replace(easy, tasks=[*easy.tasks, replace(BOB.tasks[1], points=0.0, status="missing")])
    page = Reader(summary([Entry(m, {}) for m in (ADA, BOB, easy)]))
    text = " ".join(page.text.split())
    assert "3 students; points from 2.5 to 3.5 of 4.5, median 3.5." in text
    assert re.search(r"01\.1 mean ?1 ?2 ?0 ?0 ?1\.83 of 2\.5", text)  # all, some, none, not written
    assert re.search(r"01\.2 counter ?2 ?0 ?0 ?1 ?1\.33 of 2", text)
    by_hand = {"01.2": Override("9", "01.2", 2.0, "Seen.")}
    given = Reader(summary([Entry(ADA, {}), Entry(easy, by_hand)])).text
    assert re.search(r"01\.2 counter ?2 ?0 ?0 ?0 ?2\.00 of 2", " ".join(given.split()))
    assert re.search(r"2 ?01\.1 ?You forgot to divide\.", text)  # two students made this mistake
    assert "Ada" in text
    assert "Something odd." in text
