"""The gradebook: an SQLite file with every grade, and the teacher's overrides.

Each grade is written in its own transaction, so a run that is killed, or finds the disk full, loses
nothing that it had finished and can be resumed.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coursekit.grading.batch.gradebook_file import FORMAT, make
from coursekit.grading.batch.results import Grade, TaskGrade, TestGrade
from coursekit.grading.course.paths import CourseError
from coursekit.grading.judge.values import printable


@dataclass(frozen=True)
class Override:
    """Points that a teacher gives for a task in place of those from the tests."""

    student: str
    task: str
    points: float
    comment: str


@dataclass(frozen=True)
class Entry:
    """A student's grade for one exercise, with the teacher's overrides by task."""

    grade: Grade
    overrides: dict[str, Override]

    @property
    def points(self) -> float:
        """The points that count: the teacher's where there is an override."""
        return sum(self.task_points(task.task) for task in self.grade.tasks)

    @property
    def points_from_tests(self) -> float:
        """The points without the teacher's overrides."""
        return sum(task.points for task in self.grade.tasks)

    @property
    def possible(self) -> float:
        """The maximum of the points."""
        return sum(task.possible for task in self.grade.tasks)

    def task_points(self, task: str) -> float:
        """The points that count for one task."""
        if task in self.overrides:
            return self.overrides[task].points
        return next(t.points for t in self.grade.tasks if t.task == task)


class Gradebook:
    """A gradebook, created if the file does not exist; use it in a ``with`` statement.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    CourseError
        If the file is no gradebook, or was written by a newer version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._explained("can't be used as a gradebook"):
            if not path.exists():
                make(path)
            if path.is_file() and not path.stat().st_size:
                raise CourseError(
                    f"{path} is empty, so that the grades and overrides in it are lost. Put a copy "
                    "in its place, or delete it to begin anew."
                )
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
            with ExitStack() as failed:  # a file that stays open can't be moved away on Windows
                failed.callback(self._db.close)
                self._check()
                failed.pop_all()

    @contextmanager
    def _explained(self, what: str, then: str = "") -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise CourseError(f"{self.path} {what}: {reason}.{then}") from error

    def _check(self) -> None:
        tables = {row[0] for row in self._db.execute("SELECT name FROM sqlite_master")}
        if missing := {"meta", "marks", "overrides"} - tables:
            raise sqlite3.DatabaseError(f"it has no table {min(missing)}")
        found = int(self._meta("format"))
        if found != FORMAT:
            raise CourseError(
                f"{self.path} has format {found}; this version reads format {FORMAT}."
            )

    def __enter__(self) -> "Gradebook":
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def _meta(self, name: str) -> str:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        if row is None or not re.fullmatch(r"\d+", str(row[0])):
            raise sqlite3.DatabaseError(f"it has no valid {name}")
        return str(row[0])

    @property
    def seed(self) -> int:
        """Drawn when the gradebook was created; it determines all hidden inputs."""
        return int(self._meta("seed"))

    def known(self, student: str, file: str) -> tuple[str, str] | None:
        """Find the exercise and the key of a submission's grade; None if it has none."""
        with self._explained("can't be read"):
            row = self._db.execute(
                "SELECT exercise, key FROM marks WHERE student = ? AND file = ?", (student, file)
            ).fetchone()
        return None if row is None else (str(row[0]), str(row[1]))

    def put(self, grade: Grade, key: str) -> None:
        """Write a grade to disk, in place of an earlier one for the same file.

        Raises
        ------
        CourseError
            If it can't be written; the disk may be full.
        """
        values = (grade.student, grade.file, grade.exercise, key, json.dumps(asdict(grade)))
        then = " The earlier grades are safe; run the same command again to continue."
        with self._explained("can't be written", then):
            self._db.execute(
                "INSERT OR REPLACE INTO marks (student, file, exercise, key, mark)"
                " VALUES (?, ?, ?, ?, ?)",
                values,
            )

    def override(self, given: Override) -> None:
        """Write a teacher's points for a task; they remain when the file is graded again.

        Raises
        ------
        CourseError
            If the student has no grade for that task, or the points are not in its range.
        """
        if not given.comment.strip():
            raise CourseError("Add a comment that says why; the student reads it.")
        tasks = [t for entry in self.entries(given.student) for t in entry.grade.tasks]
        task = next((t for t in tasks if t.task == given.task), None)
        if task is None:
            raise CourseError(f"{given.student} has no grade for task {given.task}.")
        if not 0 <= given.points <= task.possible:
            raise CourseError(
                f"The points for task {given.task} must be between 0 and {task.possible:g}, "
                f"got {given.points:g}."
            )
        values = (given.student, given.task, given.points, given.comment.strip())
        with self._explained("can't be written"):
            self._db.execute(
                "INSERT OR REPLACE INTO overrides (student, task, points, comment)"
                " VALUES (?, ?, ?, ?)",
                values,
            )

    def withdraw(self, student: str, task: str) -> None:
        """Remove a teacher's points, so that those from the tests count again.

        Raises
        ------
        CourseError
            If there are none.
        """
        with self._explained("can't be written"):
            removed = self._db.execute(
                "DELETE FROM overrides WHERE student = ? AND task = ?", (student, task)
            )
        if not removed.rowcount:
            raise CourseError(f"There is no override for {student}, task {task}.")

    def entries(self, student: str | None = None) -> Iterator[Entry]:
        """Yield all grades with their overrides, by student and file.

        Raises
        ------
        CourseError
            If the gradebook is damaged.
        """
        given: dict[str, dict[str, Override]] = {}
        with self._explained("can't be read"):
            for row in self._db.execute("SELECT student, task, points, comment FROM overrides"):
                given.setdefault(row[0], {})[row[1]] = Override(*row)
            rows = self._db.execute(
                "SELECT student, file, mark FROM marks WHERE ? IN (student, '')"
                " ORDER BY student, file",
                (student or "",),
            ).fetchall()
        for name, file, grade in rows:
            try:
                yield Entry(_grade(json.loads(grade)), given.get(name, {}))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise CourseError(
                    f"{self.path} is damaged: the grade of {printable(f'{name}, {file}')} can't be "
                    "read. Grade everything again with --again; overrides remain."
                ) from error


def _grade(code: dict[str, Any]) -> Grade:
    """Undo `dataclasses.asdict`."""
    tasks = []
    for task in code["tasks"]:
        error = task.pop("trouble", None)  # its name in older gradebooks
        tests = [TestGrade(**test) for test in task["tests"]]
        tasks.append(TaskGrade(**{"error": error, **task, "tests": tests}))
    return Grade(**{**code, "tasks": tasks})
