"""What does it cost to grade a submission, beside nbgrader and otter-grader?

The same exercise of three tasks for each grader, written as its users write it: for coursekit with
tests that call answers in a sandbox, for nbgrader with assertions in hidden tests (and once more
with coursekit's own notebooks, which nbgrader can grade), for otter-grader with test files of
functions. The same submissions: right, with one mistake, with three, with a task not written.

A time is processor time of the command and of all processes that it started, as a control group of
their own counts it. (The kernel's sum over waited-for children would miss sandboxes: what runs in
one is killed with it, without a wait.) "At the margin" is the cost of one more submission: the
difference between a run of many and a run of four. The graders take turns; figures are medians over
the turns. otter-grader grades one submission per command (`otter run`; its other way needs Docker),
so its margin is a whole run.

    python benchmarks/grading.py
    python benchmarks/grading.py --peer peers/bin/python --measure 1000
"""

import argparse
import atexit
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import indent

from coursekit.grading.authoring.record import write_exercise
from coursekit.grading.batch.base.records import Settings
from coursekit.grading.batch.grader.grade_one import grade_one
from coursekit.grading.batch.hand_ins.collection import collect
from coursekit.grading.batch.sandbox.bubblewrap import command
from coursekit.grading.batch.sandbox.own_modules import compile_once
from coursekit.grading.course.paths import Course, find_course

ROOT = Path(__file__).resolve().parents[1]
SUBMISSIONS, JOBS, TURNS, MANY, FEW, OF_OTTER = 60, 2, 3, 16, 4, 4
OURS = 28  # of ours: they cost less, so that the noise of a start weighs more
CPU, SECOND_WAY, NBGRADER, OTTER, MEMORY, THOUSAND = 0.30, 2.0, 4, 20, 80e6, 5.0  # to reach
NAME = "01_bench"

# Each task: its function, the answer, a mistake, and arguments made from rng and n.
TASKS = [
    (
        "neuron(x, w, w0)",
        "return (x @ w - w0 > 0).astype(int)",
        "return (x @ w + w0 > 0).astype(int)",
        "rng.normal(size=(n, 3)), rng.normal(size=3), rng.normal()",
    ),
    (
        "softmax(x)",
        "e = np.exp(x - x.max(axis=1, keepdims=True))\nreturn e / e.sum(axis=1, keepdims=True)",
        "e = np.exp(x - x.max())\nreturn e / e.sum()",
        "(10 * rng.normal(size=(n, 4)),)",
    ),
    (
        "gradients(x, dy)",
        "return x.T @ dy, dy.sum(axis=0)",
        "return x.T @ dy, dy.mean(axis=0)",
        "rng.normal(size=(n, 3)), rng.normal(size=(n, 2))",
    ),
]
SIZES = (2, 7, 40)  # each size is a test
CHECKS = tuple(f'check("01.{number}")' for number in (1, 2, 3))
IMPORT = "from coursekit import check"


def name_of(call: str) -> str:
    return call.partition("(")[0]


def function(call: str, body: str, name: str = "") -> str:
    return f"def {name or name_of(call)}({call.partition('(')[2]}:\n{indent(body, '    ')}"


def cell(id: str, source: str, kind: str = "code", points: int | None = None) -> dict[str, object]:
    """A cell with nbgrader's metadata."""
    marks = {"schema_version": 3, "grade_id": id, "cell_type": kind, "task": False}
    marks |= {"solution": id.startswith("answer"), "locked": not id.startswith("answer")}
    marks |= {"grade": points is not None, **({"points": points} if points else {})}
    made = {"cell_type": kind, "id": id, "metadata": {"nbgrader": marks}, "source": source}
    return made | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def notebook(checks: Sequence[str], bodies: Sequence[str], setup: str = "") -> str:
    """An exercise's notebook: these bodies of the answers, these texts of the check cells."""
    cells = [cell("title", "# Exercise 01", "markdown")]
    cells.append(cell("setup", "import numpy as np"))
    cells.append(cell("import-check", setup))
    for number, (task, check, body) in enumerate(zip(TASKS, checks, bodies, strict=True), 1):
        cells.append(cell(f"task-01-{number}", f"## Task 01.{number}: {task[0]}", "markdown"))
        cells.append(cell(f"answer-01-{number}", function(task[0], body)))
        cells.append(cell(f"check-01-{number}", check, points=3))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def marked(body: str) -> str:
    return f"### BEGIN SOLUTION\n{body}\n### END SOLUTION"


def bodies(number: int) -> list[str]:
    """The answers of one student; no two files are the same."""
    right, wrong = [task[1] for task in TASKS], [task[2] for task in TASKS]
    right, wrong = [[f"{body}  # {number}" for body in kind] for kind in (right, wrong)]
    unwritten = "# YOUR CODE HERE\nraise NotImplementedError"
    return [right, [*right[:2], wrong[2]], wrong, [*right[:2], unwritten]][number % 4]


def points(number: int) -> int:
    """What that student deserves in a grader that gives all points of a task or none."""
    return [9, 6, 0, 6][number % 4]


def asserted(task: tuple[str, str, str, str]) -> str:
    """A plain test of a task, for graders that run it beside the answer."""
    call, body, _, arguments = task
    name = name_of(call)
    return (
        f"{function(call, body, f'_{name}')}\n"
        "rng = np.random.default_rng(0)\n"
        f"for n in {SIZES}:\n    given = {arguments}\n"
        f"    mine, own = {name}(*given), _{name}(*given)\n"
        "    for one, other in zip(mine, own, strict=True):\n"
        "        assert np.allclose(one, other)\n"
    )


class Meter:
    """A control group, which counts the processor time of all that ever ran in it (Linux)."""

    def __init__(self) -> None:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
        fields = [line.split(":", 2) for line in lines]
        tree, name = Path("/sys/fs/cgroup"), f"benchmark-{os.getpid()}"
        own = {controller: path.lstrip("/") for _, controllers, path in fields
               for controller in controllers.split(",")}  # fmt: skip
        try:
            if (tree / "cgroup.controllers").exists():  # version 2
                self._group = tree / own[""] / name
                self._inner = self._group / "run"
                self._inner.mkdir(parents=True)
                there = (self._group / "cgroup.controllers").read_text().split()
                if {"memory", "pids"} <= set(there):
                    # so that the sandboxes' own groups are made within this one
                    (self._group / "cgroup.subtree_control").write_text("+memory +pids")
            else:
                self._group = self._inner = tree / "cpuacct" / own["cpuacct"] / name
                self._group.mkdir()
        except (OSError, KeyError) as error:
            raise SystemExit(
                f"No control group can be made here ({error}). As an ordinary user:\nsystemd-run "
                f"--user --scope --property=Delegate=yes python {sys.argv[0]}"
            ) from error
        atexit.register(self._end)

    def run(self, argv: list[str], folder: Path, **more: str) -> tuple[float, str]:
        """Run a command to the end of all its processes: seconds it took, and what it wrote."""
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        before = self.seconds()
        run = subprocess.run(
            self.entering(argv),
            cwd=folder,
            env={**os.environ, **threads, **more},
            capture_output=True,
            text=True,
        )
        if run.returncode:
            output = run.stdout[-2000:] + run.stderr[-2000:]
            raise SystemExit(f"{' '.join(argv)} failed:\n{output}")
        while (self._inner / "cgroup.procs").read_text():
            time.sleep(0.01)
        return self.seconds() - before, run.stdout

    def entering(self, argv: list[str]) -> list[str]:
        """The same command, started inside the group."""
        enter = 'echo $$ > "$0" && exec "$@"'
        return ["/bin/sh", "-c", enter, str(self._inner / "cgroup.procs"), *argv]

    def seconds(self) -> float:
        """Processor time that all of them took so far."""
        if (self._group / "cpu.stat").exists():
            fields = (self._group / "cpu.stat").read_text().split()
            return int(fields[fields.index("usage_usec") + 1]) / 1e6
        return int((self._group / "cpuacct.usage").read_text()) / 1e9

    def _end(self) -> None:
        for group in dict.fromkeys([self._inner, self._group]):
            group.rmdir()


class Ours:
    """coursekit's command."""

    def __init__(self, meter: Meter, folder: Path) -> None:
        self._meter, self.course = meter, Course(folder)
        for path in (self.course.exercises, self.course.solutions, self.course.tests):
            path.mkdir(parents=True)
        own = [marked(task[1]) for task in TASKS]
        (self.course.solutions / f"{NAME}.ipynb").write_text(self._notebook(own))
        self.course.test_file(NAME).write_text(self._tests())
        self.course.answers_file(NAME).write_text(self._mistakes())
        shutil.copy(find_course().tests / "conftest.py", self.course.tests)
        write_exercise(self.course, NAME)

    def _tests(self) -> str:
        text = "from coursekit.grading import close, parametrize, task\n"
        for number, (call, _, _, arguments) in enumerate(TASKS, 1):
            name = name_of(call)
            text += (
                f'\n\n@task("01.{number}", points=1)\n'
                f'@parametrize("n", {SIZES})\n'
                f"def test_{name}(student, reference, rng, n):\n"
                f'    """{name} of {{n}} rows."""\n    given = {arguments}\n'
                f'    close(student.{name}(*given), reference.{name}(*given), "the result")\n'
            )
        return text

    def _mistakes(self) -> str:
        text = "from coursekit.grading import wrong\n"
        for number, (call, _, body, _) in enumerate(TASKS, 1):
            text += f'\n\n@wrong("01.{number}", "The known mistake.")\n{function(call, body)}\n'
        return text

    def hand_in(self, numbers: range, to: Path, *, helpers: bool = False) -> Path:
        """Store submissions; with helpers, the answers need a cell that is the student's own."""
        to.mkdir()
        for number in numbers:
            answers = bodies(number)
            if helpers:
                answers = [f"assert HELPER\n{body}" for body in answers]
            notebook = json.loads(self._notebook(answers))
            own = {"cell_type": "code", "id": "own", "metadata": {}, "source": "HELPER = True"}
            if helpers:
                notebook["cells"].insert(3, {**own, "execution_count": None, "outputs": []})
            (to / f"student{number:04}.ipynb").write_text(json.dumps(notebook))
        return to

    def _notebook(self, answers: list[str]) -> str:
        return notebook(CHECKS, answers, IMPORT)

    def grade(self, submissions: Path, jobs: int) -> float:
        marks = Path(tempfile.mkdtemp(dir=self.course.root))
        options = ["--to", str(marks), "--jobs", str(jobs), "--json"]
        said = [sys.executable, "-m", "coursekit.cli", "grade", str(submissions), *options]
        seconds, output = self._meter.run(said, self.course.root, PYTHONPATH=str(ROOT))
        for mark in json.loads(output)["marks"]:
            number = int(mark["student"].removeprefix("student"))
            assert number % 4 == 2 or mark["counts"] == points(number), mark
        return seconds

    def margin(self, turn: int, *, helpers: bool = False) -> float:
        first, name = turn * OURS, f"{turn}-{helpers}"
        numbers = [range(first, first + count) for count in (OURS, FEW)]
        folders = [self.course.root / f"{many}{name}" for many in ("many", "few")]
        many, few = (
            self.hand_in(some, folder, helpers=helpers)
            for some, folder in zip(numbers, folders, strict=True)
        )
        return (self.grade(many, 1) - self.grade(few, 1)) / (OURS - FEW)


class Nbgrader:
    """``nbgrader autograde`` of a folder of submissions, with assertions in hidden tests."""

    title, module, target = "nbgrader with plain assertions", "nbgrader", NBGRADER
    checks: Sequence[str] = tuple(
        f"### BEGIN HIDDEN TESTS\n{asserted(t)}### END HIDDEN TESTS" for t in TASKS
    )
    handed_out: Sequence[str] = ("", "", "")
    setup = ""

    def __init__(self, meter: Meter, python: str, course: Course) -> None:
        self._meter, self._python = meter, python
        self._folder = course.root / type(self).__name__  # where `check` finds the course

    def _grade(self, numbers: range, folder: Path) -> float:
        (folder / "source" / NAME).mkdir(parents=True)
        source = notebook(self.checks, [marked(task[1]) for task in TASKS], self.setup)
        (folder / "source" / NAME / f"{NAME}.ipynb").write_text(source)
        path = os.pathsep.join([str(Path(self._python).parent), os.environ["PATH"]])
        places = {"PATH": path, "PYTHONPATH": str(ROOT)}
        nbgrader = [self._python, "-m", "nbgrader"]
        self._meter.run([*nbgrader, "generate_assignment", NAME], folder, **places)
        for number in numbers:
            home = folder / "submitted" / f"student{number:04}" / NAME
            home.mkdir(parents=True)
            text = notebook(self.handed_out, bodies(number), self.setup)
            (home / f"{NAME}.ipynb").write_text(text)
        seconds, _ = self._meter.run([*nbgrader, "autograde", NAME], folder, **places)
        self._meter.run([*nbgrader, "export"], folder, **places)
        for row in csv.DictReader((folder / "grades.csv").read_text().splitlines()):
            number = int(row["student_id"].removeprefix("student"))
            assert number % 4 == 2 or float(row["score"]) == points(number), row
        return seconds

    def margin(self, turn: int) -> float:
        first = turn * MANY
        many = self._grade(range(first, first + MANY), self._folder / f"many{turn}")
        few = self._grade(range(first, first + FEW), self._folder / f"few{turn}")
        return (many - few) / (MANY - FEW)


class Same(Nbgrader):
    """The same with the very notebooks that coursekit grades, which are nbgrader's too."""

    title, module = "nbgrader with the same notebooks", "nbgrader, pytest"
    checks = handed_out = CHECKS
    setup = IMPORT


class Otter:
    """``otter run`` of one submission after the other."""

    title, module, target = "otter-grader", "otter", OTTER

    def __init__(self, meter: Meter, python: str, course: Course) -> None:
        self._meter, self._otter = meter, [python, "-m", "otter"]
        self._folder = folder = course.root / "otter"
        for name in ("tests", "out"):
            (folder / name).mkdir(parents=True)
        for number, task in enumerate(TASKS, 1):
            (folder / "tests" / f"q{number}.py").write_text(
                f'OK_FORMAT = False\nname = "q{number}"\npoints = 3\n'
                "import numpy as np\nfrom otter.test_files import test_case\n\n"
                f"@test_case()\ndef test_it({name_of(task[0])}):\n{indent(asserted(task), '    ')}"
            )
        nothing = ["--no-config", "--no-requirements", "--no-environment"]
        self._meter.run(
            [*self._otter, "generate", "-t", "tests", "-o", "grader.zip", *nothing], folder
        )

    def margin(self, turn: int) -> float:
        checks = [f'grader.check("q{number}")' for number in (1, 2, 3)]
        spent = []
        for number in range(turn * OF_OTTER, (turn + 1) * OF_OTTER):
            text = notebook(checks, bodies(number), "import otter\ngrader = otter.Notebook()")
            (self._folder / "one.ipynb").write_text(text)
            run = ["run", "one.ipynb", "-a", "grader.zip", "-o", "out", "--no-logo"]
            spent.append(self._meter.run([*self._otter, *run], self._folder)[0])
            results = json.loads((self._folder / "out" / "results.json").read_text())
            tests = [test for test in results["tests"] if test["name"].startswith("q")]
            assert sum(test["score"] for test in tests) == points(number), results
        return statistics.median(spent)


def below(parent: int) -> Iterator[int]:
    """The processes below one."""
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            yield child
            yield from below(child)


def memory(process: int) -> int:
    """Bytes that a process occupies, with its part of those that it shares with others (PSS)."""
    command, ours = (Path(f"/proc/{who}/cmdline").read_bytes() for who in (process, "self"))
    if (
        command == ours
    ):  # about to become a sandbox, it still is the grader and has the grader's memory
        return 0
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def sandbox_memory(course: Course, submissions: Path) -> int:
    """The most that a sandbox occupies at once, sampled while submissions run."""
    most, ended = 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(0.005):
            try:
                most = max(most, sum(map(memory, below(os.getpid()))))
            except (OSError, StopIteration):  # one has just ended
                continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        for submission in collect(submissions):
            grade_one(submission.load(), Settings(course.root, seed=1))
    finally:
        ended.set()
        watcher.join()
    return most


def report(name: str, value: float, unit: str, target: float, *, least: bool = False) -> None:
    """One figure beside what it should be."""
    reached = value >= target if least else value <= target
    word = "at least" if least else "at most"
    print(f"{name}: {value:.3g}{unit} (to reach: {word} {target:g}){'' if reached else '  missed'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--peer",
        action="append",
        default=[],
        metavar="PYTHON",
        help="of an environment with nbgrader or otter-grader; default: this one",
    )
    parser.add_argument("--measure", type=int, metavar="N", help="grade N submissions, and time it")
    options = parser.parse_args()
    compile_once()
    command(ROOT)  # can sandboxes start here?
    meter = Meter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = Ours(meter, folder / "ours")
        peers: list[Nbgrader | Otter] = []
        kinds: list[type[Nbgrader | Otter]] = [Nbgrader, Same, Otter]
        for kind in kinds:
            for python in options.peer or [sys.executable]:
                known = [python, "-c", f"import {kind.module}"]
                if subprocess.run(known, capture_output=True).returncode == 0:
                    peers.append(kind(meter, os.path.abspath(python), ours.course))
                    break
            else:
                print(f"{kind.title} is left out: {kind.module} is not installed.")
        margins = [[one.margin(turn) for one in (ours, *peers)] for turn in range(TURNS)]
        everything = ours.hand_in(range(SUBMISSIONS), folder / "all")
        each = ours.grade(everything, JOBS) / SUBMISSIONS
        report(f"CPU seconds per submission, of {SUBMISSIONS} with {JOBS} jobs", each, "", CPU)
        margin = statistics.median(turn[0] for turn in margins)
        print(f"coursekit: {margin:.3f} CPU seconds at the margin")
        second = statistics.median(ours.margin(turn, helpers=True) for turn in range(TURNS))
        report("the same where the whole notebook is run, too", second, "", SECOND_WAY)
        for place, peer in enumerate(peers, 1):
            theirs = statistics.median(turn[place] for turn in margins)
            print(f"{peer.title}: {theirs:.2f} CPU seconds at the margin")
            ratio = statistics.median(turn[place] / turn[0] for turn in margins)
            report(f"{peer.title} beside coursekit", ratio, " times", peer.target, least=True)
        sandbox = sandbox_memory(ours.course, ours.hand_in(range(4), folder / "four"))
        report("memory of a sandbox", sandbox / 1e6, " MB", MEMORY / 1e6)
        projected = 1000 * margin / JOBS / 60
        report("1,000 submissions, projected from the margin", projected, " minutes", THOUSAND)
        if options.measure:
            folder_of_many = ours.hand_in(range(options.measure), folder / "measured")
            started = time.monotonic()
            spent = ours.grade(folder_of_many, JOBS)
            passed = (time.monotonic() - started) / 60
            what = f"{options.measure} submissions with {JOBS} jobs, by the clock"
            report(what, passed, " minutes", THOUSAND * options.measure / 1000)
            print(f"{spent / options.measure:.3f} CPU seconds for each of them")


if __name__ == "__main__":
    main()
