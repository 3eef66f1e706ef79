"""Digits and moved copies of them: a linear model of the pixels against 64 learnt features.

    python notebooks/experiments/learnt_features.py

takes a minute and writes ``learnt_features.json`` beside it, which lecture 01 shows. Both models
are trained in the same way, each at its own best learning rate and number of epochs. These are
chosen by the share of right answers on validation digits; the runs that are stored begin at other
seeds, and their share is that of the test digits.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from coursekit import data, nn

SETTINGS: dict[str, Any] = {
    "copies": [0, 1, 2],  # pixels to the right
    "epochs": [20, 60],
    "batch_size": 32,
    "rates": [0.0003, 0.001, 0.003, 0.01, 0.03],
    "tuning_seeds": [100],
    "seeds": list(range(10)),
}
MODELS: dict[str, list[int]] = {"linear in the pixels": [], "64 learnt features": [64]}


def move(x: Any, columns: int) -> Any:
    """The images moved to the right; what leaves is lost, what enters is paper."""
    images = x.reshape(-1, 8, 8)
    padded = np.pad(images, [(0, 0), (0, 0), (columns, 0)])
    return padded[:, :, :8].reshape(len(x), 64)


def with_copies(x: Any, t: Any, copies: list[int]) -> tuple[Any, Any]:
    """The images in all their places."""
    return np.concatenate([move(x, columns) for columns in copies]), np.tile(t, len(copies))


def train(
    hidden: list[int], rate: float, seed: int, settings: dict[str, Any], parts: Any
) -> dict[int, float]:
    """The share of right answers on the second part after each of the numbers of epochs."""
    (x, t), (x_other, t_other) = parts
    rng, n_in = np.random.default_rng(seed), x.shape[1]
    layers: list[nn.Layer] = []
    for width in hidden:
        layers += [nn.Dense(n_in, width, rng=rng), nn.ReLU()]
        n_in = width
    net = nn.Sequential(*layers, nn.Dense(n_in, 10, rng=rng))
    optimizer, right, done = nn.Adam(rate), {}, 0
    for epochs in sorted(settings["epochs"]):
        options = {"epochs": epochs - done, "batch_size": settings["batch_size"], "rng": rng}
        nn.fit(net, nn.CrossEntropy(), optimizer, x, t, **options)
        right[epochs] = round(nn.accuracy(net(x_other), t_other), 4)
        done = epochs
    return right


def experiment(settings: dict[str, Any] = SETTINGS) -> dict[str, Any]:
    """Everything that is stored, with the settings it was computed with."""
    copies = settings["copies"]
    x_rest, t_rest, x_test, t_test = data.split(*data.digits(), rng=0)
    x, t, x_validation, t_validation = data.split(x_rest, t_rest, rng=1)
    tuning = with_copies(x, t, copies), with_copies(x_validation, t_validation, copies)
    final = with_copies(x_rest, t_rest, copies), with_copies(x_test, t_test, copies)

    results: dict[str, Any] = {"settings": settings}
    for name, hidden in MODELS.items():
        tuned = {}
        for rate in settings["rates"]:
            runs = [train(hidden, rate, s, settings, tuning) for s in settings["tuning_seeds"]]
            for epochs in settings["epochs"]:
                tuned[rate, epochs] = float(np.mean([run[epochs] for run in runs]))
        rate, epochs = max(tuned, key=lambda choice: tuned[choice])
        chosen = settings | {"epochs": [epochs]}
        runs = [train(hidden, rate, seed, chosen, final) for seed in settings["seeds"]]
        results[name] = {"rate": rate, "epochs": epochs, "right": [run[epochs] for run in runs]}
    return results


if __name__ == "__main__":
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(experiment(), indent=1) + "\n", encoding="utf-8")
