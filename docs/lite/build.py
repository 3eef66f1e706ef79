"""Build the JupyterLite site, the course without a server: ``docs/lite/build.py build/lite``.

The site holds the students' copy of the course, as ``coursekit release`` writes it, and the package
as a wheel. Whoever opens it gets Python itself (Pyodide) and NumPy from the network. Needs the
extra ``lite``: ``pip install -e '.[dev,lite]'``.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from coursekit.grading.authoring.bundle import write_bundle
from coursekit.grading.course.paths import find_course

HERE = Path(__file__).resolve().parent
SETTINGS = ["jupyter_lite_config.json", "jupyter-lite.json"]
CONTENTS = ["notebooks", "exercises", "tests"]  # a check runs the tests of its task
# The site is JupyterLab already, and JupyterLab's server does not run in a browser.
SERVER = re.compile(r'^ *"jupyterlab>=.*\n', re.MULTILINE)
FIRST_CELL = {
    "cell_type": "code",
    "id": "install",
    "metadata": {},
    "execution_count": None,
    "outputs": [],
    "source": "%pip install -q coursekit",
}


def write_contents(course: Path) -> None:
    """Let every notebook install the package first: each has a Python of its own."""
    for folder in ("notebooks", "exercises"):
        for path in (course / folder).glob("*.ipynb"):
            book = json.loads(path.read_text(encoding="utf-8"))
            book["cells"].insert(0, FIRST_CELL)
            path.write_text(json.dumps(book, ensure_ascii=False, indent=1), encoding="utf-8")


def write_wheel(course: Path, to: Path) -> Path:
    """Build the package of a copy of the course as it is needed in a browser."""
    project = course / "pyproject.toml"
    text, found = SERVER.subn("", project.read_text(encoding="utf-8"))
    if found != 1:
        raise ValueError(f"expected one requirement of jupyterlab in {project.name}, found {found}")
    project.write_text(text, encoding="utf-8")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(to)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(course)], check=True)
    (wheel,) = to.glob("coursekit-*.whl")
    return wheel


def main(target: str) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        site, course = Path(scratch, "site"), Path(scratch, "course")
        site.mkdir()
        for name in SETTINGS:
            shutil.copy(HERE / name, site)
        write_bundle(find_course(HERE), course)
        wheel = write_wheel(course, site)
        write_contents(course)
        for folder in CONTENTS:
            shutil.copytree(course / folder, site / "files" / folder)
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(site)]
        command += ["--contents", "files", "--piplite-wheels", str(wheel)]
        command += ["--output-dir", str(Path(target).resolve())]
        return subprocess.run(command, cwd=site, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
