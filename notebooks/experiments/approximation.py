"""How near training comes to a wave in longer and longer runs; spirals, with wide nets and deep.

    python notebooks/experiments/approximation.py

takes some minutes and writes ``approximation.json`` beside it, which lecture 04 shows. Each network
starts from the package's usual random weights and is trained by Adam. Of the wave, with one hidden
layer of sigmoids and all points in each update, the largest error on [0, 1] is stored after each
number of updates, for each width, rate and seed. Of the spirals, with layers of ReLU, the shares of
right answers are stored, of the training points and of fresh ones, for each shape and seed. The
least largest error on the wave of polynomials of low degree is stored as well.
"""

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np

from coursekit import data, nn

SETTINGS: dict[str, Any] = {
    "widths": [16, 64, 256],
    "rates": [0.01, 0.03],
    "updates": [1000, 3000, 10_000],
    "seeds": [0, 1, 2],
    "points": 201,
    "shapes": [[75, 1], [15, 2], [11, 3], [6, 8]],  # width and number of hidden layers
    "spiral_seeds": list(range(10)),
    "spiral_epochs": 100,
    "degrees": [2, 3],
    "rounds": 1000,
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


def least_largest_error(degree: int, settings: dict[str, Any]) -> float:
    """The largest error on the wave of the best polynomial of this degree, by Lawson's method.

    It fits by least squares, gives more weight to the points where the error is large, and repeats.
    """
    x = np.linspace(0, 1, settings["points"])
    powers = np.polynomial.chebyshev.chebvander(2 * x - 1, degree)
    weight = np.full(len(x), 1 / len(x))
    for _ in range(settings["rounds"]):
        root = np.sqrt(weight)
        c = np.linalg.lstsq(powers * root[:, None], wave(x) * root, rcond=None)[0]
        error = abs(powers @ c - wave(x))
        weight *= error / (weight @ error)
    return round(float(error.max()), 4)


def spirals(width: int, depth: int, settings: dict[str, Any]) -> dict[str, Any]:
    """The shares of right answers on training points and on fresh ones, for each seed."""
    (x, t), other = data.spirals(400, rng=1), data.spirals(1000, rng=2)
    right = []
    for seed in settings["spiral_seeds"]:
        rng = np.random.default_rng(seed)
        layers: list[nn.Layer] = []
        for n_in, n_out in itertools.pairwise([2, *[width] * depth, 1]):
            layers += [nn.Dense(n_in, n_out, rng=rng), nn.ReLU()]
        net = nn.Sequential(*layers[:-1])
        options = {"epochs": settings["spiral_epochs"], "batch_size": 40, "rng": rng}
        nn.fit(net, nn.BinaryCrossEntropy(), nn.Adam(0.01), x / 6, t[:, None], **options)
        pairs = ((x, t), other)
        right.append([round(nn.accuracy(net(p / 6), k[:, None]), 4) for p, k in pairs])
    return {"width": width, "depth": depth, "parameters": net.n_parameters, "right": right}


def experiment(settings: dict[str, Any] = SETTINGS) -> dict[str, Any]:
    """Everything that is stored, with the settings it was computed with."""
    runs = []
    for width in settings["widths"]:
        for rate in settings["rates"]:
            found = [errors(width, rate, seed, settings) for seed in settings["seeds"]]
            runs.append({"width": width, "rate": rate, "errors": found})
    shapes = [spirals(width, depth, settings) for width, depth in settings["shapes"]]
    best = {str(degree): least_largest_error(degree, settings) for degree in settings["degrees"]}
    return {
        "settings": settings,
        "runs": runs,
        "spirals": shapes,
        "least_largest_error": best,
    }


if __name__ == "__main__":
    stored = json.dumps(experiment())
    Path(__file__).with_suffix(".json").write_text(stored + "\n", encoding="utf-8")
