"""`judge_answer` gives the verdict of ``coursekit grade`` and the report of ``check``."""

import functools
import json
from contextlib import redirect_stdout
from io import StringIO

import numpy as np
import pytest

from coursekit.grading import check, judge_answer
from coursekit.grading.course.notebook import with_answers
from coursekit.grading.course.paths import CourseError
from coursekit.grading.judge.recording import recorded
from coursekit.grading.student.grade_notebook import grade_notebooks

from ..corpus.kernels import AT_ONCE, ForkedManager
from ..small_course import MEAN, NAME

ANSWERS = {
    "right": MEAN,
    "known mistake": MEAN + "\ndef mean(x): return x.sum()",
    "unknown mistake": MEAN + "\ndef mean(x): return x",
    "half written": "def mean(x): return x.mean()",
    "not written": "def mean(x): raise NotImplementedError",
    "empty": "",
    "broken": "def mean(x:",
    "broken at its end": MEAN + "\n1 / 0",
    "forbidden": "import sklearn\n" + MEAN,
    "forbidden within": MEAN + "\ndef spread(x):\n    import sklearn\n    return x.std()",
    "interrupted": "raise KeyboardInterrupt",
    "no function": "mean = 3",
}


def test_the_verdict_is_that_of_grade(ready, tmp_path, forked):
    notebook, files = recorded(ready, NAME).notebook, []
    for number, source in enumerate(ANSWERS.values()):
        files.append((NAME, tmp_path / f"{number}" / "answer.ipynb"))
        files[-1][1].parent.mkdir()
        files[-1][1].write_text(json.dumps(with_answers(notebook, {"answer-01-1": source})))
    start = functools.partial(ForkedManager, forked)
    results = grade_notebooks(ready, files, manager=start, at_once=AT_ONCE)
    for (answer, source), graded in zip(ANSWERS.items(), results, strict=True):
        verdict, outcome = judge_answer("01.1", source, course=ready), graded.outcomes["01.1"]
        assert (verdict.points, verdict.possible) == (outcome.points, outcome.possible), answer
        assert verdict.summary == outcome.summary, answer
        # `sklearn` is not installed, so the kernel's cell fails and defines nothing.
        assert verdict.status == outcome.status or answer == "forbidden"


@pytest.mark.parametrize("answer", ["right", "known mistake", "half written", "not written"])
def test_the_sentence_is_the_report_of_check(ready, monkeypatch, answer):
    namespace = {"np": np, "count": len, "check": check}
    exec(ANSWERS[answer], namespace)
    monkeypatch.chdir(ready.solutions)
    with redirect_stdout(StringIO()) as out:
        points = eval("check('01.1')", namespace)
    verdict = judge_answer("01.1", ANSWERS[answer])
    assert verdict.sentence == out.getvalue().rstrip("\n") and verdict.points == points


def test_what_a_verdict_holds(ready):
    verdict = judge_answer("01.1", ANSWERS["known mistake"], course=ready)
    says = "You forgot to divide by the number of values."
    assert (verdict.points, verdict.possible, verdict.status) == (0.5, 2.5, "wrong")
    assert verdict.mistake == says and verdict.sentence.endswith(f"Perhaps this is it: {says}")
    assert judge_answer("01.1", MEAN, course=ready).mistake is None


def test_it_needs_no_solutions(ready):
    for path in (ready.solutions / f"{NAME}.ipynb", ready.answers_file(NAME)):
        path.unlink()
    assert judge_answer("01.1", MEAN, course=ready).status == "done"


def test_several_cells_run_in_order_and_share_their_names(ready):
    mean, spread = MEAN.split("\n\n\n")
    assert judge_answer("01.1", [mean, spread], course=ready).points == 2.5
    verdict = judge_answer("01.1", ["half = 0.5", MEAN, "def mean(x): return half"], course=ready)
    assert verdict.points == 0.5
    stub = recorded(ready, NAME).notebook["cells"][4]["source"]
    assert judge_answer("01.1", [stub], course=ready).status == "missing"


def test_no_answer_meets_what_another_left(ready):
    assert judge_answer("01.1", MEAN, course=ready).status == "done"
    verdict = judge_answer("01.1", "def mean(x): return x.mean()", course=ready)
    assert [result.status for result in verdict.results] == ["passed", "passed", "missing"]


def test_an_endless_answer_is_stopped(ready):
    answer = MEAN + "\ndef mean(x):\n    while True: pass"
    verdict = judge_answer("01.1", answer, course=ready, seconds=0.2)
    assert "did not finish within 0.2 s" in verdict.summary
    assert [result.status for result in verdict.results] == ["stopped", "skipped", "skipped"]


@pytest.mark.parametrize("task", ["01.9", "77.1", "1", None])
def test_there_must_be_such_a_task(ready, task):
    with pytest.raises(CourseError):
        judge_answer(task, MEAN, course=ready)


@pytest.mark.parametrize(
    ("lr", "rho", "says"),
    [(0.0248, 0.6, "It is still 0.12 away"), (0.033, 0.85, "after 56 steps, and leaves")],
)
def test_a_walk_that_arrives_when_time_is_up_has_not_left(lr, rho, says):
    source = f"""
class HeavyBall:
    v = 0.0

    def step(self, theta, grad):
        self.v = {rho} * self.v + grad
        return theta - {lr} * self.v


def for_turned_valley():
    return HeavyBall()


def for_straight_valley():
    return None
"""
    sentence = judge_answer("07.8", source).results[0].message
    assert says in sentence and ("leaves" in sentence) == ("leaves" in says)
