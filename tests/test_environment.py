"""The check of the environment finds what is missing or too old and says what to do."""

import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

import coursekit
from coursekit import environment

ROOT = Path(__file__).parents[1]
NEEDS = ["numpy>=2.0", "matplotlib>=3.9", 'mypy>=1.13; extra == "dev"']


def installed(**versions):
    """A stand-in for `importlib.metadata.version`."""
    versions.setdefault("coursekit", coursekit.__version__)

    def version(name):
        if versions.get(name) is None:
            raise PackageNotFoundError(name)
        return versions[name]

    return version


def report(python=(3, 11, 0), **versions):
    return environment.report(NEEDS, python=python, version=installed(**versions))


def states(findings):
    return {finding.name: finding.state for finding in findings}


def test_a_complete_environment():
    found = report(numpy="2.0.0", matplotlib="3.10.1")
    fine = {"Python": "fine", "coursekit": "fine", "numpy": "fine", "matplotlib": "fine"}
    assert states(found) == fine  # and no word of what only a developer needs
    assert found.complete
    assert repr(found).endswith("All is there. You can start.")
    assert "✗" not in repr(found)


def test_a_missing_and_an_old_package_and_one_command_for_both():
    found = report(numpy="1.26.4")
    assert states(found)["numpy"] == "too old"
    assert states(found)["matplotlib"] == "missing"
    assert not found.complete
    lines = repr(found).splitlines()
    assert "✗ numpy: too old (needed 2.0 or newer, found 1.26.4)" in lines
    assert "✗ matplotlib: missing (needed 3.9 or newer)" in lines
    assert lines[-1].strip() == '%pip install --upgrade "numpy>=2.0" "matplotlib>=3.9"'
    assert "restart the kernel" in repr(found)
    assert "You can start" not in repr(found)


def test_only_what_is_wrong_is_installed():
    assert "numpy>=2.0" not in repr(report(numpy="2.3.1"))


def test_an_old_python_comes_first():
    found = report(python=(3, 10, 12), numpy="1.0")
    assert states(found)["Python"] == "too old"
    assert "python.org" in repr(found)
    assert "make lab" in repr(found)
    assert "%pip" not in repr(found)  # packages for an old Python would be no help


@pytest.mark.parametrize("version", [None, "0.0.9"])
def test_a_course_that_is_not_installed_or_was_updated_since(version):
    found = environment.report(NEEDS, version=installed(coursekit=version, numpy="2.0"))
    assert states(found)["coursekit"] == ("missing" if version is None else "too old")
    assert repr(found).splitlines()[-1].strip() == "make lab"


def test_without_the_package_its_requirements_are_unknown():
    found = environment.report(version=installed(coursekit=None))
    assert [finding.name for finding in found] == ["Python", "coursekit"]


@pytest.mark.parametrize(
    ("found", "needed", "state"),
    [
        ("2.0", "2.0.0", "fine"),
        ("2.0.0rc1", "2.0", "fine"),
        ("2.10", "2.9", "fine"),  # numbers, not letters
        ("3", "2.9", "fine"),
        ("2.9.9", "2.10", "too old"),
        ("1.26.4+local", "2.0", "too old"),
        ("0.0", "0.1", "too old"),
    ],
)
def test_versions_compare_as_numbers(found, needed, state):
    assert environment.Finding("numpy", needed, found).state == state


@pytest.mark.parametrize("line", ["numpy==2.0", "numpy", 'numpy>=2.0; os_name == "nt"'])
def test_a_requirement_of_another_form_is_refused(line):
    with pytest.raises(ValueError, match=r"expected a requirement such as 'numpy>=2.0', got"):
        environment.report([line])


def test_a_version_that_is_none():
    with pytest.raises(ValueError, match=r"expected a version such as '2.0', got 'unknown'"):
        _ = environment.Finding("numpy", "2.0", "unknown").state


def test_the_projects_own_requirements_can_be_read_and_are_met():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = environment.report()
    assert found.complete, found
    names = [finding.name for finding in found]
    assert names == ["Python", "coursekit", *(d.split(">=")[0] for d in project["dependencies"])]
