"""Run the tests of an exercise on answers.

The tests are also tests for pytest: ``tests/exercises/conftest.py`` translates their decorators.
Here they run without it, because a student's check must not wait until pytest is imported.
"""

import inspect
import traceback
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from coursekit.grading.course.notebook import code_cells
from coursekit.grading.course.paths import Course
from coursekit.grading.judge.answer_proxy import AnswerError, AnswerProxy, BackendFactory
from coursekit.grading.judge.cases import Cases
from coursekit.grading.judge.comparison import WrongAnswer
from coursekit.grading.judge.handed_out import signatures
from coursekit.grading.judge.limits import SECONDS, quiet_screen
from coursekit.grading.judge.local import LocalBackend
from coursekit.grading.judge.misconceptions import Mistake, name_mistake
from coursekit.grading.judge.recording import Recording
from coursekit.grading.judge.verdict import TestResult, Verdict
from coursekit.language import say

PUBLIC_SEED = 0  # of the inputs that students see
_FIXTURES = ("case", "student", "reference", "rng")


class BrokenTests(Exception):
    """The tests of an exercise can't be loaded; the course is at fault."""


def judge(
    course: Course,
    name: str,
    *,
    student: BackendFactory,
    reference: BackendFactory,
    mistakes: Mapping[str, Sequence[Mistake]],
    tasks: Collection[str] | None = None,
    seed: int = PUBLIC_SEED,
    order: int | None = None,
    persist: bool = False,
) -> dict[str, Verdict]:
    """Run the tests of an exercise; return a verdict for each task, in order.

    Parameters
    ----------
    course : Course
        Contains the tests.
    name : str
        The exercise.
    student, reference : callable ``(task, test) -> Backend``
        Make the backends in which the answers run; called once for each test.
    mistakes : mapping
        The known mistakes of each task, recorded with this seed.
    tasks : collection of str, optional
        Run the tests of these tasks only.
    seed : int
        For the tests' argument ``rng``.
    order : int, optional
        Draw the order in which the tests run from this seed; default: the file's.
    persist : bool
        Run a test even if another test of its task was stopped, so that the order changes no
        verdict.
    """
    results = run(
        course.test_file(name),
        student=student,
        reference=reference,
        tasks=tasks,
        seed=seed,
        order=order,
        persist=persist,
    )
    by_task: dict[str, list[TestResult]] = {}
    for result in results:
        by_task.setdefault(result.task, []).append(result)
    return {
        id: Verdict(id, results, name_mistake(results, mistakes.get(id, ())))
        for id, results in by_task.items()
    }


def judge_namespace(
    course: Course,
    recording: Recording,
    task: str,
    namespace: dict[str, Any],
    seconds: float = SECONDS,
) -> Verdict:
    """Judge the answers to a task that a namespace contains, against the recorded reference."""
    asked = signatures(code_cells(recording.notebook))
    with quiet_screen():
        verdicts = judge(
            course,
            recording.name,
            student=lambda task, test: LocalBackend(namespace, seconds, asked=asked),
            reference=recording.source,
            mistakes=recording.mistakes,
            tasks=[task],
        )
    return verdicts[task]


def run(
    tests: Path,
    *,
    student: BackendFactory,
    reference: BackendFactory,
    tasks: Collection[str] | None = None,
    seed: int = PUBLIC_SEED,
    order: int | None = None,
    persist: bool = False,
) -> list[TestResult]:
    """Run the tests of a file; parameters as for `judge`. The results are in the file's order.

    After an answer was stopped or refused, the other tests of its task are skipped.

    Raises
    ------
    BrokenTests
        If the file can't be loaded, or has no test of the tasks.
    """
    cases = [case for case in load_cases(tests) if tasks is None or case.task in tasks]
    if not cases:
        named = "any task" if tasks is None else ", ".join(tasks)
        raise BrokenTests(f"{tests.name}: there is no test of {named}")
    results = [TestResult(case.name, case.task, case.tried, case.points) for case in cases]
    ended = set()
    places = np.arange(len(cases))
    if order is not None:
        places = np.random.default_rng(order).permutation(places)
    for case, result in ((cases[place], results[place]) for place in places):
        if case.task in ended:
            continue
        try:
            _run_case(case, result, student, reference, seed)
            result.status = "passed"
        except KeyboardInterrupt:
            result.status, result.message = "stopped", say("It was stopped by an interrupt.")
            break
        except BaseException as error:
            result.status, result.message = _classify(error, tests)
            if isinstance(error, (AnswerError, WrongAnswer)):
                result.fact, result.example = error.fact, getattr(error, "example", "")
            result.fault = type(error) if result.status == "fault" else None
        if result.status == "refused" or (result.status == "stopped" and not persist):
            ended.add(case.task)
    return results


@dataclass(frozen=True)
class Case:
    """One test with one choice of its parameters."""

    name: str
    task: str
    points: float
    test: Callable[..., None]
    parameters: Mapping[str, Any]
    options: Mapping[str, Any]

    @property
    def tried(self) -> str:
        text = inspect.getdoc(self.test) or self.name
        for name, value in self.parameters.items():
            text = text.replace(f"{{{name}}}", str(value))
        return " ".join(text.split())


def _run_case(
    case: Case, result: TestResult, student: BackendFactory, reference: BackendFactory, seed: int
) -> None:
    """Call a test with those of ``case``, ``student``, ``reference`` and ``rng`` that it takes."""
    wanted = inspect.signature(case.test).parameters
    backend = student(case.task, case.name)
    sides = (
        AnswerProxy(backend, result.student),
        AnswerProxy(reference(case.task, case.name), result.reference, trusted=True),
    )
    cases = Cases(*sides, **case.options)
    given = dict(zip(_FIXTURES, (cases, *sides, random_generator(case.name, seed)), strict=True))
    try:
        case.test(**case.parameters, **{k: v for k, v in given.items() if k in wanted})
        cases.judge()
    finally:
        result.output = backend.output


def random_generator(test: str, seed: int = PUBLIC_SEED) -> np.random.Generator:
    """Return the argument ``rng`` of a test; it depends on the seed and the test's name only."""
    return np.random.default_rng([seed, zlib.crc32(test.encode())])


def _classify(error: BaseException, tests: Path) -> tuple[str, str]:
    """Return the status and the message of a test that raised an exception."""
    match error:
        case AnswerError(kind="missing" | "stopped" | "refused"):
            return error.kind, error.message
        case AnswerError():
            return "failed", error.message
        case AssertionError():
            return "failed", str(error) or say("The result is not what the task asks for.")
    return "fault", _describe(error, tests)


def _describe(error: BaseException, tests: Path) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(tests)]
    place = f"{tests.name}, line {lines[-1]}: " if lines else ""
    return f"{place}{type(error).__name__}: {error}"


def load_cases(tests: Path) -> list[Case]:
    """Return the tests of a file, one for each choice of parameters."""
    file = tests.stat()
    return _load(tests, file.st_mtime_ns, file.st_size)


@lru_cache(maxsize=32)
def _load(tests: Path, changed: int, size: int) -> list[Case]:
    """Execute a file of tests, once for each version of it, and collect its cases."""
    module = ModuleType(tests.stem)
    try:
        exec(compile(tests.read_text(encoding="utf-8"), str(tests), "exec"), vars(module))
    except Exception as error:
        raise BrokenTests(_describe(error, tests)) from error
    found = [value for name, value in vars(module).items() if name.startswith("test")]
    return [case for test in found for case in _cases(test)]


def _cases(test: Any) -> Iterator[Case]:
    """Expand the parameters of a test; the names of the cases are pytest's."""
    if not hasattr(test, "task"):
        raise BrokenTests(f'{test.__name__} needs @task("01.2", points=1)')
    parameters = getattr(test, "parameters", [])
    names = [name for name, _ in parameters]
    unknown = {*inspect.signature(test).parameters} - {*names, *_FIXTURES}
    if unknown:
        raise BrokenTests(f"{test.__name__} takes an unknown argument, {min(unknown)}")
    for choice in product(*(enumerate(values) for _, values in parameters)):
        ids = [
            str(value) if isinstance(value, (str, int, float, type(None))) else f"{name}{place}"
            for name, (place, value) in zip(names, choice, strict=True)
        ]
        case = f"{test.__name__}[{'-'.join(ids)}]" if ids else test.__name__
        chosen = dict(zip(names, (value for _, value in choice), strict=True))
        task, points = test.task
        yield Case(case, task, points, test, chosen, test.options)
