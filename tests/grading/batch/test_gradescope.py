"""The autograder for Gradescope, unpacked and run as its documentation says that it does."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from coursekit.cli import main
from coursekit.grading.batch import gradescope
from coursekit.grading.batch.sandbox.bubblewrap import SandboxUnavailable
from coursekit.grading.batch.sandbox.unsafe import unsafe_command
from coursekit.grading.course.notebook import answer_cells, with_answers
from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.reference import read_notebook

from .conftest import needs_sandbox

COURSE = find_course()
NAME = COURSE.name("01")
CONSTANT = "def gate_weights(name):\n    return np.array([1.0, 1.0]), 0.5"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """Gradescope's folder with the autograder in it; the environment is this one."""
    home = tmp_path_factory.mktemp("autograder")
    assert main(["gradescope", "01", "--to", str(home / "autograder.zip")]) == 0
    with zipfile.ZipFile(home / "autograder.zip") as archive:
        archive.extractall(home / "source")
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    assert modes["run_autograder"] & modes["setup.sh"] & 0o111
    (home / "source" / ".venv").symlink_to(sys.prefix)
    return home


@pytest.fixture
def home(unpacked):
    """The same with nothing submitted."""
    for name in ("submission", "results"):
        shutil.rmtree(unpacked / name, ignore_errors=True)
        (unpacked / name).mkdir()
    return unpacked


def submit(home, file="homework.ipynb", **cells):
    answers = answer_cells(read_notebook(COURSE.solutions / f"{NAME}.ipynb"))
    own = {id.replace("_", "-"): source for id, source in cells.items()}
    stub = read_notebook(COURSE.exercises / f"{NAME}.ipynb")
    (home / "submission" / file).write_text(json.dumps(with_answers(stub, answers | own)))


def run(home):
    program = ["bash", str(home / "source" / "run_autograder")]
    subprocess.run(program, env=os.environ | {"AUTOGRADER": str(home)}, check=True, timeout=300)
    return json.loads((home / "results" / "results.json").read_text())


@needs_sandbox
def test_the_best_of_the_submitted_notebooks_counts(home):
    submit(home, answer_01_2=CONSTANT)
    submit(home, "second.ipynb")
    (home / "submission" / "odd.ipynb").write_text("no notebook")
    assert run(home)["score"] == 18


@needs_sandbox
def test_results_have_the_documented_form(home):
    submit(home, answer_01_2=CONSTANT)
    results = run(home)
    assert results["score"] == 16
    assert sum(test["max_score"] for test in results["tests"]) == 18
    (wrong,) = (test for test in results["tests"] if test["score"] < test["max_score"])
    assert wrong["number"] == "01.2"
    assert wrong["output"]
    assert all(test["visibility"] == "visible" for test in results["tests"])


@needs_sandbox
def test_without_a_notebook_it_says_so(home):
    (home / "submission" / "readme.txt").touch()
    assert run(home) == {"score": 0, "output": f"No notebook of {NAME} was submitted."}


def test_the_zip_holds_one_exercise_and_the_setup_hides_it(unpacked):
    files = [path for path in (unpacked / "source").rglob("*.ipynb") if ".venv" not in path.parts]
    assert {path.name for path in files} == {f"{NAME}.ipynb"}
    setup = (unpacked / "source" / "setup.sh").read_text()
    assert "chmod -R go-rwx solutions tests exercises seed" in setup
    assert "coursekit/bootstrap.py" in setup


def test_another_zip_draws_other_inputs(unpacked, tmp_path):
    assert main(["gradescope", "01", "--to", str(tmp_path / "second.zip")]) == 0
    with zipfile.ZipFile(tmp_path / "second.zip") as archive:
        assert archive.read("seed") != (unpacked / "source" / "seed").read_bytes()


@pytest.mark.skipif(
    getattr(os, "geteuid", lambda: 1)() != 0, reason="only root can run answers as another user"
)
def test_where_no_sandbox_starts_answers_run_as_another_user(home, monkeypatch, capsys):
    """As Docker's containers, where Gradescope runs autograders, mostly allow no namespaces."""

    def fails(root):
        raise SandboxUnavailable("bwrap: No permissions to create new namespace.")

    monkeypatch.setattr(gradescope, "command", fails)
    monkeypatch.setattr(gradescope, "NOBODY", "root")  # nobody may not be able to read this Python
    monkeypatch.chdir(home / "source")
    submit(home)
    gradescope.main(home, NAME)
    assert json.loads((home / "results" / "results.json").read_text())["score"] == 18
    assert "The answers run as root." in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="setpriv is a program of Linux")
def test_the_other_user_has_no_way_back():
    words = unsafe_command("nobody").words
    assert words[:2] == ("setpriv", "--reuid=nobody")
    assert {"--clear-groups", "--no-new-privs"} < set(words)
    assert Path(words[words.index("--") + 1]) == Path(sys.executable)
