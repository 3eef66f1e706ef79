"""A sandbox in which the course's own cells have run, and no line of a submission."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from coursekit.grading.batch.base.records import Settings
from coursekit.grading.batch.sandbox import packages
from coursekit.grading.batch.sandbox.bubblewrap import Command, SandboxUnavailable, command
from coursekit.grading.batch.sandbox.endings import SandboxEnded, SandboxKilled
from coursekit.grading.batch.sandbox.sandbox import Sandbox
from coursekit.grading.batch.sandbox.unsafe import unsafe_command
from coursekit.grading.judge.handed_out import Signatures
from coursekit.language import language

SECONDS = 60.0  # for each of the first requests


@cache
def sandbox_command(settings: Settings, *, wide: bool) -> Command:
    """Return the command that starts a sandbox, with all packages of the lock file if `wide`."""
    if settings.unsafe:
        return unsafe_command(settings.user)
    return command(settings.root, lock=packages.lock_of(settings.root) if wide else None)


def prepared_sandbox(
    command: Command,
    setup: Mapping[str, str],
    limits: dict[str, int],
    asked: Signatures,
    *first: Mapping[str, Any],
) -> Sandbox:
    """Start a sandbox, run the course's own cells in its first process, and fork a worker.

    Parameters
    ----------
    command, setup, asked
        As for `coursekit.grading.batch.grader.sandboxed_answers.SandboxedAnswers`.
    limits : dict of str to int
        Of the worker.
    *first : mapping
        Further requests to the first process.

    Raises
    ------
    SandboxKilled
        If it ends, since no line of the submission has run.
    SandboxUnavailable
        If it does not start, or one of the requests fails.
    """
    speak: dict[str, Any] = {"do": "speak", "language": language()}
    expect = {"do": "expect", "asked": {name: [*names] for name, names in asked.items()}}
    sandbox = Sandbox(command)
    try:
        for cell, source in setup.items():
            reply = sandbox.ask(SECONDS, do="execute", cell=cell, source=source)
            if reply["error"]:
                sandbox.close()
                raise RuntimeError(f"the course's own cell {cell} fails: {reply['error'][1]}")
        for request in (speak, expect, *first):
            if error := sandbox.ask(SECONDS, **request)["error"]:
                sandbox.close()
                raise SandboxUnavailable(error[1])
        sandbox.fork_worker(SECONDS, limits)
    except SandboxEnded as error:
        raise SandboxKilled(str(error)) from error
    return sandbox
