"""What a teacher hands out: the course without answers."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursekit.grading.authoring.student_version import released
from coursekit.grading.course.notebook import notebook_text
from coursekit.grading.course.paths import Course, CourseError, write_atomically
from coursekit.grading.judge.recording import load
from coursekit.grading.judge.reference import read_notebook

_FILES = ["LICENSE", "LICENSE-text.md", "environment.yml", "pyproject.toml", "student.lock"]
_MAKEFILE = """PYTHON ?= python3
BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)

lab:
\t@$(PYTHON) coursekit/bootstrap.py
\t@$(BIN)/coursekit lab
"""
_README = """# Deep learning from the first neuron

The lectures are in `notebooks/`, the exercises in `exercises/`. You need Python 3.11 or newer.

```
make lab
```

builds the environment, once, and opens `notebooks/00_start_here.ipynb` in JupyterLab.
Without make, on Windows for example:

```
py coursekit/bootstrap.py
.venv\\Scripts\\coursekit lab
```

`coursekit grade exercises/` runs all checks, `coursekit progress` shows how far you are, and
`coursekit reset 01` gives you a fresh copy of an exercise and keeps yours.

Code: BSD 3-Clause ([LICENSE](LICENSE)). Text: CC BY 4.0 ([LICENSE-text.md](LICENSE-text.md)).
"""


def write_bundle(course: Course, to: Path) -> list[Path]:
    """Write the students' copy of the course: lectures, exercises without answers, checks, package.

    Parameters
    ----------
    course : Course
        The whole course with ``solutions/``, all exercises recorded.
    to : Path
        A folder that does not exist yet, or is empty.

    Returns
    -------
    list of Path
        The files, relative to the folder.

    Raises
    ------
    CourseError
        If the folder is not empty, or if an exercise has changed since it was recorded. Nothing is
        written then.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise CourseError(f"{to} exists and is not empty: name a new folder.")
    stubs = {name: _stub(course, name) for name in course.names}
    junk = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
    shutil.copytree(course.root / "coursekit", to / "coursekit", ignore=junk)
    for folder in ("notebooks", "exercises", "tests/exercises/recorded"):
        (to / folder).mkdir(parents=True)
    for name in _FILES:
        shutil.copy(course.root / name, to / name)
    write_atomically(to / "README.md", _README)
    write_atomically(to / "Makefile", _MAKEFILE)
    # Only files named as lectures are: a teacher may keep other notebooks beside them.
    for lecture in sorted((course.root / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        shutil.copy(lecture, to / "notebooks")
    experiments = course.root / "notebooks" / "experiments"  # which lectures load
    if experiments.is_dir():
        shutil.copytree(experiments, to / "notebooks" / "experiments", ignore=junk)
    copy = Course(to)
    shutil.copy(course.tests / "conftest.py", copy.tests)
    for name, stub in stubs.items():
        shutil.copy(course.test_file(name), copy.test_file(name))
        shutil.copy(course.recorded_file(name), copy.recorded_file(name))
        # Not the file in exercises/, in which somebody may have tried an answer.
        write_atomically(copy.exercises / f"{name}.ipynb", notebook_text(stub))
    return sorted(path.relative_to(to) for path in to.rglob("*") if path.is_file())


def _stub(course: Course, name: str) -> Mapping[str, Any]:
    """The student's notebook of an exercise, if what is recorded matches its source."""
    source, recording = course.solutions / f"{name}.ipynb", course.recorded_file(name)
    if not source.exists():
        raise CourseError(f"The source of exercise {name} is missing: {source}.")
    if not recording.exists():
        raise CourseError(f"Exercise {name} has not been recorded: run `coursekit exercises`.")
    stub = released(read_notebook(source), name)
    if load(recording).notebook != stub:
        raise CourseError(f"Exercise {name} has changed: run `coursekit exercises {name[:2]}`.")
    return stub
