"""The check of the environment finds what is missing or too old and says what to do."""

import os
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import coursekit
from coursekit import environment

ROOT = Path(__file__).parents[1]
NEEDS = ["numpy>=2.0", "matplotlib>=3.9", 'mypy>=1.13; extra == "dev"']


@pytest.fixture
def installed(monkeypatch):
    """Let these versions be the installed ones, and Python's be this."""

    def install(python=(3, 11, 0), **versions):
        versions.setdefault("coursekit", coursekit.__version__)

        def version(name):
            if versions.get(name) is None:
                raise PackageNotFoundError(name)
            return versions[name]

        monkeypatch.setattr(environment.metadata, "version", version)
        monkeypatch.setattr(sys, "version_info", (*python, "final", 0))

    return install


def states(findings):
    return {requirement.name: findings.state(requirement) for requirement in findings}


def test_a_complete_environment(installed):
    installed(numpy="2.0.0", matplotlib="3.10.1")
    found = environment.report(NEEDS)
    fine = {"Python": "fine", "coursekit": "fine", "numpy": "fine", "matplotlib": "fine"}
    assert states(found) == fine  # and no word of what only a developer needs
    assert repr(found).endswith("Everything is installed. You can start.")
    assert "✗" not in repr(found)


def test_a_missing_and_an_old_package_and_one_command_for_both(installed):
    installed(numpy="1.26.4")
    found = environment.report(NEEDS)
    assert states(found)["numpy"] == "too old"
    assert states(found)["matplotlib"] == "missing"
    lines = repr(found).splitlines()
    assert "✗ numpy: too old (needed 2.0 or newer, found 1.26.4)" in lines
    assert "✗ matplotlib: missing (needed 3.9 or newer)" in lines
    assert lines[-1].strip() == '%pip install --upgrade "numpy>=2.0" "matplotlib>=3.9"'
    assert "restart the kernel" in repr(found)
    assert "You can start" not in repr(found)


def test_only_what_is_wrong_is_installed(installed):
    installed(numpy="2.3.1")
    assert "numpy>=2.0" not in repr(environment.report(NEEDS))


def test_an_old_python_comes_first(installed):
    installed(python=(3, 10, 12), numpy="1.0")
    found = environment.report(NEEDS)
    assert states(found)["Python"] == "too old"
    assert "✗ Python: too old (needed 3.11 or newer, found 3.10.12)" in repr(found)
    assert "python.org" in repr(found)
    assert "make lab" in repr(found)
    assert "%pip" not in repr(found)  # packages for an old Python would be no help


@pytest.mark.parametrize("version", [None, "0.0.9"])
def test_a_course_that_is_not_installed_or_was_updated_since(installed, version):
    installed(coursekit=version, numpy="2.0")
    found = environment.report(NEEDS)
    assert states(found)["coursekit"] == ("missing" if version is None else "too old")
    assert repr(found).splitlines()[-1].strip() == "make lab"


def test_without_the_package_its_requirements_are_unknown(installed):
    installed(coursekit=None)
    assert list(states(environment.report())) == ["Python", "coursekit"]


@pytest.mark.parametrize(
    ("found", "needed", "state"),
    [
        ("2.0", ">=2.0.0", "fine"),
        ("2.1.0rc1", ">=2.0", "fine"),
        ("2.0.0rc1", ">=2.0", "too old"),
        ("2.10", ">=2.9", "fine"),  # numbers, not letters
        ("3", ">=2.9", "fine"),
        ("2.9.9", ">=2.10", "too old"),
        ("1.26.4+local", ">=2.0", "too old"),
        ("0.0", ">=0.1", "too old"),
        ("2.4", ">=2.0,<3", "fine"),
        ("1.26", ">=2.0,<3", "too old"),
        ("3.0", ">=2.0,<3", "unsupported"),
        ("0.1", "", "fine"),
        ("unknown", ">=2.0", "too old"),
    ],
)
def test_versions_are_compared_as_pip_compares_them(found, needed, state):
    requirement = Requirement(f"numpy{needed}")
    assert environment.Report({requirement: found}).state(requirement) == state


@pytest.mark.parametrize(
    ("line", "shown", "command"),
    [
        ("numpy>=2.0,<3", "✗ numpy: missing (needed <3,>=2.0)", '"numpy<3,>=2.0"'),
        ("numpy>=2.0,~=2.1", "✗ numpy: missing (needed >=2.0,~=2.1)", '"numpy>=2.0,~=2.1"'),
        ("numpy", "✗ numpy: missing (needed any version)", '"numpy"'),
        (
            "dask[array]>=2; python_version >= '3'",
            "✗ dask: missing (needed 2 or newer)",
            '"dask[array]>=2"',
        ),
    ],
)
def test_requirements_of_every_form_are_read(installed, line, shown, command):
    installed()
    lines = repr(environment.report([line])).splitlines()
    assert lines[2] == shown
    assert lines[-1].strip() == f"%pip install --upgrade {command}"


def test_a_requirement_whose_marker_does_not_hold_is_left_out(installed):
    installed()
    found = environment.report(["numpy>=2.0; python_version < '3'", "pip; python_version > '3'"])
    assert states(found) == {"Python": "fine", "coursekit": "fine", "pip": "missing"}


def test_what_is_no_requirement_is_refused():
    with pytest.raises(ValueError, match="numpy 2"):
        environment.report(["numpy 2"])


def test_the_projects_own_requirements_can_be_read_and_are_met():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = environment.report()
    assert set(states(found).values()) == {"fine"}, found
    assert list(states(found)) == [
        "Python",
        "coursekit",
        *(d.split(">=")[0] for d in project["dependencies"]),
    ]


THREADS = """
import ctypes, sys
import numpy as np

def threads():
    library = ctypes.CDLL(sys.modules["numpy._core._multiarray_umath"].__file__)
    names = [f"{p}openblas_get_num_threads{s}" for p in ("scipy_", "") for s in ("64_", "")]
    return next((getattr(library, n)() for n in names if hasattr(library, n)), 1)

before = threads()
"""
OPENED = {
    "a lecture": "from coursekit import widgets",
    "a batch": """
from pathlib import Path
from coursekit.grading.batch.base.records import Settings, SubmittedFile
from coursekit.grading.batch.grader.grade_one import grade_one
grade_one(SubmittedFile("ada", "Ada", "no.ipynb", b""), Settings(Path("."), 0))
""",
}


@pytest.mark.parametrize("opens", OPENED.values(), ids=OPENED)
def test_linear_algebra_has_one_thread_however_the_course_is_opened(opens):
    def run(**variables):
        kept = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
        code = f"{THREADS}\n{opens}\nprint(before, threads())"
        command = [sys.executable, "-c", code]
        found = subprocess.run(
            command, env=kept | variables, capture_output=True, text=True, check=True
        )
        return found.stdout.split()

    assert run()[1] == "1"
    before, after = run(OPENBLAS_NUM_THREADS="2")
    assert before == after  # somebody who asks for more gets them
