"""What must hold of every task of every exercise, whoever writes it."""

import ast
import contextlib
import functools
import json
from functools import cache
from itertools import takewhile

import pytest

from coursekit.grading import judge_answer
from coursekit.grading.authoring.answer_catalogue import CatalogueEntry
from coursekit.grading.authoring.record import catalogue_of, stale
from coursekit.grading.course.notebook import Exercise, cell_id, parse, source_of, with_answers
from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.answer_proxy import AnswerError, BackendFactory
from coursekit.grading.judge.judge import setup_namespace
from coursekit.grading.judge.limits import quiet_screen
from coursekit.grading.judge.local import LocalBackend, run_cell
from coursekit.grading.judge.recording import Recording, load
from coursekit.grading.judge.reference import run_reference, solution
from coursekit.grading.judge.runner import run
from coursekit.grading.judge.verdict import Verdict
from coursekit.grading.student.grade_notebook import grade_notebooks

from .corpus.kernels import AT_ONCE, ForkedManager

COURSE = find_course()
# What an edition in another language calls a task, a hint, an example and an empty answer.
TASK, HINT, EXAMPLE, EMPTY = {
    "en": ("Task", "Hint", "xample", "Task {}: not written yet (0 of "),
    "ru": ("Задание", "Подсказка", "ример", "Задание {}: ещё не написано (баллы: 0 из "),
}[COURSE.language]
RECORDED = [name for name in COURSE.names if COURSE.recorded_file(name).exists()]
TASKS = [(name, task) for name in RECORDED for task in load(COURSE.recorded_file(name)).points]
ENTRIES = [
    pytest.param(name, entry, id=f"{entry.task}-{place}")
    for name in RECORDED
    for place, entry in enumerate(catalogue_of(COURSE, solution(COURSE, name)))
]


DAMAGES = ("def oh(:", "raise ValueError('oh')")


@cache
def recording(name: str) -> Recording:
    return load(COURSE.recorded_file(name))


@cache
def exercise(name: str) -> Exercise:
    return solution(COURSE, name)


def place_of(name: str, what: str | CatalogueEntry) -> str:
    """Say where to edit a task's text, its tests or an entry of its catalogue."""
    if isinstance(what, CatalogueEntry):
        return f"{COURSE.answers_file(name).relative_to(COURSE.root)}:{what.line}"
    tests = COURSE.test_file(name)
    lines = tests.read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if f'"{what}"' in text)
    return f"{tests.relative_to(COURSE.root)}:{line}"


def text_of(name: str, task: str) -> str:
    return f"solutions/{name}.ipynb, cell task-{task.replace('.', '-')}"


def own_cells(name: str, task: str) -> list[str]:
    return list(exercise(name).tasks[task].answers.values())


@cache
def verdict_on(name: str, entry: CatalogueEntry) -> Verdict:
    """Judge an entry of the catalogue, which replaces parts of the course's own answer."""
    cells = [*own_cells(name, entry.task), entry.source]
    return judge_answer(entry.task, cells, seconds=60)  # on a busy machine


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_own_answer_gets_full_marks_live_and_replayed(name, task):
    replayed = judge_answer(task, own_cells(name, task))
    own = run_reference(exercise(name))
    live = Verdict(task, run(COURSE.test_file(name), student=own, reference=own, tasks=[task]))
    for verdict in (live, replayed):
        assert verdict.status == "done", f"{place_of(name, task)}: {verdict.sentence}"
    assert replayed.points == live.points == recording(name).points[task]


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_empty_answer_gets_nothing(name, task):
    stubs = list(parse(recording(name).notebook, name).tasks[task].answers.values())
    for cells in (stubs, [*stubs, "# not changed, but run"]):
        empty = judge_answer(task, cells)
        assert (empty.status, empty.points) == ("missing", 0.0), (
            f"{place_of(name, task)}: an empty answer gets {empty.points} points"
        )
        assert empty.possible == recording(name).points[task]


def definitions(cells: list[str]) -> dict[str, str]:
    """The functions and classes of an answer, without comments and layout."""
    nodes = (node for source in cells for node in ast.parse(source).body)
    return {n.name: ast.dump(n) for n in nodes if isinstance(n, (ast.FunctionDef, ast.ClassDef))}


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_catalogue_has_enough_answers(name, task):
    """A mistake for each function that the task asks for, and each written in another way."""
    entries = [e for e in catalogue_of(COURSE, exercise(name)) if e.task == task]
    own = definitions(own_cells(name, task))
    catalogue = COURSE.answers_file(name).relative_to(COURSE.root)
    mistakes = sum(not entry.right for entry in entries)
    assert mistakes >= max(len(own), 1), (
        f"{catalogue}: {task} asks for {len(own)} functions or classes; {mistakes} mistakes are few"
    )
    others = [definitions([entry.source]).items() for entry in entries if entry.right]
    only = [f for f in own if not any(f in dict(o) and dict(o)[f] != own[f] for o in others)]
    assert others and not only, (
        f"{catalogue}: no right answer to {task} writes {', '.join(only)} in another way"
    )


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_known_answer_is_judged_rightly(name, entry):
    verdict = verdict_on(name, entry)
    where = f"{place_of(name, entry)}: {entry.task}, {entry.says}"
    tests = place_of(name, entry.task)
    if entry.right:
        assert verdict.status == "done", (
            f"{where}: this right answer is judged as wrong. It may be wrong, or the test be "
            f"({tests}), or the course's own answer: {verdict.sentence}"
        )
        return
    assert verdict.points < verdict.possible, (
        f"{where}: this mistake gets full marks: no input of the test tells it ({tests})"
    )
    assert {result.status for result in verdict.results} <= {"passed", "failed"}, (
        f"{where}: {verdict.sentence}"
    )
    assert all(result.message.strip() for result in verdict.results if not result.passed)
    assert verdict.mistake == entry.says and entry.says in verdict.sentence, (
        f"{where}: the check names {verdict.mistake or 'no mistake'}"
    )


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_reference_calls_do_not_depend_on_the_answer(name, entry):
    for result in verdict_on(name, entry).results:
        recorded = recording(name).reference[result.test]
        asked = [(c.target, c.fingerprint) for c in result.reference.calls]
        assert asked == [(c.target, c.fingerprint) for c in recorded.calls][: len(asked)]
        inputs = [case[0] for case in result.reference.cases]
        assert inputs == [case[0] for case in recorded.cases][: len(inputs)]


def points_by_seed(name: str, entry: CatalogueEntry) -> list[float]:
    """The points of an entry of the catalogue with the inputs of ten submissions."""
    found = []
    for seed in range(1, 11):
        namespace = setup_namespace(parse(recording(name).notebook, name))
        with quiet_screen():
            for cell in [*own_cells(name, entry.task), entry.source]:
                with contextlib.suppress(AnswerError):
                    run_cell(cell, namespace, "answer", 60)
            results = run(
                COURSE.test_file(name),
                student=lambda task, test, names=namespace: LocalBackend(names, 60),
                reference=reference_answers(name),
                tasks=[entry.task],
                seed=seed,
            )
        found.append(sum(result.points for result in results if result.passed))
    return found


@cache
def reference_answers(name: str) -> BackendFactory:
    return run_reference(exercise(name))


@pytest.mark.long
@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_drawn_inputs_do_not_decide_about_the_points(name, entry):
    """Two students with the same answer get the same points."""
    found = points_by_seed(name, entry)
    assert len(set(found)) == 1, f"{place_of(name, entry)}: {entry.task}, {entry.says}: {found}"


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_task_has_a_heading_hints_and_an_example(name, task):
    (text,) = (
        source_of(cell)
        for cell in recording(name).notebook["cells"]
        if cell_id(cell) == f"task-{task.replace('.', '-')}"
    )
    where = text_of(name, task)
    assert text.startswith(f"## {TASK} {task}: ") and exercise(name).tasks[task].title, where
    assert 1 <= text.count(f"<summary>{HINT}") <= 3, (
        f"{where}: one to three hints, each in <details>"
    )
    assert EXAMPLE in text, f"{where}: it has no example"


def test_a_broken_cell_costs_its_task_alone(tmp_path, forked):
    """Break every other task's cells: these get nothing, the others all."""
    files, broken = [], []
    for number, name in enumerate(RECORDED):
        tasks, damage = exercise(name).tasks, DAMAGES[number % 2]
        broken.append(list(tasks)[number % 2 :: 2])
        answers = {
            id: damage if task in broken[-1] else source
            for task in tasks
            for id, source in tasks[task].answers.items()
        }
        path = tmp_path / str(len(files)) / f"{name}.ipynb"
        path.parent.mkdir()
        path.write_text(json.dumps(with_answers(recording(name).notebook, answers)))
        files.append((name, path))
    start = functools.partial(ForkedManager, forked)
    results = grade_notebooks(COURSE, files, manager=start, at_once=AT_ONCE)
    for (name, _), wrong, graded in zip(files, broken, results, strict=True):
        for task, outcome in graded.outcomes.items():
            wanted = (
                ("wrong", 0.0) if task in wrong else ("done", exercise(name).tasks[task].points)
            )
            assert (outcome.status, outcome.points) == wanted, (name, task)
            assert task not in wrong or "oh" in outcome.summary


@pytest.mark.parametrize("name", RECORDED)
def test_untouched_notebook_runs_to_its_end(name, forked):
    """As a student gets it, in ``exercises/``; each check says that nothing is written yet."""
    before = COURSE.progress.read_bytes() if COURSE.progress.exists() else None
    notebook = recording(name).notebook
    ids = [cell_id(cell) for cell in notebook["cells"]]
    shown = dict(zip(ids, forked.outputs(notebook, COURSE.exercises), strict=True))
    assert not [output for outputs in shown.values() for output in outputs if "ename" in output]
    for task in exercise(name).tasks:
        (report,) = shown[f"check-{task.replace('.', '-')}"]  # and not the points as a line
        assert report["data"]["text/plain"].startswith(EMPTY.format(task))
    after = COURSE.progress.read_bytes() if COURSE.progress.exists() else None
    assert after == before


@pytest.mark.parametrize("name", COURSE.names)
def test_student_notebook_and_recording_are_fresh(name, monkeypatch):
    """The catalogue's answers are recorded as they have been judged above."""
    monkeypatch.setattr(
        "coursekit.grading.authoring.record.try_entry",
        lambda course, exercise, entry, reference: list(verdict_on(name, entry).results),
    )
    assert not stale(COURSE, name, pairs=False), "run `make exercises`"


@pytest.mark.long
@pytest.mark.parametrize("name", COURSE.names)
def test_recordings_of_two_mistakes_together_are_fresh(name):
    assert not stale(COURSE, name), "run `make exercises`"


@pytest.mark.parametrize("name", COURSE.names)
def test_every_assertion_has_a_message_and_every_test_a_sentence(name):
    tree = ast.parse(COURSE.test_file(name).read_text(encoding="utf-8"))
    bare = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Assert) and n.msg is None]
    file = COURSE.test_file(name).relative_to(COURSE.root)
    assert not bare, f"{file}: a student would be told nothing by the assertions in lines {bare}"
    tests = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name[:5] == "test_"]
    silent = [t.lineno for t in tests if not (ast.get_docstring(t) or "").endswith(".")]
    assert not silent, f"{file}: the tests in lines {silent} need a docstring that is a sentence"


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
                    assert len(text) < 12 or text not in handed_out, (
                        f"solutions/{name}.ipynb, task {task.id}: students read this line of the "
                        f"answer in the exercise or its recording: {text}"
                    )
