"""What passes between the parts of batch grading: submissions in, marks out."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Submission:
    """One file that somebody handed in.

    Attributes
    ----------
    student : str
        What tells one student from all others: a folder's name, a number of Moodle's or Canvas's.
    name : str
        For people to read.
    file : str
        Where it lay, for messages.
    content : bytes
        The file; empty if there is a problem.
    problem : str
        Why it could not be read, a sentence; empty if it could.
    """

    student: str
    name: str
    file: str
    content: bytes
    problem: str = ""


@dataclass(frozen=True)
class Settings:
    """How a submission is graded.

    Attributes
    ----------
    root : Path
        The course's folder, with ``solutions/``.
    seed : int
        From which each submission's own hidden inputs are drawn.
    seconds, budget : float
        Wall time of one call of an answer, and of all calls of one task.
    unsafe : bool
        Run answers in a plain process instead of a closed box.
    repeat : int or None
        Draw the hidden inputs from this seed, one that a mark names, and from no other.
    """

    root: Path
    seed: int
    seconds: float = 10.0
    budget: float = 60.0
    unsafe: bool = False
    repeat: int | None = None


@dataclass(frozen=True)
class TestMark:
    """How one test of a task ended.

    Attributes
    ----------
    test, tried : str
        Its name, and in words what it tries.
    points : float
        What it is worth.
    status : str
        As `coursekit.grading.judge.verdict.TestResult.status`, with hidden inputs.
    message : str
        What went wrong, for the student: nothing of the hidden inputs is in it.
    detail : str
        What went wrong with the hidden inputs, for the teacher alone.
    """

    __test__ = False  # not a test of pytest's

    test: str
    tried: str
    points: float
    status: str
    message: str = ""
    detail: str = ""


@dataclass(frozen=True)
class TaskMark:
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
        A tutor's sentence, if the mistake is a known one.
    trouble : str or None
        Why the task could not be tried.
    tests : list of TestMark
        One by one.
    """

    task: str
    title: str
    points: float
    possible: float
    status: str
    mistake: str | None = None
    trouble: str | None = None
    tests: list[TestMark] = field(default_factory=list)


@dataclass(frozen=True)
class Mark:
    """How one submission to one exercise ended.

    Attributes
    ----------
    student, name, file : str
        As in the submission.
    exercise : str
        Its name; empty if the submission is none.
    tasks : list of TaskMark
        One by one; empty if nothing could be graded.
    remarks : list of str
        What was odd about the file, in sentences.
    seed : int
        Of its hidden inputs; a teacher repeats the tests with it.
    unsafe : bool
        Graded without a closed box.
    """

    student: str
    name: str
    file: str
    exercise: str
    tasks: list[TaskMark] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    seed: int = 0
    unsafe: bool = False

    @property
    def points(self) -> float:
        """Points reached in all tasks."""
        return sum(task.points for task in self.tasks)

    @property
    def possible(self) -> float:
        """All points of all tasks."""
        return sum(task.possible for task in self.tasks)

    def to_json(self) -> dict[str, Any]:
        """Lay the mark out as JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, code: dict[str, Any]) -> "Mark":
        """Undo `to_json`."""
        tasks = [
            TaskMark(**{**task, "tests": [TestMark(**test) for test in task["tests"]]})
            for task in code["tasks"]
        ]
        return cls(**{**code, "tasks": tasks})
