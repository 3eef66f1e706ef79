"""Remedies for overfitting on few digits, each with its own best strength and its own best length.

    python notebooks/experiments/regularisation.py

takes about six minutes and writes ``regularisation.json`` beside it, which lecture 09b shows. The
same network learns 200 digits with right labels, and again with a fifth of the labels wrong. Every
remedy, "none" too, is tuned by what is reported, the accuracy: its strength and the number of
updates are those with the highest mean accuracy on the validation digits of the tuning seeds. The
runs that are stored begin at other seeds, have other digits, and are judged on test digits, by
which nothing was chosen. All validation and test labels are right. What has more examples makes as
many updates as the others, not as many epochs. But with right labels the shifted copies are still
getting better when all others have levelled off, so they may train for longer.
"""

import json
from itertools import islice, product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit import data, nn

Array = NDArray[np.float64]
Digits = tuple[Array, NDArray[np.int64]]

SETTINGS: dict[str, Any] = {
    "digits": 200,
    "wrong_labels": [0.0, 0.2],
    "width": 128,
    "updates": {"0.0": 1000, "0.2": 3000},
    "times_longer": {"0.0": {"shifted copies": 3}},
    "measured_every": 50,
    "lengths": [100, 200, 300, 500, 1000, 2000, 3000],
    "batch_size": 20,
    "lr": 0.001,
    "tuning_seeds": [100, 101, 102],
    "seeds": list(range(10)),
    "strengths": {
        "none": [0.0],
        "L2": [0.003, 0.01, 0.03, 0.1],
        "L1": [0.0003, 0.001, 0.003, 0.01],
        "elastic net": [0.0003, 0.001, 0.003, 0.01],
        "decoupled decay": [0.3, 1.0, 3.0, 10.0],
        "dropout": [0.3, 0.5, 0.7, 0.8],
        "shifted copies": [0.0],
        "four times the digits": [0.0],
    },
}


def experiment(settings: dict[str, Any]) -> dict[str, Any]:
    """Return for each share of wrong labels and each remedy what `summary` says."""
    results: dict[str, Any] = {}
    for wrong in settings["wrong_labels"]:
        of_remedies: dict[str, Any] = {}
        plain: Array = np.empty(0)
        for remedy, strengths in settings["strengths"].items():
            strength, length = best(settings, wrong, remedy, strengths)
            runs = [run(settings, wrong, remedy, strength, seed) for seed in settings["seeds"]]
            curves = {name: np.array([r[name] for r in runs]) for name in runs[0]}
            plain = plain if len(plain) else curves["test"][:, -1]  # the first remedy is none
            at = length // settings["measured_every"] - 1
            of_remedies[remedy] = {
                "strength": strength,
                "updates": length,
                **summary(curves, at, plain),
            }
        results[str(wrong)] = of_remedies
    return {"settings": settings, "results": results}


def best(
    settings: dict[str, Any], wrong: float, remedy: str, strengths: list[float]
) -> tuple[float, int]:
    """The strength and the number of updates with the highest accuracy on validation digits."""
    last, every = most_updates(settings, wrong, remedy), settings["measured_every"]
    lengths = [length for length in settings["lengths"] if length <= last]
    accuracy: dict[float, Array] = {}
    for strength in strengths:
        runs = [run(settings, wrong, remedy, strength, s) for s in settings["tuning_seeds"]]
        accuracy[strength] = np.mean([r["validation"] for r in runs], axis=0)
    return max(
        product(strengths, lengths),
        key=lambda pair: accuracy[pair[0]][pair[1] // every - 1],
    )


def most_updates(settings: dict[str, Any], wrong: float, remedy: str) -> int:
    """How long the training may be."""
    times: int = settings["times_longer"].get(str(wrong), {}).get(remedy, 1)
    return times * int(settings["updates"][str(wrong)])


def run(
    settings: dict[str, Any], wrong: float, remedy: str, strength: float, seed: int
) -> dict[str, list[float]]:
    """Train one network and return its accuracies and its validation loss on the way."""
    count = settings["digits"] * (4 if remedy == "four times the digits" else 1)
    seen, validation, test = few_digits(count, wrong, seed)
    learnt_from = with_shifts(*seen) if remedy == "shifted copies" else seen
    net = network(settings["width"], seed, strength if remedy == "dropout" else 0.0)
    decay = strength * net.decay_mask if remedy == "decoupled decay" else 0.0
    penalties = {
        "L2": nn.L2(strength),
        "L1": nn.L1(strength),
        "elastic net": nn.ElasticNet(strength, strength),
    }
    updates, every = most_updates(settings, wrong, remedy), settings["measured_every"]
    steps = nn.train(
        net,
        nn.CrossEntropy(),
        nn.Adam(settings["lr"], weight_decay=decay),
        *learnt_from,
        epochs=updates,  # more than enough: an epoch has at least one update
        batch_size=settings["batch_size"],
        rng=np.random.default_rng(seed),
        penalty=penalties.get(remedy),
    )
    curves: dict[str, list[float]] = {"training": [], "validation": [], "test": [], "loss": []}
    for step in islice(steps, updates):
        if (step.update + 1) % every == 0:
            for name, (x, t) in (("training", seen), ("validation", validation), ("test", test)):
                curves[name].append(nn.accuracy(net(x), t))
            curves["loss"].append(nn.evaluate(net, nn.CrossEntropy(), *validation))
    return curves


def few_digits(count: int, wrong: float, seed: int) -> list[Digits]:
    """Digits to train on, some of them with a wrong label, 400 to validate, and 500 to test."""
    rng = np.random.default_rng(seed)
    x, t = data.digits()
    x, t, rest, t_rest = data.split(x, t, test=900 / len(x), rng=rng)
    x, t = x[:count], t[:count].copy()
    mislabelled = rng.permutation(count)[: round(wrong * count)]
    t[mislabelled] = (t[mislabelled] + rng.integers(1, 10, len(mislabelled))) % 10
    return [(x, t), (rest[:400], t_rest[:400]), (rest[400:], t_rest[400:])]


def with_shifts(x: Array, t: NDArray[np.int64]) -> Digits:
    """The digits and their eight copies that are shifted by one pixel, (9 N, 64) and (9 N,)."""
    pictures = np.pad(x.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    shifts = [pictures[:, i : i + 8, j : j + 8] for i, j in product(range(3), repeat=2)]
    return np.concatenate(shifts).reshape(-1, 64), np.tile(t, 9)


def network(width: int, seed: int, p_drop: float) -> nn.Sequential:
    """A network 64 – width – width – 10 with dropout after each hidden layer, if any."""
    rng = np.random.default_rng(seed)
    layers: list[nn.Layer] = []
    for n_in in (64, width):
        layers += [nn.Dense(n_in, width, rng=rng), nn.ReLU()]
        if p_drop:
            layers.append(nn.Dropout(p_drop, rng=np.random.default_rng([seed, n_in])))
    return nn.Sequential(*layers, nn.Dense(width, 10, rng=rng))


def summary(curves: dict[str, Array], at: int, plain: Array) -> dict[str, Any]:
    """The accuracies after the tuned number of updates and at the end; the gains over none.

    `curves` are (seeds, measurements), `plain` the test accuracies at the end without a remedy,
    (seeds,), and `at` is the index of the tuned number of updates.
    """
    test = curves["test"]
    return {
        "training": mean_and_spread(curves["training"][:, at]),
        "test": mean_and_spread(test[:, at]),
        "gains": (test[:, at] - plain).round(3).tolist(),
        "gains_at_the_end": (test[:, -1] - plain).round(3).tolist(),
        "training_at_the_end": mean_and_spread(curves["training"][:, -1]),
        "curve": test.mean(axis=0).round(3).tolist(),
        "curve_spread": [spread(column) for column in test.T],
        "loss_curve": curves["loss"].mean(axis=0).round(3).tolist(),
    }


def mean_and_spread(values: Array) -> list[float]:
    """The mean and the standard deviation over the seeds."""
    return [round(float(values.mean()), 3), spread(values)]


def spread(values: Array) -> float:
    """The standard deviation over the seeds, 0 of a single one."""
    return round(float(values.std(ddof=1)), 3) if len(values) > 1 else 0.0


if __name__ == "__main__":
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(experiment(SETTINGS), indent=1) + "\n", encoding="utf-8")
