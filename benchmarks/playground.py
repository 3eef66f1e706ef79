"""How fast the playground is in the kernel beside TensorFlow Playground's code, and its memory.

    python benchmarks/playground.py path/to/tensorflow/playground

The path is that of a checkout of github.com/tensorflow/playground, commit 02469bd; its src/nn.ts
runs under Node. Without the path, or without Node, only the playground itself is measured.

A displayed step is what happens from one picture to the next: an epoch of 250 points in batches of
10, both losses, and the output's map of 100 × 100. Ours is the whole frame with the map of every
unit; theirs, measured by turns with it, is that without drawing. Wanted: ours 4 times as fast, a
frame of Python in less than 20 ms, frames 30 a second, Stop handled within 100 ms, and no more
memory after 10,000 epochs than after the first ones.
"""
# ruff: noqa: E402 (the number of threads is set before NumPy is imported)

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import asyncio
import json
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np

from coursekit import widgets
from coursekit.widgets.playground.training.session import Session
from coursekit.widgets.playground.view.frame import Frames

TURNS, STEPS = 11, 20
NETWORKS = {"4-2": [4, 2], "six layers of eight": [8] * 6}
EPOCHS = 10_000

# What their page does in a step, by their functions: src/playground.ts, oneStep.
DRIVER = """
import * as nn from "./nn.mjs";
import { createInterface } from "node:readline";
const { train, test, hidden } = JSON.parse(process.argv[2]);
const network = nn.buildNetwork([2, ...hidden, 1], nn.Activations.TANH, nn.Activations.TANH,
  null, ["x", "y"], false);
const boundary = {};
nn.forEachNode(network, true, node => {
  boundary[node.id] = Array.from({ length: 100 }, () => new Array(100));
});
const loss = points => {
  let sum = 0;
  for (const [x, y, label] of points)
    sum += nn.Errors.SQUARE.error(nn.forwardProp(network, [x, y]), label);
  return sum / points.length;
};
function step() {
  train.forEach(([x, y, label], i) => {
    nn.forwardProp(network, [x, y]);
    nn.backProp(network, label, nn.Errors.SQUARE);
    if ((i + 1) % 10 === 0) nn.updateWeights(network, 0.03, 0);
  });
  const losses = [loss(train), loss(test)];
  for (let i = 0; i < 100; i++)
    for (let j = 0; j < 100; j++) {
      nn.forwardProp(network, [-6 + (12 * i) / 99, 6 - (12 * j) / 99]);
      nn.forEachNode(network, true, node => { boundary[node.id][i][j] = node.output; });
    }
  return losses;
}
for await (const line of createInterface({ input: process.stdin })) {
  const begin = process.cpuUsage();
  let losses;
  for (let k = 0; k < Number(line); k++) losses = step();
  const { user, system } = process.cpuUsage(begin);
  console.log(JSON.stringify({ seconds: (user + system) / 1e6 / Number(line), losses }));
}
"""


def without_types(source: str) -> str:
    """Their nn.ts as JavaScript: this file's types and no others."""
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    source = re.sub(r"//.*", "", source)
    source = re.sub(r"export interface \w+ \{.*?\n\}", "", source, flags=re.DOTALL)
    source = source.replace("(Math as any)", "Math").replace("public static", "static")
    # `name: Type`, up to what follows a type: a bracket, a comma, an end, a value or a body
    kinds = r"(?:\([^()]*\) => \w+|[A-Z]\w*|string|number|boolean|void|any)(?:\[\])*"
    source = re.sub(rf"(\w\??|\))\s*: {kinds}(?=\s*[,)=;{{\n])", r"\1", source)
    return re.sub(r"(\w)\?(?=[,)])", r"\1", source)


class Theirs:
    """Node with their network, for the points of a session."""

    def __init__(self, checkout: Path, session: Session, folder: Path) -> None:
        source = (checkout / "src" / "nn.ts").read_text(encoding="utf-8")
        (folder / "nn.mjs").write_text(without_types(source), encoding="utf-8")
        (folder / "driver.mjs").write_text(DRIVER, encoding="utf-8")
        model = session.model  # x1, x2 are the features, and the targets are -1 and 1
        points = {
            "train": np.column_stack([model.x_train, model.t_train]).tolist(),
            "test": np.column_stack([model.x_test, model.t_test]).tolist(),
            "hidden": model.widths[1:-1],
        }
        # One thread, so that the processor's time is the time that passes on an idle machine.
        self.process = subprocess.Popen(
            ["node", "--single-threaded-gc", folder / "driver.mjs", json.dumps(points)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def turn(self, steps: int) -> dict[str, float]:
        """Processor time of a step, in seconds, and the losses after it."""
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("their code did not run: is this commit 02469bd?")
        return json.loads(line)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def step_of(session: Session) -> Callable[[], None]:
    """One displayed step of ours: an epoch, its losses, and a whole frame."""
    frames = Frames(session)

    def step() -> None:
        session.advance(epochs=1)
        frames.next_frame()

    return step


def seconds_of(step: Callable[[], None], steps: int) -> float:
    begin = time.process_time()
    for _ in range(steps):
        step()
    return (time.process_time() - begin) / steps


def compare(checkout: Path | None) -> None:
    """A displayed step, theirs and ours by turns."""
    print("displayed step, ms of processor time (median of turns)")
    for name, hidden in NETWORKS.items():
        session = Session(loss="squared error", hidden=hidden)
        step = step_of(session)
        with tempfile.TemporaryDirectory() as folder:
            theirs = Theirs(checkout, session, Path(folder)) if checkout else None
            times: dict[str, list[float]] = {"ours": [], "theirs": []}
            for turn in range(TURNS + 1):
                figures = {"ours": seconds_of(step, STEPS)}
                if theirs:
                    figures["theirs"] = theirs.turn(STEPS)["seconds"]
                for key, seconds in figures.items() if turn else ():  # the first one warms up
                    times[key].append(1000 * seconds)
            if theirs:
                theirs.close()
        ms = {key: statistics.median(values) for key, values in times.items() if values}
        line = f"  {name}: ours {ms['ours']:.2f}"
        if "theirs" in ms:
            line += f", TensorFlow Playground {ms['theirs']:.2f}"
            line += f": {ms['theirs'] / ms['ours']:.1f} times as fast"
        print(line + (" (to reach: 4)" if "theirs" in ms and name == "4-2" else ""))


def frames_alone() -> None:
    """The Python of one frame, without training."""
    print("\na frame, ms of processor time (to reach: 20)")
    for name, hidden in NETWORKS.items():
        for activation in ("tanh", "ReLU", "softplus"):
            session = Session(hidden=hidden, activation=activation, hidden_space=True)
            session.advance(epochs=1)
            frames = Frames(session)
            times = [1000 * seconds_of(frames.next_frame, 5) for _ in range(TURNS)]
            print(f"  {name}, {activation}: {statistics.median(times):.2f}")


async def playing() -> None:
    """Frames a second, with a page that draws at once, and the time until Stop is handled."""
    print("\nplaying, in the wall's time (to reach: 30 a second, Stop within 100 ms)")
    print(f"  other work on the machine: load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for name, hidden in NETWORKS.items():
        for pace in ("epoch", "fast"):
            playground = widgets.Playground(hidden=hidden, pace=pace)
            sent: list[float] = []

            def take(content, buffers=None, playground=playground, sent=sent):
                sent.append(time.monotonic())
                playground.player.drawn(content["frame"])

            playground.send = take
            playground.play()
            await asyncio.sleep(0.5)
            first = len(sent)
            await asyncio.sleep(3)
            rate = (len(sent) - first) / 3
            waits = []
            loop = asyncio.get_running_loop()
            for _ in range(10):
                playground.play()
                await asyncio.sleep(0.11)
                heard = asyncio.Event()
                begin = time.monotonic()

                def stop(playground=playground, heard=heard):
                    playground.pause()
                    heard.set()

                # as a message arrives: in the loop's order, from another thread
                await asyncio.to_thread(loop.call_soon_threadsafe, stop)
                await heard.wait()
                waits.append(1000 * (time.monotonic() - begin))
            print(f"  {name}, {pace}: {rate:.1f} frames a second, Stop {max(waits):.0f} ms at most")


def memory() -> None:
    """What 10,000 epochs with as many frames leave behind."""
    session = Session(hidden=[4, 2])
    step = step_of(session)
    for _ in range(1500):  # beyond the curves' capacity
        step()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(EPOCHS):
        step()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    unit = 2**20 if sys.platform == "darwin" else 2**10
    print(f"\nmemory: {grown / unit:.2f} MB more after {EPOCHS:,} epochs (to reach: 0)")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "checkout", type=Path, nargs="?", help="of github.com/tensorflow/playground"
    )
    checkout = parser.parse_args().checkout
    if checkout is not None and shutil.which("node") is None:
        parser.error("TensorFlow Playground's code needs Node, which is missing")
    memory()
    compare(checkout)
    frames_alone()
    asyncio.run(playing())


if __name__ == "__main__":
    main()
