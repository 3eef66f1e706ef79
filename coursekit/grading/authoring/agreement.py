"""Whether the notebook, the tests and the course's own answers of an exercise fit together."""

from collections.abc import Iterator
from contextlib import contextmanager

from coursekit.grading.course.notebook import Exercise, Notebook, cell_id, task_id
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.judge.reference import points_by_task
from coursekit.grading.judge.runner import BrokenTests, load_cases
from coursekit.grading.judge.verdict import TestResult


@contextmanager
def sentences(name: str) -> Iterator[None]:
    """Let what an author has mistyped end in a sentence."""
    try:
        yield
    except (BrokenTests, SyntaxError, ValueError) as error:
        raise CourseError(f"{name}: {error}") from error


def odd_tasks(course: Course, name: str, notebook: Notebook) -> list[str]:
    """List, with their places, the tasks that only the notebook or only the tests have."""
    source = f"solutions/{name}.ipynb"
    tests = course.test_file(name).relative_to(course.root).as_posix()
    with sentences(name):
        cases = load_cases(course.test_file(name))
    lines: dict[str, int] = {}
    for case in cases:
        lines.setdefault(case.task, case.test.__code__.co_firstlineno)
    cells = {task: id for cell in notebook["cells"] if (task := task_id(id := cell_id(cell)))}
    found = [
        f'{tests}:{line}: @task("{task}"), but {source} has no answer cell of a task {task}'
        for task, line in sorted(lines.items())
        if task not in cells
    ]
    return found + [
        f'{source}, cell {id}: there is no @task("{task}") in {tests}'
        for task, id in cells.items()
        if task not in lines
    ]


def check_agreement(course: Course, exercise: Exercise, results: list[TestResult]) -> None:
    """Raise unless tests and notebook have the same points, and the answers pass."""
    for result in results:
        if result.status == "fault":
            raise CourseError(
                f"{exercise.name}: {result.test}, a test of {result.task}, ended in an error on "
                f"the course's own answer: {result.message}"
            )
        if not result.passed:
            raise CourseError(
                f"{exercise.name}: the course's own answer to {result.task} does not pass "
                f"{result.test}: {result.message}"
            )
    in_notebook = {task.id: task.points for task in exercise.tasks.values()}
    if (points := points_by_task(course, exercise.name)) != in_notebook:
        raise CourseError(
            f"{exercise.name}: points are {in_notebook} in the notebook, {points} in the tests"
        )
