"""Run the tests of an exercise with pytest, in this process and without a sound."""

import os
import sys
import traceback
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from inspect import cleandoc
from itertools import zip_longest
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from coursekit.grading.judge.answer_proxy import AnswerError, Answers, SourceOf
from coursekit.grading.judge.fixtures import BENCH, PUBLIC_SEED, Bench, task_of
from coursekit.grading.judge.verdict import Outcome

# Neither the course's own pytest settings nor anybody's plugins reach a student's check.
# fmt: off
_OFF = [
    "cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml", "legacypath",
    "logging", "monkeypatch", "pastebin", "recwarn", "setuponly", "setupplan", "stepwise",
    "subtests", "terminal", "terminalprogress", "threadexception", "tmpdir", "unittest",
    "unraisableexception", "warnings",
]
# fmt: on
_FATAL = ("stopped", "refused")


class BrokenTests(Exception):
    """The tests of an exercise can't be collected: a fault of the course."""


def run(
    tests: Path,
    *,
    student: SourceOf,
    reference: SourceOf,
    task: str | None = None,
    seed: int = PUBLIC_SEED,
) -> list[Outcome]:
    """Try answers.

    Parameters
    ----------
    tests : Path
        ``tests/exercises/test_NN_name.py``.
    student, reference : callable ``(task, test) -> Source``
        Where the answers to this task run; called once for each test.
    task : str, optional
        Only this task's tests.
    seed : int
        Of the fixture ``rng``.

    Returns
    -------
    list of Outcome
        In the file's order.

    Raises
    ------
    BrokenTests
        If pytest can't collect the file.
    """
    bench = Bench(student, reference, seed, task)
    run_each(tests, [bench])
    return bench.outcomes


def run_each(tests: Path, benches: Iterable[Bench]) -> None:
    """Try answers several times over, with the tests collected once.

    Parameters
    ----------
    tests : Path
        ``tests/exercises/test_NN_name.py``.
    benches : iterable of Bench
        One for each run; its outcomes are there when the next one is asked for.

    Raises
    ------
    BrokenTests
        If pytest can't collect the file.
    """
    with _undisturbed(tests):
        judge = _collected(tests, *map(_stamp, (tests, tests.with_name("conftest.py"))))
        for bench in benches:
            try:
                judge.run(bench)
            except BaseException as error:
                _collected.cache_clear()  # for pytest a test still runs
                if not isinstance(error, KeyboardInterrupt):
                    raise
                for outcome in [o for o in bench.outcomes if o.status == "skipped"][:1]:
                    outcome.status, outcome.message = "stopped", "It was stopped by an interrupt."
                break


@cache
def _collected(tests: Path, *stamps: object) -> "_Judge":
    """Collect the tests once in a process: that takes longer than to run them."""
    judge = _Judge()
    arguments = [str(tests), "-c", os.devnull, "--rootdir", str(tests.parent), "--confcutdir"]
    arguments += [str(tests.parent), "--import-mode=importlib", "--assert=plain"]
    arguments += [text for name in _OFF for text in ("-p", f"no:{name}")]
    code = pytest.main(arguments, plugins=[judge])
    if judge.error is not None:
        raise judge.error
    if judge.broken or code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise BrokenTests("\n".join(judge.broken) or f"{tests.name}: pytest ended with {code!r}")
    return judge


def _stamp(file: Path) -> object:
    """What tells a file that has changed."""
    if not file.exists():
        return None
    found = file.stat()
    return found.st_mtime_ns, found.st_size


class _Judge:
    """The pytest plugin that keeps the collected tests, runs them, and takes down what comes out.

    The tests are run after pytest's own session has ended, as often as there are benches; between
    two runs no fixture lives on.
    """

    bench: Bench  # of the run that goes on

    def __init__(self) -> None:
        self.tasks: dict[pytest.Item, tuple[str, float]] = {}
        self.broken: list[str] = []
        self.error: BaseException | None = None
        self.ended: set[str] = set()  # tasks of which no more tests are tried

    def run(self, bench: Bench) -> None:
        """Run the tests of a bench's task, or all."""
        chosen = [item for item in self.tasks if bench.task in (None, self.tasks[item][0])]
        if not chosen:
            raise BrokenTests(f"there is no test of {bench.task or 'any task'}")
        self.bench, self.ended = bench, set()
        for item in chosen:
            task, points = self.tasks[item]
            bench.outcomes.append(Outcome(item.name, task, _tried(item), points))
            item.config.stash[BENCH] = bench
        for item, after in zip_longest(chosen, chosen[1:]):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=after)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken.append(str(report.longrepr))

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        self.error = excinfo.value
        return True  # not to be printed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Keep the tests in place of running them."""
        for item in session.items:
            try:
                self.tasks[item] = task_of(item)
            except ValueError as error:
                self.broken.append(str(error))
        return True

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if task_of(item)[0] in self.ended:
            pytest.skip("an earlier test of the task was stopped")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Take the outcome down; pytest's own report would cost as much time as the test."""
        outcome = next(o for o in self.bench.outcomes if o.test == item.name)
        error = call.excinfo.value if call.excinfo else None
        if call.when == "call" or error is not None:
            outcome.status, outcome.message = _judged(error, item.path)
        if call.when == "call":
            given = getattr(item, "funcargs", {})
            for name in ("student", "reference"):
                if isinstance(given.get(name), Answers):
                    setattr(outcome, name, given[name]._log)
            if item.name in self.bench.sources:
                outcome.output = self.bench.sources[item.name].output
        if outcome.status in _FATAL:
            self.ended.add(outcome.task)
        word: Any = "passed" if error is None else "failed"
        when: Any = call.when
        return pytest.TestReport(item.nodeid, item.location, {}, word, None, when)


def _judged(error: BaseException | None, tests: Path) -> tuple[str, str]:
    match error:
        case None:
            return "passed", ""
        case AnswerError():
            kind = error.kind
            return (kind if kind in ("missing", "stopped", "refused") else "failed"), error.message
        case AssertionError() | pytest.fail.Exception():
            return "failed", str(error) or "The result is not what the task asks for."
        case pytest.skip.Exception():
            return "skipped", ""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [
        f"{tests.name}, line {frame.lineno}: " for frame in frames if frame.filename == str(tests)
    ]
    return "fault", f"{lines[-1] if lines else ''}{type(error).__name__}: {error}"


def _tried(item: pytest.Item) -> str:
    doc = cleandoc(getattr(getattr(item, "obj", None), "__doc__", None) or item.name)
    callspec = getattr(item, "callspec", None)
    for name, value in callspec.params.items() if callspec else ():
        doc = doc.replace(f"{{{name}}}", str(value))
    return " ".join(doc.split())


@contextmanager
def _undisturbed(tests: Path) -> Iterator[None]:
    """Keep pytest's settings from outside away, and import the tests afresh each time."""
    quiet = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": ""}
    ours = {"conftest", tests.stem}
    others = {n: m for n, m in sys.modules.items() if n.rpartition(".")[2] in ours}
    bytecode, finders = sys.dont_write_bytecode, list(sys.meta_path)
    for name in others:
        del sys.modules[name]
    # a pytest around this one must not rewrite these assertions
    sys.meta_path[:] = [f for f in finders if type(f).__name__ != "AssertionRewritingHook"]
    sys.dont_write_bytecode = True
    try:
        with mock.patch.dict(os.environ, quiet), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.dont_write_bytecode = bytecode
        sys.meta_path[:] = finders
        for name in [n for n in sys.modules if n.rpartition(".")[2] in ours]:
            del sys.modules[name]
        sys.modules.update(others)
