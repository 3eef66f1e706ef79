"""The folder in which a student works: made of a course, and brought up to date with it."""

import hashlib
import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from coursekit.grading.course.notebook import Notebook, notebook_text
from coursekit.grading.course.paths import (
    WORKING_COPY,
    Course,
    CourseError,
    is_course,
    keep_backup,
    write_atomically,
)
from coursekit.grading.course.reasons import reason_of
from coursekit.grading.course.submission import UNREADABLE, load_notebook
from coursekit.grading.judge.course_files import course_files
from coursekit.grading.student.merge import cell_prints, merge
from coursekit.language import mark, say

MANIFEST = Path(".coursekit", "handed-out.json")  # what the copy was given

_MADE = mark("{folder} is your copy of the course. Work in it: updates keep what you write there.")
_UPDATED = mark("Updated: {file}")
_ADDED = mark("New: {file}")
_REMOVED = mark("No longer part of the course, and removed: {file}")
_MERGED = mark("Updated, with what you wrote: {file} (as it was: {backup})")
_REPLACED = mark("{file} could not be read and is a fresh copy now (as it was: {backup})")
_TAKEN = mark("What you wrote in {file} is now in {folder}/{file}.")
_NOT_TAKEN = mark(
    "{file} and {folder}/{file} both hold answers. Those in {folder} count; to use the others, "
    "copy that file there."
)
_PROGRESS = mark("Your progress so far was taken over.")
_NO_FOLDER = mark("{folder} is needed for your copy of the course: rename what is there now.")
_NOT_WRITTEN = mark("Your copy of the course, {folder}, could not be written: {reason}.")


def update_copy(course: Course) -> tuple[Course, list[str]]:
    """Make a student's copy of a course, or bring it up to date.

    A notebook that the student has not written in is replaced. Of others, what the student has
    written is put into the new version, and the old file is kept beside it. What was written in
    ``exercises/`` of the course itself, before there was a copy, is taken over.

    Parameters
    ----------
    course : Course
        The course, or its copy.

    Returns
    -------
    copy : Course
        The student's copy.
    messages : list of str
        What was done, in sentences; empty if nothing has changed.

    Raises
    ------
    CourseError
        If something else is in the copy's place, or it can't be written.
    """
    if course.root.name == WORKING_COPY and is_course(course.root.parent):
        course = Course(course.root.parent)
    copy = Course(course.root / WORKING_COPY)
    is_free = not copy.root.exists() or (copy.root.is_dir() and not any(copy.root.iterdir()))
    if not is_free and not is_course(copy.root):
        raise CourseError(say(_NO_FOLDER, folder=copy.root))
    try:
        return copy, _Update(course, copy).run()
    except OSError as error:
        stated = say(_NOT_WRITTEN, folder=copy.root, reason=reason_of(error))
        raise CourseError(stated) from error


class _Update:
    def __init__(self, course: Course, copy: Course) -> None:
        self._course, self._copy = course, copy
        self._names = [name for name in course.names if course.recorded_file(name).exists()]
        self._manifest = copy.root / MANIFEST
        given: dict[str, Any] = {}
        with suppress(FileNotFoundError, ValueError):  # without it less is known, and nothing lost
            given = json.loads(self._manifest.read_text(encoding="utf-8"))
        self._given: dict[str, dict[str, Any]] = given.get("files", {})
        self._taken: dict[str, str] = given.get("taken", {})
        self._messages: list[str] = []

    def run(self) -> list[str]:
        is_new = not is_course(self._copy.root)
        files = course_files(self._course, self._names)
        for folder in (self._copy.exercises, self._copy.tests):  # by which it is known as a copy
            folder.mkdir(parents=True, exist_ok=True)
        for file in self._given.keys() - files.keys():
            self._remove(file)
        for file, content in sorted(files.items()):
            self._write(file, content)
        if is_new:
            self._messages = [say(_MADE, folder=WORKING_COPY)]
        self._take_over(files)
        given = {file: _given(file, content) for file, content in files.items()}
        text = json.dumps({"files": given, "taken": self._taken}, indent=1)
        write_atomically(self._manifest, text + "\n")
        return self._messages

    def _write(self, file: str, content: bytes) -> None:
        path = self._copy.root / file
        if not path.exists():
            write_atomically(path, as_opened(path, content))
            self._say(_ADDED, file)
        elif path.suffix != ".ipynb":
            if path.read_bytes() != content:
                write_atomically(path, content)
        elif self._given.get(file, {}).get("file") != _digest(content):
            self._update(file, path, content)

    def _update(self, file: str, path: Path, content: bytes) -> None:
        try:
            mine = _read(path)
        except CourseError:
            backup = keep_backup(path).name
            write_atomically(path, as_opened(path, content))
            self._say(_REPLACED, file, backup)
            return
        new = json.loads(content)
        merged, written = merge(mine, new, self._given.get(file, {}).get("cells", {}))
        if not written:
            if path.read_bytes() != (opened := as_opened(path, content)):
                write_atomically(path, opened)
                self._say(_UPDATED, file)
        elif cell_prints(merged) != cell_prints(mine):
            backup = keep_backup(path).name
            write_atomically(path, notebook_text(merged))
            self._say(_MERGED, file, backup)

    def _remove(self, file: str) -> None:
        """Remove what the course has no longer, unless the student has written in it."""
        path = self._copy.root / file
        if not path.exists():
            return
        if path.suffix == ".ipynb":
            try:
                mine = _read(path)
            except CourseError:
                return
            if merge(mine, {**mine, "cells": []}, self._given[file]["cells"])[1]:
                return
            self._say(_REMOVED, file)
        path.unlink()

    def _take_over(self, files: dict[str, bytes]) -> None:
        """Take over what was written in the course's own folders, before there was a copy."""
        if self._course.progress.exists() and not self._copy.progress.exists():
            self._copy.progress.parent.mkdir(exist_ok=True)
            shutil.copy(self._course.progress, self._copy.progress)
            self._messages.append(say(_PROGRESS))
        for file in (f"exercises/{name}.ipynb" for name in self._names):
            old = self._course.root / file
            if not old.exists() or self._taken.get(file) == _digest(old.read_bytes()):
                continue
            new = json.loads(files[file])
            try:
                merged, written = merge(_read(old), new, {})
                mine = merge(_read(self._copy.root / file), new, {})
            except CourseError:
                continue
            if not written:
                continue
            self._taken[file] = _digest(old.read_bytes())
            if not mine[1]:
                write_atomically(self._copy.root / file, notebook_text(merged))
                self._say(_TAKEN, file)
            elif cell_prints(mine[0]) != cell_prints(merged):
                self._say(_NOT_TAKEN, file)

    def _say(self, template: str, file: str, backup: str = "") -> None:
        if not file.startswith("tests/"):
            self._messages.append(say(template, file=file, backup=backup, folder=WORKING_COPY))


def _read(path: Path) -> Notebook:
    """Read a student's notebook, if all of it can be read."""
    notebook = load_notebook(path)
    for cell in notebook["cells"]:
        if cell["cell_type"] == UNREADABLE["cell_type"]:
            raise CourseError(say("{file} has a cell that can't be read.", file=path.name))
        if not cell["metadata"]["nbgrader"]:
            del cell["metadata"]["nbgrader"]  # which `load_notebook` has added
    return notebook


def as_opened(path: Path, content: bytes) -> bytes:
    """Add what JupyterLab adds to a notebook that it opens: reading one leaves nothing to save."""
    if path.suffix != ".ipynb":
        return content
    from ipykernel.ipkernel import IPythonKernel  # slow to import, and seldom needed

    notebook = json.loads(content)
    notebook["metadata"]["language_info"] = dict(IPythonKernel.language_info)
    return notebook_text(notebook).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _given(file: str, content: bytes) -> dict[str, Any]:
    """Describe a file as it was given to the student, so that later changes can be found."""
    described: dict[str, Any] = {"file": _digest(content)}
    if file.endswith(".ipynb"):
        described["cells"] = cell_prints(json.loads(content))
    return described
