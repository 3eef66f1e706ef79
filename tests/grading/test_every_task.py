"""What must hold of every task of every exercise, whoever writes it."""

import ast
import asyncio
import json
from functools import cache
from itertools import takewhile

import nbformat
import pytest
from nbclient import NotebookClient

from coursekit.grading.authoring.catalogue import Known, read_catalogue
from coursekit.grading.authoring.record import try_known
from coursekit.grading.authoring.student_version import with_answers
from coursekit.grading.authoring.up_to_date import stale
from coursekit.grading.course.notebook import Exercise, cell_id, parse, source_of
from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.cells import fresh, run_cell
from coursekit.grading.judge.judge import judge
from coursekit.grading.judge.local import LocalSource
from coursekit.grading.judge.misconceptions import name_mistake
from coursekit.grading.judge.recording import Recording, load
from coursekit.grading.judge.reference import live, solution
from coursekit.grading.judge.runner import run
from coursekit.grading.judge.verdict import Outcome, Verdict
from coursekit.grading.student.grade_notebook import grade_notebook

COURSE = find_course()
RECORDED = [name for name in COURSE.names if COURSE.recorded_file(name).exists()]
TASKS = [(name, task) for name in RECORDED for task in load(COURSE.recorded_file(name)).points]
KNOWN = [
    pytest.param(name, known, id=f"{known.task}-{place}")
    for name in RECORDED
    for place, known in enumerate(read_catalogue(COURSE.answers_file(name)))
]


@cache
def recording(name: str) -> Recording:
    return load(COURSE.recorded_file(name))


@cache
def exercise(name: str) -> Exercise:
    return solution(COURSE, name)


def verdict(name: str, task: str, student: Exercise) -> Verdict:
    """Judge the answers of an exercise as a check in its notebook would."""
    space = fresh()
    for id, source in {**student.setup, **student.tasks[task].answers}.items():
        run_cell(source, space, id)
    return judge(
        COURSE,
        name,
        student=lambda task, test: LocalSource(space),
        reference=recording(name).source,
        mistakes=recording(name).mistakes,
        task=task,
    )[task]


@cache
def tried(name: str, known: Known) -> list[Outcome]:
    """Run a known answer, against what is recorded."""
    return try_known(COURSE, exercise(name), known, recording(name).source)


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_own_answer_gets_full_marks_live_and_replayed(name, task):
    replayed = verdict(name, task, exercise(name))
    own = live(exercise(name))
    outcomes = run(COURSE.test_file(name), student=own, reference=own, task=task)
    assert replayed.status == "done"
    assert replayed.points == recording(name).points[task] == Verdict(task, outcomes).points


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_empty_answer_gets_nothing(name, task):
    empty = verdict(name, task, parse(recording(name).notebook, name))
    assert (empty.status, empty.points) == ("missing", 0.0)


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_catalogue_has_enough_answers(name, task):
    known = [k for k in read_catalogue(COURSE.answers_file(name)) if k.task == task]
    assert sum(not k.right for k in known) >= 4
    assert sum(k.right for k in known) >= 2


@pytest.mark.parametrize(("name", "known"), KNOWN)
def test_known_answer_is_judged_rightly(name, known):
    outcomes = tried(name, known)
    if known.right:
        problems = [f"{o.test}: {o.message}" for o in outcomes if not o.passed]
        assert not problems, f"{known.says}: {problems}"
        return
    assert {o.status for o in outcomes} <= {"passed", "failed"}
    assert all(o.message.strip() for o in outcomes if not o.passed)
    assert name_mistake(outcomes, recording(name).mistakes[known.task]) == known.says


@pytest.mark.parametrize(("name", "known"), KNOWN)
def test_reference_calls_do_not_depend_on_the_answer(name, known):
    for outcome in tried(name, known):
        asked = [(c.target, c.fingerprint) for c in outcome.reference.calls]
        recorded = [(c.target, c.fingerprint) for c in recording(name).reference[outcome.test]]
        assert asked == recorded[: len(asked)]


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_task_has_a_heading_hints_and_an_example(name, task):
    (text,) = (
        source_of(cell)
        for cell in recording(name).notebook["cells"]
        if cell_id(cell) == f"task-{task.replace('.', '-')}"
    )
    assert text.startswith(f"## Task {task}: ") and exercise(name).tasks[task].title
    assert 1 <= text.count("<summary>Hint") <= 3
    assert "xample" in text


@pytest.mark.parametrize("damage", ["def oh(:", "raise ValueError('oh')"])
@pytest.mark.parametrize("which", [0, 1], ids=["even tasks", "odd tasks"])
@pytest.mark.parametrize("name", RECORDED)
def test_a_broken_cell_costs_its_task_alone(name, which, damage, tmp_path):
    """Break every other task's cells: these get nothing, the others all."""
    tasks = exercise(name).tasks
    broken = list(tasks)[which::2]
    answers = {
        id: damage if task in broken else source
        for task in tasks
        for id, source in tasks[task].answers.items()
    }
    path = tmp_path / f"{name}.ipynb"
    path.write_text(json.dumps(with_answers(recording(name).notebook, answers)))
    for task, verdict in grade_notebook(COURSE, name, path).verdicts.items():
        wanted = ("wrong", 0.0) if task in broken else ("done", tasks[task].points)
        assert (verdict.status, verdict.points) == wanted
        assert task not in broken or "oh" in verdict.sentence


@pytest.mark.parametrize("name", RECORDED)
def test_untouched_notebook_runs_to_its_end(name):
    """As a student gets it, in ``exercises/``; each check says that nothing is written yet."""
    before = COURSE.progress.read_bytes() if COURSE.progress.exists() else None
    notebook = nbformat.from_dict(recording(name).notebook)
    folder = {"metadata": {"path": str(COURSE.exercises)}}
    asyncio.run(NotebookClient(notebook, resources=folder, timeout=120).async_execute())
    for task in exercise(name).tasks:
        (check,) = (c for c in notebook.cells if c.id == f"check-{task.replace('.', '-')}")
        report, points = check.outputs
        assert report["data"]["text/plain"].startswith(f"Task {task}: not written yet (0 of ")
        assert points["data"]["text/plain"] == "0.0"
    after = COURSE.progress.read_bytes() if COURSE.progress.exists() else None
    assert after == before


@pytest.mark.parametrize("name", COURSE.names)
def test_student_notebook_and_recording_are_fresh(name):
    assert not stale(COURSE, name), "run `make exercises`"


@pytest.mark.parametrize("name", COURSE.names)
def test_every_assertion_has_a_message_and_every_test_a_sentence(name):
    tree = ast.parse(COURSE.test_file(name).read_text(encoding="utf-8"))
    bare = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Assert) and n.msg is None]
    assert not bare, f"a student would be told nothing by the assertions in lines {bare}"
    tests = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name[:5] == "test_"]
    assert all((ast.get_docstring(test) or "").endswith(".") for test in tests)


@pytest.mark.parametrize("name", RECORDED)
def test_no_line_of_a_solution_is_handed_out(name):
    """Lines that stand inside markers only, and are long enough to be telling."""
    handed_out = COURSE.recorded_file(name).read_text(encoding="utf-8")
    handed_out += (COURSE.exercises / f"{name}.ipynb").read_text(encoding="utf-8")
    for task in exercise(name).tasks.values():
        for source in task.answers.values():
            lines = iter(source.splitlines())
            for line in lines:
                if line.strip() != "### BEGIN SOLUTION":
                    continue
                for secret in takewhile(lambda x: x.strip() != "### END SOLUTION", lines):
                    text = secret.strip()
                    assert len(text) < 12 or text not in handed_out, text
