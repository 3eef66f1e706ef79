"""Groups that submit together: what they submit counts for each of their members.

Since version 4.0 Moodle names the folder of such a submission after the group, with the group's
own number in place of a student's (``mod/assign/classes/downloader.php``).
"""

import re
from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import Generic, TypeVar
from unicodedata import normalize

from coursekit.grading.batch.marks.entry import Entry
from coursekit.language import mark

Key = TypeVar("Key", bound=Hashable)
_SHARED = mark("Submitted by the group {group}; it counts for each of its members.")
_NOT_IN_FILE_NAMES = re.compile(r"""[&<>"`|':\\/\x00-\x1f]|\.\.+""")  # Moodle's PARAM_FILE


class Teams(Generic[Key]):
    """The members of groups.

    Parameters
    ----------
    people : iterable of (Key, str, str)
        Each with a name and a list of groups, which has commas as in Moodle's tables.
    """

    def __init__(self, people: Iterable[tuple[Key, str, str]]) -> None:
        self._members: dict[str, list[Key]] = {}
        names = set()
        for key, name, groups in people:
            names.add(_form(name))
            for group in {_form(part) for part in (groups, *groups.split(","))} - {""}:
                self._members.setdefault(group, []).append(key)
        for name in names & set(self._members):  # who is called like a group may be meant
            del self._members[name]

    def of(self, name: str) -> list[Key]:
        """Return the members of the group with this name; none if it is not the name of one."""
        return self._members.get(_form(name), [])


def shared(entry: Entry) -> Entry:
    """Return what a group has submitted as the entry of one of its members."""
    note = (_SHARED, {"group": entry.grade.name})
    return replace(entry, notes=(*entry.notes, note), about=replace(entry.about, team=True))


def _form(name: str) -> str:
    """Return the form in which names are compared: Moodle takes signs from those of folders."""
    text = _NOT_IN_FILE_NAMES.sub("", normalize("NFKC", name).replace("_", " "))
    return " ".join(text.casefold().split())
