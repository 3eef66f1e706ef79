"""A tree that holds a part of the course, of which an edition is built in seconds."""

import shutil

from coursekit.grading.course.paths import Course, find_course

_ALWAYS = ["coursekit", "docs/hub.md", "docs/opening.md", "README.md", "pyproject.toml"]
_ALWAYS += [".gitignore", "LICENSE", "LICENSE-text.md", "environment.yml", "student.lock"]
_ALWAYS += ["tests/exercises/conftest.py", "tests/exercises/changed.json"]
_PROOFS = ["conftest.py", "tests/conftest.py", "tests/grading", "tests/nbval.cfg"]
_PROOFS += ["tests/nbval_numbers.cfg", "translations", "notebooks/experiments"]


def copy_part(root, lectures, exercises, *, proofs=False):
    """Copy some lectures and exercises with the package; `proofs`: also what tests them."""
    source = find_course()
    parts = [*_ALWAYS, *(_PROOFS if proofs else ()), *(f"notebooks/{x}.ipynb" for x in lectures)]
    for name in exercises:
        files = [source.exercises / f"{name}.ipynb", source.solutions / f"{name}.ipynb"]
        files += [source.test_file(name), source.answers_file(name), source.recorded_file(name)]
        parts += [path.relative_to(source.root).as_posix() for path in files]
    for part in parts:
        (root / part).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (source.root / part).is_dir() else shutil.copy
        copy(source.root / part, root / part)
    return Course(root)
