"""pyproject.toml, the two lock files and environment.yml ask for the same things."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
# nbgrader adds menus of its own to JupyterLab; lite is for building a site.
NOT_LOCKED = {"nbgrader", "lite"}
BUILD = PYPROJECT["build-system"]["requires"]
STUDENT = [*PROJECT["dependencies"], *EXTRAS["languages"], *BUILD]
MAINTAINER = [*STUDENT, *(line for name in EXTRAS.keys() - NOT_LOCKED for line in EXTRAS[name])]
WANTED = {"student.lock": STUDENT, "maintainer.lock": MAINTAINER}
# What a maintainer needs and a student doesn't.
TOOLS = {
    "mypy",
    "pytest",
    "sphinx",
    "playwright",
    "distributed",
    "nbval",
    "ruff",
    "hypothesis",
    "uv",
}
# A name, a version, and where it is installed: a newer Python may get a newer version.
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)(?: ; ([^\\]+?))? \\$", re.MULTILINE)


def pins(lock):
    """The pinned (name, version, marker) of a lock file."""
    return PIN.findall((ROOT / lock).read_text())


@pytest.mark.parametrize(
    ("lock", "line"), [(lock, line) for lock in WANTED for line in sorted(set(WANTED[lock]))]
)
def test_the_lock_satisfies(lock, line):
    requirement = Requirement(line)
    pinned = [Version(version) for name, version, _ in pins(lock) if name == requirement.name]
    assert pinned, "run `python tools/lock.py`"
    assert all(map(requirement.specifier.contains, pinned)), "run `python tools/lock.py`"


def test_the_student_has_what_the_maintainer_has_and_none_of_the_tools():
    student, maintainer = pins("student.lock"), pins("maintainer.lock")
    versions = {(name, version) for name, version, _ in maintainer}
    assert {(name, version) for name, version, _ in student} <= versions, (
        "run `python tools/lock.py`"
    )
    assert {name for name, _, _ in maintainer} >= TOOLS
    assert not TOOLS & {name for name, _, _ in student}


def test_on_each_system_both_environments_get_the_same_versions():
    """One version of a package may be for an old Python and another for a newer one."""
    maintainer = pins("maintainer.lock")
    for system, os_name in [("linux", "posix"), ("darwin", "posix"), ("win32", "nt")]:
        for python in ("3.11", "3.12", "3.13", "3.14"):
            values = {"sys_platform": system, "os_name": os_name, "python_version": python}
            values |= {"python_full_version": f"{python}.0", "platform_system": ""}

            def installed(lock, values=values):
                return {
                    (name, version)
                    for name, version, marker in lock
                    if not marker or Marker(marker).evaluate(values)
                }

            assert installed(pins("student.lock")) <= installed(maintainer), (system, python)


@pytest.mark.parametrize("lock", WANTED)
def test_every_pin_has_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text()
    blocks = re.split(r"\n(?=[a-z0-9])", text.split("\n", 2)[2])
    assert len(blocks) == len(pins(lock))
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert "index" not in text


def test_the_package_is_built_with_what_the_lock_files_hold():
    assert PYPROJECT["dependency-groups"]["build"] == BUILD


def test_conda_gets_what_the_package_needs_at_run_time_and_nbval():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    plain = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    conda = {r.name: r.specifier for r in map(Requirement, plain)}
    assert {"numpy", "jupyterlab", "ipywidgets", "matplotlib", "nbval"} <= conda.keys()
    assert conda.pop("python").contains("3.12")
    assert not conda.pop("pip")
    wanted = {
        r.name: r.specifier for r in map(Requirement, [*PROJECT["dependencies"], *EXTRAS["dev"]])
    }
    runtime = {Requirement(line).name for line in PROJECT["dependencies"]}
    assert conda == {name: wanted[name] for name in runtime | {"nbval"}}
    assert {"pip": ["-e .[languages]"]} in environment["dependencies"]
    assert environment["channels"] == ["conda-forge"]


def test_one_oldest_python_everywhere():
    from coursekit.bootstrap import OLDEST

    oldest = f"{OLDEST[0]}.{OLDEST[1]}"
    assert PROJECT["requires-python"] == f">={oldest}"
    assert f'"--python-version", "{oldest}"' in (ROOT / "tools/lock.py").read_text()
    assert f'"{oldest}"' in (ROOT / ".github/workflows/test.yml").read_text()


def test_one_version_everywhere():
    import coursekit

    assert coursekit.__version__ == PROJECT["version"]
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == PROJECT["version"]
