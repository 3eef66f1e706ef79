"""The file of a gradebook: its tables, and why it can't be used."""

import os
import secrets
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from coursekit.grading.course.reasons import DISK_ERROR, FULL, IN_USE, READ_ONLY, reason_of
from coursekit.language import mark, say

BOOK = "gradebook.sqlite"  # its name in the folder of marks
FORMAT = 1
_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE marks (
    student TEXT NOT NULL,
    file TEXT NOT NULL,
    exercise TEXT NOT NULL,
    key TEXT NOT NULL,  -- a hash of the submission's content and of the tests
    mark TEXT NOT NULL,  -- JSON
    graded TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    about TEXT NOT NULL DEFAULT '{}',  -- JSON: when and where the file was submitted
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
_REASONS = {
    sqlite3.SQLITE_NOTADB: mark("it is not a database"),
    sqlite3.SQLITE_CORRUPT: mark("it is damaged"),
    sqlite3.SQLITE_BUSY: IN_USE,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CANTOPEN: mark("it can't be opened"),
    sqlite3.SQLITE_IOERR: DISK_ERROR,
}


def why(error: sqlite3.Error | OSError) -> str:
    """Say why a gradebook can't be used."""
    if isinstance(error, OSError):
        return reason_of(error)
    code = getattr(error, "sqlite_errorcode", None)  # none in what the course raises itself
    found = _REASONS.get((code or 0) & 0xFF)
    return say(found) if found else str(error) if code is None else f'"{error}"'


def make(path: Path) -> None:
    """Make an empty gradebook, unless there is one.

    It is made in a folder beside it, so that no half of a gradebook is ever found at its place.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        new = Path(folder, path.name)
        with closing(sqlite3.connect(new, isolation_level=None)) as db:
            db.executescript(
                f"BEGIN; {_SCHEMA} INSERT INTO meta VALUES ('format', '{FORMAT}'), "
                f"('seed', '{secrets.randbits(62)}'); COMMIT;"
            )
        try:
            os.link(new, path)
        except FileExistsError:  # another command was faster
            pass
        except OSError:  # a file system without second names
            os.replace(new, path)
