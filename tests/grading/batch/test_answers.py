"""Answers that are alike, and the answers of a class without names."""

import json
import re

import pytest

from coursekit.grading.batch.answers import without_comments
from coursekit.grading.batch.base.records import Grade, TaskGrade
from coursekit.grading.batch.exports.similar import Pair, groups, page, pairs
from coursekit.grading.batch.marks.gradebook import Gradebook
from coursekit.grading.batch.marks.gradebook_file import BOOK
from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.reference import solution

from .test_command import main_in

COURSE = find_course()
NAME = COURSE.name("05")
OWN = '''\
def total_loss(outputs, targets):
    """Mine."""
    total = 0.0
    for place, row in enumerate(outputs):  # one example after the other
        difference = [abs(a - b) ** 2 for a, b in zip(row, targets[place])]
        if len(difference) > 1:
            total = total + sum(difference) / 2
        else:
            total += 0.5 * difference[0]
    return total / max(len(outputs), 1)
'''
COPIED = """\
def total_loss(outputs, targets):

    # I wrote this myself
    s = 0.0
    for k, one in enumerate(outputs):
        d = [abs(u - v) ** 2 for u, v in zip(one, targets[k])]
        if len(d) > 1:
            s = s + sum(d) / 2
        else:
            s += 0.5 * d[0]
    return s / max(len(outputs), 1)
"""
OTHER = """\
def total_loss(outputs, targets):
    gap = np.asarray(outputs) - np.asarray(targets)
    per_example = np.einsum("ij,ij->i", gap, gap)
    return float(np.mean(per_example)) * 0.5 if per_example.size else 0.0
"""


def class_of(**answers):
    return {student: {"05.1": code} for student, code in answers.items()}


def test_a_copy_with_other_names_comments_and_layout_is_found():
    (found,) = pairs(class_of(ada=OWN, bob=COPIED, cai=OTHER), {})
    assert (found.first, found.second) == ("ada", "bob")
    assert found.share > 0.8
    assert groups([found]) == [["ada", "bob"]]


def test_what_the_task_explains_is_not_alike():
    everybody = class_of(ada=OWN, bob=COPIED, cai=OTHER)
    assert pairs(everybody, {"05.1": OWN}) == []
    many = {f"s{k}": {"05.1": OWN} for k in range(12)}
    assert pairs(many, {}) == []


@pytest.mark.parametrize("name", COURSE.names)
def test_the_courses_own_answers_are_explained(name):
    """Two students who have written what the solution has are no pair."""
    code = {id: "\n".join(t.answers.values()) for id, t in solution(COURSE, name).tasks.items()}
    assert pairs({"ada": code, "bob": code}, code) == []
    assert pairs({"ada": code, "bob": code}, {})


def test_groups_grow_by_common_students():
    found = pairs(class_of(ada=OWN, bob=COPIED, cai=OWN), {})
    assert groups(found) == [["ada", "bob", "cai"]]


def test_in_a_group_each_is_like_each_other_and_only_what_is_alike_is_shown():
    chain = [Pair(a, b, 20, 0.9, frozenset(["05.2"])) for a, b in ("ab", "bc", "cd", "bd")]
    assert groups(chain) == [["a", "b"], ["b", "c", "d"]]
    answers = {who: {"05.1": f"own_{who}", "05.2": f"same_{who}"} for who in "abcd"}
    shown = page({NAME: (chain, answers)}, {who: who for who in "abcd"})
    assert "same_d" in shown and "own_" not in shown
    assert "sequences of 8 words and signs" in shown


@pytest.fixture
def marks(tmp_path):
    """A gradebook in which Bob has Ada's answer."""
    folder = tmp_path / "marks"
    folder.mkdir()
    codes = {
        "ada.lovelace@u.example": ("Ada Lovelace", OWN + "\nby = 'Ada, Lovelace'  # Ada\n"),
        "7": ("Bob Byte", COPIED),
        "8": ("Cai Cache", OTHER),
    }
    with Gradebook(folder / BOOK) as book:
        for student, (name, code) in codes.items():
            task = TaskGrade("05.1", "Loss", 1.0, 2.0, "wrong", "You halve twice.", code=code)
            book.put(Grade(student, name, f"{name}/x.ipynb", NAME, [task], seed=1234567), "key")
    return folder


def test_the_report_names_nobody_unless_it_is_asked_to(marks, capsys):
    """A report of copies was asked for in https://github.com/ucbds-infra/otter-grader/issues/622
    and in https://github.com/jupyter/nbgrader/issues/1837."""
    assert main_in(COURSE, "similar", marks) == 0
    assert (
        "1 group of students whose answers are more alike than the task explains"
        in capsys.readouterr().out
    )
    report = (marks / "similar.html").read_text()
    assert "Bob" not in report
    assert re.search(r"student \d, student \d</h2>", report)
    assert "no proof" in report
    assert main_in(COURSE, "similar", marks, "--names") == 0
    assert "Bob Byte, Ada Lovelace</h2>" in (marks / "similar.html").read_text()


def test_the_export_holds_no_name(marks, tmp_path, capsys):
    target = tmp_path / "answers.jsonl"
    assert main_in(COURSE, "export", marks, "--to", target) == 0
    text = target.read_text()
    assert not re.search("ada|lovelace|bob|cache|u.example|ipynb|1234567|one example", text, re.I)
    rows = [json.loads(line) for line in text.splitlines()]
    assert sorted(row["student"] for row in rows) == ["student 1", "student 2", "student 3"]
    assert {row["mistake"] for row in rows} == {"You halve twice."}
    assert any("enumerate(outputs)" in row["code"] for row in rows)


def test_a_name_that_python_has_too_stays_in_code(marks, tmp_path):
    with Gradebook(marks / BOOK) as book:
        task = TaskGrade(
            "05.1", "Loss", 1.0, 2.0, "wrong", code="y = np.max(x)  # Max\nby = 'Mayer'"
        )
        book.put(Grade("9", "Max Mayer", "m/x.ipynb", NAME, [task], seed=1), "key")
    target = tmp_path / "answers.jsonl"
    assert main_in(COURSE, "export", marks, "--to", target) == 0
    codes = [json.loads(line)["code"] for line in target.read_text().splitlines()]
    assert "y = np.max(x)\nby = '…'" in codes


def test_a_folder_without_a_gradebook(tmp_path, capsys):
    assert main_in(COURSE, "similar", tmp_path) == 2
    assert "contains no gradebook" in capsys.readouterr().err


def test_comments_are_taken_out_of_any_text():
    assert without_comments("a = '#'  # x\n# y\nb") == "a = '#'\n\nb"
    assert without_comments("def f(:  # x\n  '''open # y") == "def f(:\n  '''open"
