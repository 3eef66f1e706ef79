"""Run notebooks from top to bottom, each in a fresh kernel, and collect what their checks print.

A kernel spends most of its start on imports. So one process imports what a kernel and a check
need, and is forked for each notebook; the fork then starts ipykernel as Jupyter would. Modules
that are loaded already are the only difference; `test_corpus` compares the two. The module of
`check` is not among them: it looks for its kernel when it is imported.
"""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import write_connection_file

CPU_SECONDS = 2.0  # processor time after which a cell is interrupted: a loop without end
SECONDS = 120.0  # elapsed time, on a busy machine
AT_ONCE = 4  # they wait for messages half of the time
Outputs = list[Mapping[str, Any]]  # the contents of a cell's messages
_CHECKED = re.compile(r"Task (\d\d\.\d+): (?:not written yet \()?([\d.]+) of [\d.]+ points")
_SERVER = """
import json, os, signal, sys
import numpy, ipykernel.debugger, ipykernel.ipkernel, IPython.extensions.storemagic
from ipykernel.kernelapp import IPKernelApp
import coursekit.grading.judge.runner, coursekit.grading.judge.comparison
import coursekit.grading.student.answer_state, coursekit.grading.student.progress

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print("ready", flush=True)
for line in sys.stdin:
    pid = os.fork()
    if pid:
        print(pid, flush=True)
        continue
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    file, folder, environment = json.loads(line)
    os.setsid()
    os.chdir(folder)
    os.environ.update(environment)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    IPKernelApp.launch_instance(argv=["-f", file, "--HistoryManager.enabled=False"])
    os._exit(0)
"""


class Kernels:
    """Starts kernels by forking one process."""

    def __init__(self, server: "subprocess.Popen[str]", folder: Path) -> None:
        self._server, self._folder = server, folder
        self._started = 0

    def fork(self, work: Path, environment: Mapping[str, str]) -> tuple[int, str]:
        """Start a kernel in a folder; return its process and its connection file."""
        assert self._server.stdin and self._server.stdout
        self._started += 1
        file = str(self._folder / f"{self._started}.json")
        write_connection_file(file, transport="ipc", ip=file.removesuffix(".json"))
        self._server.stdin.write(json.dumps([file, str(work), dict(environment)]) + "\n")
        self._server.stdin.flush()
        return int(self._server.stdout.readline()), file

    def outputs(self, notebook: Mapping[str, Any], work: Path) -> list[Outputs]:
        """Run a notebook in a folder; return what each of its cells shows."""
        return asyncio.run(self._run(notebook, work))

    def run_all(self, notebooks: Sequence[Mapping[str, Any]], work: Path) -> list[dict[str, float]]:
        """Run notebooks in a folder; for each, what the last check of each task says."""
        return asyncio.run(self._run_all(notebooks, work))

    async def _run_all(
        self, notebooks: Sequence[Mapping[str, Any]], work: Path
    ) -> list[dict[str, float] | BaseException]:
        free = asyncio.Semaphore(AT_ONCE)

        async def run(notebook: Mapping[str, Any]) -> dict[str, float]:
            async with free:
                return said(chain.from_iterable(await self._run(notebook, work)))

        return await asyncio.gather(*map(run, notebooks), return_exceptions=True)

    async def _run(self, notebook: Mapping[str, Any], work: Path) -> list[Outputs]:
        outputs: list[Outputs] = [[] for _ in notebook["cells"]]
        pid, file = self.fork(work, {})
        client = ForkedClient(connection_file=file)
        client.load_connection_file()
        client.pid = pid
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=60)
            ids = [str(cell.get("id", "")) for cell in notebook["cells"]]
            for number, (id, cell) in enumerate(zip(ids, notebook["cells"], strict=True)):
                # As JupyterLab does, which makes ids unique when it opens a file.
                only = id and ids.count(id) == 1
                client.session.metadata = {"cellId": id if only else f"cell-{number}"}
                source = "".join(cell["source"])
                if cell["cell_type"] == "code" and source.strip() and lives(pid):
                    await _execute(client, pid, source, outputs[number])
        finally:
            client.stop_channels()
            if lives(pid):
                os.killpg(pid, signal.SIGKILL)
        return outputs


class ForkedClient(AsyncKernelClient):
    """A client that knows its kernel's process."""

    pid = 0

    async def _async_is_alive(self) -> bool:
        """Whether the kernel's process lives; its heart may rest while a machine is busy."""
        return lives(self.pid)

    is_alive = _async_is_alive


class ForkedManager:
    """What `coursekit grade` needs of a kernel's manager, for a kernel that is forked."""

    def __init__(self, started: Kernels) -> None:
        self._kernels = started

    async def start_kernel(self, cwd: str, env: Mapping[str, str], **options: Any) -> None:
        """Fork a kernel."""
        own = {name: text for name, text in env.items() if os.environ.get(name) != text}
        self._pid, self._file = self._kernels.fork(Path(cwd), own)

    def client(self) -> ForkedClient:
        """Return a client that is not connected yet."""
        client = ForkedClient(connection_file=self._file)
        client.load_connection_file()
        client.pid = self._pid
        return client

    async def is_alive(self) -> bool:
        """Whether the kernel's process lives."""
        return lives(self._pid)

    async def interrupt_kernel(self) -> None:
        """Do what the stop button does."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGINT)

    async def shutdown_kernel(self, now: bool) -> None:
        """End the process."""
        with suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)


async def _execute(client: AsyncKernelClient, pid: int, source: str, outputs: Outputs) -> None:
    def hear(message: Mapping[str, Any]) -> None:
        if message["header"]["msg_type"] in ("display_data", "execute_result", "error"):
            outputs.append(message["content"])

    done = asyncio.ensure_future(
        client.execute_interactive(source, output_hook=hear, allow_stdin=False, stop_on_error=False)
    )
    process = psutil.Process(pid)
    allowed, deadline = _used(process) + CPU_SECONDS, time.monotonic() + SECONDS
    while not done.done() and lives(pid):
        await asyncio.wait([done], timeout=0.2)
        if not done.done() and (_used(process) > allowed or time.monotonic() > deadline):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            allowed += 1.0
    if not done.done():
        done.cancel()  # the cell has ended the process
        return
    asked = done.result()["content"].get("payload", [])
    while any(one["source"] == "ask_exit" for one in asked) and lives(pid):
        await asyncio.sleep(0.05)


def _used(process: psutil.Process) -> float:
    """Processor seconds of a kernel so far."""
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def kernels() -> Iterator[Kernels]:
    """Start the process that kernels are forked from, and end it."""
    with tempfile.TemporaryDirectory() as folder:  # pytest's paths are too long for a socket
        command = [sys.executable, "-Xfrozen_modules=off", "-c", _SERVER]
        pipe = subprocess.PIPE
        server = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        with server:
            assert server.stdout and server.stdout.readline() == "ready\n"
            yield Kernels(server, Path(folder))


def said(outputs: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """What the last check of each task says, from the outputs of a whole notebook."""
    texts = [str(output.get("data", {}).get("text/plain", "")) for output in outputs]
    found = [match for text in texts if (match := _CHECKED.match(text))]
    return {match[1]: float(match[2]) for match in found}
