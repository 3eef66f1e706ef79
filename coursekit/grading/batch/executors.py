"""Grading of many submissions at once, on this machine or on a cluster."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import closing
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as wait_for
from typing import Any

from coursekit.grading.batch.grade_one import grade_one
from coursekit.grading.batch.results import Grade, Settings, SubmittedFile
from coursekit.grading.batch.sandbox.bubblewrap import SandboxUnavailable
from coursekit.grading.course.paths import CourseError

Done = Iterator[tuple[SubmittedFile, Grade]]


def on_this_machine(submissions: Sequence[SubmittedFile], settings: Settings, jobs: int) -> Done:
    """Grade in processes on this machine, and yield each grade when it is ready."""
    waiting = iter(submissions)
    # Fresh processes, because forks of this one might share its open gradebook.
    spawn = get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawn, initializer=end_with_parent) as pool:
        running: dict[Future[Grade], SubmittedFile] = {}
        try:
            while True:
                for submission in islice(waiting, 2 * jobs - len(running)):
                    running[pool.submit(grade_one, submission, settings)] = submission
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(future), future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def end_with_parent() -> None:
    """Make this process end with the one that started it, even if that is killed."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        wait_for([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def on_dask(submissions: Sequence[SubmittedFile], settings: Settings, address: str) -> Done:
    """Grade on the workers of a Dask scheduler, and yield each grade when it is ready.

    If a worker is lost, its submissions go to the others. The course's folder must have the same
    path on all machines.

    Raises
    ------
    CourseError
        If Dask is not installed, nothing answers at the address, or a worker can start no sandbox.
    """
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise CourseError("A cluster needs Dask: pip install 'coursekit[cluster]'.") from error
    try:
        client = Client(address.replace("dask://", "tcp://", 1), timeout=10)
    except OSError as error:
        raise CourseError(f"No Dask scheduler answers at {address}: {error}.") from error
    with closing(client):
        futures = {
            # pure=False: identical files from two students are two submissions
            client.submit(grade_one, submission, settings, pure=False, retries=5): submission
            for submission in submissions
        }
        for future in as_completed(futures):
            try:
                grade = future.result()
            except SandboxUnavailable as error:
                raise CourseError(f"A worker of the cluster can't grade: {error}") from error
            yield futures[future], grade


def in_words(seconds: float) -> str:
    """Format a duration for a progress bar."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def executor(address: str | None, jobs: int) -> Callable[[Sequence[SubmittedFile], Settings], Any]:
    """Choose how to grade: on the cluster at an address, or in processes here.

    Raises
    ------
    CourseError
        If the address is not that of a Dask scheduler.
    """
    if address is None:
        return lambda submissions, settings: on_this_machine(submissions, settings, jobs)
    if not address.startswith("dask://"):
        raise CourseError(f"--executor must be an address such as dask://host:8786, got {address}.")
    return lambda submissions, settings: on_dask(submissions, settings, address)
