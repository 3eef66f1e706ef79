"""The catalogues: gettext's .po files: one for each lecture and exercise, the pages, the package.

An entry's ``#.`` lines say where its text is and of which kind. After a change of the English
text it is marked fuzzy, and ``#| msgid`` keeps what the translation was made from; a translator
removes both. ``# except NAME: reason`` excuses an entry from a check.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import polib

from coursekit.grading.course.paths import Course, CourseError
from coursekit.translation.course_texts import Text, catalogues, texts_of
from coursekit.translation.package_texts import package_texts

OPTIONAL = "word"  # the kind that may be code: without a translation it is kept
_LIKE = 0.6  # from here on a text is a new wording of an old one
_PLURALS = {
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
    "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
}


@dataclass(frozen=True)
class Waiting:
    """A text that has no translation, or one of an earlier wording.

    Attributes
    ----------
    place : str
        Where it is, and its kind.
    english : str
    before : str
        The English text that was translated, or "".
    translation : str
        What stood for it, or "".
    """

    place: str
    english: str
    before: str
    translation: str

    def __str__(self) -> str:
        lines = [self.place, *[f"  was: {self.before}"] * bool(self.before)]
        lines += [f"  is:  {self.english}", *[f"  {self.translation}"] * bool(self.translation)]
        return "\n".join(lines)


def folder(course: Course, language: str) -> Path:
    """Return the folder of a language's catalogues; raise CourseError if there is none."""
    path = course.root / "translations" / language
    if not path.is_dir():
        raise CourseError(f"There is no translation into {language!r}: {path} is missing.")
    return path


def file_of(course: Course, language: str, name: str) -> Path:
    """Return the file of a catalogue, such as ``notebooks/01_linear_limits``."""
    return folder(course, language) / f"{name}.po"


def of_package(course: Course, language: str) -> Path:
    """Return the file of the catalogue of the package's messages."""
    return course.root / f"coursekit/locale/{language}/LC_MESSAGES/coursekit.po"


def read(path: Path) -> polib.POFile:
    """Read a catalogue; a missing one is empty.

    Raises
    ------
    CourseError
        If the file is not a catalogue.
    """
    if not path.exists():
        return polib.POFile(wrapwidth=98)
    try:
        return polib.pofile(str(path), wrapwidth=98, encoding="utf-8")
    except OSError as error:  # polib's syntax errors are these
        raise CourseError(f"{path} can't be read: {error}") from error


def translations(catalogue: polib.POFile) -> dict[str, str]:
    """Return what stands for each text; fuzzy entries don't count.

    The strings of code stay English together while one of them waits: an option, the value that
    it is compared with and the parts of either must be in one language.
    """
    waiting = any(_in_code(entry) and is_waiting(entry) for entry in catalogue)
    return {
        e.msgid: e.msgstr
        for e in catalogue
        if e.translated() and not e.obsolete and not (waiting and _in_code(e))
    }


def _in_code(entry: polib.POEntry) -> bool:
    """Whether an entry is a string that code may compare: all but sentences about mistakes."""
    places = [line for line in entry.comment.split("\n") if "/answers_" not in line]
    return any(line.endswith(("(string)", "(f-string)", f"({OPTIONAL})")) for line in places)


def updated(old: polib.POFile, texts: Iterable[Text], language: str) -> polib.POFile:
    """Make the catalogue of some texts, with the translations of an older one.

    A text that is new, but like one that is no longer there, gets its translation and is fuzzy.
    """
    places: dict[str, list[Text]] = {}
    for text in texts:
        places.setdefault(text.english, []).append(text)
    keys = {(english, found[0].plural) for english, found in places.items()}
    known = {(e.msgid, e.msgid_plural): e for e in old if not e.obsolete}
    translated = [e for e in known.values() if e.msgstr or any(e.msgstr_plural.values())]
    restored = {_before(e): e for e in translated if e.fuzzy}
    gone = [e for e in translated if (e.msgid, e.msgid_plural) not in keys]
    new = polib.POFile(wrapwidth=98)
    new.metadata = {
        "Project-Id-Version": "coursekit",
        "PO-Revision-Date": "2026-01-01 00:00+0000",  # the repository knows when
        "Last-Translator": "the coursekit authors",
        "Language-Team": "the coursekit authors",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _PLURALS.get(language, "nplurals=2; plural=(n != 1);"),
    }
    for english, found in places.items():
        comment = "\n".join(dict.fromkeys(text.where for text in found))
        entry = polib.POEntry(msgid=english, msgid_plural=found[0].plural, comment=comment)
        key = english, found[0].plural
        same, back = known.get(key), restored.get(key)
        like = same or back or _most_alike(found[0], gone)
        if like and bool(like.msgid_plural) == bool(entry.msgid_plural):
            entry.msgstr, entry.msgstr_plural = like.msgstr, like.msgstr_plural
            entry.tcomment = like.tcomment
            if same:
                entry.flags = same.flags
            elif not back:
                entry.flags = ["fuzzy"]
            if entry.fuzzy:
                entry.previous_msgid, entry.previous_msgid_plural = _before(like)
        elif entry.msgid_plural:
            entry.msgstr_plural = dict.fromkeys(range(3), "")
        new.append(entry)
    return new


def _before(entry: polib.POEntry) -> tuple[str, str]:
    """Return the text that an entry's translation was made from, and its plural."""
    if entry.fuzzy:
        return entry.previous_msgid or "", entry.previous_msgid_plural or ""
    return entry.msgid, entry.msgid_plural


def _most_alike(text: Text, gone: list[polib.POEntry]) -> polib.POEntry | None:
    """Find the entry of which a text is a new wording; in the same place it may differ more."""
    best, best_ratio = None, _LIKE
    if text.kind == OPTIONAL:
        return None
    for entry in gone:
        matcher = SequenceMatcher(None, entry.msgid, text.english, autojunk=False)
        bonus = 0.15 * (text.where in entry.comment.split("\n"))
        if matcher.real_quick_ratio() + bonus > best_ratio < matcher.quick_ratio() + bonus:
            ratio = matcher.ratio() + bonus
            if ratio > best_ratio:
                best, best_ratio = entry, ratio
    return best


def _books(course: Course, language: str) -> Iterator[tuple[Path, polib.POFile]]:
    """Yield the file of each catalogue, and the catalogue with the English texts of today."""
    folder(course, language)
    path = of_package(course, language)
    yield path, updated(read(path), package_texts(course.root), language)
    for name, files in catalogues(course).items():
        path = file_of(course, language, name)
        yield path, updated(read(path), texts_of(course, files), language)


def update(course: Course, language: str) -> Iterator[str]:
    """Bring all catalogues of a language up to date; yield a line for each.

    That of the package is compiled too: it is read as the course runs.
    """
    for path, new in _books(course, language):
        path.parent.mkdir(parents=True, exist_ok=True)
        new.save(str(path), newline="\n")
        if path == of_package(course, language):
            new.save_as_mofile(str(path.with_suffix(".mo")))
        waiting = [entry for entry in new if is_waiting(entry)]
        yield f"{path.relative_to(course.root)}: {len(new)} texts, {len(waiting)} waiting"


def is_waiting(entry: polib.POEntry) -> bool:
    """Whether the edition shows English in place of an entry."""
    return not entry.translated() and (entry.fuzzy or kinds_of(entry) != {OPTIONAL})


def kinds_of(entry: polib.POEntry) -> set[str]:
    """Return the kinds of the texts that an entry translates."""
    return {line.rpartition(" (")[2].removesuffix(")") for line in entry.comment.split("\n")}


def waiting(course: Course, language: str) -> list[Waiting]:
    """List the texts of the course and of the package that a language has no translation for."""
    return [
        Waiting(
            e.comment.split("\n")[0],
            _shown([e.msgid, e.msgid_plural]),
            _shown([e.previous_msgid, e.previous_msgid_plural]),
            _shown([e.msgstr, *e.msgstr_plural.values()]),
        )
        for _, book in _books(course, language)
        for e in book
        if is_waiting(e)
    ]


def _shown(forms: Iterable[str | None]) -> str:
    """Return a text, or the forms of one that counts something."""
    return " | ".join(form for form in forms if form)
