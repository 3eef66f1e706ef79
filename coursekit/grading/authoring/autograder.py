"""An autograder for Gradescope: a zip with the course, its solutions of one exercise, and a setup.

The form of the zip: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

import io
import secrets
import stat
import zipfile
from pathlib import Path

from coursekit.grading.authoring.bundle import bundle_files
from coursekit.grading.course.paths import Course, write_atomically, writing
from coursekit.language import say

# Only root may read the answers and the tests; a submission runs as nobody if no sandbox starts.
_SETUP = """#!/usr/bin/env bash
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends bubblewrap python3 python3-venv util-linux
cd "${AUTOGRADER:-/autograder}/source"
python3 coursekit/bootstrap.py
chmod -R go-rwx solutions tests exercises seed
"""
_RUN = """#!/usr/bin/env bash
set -euo pipefail
home="${AUTOGRADER:-/autograder}"
cd "$home/source"
.venv/bin/python -m coursekit.grading.batch.gradescope "$home" NAME
"""


def write_autograder(course: Course, name: str, to: Path) -> str:
    """Write the zip for one exercise; return a sentence about it.

    It holds the course's answers, and a secret from which each submission's inputs are drawn, so
    that a second zip would draw others.

    Raises
    ------
    CourseError
        If the exercise has changed since it was recorded, or the file can't be written.
    """
    files = bundle_files(course, [name])
    files = {path: content for path, content in files.items() if not path.startswith("notebooks/")}
    source = f"solutions/{name}.ipynb"
    files[source] = (course.root / source).read_bytes()
    files["seed"] = f"{secrets.randbits(62)}\n".encode()
    programs = {"setup.sh": _SETUP, "run_autograder": _RUN.replace("NAME", name)}
    files |= {path: text.encode() for path, text in programs.items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (stat.S_IFREG | (0o755 if path in programs else 0o644)) << 16
            archive.writestr(entry, content)
    with writing(to.parent):
        write_atomically(to, packed.getvalue())
    return say(
        "{file}: upload it as the autograder of {name}. It holds the answers.", file=to, name=name
    )
