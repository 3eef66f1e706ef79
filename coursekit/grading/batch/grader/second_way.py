"""Judge tasks in the whole notebook, each in the version that scores most.

A version is judged with hidden inputs once. Where the last one has full marks that is all;
otherwise the notebook runs again in a new sandbox, so that no sentence can contain a hidden input,
and the version is chosen by the inputs of the notebook's own checks.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from coursekit.grading.batch.grader.notebook_run import NotebookRun, Point
from coursekit.grading.batch.grader.test_runs import TestRuns
from coursekit.grading.judge.answer_proxy import BackendFactory
from coursekit.grading.judge.verdict import Verdict


@dataclass(frozen=True)
class Found:
    """What a task has in the whole notebook.

    Attributes
    ----------
    public, hidden : Verdict
        With the inputs of the notebook's checks, and with hidden ones.
    is_earlier_version : bool
        Whether the notebook changes the answer after that.
    """

    public: Verdict
    hidden: Verdict
    is_earlier_version: bool


class SecondWay:
    """Judges tasks that have no full marks by their answer cells alone.

    Parameters
    ----------
    notebook : NotebookRun
        Of these tasks.
    tests : TestRuns
        Of the exercise.
    public, hidden : mapping of str to Verdict
        Of each task's answer cells alone.
    """

    def __init__(
        self,
        notebook: NotebookRun,
        tests: TestRuns,
        public: Mapping[str, Verdict],
        hidden: Mapping[str, Verdict],
    ) -> None:
        self._notebook, self._tests = notebook, tests
        self._public, self._hidden = public, hidden
        self._last: dict[str, Point] = {}
        self._best: dict[str, tuple[Point, Verdict]] = {}
        self._judged: dict[tuple[str, Point], Verdict] = {}  # with hidden inputs
        self._full: set[str] = set()  # tasks whose last version has full marks with these

    def judge(self, tasks: Collection[str]) -> dict[str, Found]:
        """Return what each task has, where that may count in place of the cells' own.

        Raises
        ------
        SandboxKilled, SandboxUnavailable
            As `NotebookRun.run`.
        """
        # What is worth nothing alone most likely lacks what another cell defines.
        if any(self._public[task].points == 0 for task in tasks):
            self._notebook.run(self._last_version)
            self._notebook.restart()
        if self._full != set(tasks):
            self._notebook.run(self._in_public)
        if any((task, self._best[task][0]) not in self._judged for task in self._candidates()):
            self._notebook.run(self._in_secret)
        found = {}
        for task in self._candidates():
            point, public = self._best[task]
            if (task, point) in self._judged:
                hidden = self._judged[task, point]
                found[task] = Found(public, hidden, point != self._last[task])
        return found

    def _last_version(self, task: str, point: Point, source: BackendFactory) -> float:
        self._last[task] = point
        judged = any(task == other for other, _ in self._judged)
        if not judged and not self._public[task].points and self._notebook.is_last(task, point):
            verdict = self._judge_in_secret(task, point, source)
            if verdict.status == "done":
                self._full.add(task)
                self._best[task] = point, verdict
        return self._points(task)

    def _in_public(self, task: str, point: Point, source: BackendFactory) -> float:
        self._last[task] = point
        if task in self._full:
            return self._points(task)
        verdict = self._tests.public(source, [task])[task]
        if task not in self._best or verdict.points >= self._best[task][1].points:
            self._best[task] = point, verdict
        return verdict.points

    def _in_secret(self, task: str, point: Point, source: BackendFactory) -> float:
        if (
            task in self._candidates()
            and self._best[task][0] == point
            and (task, point) not in self._judged
        ):
            self._judge_in_secret(task, point, source)
        return self._points(task)

    def _judge_in_secret(self, task: str, point: Point, source: BackendFactory) -> Verdict:
        verdict = self._tests.hidden(source, [task])[task]
        self._judged[task, point] = verdict
        return verdict

    def _points(self, task: str) -> float:
        return self._best[task][1].points if task in self._best else 0.0

    def _candidates(self) -> list[str]:
        """The tasks whose verdict in the whole notebook may count."""
        return [task for task, (_, verdict) in self._best.items() if self._may_win(task, verdict)]

    def _may_win(self, task: str, verdict: Verdict) -> bool:
        before = self._public[task]
        return says_more(before, verdict) or (
            verdict.points == before.points > self._hidden[task].points
        )


def says_more(before: Verdict, verdict: Verdict) -> bool:
    """Whether what a student reads should be of the notebook, at equal points."""
    return verdict.points > before.points or before.status == "missing" != verdict.status
