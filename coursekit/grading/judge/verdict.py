"""The verdict on one task, and the report of it that a student reads."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from coursekit.grading.course.notebook import Task
from coursekit.grading.judge.answer_proxy import Log
from coursekit.language import mark, say

WORDS = {
    "passed": ("✓", mark("passed")),
    "failed": ("✗", mark("not yet right")),
    "missing": ("○", mark("not written yet")),
    "stopped": ("✗", mark("stopped")),
    "refused": ("✗", mark("not allowed")),
    "skipped": ("–", mark("not tried")),
    "fault": ("!", mark("the test is broken")),
}
PERHAPS = mark("Perhaps this is it:")
TRY = mark("To try it in a cell:")


@dataclass
class TestResult:
    """The result of one test.

    Attributes
    ----------
    test : str
        The test's name, with its parameters.
    task : str
        Such as ``"05.2"``.
    tried : str
        What the test tries, a sentence.
    points : float
        What passing it is worth.
    status : str
        ``"passed"``, ``"failed"``, ``"missing"`` (not written yet), ``"refused"``, ``"stopped"``
        (by a limit or an interrupt), ``"skipped"`` (after such a stop) or ``"fault"`` (the test
        itself is broken).
    message : str
        What went wrong, for the student.
    fact : str
        The part of the message that says how the result differs, as far as that can be computed.
    example : str
        A failing call as code that can be pasted into a cell.
    output : list of str
        What the answer printed and warned.
    fault : type or None
        The exception that broke the test itself. Its text may quote what an answer returned.
    student, reference : Log
        The calls of both.
    """

    __test__ = False  # pytest must not collect it

    test: str
    task: str
    tried: str
    points: float
    status: str = "skipped"
    message: str = ""
    fact: str = ""
    example: str = ""
    output: list[str] = field(default_factory=list)
    fault: type[BaseException] | None = None
    student: Log = field(default_factory=Log)
    reference: Log = field(default_factory=Log)

    @property
    def passed(self) -> bool:
        """Whether the test passed."""
        return self.status == "passed"

    @property
    def line(self) -> str:
        """What was tried, and the points reached."""
        reached = self.points if self.passed else 0
        return say(
            "{tried} ({reached} of {possible})",
            tried=self.tried,
            reached=number(reached),
            possible=number(self.points),
        )


@dataclass
class Verdict:
    """The results of one task's tests, and the known mistake that explains them.

    Attributes
    ----------
    task : str
        Such as ``"05.2"``.
    results : sequence of TestResult
        One for each test.
    mistake : str or None
        A tutor's sentence.
    error : str or None
        What is wrong with the answer's cells: one is missing, or does not run.
    remarks : list of str
        What is unusual about the answer's cells, and costs no points here.
    """

    task: str
    results: Sequence[TestResult]
    mistake: str | None = None
    error: str | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def possible(self) -> float:
        """All points of the task."""
        return round(float(sum(result.points for result in self.results)), 6)

    @property
    def points(self) -> float:
        """Points reached; 0 if a forbidden library is used."""
        if self.status == "refused":
            return 0.0
        return round(float(sum(r.points for r in self.results if r.passed)), 6)

    @property
    def status(self) -> str:
        """``"done"``, ``"missing"``, ``"refused"``, ``"fault"`` or ``"wrong"``."""
        statuses = {result.status for result in self.results}
        if "refused" in statuses:
            return "refused"
        if "fault" in statuses:
            return "fault"
        if statuses <= {"passed"}:
            return "done"
        return "missing" if statuses <= {"missing"} and not self.error else "wrong"

    @property
    def summary(self) -> str:
        """The most helpful single sentence; empty if all is right or nothing is written."""
        if self.status in ("done", "missing"):
            return ""
        if self.status == "refused":
            return next(result.message for result in self.results if result.status == "refused")
        messages = (result.message for result in self.results if not result.passed)
        return self.mistake or self.error or next(filter(None, messages), "")

    @property
    def headline(self) -> str:
        """The task and its points."""
        missing = mark("Task {task}: not written yet ({reached} of {possible} points)")
        return say(
            missing
            if self.status == "missing"
            else mark("Task {task}: {reached} of {possible} points"),
            task=self.task,
            reached=number(self.points),
            possible=number(self.possible),
        )

    @property
    def opening(self) -> str:
        """The line above the tests; may be empty."""
        if self.status == "missing":
            return say("Write the answer, run its cell, then run this one again.")
        if self.status == "refused":
            return self.summary
        if self.status == "fault":
            return say("A test of this task is broken. This is not your fault; please report it.")
        return self.error or ""

    @property
    def ending(self) -> str:
        """The line below the tests; may be empty."""
        return f"{say(PERHAPS)} {self.mistake}" if self.mistake else ""

    @property
    def shown(self) -> list[tuple[TestResult, list[str]]]:
        """The tests that the report lists, each with the lines below it; none is repeated."""
        if self.status in ("missing", "refused") or (self.error and not self.points):
            return []
        seen: set[str] = set()
        shown = []
        for result in self.results:
            details = []
            if not result.passed and result.message:
                details.append(say("(as above)") if result.message in seen else result.message)
                if result.example and not seen:  # one to try is enough
                    details += [say(TRY), *(f"    {line}" for line in result.example.splitlines())]
                output = "\n".join(f"| {text}" for text in result.output)
                if output and output not in seen and result.status != "stopped":
                    details += [say("While it ran, your code printed:"), *output.splitlines()]
                seen |= {result.message, output}
            shown.append((result, details))
        return shown

    @property
    def sentence(self) -> str:
        """The whole report, as plain text."""
        lines = [self.headline, *([f"  {self.opening}"] if self.opening else [])]
        for result, details in self.shown:
            sign, word = WORDS[result.status]
            lines.append(f"  {sign} {say(word)}: {result.line}")
            lines += [f"      {text}" for text in details]
        return "\n".join([*lines, *(f"  {text}" for text in (self.ending, *self.remarks) if text)])


def ungraded(task: Task, status: str, message: str = "") -> Verdict:
    """Return a verdict without tests, for an answer that is not written or must not run."""
    result = TestResult("", task.id, "", task.points, status, message)
    return Verdict(task.id, [result], error=message or None)


def number(points: float) -> str:
    """Format points without trailing zeros."""
    return f"{points:g}"
