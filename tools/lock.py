"""Write maintainer.lock and student.lock from pyproject.toml.

python tools/lock.py             keep the pinned versions that still fit
python tools/lock.py --upgrade   take the newest versions, as `make lock` does

The student's pins are those that the maintainer's environment has for the same packages.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: What is in each environment. "build" builds the package itself, "quick" saves time.
STUDENT = ["--group", "build", "--group", "quick", "--extra", "languages"]
CONTENTS = {
    "maintainer": [*STUDENT, "--extra", "book", "--extra", "cluster", "--extra", "dev"],
    "student": STUDENT,
}
# Universal: one file serves every system and every Python from the oldest on.
HOW = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--upgrade", action="store_true")
    resolve("maintainer", ["--upgrade"] if parser.parse_args().upgrade else [])
    # uv prefers the versions that it finds in the file that it is going to write.
    shutil.copy(ROOT / "maintainer.lock", ROOT / "student.lock")
    resolve("student", [])


def resolve(environment: str, options: list[str]) -> None:
    """Pin what an environment holds."""
    output = ["--quiet", "--custom-compile-command", "make lock"]
    output += ["--output-file", f"{environment}.lock"]
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml"]
    subprocess.run(
        [*command, *CONTENTS[environment], *HOW, *output, *options], cwd=ROOT, check=True
    )


if __name__ == "__main__":
    main()
