"""Damage zips and notebooks at random: whatever they are, grading must go on with the others.

    python tools/mutate_submissions.py                  10,000 zips and notebooks, and 100 graded
    python tools/mutate_submissions.py --number 300 --graded 0

Each file has a few bytes changed, left out, doubled or set to an extreme number, or, in a notebook,
a value replaced by one of another type. It is found, read and taken apart as `coursekit grade`
does; nothing but a sentence about the file may come of it. Some notebooks are graded in a sandbox,
to the end.
"""

import argparse
import io
import json
import random
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

from coursekit.grading.batch.base.records import Settings, SubmittedFile
from coursekit.grading.batch.grader.grading_process import Failed, outcome
from coursekit.grading.batch.hand_ins.collection import collect
from coursekit.grading.batch.hand_ins.notebook_file import exercise_name, notebook_of
from coursekit.grading.course.answer_cells import read_submission
from coursekit.grading.course.notebook import Exercise, answer_cells, parse, with_answers
from coursekit.grading.course.paths import Course, CourseError, find_course
from coursekit.grading.judge.reference import read_notebook

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
NAMES = ("Ada X_1_assignsubmission_file_/{}", "ada/{}", "adax_1_23456_{}", "{}")
EXTREMES = (b"\0\0", b"\xff\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\x80")
ODD: tuple[Any, ...] = (
    None, True, -1, 10**30, 1e308, "", "\ud800", "\x1b[2J", [], {}, [[]], [None], {"": None},
    {"nbgrader": []}, {"nbgrader": {"grade_id": 5}}, {"nbgrader": {"grade_id": ["answer-01-1"]}},
)  # fmt: skip


def damaged(rng: random.Random, content: bytes) -> bytes:
    """Change a few bytes; the end of a zip, its directory, more often than the rest."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        if not data:
            break
        first = rng.choice((0, len(data) * 9 // 10, max(0, len(data) - 120)))
        at = rng.randrange(first, len(data))
        match rng.randrange(6):
            case 0 | 1:
                data[at] = rng.randrange(256)
            case 2:
                data[at] ^= 1 << rng.randrange(8)
            case 3:
                extreme = rng.choice(EXTREMES)
                data[at : at + len(extreme)] = extreme
            case 4:
                del data[at : at + rng.choice((1, 4, len(data)))]
            case 5:
                data[at:at] = data[at : at + rng.choice((1, 30, 200))]
    return bytes(data)


def replaced(rng: random.Random, notebook: dict[str, Any]) -> bytes:
    """Replace a value anywhere in a notebook, or leave it out, or double it."""
    node, places = notebook, []
    while isinstance(node, (dict, list)) and node:
        key = rng.choice([*node] if isinstance(node, dict) else range(len(node)))
        places.append((node, key))
        node = node[key]  # type: ignore[index,assignment]
    parent, key = rng.choice(places)
    match rng.randrange(4):
        case 0:
            del parent[key]
        case 1 if isinstance(parent, list):
            parent.insert(key, parent[key])
        case _:
            parent[key] = rng.choice(ODD)
    return json.dumps(notebook).encode()


class Mutations:
    """Mutations of the files of one exercise, each determined by its number.

    Parameters
    ----------
    course : Course
        With its solutions.
    name : str
        The exercise.
    """

    def __init__(self, course: Course, name: str) -> None:
        self.course, self.name = course, name
        handed_out = read_notebook(course.exercises / f"{name}.ipynb")
        right = answer_cells(read_notebook(course.solutions / f"{name}.ipynb"))
        self.exercise: Exercise = parse(handed_out, name)
        self._notebook = json.dumps(with_answers(handed_out, right))

    def notebook(self, number: int) -> bytes:
        """A damaged notebook."""
        rng = random.Random(number)
        if rng.random() < 0.5:
            return damaged(rng, self._notebook.encode())
        return replaced(rng, json.loads(self._notebook))

    def zip(self, number: int) -> bytes:
        """A damaged zip of three notebooks, the last of them damaged too."""
        rng = random.Random(number)
        packed, form = io.BytesIO(), rng.choice(NAMES)
        with zipfile.ZipFile(packed, "w", rng.choice(METHODS)) as archive:
            for file in (f"{self.name}.ipynb", "b.ipynb", "grün.txt"):
                archive.writestr(form.format(file), self._notebook)
            archive.writestr(form.format("c.ipynb"), self.notebook(number))
        return damaged(rng, packed.getvalue())

    def read(self, path: Path) -> Counter[str]:
        """Find and read what a file holds; count what came of it."""
        said: Counter[str] = Counter()
        try:
            found = collect(path)
        except CourseError:
            return Counter(["no submission"])
        for file in found:
            submission = file.load()
            if submission.error:
                said["not read"] += 1
                continue
            try:
                notebook = notebook_of(submission)
                exercise_name(self.course, notebook)
                read_submission(notebook, self.exercise)
                said["read"] += 1
            except CourseError:
                said["no notebook"] += 1
        return said

    def grade(self, number: int) -> str:
        """Grade a damaged notebook in a sandbox; return how that ended."""
        content = self.notebook(number)
        submission = SubmittedFile("ada", "Ada", "x.ipynb", content)
        found = outcome(submission, Settings(self.course.root, seed=7))
        if isinstance(found, Failed):
            raise AssertionError(f"notebook {number}: {found.reason}")
        return "graded" if found.tasks else "no notebook"


def run(mutations: Mutations, folder: Path, number: int) -> Counter[str]:
    """Read so many damaged zips and notebooks.

    Raises
    ------
    AssertionError
        If one of them leads to anything but a sentence; it names the number.
    """
    said: Counter[str] = Counter()
    for each in range(number):
        for kind, content in (("zip", mutations.zip(each)), ("ipynb", mutations.notebook(each))):
            path = folder / f"x.{kind}"
            path.write_bytes(content)
            try:
                said += mutations.read(path)
            except Exception as error:
                raise AssertionError(f"{kind} {each}: {type(error).__name__}: {error}") from error
    return said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=10_000)
    parser.add_argument("--graded", type=int, default=100)
    options = parser.parse_args()
    course = find_course()
    mutations = Mutations(course, course.name("01"))
    with tempfile.TemporaryDirectory() as folder:
        print(dict(run(mutations, Path(folder), options.number)))
    print(dict(Counter(mutations.grade(number) for number in range(options.graded))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
