"""How long a student waits for a check, in a kernel as JupyterLab starts it.

Measured from the request to the moment the kernel is idle again, with Matplotlib loaded as in a
lecture. The first check is measured in fresh kernels and includes the import of `check`.
"""

import argparse
import statistics
import subprocess
import time
from itertools import cycle, islice
from typing import Any

from jupyter_client.manager import start_new_kernel

from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.recording import load
from coursekit.grading.judge.reference import solution

LIMITS = {"first check, with its import": 1.0, "later check": 0.2}


def seconds(client: Any, code: str) -> float:
    """Run a cell; return the wall time in seconds."""
    start = time.perf_counter()
    reply = client.execute_interactive(code, output_hook=lambda message: None, timeout=60)
    taken = time.perf_counter() - start
    if reply["content"]["status"] != "ok":
        raise RuntimeError(f"{code!r}: {reply['content']['evalue']}")
    return taken


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kernels", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=20)
    options = parser.parse_args()
    course = find_course()
    first: list[float] = []
    later: list[float] = []
    names = [name for name in course.names if course.recorded_file(name).exists()]
    for _ in range(options.kernels):
        manager, client = start_new_kernel(cwd=str(course.solutions), stderr=subprocess.DEVNULL)
        try:
            seconds(client, "import numpy as np\nimport matplotlib.pyplot as plt")
            for name in names:
                exercise = solution(course, name)
                for cell in exercise.setup.values():
                    seconds(client, cell)
                for task in exercise.tasks.values():
                    for cell in task.answers.values():
                        seconds(client, cell)
            tasks = [task for name in names for task in load(course.recorded_file(name)).points]
            start = f'from coursekit import check\ncheck("{tasks[0]}")'
            first.append(seconds(client, start))
            checks = islice(cycle(f'check("{task}")' for task in tasks), options.repeats)
            later += [seconds(client, check) for check in checks]
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    for (what, limit), times in zip(LIMITS.items(), (first, later), strict=True):
        print(
            f"{what}: median {statistics.median(times):.3f} s, "
            f"slowest of {len(times)} {max(times):.3f} s (to reach: {limit} s)"
        )


if __name__ == "__main__":
    main()
