"""A small course: lecture and exercise 01 with a page, and a translation that is complete."""

import shutil

import pytest
from small_translation import LANGUAGE, marked

from coursekit.grading.course.paths import Course, find_course
from coursekit.translation import catalogue
from coursekit.translation.course_texts import catalogues, texts_of

PARTS = ["coursekit", "docs/hub.md", "docs/opening.md", "notebooks/01_linear_limits.ipynb"]
PARTS += ["exercises/01_linear_limits.ipynb", "solutions/01_linear_limits.ipynb", "README.md"]
PARTS += ["tests/exercises/conftest.py", "tests/exercises/test_01_linear_limits.py"]
PARTS += ["tests/exercises/answers_01.py", "tests/exercises/recorded/01.json", "pyproject.toml"]
PARTS += ["tests/exercises/changed.json", ".gitignore", "LICENSE", "LICENSE-text.md"]
PARTS += ["environment.yml", "student.lock"]


@pytest.fixture
def course(tmp_path):
    """The course, with all its texts translated by `marked`."""
    source, root = find_course().root, tmp_path / "course"
    for part in PARTS:
        (root / part).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (source / part).is_dir() else shutil.copy
        copy(source / part, root / part)
    course = Course(root)
    for name, files in catalogues(course).items():
        new = catalogue.updated(catalogue.read(root / "none"), texts_of(course, files), LANGUAGE)
        for entry in new:
            if catalogue.kinds_of(entry) != {catalogue.OPTIONAL}:
                entry.msgstr = marked(entry.msgid)
        path = root / "translations" / LANGUAGE / f"{name}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        new.save(str(path), newline="\n")
    return course
