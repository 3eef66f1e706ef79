"""Grading of many submissions at once, on this machine or on a cluster."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from multiprocessing.connection import wait
from typing import Any, Protocol

from coursekit.grading.batch.base.records import Grade, Settings, SubmittedFile
from coursekit.grading.batch.grader.grading_process import Failed, GradingProcess, outcome
from coursekit.grading.course.paths import CourseError
from coursekit.language import join, say

TRIES = 3
CLUSTER_SECONDS = 15.0  # until a scheduler answers and has a worker


class Loadable(Protocol):
    """A submission whose content is read when it is needed, and not kept."""

    def load(self) -> SubmittedFile:
        """Read it."""


Done = Iterator[tuple[SubmittedFile, Grade]]


class _Queue:
    """The submissions that wait; one that something outside stopped waits again, at the end."""

    def __init__(self, submissions: Sequence[Loadable], settings: Settings) -> None:
        self._again: deque[tuple[Loadable, int]] = deque()
        self._first = ((submission, 1) for submission in submissions)
        self._settings = settings

    def next(self) -> tuple[Loadable, int] | None:
        """The next submission and the number of its try, or None."""
        return next(self._first, None) or (self._again.popleft() if self._again else None)

    def put_back(self, item: tuple[Loadable, int]) -> None:
        """Let one wait again that was not tried."""
        self._again.append(item)

    def settle(
        self, item: tuple[Loadable, int], submission: SubmittedFile, found: Grade | Failed
    ) -> Done:
        """Yield the grade, or none if it is tried again.

        Raises
        ------
        CourseError
            If no submission can be graded.
        """
        if isinstance(found, Grade):
            yield submission, found
        elif found.then == "end":
            raise CourseError(found.reason)
        elif found.then in ("again", "again or end") and item[1] < TRIES:
            self._again.append((item[0], item[1] + 1))
        elif found.then == "again or end":
            raise CourseError(say("Sandboxes no longer start here: {reason}", reason=found.reason))
        else:
            remark = join(say("Not graded yet; the next run tries again."), found.reason)
            who = (submission.student, submission.name, submission.file)
            remarks = [*submission.remarks(), remark]
            grade = Grade(*who, "", remarks=remarks, unsafe=self._settings.unsafe, unfinished=True)
            yield submission, replace(grade, language=self._settings.language)


def on_this_machine(submissions: Sequence[Loadable], settings: Settings, jobs: int) -> Done:
    """Grade in processes on this machine, and yield each grade when it is ready.

    If a process dies, its submission is tried again, and at last set aside.

    Raises
    ------
    CourseError
        If no process or no sandbox can be started here, or the course is at fault.
    """
    queue = _Queue(submissions, settings)
    idle: list[GradingProcess] = []
    busy: dict[GradingProcess, tuple[tuple[Loadable, int], SubmittedFile]] = {}
    try:
        while True:
            while len(busy) < jobs and (item := queue.next()):
                try:
                    process = idle.pop() if idle else GradingProcess(settings)
                except CourseError:
                    if not busy:
                        raise
                    jobs = len(busy)  # the machine has no room for more
                    queue.put_back(item)
                    break
                submission = item[0].load()
                busy[process] = (item, submission)
                process.give(submission)
            if not busy:
                return
            wait([process.pipe for process in busy], timeout=5.0)
            for process in list(busy):
                if (found := process.take()) is not None:
                    item, submission = busy.pop(process)
                    if isinstance(found, Failed) and found.then == "again or end" and busy:
                        jobs = len(busy)  # the machine has no room for so many sandboxes
                        process.end()
                        queue.put_back(item)
                        continue
                    idle += [process] if process.is_open else []
                    yield from queue.settle(item, submission, found)
    finally:
        for process in (*idle, *busy):
            process.end()


def on_dask(submissions: Sequence[Loadable], settings: Settings, address: str) -> Done:
    """Grade on the workers of a Dask scheduler, and yield each grade when it is ready.

    If a worker is lost, its submissions go to the others; one that crashes several workers is set
    aside. The course's folder must have the same path on all machines.

    Raises
    ------
    CourseError
        If Dask is not installed, nothing answers at the address, there is no worker, or a worker
        can start no sandbox.
    """
    try:
        from distributed import Client, KilledWorker, wait
    except ImportError as error:
        raise CourseError(say("A cluster needs Dask: pip install 'coursekit[cluster]'.")) from error
    try:
        client = Client(address.replace("dask://", "tcp://", 1), timeout=CLUSTER_SECONDS)
    except OSError as error:
        raise CourseError(
            say("No Dask scheduler answers at {address}.", address=address)
        ) from error
    with closing(client):
        queue = _Queue(submissions, settings)
        running: dict[Any, tuple[tuple[Loadable, int], SubmittedFile]] = {}
        while True:
            room = 2 * _threads(client, address)
            while len(running) < room and (item := queue.next()):
                submission = item[0].load()
                # pure=False: identical files from two students are two submissions
                running[client.submit(outcome, submission, settings, pure=False)] = item, submission
            if not running:
                return
            try:
                done = wait(list(running), timeout=CLUSTER_SECONDS, return_when="FIRST_COMPLETED")
            except TimeoutError:
                continue  # are there still workers?
            for future in done.done:
                item, submission = running.pop(future)
                try:
                    found = future.result()
                except KilledWorker as error:
                    found = Failed(
                        say(
                            "It has crashed several workers of the cluster: {error}",
                            error=error,
                        ),
                        "aside",
                    )
                except Exception as error:  # such as a worker without the course's package
                    raise CourseError(
                        say("A worker of the cluster can't grade: {error}", error=error)
                    ) from error
                yield from queue.settle(item, submission, found)


def _threads(client: Any, address: str) -> int:
    try:
        client.wait_for_workers(1, timeout=CLUSTER_SECONDS)
    except TimeoutError as error:
        worker = address.replace("dask://", "tcp://", 1)
        raise CourseError(
            say(
                "The Dask scheduler at {address} has no worker; start one: dask worker {worker}",
                address=address,
                worker=worker,
            )
        ) from error
    return sum(client.nthreads().values()) or 1


def in_words(seconds: float) -> str:
    """Format a duration for a progress bar."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return (
        say("{minutes:.0f} min", minutes=seconds / 60)
        if seconds < 5400
        else f"{seconds / 3600:.1f} h"
    )


def executor(address: str | None, jobs: int) -> Callable[[Sequence[Loadable], Settings], Done]:
    """Choose how to grade: on the cluster at an address, or in processes here.

    Raises
    ------
    CourseError
        If the address is not that of a Dask scheduler.
    """
    if address is None:
        return lambda submissions, settings: on_this_machine(submissions, settings, jobs)
    if not address.startswith("dask://"):
        raise CourseError(
            say(
                "--executor must be an address such as dask://host:8786, got {address}.",
                address=address,
            )
        )
    return lambda submissions, settings: on_dask(submissions, settings, address)
