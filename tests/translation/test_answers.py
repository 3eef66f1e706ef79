"""Known answers follow the translation of the course's own answers, of which most are edits."""

import subprocess
import sys

import pytest

from coursekit.grading.authoring.record import catalogue_of
from coursekit.grading.course.notebook import parse
from coursekit.grading.course.paths import Course, find_course
from coursekit.grading.judge.reference import read_notebook
from coursekit.translation.course_texts import texts_of, translate_file
from coursekit.translation.edition import following

COURSE = find_course()


@pytest.mark.parametrize("name", COURSE.names)
def test_edits_fit_the_translated_answers(name, tmp_path):
    """Whatever a translation does to strings, docstrings and comments, each edit has its place."""
    source = COURSE.solutions / f"{name}.ipynb"
    new = {
        text.english: text.english + " ⟦⟧"
        for text in texts_of(COURSE, [source])
        if text.kind in ("string", "f-string", "docstring", "comment")
    }
    edition = Course(tmp_path)
    for folder in (edition.solutions, edition.tests):
        folder.mkdir(parents=True)
    solution = edition.solutions / source.name
    solution.write_text(translate_file(COURSE, source, lambda text: new.get(text.english)))
    answers = COURSE.answers_file(name).read_text(encoding="utf-8")
    edition.answers_file(name).write_text(following(answers, new), encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--line-length=100"]
    subprocess.run([*command, str(solution)], check=True)
    exercise = parse(read_notebook(solution), name)
    own = parse(read_notebook(source), name)
    entries = catalogue_of(edition, exercise)
    assert len(entries) == len(catalogue_of(COURSE, own))
    assert all(entry.source for entry in entries)
