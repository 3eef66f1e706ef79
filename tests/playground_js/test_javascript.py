"""The widgets' JavaScript: tests of its pure parts under Node, and the linter."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ESLINT = "eslint@10.15.0"
# npm's words for a network or a registry that is not there: no fault of ours.
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENOTCACHED", "E401", "E403")


def run(command, **more):
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False, **more
    )


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_pure_parts():
    # a file each, as older versions of Node take no folders
    done = run(["node", "--test", *map(str, sorted(HERE.glob("*.test.mjs")))])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_linter():
    npm = shutil.which("npm")  # on Windows a script with an ending
    command = [npm, "exec", "--yes", f"--package={ESLINT}", "--", "eslint"]
    environment = os.environ | {"NO_UPDATE_NOTIFIER": "1"}
    options = ["--config", str(HERE / "eslint.config.js"), "coursekit", str(HERE)]
    done = run([*command, *options], env=environment)
    if done.returncode and any(word in done.stderr for word in UNREACHABLE):
        pytest.skip(f"npm can't fetch {ESLINT} here")
    assert done.returncode == 0, done.stdout + done.stderr
