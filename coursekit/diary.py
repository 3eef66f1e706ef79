"""What a student has predicted, and which goals were reached: for the student's own eyes.

It is a file in the student's copy of the course, a line for each entry. No command sends it
anywhere, and no grade depends on it.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(".coursekit", "diary.jsonl")  # in the course's folder
SEEN, SURPRISED, REACHED = "seen coming", "surprised", "goal reached"


@dataclass(frozen=True)
class Entry:
    """One entry.

    Attributes
    ----------
    lecture : str
        Its number, such as ``"05"`` or ``"05b"``; empty if it is not known.
    what : str
        ``"seen coming"`` or ``"surprised"`` for a prediction, or ``"goal reached"``.
    title : str
        The question, or what the goal belongs to.
    """

    lecture: str
    what: str
    title: str


def read(course: Path) -> list[Entry]:
    """Read the entries of a course's folder, oldest first; other lines are skipped."""
    try:
        lines = (course / FILE).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return list(_entries(lines))


def write(what: str, title: str) -> list[Entry]:
    """Enter something once, and return all entries of the lecture that is running.

    Only lectures are kept a diary of: elsewhere nothing is written, and nothing returned.
    """
    course = Path.cwd().parent
    if Path.cwd().name != "notebooks" or not (course / "exercises").is_dir():
        return []
    new = Entry(_lecture(), what, title)
    entries = [entry for entry in read(course) if entry.lecture == new.lecture]
    kind = {SEEN, SURPRISED} if what != REACHED else {REACHED}
    if any(entry.title == title and entry.what in kind for entry in entries):
        return entries  # the first answer to a question is the prediction
    try:
        (course / FILE).parent.mkdir(exist_ok=True)
        with open(course / FILE, "a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(new), ensure_ascii=False) + "\n")
    except OSError:  # a full disk or a folder to read only: a lecture runs without its diary
        return entries
    return [*entries, new]


def _lecture() -> str:
    """Return the number of the notebook that this kernel belongs to, as Jupyter's server says."""
    name = Path(os.environ.get("JPY_SESSION_NAME", "")).name
    number = name.partition("_")[0]
    return number if number[:2].isdigit() else ""


def _entries(lines: list[str]) -> Iterator[Entry]:
    for line in lines:
        try:
            entry = Entry(**json.loads(line))
        except (ValueError, TypeError):
            continue
        if all(isinstance(value, str) for value in asdict(entry).values()):
            yield entry
