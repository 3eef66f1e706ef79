"""How near training comes to a wave, with one hidden layer of sigmoids, in longer and longer runs.

    python notebooks/experiments/approximation.py

takes some minutes and writes ``approximation.json`` beside it, which lecture 04 shows. Each network
starts from the package's usual random weights and is trained by Adam on all points at once. What is
stored is the largest error on [0, 1] after each number of updates, for each width, rate and seed.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from coursekit import nn

SETTINGS: dict[str, Any] = {
    "widths": [16, 64, 256],
    "rates": [0.01, 0.03],
    "updates": [1000, 3000, 10_000],
    "seeds": [0, 1, 2],
    "points": 201,
}


def wave(x: Any) -> Any:
    """The function that is approximated."""
    return np.sin(2 * np.pi * x) + 0.5 * np.sin(6 * np.pi * x)


def errors(width: int, rate: float, seed: int, settings: dict[str, Any]) -> list[float]:
    """The largest error after each number of updates, in one run."""
    x = np.linspace(0, 1, settings["points"])[:, None]
    fine = np.linspace(0, 1, 4001)[:, None]
    rng = np.random.default_rng(seed)
    net = nn.Sequential(nn.Dense(1, width, rng=rng), nn.Sigmoid(), nn.Dense(width, 1, rng=rng))
    loss, optimizer, done, found = nn.MSE(), nn.Adam(rate), 0, []
    for updates in settings["updates"]:
        options = {"epochs": updates - done, "batch_size": len(x), "rng": rng}
        nn.fit(net, loss, optimizer, x, wave(x), **options)
        done = updates
        found.append(round(float(abs(net(fine) - wave(fine)).max()), 4))
    return found


def experiment(settings: dict[str, Any] = SETTINGS) -> dict[str, Any]:
    """Everything that is stored, with the settings it was computed with."""
    runs = []
    for width in settings["widths"]:
        for rate in settings["rates"]:
            found = [errors(width, rate, seed, settings) for seed in settings["seeds"]]
            runs.append({"width": width, "rate": rate, "errors": found})
    return {"settings": settings, "runs": runs}


if __name__ == "__main__":
    stored = json.dumps(experiment())
    Path(__file__).with_suffix(".json").write_text(stored + "\n", encoding="utf-8")
