"""Run every check of the project, each as its own command, and report which failed.

python tools/run.py          everything
python tools/run.py lint     only the fast checks of code and texts
python tools/run.py tests    all others
"""

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# One file's tests stay in one process: a notebook is one kernel, in order. They wait for pages and
# kernels half of the time, which a third process fills.
PARALLEL = ["-n", "3", "--dist", "loadfile"]
# In the files' order, the slow ones come first: those of the browser.
ORDERED = [*PARALLEL, "--no-loadscope-reorder", "-m", "not long"]

# Two at a time, the slow ones first.
LINT = {
    "mypy": ["mypy"],
    # Texts that wait for their translation are listed; only what is wrong fails.
    "translations": ["coursekit.translation", "check", "ru"],
    "ruff check": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
    "codespell": ["codespell_lib"],
}
# Measuring coverage takes much longer than the tests, so only the models' tests do it.
MODELS = ["tests/nn", "tests/golden"]
TESTS = {
    "models, every line": ["pytest", *PARALLEL, "--cov", "--cov-fail-under=100", *MODELS],
    "tests": ["pytest", *ORDERED, *(f"--ignore={folder}" for folder in MODELS)],
    "notebooks": ["pytest", *PARALLEL, "--nbval", "notebooks", "solutions"],
}


def run(name: str, command: list[str], *, together: bool = False) -> bool:
    """Run one step; return whether it passed. What it prints is kept together if others run too."""
    # More threads would sum in another order, which changes the last bits; two processes share the
    # cores already.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    # The tests start hundreds of processes, each of which would compile whatever it imports.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    title, start = f"\n== {name}: python -m {' '.join(command)}\n", time.perf_counter()
    if not together:
        print(title, end="", flush=True)
    output: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    step = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment,
        check=False,
        text=True,
        **(output if together else {}),
    )
    seconds = f"== {name}: {time.perf_counter() - start:.0f} s\n"
    print((title + step.stdout if together else "") + seconds, end="", flush=True)
    return not step.returncode


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", nargs="?", choices=["lint", "tests"])
    part = parser.parse_args().part
    lint = {} if part == "tests" else LINT
    with ThreadPoolExecutor(2) as pool:  # each of them uses one core
        found = pool.map(lambda name: run(name, lint[name], together=True), lint)
        passed = dict(zip(lint, found, strict=True))
    if part != "lint":
        passed |= {name: run(name, command) for name, command in TESTS.items()}
    for name, is_right in passed.items():
        if not is_right:
            print(f"failed: {name}")
    print(f"{sum(passed.values())} passed, {len(passed) - sum(passed.values())} failed")
    return 0 if all(passed.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
