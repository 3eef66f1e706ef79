"""How long does one training step take, and how long does importing coursekit.nn take?

A step is forward, backward and Adam's update: float64, ReLU between dense layers, softmax
cross-entropy, one thread. coursekit.nn is measured against three peers: a loop of NumPy calls
written by hand for the one network, with every buffer allocated beforehand, which is the limit;
PyTorch in eager mode; and scikit-learn's MLPClassifier. What is not installed is left out, and the
script says so.

The two of a pair run by turns in one process, so that whatever slows the machine slows both. A
process holds no other pair: what one library has freed changes how the next one gets its memory,
and with that its speed. A time is the median over the turns, of processor time, which with one
thread is the time that passes on an idle machine. A figure is the median over a few processes.

    python benchmarks/training_step.py
"""
# ruff: noqa: E402 (the number of threads is set before NumPy is imported)

import argparse
import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # read when NumPy and PyTorch load their libraries

import json
import math
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coursekit import nn

try:
    import torch
except ImportError:
    torch = None
try:
    import sklearn.neural_network as sklearn
except ImportError:
    sklearn = None

# widths, samples in a batch, how many times faster than PyTorch it should be
CONFIGURATIONS = [
    ((2, 4, 2, 2), 10, 8.0),
    ((64, 64, 10), 32, 5.0),
    ((64, 128, 64, 10), 128, 2.3),
    ((784, 256, 128, 10), 128, 1.5),
    ((784, 1024, 1024, 10), 256, 1.0),
]
IMPORT_TARGET = 0.050  # seconds that coursekit.nn may add to importing NumPy

PROCESSES = 3
TURNS = 31
TURN_SECONDS = 0.02  # a turn repeats the step until it takes about this long
MAX_STEPS = 100  # of a turn: few enough in all that no moment of Adam becomes denormal
LIMIT = 1.25  # how many times as long as the loop by hand a step may take
LR, BETA1, BETA2, EPS = 1e-3, 0.9, 0.999, 1e-8

Steps = Callable[[int], None]  # runs that many training steps


def ours(widths: tuple[int, ...], x: np.ndarray, t: np.ndarray) -> Steps:
    rng = np.random.default_rng(0)
    layers = []
    for n_in, n_out in pairwise(widths):
        layers += [nn.Dense(n_in, n_out, rng=rng), nn.ReLU()]
    net, loss, optimizer = nn.Sequential(*layers[:-1]), nn.CrossEntropy(), nn.Adam(LR)
    theta, grad = net.theta, net.grad

    def run(steps: int) -> None:
        for _ in range(steps):
            y, caches = net.forward(x)
            _, error = loss(y, t)
            net.backward(error, caches, needs_input_grad=False)  # as nn.train does, and PyTorch
            optimizer.step(theta, grad)

    return run


def by_hand(widths: tuple[int, ...], x: np.ndarray, t: np.ndarray) -> Steps:
    """The same step as NumPy calls alone, every buffer allocated beforehand: the limit."""
    rng, n, shapes = np.random.default_rng(0), len(x), list(pairwise(widths))
    sizes = [size for n_in, n_out in shapes for size in (n_in * n_out, n_out)]
    theta, grad, m, v, work = np.zeros((5, sum(sizes)))
    (W, b), (dW, db) = (
        (
            [part.reshape(shape) for part, shape in zip(parts[::2], shapes, strict=True)],
            parts[1::2],
        )
        for parts in (np.split(vector, np.cumsum(sizes)[:-1]) for vector in (theta, grad))
    )
    for weights, (n_in, _) in zip(W, shapes, strict=True):
        weights[...] = rng.normal(0.0, np.sqrt(2 / n_in), weights.shape)
    h = [x, *(np.empty((n, width)) for width in widths[1:])]  # outputs of the layers
    d = [None, *map(np.empty_like, h[1:])]  # derivatives of the loss with respect to them
    row, picked, losses, samples = np.empty((n, 1)), np.empty(n), np.empty(n), np.arange(n)
    last, updates = len(W) - 1, 0

    def run(steps: int) -> None:
        nonlocal updates
        for _ in range(steps):
            for k in range(last + 1):
                np.dot(h[k], W[k], out=h[k + 1])
                h[k + 1] += b[k]
                if k < last:
                    np.maximum(h[k + 1], 0.0, out=h[k + 1])
            y, p = h[-1], d[-1]
            y -= y.max(axis=1, keepdims=True, out=row)
            np.exp(y, out=p)
            picked[:] = y[samples, t]
            p /= p.sum(axis=1, keepdims=True, out=row)
            np.log(row[:, 0], out=losses)
            np.subtract(losses, picked, out=losses)
            _ = losses.sum() / n
            p[samples, t] -= 1.0
            p /= n
            for k in range(last, -1, -1):
                np.dot(h[k].T, d[k + 1], out=dW[k])
                d[k + 1].sum(axis=0, out=db[k])
                if k > 0:
                    np.dot(d[k + 1], W[k].T, out=d[k])
                    np.sign(h[k], out=h[k])  # the slope of ReLU
                    d[k] *= h[k]
            updates += 1
            np.multiply(grad, 1 - BETA1, out=work)
            np.multiply(m, BETA1, out=m)
            np.add(m, work, out=m)
            np.multiply(grad, grad, out=work)
            np.multiply(work, 1 - BETA2, out=work)
            np.multiply(v, BETA2, out=v)
            np.add(v, work, out=v)
            root = math.sqrt(1 - BETA2**updates)
            np.sqrt(v, out=work)
            np.add(work, EPS * root, out=work)
            np.divide(m, work, out=work)
            np.multiply(work, LR * root / (1 - BETA1**updates), out=work)
            np.subtract(theta, work, out=theta)

    return run


def pytorch(widths: tuple[int, ...], x: np.ndarray, t: np.ndarray) -> Steps:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    layers = []
    for n_in, n_out in pairwise(widths):
        layers += [torch.nn.Linear(n_in, n_out, dtype=torch.float64), torch.nn.ReLU()]
    net, loss = torch.nn.Sequential(*layers[:-1]), torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=LR)
    x, t = torch.from_numpy(x), torch.from_numpy(t)

    def run(steps: int) -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            loss(net(x), t).backward()
            optimizer.step()

    return run


def scikit_learn(widths: tuple[int, ...], x: np.ndarray, t: np.ndarray) -> Steps:
    """One call of partial_fit on the batch repeated, so that its checks are paid once a turn."""
    model = sklearn.MLPClassifier(
        widths[1:-1], batch_size=len(x), learning_rate_init=LR, alpha=0.0, shuffle=False
    )
    classes = np.arange(widths[-1])

    def run(steps: int) -> None:
        model.partial_fit(np.tile(x, (steps, 1)), np.tile(t, steps), classes=classes)

    return run


def medians(peers: dict[str, Steps]) -> dict[str, float]:
    """Seconds for one step of each peer: the median over turns taken alternately."""
    steps = {}
    for name, run in peers.items():
        run(3)  # the first steps allocate
        start = time.process_time()
        run(3)
        needed = TURN_SECONDS * 3 / (time.process_time() - start)
        steps[name] = min(MAX_STEPS, max(1, round(needed)))
    times: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(TURNS):
        for name, run in peers.items():
            start = time.process_time()
            run(steps[name])
            times[name].append((time.process_time() - start) / steps[name])
    return {name: statistics.median(seconds) for name, seconds in times.items()}


PEERS = {"by hand": by_hand, "PyTorch": pytorch, "scikit-learn": scikit_learn}


def measure(configuration: int, peer: str) -> dict[str, float]:
    """Seconds for one step of coursekit.nn, and of a peer beside it."""
    widths, batch, _ = CONFIGURATIONS[configuration]
    rng = np.random.default_rng(1)
    x = rng.standard_normal((batch, widths[0]))
    t = rng.integers(0, widths[-1], batch)
    makers = {"coursekit": ours, peer: PEERS[peer]}
    return medians({name: make(widths, x, t) for name, make in makers.items()})


def python(*arguments: str) -> str:
    """What a fresh process prints."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def compare_steps(peers: list[str]) -> None:
    print("Milliseconds for one step, and the ratio to coursekit.nn's time (lowest–highest)\n")
    for configuration, (widths, batch, target) in enumerate(CONFIGURATIONS):
        name = f"{'-'.join(map(str, widths))}, {batch}"
        for peer in peers:
            arguments = [__file__, "--pair", str(configuration), peer]
            runs = [json.loads(python(*arguments)) for _ in range(PROCESSES)]
            times = [f"{p} {1000 * statistics.median(r[p] for r in runs):.3f}" for p in runs[0]]
            ratios = sorted(run[peer] / run["coursekit"] for run in runs)
            ratio = statistics.median(ratios)
            line = f"{name:24}" + "".join(f"{time:24}" for time in times)
            line += f"× {ratio:.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f})"
            if peer == "PyTorch":
                line += f", target {target}{'' if ratio >= target else ' missed'}"
            if peer == "by hand":
                line += f": ours takes {1 / ratio:.2f} times as long, at most {LIMIT}"
                line += "" if 1 / ratio <= LIMIT else " missed"
            print(line, flush=True)


def compare_imports(processes: int = 15) -> None:
    """Processor time of `import coursekit.nn` in fresh processes that have just imported NumPy."""
    code = (
        "import time; a = time.process_time(); import numpy; b = time.process_time();"
        "import coursekit.nn; c = time.process_time(); print(b - a, c - b)"
    )
    times = [[float(word) for word in python("-c", code).split()] for _ in range(processes)]
    numpy_seconds, added = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"\nimport numpy: {1000 * numpy_seconds:.0f} ms; ", end="")
    print(f"coursekit.nn adds {1000 * added:.1f} ms, ", end="")
    print(f"target {1000 * IMPORT_TARGET:.0f}" + ("" if added < IMPORT_TARGET else " missed"))


def main() -> None:
    packages = {"numpy": True, "torch": torch, "scikit-learn": sklearn}
    print(", ".join(f"{name} {version(name)}" for name, found in packages.items() if found))
    for name, found in packages.items():
        if not found:
            print(f"{name} is not installed: it is left out (pip install {name})")
    found = {"by hand": True, "PyTorch": torch, "scikit-learn": sklearn}
    compare_steps([peer for peer in PEERS if found[peer]])
    compare_imports()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pair", nargs=2, help=argparse.SUPPRESS)  # for compare_steps
    if pair := parser.parse_args().pair:
        warnings.simplefilter("ignore")  # scikit-learn says that one pass has not converged
        print(json.dumps(measure(int(pair[0]), pair[1])))
    else:
        main()
