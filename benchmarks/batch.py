"""A batch of 300 submissions, right, wrong, hostile and odd: how much processor time and memory?

Every hostile program of tests/grading/batch/attacks.py is among them, and damaged notebooks, sparse
files, links, doubled files and names that act on a terminal. It fails if an honest grade is wrong,
a hostile one gains a point, or a process or a file is left behind.

    python benchmarks/batch.py
    python benchmarks/batch.py --number 30 --jobs 1
    systemd-run --user --scope -p Delegate=yes -p MemoryMax=3G python benchmarks/batch.py
"""

import argparse
import contextlib
import ctypes
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from grading import Meter  # noqa: E402

from coursekit.grading.authoring.record import write_exercise  # noqa: E402
from coursekit.grading.course.paths import Course, find_course  # noqa: E402
from tests.grading import small_course as small  # noqa: E402
from tests.grading.batch.attacks import ATTACKS  # noqa: E402
from tools.mutate_submissions import damaged  # noqa: E402

RIGHT = {
    "answer-01-1": "def mean(x):\n    return np.mean(x)\n\ndef spread(x):\n    return np.std(x)\n",
    "answer-01-2": re.sub(r" *### (BEGIN|END) SOLUTION\n", "", small.COUNTER),
}
WRONG = [
    ({**RIGHT, "answer-01-1": RIGHT["answer-01-1"].replace("np.mean(x)", "x.sum()")}, 2.5),
    ({"answer-01-1": RIGHT["answer-01-1"]}, 2.5),
    ({}, 0.0),
    ({**RIGHT, "answer-01-2": "class Counter\n    pass"}, 2.5),
    # slow, and right: 0.5 s of processor time for each call
    ({**RIGHT, "answer-01-1": "import time\n" + RIGHT["answer-01-1"].replace(
        "    return np.mean", "    ends = time.process_time() + 0.5\n"
        "    while time.process_time() < ends: pass\n    return np.mean")}, 4.5),
]  # fmt: skip
POSSIBLE = {"01.1": 2.5, "01.2": 2.0}


def make_course(folder: Path) -> Course:
    course = Course(folder)
    for path in (course.exercises, course.solutions, course.tests):
        path.mkdir(parents=True)
    small.write_notebook(course.solutions / f"{small.NAME}.ipynb", small.solutions_notebook())
    course.test_file(small.NAME).write_text(small.TESTS)
    course.answers_file(small.NAME).write_text(small.ANSWERS)
    shutil.copy(find_course().tests / "conftest.py", course.tests)
    write_exercise(course, small.NAME)
    return course


def hand_in(course: Course, to: Path, number: int) -> dict[str, float]:
    """Write the submissions; return the most points that each student may get."""
    stub = json.loads((course.exercises / f"{small.NAME}.ipynb").read_text())
    deserved: dict[str, float] = {}

    def write(student: str, cells: dict[str, str], points: float) -> Path:
        for cell in stub["cells"]:
            cell.setdefault("stub", cell["source"])
            cell["source"] = cells.get(cell["id"], cell["stub"])
        (to / student).mkdir(parents=True)
        path = to / student / f"{small.NAME}.ipynb"
        path.write_text(json.dumps(stub))
        deserved[student] = points
        return path

    for each in range(number):
        name = f"{each:03}"
        kind = each % 20
        if kind < 10:
            write(f"right{name}", RIGHT, 4.5)
        elif kind < 14:
            cells, points = WRONG[each % len(WRONG)]
            write(f"wrong{name}", cells, points)
        elif kind < 19:
            attack = ATTACKS[(each // 20 * 5 + kind - 14) % len(ATTACKS)]
            cell = attack.cell.replace("COURSE", str(course.root)).replace("HOME", str(Path.home()))
            cell = cell.replace("PORT", "1").replace("SIBLING", str(os.getpid()))
            cells = {
                **RIGHT,
                f"answer-{attack.task.replace('.', '-')}": cell.replace("KNOWN", "[]"),
            }
            write(f"hostile{name}", cells, 4.5 - POSSIBLE[attack.task])
        else:
            path = write(f"odd{name}", RIGHT, 4.5)
            match each // 20 % 6:
                case 0:
                    path.write_bytes(damaged(random.Random(each), path.read_bytes()))
                case 1:
                    with path.open("wb") as file:
                        file.truncate(49_000_000)
                case 2:
                    path.unlink()
                    path.symlink_to("/etc/passwd")
                case 3:
                    for copy in range(60):
                        shutil.copy(path, path.with_name(f"copy{copy}.ipynb"))
                case 4:
                    path.parent.rename(to / f"\x1b[2Jodd\n{name}")
                    deserved[f"\x1b[2Jodd\n{name}"] = deserved.pop(f"odd{name}")
                case 5:
                    path.write_text('{"cells": [' + "[]," * 15_000_000 + "[]]}")
    with zipfile.ZipFile(to.parent / "again.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in range(80):
            archive.writestr(f"sparse/{file}.ipynb", bytes(49_000_000) if file < 8 else b"")
        archive.writestr(f"right000/{small.NAME}.ipynb", b"{")
    deserved["sparse"] = 0.0
    return deserved


class Watch(threading.Thread):
    """Measures the memory of all processes below this one, with shared pages counted once."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self._ended = 0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self._ended.wait(0.25):
            self.most = max(self.most, sum(map(self._memory, below(os.getpid()))))

    def _memory(self, pid: int) -> int:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:  # it has just ended, or is another user's
            return 0
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)

    def end(self) -> int:
        self._ended.set()
        self.join()
        return self.most


def below(pid: int) -> list[int]:
    """All processes below one."""
    try:
        found = [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    except OSError:
        return []
    return found + [inner for one in found for inner in below(one)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # what is left behind becomes a child of this process
    meter = Meter()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        course = make_course(home / "course")
        deserved = hand_in(course, home / "submissions", options.number)
        (home / "tmp").mkdir()
        argv = [sys.executable, "-m", "coursekit.cli", "grade", str(home / "submissions")]
        argv += [str(home / "again.zip"), "--to", str(home / "marks")]
        watch, started = Watch(), time.monotonic()
        run = subprocess.run(
            meter.entering([*argv, "--jobs", str(options.jobs), "--json"]),
            cwd=course.root,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(home / "tmp")},
            capture_output=True,
            text=True,
        )
        passed, memory = time.monotonic() - started, watch.end()
        time.sleep(1.0)
        with contextlib.suppress(ChildProcessError):  # those that have ended have nobody else
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        seconds, left = meter.seconds(), below(os.getpid())
        files = [*(home / "tmp").iterdir(), *(home / "marks").rglob(".*")]
        if run.returncode:
            raise SystemExit(run.stderr[-3000:])
        best: dict[str, float] = {}
        unfinished = []
        for mark in json.loads(run.stdout)["marks"]:
            student = mark["student"]
            best[student] = max(best.get(student, 0.0), mark["counts"])
            unfinished += [student] if mark["unfinished"] else []
    print(
        f"{len(deserved)} students: {seconds:.0f} processor seconds in {passed:.0f} s, "
        f"at most {memory / 1e6:.0f} MB"
    )
    honest = ("right", "wrong")
    wrong = [
        f"{student!r}: {best.get(student)} in place of {points}"
        for student, points in deserved.items()
        if (student.startswith(honest) and student != "right000" and best.get(student) != points)
        or best.get(student, 0.0) > points
    ]
    problems = [*wrong, *(f"not graded: {student}" for student in unfinished)]
    problems += [f"a process is left: {pid}" for pid in left]
    problems += [f"a file is left: {file}" for file in files]
    print("\n".join(problems) or "every honest grade is right, and nothing is left behind")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
