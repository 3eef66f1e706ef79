"""What Gradescope runs for a submission; see `authoring.autograder`."""

import json
import os
import sys
from pathlib import Path

from coursekit.grading.batch.base.records import Grade, Settings, SubmittedFile
from coursekit.grading.batch.exports.reports import as_gradescope
from coursekit.grading.batch.grader.grade_one import grade_one
from coursekit.grading.batch.grader.grading_process import limited_memory
from coursekit.grading.batch.marks.entry import Entry
from coursekit.grading.batch.sandbox.bubblewrap import SandboxUnavailable, command
from coursekit.grading.batch.sandbox.endings import SandboxKilled
from coursekit.grading.batch.sandbox.sandbox import Sandbox
from coursekit.grading.course.paths import Course, find_course, write_atomically
from coursekit.language import say

NOBODY = "nobody"  # the user who runs answers where no sandbox starts


def main(home: Path, name: str) -> None:
    """Grade the notebooks in ``submission/``; write the best result to ``results/``.

    Parameters
    ----------
    home : Path
        Gradescope's ``/autograder``.
    name : str
        The exercise.
    """
    course = find_course()
    settings = _settings(course, int((course.root / "seed").read_text()), name)
    grades = [_grade(path, settings) for path in sorted((home / "submission").rglob("*.ipynb"))]
    of_exercise = [grade for grade in grades if grade.exercise == name and grade.tasks]
    if of_exercise:
        best = max(of_exercise, key=lambda grade: sum(task.points for task in grade.tasks))
        results = as_gradescope(Entry(best, {}))
    else:
        remarks = [f"{grade.file}: {remark}" for grade in grades for remark in grade.remarks]
        output = "\n".join([say("No notebook of {name} was submitted.", name=name), *remarks])
        results = json.dumps({"score": 0, "output": output}, ensure_ascii=False)
    write_atomically(home / "results" / "results.json", results)


def _settings(course: Course, seed: int, name: str) -> Settings:
    """Choose a sandbox if one starts here, and another user if none does."""
    try:
        Sandbox(command(course.root)).close()
    except (SandboxUnavailable, SandboxKilled) as error:
        print(
            error, say("The answers run as {user}.", user=NOBODY)
        )  # Gradescope shows it to teachers alone
        return Settings(course.root, seed, unsafe=True, user=NOBODY, only=name)
    return Settings(course.root, seed, only=name)


def _grade(path: Path, settings: Settings) -> Grade:
    submission = SubmittedFile("submission", "Submission", path.name, path.read_bytes())
    with limited_memory():
        return grade_one(submission, settings)


if __name__ == "__main__":
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    main(Path(sys.argv[1]), sys.argv[2])
