"""pyproject.toml, requirements.lock and environment.yml ask for the same things."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.lock").read_text()
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)
PINS = PIN.findall(LOCK)  # a name stands twice where a newer Python gets a newer version
EXTRAS = PROJECT["optional-dependencies"]
# nbgrader brings its own menus; lite is for who builds a site.
LOCKED = [name for name in EXTRAS if name not in ("nbgrader", "lite")]
ALL = [*PROJECT["dependencies"], *(line for name in LOCKED for line in EXTRAS[name])]


@pytest.mark.parametrize("line", ALL)
def test_the_lock_satisfies(line):
    requirement = Requirement(line)
    pinned = [Version(version) for name, version in PINS if name == requirement.name]
    assert pinned, "run `make lock`"
    assert all(requirement.specifier.contains(version) for version in pinned), "run `make lock`"


def test_every_pin_has_hashes_and_no_address():
    blocks = re.split(r"\n(?=[a-z0-9])", LOCK.split("\n", 2)[2])
    assert len(blocks) == len(PINS)
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in LOCK
    assert "index" not in LOCK


def test_conda_gets_what_the_package_needs_at_run_time():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    plain = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    conda = {r.name: r.specifier for r in map(Requirement, plain)}
    assert conda.pop("python").contains("3.12")
    assert not conda.pop("pip")
    wanted = {r.name: r.specifier for r in map(Requirement, PROJECT["dependencies"])}
    assert conda == wanted
    assert {"pip": ["-e ."]} in environment["dependencies"]
    assert environment["channels"] == ["conda-forge"]


def test_one_oldest_python_everywhere():
    from coursekit.bootstrap import OLDEST

    assert PROJECT["requires-python"] == f">={OLDEST[0]}.{OLDEST[1]}"
    workflow = (ROOT / ".github/workflows/test.yml").read_text()
    assert f'"{OLDEST[0]}.{OLDEST[1]}"' in workflow


def test_one_version_everywhere():
    import coursekit

    assert coursekit.__version__ == PROJECT["version"]
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == PROJECT["version"]
