"""Count the files of the package that a journey through it passes.

python tools/journeys.py check        check("05.2") with a known mistake, in exercises/
python tools/journeys.py submission   one submission, from the zip file to the gradebook's row
python tools/journeys.py slider       the slider w1 of LineAndGates, to its new picture

A file counts if a function in it runs, as `sys.setprofile` reports; the bodies of modules don't,
and everything is imported before the count begins. The first run is counted, which also loads the
recording and the tests. For the submission, two runs are joined: one in the sandbox, in which the
files on the teacher's side are counted, and one with --unsafe, whose worker reports the files on
the student's side. To count another version, call this script with that version's Python.
"""

import argparse
import json
import os
import pkgutil
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

import coursekit

ROOT = Path(coursekit.__file__).parent
MISTAKE = """def layer_forward(x, W, b, activation):
    activate, slope = ACTIVATIONS[activation]
    y = activate(x @ W + b)
    return y, slope(y)
"""
# Runs in the worker before its own code, and adds the files to those at this path.
REPORT = """
import sys
def note(frame, event, argument, seen=set()):
    code = frame.f_code
    if event == "call" and code.co_name != "<module>" and code.co_filename not in seen:
        seen.add(code.co_filename)
        with open({!r}, "a") as file:
            print(code.co_filename, file=file)
sys.setprofile(note)
"""


def files_of(journey: Callable[[], Any]) -> set[str]:
    """Run a journey; return the files of the package in which a function ran."""
    seen: set[str] = set()

    def note(frame: Any, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code.co_name != "<module>":
            seen.add(frame.f_code.co_filename)

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        journey()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return {str(Path(file).relative_to(ROOT)) for file in seen if within(file)}


def within(file: str) -> bool:
    """Whether a file belongs to the package."""
    return Path(file).is_relative_to(ROOT)


def check(folder: Path) -> set[str]:
    """Run a check of an answer with a known mistake, in a copy of the course without progress."""
    from coursekit import check

    shutil.copytree(ROOT.parent / "exercises", folder / "exercises")
    shutil.copytree(ROOT.parent / "tests" / "exercises", folder / "tests" / "exercises")
    os.chdir(folder / "exercises")
    notebook = json.loads(Path("05_backpropagation.ipynb").read_text(encoding="utf-8"))
    namespace = {"__name__": "__main__", "check": check}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and cell["id"].partition("-")[0] == "setup":
            exec("".join(cell["source"]), namespace)
    exec(MISTAKE, namespace)
    with redirect_stdout(StringIO()) as out:
        files = files_of(lambda: eval('check("05.2")', namespace))
    assert "Perhaps this is it" in out.getvalue(), out.getvalue()
    return files


def slider(folder: Path) -> set[str]:
    """Move a slider, as the browser's message does."""
    from coursekit import widgets

    explorer = widgets.LineAndGates()
    before = explorer.picture()
    files = files_of(lambda: setattr(explorer.controls["w1"].slider, "value", 10))
    assert explorer.picture() != before
    return files


def _in_this_process(submissions: Sequence[Any], settings: Any, jobs: int) -> Iterator[Any]:
    """Take the place of grading processes, in which nothing could be counted."""
    from coursekit.grading.batch.grader.grading_process import outcome

    for submission in submissions:
        loaded = submission.load()
        yield loaded, outcome(loaded, settings)


def submission(folder: Path) -> set[str]:
    """Grade a zip file with one notebook, which has the known mistake in one task."""
    notebook = json.loads((ROOT.parent / "exercises/05_backpropagation.ipynb").read_bytes())
    for cell in notebook["cells"]:
        if cell["id"] == "answer-05-2":
            cell["source"] = MISTAKE
    with zipfile.ZipFile(folder / "submissions.zip", "w") as archive:
        archive.writestr("ada/05_backpropagation.ipynb", json.dumps(notebook))
    os.chdir(ROOT.parent)

    def grade(*options: str) -> None:
        to = folder / f"marks{''.join(options)}"
        line = ["grade", str(folder / "submissions.zip"), "--to", str(to), "--jobs", "1"]
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as errors:
            assert coursekit.cli.main([*line, *options]) == 0, errors.getvalue()
        assert "Mistakes met" in (to / "summary.html").read_text(encoding="utf-8")

    import coursekit.cli
    import coursekit.grading.batch

    for module in pkgutil.walk_packages(coursekit.grading.__path__, "coursekit.grading."):
        import_module(module.name)
    coursekit.grading.batch.grader.executors.on_this_machine = _in_this_process
    files = files_of(grade)
    report = folder / "worker"
    start = subprocess.Popen

    def reporting(command: Sequence[str], *rest: Any, **options: Any) -> subprocess.Popen[bytes]:
        code = [*command].index("-c") + 1
        traced = [*command[:code], REPORT.format(str(report)) + command[code], *command[code + 1 :]]
        return start(traced, *rest, **options)

    with mock.patch.object(subprocess, "Popen", reporting):
        grade("--unsafe")
    inside = report.read_text(encoding="utf-8").split("\n")
    return files | {str(Path(file).relative_to(ROOT)) for file in inside if within(file)}


def main() -> None:
    """Print the files, and their number."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    journeys = {function.__name__: function for function in (check, submission, slider)}
    parser.add_argument("journey", choices=journeys)
    journey = journeys[parser.parse_args().journey]
    with tempfile.TemporaryDirectory() as folder:
        files = journey(Path(folder))
        os.chdir(ROOT)  # out of the folder that is now deleted
    print("\n".join(sorted(files)))
    print(f"{len(files)} files")


if __name__ == "__main__":
    main()
