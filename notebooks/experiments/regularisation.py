"""Remedies for overfitting on few digits, each at its own best strength.

    python notebooks/experiments/regularisation.py

takes about three minutes and writes ``regularisation.json`` beside it, which lecture 09 shows. The
same network learns 200 digits with right labels, and again with a fifth of the labels wrong. A
strength is that of several with the lowest loss on validation digits, at the end of the training;
the runs that are stored begin at other seeds, have other digits, and are judged on test digits,
by which nothing was chosen. All validation and test labels are right.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit import data, nn

Array = NDArray[np.float64]

SETTINGS: dict[str, Any] = {
    "digits": 200,
    "wrong_labels": [0.0, 0.2],
    "width": 128,
    "epochs": 100,
    "batch_size": 20,
    "lr": 0.001,
    "patience": 10,
    "tuning_seeds": [100, 101, 102],
    "seeds": list(range(10)),
    "strengths": {
        "none": [0.0],
        "L2": [0.001, 0.003, 0.01, 0.03, 0.1],
        "L1": [0.0001, 0.0003, 0.001, 0.003, 0.01],
        "elastic net": [0.0001, 0.0003, 0.001, 0.003, 0.01],
        "decoupled decay": [0.1, 0.3, 1.0, 3.0, 10.0],
        "dropout": [0.1, 0.3, 0.5, 0.7, 0.8],
        "early stopping": [0.0],
        "four times the digits": [0.0],
    },
}


def experiment(settings: dict[str, Any]) -> dict[str, Any]:
    """Return for each share of wrong labels and each remedy what `summary` says."""
    results: dict[str, Any] = {}
    for wrong in settings["wrong_labels"]:
        of_remedies: dict[str, Any] = {}
        plain: list[dict[str, Any]] = []
        for remedy, strengths in settings["strengths"].items():
            strength = best(settings, wrong, remedy, strengths)
            runs = [run(settings, wrong, remedy, strength, seed) for seed in settings["seeds"]]
            plain = plain or runs  # the first remedy is none
            of_remedies[remedy] = {"strength": strength, **summary(runs, plain)}
        results[str(wrong)] = of_remedies
    return {"settings": settings, "results": results}


def best(settings: dict[str, Any], wrong: float, remedy: str, strengths: list[float]) -> float:
    """The strength with the lowest mean loss on validation digits."""
    if len(strengths) == 1:
        return strengths[0]

    def validation_loss(strength: float) -> float:
        seeds = settings["tuning_seeds"]
        runs = [run(settings, wrong, remedy, strength, seed) for seed in seeds]
        return float(np.mean([r["curve"][-1] for r in runs]))

    return min(strengths, key=validation_loss)


def run(
    settings: dict[str, Any], wrong: float, remedy: str, strength: float, seed: int
) -> dict[str, Any]:
    """Train one network and return its accuracies, its test loss and its validation curve."""
    count = settings["digits"] * (4 if remedy == "four times the digits" else 1)
    seen, validation, test = few_digits(count, wrong, seed)
    net = network(settings["width"], seed, strength if remedy == "dropout" else 0.0)
    decay = strength * net.decay_mask if remedy == "decoupled decay" else 0.0
    penalties = {
        "L2": nn.L2(strength),
        "L1": nn.L1(strength),
        "elastic net": nn.ElasticNet(strength, strength),
    }
    stopping = nn.EarlyStopping(settings["patience"]) if remedy == "early stopping" else None
    history = nn.fit(
        net,
        nn.CrossEntropy(),
        nn.Adam(settings["lr"], weight_decay=decay),
        *seen,
        epochs=settings["epochs"],
        batch_size=settings["batch_size"],
        rng=np.random.default_rng(seed),
        penalty=penalties.get(remedy),
        validation=validation,
        stopping=stopping,
    )
    return {
        "training": nn.accuracy(net(seen[0]), seen[1]),
        "test": nn.accuracy(net(test[0]), test[1]),
        "loss": nn.evaluate(net, nn.CrossEntropy(), *test),
        "curve": history.validation_loss,
    }


def few_digits(count: int, wrong: float, seed: int) -> list[tuple[Array, NDArray[np.int64]]]:
    """Digits to train on, some of them with a wrong label, 400 to validate, and 500 to test."""
    rng = np.random.default_rng(seed)
    x, t = data.digits()
    x, t, rest, t_rest = data.split(x, t, test=900 / len(x), rng=rng)
    x, t = x[:count], t[:count].copy()
    mislabelled = rng.permutation(count)[: round(wrong * count)]
    t[mislabelled] = (t[mislabelled] + rng.integers(1, 10, len(mislabelled))) % 10
    return [(x, t), (rest[:400], t_rest[:400]), (rest[400:], t_rest[400:])]


def network(width: int, seed: int, p_drop: float) -> nn.Sequential:
    """A network 64 – width – width – 10 with dropout after each hidden layer, if any."""
    rng = np.random.default_rng(seed)
    layers: list[nn.Layer] = []
    for n_in in (64, width):
        layers += [nn.Dense(n_in, width, rng=rng), nn.ReLU()]
        if p_drop:
            layers.append(nn.Dropout(p_drop, rng=np.random.default_rng([seed, n_in])))
    return nn.Sequential(*layers, nn.Dense(width, 10, rng=rng))


def summary(runs: list[dict[str, Any]], plain: list[dict[str, Any]]) -> dict[str, Any]:
    """Mean and standard deviation over the seeds, and the gain over the same seeds' plain runs."""
    measures = {name: np.array([r[name] for r in runs]) for name in ("training", "test", "loss")}
    gain = measures["test"] - np.array([r["test"] for r in plain])
    result: dict[str, Any] = {
        name: [round(float(values.mean()), 3), round(spread(values), 3)]
        for name, values in {**measures, "gain": gain}.items()
    }
    result["better"] = int((gain > 0).sum())
    shortest = min(len(r["curve"]) for r in runs)  # early stopping ends them at different epochs
    curves = np.array([r["curve"][:shortest] for r in runs])
    result["curve"] = curves.mean(axis=0).round(3).tolist()
    result["curve_spread"] = [round(spread(column), 3) for column in curves.T]
    return result


def spread(values: Array) -> float:
    """The standard deviation over the seeds, 0 of a single one."""
    return float(values.std(ddof=1)) if len(values) > 1 else 0.0


if __name__ == "__main__":
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(experiment(SETTINGS), indent=1) + "\n", encoding="utf-8")
