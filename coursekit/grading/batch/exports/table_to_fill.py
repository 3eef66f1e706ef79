"""The copy of a learning platform's table in which the points are filled in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from coursekit.grading.batch.base import platform_words
from coursekit.grading.batch.base.csv_text import CsvText
from coursekit.grading.batch.base.records import About
from coursekit.grading.batch.exports import lms_table
from coursekit.grading.batch.exports.table_places import Choice
from coursekit.grading.batch.exports.upload import comment
from coursekit.grading.batch.hand_ins.times import moodle_time
from coursekit.grading.batch.marks.class_book import ClassBook, Student
from coursekit.grading.batch.marks.entry import Entry
from coursekit.grading.batch.marks.people import Finder, identifiers, name_in
from coursekit.grading.course.paths import CourseError, write_atomically, writing
from coursekit.grading.judge.values import printable
from coursekit.language import say

_OURS = (
    "gradebook.sqlite", "marks.csv", "totals.csv", "summary.html", "feedback", "gradescope",
    "upload",
)  # fmt: skip


class Table:
    """A table, read before the grading begins, so that an error comes before the work.

    Parameters
    ----------
    path : Path
        The table that the platform exported.
    folder : Path
        Where the copy goes, under the same name.
    choice : Choice
        What the teacher says about it.

    Raises
    ------
    CourseError
        If it can't be read, or the copy would overwrite it or another file of the grader's.
    """

    def __init__(self, path: Path, folder: Path, choice: Choice) -> None:
        self._target, self._choice = folder / path.name, choice
        CsvText.at(path)  # or its error, with the file's name
        self._content = path.read_bytes()
        if self._target.resolve() == path.resolve():
            raise CourseError(
                say(
                    "{file} would be overwritten: keep it outside {folder}.",
                    file=path,
                    folder=folder,
                )
            )
        if path.name.lower().startswith(_OURS):
            raise CourseError(
                say(
                    "{file} would be overwritten: give {name} another name.",
                    file=self._target,
                    name=path,
                )
            )

    def facts(self, book: ClassBook, only: str | None) -> dict[tuple[str, str], About]:
        """Return what is known about files with this table, by student and file.

        That is when they were submitted, if the table is Moodle's, and further ids of the students
        whom the platform's number names: with their e-mail addresses, a roster tells namesakes
        apart.
        """
        table = CsvText(self._content)
        places = platform_words.columns(table.headings)
        exercise = self._exercise(book, only)
        finder: Finder[str] = Finder()
        members = lms_table.teams(table, range(1, len(table.rows)))
        of_groups: dict[int, str] = {}
        for student in book.students:
            group = members.of(student.name)
            of_groups |= dict.fromkeys(group, student.key)
            if not group:
                own_files = book.of_exercise(student, exercise)
                finder.add(student.key, _ids(student, own_files), student.name)
        facts: dict[tuple[str, str], About] = {}
        rows = range(1, len(table.rows))
        own_ids = [places[role] for role in ("email", "number", "login") if role in places]
        met = Counter(id for row in rows for id in {table.field(row, place) for place in own_ids})
        numbers = identifiers(table, places["id"]) if "id" in places else None
        for row in rows:
            fields = {role: table.field(row, place) for role, place in places.items()}
            own = numbers[row] if numbers and row not in of_groups else ()
            keys = {of_groups[row]} if row in of_groups else finder.by_id(*own)
            keys = keys or finder.by_name(name_in(table, row, places))
            if len(keys) != 1:
                continue
            files = book.of_exercise(book.student(next(iter(keys))), exercise)
            if time := moodle_time(fields.get("submitted", "")):
                # of all files that the platform keeps under this row, which has one time
                placed = [entry for entry in files if entry.about.place]
                for entry in placed or [e for e in files if e.counts and e.grade.file]:
                    facts[entry.key] = replace(entry.about, submitted=time, by_file=False)
            for entry in files if row in of_groups else []:
                facts[entry.key] = replace(facts.get(entry.key, entry.about), team=True)
            ids = [table.field(row, place) for place in own_ids]
            ids = [id for id in ids if id and met[id] == 1]  # what several have names nobody
            for entry in files if ids else []:
                about = facts.get(entry.key, entry.about)
                if set(own) & {entry.key[0], *about.also}:
                    facts[entry.key] = replace(about, also=tuple(sorted({*about.also, *ids})))
        return facts

    def fill(self, book: ClassBook, only: str | None) -> list[str]:
        """Write the copy; return sentences about it.

        Raises
        ------
        CourseError
            If there are several exercises, the table has another form, or nothing can be written.
        """
        exercise = self._exercise(book, only)
        marks = []
        for student in book.students:
            entries = book.of_exercise(student, exercise)
            if any(entry.counts for entry in entries):
                ids = (*_ids(student, entries), student.email)
                entry = student.counted(exercise)
                points, possible = (entry.points, entry.possible) if entry else (None, 0.0)
                marks.append(
                    lms_table.Mark(
                        student.label, ids, student.name, points, possible, comment(entries)
                    )
                )
        filled = lms_table.fill(self._content, marks, self._choice)
        with writing(self._target.parent):
            write_atomically(self._target, filled.content)
        return [
            say("Filled in: {file}. {more}", file=self._target, more=filled.columns),
            *_sentences(filled),
        ]

    def _exercise(self, book: ClassBook, only: str | None) -> str:
        names = [name for name in book.exercises if only in (None, name)]
        if not names:
            raise CourseError(say("There are no grades yet with which to fill in the table."))
        if len(names) > 1:
            listed = ", ".join(names)
            raise CourseError(
                say("--fill needs one exercise; choose one with --only: {names}.", names=listed)
            )
        return names[0]


def _ids(student: Student, entries: Sequence[Entry]) -> set[str]:
    """Return what the student is called in a table about these entries.

    A number that Moodle gave in another assignment may be somebody else's in this one.
    """
    lasting = {student.key, *(student.person.ids if student.person else ())}
    elsewhere = {e.key[0] for e in student.entries} - {e.key[0] for e in entries}
    return student.ids - (elsewhere - lasting)


def _sentences(filled: lms_table.Filled) -> list[str]:
    found = []
    if filled.missing:
        found.append(say("Not in the table: {names}.", names=_listed(filled.missing)))
    if filled.unread:
        found.append(
            say(
                "No file could be read, so there is a comment and no mark: {names}.",
                names=_listed(filled.unread),
            )
        )
    if filled.kept:
        found.append(
            say(
                "Already in the table with another mark, which stays unless you add "
                "--overwrite: {names}.",
                names=_listed(filled.kept),
            )
        )
    if filled.unclear:
        found.append(
            say(
                "More than one row or student fits, so nothing was filled in: {names}.",
                names=_listed(filled.unclear),
            )
        )
    if rows := filled.rows_without_submission:
        found.append(
            say(
                "Students in the table without a submission: {n}. They are {names}.",
                n=len(rows),
                names=_listed(rows),
            )
        )
    return found


def _listed(names: Sequence[str]) -> str:
    return printable(", ".join(names))
