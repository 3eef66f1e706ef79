"""Run every check of the project, each as its own command, and report which failed.

python tools/run.py          everything
python tools/run.py lint     only the fast checks of code and texts
python tools/run.py tests    all others
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# One file's tests stay in one process: a notebook is one kernel, in order.
PARALLEL = ["-n", "2", "--dist", "loadfile"]
# In the files' order, the slow ones come first: those of the browser.
ORDERED = [*PARALLEL, "--no-loadscope-reorder", "-m", "not long"]

LINT = {
    "ruff check": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
    "mypy": ["mypy"],
    "codespell": ["codespell_lib"],
    # Texts that wait for their translation are listed; only what is wrong fails.
    "translations": ["coursekit.translation", "check", "ru"],
}
# Measuring coverage takes much longer than the tests, so only the models' tests do it.
MODELS = ["tests/nn", "tests/golden"]
TESTS = {
    "models, every line": ["pytest", *PARALLEL, "--cov", "--cov-fail-under=100", *MODELS],
    "tests": ["pytest", *ORDERED, *(f"--ignore={folder}" for folder in MODELS)],
    "notebooks": ["pytest", *PARALLEL, "--nbval", "notebooks", "solutions"],
}


def main(arguments: list[str]) -> int:
    steps = {("lint",): LINT, ("tests",): TESTS}.get(tuple(arguments), LINT | TESTS)
    # More threads would sum in another order, which changes the last bits; two processes share the
    # cores already.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    failed = []
    for name, command in steps.items():
        print(f"\n== {name}: python -m {' '.join(command)}", flush=True)
        start = time.perf_counter()
        arguments = [sys.executable, "-m", *command]
        if subprocess.run(arguments, cwd=ROOT, env=environment, check=False).returncode:
            failed.append(name)
        print(f"== {name}: {time.perf_counter() - start:.0f} s", flush=True)
    for name in failed:
        print(f"failed: {name}")
    print(f"{len(steps) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
