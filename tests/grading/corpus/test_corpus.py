"""Each arrangement in a real kernel, and by the two graders.

What the checks say in a kernel must be what a fair reader expects. The graders read answer cells
alone, so that they give fewer points for many arrangements; they must never give more.
"""

import json
import re
import shutil
import tempfile
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from coursekit.grading.authoring.bundle import write_bundle
from coursekit.grading.batch.grade_one import grade_one
from coursekit.grading.batch.results import Settings, SubmittedFile
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.student.grade_notebook import grade_notebook

from .arrangements import REGISTER
from .book import COURSE
from .kernels import kernels, said

SECONDS = 3.0  # for a cell or a call: some cells of these notebooks never end

ALL = pytest.mark.parametrize("name", sorted(REGISTER))


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    """A student's copy of the course."""
    folder = tmp_path_factory.mktemp("student") / "course"
    write_bundle(COURSE, folder)
    return Course(folder)


@pytest.fixture(scope="module")
def checks(request, student):
    """What the checks of all notebooks that were asked for say: they run beside one another."""
    tests = [item for item in request.session.items if item.module is request.module]
    asked = {item.callspec.params["name"] for item in tests if "checks" in item.fixturenames}
    names = sorted(name for name in asked if not REGISTER[name]().unreadable)
    notebooks = [json.loads(REGISTER[name]().content) for name in names]
    with kernels() as started:
        marks = started.run_all(notebooks, student.exercises)
    return dict(zip(names, marks, strict=True))


@ALL
def test_in_a_kernel_from_top_to_bottom(name, checks):
    one = REGISTER[name]()
    if one.unreadable:
        with pytest.raises(
            (nbformat.reader.NotJSONError, nbformat.ValidationError, AttributeError)
        ):
            nbformat.reads(one.content.decode(), as_version=4)
        return
    assert not isinstance(checks[name], BaseException), checks[name]
    assert {task: mark for task, mark in checks[name].items() if task in one.points} == one.check


@ALL
def test_by_coursekit_grade(name, student, tmp_path, monkeypatch):
    one = REGISTER[name]()
    monkeypatch.chdir(tmp_path)  # where a cell may write
    path = tmp_path / f"{one.exercise}.ipynb"
    path.write_bytes(one.content)
    if one.unreadable:
        with pytest.raises(CourseError, match=one.unreadable):
            grade_notebook(student, one.exercise, path)
        return
    try:
        verdicts = grade_notebook(student, one.exercise, path).verdicts
    except CourseError:  # a file that it can't read gets no points
        return
    assert set(verdicts) == set(one.points)
    assert [task for task, verdict in verdicts.items() if verdict.points > one.points[task]] == []


@ALL
def test_in_batch(name):
    one = REGISTER[name]()
    submission = SubmittedFile("ada", "Ada", f"{one.file}.ipynb", one.content)
    settings = Settings(COURSE.root, 1, SECONDS, unsafe=shutil.which("bwrap") is None)
    grade = grade_one(submission, settings)
    remarks = " ".join(grade.remarks)
    if one.unreadable:
        assert not grade.tasks and one.unreadable in remarks
        return
    assert {task.task: task.points for task in grade.tasks} == one.points
    if isinstance(one.remark, str):
        assert one.remark in remarks
    elif one.remark is not None:
        assert bool(remarks) is one.remark
    for task in grade.tasks:
        messages = [task.mistake, task.error, *(test.message for test in task.tests)]
        assert one.says.get(task.task, "") in " ".join(filter(None, messages))


@pytest.fixture
def manager():
    """Jupyter's own way of starting a kernel, which is then reached through files."""
    with tempfile.TemporaryDirectory() as folder:  # pytest's paths are too long for a socket

        class SocketKernelManager(AsyncKernelManager):
            def __init__(self, **options):
                file = str(Path(folder, "kernel.json"))
                super().__init__(transport="ipc", connection_file=file, **options)

        yield SocketKernelManager


@pytest.mark.parametrize("name", ["line magics", "helper, and the setup deleted"])
def test_a_kernel_that_jupyter_starts_says_the_same(name, student, manager):
    one = REGISTER[name]()
    client = NotebookClient(
        nbformat.reads(one.content.decode(), as_version=4),
        kernel_manager_class=manager,
        timeout=20,
        interrupt_on_timeout=True,
        allow_errors=True,
        resources={"metadata": {"path": str(student.exercises)}},
    )
    cells = client.execute().cells
    assert said([output for cell in cells for output in cell.get("outputs", [])]) == one.check


def test_each_arrangement_is_one_of_its_own():
    made = [one() for one in REGISTER.values()]
    assert len(made) >= 60
    assert len({one.content + one.file.encode() for one in made}) == len(made)
    for one in made:
        assert re.fullmatch(r"([\w.-]+/[\w.-]+#\d+)?", one.report), one.name
