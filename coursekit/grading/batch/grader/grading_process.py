"""A process that grades one submission after the other, with limits of its own."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait

from coursekit.grading.batch.base.records import Grade, Settings, SubmittedFile
from coursekit.grading.batch.grader.for_teacher import grade_for_both
from coursekit.grading.batch.sandbox.bubblewrap import SandboxUnavailable
from coursekit.grading.batch.sandbox.endings import SandboxKilled
from coursekit.grading.batch.sandbox.time_left import TimeLeft
from coursekit.grading.course.paths import CourseError
from coursekit.grading.judge.runner import BrokenTests
from coursekit.language import join, say, speaking

MEMORY = 1_000_000_000  # bytes of data in a process that grades
START_SECONDS = 120.0


@dataclass(frozen=True)
class Failed:
    """A submission was not graded.

    Attributes
    ----------
    reason : str
        Why, as a sentence.
    then : str
        What to do: try it ``"again"``, and at last set it aside; set it ``"aside"``; ``"end"``,
        because no other would be graded either; or ``"again or end"``.
    """

    reason: str
    then: str


def outcome(
    submission: SubmittedFile, settings: Settings, again: Callable[[], None] = lambda: None
) -> Grade | Failed:
    """Grade a submission within the limit on memory; nothing that goes wrong is an exception.

    `again` is called before it is judged in a second language.
    """
    try:
        with limited_memory(), speaking(settings.language):
            return grade_for_both(submission, settings, again)
    except SandboxKilled as error:
        return Failed(join(say("Its sandbox was stopped."), error.args[0]), "again")
    except SandboxUnavailable as error:
        return Failed(str(error), "again or end")
    except MemoryError:
        return Failed(
            say("Grading it takes more than {n} MB of memory.", n=MEMORY // 1_000_000), "aside"
        )
    except (CourseError, BrokenTests) as error:
        return Failed(str(error), "end")
    except Exception as error:  # of the grader's own: it must not cost the others their grades
        return Failed(
            say(
                "The grader itself failed: {kind}: {error}", kind=type(error).__name__, error=error
            ),
            "aside",
        )


@contextlib.contextmanager
def limited_memory() -> Iterator[None]:
    """Limit the data of this process while the body runs, where the system can."""
    if sys.platform != "linux":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    known = [limit for limit in (soft, hard, MEMORY) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(known), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


class GradingProcess:
    """A process that takes one submission at a time.

    Parameters
    ----------
    settings : Settings
        The same for all submissions.

    Raises
    ------
    CourseError
        If it does not start.
    """

    def __init__(self, settings: Settings) -> None:
        # A fresh process, because a fork of this one might share its open gradebook.
        spawn = get_context("spawn")
        self.pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs, settings))
        self._seconds = 2 * TimeLeft.of(settings.total).elapsed
        self._ends = 0.0
        try:
            with theirs:
                self._process.start()
            if not self.pipe.poll(START_SECONDS):
                raise EOFError
            self.pipe.recv()
        except (OSError, EOFError, RuntimeError) as error:
            self.end()
            raise CourseError(
                say(
                    "A grading process does not start here. Are there too many processes, or too "
                    "little memory? Fewer of them: --jobs 1."
                )
            ) from error

    def give(self, submission: SubmittedFile) -> None:
        """Begin to grade a submission."""
        self._ends = time.monotonic() + self._seconds
        with contextlib.suppress(OSError):  # it has ended, which `take` reports
            self.pipe.send(submission)

    def take(self) -> Grade | Failed | None:
        """Return the outcome, or None while there is none; a process that failed has ended then."""
        try:
            if self.pipe.poll():
                found: Grade | Failed | None = self.pipe.recv()
                if found is None:  # it is judged again, in another language
                    self._ends = time.monotonic() + self._seconds
                return found
        except (EOFError, OSError):
            self.end()
            return Failed(
                say("The process that graded it was stopped; perhaps memory was short."), "again"
            )
        if time.monotonic() > self._ends:
            self.end()
            return Failed(
                say("Its tests did not end within {seconds:.0f} s.", seconds=self._seconds), "aside"
            )
        return None

    @property
    def is_open(self) -> bool:
        """Whether it takes another submission."""
        return not self.pipe.closed

    def end(self) -> None:
        """Kill it, and with it the sandbox that it has started."""
        if self._process.pid is not None:
            self._process.kill()
            self._process.join()
        self.pipe.close()


def _serve(pipe: Connection, settings: Settings) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    try:
        end_with_parent()
    except RuntimeError:  # no room for a thread; the process that started this one reports its end
        os._exit(1)
    pipe.send(None)
    with contextlib.suppress(EOFError):
        while True:
            pipe.send(outcome(pipe.recv(), settings, lambda: pipe.send(None)))


def end_with_parent() -> None:
    """Make this process end with the one that started it, even if that is killed."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
