"""The gradebook: an SQLite file with every grade, and the teacher's overrides.

Each grade is written in its own transaction, so a run that is killed, or finds the disk full, loses
nothing that it had finished and can be resumed.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from coursekit.grading.batch.base.records import About, Grade
from coursekit.grading.batch.marks.entry import Entry, Override, about_of, grade_of
from coursekit.grading.batch.marks.gradebook_file import BOOK, FORMAT, make, why
from coursekit.grading.batch.marks.term import Term
from coursekit.grading.course.paths import CourseError
from coursekit.grading.judge.values import printable
from coursekit.language import join, mark, say

_UNUSABLE = mark("{path} can't be used as a gradebook: {reason}.")
_UNREADABLE = mark("{path} can't be read: {reason}.")
_UNWRITTEN = mark("{path} can't be written: {reason}.")
_OTHER_FORMAT = mark("{path} has format {found}; this version reads format {known}.")
_EMPTY = mark(
    "{path} is empty, so that the grades and overrides in it are lost. Put a copy in its place, or "
    "delete it to begin anew."
)
_DAMAGED = mark(
    "{path} is damaged: the grade of {grade} can't be read. Grade everything again with --again; "
    "overrides remain."
)


class Gradebook:
    """A gradebook, created if the file does not exist; use it in a ``with`` statement.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    CourseError
        If the file is not a gradebook, or was written by a newer version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._explained(_UNUSABLE):
            if not path.exists():
                make(path)
            if path.is_file() and not path.stat().st_size:
                raise CourseError(say(_EMPTY, path=path))
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
            stated = say(what, path=self.path, reason=why(error))
            raise CourseError(join(stated, then)) from error

    def _check(self) -> None:
        tables = {row[0] for row in self._db.execute("SELECT name FROM sqlite_master")}
        if missing := {"meta", "marks", "overrides"} - tables:
            raise sqlite3.DatabaseError(say("it has no table {name}", name=min(missing)))
        found = int(self._meta("format"))
        if found != FORMAT:
            raise CourseError(say(_OTHER_FORMAT, path=self.path, found=found, known=FORMAT))
        if "about" not in {row[1] for row in self._db.execute("PRAGMA table_info(marks)")}:
            self._db.execute("ALTER TABLE marks ADD COLUMN about TEXT NOT NULL DEFAULT '{}'")

    def __enter__(self) -> "Gradebook":
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def _meta(self, name: str) -> str:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        if row is None or not re.fullmatch(r"\d+", str(row[0])):
            raise sqlite3.DatabaseError(say("it has no valid {name}", name=name))
        return str(row[0])

    @property
    def seed(self) -> int:
        """Drawn when the gradebook was created; it determines all hidden inputs."""
        return int(self._meta("seed"))

    @property
    def term(self) -> Term:
        """What the teacher has set for the term."""
        with self._explained(_UNREADABLE):
            row = self._db.execute("SELECT value FROM meta WHERE name = 'term'").fetchone()
        return Term() if row is None else Term.from_json(row[0])

    @term.setter
    def term(self, term: Term) -> None:
        with self._explained(_UNWRITTEN):
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('term', ?)", (term.as_json(),))

    def known(self, student: str, file: str) -> tuple[str, str] | None:
        """Find the exercise and the key of a submission's grade; None if it has none."""
        with self._explained(_UNREADABLE):
            row = self._db.execute(
                "SELECT exercise, key FROM marks WHERE student = ? AND file = ?", (student, file)
            ).fetchone()
        return None if row is None else (str(row[0]), str(row[1]))

    def put(self, grade: Grade, key: str, about: About = About()) -> None:  # noqa: B008
        """Write a grade to disk, in place of an earlier one for the same file.

        Raises
        ------
        CourseError
            If it can't be written; the disk may be full.
        """
        who = (grade.student, grade.file, grade.exercise)
        values = (*who, key, json.dumps(asdict(grade)), json.dumps(asdict(about)))
        then = say("The earlier grades are safe; run the same command again to continue.")
        with self._explained(_UNWRITTEN, then):
            self._db.execute(
                "INSERT OR REPLACE INTO marks (student, file, exercise, key, mark, about)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )

    def files(self) -> list[tuple[str, str, str, About]]:
        """Return the student, the file, the exercise and what is known about each file."""
        with self._explained(_UNREADABLE):
            rows = self._db.execute("SELECT student, file, exercise, about FROM marks").fetchall()
        return [
            (student, file, exercise, about_of(about)) for student, file, exercise, about in rows
        ]

    def know(self, abouts: Mapping[tuple[str, str], About]) -> None:
        """Write what is known about files, by student and file.

        Raises
        ------
        CourseError
            If it can't be written.
        """
        with self._explained(_UNWRITTEN), self._db:
            self._db.execute("BEGIN")
            self._db.executemany(
                "UPDATE marks SET about = ? WHERE student = ? AND file = ?",
                [(json.dumps(asdict(about)), *key) for key, about in abouts.items()],
            )

    def override(self, *given: Override) -> None:
        """Write a teacher's points for tasks; they remain when a file is graded again.

        All are written, or none.

        Raises
        ------
        CourseError
            If they can't be.
        """
        with self._explained(_UNWRITTEN), self._db:
            self._db.execute("BEGIN")
            self._db.executemany(
                "INSERT OR REPLACE INTO overrides (student, task, points, comment)"
                " VALUES (?, ?, ?, ?)",
                [(one.student, one.task, one.points, one.comment) for one in given],
            )

    def overrides(self) -> list[Override]:
        """Return all overrides, the earliest first.

        Raises
        ------
        CourseError
            If they can't be read.
        """
        with self._explained(_UNREADABLE):
            query = "SELECT student, task, points, comment FROM overrides ORDER BY made"
            return [Override(*row) for row in self._db.execute(query)]

    def withdraw(self, student: str, task: str, also: Iterable[str] = ()) -> None:
        """Remove a teacher's points, so that those from the tests count again.

        Parameters
        ----------
        student, task : str
            Whose points, for what.
        also : iterable of str
            What else the gradebook calls the student.

        Raises
        ------
        CourseError
            If there are none.
        """
        with self._explained(_UNWRITTEN):
            removed = [
                self._db.execute(
                    "DELETE FROM overrides WHERE student = ? AND task = ?", (key, task)
                ).rowcount
                for key in {student, *also}
            ]
        if not any(removed):
            raise CourseError(
                say("There is no override for {student}, task {task}.", student=student, task=task)
            )

    def entries(self) -> Iterator[Entry]:
        """Yield all grades with their overrides, by student and file.

        Raises
        ------
        CourseError
            If the gradebook is damaged.
        """
        given: dict[str, dict[str, Override]] = {}
        for override in self.overrides():
            given.setdefault(override.student, {})[override.task] = override
        with self._explained(_UNREADABLE):
            rows = self._db.execute(
                "SELECT student, file, mark, about FROM marks ORDER BY student, file"
            ).fetchall()
        for name, file, grade, about in rows:
            try:
                read = grade_of(json.loads(grade))
                yield Entry(read, given.get(name, {}), about_of(about), key=(name, file))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                which = printable(f"{name}, {file}")
                raise CourseError(say(_DAMAGED, path=self.path, grade=which)) from error


def open_gradebook(folder: Path) -> Gradebook:
    """Open the gradebook in a folder of marks; raise a CourseError if there is none."""
    if not (folder / BOOK).is_file():
        raise CourseError(
            say("{folder} contains no gradebook: give the folder of `grade --to`.", folder=folder)
        )
    return Gradebook(folder / BOOK)
