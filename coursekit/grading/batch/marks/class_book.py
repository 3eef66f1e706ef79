"""The gradebook as a class sees it: people with their exercises, of which one file each counts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from unicodedata import normalize

from coursekit.grading.batch.base.platform_words import MOODLES_PLACE
from coursekit.grading.batch.base.records import Grade, TaskGrade
from coursekit.grading.batch.marks.counted import counted
from coursekit.grading.batch.marks.entry import Entry, Override
from coursekit.grading.batch.marks.gradebook import Gradebook
from coursekit.grading.batch.marks.late import Deadline, due_for, lateness
from coursekit.grading.batch.marks.people import Finder, Person, labels
from coursekit.grading.batch.marks.teams import Teams, shared
from coursekit.grading.batch.marks.term import Term
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.judge.reference import solution
from coursekit.grading.judge.values import printable
from coursekit.language import mark, say

BY_HAND = mark("No file was graded for this exercise; your teacher gave the points.")


@dataclass
class Student:
    """One student under all the names that files and the roster have.

    Attributes
    ----------
    key, name, email, group : str
        As in the roster, or else as in the files.
    label : str
        The name, with the key if somebody else has the same name.
    ids : set of str
        Everything that the student may be called by, apart from the name.
    person : Person or None
        Of the roster.
    entries : list of Entry
        By exercise and file; `Entry.counts` says which ones count.
    """

    key: str
    name: str
    email: str = ""
    group: str = ""
    ids: set[str] = field(default_factory=set)
    person: Person | None = None
    entries: list[Entry] = field(default_factory=list)
    label: str = ""

    def counted(self, exercise: str) -> Entry | None:
        """Return the entry that counts for an exercise."""
        mine = (e for e in self.entries if e.counts and e.grade.exercise == exercise)
        return next(mine, None)


class ClassBook:
    """All students with their entries, by the settings of the term.

    Parameters
    ----------
    book : Gradebook
        With the grades, the overrides and the term's settings.
    course : Course
        With the tasks of the exercises.
    """

    def __init__(self, book: Gradebook, course: Course) -> None:
        self.term: Term = book.term
        self._course = course
        found = list(book.entries())
        self.students = _students(found, self.term)
        self._finder: Finder[str] = Finder()
        self._by_key = {student.key: student for student in self.students}
        called = labels({student.key: student.name for student in self.students})
        for student in self.students:
            student.label = called[student.key]
            self._finder.add(student.key, student.ids, student.name)
            if student.label != student.name:
                self._finder.add(student.key, [student.label], "")
        overrides = self._overrides(book.overrides())
        self.unknown: list[str] = []  # students whom only the deadlines name
        self.deadlines = list(self._named(self.term.deadlines))
        for student in self.students:
            self._complete(student, overrides.get(student.key, {}))
        self._exercise_in = _exercises_by_source(self.entries)

    @property
    def entries(self) -> list[Entry]:
        """The entries of all students."""
        return [entry for student in self.students for entry in student.entries]

    @property
    def exercises(self) -> list[str]:
        """The exercises for which something counts, in order."""
        return sorted({e.grade.exercise for e in self.entries if e.counts and e.grade.exercise})

    def of_exercise(self, student: Student, exercise: str) -> list[Entry]:
        """Return a student's entries for an exercise, and files that may have been meant for it.

        These can't be read, and come from a folder or zip whose other files are all for it.
        """
        mine = [e for e in student.entries if e.grade.exercise == exercise]
        unread = (e for e in student.entries if e.grade.file and not e.grade.exercise)
        return mine + [e for e in unread if self._exercise_in.get(e.about.source) == exercise]

    def without_files(self) -> list[Student]:
        """Return the people of the roster who have submitted nothing."""
        return [s for s in self.students if not any(e.grade.file for e in s.entries)]

    def strangers(self) -> list[Student]:
        """Return the students who are not in the roster, if there is one."""
        return [s for s in self.students if self.term.people and s.person is None]

    def find(self, called: str) -> Student:
        """Find a student by the key, an id, or the name, as tables show them.

        Raises
        ------
        CourseError
            If that is nobody, or more than one.
        """
        keys = self._finder.by_id(called) or self._finder.by_name(called)
        if len(keys) == 1:
            return self._by_key[next(iter(keys))]
        if not keys:
            raise CourseError(
                say(
                    "There is no student {name} in the gradebook or in the roster.",
                    name=printable(called),
                )
            )
        raise CourseError(
            say(
                "{name} may be any of {names}: give the one that you mean.",
                name=printable(called),
                names=", ".join(sorted(map(printable, keys))),
            )
        )

    def student(self, key: str) -> Student:
        """Return the student with a key."""
        return self._by_key[key]

    def tasks(self, exercise: str, language: str | None = None) -> list[TaskGrade]:
        """Return the tasks of an exercise, without points; default: in the course's language."""
        course = self._course.edition(language or self._course.language, exercise)
        tasks = solution(course, exercise).tasks.values()
        return [TaskGrade(task.id, task.title, 0.0, task.points, "missing") for task in tasks]

    def _named(self, deadlines: Iterable[Deadline]) -> Iterator[Deadline]:
        """Replace what a teacher calls the students of the deadlines by their keys."""
        for deadline in deadlines:
            try:
                key = deadline.student and self.find(deadline.student).key
                yield replace(deadline, student=key)
            except CourseError as error:
                self.unknown.append(str(error))

    def _overrides(self, given: Iterable[Override]) -> dict[str, dict[str, Override]]:
        found: dict[str, dict[str, Override]] = {}
        for one in given:
            for key in self._finder.by_id(one.student):
                found.setdefault(key, {})[one.task] = one
        return found

    def _complete(self, student: Student, given: Mapping[str, Override]) -> None:
        """Add overrides, lateness, and entries for exercises with nothing but overrides."""
        entries = [
            replace(
                entry,
                grade=replace(entry.grade, student=student.key, name=student.name),
                overrides=dict(given),
                counts=not entry.about.withdrawn,
                email=student.email,
            )
            for entry in student.entries
        ]
        graded = {e.grade.exercise for e in entries if e.counts}
        numbers = {task[:2] for task in given}
        given_for = {name for name in self._course.names if name[:2] in numbers}
        for exercise in sorted(given_for - graded):
            grade = self._by_hand(student, exercise, entries[-1:])
            entries.append(Entry(grade, dict(given), email=student.email, notes=((BY_HAND, {}),)))
        entries = [self._late(entry, student) for entry in entries]
        student.entries = counted(entries, self.term.count)

    def _by_hand(self, student: Student, exercise: str, last: Sequence[Entry]) -> Grade:
        """Return a grade without a file, in the language of the student's other files."""
        spoken = last[0].grade.language if last else self._course.language
        who = (student.key, student.name, "", exercise)
        words = Grade(*who, self.tasks(exercise), language=spoken)
        return replace(words, tasks=self.tasks(exercise, spoken), for_teacher=words)

    def _late(self, entry: Entry, student: Student) -> Entry:
        if not entry.grade.exercise or not entry.grade.file:
            return entry
        due, own = due_for(self.deadlines, entry.grade.exercise, student.key)
        about = entry.about
        late = lateness(
            about.submitted, about.late and not own, due, self.term.rule,
            entry.points_for_tasks, entry.possible,
        )  # fmt: skip
        return replace(entry, lateness=replace(late, by_file=about.by_file))


def _students(entries: Sequence[Entry], term: Term) -> list[Student]:
    roster = term.roster
    students = {
        person.key: Student(
            person.key, person.name, person.email, person.group, {person.key, *person.ids}, person
        )
        for person in term.people
    }
    members = Teams((person, person.name, person.group) for person in term.people)
    teams = [members.of(e.grade.name) if MOODLES_PLACE in e.about.place else [] for e in entries]
    certain = [
        None if team else roster.find((entry.grade.student, *entry.about.also), "")
        for team, entry in zip(teams, entries, strict=True)
    ]
    found = [one or roster.find((), e.grade.name) for one, e in zip(certain, entries, strict=True)]
    # One person has one number in one hand-in: with several, these are students of the same name.
    numbers: dict[tuple[Person | None, str, str], set[str]] = {}
    hand_ins = [(e.about.source, e.grade.exercise) for e in entries]
    for person, hand_in, entry in zip(found, hand_ins, entries, strict=True):
        numbers.setdefault((person, *hand_in), set()).add(normalize("NFC", entry.grade.student))
    for place, entry in enumerate(entries):
        grade, person = entry.grade, certain[place]
        for member in teams[place]:
            students[member.key].entries.append(shared(entry))
        if teams[place]:
            continue
        if person is None and len(numbers[found[place], *hand_ins[place]]) == 1:
            person = found[place]
        # Older gradebooks keep two forms of an accented name apart.
        key = person.key if person else normalize("NFC", grade.student)
        student = students.setdefault(key, Student(key, grade.name, ids={key}))
        student.ids |= {grade.student, *entry.about.also}
        student.entries.append(entry)
    return sorted(students.values(), key=lambda student: student.key)


def _exercises_by_source(entries: Sequence[Entry]) -> dict[str, str]:
    """Return the exercise of each folder or zip that holds files for one exercise alone."""
    found: dict[str, set[str]] = {}
    for entry in entries:
        if entry.grade.exercise and entry.about.source:
            found.setdefault(entry.about.source, set()).add(entry.grade.exercise)
    return {source: next(iter(names)) for source, names in found.items() if len(names) == 1}
