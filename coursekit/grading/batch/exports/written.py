"""Everything that is made from the gradebook, written to the folder of ``--to``."""

import contextlib
import hashlib
import itertools
import re
from pathlib import Path

from coursekit.grading.batch.exports import reports, totals
from coursekit.grading.batch.exports.teachers_pages import summary, teachers_page
from coursekit.grading.batch.exports.upload import feedback_zips
from coursekit.grading.batch.marks.class_book import ClassBook
from coursekit.grading.course.paths import write_atomically, writing
from coursekit.language import say

# Not the name of a Windows device, nor anything like what `file_name` adds.
_SAFE = re.compile(r"(?!(con|prn|aux|nul|com\d|lpt\d)$)(?!.*-[0-9a-f]{8}$)[a-z0-9][a-z0-9_-]*")
_TABLES = ("marks.csv", "totals.csv")
_FILES = re.compile(r"<article>.*?</article>", re.DOTALL)  # of a page: what is on it about a file


def write_all(book: ClassBook, folder: Path) -> list[str]:
    """Write everything that is made from the gradebook; return sentences about the class.

    Raises
    ------
    CourseError
        If that fails; the disk may be full.
    """
    entries, rows = book.entries, totals.totals(book)
    then = say("The grades are safe; run the same command again to write the rest.")
    with writing(folder, then):
        write_atomically(folder / "marks.csv", reports.as_csv(entries))
        write_atomically(folder / "totals.csv", totals.as_csv(book, rows))
        write_atomically(folder / "summary.html", summary(entries))
        pages = {f"{file_name(s.key)}.html": s for s in book.students if s.entries}
        results = {
            folder / "gradescope" / file_name(s.key) / e.grade.exercise / "results.json": e
            for s in book.students
            for e in reports.counting(s.entries)
        }
        _remove_old(folder, set(pages), set(results))
        for page_name, student in pages.items():
            _write_page(folder / "feedback" / page_name, reports.feedback(student.entries))
            write_atomically(folder / "teacher" / page_name, teachers_page(student.entries, folder))
        for path, entry in results.items():
            write_atomically(path, reports.as_gradescope(entry))
        zips = {f"feedback-{exercise[:2]}.zip": packed for exercise, packed in feedback_zips(book)}
        for old in (folder / "upload").glob("feedback-*.zip"):
            if old.name not in zips:
                old.unlink()
        for name, packed in zips.items():
            write_atomically(folder / "upload" / name, packed)
    return totals.sentences(book, rows)


def filled_before(folder: Path) -> list[str]:
    """Return the names of the tables of platforms that earlier commands have filled in."""
    return sorted(path.name for path in folder.glob("*.csv") if path.name not in _TABLES)


def _write_page(path: Path, page: str) -> None:
    """Write a page; if something that was on it has changed, keep the earlier one beside it."""
    if path.exists():
        before = path.read_text(encoding="utf-8")
        if set(_FILES.findall(before)) - set(_FILES.findall(page)):
            _keep(path)
    write_atomically(path, page)


def _remove_old(folder: Path, pages: set[str], results: set[Path]) -> None:
    """Remove what was written about people who are in the roster now, or have another name there.

    Pages that a student may have seen are kept beside the new ones.
    """
    for page in sorted((folder / "feedback").glob("*.html")):
        if page.name not in pages:
            _keep(page)
    for page in (folder / "teacher").glob("*.html"):
        if page.name not in pages:
            page.unlink()
    for path in sorted((folder / "gradescope").glob("*/*/results.json")):
        if path not in results:
            path.unlink()
            for empty in (path.parent, path.parent.parent):
                with contextlib.suppress(OSError):  # it holds something else
                    empty.rmdir()


def _keep(page: Path) -> None:
    folder = page.parent / "earlier"
    folder.mkdir(exist_ok=True)
    names = (folder / f"{page.stem}-{k}.html" for k in itertools.count(1))
    page.replace(next(path for path in names if not path.exists()))


def file_name(student: str) -> str:
    """Make a file name for a student: readable, safe on every system, and unique there.

    Windows and macOS take A and a for the same letter, and Windows keeps some names for devices.
    """
    plain = re.sub(r"[^\w-]+", "_", student, flags=re.ASCII)[:60]
    if plain == student and _SAFE.fullmatch(plain):
        return plain
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:8]}"
