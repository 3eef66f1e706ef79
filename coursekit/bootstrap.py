"""Build the environment of the course in ``.venv``: ``python coursekit/bootstrap.py``.

It holds what a student needs; with ``--maintainer`` also what the tests and the book need.
Python and a package index are required, nothing else. A second call returns at once unless
something is missing, and what is missing is added to what is there.
"""

from __future__ import annotations  # an old Python must come as far as the message for it

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

OLDEST = (3, 11)
TRANSLATES = (3, 9)  # an older one can't read the translations
UV = "uv==0.13.9"
ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
RECORD = ENVIRONMENT / "built-from.json"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SCRIPT = "`py coursekit/bootstrap.py`" if os.name == "nt" else "`python3 coursekit/bootstrap.py`"


if sys.version_info >= TRANSLATES:
    if not __package__:  # run as a script
        sys.path.insert(0, str(ROOT))
    from coursekit.language import folder_language, say, speaking


def main(arguments: list[str] | None = None) -> int:
    if sys.version_info < TRANSLATES:
        print("The course needs Python 3.11 or newer: make PYTHON=python3.12")
        return 1
    with speaking(folder_language(ROOT)):
        return _main(arguments)


def _main(arguments: list[str] | None) -> int:
    parser = argparse.ArgumentParser(
        description=say("Build the environment of the course in .venv.")
    )
    parser.add_argument(
        "--maintainer", action="store_true", help=say("add what the tests and the book need")
    )
    # The maintainer's lock file holds all that the student's does, in the same versions.
    maintainer = parser.parse_args(arguments).maintainer
    locks = ["maintainer.lock", "student.lock"] if maintainer else ["student.lock"]
    if sys.version_info < OLDEST:
        oldest, found = (".".join(map(str, one)) for one in (OLDEST, sys.version_info[:3]))
        print(
            say(
                "The course needs Python {oldest} or newer; this is Python {found}.\n"
                "Name a newer one: make PYTHON=python3.12",
                oldest=oldest,
                found=found,
            )
        )
        return 1
    base = f"Python {sys.version} in {ROOT}"
    built: dict[str, Any] = {"base": "", "installed": []}  # what the environment was built from
    if RECORD.is_file():
        built = json.loads(RECORD.read_text(encoding="utf-8"))
    if built["base"] == base and _fingerprint(locks[0]) in built["installed"]:
        return 0
    if built["base"] == base:
        print(say("Updating .venv …"), flush=True)
    else:
        # No environment, one of another Python, or one whose building was interrupted.
        print(say("Building .venv (once) …"), flush=True)
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
    RECORD.unlink(missing_ok=True)
    status = _install(locks[0])
    if status == 0:
        built = {"base": base, "installed": [_fingerprint(lock) for lock in locks]}
    if built["base"] == base:  # after a failed update what was there before still is
        RECORD.write_text(json.dumps(built), encoding="utf-8")
    return status


def _install(lock: str) -> int:
    """Install a lock file's packages and the course itself; return the exit status."""
    python = str(PYTHON)
    quiet = ["--quiet", "--disable-pip-version-check"]
    uv_install = [python, "-m", "uv", "pip", "install", "--quiet", "--python", python]
    # uv is 60 MB that only this script needs, so that it stays outside the environment.
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PYTHONPATH": folder}
        commands = [
            [python, "-m", "pip", "install", *quiet, "--target", folder, UV],
            [*uv_install, "--require-hashes", "-r", lock],
            [*uv_install, "--no-deps", "--no-build-isolation", "-e", "."],
        ]
        for command in commands:
            status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
            if status:
                print(say("This command failed: {command}", command=" ".join(command)))
                return status
    return 0


def _fingerprint(lock: str) -> str:
    """A number for all that an environment is built from."""
    files = [ROOT / lock, ROOT / "pyproject.toml", Path(__file__)]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
