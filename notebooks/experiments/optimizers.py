"""Six optimizers on three tasks, each with its own best rate, and five schedules on one task.

    python notebooks/experiments/optimizers.py

takes about a minute and writes ``optimizers.json`` beside it, which lecture 07 shows. A rate
is the one with the lowest median loss on validation data over the tuning seeds. The stored runs
begin at other seeds and are judged on test data, by which nothing was chosen. The second task is
the first one with the pixels in other units, 0 to 16 in place of 0 to 1.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit import data, nn

Array = NDArray[np.float64]
Samples = tuple[Array, NDArray[Any]]
Schedule = Callable[[int], float]

METHODS: dict[str, Callable[[float], nn.Optimizer]] = {
    "SGD": nn.SGD,
    "Momentum": nn.Momentum,
    "Nesterov": nn.Nesterov,
    "AdaGrad": nn.AdaGrad,
    "RMSProp": nn.RMSProp,
    "Adam": nn.Adam,
}
SETTINGS: dict[str, Any] = {
    "tasks": {"digits": 5, "digits in other units": 5, "half-moons": 40},  # epochs
    "batch_size": 32,
    "rates": [round(a * 10.0**k, 5) for k in range(-4, 1) for a in (1, 2, 5)] + [10.0],
    "tuning_seeds": [100, 101, 102, 103, 104],
    "seeds": list(range(10)),
    "schedules": ["constant", "steps", "inverse time", "cosine", "warm-up and cosine"],
    "schedule_epochs": 10,
    "schedule_rates": [0.05, 0.1, 0.2, 0.5, 1.0, 2.0],
}


def experiment(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the races, by task and method, and the schedules of SGD on the digits."""
    races: dict[str, Any] = {}
    for task, epochs in settings["tasks"].items():
        races[task] = {}
        for name, method in METHODS.items():

            def at(lr: float, seed: int, part: str, task: str = task, epochs: int = epochs,
                   method: Callable[[float], nn.Optimizer] = method) -> float:  # fmt: skip
                return run(task, settings["batch_size"], epochs, method(lr), seed, part)

            races[task][name] = tuned(settings, settings["rates"], at)
    schedules: dict[str, Any] = {}
    for name in settings["schedules"]:

        def with_schedule(lr: float, seed: int, part: str, name: str = name) -> float:
            epochs, size = settings["schedule_epochs"], settings["batch_size"]
            plan = schedule(name, lr, epochs * -(-len(samples("digits", seed)[0][0]) // size))
            return run("digits", size, epochs, nn.SGD(lr), seed, part, plan)

        schedules[name] = tuned(settings, settings["schedule_rates"], with_schedule)
    return {"settings": settings, "races": races, "schedules": schedules}


def tuned(
    settings: dict[str, Any], rates: list[float], loss_at: Callable[[float, int, str], float]
) -> dict[str, Any]:
    """Tune the rate on the validation data, and run it on the test data of other seeds."""
    seeds = settings["tuning_seeds"]
    tuning = [float(np.median([loss_at(lr, s, "validation") for s in seeds])) for lr in rates]
    best = rates[int(np.argmin(tuning))]
    return {
        "rate": best,
        "tuning": [storable(value) for value in tuning],
        "test": [storable(loss_at(best, seed, "test")) for seed in settings["seeds"]],
    }


def storable(loss: float) -> float | None:
    """Three decimals, or None of a run that diverged: JSON has no infinity."""
    return round(loss, 3) if np.isfinite(loss) else None


def run(
    task: str, batch_size: int, epochs: int, optimizer: nn.Optimizer, seed: int, part: str,
    plan: Schedule | None = None,
) -> float:  # fmt: skip
    """Train one network; return its loss on one part of the data, infinity if it diverged."""
    seen, *others = samples(task, seed)
    rng = np.random.default_rng(seed)
    loss: nn.Loss = nn.BinaryCrossEntropy() if task == "half-moons" else nn.CrossEntropy()
    net = network(task, rng)
    try:
        nn.fit(
            net, loss, optimizer, *seen, epochs=epochs, batch_size=batch_size, rng=rng,
            schedule=plan,
        )  # fmt: skip
    except nn.Diverged:
        return np.inf
    with np.errstate(over="ignore", invalid="ignore"):
        value = nn.evaluate(net, loss, *others[("validation", "test").index(part)])
    return value if np.isfinite(value) else np.inf


def samples(task: str, seed: int) -> list[Samples]:
    """What is trained on, validated on and tested on; each seed has another division."""
    if task == "half-moons":
        x, moons = data.moons(1200, noise=0.2, rng=seed)
        t = moons.reshape(-1, 1).astype(np.float64)
        return [(x[:400], t[:400]), (x[400:800], t[400:800]), (x[800:], t[800:])]
    x, digits = data.digits()
    order = np.random.default_rng(seed).permutation(len(x))
    x, digits = x[order] * (16 if task == "digits in other units" else 1), digits[order]
    return [(x[part], digits[part]) for part in (slice(1000), slice(1000, 1400), slice(1400, None))]


def network(task: str, rng: np.random.Generator) -> nn.Sequential:
    """64 – 32 – 10 with ReLU for the digits, 2 – 16 – 16 – 1 with tanh for the half-moons."""
    if task != "half-moons":
        return nn.Sequential(nn.Dense(64, 32, rng=rng), nn.ReLU(), nn.Dense(32, 10, rng=rng))
    hidden = [nn.Dense(2, 16, rng=rng), nn.Tanh(), nn.Dense(16, 16, rng=rng), nn.Tanh()]
    return nn.Sequential(*hidden, nn.Dense(16, 1, rng=rng))


def schedule(name: str, lr: float, updates: int) -> Schedule:
    """A schedule that begins at `lr` and is made for so many updates."""
    cosine = nn.cosine(lr, updates)
    return {
        "constant": nn.constant(lr),
        "steps": nn.step_decay(lr, 0.3, -(-updates // 3)),
        "inverse time": nn.inverse_time(lr, 10 / updates),
        "cosine": cosine,
        "warm-up and cosine": nn.warmup(cosine, updates // 10 or 1),
    }[name]


if __name__ == "__main__":
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(experiment(SETTINGS), indent=1) + "\n", encoding="utf-8")
