"""Check whole catalogues: each pair, what pairs must not share, and the words of all."""

import re
import shutil
import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polib

from coursekit.grading.course.paths import Course
from coursekit.translation.catalogue import folder, is_waiting, kinds_of, read
from coursekit.translation.checks import Finding, findings
from coursekit.translation.course_texts import catalogues, names_in
from coursekit.translation.language_data import LanguageData, words_of
from coursekit.translation.meaning import Meaning

_EXCUSE = re.compile(r"except (\w+): *(\S.*)")
_STRINGS = {"string", "f-string", "word"}


@dataclass
class Report:
    """What is wrong in some catalogues, and what was excused.

    Attributes
    ----------
    found, excused : list of str
        A block of lines for each entry.
    waiting : int
        Entries without a translation.
    """

    found: list[str] = field(default_factory=list)
    excused: list[str] = field(default_factory=list)
    waiting: int = 0


def check(course: Course, language: str, paths: list[Path], meaning: Meaning) -> Report:
    """Check the translations in some catalogues of a language."""
    report, data = Report(), LanguageData(folder(course, language))
    books = {path: read(path) for path in paths}
    for entry in (e for book in books.values() for e in book):
        entry.msgstr = entry.msgstr.replace("\u00ad", "")  # where a word may be divided
    misspelt = data.misspelt(e.msgstr for book in books.values() for e in book if e.translated())
    for path, book in books.items():
        report.found += [f"{path}: {line}" for line in _msgfmt(path)]
        names = names_of(course, language, path, book)
        taken: dict[str, str] = {}
        for entry in book:
            report.waiting += is_waiting(entry)
            if not entry.translated():
                if kinds_of(entry) & _STRINGS:
                    taken.setdefault(entry.msgid, entry.msgid)
                continue
            found = [*_found(entry, data, names, misspelt), *_shared(entry, taken)]
            found += meaning.findings(entry.msgid, entry.msgstr) if entry.msgstr else ()
            kept, excused = _sorted(entry, found)
            title = f"{path}:{entry.linenum}: {entry.msgid[:60]!r}"
            if kept:
                report.found.append("\n  ".join([title, *map(str, kept)]))
            if excused:
                report.excused.append("\n  ".join([title, *excused]))
    return report


def names_of(course: Course, language: str, path: Path, book: polib.POFile) -> set[str]:
    """Return the names in the code of a catalogue's files: also its keys, unless it shows them."""
    files = catalogues(course) | {"LC_MESSAGES/coursekit": [*course.root.glob("coursekit/**/*.py")]}
    name = path.relative_to(path.parent.parent).with_suffix("").as_posix()
    names, strings = names_in(files.get(name, files["docs"]))
    return names | (strings - {e.msgid for e in book if e.translated() and e.msgstr != e.msgid})


def meaning_of(paths: Iterable[Path]) -> Meaning:
    """Learn from some catalogues which words belong together."""
    entries = (entry for path in paths for entry in read(path) if entry.translated())
    return Meaning((entry.msgid, entry.msgstr) for entry in entries if entry.msgstr)


def _found(
    entry: polib.POEntry, data: LanguageData, names: Collection[str], misspelt: Mapping[str, str]
) -> Iterator[Finding]:
    if entry.msgid_plural:  # each form against the English plural; fields alone can be compared
        for form in entry.msgstr_plural.values():
            yield from (
                one
                for one in findings(kinds_of(entry), entry.msgid_plural, form, data, names)
                if one.name not in ("numbers", "length")
            )
        return
    yield from findings(kinds_of(entry), entry.msgid, entry.msgstr, data, names)
    for word in dict.fromkeys(words_of(entry.msgstr)):
        if word in misspelt:
            yield Finding("spelling", misspelt[word])


def _shared(entry: polib.POEntry, taken: dict[str, str]) -> Iterator[Finding]:
    """Two strings of a program must stay two: one may be a key or be compared with the other."""
    if kinds_of(entry) & _STRINGS:
        other = taken.setdefault(entry.msgstr, entry.msgid)
        if other != entry.msgid:
            yield Finding("distinct", f"{other!r} has the same translation")


def _sorted(entry: polib.POEntry, found: list[Finding]) -> tuple[list[Finding], list[str]]:
    """Divide findings into those that count and those that a comment excuses."""
    excuses = dict(_EXCUSE.findall(entry.tcomment))
    kept = [one for one in found if one.name not in excuses]
    names = {one.name for one in found}
    # What words mean is learnt from all catalogues: any new translation moves that by a little.
    idle = excuses.keys() - names - {"meaning"}
    kept += [Finding(name, "the comment excuses nothing") for name in sorted(idle)]
    return kept, [f"except {name}: {why}" for name, why in excuses.items() if name in names]


def _msgfmt(path: Path) -> list[str]:
    """Return what GNU gettext's own check says, where it is installed."""
    if shutil.which("msgfmt") is None:
        return []
    command = ["msgfmt", "--check", "--output-file=-", str(path)]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.stderr.decode().splitlines() if done.returncode else []
