"""Whose a file is, by its path: the names that platforms write, and folders named after students.

The level of a path at which students are is found for all files together, so that no file name of
a student's, which comes below that level, can make the file another's.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from unicodedata import normalize

from coursekit.grading.batch.base.platform_words import HIDDEN_NAMES
from coursekit.grading.judge.values import printable

NOTEBOOK = re.compile(r"(.+)\.ipynb(\.(txt|json))?", re.IGNORECASE | re.DOTALL)
EXERCISE = re.compile(r"(?P<number>\d\d)_\w+")

# Moodle (mod/assign/locallib.php): "Ada Lovelace_1234567_assignsubmission_file_/01_x.ipynb", as a
# folder or not, with the last "_" or not. The first number is Moodle's: what follows is the
# student's. Those who are in no group submit as a "Default group", which has no number.
_MOODLE = re.compile(
    r"(?P<place>(?P<name>[^/]+?)(?:_(?P<id>\d+))?_assignsubmission_[a-z]+_?)(?P<file>.*)",
    re.DOTALL,
)
# Canvas (lib/content_zipper.rb): "lovelaceada_LATE_123_45678_01_x-2.ipynb"; without names
# "anon_x1Y2z_45678_01_x.ipynb"; for a group, whose name may have a "_", "team_a_123_45678_01.ipynb"
# with the number of one member. A text that was typed in is "lovelaceada_123_text.html".
_CANVAS = re.compile(
    r"(?P<place>(?:(?!(?:LATE_)?anon_)(?P<name>[^/]+?)_)?(?P<late>LATE_)?(?P<id>(?(name)\d+|anon_[^\W_]+))_\d{4,})"
    r"_(?P<file>.+)",
    re.DOTALL,
)
_CANVAS_TEXT = re.compile(r"(?P<name>[^/]+?)_(?:LATE_)?(?P<id>\d+)_(?:text|link)\.html")
# Blackboard: "Exercise 01_alovelace_attempt_2026-11-23-20-11-05_01_x.ipynb"; "attempt" is
# translated. See the example in nbgrader/plugins/zipcollect.py.
_BLACKBOARD = re.compile(
    r"(?P<head>[^/]+)_[^\W\d_]+_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.*)|\.txt)", re.DOTALL
)
# ILIAS (Modules/Exercise/classes/class.ilExSubmission.php): "Lovelace_Ada_alovelace_1001/01.ipynb".
_ILIAS = re.compile(r"(?P<last>[^/_]+)_(?P<first>[^/]+)_(?P<login>[^/_]+)_(?P<id>\d+)")

# Sakai: "Exercise 01/Lovelace, Ada(alovelace)/Submission attachment(s)/01_x.ipynb", or without the
# folders "Lovelace, Ada(alovelace)_Submission attachment(s)_01_x.ipynb".
ATTACHMENTS = "Submission attachment(s)"
_SAKAI = re.compile(
    r"(?P<last>[^/,]+), (?P<first>[^/()]+)\((?P<login>[^/()]+)\)[/_]"
    rf"(?:{re.escape(ATTACHMENTS)}[/_])?(?P<file>.+)",
    re.DOTALL,
)
# Brightspace: "12345-678 - Ada Lovelace - Nov 23, 2026 811 PM/01_x.ipynb", in an old form with
# " - " in place of the "/". The second number is the assignment's.
_BRIGHTSPACE = re.compile(
    r"(?P<place>(?P<id>\d+)-\d+ ?- (?P<name>[^/]+?) ?- ?"
    r"(?P<time>[^\W\d_]+ \d\d?, \d{4} \d{3,4} [AP]M))(?:/| - )(?P<file>.+)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Owner:
    """Whose a file is.

    Attributes
    ----------
    student, name : str
        A key, and the name for people to read.
    file : str
        The file's own name, below what names the student.
    place : str
        What a platform calls the student's folder or file, so that feedback can be sent back.
    submitted : str
        In ISO 8601, if the name contains it.
    late : bool
        Whether the platform marks it as late.
    also : tuple of str
        Further ids.
    platform : str
        Who wrote the name; empty for folders and files of one's own.
    """

    student: str
    name: str
    file: str
    place: str = ""
    submitted: str = ""
    late: bool = False
    also: tuple[str, ...] = ()
    platform: str = ""


class Layout:
    """How students are named in the paths of a folder or zip.

    Parameters
    ----------
    paths : sequence of PurePosixPath
        Of all files, in which a zip is a folder.
    home : str
        The name of the folder or zip.
    level : int or None
        The level of the students' folders or files, if the teacher names it: 1 is the uppermost.
    """

    def __init__(self, paths: Sequence[PurePosixPath], home: str, level: int | None = None) -> None:
        notebooks = [path for path in paths if NOTEBOOK.fullmatch(path.name)]
        shown = notebooks or [path for path in paths if len(path.parts) > 1] or list(paths)
        self._blackboard = _blackboard_ids(paths)
        self._platform, self._home, self._depth = "", "", 0
        if level is not None:
            self._depth = level - 1
        elif shown and not self._find_platform(shown):
            self._depth = _wrappers(shown, home)
            if _one_student([path.parts[self._depth :] for path in notebooks]):
                self._home = (home, *shown[0].parts[: self._depth])[-1]
        self._several = len({path.parts[: self._depth] for path in shown}) > 1

    def _find_platform(self, paths: Sequence[PurePosixPath]) -> bool:
        for depth in range(min(4, *(len(path.parts) for path in paths))):
            for platform in ("moodle", "canvas", "blackboard", "ilias", "sakai", "brightspace"):
                owners = [self._named(platform, path.parts[depth:]) for path in paths]
                students = {owner.student if owner else None for owner in owners}
                if None not in students and (not depth or len(students) > 1):
                    self._platform, self._depth = platform, depth
                    return True
        return False

    def owner(self, path: PurePosixPath) -> Owner:
        """Find whose a file is; accented letters, which are two characters on macOS, are one."""
        found = self._owner(path)
        student, name, file, *also = (
            normalize("NFC", text) for text in (found.student, found.name, found.file, *found.also)
        )
        return replace(found, student=student, name=name, file=file, also=tuple(also))

    def _owner(self, path: PurePosixPath) -> Owner:
        parts = PurePosixPath(_readable(str(path))).parts
        depth = min(self._depth, len(parts) - 1)
        around, own = parts[:depth], parts[depth:]
        found = self._named(self._platform or "moodle", own)
        if found is None:
            name, *rest = own
            stem = PurePosixPath(name).stem
            if not rest and self._home and EXERCISE.fullmatch(stem):
                name = self._home  # the folder belongs to one student
            elif not rest:
                notebook = NOTEBOOK.fullmatch(name)
                name = notebook[1] if notebook else stem
            found = Owner(name, printable(name), "/".join(rest) or own[-1])
        if around and self._several:  # one student's files in two of them are two files
            return replace(found, file="/".join((*around, found.file)))
        return found

    def _named(self, platform: str, parts: Sequence[str]) -> Owner | None:
        """Read a platform's name for a student's folder or file; None if it is not one."""
        text = "/".join(parts)
        if platform == "moodle" and (found := _MOODLE.fullmatch(text)):
            name = printable(found["name"]).strip()
            id = found["id"] or found["name"]
            if name in HIDDEN_NAMES:  # as if all had one name
                name = f"{name} {id}"
            file = found["file"].lstrip("/")
            return Owner(id, name, file, found["place"], platform=platform)
        if platform == "canvas":
            if found := _CANVAS.fullmatch(text):
                name = printable(found["name"] or found["id"])
                late = bool(found["late"])
                place = found["place"]
                return Owner(found["id"], name, found["file"], place, "", late, (), platform)
            if found := _CANVAS_TEXT.fullmatch(text):
                return Owner(found["id"], printable(found["name"]), text, platform=platform)
        if platform == "blackboard" and (found := _BLACKBOARD.fullmatch(text)):
            id = self._blackboard.get(found["head"], found["head"])
            file = f"{found['time']}/{found['file'] or 'submission.txt'}"
            return Owner(id, printable(id), file, "", _time(found["time"]), platform=platform)
        if platform == "ilias" and len(parts) > 1 and (found := _ILIAS.fullmatch(parts[0])):
            name = printable(f"{found['first']} {found['last']}".replace("_", " "))
            also = (found["login"], found["id"])
            return Owner(parts[0], name, "/".join(parts[1:]), "", "", False, also, platform)
        if platform == "sakai" and (found := _SAKAI.fullmatch(text)):
            name = printable(f"{found['first']} {found['last']}")
            return Owner(found["login"], name, found["file"], platform=platform)
        if platform == "brightspace" and (found := _BRIGHTSPACE.fullmatch(text)):
            time = _time(found["time"], "%b %d, %Y %I%M %p")
            file = f"{time[:16].replace(':', '-')}/{found['file']}"
            name = printable(found["name"])
            return Owner(found["id"], name, file, found["place"], time, platform=platform)
        return None


def _readable(text: str) -> str:
    """Replace what is not UTF-8 in a file's name: a byte becomes a letter as in Latin-1."""
    letters = (chr(ord(one) - 0xDC00) if "\udc80" <= one <= "\udcff" else one for one in text)
    return "".join(letters).encode("utf-8", "backslashreplace").decode()


def _time(text: str, form: str = "%Y-%m-%d-%H-%M-%S") -> str:
    try:
        return datetime.strptime(text, form).astimezone().isoformat()
    except ValueError:  # a file's name may look like that
        return ""


def _wrappers(paths: Sequence[PurePosixPath], home: str) -> int:
    """Count the folders around everything that belong to no student."""
    depth = 0
    while True:
        tops = {path.parts[depth] for path in paths if len(path.parts) > depth + 1}
        flat = any(len(path.parts) == depth + 1 for path in paths)
        if len(tops) != 1 or flat:
            return depth
        below = [path.parts[depth + 1 :] for path in paths]
        folders = {parts[0] for parts in below if len(parts) > 1}
        files = [parts[0] for parts in below if len(parts) == 1]
        if not tops <= {home, "submissions", "submitted"}:
            if folders and all(map(EXERCISE.fullmatch, folders)):  # a student's, as of nbgrader
                return depth
            if not folders and (len(files) == 1 or all(map(EXERCISE.match, files))):
                return depth
        depth += 1


def _one_student(notebooks: Iterable[Sequence[str]]) -> bool:
    """Whether the notebooks in one folder are one student's: each exercise is there once."""
    flat = [EXERCISE.fullmatch(PurePosixPath(own[0]).stem) for own in notebooks if len(own) == 1]
    numbers = Counter(found["number"] for found in flat if found)
    return bool(numbers) and max(numbers.values()) == 1


def _blackboard_ids(paths: Iterable[PurePosixPath]) -> dict[str, str]:
    """Split Blackboard's "Exercise 01_alovelace" into title and id, both of which may have a "_".

    The title is one that other files have too, or else what comes before the last "_".
    """
    found = (_BLACKBOARD.fullmatch(part) for path in paths for part in path.parts)
    heads = {match["head"] for match in found if match}
    titles = {head.rpartition("_")[0] for head in heads}
    ids = {}
    for head in heads:
        title = min((t for t in titles if t and head.startswith(f"{t}_")), key=len, default="")
        ids[head] = head[len(title) + 1 :] if title else head
    return ids
