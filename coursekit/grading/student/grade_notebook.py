"""Grade whole notebooks on the student's machine: what their checks find from top to bottom."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursekit.grading.course.notebook import cell_id, code_cells, task_id
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.course.submission import load_notebook
from coursekit.grading.judge.recording import Recording, recorded
from coursekit.grading.student.kernel_run import CELL_SECONDS, NotebookRun, new_manager
from coursekit.grading.student.lost_checks import lost_checks
from coursekit.grading.student.outcome import Outcome
from coursekit.language import say

AT_ONCE = 2  # kernels
_CHECKED = re.compile(r"""\bcheck\(\s*["']([0-9]{2})\.[0-9]+["']""")


@dataclass(frozen=True)
class GradedNotebook:
    """A notebook with what its checks have found, by task.

    Attributes
    ----------
    recording : Recording
        Of the exercise.
    outcomes : dict
        One for each task.
    remarks : list of str
        What is unusual about the notebook, or happened while it ran, in sentences.
    """

    recording: Recording = field(repr=False)  # asyncio makes a repr of each result
    outcomes: dict[str, Outcome]
    remarks: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether any task failed; unanswered tasks do not count."""
        return any(one.status not in ("done", "missing") for one in self.outcomes.values())


def grade_notebook(course: Course, name: str, path: Path, **options: Any) -> GradedNotebook:
    """Grade one notebook; see `grade_notebooks`.

    Raises
    ------
    CourseError
        If the file is not a notebook, or no kernel starts.
    """
    (graded,) = grade_notebooks(course, [(name, path)], **options)
    if isinstance(graded, CourseError):
        raise graded
    return graded


def grade_notebooks(
    course: Course,
    notebooks: Sequence[tuple[str, Path]],
    *,
    seconds: float = CELL_SECONDS,
    manager: Callable[[], Any] = new_manager,
    at_once: int = AT_ONCE,
    ended: Callable[[Path], None] = lambda path: None,
) -> list[GradedNotebook | CourseError]:
    """Run notebooks beside one another, each in kernels of its own in its folder.

    Parameters
    ----------
    course : Course
        Contains the tests.
    notebooks : sequence of (str, Path)
        The exercise's name ("" if the cells are to show it), and the file, which is not changed.
    seconds : float
        Elapsed time that a cell without a check may take.
    manager : callable
        Makes a kernel's manager.
    at_once : int
        How many run at a time.
    ended : callable
        Called with each notebook's file after it.

    Returns
    -------
    list of GradedNotebook or CourseError
        In the order of the notebooks.
    """

    async def grade_all() -> list[GradedNotebook | CourseError]:
        free = asyncio.Semaphore(at_once)

        async def grade_one(name: str, path: Path) -> GradedNotebook | CourseError:
            async with free:
                try:
                    return await _grade(course, name, path, seconds, manager)
                except CourseError as error:
                    return error
                finally:
                    ended(path)

        return await asyncio.gather(*(grade_one(*one) for one in notebooks))

    return asyncio.run(grade_all())


async def _grade(
    course: Course, name: str, path: Path, seconds: float, manager: Callable[[], Any]
) -> GradedNotebook:
    notebook = load_notebook(path)
    remarks = []
    number = exercise_of(notebook)
    if not (number or name):
        raise CourseError(say("{file} has no cell of an exercise.", file=path.name))
    if number and number != name[:2]:
        name = course.name(number)
        remarks.append(
            say(
                "The cells of {file} belong to exercise {exercise}.",
                file=path.name,
                exercise=number,
            )
        )
    recording = recorded(course, name)
    run = NotebookRun(
        course,
        [source for source in code_cells(notebook) if source.strip()],
        path.resolve().parent,
        recording.points,
        seconds=seconds,
        manager=manager,
    )
    await run.run()
    silent = {
        task: Outcome(task, "wrong", 0.0, most, say("It could not be checked."))
        for task, most in recording.points.items()
    }
    outcomes = {task: run.outcomes.get(task, silent[task]) for task in recording.points}
    lost = lost_checks(code_cells(notebook), recording.points)
    return GradedNotebook(recording, outcomes, [*remarks, *run.remarks, *filter(None, [lost])])


def exercise_of(notebook: Any) -> str | None:
    """Return the number of the exercise to which most answer cells and checks belong, or None."""
    ids = [task_id(cell_id(cell)) for cell in notebook["cells"]]
    found = [id[:2] for id in ids if id]
    found += [number for source in code_cells(notebook) for number in _CHECKED.findall(source)]
    return Counter(found).most_common(1)[0][0] if found else None
