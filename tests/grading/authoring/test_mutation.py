"""The tool that plants bugs in answers: what it plants, and what it says of it."""

import ast
import importlib.util
import json
import random
from itertools import combinations

import pytest

from coursekit.grading.authoring.answer_catalogue import read_catalogue
from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.reference import solution

from ..small_course import COUNTER, MEAN, NAME


@pytest.fixture(scope="module")
def tool():
    file = find_course().root / "tools" / "mutation.py"
    spec = importlib.util.spec_from_file_location("mutation", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RULES = '''
def rules(x, k, low=1):
    """Three rules."""
    if x > k:
        return "high"
    if x == k and low or x:
        return "equal"
    elif max(x, k) < 0:
        return "negative"
    else:
        x = np.mean(np.clip(x, 0, k))
    return x
'''


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("if x > k:", "if x >= k:"),
        ("if x > k:", "if True:"),
        ("if x == k and low or x:", "if max(x, k) < 0:"),  # branches exchanged
        ("x = np.mean(np.clip(x, 0, k))", "x = np.median(np.clip(x, 0, k))"),
        ("np.clip(x, 0, k)", "np.clip(x, k)"),  # an argument dropped
        ("np.clip(x, 0, k)", "np.clip(0, x, k)"),
        ("max(x, k)", "min(x, k)"),
        ("x == k and low or x", "x == k and low:"),  # a condition dropped
        ('"""Three rules."""', '"""Three rules."""\n    k = 0'),  # an argument ignored
    ],
)
def test_what_is_planted(tool, line, other):
    assert line in RULES or line in ast.unparse(ast.parse(RULES))
    texts = [text for edit in tool.edits(RULES) if (text := tool.edited(RULES, edit))]
    assert any(other in text for text in texts)
    for text in texts:
        ast.parse(text)
        assert text != ast.unparse(ast.parse(RULES))


def test_neighbouring_statements_are_exchanged_and_the_docstring_stays(tool):
    texts = [text for edit in tool.edits(RULES) if (text := tool.edited(RULES, edit))]
    first, second = "if x > k:", "if x == k and low or x:"
    assert any(second in t and first in t and t.index(second) < t.index(first) for t in texts)
    assert all(ast.get_docstring(ast.parse(t).body[0]) == "Three rules." for t in texts)


def test_pairs_change_two_places(tool):
    own = {"answer-01-1": RULES}
    drawn = list(tool.pair_mutants(own, 40, random.Random(0)))
    assert len({pair.cells for pair in drawn}) > 35
    assert drawn == list(tool.pair_mutants(own, 40, random.Random(0)))
    singles = {single.cells[0] for single in tool.single_mutants(own)}
    assert not singles & {pair.cells[0] for pair in drawn}
    nested = "x = a + b * c"
    assert not any(tool.edited(nested, *pair) for pair in combinations(tool.edits(nested), 2))


def test_each_wrong_answer_of_the_catalogue_is_a_start(tool, course):
    entries = [e for e in read_catalogue(course.answers_file(NAME)) if e.task == "01.1"]
    wrong = [entry for entry in entries if not entry.right]
    drawn = list(tool.mistake_mutants({"a": MEAN}, wrong, 2, random.Random(0)))
    assert len(drawn) == 2 * len(wrong)
    assert all(mutant.cells[0] == MEAN and len(mutant.cells) == 2 for mutant in drawn)


@pytest.mark.parametrize(
    ("body", "caught"),
    [
        ("return np.mean(x)", False),
        ("return x.sum()", True),
        ("import os; os._exit(0)", True),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", True),
        ("return np.zeros(10**12)", True),
    ],
)
def test_a_mutant_that_ends_its_process_is_caught(tool, ready, body, caught):
    cell = f"def mean(x):\n    {body}\n\ndef spread(x):\n    return np.std(x)"
    assert (tool.judged(ready, "01.1", [cell]) is None) is caught


def test_a_survivor_returns_something_else_than_the_courses_own_answer(tool, ready):
    cell = COUNTER.replace("### BEGIN SOLUTION", "pass").replace("### END SOLUTION", "pass")
    own = tool.judged(ready, "01.2", [cell])
    same = cell.replace("self.value + by", "by + self.value")
    near = cell.replace("return self.value", "return self.value * (1 + 1e-8)")
    assert own == tool.judged(ready, "01.2", [same])
    assert tool.judged(ready, "01.2", [near]) not in (own, None)


def test_a_change_is_known_alone_or_with_other_known_ones(tool):
    known = [["- a", "+ b"], ["- c", "+ d"]]
    assert tool.is_known("      - a\n      + b", known)
    assert tool.is_known("- a\n+ b\n- c\n+ d", known)
    assert not tool.is_known("- a\n+ b\n- c\n+ e", known) and not tool.is_known("- a", known)


def test_each_known_change_has_a_task_and_a_reason(tool):
    tasks = {id for name in find_course().names for id in solution(find_course(), name).tasks}
    for entry in json.loads(tool.EQUIVALENT.read_text("utf-8")):
        assert set(entry) == {"task", "change", "why"} and entry["task"] in tasks
        assert len(entry["why"]) > 20 and all(line[:1] in "+-" for line in entry["change"])
