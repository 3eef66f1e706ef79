"""Do the notebooks give the same outputs every time, whatever the processor and the threads?

python tools/repeat.py             20 times one after the other, 20 times in parallel, then settings
python tools/repeat.py --times 2   quicker
python tools/repeat.py --times 0   the settings alone

Each run executes all lectures and solutions and compares them with their stored outputs.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NBVAL = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval"]
PARALLEL = ["-n", "2", "--dist", "loadfile"]
# OpenBLAS kernels for old and new processors, which sum in different orders.
CORES = ("Prescott", "Sandybridge", "Haswell")
THREADS = (1, 2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("notebooks", nargs="*", default=["notebooks", "solutions"])
    options = parser.parse_args()
    failed = 0
    for number in range(1, options.times + 1):
        failed += differs(f"one after the other, {number}", options.notebooks, threads=1)
        failed += differs(f"in parallel, {number}", [*PARALLEL, *options.notebooks], threads=1)
    for core in CORES:
        for threads in THREADS:
            name = f"{core}, {threads} thread{'s' if threads > 1 else ''}"
            failed += differs(name, [*PARALLEL, *options.notebooks], threads, core)
    print(f"{failed} runs with a difference")
    return 1 if failed else 0


def differs(name: str, arguments: list[str], threads: int, core: str | None = None) -> bool:
    """Run the notebooks once and print the result; return whether an output differs."""
    number = str(threads)
    environment = os.environ | {"OMP_NUM_THREADS": number, "OPENBLAS_NUM_THREADS": number}
    if core:
        environment["OPENBLAS_CORETYPE"] = core
    start = time.perf_counter()
    run = subprocess.run(
        [*NBVAL, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    lines = run.stdout.strip().splitlines()
    print(f"{name}: {lines[-1] if lines else run.stderr[-300:]}", flush=True)
    if run.returncode:
        for line in lines:
            if line.startswith(("FAILED", "ERROR", "E  ")):
                print(f"   {line}", flush=True)
    print(f"   {time.perf_counter() - start:.0f} s", flush=True)
    return run.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
