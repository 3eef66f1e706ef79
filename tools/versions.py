"""Run the tests with other versions of Python and of the packages, in environments of their own.

python tools/versions.py                            lowest and newest, on this Python
python tools/versions.py --python 3.12 --python 3.13 --versions newest
python tools/versions.py --versions lowest tests/nn  only these tests, without the notebooks

"lowest" are the oldest versions that pyproject.toml admits, "newest" what the index offers today.
The environments stay in .versions/ and are used again.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from lock import CONTENTS

ROOT = Path(__file__).resolve().parent.parent
RESOLUTIONS = {"lowest": "lowest-direct", "newest": "highest"}
UV = [sys.executable, "-m", "uv"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    this = f"{sys.version_info.major}.{sys.version_info.minor}"
    parser.add_argument("--python", action="append", metavar="3.12", help=f"default: {this}")
    parser.add_argument("--versions", action="append", choices=RESOLUTIONS, help="default: both")
    parser.add_argument("tests", nargs="*", help="paths for pytest; default: the whole suite")
    options, for_pytest = parser.parse_known_args()
    failed = []
    for python in options.python or [this]:
        for versions in options.versions or RESOLUTIONS:
            name = f"Python {python}, {versions} versions"
            print(f"\n==== {name}", flush=True)
            try:
                run(build(python, versions), [*options.tests, *for_pytest])
            except subprocess.CalledProcessError as error:
                failed.append(f"{name}: {' '.join(map(str, error.cmd))}")
    print("\n".join(["", *(f"failed: {line}" for line in failed)]))
    return 1 if failed else 0


def build(python: str, versions: str) -> Path:
    """Make the environment, or bring it up to date; return its Python."""
    home = ROOT / ".versions" / f"{python}-{versions}"
    environment = str(home / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    lock = home / "requirements.txt"
    if not Path(environment).exists():
        _call([*UV, "venv", "--quiet", "--python", python, str(home)])
    how = ["--resolution", RESOLUTIONS[versions], "--python", environment, "--quiet"]
    how += ["--upgrade", "--output-file", str(lock)]  # else the pins of the last time stay
    _call([*UV, "pip", "compile", "pyproject.toml", *CONTENTS["maintainer"], *how])
    _call([*UV, "pip", "sync", "--quiet", "--python", environment, str(lock)])
    own = ["--no-deps", "--no-build-isolation", "-e", "."]
    _call([*UV, "pip", "install", "--quiet", "--python", environment, *own])
    return Path(environment)


def run(environment: Path, tests: list[str]) -> None:
    """Run the suite, or only some of its tests."""
    if tests:
        _call([str(environment), "-m", "pytest", *tests])
    else:
        _call([str(environment), "tools/run.py", "tests"])


def _call(command: list[str]) -> None:
    # Old packages use what their newer neighbours deprecate.
    quiet = {"PYTEST_ADDOPTS": "-W ignore::DeprecationWarning -W ignore::PendingDeprecationWarning"}
    subprocess.run(command, cwd=ROOT, env=os.environ | quiet, check=True)


if __name__ == "__main__":
    sys.exit(main())
