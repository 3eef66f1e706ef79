"""The gradebook: an SQLite file with every mark, and what a teacher says about it.

Each mark is a transaction of its own, so a run that is killed, or meets a full disk, has lost
nothing that it had finished and can go on from there.
"""

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from coursekit.grading.batch.results import Mark
from coursekit.grading.course.paths import CourseError

FORMAT = 1
_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE marks (
    student TEXT NOT NULL,
    file TEXT NOT NULL,
    exercise TEXT NOT NULL,
    key TEXT NOT NULL,  -- of the submission's content and of the tests that judged it
    mark TEXT NOT NULL,  -- JSON
    graded TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (student, file)
) STRICT;
CREATE TABLE overrides (
    student TEXT NOT NULL,
    task TEXT NOT NULL,
    points REAL NOT NULL,
    comment TEXT NOT NULL,
    made TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (student, task)
) STRICT;
"""


@dataclass(frozen=True)
class Override:
    """What a teacher gave for a task in place of what the tests gave."""

    student: str
    task: str
    points: float
    comment: str


@dataclass(frozen=True)
class Entry:
    """A student's mark for one exercise, with the teacher's word on its tasks."""

    mark: Mark
    overrides: dict[str, Override]

    @property
    def points(self) -> float:
        """The points that count: the teacher's where there are any."""
        return sum(self.task_points(task.task) for task in self.mark.tasks)

    def task_points(self, task: str) -> float:
        """The points that count for one task."""
        if task in self.overrides:
            return self.overrides[task].points
        return next(t.points for t in self.mark.tasks if t.task == task)


class Gradebook:
    """A gradebook, made where there is none; use it in a ``with``.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    CourseError
        If the file is something else, or was written by a newer version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
            with ExitStack() as failed:  # a file that stays open can't be moved away on Windows
                failed.callback(self._db.close)
                self._open()
                failed.pop_all()
        except sqlite3.Error as error:
            raise CourseError(f"{path} can't be used as a gradebook: {error}.") from error

    def _open(self) -> None:
        self._db.execute("PRAGMA foreign_keys = ON")
        made = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not made:
            self._make()
        found = int(self._meta("format"))
        if found != FORMAT:
            raise CourseError(f"{self.path} has format {found}, and this version knows {FORMAT}.")

    def _make(self) -> None:
        # One transaction: a run killed here leaves no half-made gradebook.
        seed = secrets.randbits(62)
        self._db.executescript(
            f"BEGIN; {_SCHEMA} INSERT INTO meta VALUES ('format', '{FORMAT}'), ('seed', '{seed}');"
            "COMMIT;"
        )

    def __enter__(self) -> "Gradebook":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()

    def _meta(self, name: str) -> str:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise sqlite3.DatabaseError("it is a database of another program")
        return str(row[0])

    @property
    def seed(self) -> int:
        """Drawn when the book was made; the hidden inputs of all submissions come from it."""
        return int(self._meta("seed"))

    def known(self, student: str, file: str) -> tuple[str, str] | None:
        """The exercise of a submission's mark and what it was computed from; None without one."""
        row = self._db.execute(
            "SELECT exercise, key FROM marks WHERE student = ? AND file = ?", (student, file)
        ).fetchone()
        return None if row is None else (str(row[0]), str(row[1]))

    def put(self, mark: Mark, key: str) -> None:
        """Write a mark, at once and for good, in place of an earlier one of the same file.

        Raises
        ------
        CourseError
            If it can't be written; the disk may be full.
        """
        values = (mark.student, mark.file, mark.exercise, key, json.dumps(mark.to_json()))
        try:
            self._db.execute(
                "INSERT OR REPLACE INTO marks (student, file, exercise, key, mark)"
                " VALUES (?, ?, ?, ?, ?)",
                values,
            )
        except sqlite3.Error as error:
            raise CourseError(
                f"{self.path} can't be written: {error}. The marks before are safe; run the same "
                "command again to go on."
            ) from error

    def override(self, given: Override) -> None:
        """Write a teacher's points for a task; grading anew leaves them.

        Raises
        ------
        CourseError
            If the student has no mark for that task, or the points are not between 0 and all.
        """
        if not given.comment.strip():
            raise CourseError("Say why: the student reads the comment.")
        tasks = [t for entry in self.entries(given.student) for t in entry.mark.tasks]
        task = next((t for t in tasks if t.task == given.task), None)
        if task is None:
            raise CourseError(f"{given.student} has no mark for task {given.task}.")
        if not 0 <= given.points <= task.possible:
            raise CourseError(f"Task {given.task} has 0 to {task.possible:g} points.")
        self._db.execute(
            "INSERT OR REPLACE INTO overrides (student, task, points, comment) VALUES (?, ?, ?, ?)",
            (given.student, given.task, given.points, given.comment.strip()),
        )

    def withdraw(self, student: str, task: str) -> None:
        """Take a teacher's points back, so that the tests' count again.

        Raises
        ------
        CourseError
            If there are none.
        """
        gone = self._db.execute(
            "DELETE FROM overrides WHERE student = ? AND task = ?", (student, task)
        )
        if not gone.rowcount:
            raise CourseError(f"Nothing was given to {student} for task {task}.")

    def entries(self, student: str | None = None) -> Iterator[Entry]:
        """All marks with their overrides, by student and file."""
        given: dict[str, dict[str, Override]] = {}
        for row in self._db.execute("SELECT student, task, points, comment FROM overrides"):
            given.setdefault(row[0], {})[row[1]] = Override(*row)
        rows = self._db.execute(
            "SELECT student, mark FROM marks WHERE ? IN (student, '') ORDER BY student, file",
            (student or "",),
        ).fetchall()
        for name, mark in rows:
            yield Entry(Mark.from_json(json.loads(mark)), given.get(name, {}))
