"""A small course: lecture and exercise 01 with a page, and a translation that is complete."""

import pytest
from small_translation import LANGUAGE, marked
from small_tree import copy_part

from coursekit.translation import catalogue
from coursekit.translation.course_texts import catalogues, texts_of


@pytest.fixture
def course(tmp_path):
    """The course, with all its texts translated by `marked`."""
    root = tmp_path / "course"
    course = copy_part(root, ["01_linear_limits"], ["01_linear_limits"])
    for name, files in catalogues(course).items():
        new = catalogue.updated(catalogue.read(root / "none"), texts_of(course, files), LANGUAGE)
        for entry in new:
            if catalogue.kinds_of(entry) != {catalogue.OPTIONAL}:
                entry.msgstr = marked(entry.msgid)
        path = root / "translations" / LANGUAGE / f"{name}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        new.save(str(path), newline="\n")
    return course
