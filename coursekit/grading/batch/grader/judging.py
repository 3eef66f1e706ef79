"""Judge the answers of one submission: each task alone, then in the whole notebook where need be.

The points come from inputs drawn for the submission, in processes of their own and in an order of
its own; the sentences from those of the notebook's checks. In all but short exercises the points
come first, so that an answer with full marks need not compute the others.
"""

from collections.abc import Collection

from coursekit.grading.batch.base.records import Settings
from coursekit.grading.batch.grader import remarks
from coursekit.grading.batch.grader.backends import NOT_TESTED, except_stopped
from coursekit.grading.batch.grader.notebook_run import NotebookRun
from coursekit.grading.batch.grader.prepared import sandbox_command
from coursekit.grading.batch.grader.sandboxed_answers import SandboxedAnswers
from coursekit.grading.batch.grader.second_way import SecondWay, says_more
from coursekit.grading.batch.grader.test_runs import TestRuns, Verdicts, not_run
from coursekit.grading.batch.sandbox import packages
from coursekit.grading.batch.sandbox.time_left import TimeLeft
from coursekit.grading.course.answer_cells import read_submission
from coursekit.grading.course.notebook import Notebook, code_cells, parse
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.course.submission import defined_names, language_of
from coursekit.grading.judge.handed_out import signatures
from coursekit.grading.judge.recording import recorded
from coursekit.grading.judge.reference import solution
from coursekit.grading.judge.runner import load_cases
from coursekit.grading.judge.verdict import Verdict, ungraded
from coursekit.language import mark, say

MAX_CELL = 100_000  # characters
FIRST_RUN = 0.25  # of each task's time, so that enough is left for what was stopped in it
SHORT = 40  # cases: running so many again costs less than a new sandbox
TOOK_TOO_LONG = mark(
    "The answers together took all the time that one notebook has; what came after was not tested."
)


class Judging:
    """Judges one submission.

    Parameters
    ----------
    course, name : Course, str
        The course with ``solutions/``, and the exercise.
    notebook : mapping
        What was submitted.
    settings : Settings
        The same for all submissions.
    seed : int
        Of this submission's hidden inputs.

    Raises
    ------
    CourseError
        If the exercise has no recording or no solution, or the notebook can't be read.

    Attributes
    ----------
    handed_out, exercise : Exercise
        As it was handed out, in the notebook's language, and with the course's own answers.
    answers : AnswerCells
        What was submitted.
    public, hidden : dict of str to Verdict
        For each task, with the notebook's inputs and with the hidden ones.
    remarks : list of str
        How it was judged, where that is unusual, in sentences.
    """

    def __init__(
        self, course: Course, name: str, notebook: Notebook, settings: Settings, seed: int
    ) -> None:
        self._course, self._settings = course, settings
        self._recording, self.exercise = recorded(course, name), solution(course, name)
        own = course.edition(language_of(notebook), name)
        self.handed_out = parse(recorded(own, name).notebook, name)
        self.answers = read_submission(notebook, self.handed_out)
        self._total = TimeLeft.of(settings.total)
        self._tests = TestRuns(course, self.exercise, self._recording, seed)
        self._asked = signatures(code_cells(self._recording.notebook))
        self.public: dict[str, Verdict] = {}
        self.hidden: dict[str, Verdict] = {}
        self.remarks: list[str] = []

    def run(self) -> "Judging":
        """Judge, and return this object.

        Raises
        ------
        SandboxKilled, SandboxUnavailable
            If something outside stopped a sandbox, or kept it from starting.
        CourseError
            If the exercise's tests are those of other tasks than its notebook's.
        """
        self._compare_tasks(self.handed_out.tasks)
        if self._judge_cells() and (tasks := self._to_be_tried_again()):
            self._judge_notebook(tasks)
        if self._total.is_over:
            self.remarks.insert(0, say(TOOK_TOO_LONG))
        return self

    def _judge_cells(self) -> bool:
        """Judge each task by its answer cells; return whether other cells may change the result."""
        answers, ended = self.answers, self.public
        for id, task in self.handed_out.tasks.items():
            large = [cell for cell, source in answers.answers[id].items() if len(source) > MAX_CELL]
            error = answers.errors.get(id)
            if large and not error:
                error = say(
                    "The cell {cell} has more than {most} characters.", cell=large[0], most=MAX_CELL
                )
            if id in answers.empty:
                ended[id] = ungraded(task, "missing")
            elif error:
                ended[id] = ungraded(task, "failed", error)
        self.hidden |= ended
        open_ = [id for id in self.handed_out.tasks if id not in ended]
        if not open_:
            return not answers.plain
        tests = load_cases(self._course.test_file(self.exercise.name))
        self._compare_tasks({test.task for test in tests})
        modules = self._packages(open_)
        long = self._recording.length > SHORT
        with SandboxedAnswers(
            sandbox_command(self._settings, wide=bool(modules)),
            self.exercise.setup,
            {id: sorted(defined_names(self.handed_out.tasks[id].answers)) for id in open_},
            {id: answers.answers[id] for id in open_},
            seconds=self._settings.seconds,
            budget=self._settings.budget,
            total=self._total,
            hurry=FIRST_RUN if long else 1.0,
            asked=self._asked,
            modules=modules,
        ) as sandboxed:
            sandboxed.read()
            hidden: Verdicts = {}
            if long:
                hidden = self._tests.hidden(sandboxed.fresh_source, open_, persist=False)
            public = {id: hidden[id] for id in hidden if hidden[id].status == "done"}
            errors = {id: text for id, text in sandboxed.errors.items() if id in public}
            if rest := [id for id in open_ if id not in public]:
                if long:  # in a new sandbox, so that no sentence can contain a hidden input
                    sandboxed.restart()
                public |= self._tests.public(sandboxed.source, rest)
                errors |= {id: text for id, text in sandboxed.errors.items() if id in rest}
                sandboxed.reset()
                hidden |= self._with_stops(sandboxed, public, hidden)
        for id in open_:
            hidden[id].error = public[id].error = errors.get(id)
            self.public[id], self.hidden[id] = public[id], hidden[id]
        for cell, lines in sandboxed.commands.items():
            self.remarks += [remarks.left_out(cell, lines)] if lines else []
        self.remarks += remarks.drawings({id: answers.answers[id] for id in open_})
        self.remarks += remarks.missing_libraries(errors)
        return not (answers.plain and sandboxed.simple)

    def _with_stops(
        self, sandboxed: SandboxedAnswers, public: Verdicts, hidden: Verdicts
    ) -> Verdicts:
        """Run what is not run yet, and again where a test was stopped; not what was stopped."""
        stops: dict[str, str] = {}
        again = []
        for id in public:
            found = not_run(public[id].results)
            stops |= {result.test: result.message or say(NOT_TESTED) for result in found}
            if found or id not in hidden or not_run(hidden[id].results):
                again.append(id)
        source = except_stopped(sandboxed.fresh_source, stops)
        return self._tests.hidden(source, again) if again else {}

    def _compare_tasks(self, tasks: Collection[str]) -> None:
        if odd := set(tasks) ^ set(self.exercise.tasks):
            name, found = self.exercise.name, ", ".join(sorted(odd))
            raise CourseError(
                say(
                    "The tests of {name} and its notebook have different tasks: {tasks}.",
                    name=name,
                    tasks=found,
                )
            )

    def _packages(self, tasks: Collection[str]) -> set[str]:
        """The packages of the lock file that answers import, and what is slow to import of them."""
        cells = (source for id in tasks for source in self.answers.answers[id].values())
        named = {name for source in cells for name in remarks.IMPORT.findall(source)}
        found = named & packages.importable(packages.lock_of(self._course.root))
        return found | ({"matplotlib.pyplot"} if "matplotlib" in found else set())

    def _to_be_tried_again(self) -> dict[str, list[str]]:
        """For each task without full marks the names that it asks for."""
        return {
            id: sorted(defined_names(task.answers))
            for id, task in self.handed_out.tasks.items()
            if self.hidden[id].status != "done"
        }

    def _judge_notebook(self, tasks: dict[str, list[str]]) -> None:
        notebook = NotebookRun(
            sandbox_command(self._settings, wide=True),
            self.exercise.setup,
            [source for source in self.answers.cells if len(source) <= MAX_CELL],
            tasks,
            {task: verdict.points for task, verdict in self.public.items()},
            seconds=self._settings.seconds,
            budget=self._settings.budget,
            total=self._total,
            asked=self._asked,
        )
        with notebook:
            second = SecondWay(notebook, self._tests, self.public, self.hidden).judge(tasks)
        for task, found in second.items():
            gained = found.hidden.points - self.hidden[task].points
            if gained > 0:
                alone = self.public[task]
                self.remarks.append(remarks.second_way(task, alone, found.is_earlier_version))
            if gained > 0 or (gained == 0 and says_more(self.public[task], found.public)):
                self.public[task], self.hidden[task] = found.public, found.hidden
