"""Who is who: one person under the names and numbers that platforms, files and tables use."""

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from coursekit.grading.batch.base import platform_words
from coursekit.grading.batch.base.csv_text import CsvText
from coursekit.grading.course.paths import CourseError
from coursekit.grading.judge.values import printable
from coursekit.language import say

Key = TypeVar("Key", bound=Hashable)
_OF_OTHER_TABLES = ("deadline", "task")  # of a teacher's own: not of people
_IDS = ("number", "email", "login", "id")  # in the order in which one of them names a person


@dataclass(frozen=True)
class Person:
    """A person of the roster.

    Attributes
    ----------
    key : str
        What the gradebook calls them where no file does: the first of their ids, or the name.
    name, email, group : str
        As in the roster; may be empty, except for the name.
    ids : tuple of str
        Every id: numbers, e-mail, login, and aliases.
    """

    key: str
    name: str
    email: str
    group: str
    ids: tuple[str, ...]


class Finder(Generic[Key]):
    """Finds keys by ids and names; what belongs to two keys finds neither."""

    def __init__(self) -> None:
        self._ids: dict[str, set[Key]] = {}
        self._names: dict[str, set[Key]] = {}

    def add(self, key: Key, ids: Iterable[str], name: str) -> None:
        """Add the ids and the name of a key."""
        for id in filter(None, map(normal_id, ids)):
            self._ids.setdefault(id, set()).add(key)
        for form in _forms(name):
            self._names.setdefault(form, set()).add(key)

    def by_id(self, *ids: str) -> set[Key]:
        """Return the keys that have one of these ids."""
        return set().union(*(self._ids.get(normal_id(id), set()) for id in ids))

    def by_name(self, name: str) -> set[Key]:
        """Return the keys that have this name; Moodle may put a group and a hyphen before it."""
        while name:
            words = _words(name)
            forms = {" ".join(sorted(words)), "".join(words)}
            if found := set().union(*(self._names.get(form, set()) for form in forms)):
                return found
            name = name.partition("-")[2]
        return set()


def labels(names: Mapping[str, str]) -> dict[str, str]:
    """Return what people are called where they must be told apart, by key.

    That is the name, and the key too where several have the same name.
    """
    met = Counter(names.values())
    return {
        key: name if met[name] == 1 or name == key else f"{name} ({key})"
        for key, name in names.items()
    }


def normal_id(text: str) -> str:
    """Return the form in which ids are compared; Brightspace writes "#" before them."""
    return unicodedata.normalize("NFKC", text).strip().removeprefix("#").casefold()


def _words(name: str) -> list[str]:
    """Return the words of a name without accents, which some platforms drop, as they do from ё."""
    letters = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", plain.casefold())


def _forms(name: str) -> set[str]:
    """Return a name's words in alphabetical order, and joined from each of them on.

    Canvas joins "Lovelace, Ada" to ``lovelaceada`` in file names.
    """
    words = _words(name)
    joined = {"".join(words[k:] + words[:k]) for k in range(len(words))}
    return {" ".join(sorted(words)), *joined} if words else set()


def read_roster(path: Path) -> list[Person]:
    """Read a class list: a table with headings of Moodle's, Canvas's or one's own.

    Raises
    ------
    CourseError
        If it can't be read, has no column of names, lists nobody, or two rows share an id.
    """
    table = CsvText.at(path)
    places = platform_words.columns(table.headings)
    for heading in table.headings:
        if heading.casefold() in _OF_OTHER_TABLES:
            raise CourseError(
                say(
                    "{path} is not a list of students: it has a column {heading!r}.",
                    path=path,
                    heading=heading,
                )
            )
    if "name" not in places and not {"first name", "last name"} <= set(places):
        raise CourseError(
            say(
                "{path} has no column with the students' names: its first row must contain the "
                "headings, one of them 'name', and contains {columns}.",
                path=path,
                columns=printable(", ".join(table.headings)),
            )
        )
    people: list[Person] = []
    owners: dict[str, str] = {}
    for row in range(1, len(table.rows)):
        person = _person(table, row, places)
        if person is None:
            continue
        if _is_heading(table, row, places) or (person.email and "@" not in person.email):
            raise CourseError(
                say(
                    "{file}, row {row} is not about a student: {fields}. Headings belong in the "
                    "first row only, and an e-mail address has an @.",
                    file=path,
                    row=row + 1,
                    fields=printable(", ".join(filter(None, table.rows[row]))),
                )
            )
        for id in {normal_id(id) for id in (person.key, *person.ids)}:
            if id in owners:
                raise CourseError(
                    say(
                        "{file}: {one} and {other} have the same id {id}.",
                        file=path,
                        one=owners[id],
                        other=person.name,
                        id=printable(id),
                    )
                )
            owners[id] = person.name
        people.append(person)
    if not people:
        raise CourseError(say("{path} lists no students.", path=path))
    return people


def _is_heading(table: CsvText, row: int, places: Mapping[str, int]) -> bool:
    """Whether a row's names are headings too, as where two lists were put one below the other."""
    names = [place for role, place in places.items() if role.endswith("name")]
    return all((platform_words.role(table.field(row, n)) or "").endswith("name") for n in names)


def _person(table: CsvText, row: int, places: Mapping[str, int]) -> Person | None:
    def field(role: str) -> str:
        text = table.field(row, places[role]) if role in places else ""
        return "" if text.casefold() in platform_words.NO_ID else text

    name = name_in(table, row, places)
    if not name or name.casefold() == platform_words.POINTS_POSSIBLE:
        return None
    ids = [field(role) for role in _IDS]
    if ids[-1]:
        ids += identifiers(table, places["id"])[row]
    ids += re.split(r"[;,\s]+", field("alias"))
    own = tuple(dict.fromkeys(filter(None, ids)))
    shown = printable(name)
    return Person(own[0] if own else shown, shown, field("email"), field("group"), own)


def name_in(table: CsvText, row: int, places: Mapping[str, int]) -> str:
    """Return the name in a row, the first name first; an empty string if there is none."""
    if {"first name", "last name"} <= set(places):
        parts = [table.field(row, places[role]) for role in ("first name", "last name")]
        return " ".join(filter(None, parts))
    name = table.field(row, places["name"]) if "name" in places else ""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and "," not in first else name


def number_in(identifier: str) -> str:
    """Return the number of Moodle's "Participant 1234567", in any language."""
    return re.sub(r"^\D*(?=\d+$)", "", identifier)


def identifiers(table: CsvText, column: int) -> list[tuple[str, ...]]:
    """Return the ids in a column, by row: as they are, and without the word that all begin with.

    Moodle writes "Participant 1234567", and other words in other languages.
    """
    texts = [table.field(row, column) for row in range(len(table.rows))]
    words = {text[: -len(number)] for text in texts[1:] if (number := number_in(text))}
    return [(text, number_in(text)) if len(words) == 1 else (text,) for text in texts]


class Roster:
    """The people of a class, found by what a file or a table calls them."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = list(people)
        self._finder: Finder[Person] = Finder()
        for person in people:
            self._finder.add(person, person.ids, person.name)

    def find(self, ids: Iterable[str], name: str) -> Person | None:
        """Find the person by an id, or else by the name; None if that is nobody, or several."""
        found = self._finder.by_id(*ids) or self._finder.by_name(name)
        return next(iter(found)) if len(found) == 1 else None

    def has(self, name: str) -> bool:
        """Whether anybody has this name."""
        return bool(self._finder.by_name(name))
