"""A line of the gradebook: a grade, and what the teacher has put in its place."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from coursekit.grading.batch.base.records import About, Grade, TaskGrade, TestGrade
from coursekit.grading.batch.marks.late import Lateness

#: A sentence with its fields, said where it is shown: in the reader's language.
Note = tuple[str, Mapping[str, object]]


@dataclass(frozen=True)
class Override:
    """Points that a teacher gives for a task or an exercise in place of those from the tests."""

    student: str
    task: str
    points: float
    comment: str


@dataclass(frozen=True)
class Entry:
    """A student's grade for one file, with the teacher's overrides by task.

    Attributes
    ----------
    grade : Grade
        From the tests.
    overrides : dict of str to Override
        By task; those for all tasks by the exercise's number.
    about : About
        When and where the file was submitted.
    lateness : Lateness
        How late it is, and what that costs.
    counts : bool
        Whether it is the one of the student's files that counts.
    notes : tuple of Note
        Why it is that one, or why it is not, and whose it is, where that is unusual.
    email : str
        The student's, from the roster.
    key : (str, str)
        What the gradebook knows the file by: the student, as in the file's path, and the file.
    """

    grade: Grade
    overrides: dict[str, Override]
    about: About = field(default_factory=About)
    lateness: Lateness = field(default_factory=Lateness)
    counts: bool = True
    notes: tuple[Note, ...] = ()
    email: str = ""
    key: tuple[str, str] = ("", "")

    @property
    def for_teacher(self) -> "Entry":
        """The same in the teacher's words."""
        grade = self.grade
        if grade.for_teacher is None:
            return self
        words = replace(grade.for_teacher, student=grade.student, name=grade.name)
        return replace(self, grade=words)

    @property
    def points(self) -> float:
        """The points that count, less what being late costs."""
        return max(0.0, self.points_for_tasks - self.lateness.deduction)

    @property
    def whole(self) -> Override | None:
        """What the teacher gives for the whole exercise, whatever its tasks have."""
        return self.overrides.get(self.grade.exercise[:2])

    @property
    def points_for_tasks(self) -> float:
        """The points for all tasks: the teacher's where there is an override."""
        if self.whole:
            return self.whole.points
        return sum(self.task_points(task.task) for task in self.grade.tasks)

    @property
    def points_from_tests(self) -> float:
        """The points without the teacher's overrides."""
        return sum(task.points for task in self.grade.tasks)

    @property
    def possible(self) -> float:
        """The maximum of the points."""
        return sum(task.possible for task in self.grade.tasks)

    def task_points(self, task: str) -> float:
        """The points that count for one task."""
        if task in self.overrides:
            return self.overrides[task].points
        return next(t.points for t in self.grade.tasks if t.task == task)


def about_of(code: str) -> About:
    """Undo ``json.dumps`` of `dataclasses.asdict`."""
    about = About(**json.loads(code))
    return replace(about, also=tuple(about.also))


def grade_of(code: dict[str, Any]) -> Grade:
    """Undo `dataclasses.asdict`."""
    tasks = []
    for task in code["tasks"]:
        error = task.pop("trouble", None)  # its name in older gradebooks
        tests = [TestGrade(**test) for test in task["tests"]]
        tasks.append(TaskGrade(**{"error": error, **task, "tests": tests}))
    words = code.get("for_teacher")
    return Grade(**{**code, "tasks": tasks, "for_teacher": grade_of(words) if words else None})
