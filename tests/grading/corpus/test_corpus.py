"""Each arrangement in a real kernel, and by the two graders.

What the checks say in a kernel must be what a fair reader expects, and `coursekit grade` says the
same. Batch grading gives what a fair reader would.
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
from coursekit.grading.batch.base.records import Settings, SubmittedFile
from coursekit.grading.batch.grader.grade_one import grade_one
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.student.grade_notebook import grade_notebooks

from .arrangements import REGISTER
from .book import COURSE
from .kernels import AT_ONCE, ForkedManager, said

SECONDS = 8  # of a cell that never ends; importing Matplotlib takes a while on a busy machine
CALL_SECONDS = 2.0  # of a call or a cell in the sandbox: some of them never end
# An arrangement takes a second or two each way: a sixth of them, of all kinds; the others are long.
SIXTH = sorted(REGISTER)[::6]
ALL = pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name in SIXTH else pytest.mark.long)
        for name in sorted(REGISTER)
    ],
)


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    """A student's copy of the course."""
    folder = tmp_path_factory.mktemp("student") / "course"
    write_bundle(COURSE, folder)
    return Course(folder)


def asked_for(request, fixture):
    """The names of the arrangements for whose tests a fixture of this module is made."""
    tests = [item for item in request.session.items if item.module is request.module]
    return sorted({t.callspec.params["name"] for t in tests if fixture in t.fixturenames})


@pytest.fixture(scope="module")
def checks(request, student, forked):
    """What the checks of all notebooks that were asked for say: they run beside one another."""
    names = [name for name in asked_for(request, "checks") if not REGISTER[name]().unreadable]
    notebooks = [json.loads(REGISTER[name]().content) for name in names]
    marks = forked.run_all(notebooks, student.exercises)
    return dict(zip(names, marks, strict=True))


@pytest.fixture(scope="module")
def graded(request, student, forked, tmp_path_factory):
    """What `coursekit grade` says about all notebooks that were asked for."""
    names, files = asked_for(request, "graded"), []
    for name in names:
        one = REGISTER[name]()
        path = tmp_path_factory.mktemp("grade") / f"{one.file}.ipynb"
        path.write_bytes(one.content)
        files.append((one.exercise, path))
    results = grade_notebooks(
        student, files, seconds=SECONDS, manager=lambda: ForkedManager(forked), at_once=AT_ONCE
    )
    return dict(zip(names, results, strict=True))


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
def test_by_coursekit_grade(name, graded):
    one, found = REGISTER[name](), graded[name]
    if one.unreadable:
        assert isinstance(found, CourseError) and one.unreadable in str(found)
        return
    # What no check says, the command says after the notebook's end.
    expected = {**one.points, **one.check}
    assert {task: outcome.points for task, outcome in found.outcomes.items()} == expected
    for task, word in one.says.items():
        assert word in found.outcomes[task].summary


@ALL
def test_in_batch(name):
    one = REGISTER[name]()
    submission = SubmittedFile("ada", "Ada", f"{one.file}.ipynb", one.content)
    settings = Settings(COURSE.root, 1, CALL_SECONDS, unsafe=shutil.which("bwrap") is None)
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
