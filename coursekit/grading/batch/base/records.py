"""The records of batch grading: submitted files in, grades out."""

from dataclasses import dataclass, field
from pathlib import Path

from coursekit.language import ENGLISH, say_n


@dataclass(frozen=True)
class About:
    """What is known about a submitted file beside its content.

    Attributes
    ----------
    submitted : str
        When it was submitted, in ISO 8601 with the offset from UTC; empty if that is unknown.
    by_file : bool
        Whether that is only the date of the file.
    late : bool
        Whether the platform marks it as late.
    place : str
        What the platform calls the student's folder or file.
    source : str
        The folder or zip in which it was found.
    level : int or None
        The level of the students' folders there, if the teacher has named it.
    also : tuple of str
        Further ids of the student.
    withdrawn : bool
        Whether a later run no longer found it.
    team : bool
        Whether it is known to be a group's, so that its place leads to no student.
    """

    submitted: str = ""
    by_file: bool = False
    late: bool = False
    place: str = ""
    source: str = ""
    level: int | None = None
    also: tuple[str, ...] = ()
    withdrawn: bool = False
    team: bool = False


@dataclass(frozen=True)
class SubmittedFile:
    """One file that a student submitted.

    Attributes
    ----------
    student : str
        Identifies the student: a folder's name, or a number of Moodle's or Canvas's.
    name : str
        The student's name, for people to read.
    file : str
        Its path in what was submitted, for messages.
    content : bytes
        The file; empty if there is an error.
    error : str
        Why it could not be read, as a sentence; empty if it could.
    reasons : tuple of str
        Why what was submitted instead of a notebook could not be read, in sentences.
    about : About
        When and where it was submitted.
    times : int
        How often this file of this student was found; the last one counts.
    """

    student: str
    name: str
    file: str
    content: bytes
    error: str = ""
    reasons: tuple[str, ...] = ()
    about: About = About()
    times: int = 1

    def remarks(self) -> list[str]:
        """Say what is unusual about how it was submitted, in the language spoken now."""
        if self.times == 1:
            return [*self.reasons]
        counted = say_n(
            self.times,
            "This file was found {n} time; the last one counts, in the order given.",
            "This file was found {n} times; the last one counts, in the order given.",
        )
        return [counted, *self.reasons]

    def load(self) -> "SubmittedFile":
        """Return itself, since its content is there; others read theirs when they are asked."""
        return self


@dataclass(frozen=True)
class Settings:
    """How a submission is graded.

    Attributes
    ----------
    root : Path
        The course's folder, with ``solutions/``.
    seed : int
        Determines each submission's own hidden inputs.
    seconds, budget, total : float
        Processor time for one call of an answer, for all calls of one task in one run of its tests,
        and for everything in one submission. By the clock each may take several times as long.
    unsafe : bool
        Run answers in an ordinary process instead of a sandbox.
    user : str
        The user of the system who runs that process; empty for the present one.
    repeat : int or None
        Draw the hidden inputs from this seed, which an earlier grade reports.
    only : str or None
        Don't test notebooks of other exercises.
    language : str
        The teacher's.
    """

    root: Path
    seed: int
    seconds: float = 10.0
    budget: float = 60.0
    total: float = 120.0
    unsafe: bool = False
    user: str = ""
    repeat: int | None = None
    only: str | None = None
    language: str = ENGLISH


@dataclass(frozen=True)
class TestGrade:
    """How one test of a task ended.

    Attributes
    ----------
    test, tried : str
        Its name, and what it tests, as a sentence.
    points : float
        Points that it is worth.
    status : str
        As `coursekit.grading.judge.verdict.TestResult.status`, with hidden inputs.
    message : str
        What went wrong, for the student, without the hidden inputs.
    detail : str
        What went wrong with the hidden inputs, for the teacher only.
    example : str
        A call of the notebook's check that fails, as code to try; of one test for each task.
    """

    __test__ = False  # not a test of pytest's

    test: str
    tried: str
    points: float
    status: str
    message: str = ""
    detail: str = ""
    example: str = ""


@dataclass(frozen=True)
class TaskGrade:
    """How one task ended.

    Attributes
    ----------
    task, title : str
        Its number and its heading.
    points, possible : float
        Reached, and all.
    status : str
        As `coursekit.grading.judge.verdict.Verdict.status`.
    mistake : str or None
        A tutor's sentence, if it is a known mistake.
    error : str or None
        Why the task could not be tested.
    tests : list of TestGrade
        In order.
    code : str
        The student's answer: the cells that were judged.
    """

    task: str
    title: str
    points: float
    possible: float
    status: str
    mistake: str | None = None
    error: str | None = None
    tests: list[TestGrade] = field(default_factory=list)
    code: str = ""


@dataclass(frozen=True)
class Grade:
    """How one submission to one exercise ended.

    Attributes
    ----------
    student, name, file : str
        As in the submission.
    exercise : str
        Its name; empty if the file belongs to none.
    tasks : list of TaskGrade
        In order; empty if nothing could be graded.
    remarks : list of str
        What is unusual about the file, in sentences.
    seed : int
        Of its hidden inputs, so that a teacher can repeat the tests.
    unsafe : bool
        Graded without a sandbox.
    unfinished : bool
        Something outside stopped the grading: there is no verdict, and the next run tries again.
    question, explanation : str
        The exercise's question, and what the student has answered in their own words. The question
        is empty if there is none, the explanation if it is not answered.
    language : str
        Of the notebook, in which its student gets an answer.
    for_teacher : Grade or None
        The same in the teacher's language, if that is another.
    """

    student: str
    name: str
    file: str
    exercise: str
    tasks: list[TaskGrade] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    seed: int = 0
    unsafe: bool = False
    unfinished: bool = False
    question: str = ""
    explanation: str = ""
    language: str = ENGLISH
    for_teacher: "Grade | None" = None
