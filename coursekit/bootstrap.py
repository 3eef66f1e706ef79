"""Build the environment of the course in ``.venv``: ``python coursekit/bootstrap.py``.

Needs Python and a package index, nothing else. A second call returns at once unless the
lock file has changed.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

OLDEST = (3, 11)
UV = "uv==0.13.9"
ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
INPUTS = [ROOT / "requirements.lock", Path(__file__)]


def main() -> int:
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        print(f"The course needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is Python {found}.")
        print("Name a newer one: make PYTHON=python3.12")
        return 1
    done = ENVIRONMENT / "built-from"
    wanted = "".join(path.read_text(encoding="utf-8") for path in INPUTS) + sys.version + str(ROOT)
    if done.is_file() and done.read_text(encoding="utf-8") == wanted:
        return 0
    print("Building .venv (once) …", flush=True)
    # A half-built environment, or one of another Python, is replaced.
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    python = str(ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    quiet = ["--quiet", "--disable-pip-version-check"]
    uv_install = [python, "-m", "uv", "pip", "install", "--quiet", "--python", python]
    commands = [
        [python, "-m", "pip", "install", *quiet, UV],
        [*uv_install, "--require-hashes", "-r", "requirements.lock"],
        [*uv_install, "--no-deps", "--no-build-isolation", "-e", "."],
    ]
    for command in commands:
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
        if status:
            print(f"This command failed: {' '.join(command)}")
            return status
    done.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
