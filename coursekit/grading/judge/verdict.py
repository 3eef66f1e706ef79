"""What came out of the tests of one task."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from coursekit.grading.judge.answer_proxy import Log


@dataclass
class Outcome:
    """One test's outcome.

    Attributes
    ----------
    test : str
        Its name, with its parameters.
    task : str
        Such as ``"05.2"``.
    tried : str
        What the test tries, a sentence.
    points : float
        What it is worth.
    status : str
        ``"passed"``, ``"failed"``, ``"missing"`` (not written yet), ``"refused"``, ``"stopped"``
        (by a limit or an interrupt), ``"skipped"`` (after such a stop) or ``"fault"`` (the test
        itself is broken).
    message : str
        What went wrong, for the student.
    output : list of str
        What the answer printed and warned.
    student, reference : Log
        The calls of both.
    """

    test: str
    task: str
    tried: str
    points: float
    status: str = "skipped"
    message: str = ""
    output: list[str] = field(default_factory=list)
    student: Log = field(default_factory=Log)
    reference: Log = field(default_factory=Log)

    @property
    def passed(self) -> bool:
        """Whether the test passed."""
        return self.status == "passed"


@dataclass
class Verdict:
    """The outcome of one task: its tests, and the known mistake that they point to.

    Attributes
    ----------
    task : str
        Such as ``"05.2"``.
    outcomes : sequence of Outcome
        One for each test.
    mistake : str or None
        A tutor's sentence.
    trouble : str or None
        What is wrong with the answer's cells themselves (one does not run, or is not there).
    """

    task: str
    outcomes: Sequence[Outcome]
    mistake: str | None = None
    trouble: str | None = None

    @property
    def possible(self) -> float:
        """All points of the task."""
        return round(float(sum(o.points for o in self.outcomes)), 6)

    @property
    def points(self) -> float:
        """Points reached; none where a refused library is used."""
        if self.status == "refused":
            return 0.0
        return round(float(sum(o.points for o in self.outcomes if o.passed)), 6)

    @property
    def status(self) -> str:
        """``"done"``, ``"missing"``, ``"refused"``, ``"fault"`` or ``"wrong"``."""
        statuses = {outcome.status for outcome in self.outcomes}
        if "refused" in statuses:
            return "refused"
        if "fault" in statuses:
            return "fault"
        if statuses <= {"passed"}:
            return "done"
        return "missing" if statuses <= {"missing"} and not self.trouble else "wrong"

    @property
    def sentence(self) -> str:
        """The most helpful thing to say about it; empty when all is right or nothing is there."""
        if self.status in ("done", "missing"):
            return ""
        said = [o.message for o in self.outcomes if not o.passed and o.message]
        if self.status == "refused":
            return next(o.message for o in self.outcomes if o.status == "refused")
        return self.mistake or self.trouble or (said[0] if said else "")
