"""Start the process of a sandbox, and kill it."""

import contextlib
import os
import signal
import subprocess
import sys
from typing import IO

from coursekit.grading.batch.sandbox import bubblewrap, cgroup
from coursekit.grading.batch.sandbox.bubblewrap import Command


def start(
    command: Command, group: cgroup.Group, folder: str, errors: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start a command in a group and a folder, with pipes to it."""
    source, sink = os.pipe()
    os.write(sink, command.filter)  # far less than a pipe holds
    os.close(sink)
    words = [str(source) if word == bubblewrap.FILTER else word for word in command.words]
    try:
        return subprocess.Popen(
            group.entering(words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder,
            env={**os.environ, **bubblewrap.ENVIRONMENT},
            pass_fds=[source] if command.filter else [],
            start_new_session=True,
        )
    finally:
        os.close(source)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its group: while bubblewrap starts, its child does not yet die with it."""
    if sys.platform != "win32" and process.returncode is None:
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
