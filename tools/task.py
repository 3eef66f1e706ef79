"""Prove one task, or one exercise: record it, and run all tests that judge it.

python tools/task.py 06.8
python tools/task.py 12

Each thing that is wrong is a line with the file to edit. `make test` runs the same tests for all.
"""

import argparse
import sys

import nbformat
import pytest

from coursekit.grading.authoring.record import write_exercise
from coursekit.grading.course.paths import CourseError, find_course
from coursekit.notebooks import execute, normalise

EVERY_TASK = [
    "tests/exercises/test_task_texts.py",
    "tests/exercises/test_explanations.py",
    "tests/grading/test_rule.py",
    "tests/grading/test_every_task.py",
    "tests/grading/test_forgers.py",
]
LINKS = "tests/project/test_texts.py"
HAND_OUT = "tests/grading/authoring/test_bundle.py::test_no_line_of_an_answer_is_in_the_bundle"
OVERVIEW = (  # it lists all tasks in lecture 00
    "tests/project/test_notebooks.py::"
    "test_what_differs_between_readers_is_stored_as_a_new_one_sees_it"
)


def proofs(what: str, name: str) -> list[list[str]]:
    """Return pytest's arguments for what is proved; the quick ones first."""
    # Tests of one task have its number in their names, those of an exercise only the exercise's.
    one = f"{what} or ({name} and not {name[:2]}.)" if "." in what else f"{name} or {what}."
    return [["-k", one, *EVERY_TASK], ["-k", name, LINKS], [HAND_OUT, OVERVIEW]]


class Findings:
    """Collects what failed, as the tests word it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.passed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.passed += report.when == "call" and report.passed
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            message = crash.message if crash else str(report.longrepr)
            text = message.removeprefix("AssertionError: ").removeprefix("Failed: ")
            text = text.partition("\nassert ")[0]
            self.lines.append(f"{text}\n    ({report.nodeid})")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", metavar="06.8 or 12")
    what = parser.parse_args().what
    course = find_course()
    try:
        name = course.name(what.partition(".")[0])
        print(write_exercise(course, name), flush=True)
    except CourseError as error:
        print(error)
        return 1
    source = course.solutions / f"{name}.ipynb"
    print(f"Running {source.relative_to(course.root)} …", flush=True)
    nbformat.write(normalise(execute(source)), source)
    findings = Findings()
    quiet = ["-p", "no:terminal", "-p", "no:cacheprovider"]
    for arguments in proofs(what, name):  # the next ones run when nothing is wrong any more
        print(f"pytest {' '.join(arguments)}", flush=True)
        code = pytest.main([*quiet, *arguments], plugins=[findings])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            findings.lines.append(f"pytest ended with {code!r}: nothing was tested")
        if findings.lines:
            break
    print(*findings.lines, sep="\n")
    print(f"{findings.passed} passed, {len(findings.lines)} failed")
    if findings.lines:
        return 1
    print(f"Now read what `.venv/bin/python tools/mutation.py {what}` finds, then `make lint`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
