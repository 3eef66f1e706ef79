"""The students' copy of the course holds no answer, and its checks work where it lies."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import mistune
import nbformat
import pytest
from nbclient import NotebookClient

from coursekit.cli import main
from coursekit.grading import judge_answer
from coursekit.grading.authoring.bundle import _FILES, write_bundle
from coursekit.grading.authoring.record import catalogue_of, write_exercise
from coursekit.grading.course.notebook import answer_cells, task_id
from coursekit.grading.course.paths import Course, CourseError, find_course
from coursekit.grading.judge.recording import load
from coursekit.grading.judge.reference import read_notebook, solution
from coursekit.grading.student.working_copy import update_copy

from ..small_course import NAME, cell, edit, solutions_notebook, write_notebook

COURSE = find_course()
NAMES = COURSE.names
SCRATCH = "what_i_tell_the_class = 'nothing of this file'"

# How long a line of an answer is to count, without its spaces. What is shorter (`return w`) stands
# in any program; the files of the same exercise must not even hold short ones. Lectures and the
# package speak about the same mathematics, where a formula such as `s = x @ w - w0` is no secret.
IN_ITS_EXERCISE, ELSEWHERE = 8, 20
# Lines that an answer shares with the rest of the bundle, and why that gives nothing away.
SHARED = {
    "import itertools": "an import, in a known mistake",
    "import math": "an import, in another right answer",
    "return None": "where nothing was found",
    "for i in range(len(x)):": "the head of a loop",
    "for n_in, n_out in pairwise(widths):": "the head of a loop",
    "for x_i, t_i in zip(x, t, strict=True):": "the head of a loop",
    "order = rng.permutation(len(x))": "a random order",
    "return layers": "a test's return of several things begins so",
    "return np.sqrt(np.mean(values**2))": "the lecture's definition of the size",
    "return self.forward(x)": "a layer that infers as it trains",
    "rng = np.random.default_rng(0)": "a generator",
    "rng = np.random.default_rng(seed)": "a generator",
    "return (x @ w - w0 > 0).astype(int)": "the lecture's definition of the model",
    "return (s > 0).astype(int)": "the lecture's definition of the model",
    "self.cache = self.beta * self.cache + (1 - self.beta) * grad**2": "RMSProp's formula",
    "self.cache = self.cache + grad**2": "AdaGrad's formula, as the lecture writes it",
    "self.v = self.rho * self.v + grad": "momentum's formula, as the lecture writes it",
    "x_hat = (x - self.running_mean) / np.sqrt(self.running_var + self.eps)": "the package's layer",
}


def squeezed(text):
    return re.sub(r"\s+", "", text)


def teachers_copy(root):
    """The course as a teacher may have it: answers tried in exercises/, notes in notebooks/."""
    for name in ("coursekit", "notebooks", "solutions", "tests/exercises"):
        shutil.copytree(COURSE.root / name, root / name)
    for name in os.listdir(COURSE.root):
        if (COURSE.root / name).is_file():
            shutil.copy(COURSE.root / name, root / name)
    shutil.copytree(root / "solutions", root / "exercises")
    (root / "notebooks" / "notes.ipynb").write_text(SCRATCH)
    (root / "notebooks" / ".01_linear_limits.ipynb.swp").write_text(SCRATCH)
    (root / "coursekit" / "__pycache__").mkdir(exist_ok=True)
    (root / "coursekit" / "__pycache__" / "old.pyc").write_text(SCRATCH)
    return Course(root)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    to = folder / "handout"
    files = write_bundle(teachers_copy(folder / "course"), to)
    assert set(files) == {path.relative_to(to) for path in to.rglob("*") if path.is_file()}
    return to


def strings(code):
    """All texts in something read from JSON; the lines of a cell as one."""
    if isinstance(code, str):
        yield code
    elif isinstance(code, dict):
        for key, value in code.items():
            yield from (key, *strings(value))
    elif isinstance(code, list):
        yield "".join(part for part in code if isinstance(part, str))
        for value in code:
            if not isinstance(value, str):
                yield from strings(value)


def texts(folder):
    """What is in the files of a folder, without spaces; of JSON the strings."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        text = path.read_bytes().decode("utf-8", "replace")
        if path.suffix in (".ipynb", ".json"):
            text = "\n".join(strings(json.loads(text)))
            text = re.sub(r"[A-Za-z0-9+/]{1000,}=*", "", text)  # pictures
        found[path.relative_to(folder).as_posix()] = squeezed(text)
    return found


@cache
def secrets():
    """The lines of all answers, known mistakes and known right answers that no stub holds."""
    lines = {}
    for name in NAMES:
        stubs = "\n".join(answer_cells(load(COURSE.recorded_file(name)).notebook).values())
        handed_out = {squeezed(line) for line in stubs.splitlines()}
        tasks = solution(COURSE, name).tasks.values()
        sources = [(task.id, source) for task in tasks for source in task.answers.values()]
        sources += [
            (known.task, known.source) for known in catalogue_of(COURSE, solution(COURSE, name))
        ]
        for task, source in sources:
            for line in source.splitlines():
                for text in (line, line.partition("  #")[0]):
                    if squeezed(text) not in handed_out and "### " not in text:
                        lines.setdefault(squeezed(text), (text.strip(), task))
    return lines


def leaks(found):
    """The lines of answers that these texts hold, with file and task."""
    everything = "\n".join(found.values())
    for text, (line, task) in secrets().items():
        if len(text) >= IN_ITS_EXERCISE and text in everything:
            for file in (file for file in found if text in found[file]):
                if len(text) >= ELSEWHERE or _exercise(file) == task[:2]:
                    yield file, line, task


def _exercise(file):
    """The number of the exercise that a file belongs to, if it belongs to one."""
    named = re.match(r"(?:exercises|tests)/.*?(\d\d)[^/]*$", file)
    return named and named[1]


def test_no_line_of_an_answer_is_in_the_bundle(bundle):
    assert len(secrets()) > 100 * len(NAMES)
    found = [leak for leak in leaks(texts(bundle)) if leak[1] not in SHARED]
    shown = [f"{file} holds {line!r}, of an answer to {task}" for file, line, task in found]
    assert not found, "; ".join(
        [*shown, f"reword one of the two, or say in SHARED of {__file__} why it gives nothing away"]
    )


def test_every_shared_line_is_one(bundle):
    everything = "\n".join(texts(bundle).values())
    assert [line for line in SHARED if squeezed(line) not in secrets()] == []
    assert [line for line in SHARED if squeezed(line) not in everything] == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("exercises/01.ipynb", '{"cells": [{"source": ["x\\n", "    %s"]}]}'),
        ("exercises/02.ipynb", '{"cells": [{"outputs": [{"text": "was: %s"}]}]}'),
        ("tests/exercises/recorded/01.json", '{"reference": "%s"}'),
        ("tests/exercises/test_01.py", "def f(x, w):\n\t%s\n"),
        ("coursekit/nn/x.py", "# %s"),
        ("notebooks/.hidden/README.md", "%s"),
    ],
)
def test_the_search_finds_what_is_hidden_anywhere(tmp_path, file, text):
    name = NAMES[0]
    wrong = next(k.source for k in catalogue_of(COURSE, solution(COURSE, name)) if not k.right)
    own = next(iter(solution(COURSE, name).tasks.values())).answers
    written = (source.splitlines() for source in (*own.values(), wrong))
    hidden = ([line.strip() for line in lines if squeezed(line) in secrets()] for lines in written)
    lines = [max(found, key=len) for found in hidden]
    for line in lines:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        code = json.dumps(line)[1:-1] if file.endswith(("ipynb", "json")) else line
        (tmp_path / file).write_text(text.replace("%s", code))
        assert file in {leak[0] for leak in leaks(texts(tmp_path))}


def test_nothing_but_the_students_files_is_in_it(bundle):
    files = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*")}
    assert not [f for f in files if "answers_" in f or "solutions/" in f or f.endswith(".pyc")]
    assert SCRATCH not in "\n".join(
        path.read_text("utf-8", "replace") for path in bundle.rglob("*") if path.is_file()
    )
    top = {"coursekit", "exercises", "notebooks", "tests", "README.md", "Makefile", "LICENSE"}
    top |= {"LICENSE-text.md", "environment.yml", "pyproject.toml", "student.lock", ".gitignore"}
    assert {path.name for path in bundle.iterdir()} == top
    tests = {f"test_{name}.py" for name in NAMES} | {"conftest.py", "recorded"}
    assert {path.name for path in (bundle / "tests" / "exercises").iterdir()} == tests


@pytest.mark.parametrize("name", NAMES)
def test_recorded_files_hold_values_and_no_code(bundle, name):
    """Beside the stubs and the tutors' sentences: names, words, digests, numbers as text."""
    code = json.loads(Course(bundle).recorded_file(name).read_text("utf-8"))
    del code["notebook"]
    for task in code["tasks"].values():
        del task["title"]
        for mistake in task["mistakes"]:
            assert "\n" not in mistake.pop("says")
    for text in strings(code):
        assert not re.search(r"\n|;|\b(def|return|lambda|import)\b|[^=!<>]=[^=]", text)
        assert not re.search(r"\b(for|while)\b.*(:|\bin\b)", text)


@pytest.mark.parametrize("name", NAMES)
def test_exercises_are_as_students_get_them(bundle, name):
    have = json.loads((bundle / "exercises" / f"{name}.ipynb").read_text("utf-8"))
    assert {c["id"] for c in have["cells"] if "YOUR CODE HERE" in "".join(c["source"])} == {
        c["id"] for c in have["cells"] if task_id(c["id"])
    }
    assert not any(c.get("outputs") or c.get("execution_count") for c in have["cells"])
    nbformat.validate(nbformat.from_dict(have))


def test_lectures_are_handed_out_without_outputs(bundle):
    """A stored output would answer the question above it."""
    lectures = sorted((bundle / "notebooks").glob("*.ipynb"))
    assert [p.name for p in lectures] == sorted(
        p.name for p in (COURSE.root / "notebooks").glob("[0-9]*.ipynb")
    )
    for path in lectures:
        ours, theirs = (
            json.loads(p.read_text("utf-8")) for p in (COURSE.root / "notebooks" / path.name, path)
        )
        assert any(cell.get("outputs") for cell in ours["cells"])
        assert not any(c.get("outputs") or c.get("execution_count") for c in theirs["cells"])
        assert [(c["id"], c["source"], c["metadata"]) for c in theirs["cells"]] == [
            (c["id"], c["source"], c["metadata"]) for c in ours["cells"]
        ]
        nbformat.validate(nbformat.from_dict(theirs))


def links(page):
    text = page.read_text("utf-8")
    if page.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    text = re.sub(r"\$\$.+?\$\$|\$[^$\n]+\$", "formula", text, flags=re.DOTALL)
    todo = list(mistune.create_markdown(renderer="ast", plugins=["table"])(text))
    while todo:
        node = todo.pop()
        todo += node.get("children", [])
        if node["type"] in ("link", "image"):
            yield node["attrs"]["url"]


def test_links_lead_somewhere(bundle):
    pages = [*bundle.glob("*.md"), *bundle.glob("*/*.ipynb")]
    found = [(page, link) for page in pages for link in links(page) if "://" not in link]
    assert len(found) > 2 * len(NAMES)
    gone = [(p.name, link) for p, link in found if not (p.parent / link.split("#")[0]).exists()]
    assert not gone


def environment(bundle):
    """As after `make lab` in the bundle: its package, and nothing of this copy of the course."""
    compiled = bundle.parent / "compiled"  # once for all tests, and not in the bundle
    return {**os.environ, "PYTHONPATH": str(bundle), "PYTHONPYCACHEPREFIX": str(compiled)}


CHECK = """
import io, json, sys
from contextlib import redirect_stdout
import coursekit
from coursekit.grading.judge.local import new_namespace, run_cell

said = []
for setup, answers, task in json.load(sys.stdin):
    space = new_namespace()
    run_cell("from coursekit import check", space, "import")
    for number, source in enumerate([*setup, *answers]):
        run_cell(source, space, f"cell {number}")
    with redirect_stdout(io.StringIO()) as report:
        exec(f'points = check("{task}")', space)
    said.append(report.getvalue())
    said.append(space["points"])
print(json.dumps([coursekit.__file__, *said]))
"""


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[] if n in NAMES[::3] else pytest.mark.long) for n in NAMES]
)
def test_each_check_works_in_the_bundle(bundle, name):
    """Untouched, right, and with a known mistake in each task."""
    exercise = solution(COURSE, name)
    stubs = answer_cells(read_notebook(bundle / "exercises" / f"{name}.ipynb"))
    wrong = {
        known.task: known.source for known in catalogue_of(COURSE, exercise) if not known.right
    }
    setup = list(exercise.setup.values())
    asked, expected = [], []
    for task in exercise.tasks.values():
        own = list(task.answers.values())
        mistaken = [*own, wrong[task.id]]
        here = judge_answer(task.id, mistaken, course=COURSE)
        asked += [
            (setup, [stubs[id] for id in task.answers], task.id),
            (setup, own, task.id),
            (setup, mistaken, task.id),
        ]
        full = f"{task.points:g} of {task.points:g} points"
        expected += [("not written yet", 0), (full, task.points), (here.sentence, here.points)]
        assert here.points < task.points
    run = subprocess.run(
        [sys.executable, "-c", CHECK],
        input=json.dumps(asked),
        cwd=bundle / "exercises",
        env=environment(bundle),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stderr
    package, *said = json.loads(run.stdout)
    assert Path(package).is_relative_to(bundle)
    for (words, reached), text, points in zip(expected, said[::2], said[1::2], strict=True):
        assert words in text
        assert points == reached
    shutil.rmtree(bundle / ".coursekit")  # the progress that the checks noted


def test_a_notebook_of_the_bundle_runs_in_a_kernel(bundle):
    name = NAMES[0]
    notebook = nbformat.read(bundle / "exercises" / f"{name}.ipynb", as_version=4)
    where = nbformat.v4.new_code_cell("import coursekit; coursekit.__file__", id="where")
    notebook.cells.append(where)
    client = NotebookClient(
        notebook, resources={"metadata": {"path": str(bundle / "exercises")}}, timeout=120
    )
    asyncio.run(client.async_execute(env=environment(bundle)))
    assert notebook.cells[-1].outputs[0]["data"]["text/plain"].startswith(f"'{bundle}")
    checks = [c for c in notebook.cells if c.id.startswith("check-")]
    assert len(checks) == len(solution(COURSE, name).tasks)
    for check in checks:
        assert "not written yet" in check.outputs[0]["data"]["text/plain"]


def test_the_bundles_own_commands_work(bundle):
    def coursekit(*arguments):
        run = subprocess.run(
            [sys.executable, "-m", "coursekit.cli", *arguments],
            cwd=bundle,
            env=environment(bundle),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return run.returncode, run.stdout + run.stderr

    code, said = coursekit("grade", "exercises/", "--only", "01")
    assert code == 0 and "01.1  not written yet" in said
    assert coursekit("progress")[0] == 0
    code, said = coursekit("release", "--to", "again")
    assert code == 2 and "solutions" in said and not (bundle / "again").exists()


@pytest.fixture
def two(ready):
    """The small course with a second exercise, a package and what else is handed out."""
    for file in _FILES:
        (ready.root / file).write_text(file)
    (ready.root / "coursekit").mkdir()
    (ready.root / "coursekit" / "old.py").write_text("")
    (ready.root / "notebooks").mkdir()
    second = "02_more"
    for old, new in [
        (ready.solutions / f"{NAME}.ipynb", ready.solutions / f"{second}.ipynb"),
        (ready.test_file(NAME), ready.test_file(second)),
        (ready.answers_file(NAME), ready.answers_file(second)),
    ]:
        new.write_text(re.sub(r"(?<!\d)01(?=[.\-\"])", "02", old.read_text()))
    course = Course(ready.root)
    write_exercise(course, second)
    return course


def test_exercises_are_handed_out_week_by_week(two, tmp_path):
    to = tmp_path / "handout"
    files = {path.as_posix() for path in write_bundle(two, to, [NAME])}
    assert {f for f in files if "02" in f} == set()
    assert {f"exercises/{NAME}.ipynb", f"tests/exercises/test_{NAME}.py"} < files
    assert Course(to).names == [NAME]
    (to / "syllabus.md").write_text("mine")
    (to / ".git").mkdir()
    edit(two.solutions / f"{NAME}.ipynb", "task-01-1", "## Task 01.1: mean, corrected")
    write_exercise(two, NAME)
    (two.root / "coursekit" / "old.py").rename(two.root / "coursekit" / "new.py")
    write_bundle(two, to, ["02_more"])
    assert Course(to).names == [NAME, "02_more"]  # what is out stays, and is up to date
    assert "corrected" in (to / "exercises" / f"{NAME}.ipynb").read_text()
    assert [p.name for p in (to / "coursekit").iterdir()] == ["new.py"]
    assert (to / "syllabus.md").read_text() == "mine" and (to / ".git").is_dir()
    before = {p: p.read_bytes() for p in to.rglob("*") if p.is_file()}
    write_bundle(two, to, [NAME])
    assert {p: p.read_bytes() for p in to.rglob("*") if p.is_file()} == before


def test_students_see_the_same_course_from_a_clone_and_from_a_hand_out(two, tmp_path):
    write_bundle(two, tmp_path / "handout")
    copies = [update_copy(course)[0].root for course in (two, Course(tmp_path / "handout"))]
    ours, theirs = (
        {p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file()}
        for root in copies
    )
    assert ours == theirs and len(ours) == 8


def test_a_copy_with_answers_in_it_is_left_alone(two, tmp_path):
    to = tmp_path / "handout"
    write_bundle(two, to)
    edit(to / "exercises" / f"{NAME}.ipynb", "answer-01-1", "def mean(x): return 1")
    before = {p: p.read_bytes() for p in to.rglob("*") if p.is_file()}
    with pytest.raises(CourseError, match="holds answers"):
        write_bundle(two, to)
    assert {p: p.read_bytes() for p in to.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("only", ["01,02", "1, 02", "02,01,01"])
def test_a_list_of_exercises_is_understood(two, only):
    assert two.chosen(only) == [NAME, "02_more"]


@pytest.mark.parametrize(
    "only", ["01,", "", ",", "01;02", "01 02", "1-2", "0x1", "01.1", "010", "3"]
)
@pytest.mark.parametrize(
    "command", [["grade"], ["grade", "x.zip", "--to", "marks"], ["release", "--to", "out"]]
)
def test_what_is_no_list_of_exercises_is_refused(two, monkeypatch, capsys, command, only):
    monkeypatch.chdir(two.root)
    before = sorted(two.root.rglob("*"))
    assert main([*command, f"--only={only}"]) == 2
    out, err = capsys.readouterr()
    assert not out and "the exercises are 01, 02" in err
    assert sorted(two.root.rglob("*")) == before


def test_solutions_are_published_beside_the_exercises(two, tmp_path, monkeypatch, capsys):
    to = tmp_path / "handout"
    write_bundle(two, to)
    before = {p: p.read_bytes() for p in to.rglob("*") if p.is_file()}
    monkeypatch.chdir(two.root)
    command = ["release", "--solutions", "--only", "01", "--to", str(to / "exercises")]
    assert main(command) == main(command) == 0
    assert "01_small.solution.ipynb" in capsys.readouterr().out
    new = {p for p in to.rglob("*") if p.is_file()} - before.keys()
    assert [p.name for p in new] == [f"{NAME}.solution.ipynb"]
    assert {p: p.read_bytes() for p in before} == before
    text = new.pop().read_text()
    assert "total / count(x)" in text and "SOLUTION" not in text and "YOUR CODE" not in text
    assert Course(to).names == [NAME, "02_more"]


def test_a_folder_with_something_in_it_is_left_alone(ready, tmp_path):
    there = tmp_path / "there"
    there.mkdir()
    (there / "mine.txt").write_text("mine")
    for to in (there, there / "mine.txt"):
        with pytest.raises(CourseError, match="not empty"):
            write_bundle(ready, to)
    assert [path.name for path in there.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("break_", "message"),
    [
        (lambda course: course.recorded_file(NAME).unlink(), "has not been recorded"),
        (lambda course: (course.solutions / f"{NAME}.ipynb").unlink(), "The source of exercise"),
        (
            lambda course: write_notebook(
                course.solutions / f"{NAME}.ipynb", changed("title", "# Exercise 01: other")
            ),
            "has changed: run `coursekit exercises 01`",
        ),
        (
            lambda course: write_notebook(
                course.solutions / f"{NAME}.ipynb", changed("answer-01-1", "def mean(x): pass")
            ),
            "without a solution",
        ),
    ],
)
def test_what_does_not_fit_is_not_handed_out(ready, tmp_path, break_, message):
    break_(ready)
    with pytest.raises(CourseError, match=message):
        write_bundle(ready, tmp_path / "handout")
    assert not (tmp_path / "handout").exists()


def changed(id, source):
    notebook = solutions_notebook()
    place = [one["id"] for one in notebook["cells"]].index(id)
    kind = notebook["cells"][place]["cell_type"]
    notebook["cells"][place] = cell(id, source, kind)
    return notebook
