"""Networks on the digits from different initial weights, each at its own best learning rate.

    python notebooks/experiments/initialisation.py

takes some minutes and writes ``initialisation.json`` beside it, which lecture 10 shows. Two
questions: how the usual schemes and two bad ones learn (`curves`), and how much the scale of the
weights matters with and without batch normalisation (`scales`). A learning rate is the best of
several on validation digits; the runs that are stored begin at other seeds.
"""

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np

from coursekit import data, nn
from coursekit.nn.initializers import Initializer

SETTINGS: dict[str, Any] = {
    "hidden_layers": 10,
    "width": 64,
    "epochs": 15,
    "batch_size": 64,
    "rates": [0.003, 0.01, 0.03, 0.1, 0.3, 1.0],
    "tuning_seeds": [100, 101],
    "seeds": list(range(10)),
    "scales": [0.0625, 0.25, 0.5, 1.0, 2.0, 4.0, 16.0],  # variance of a weight times n_in
}
ACTIVATIONS = {"tanh": nn.Tanh, "ReLU": nn.ReLU}


def scaled(scale: float) -> Initializer:
    """Weights from N(0, scale / n_in)."""
    return lambda n_in, n_out, rng: nn.normal(np.sqrt(scale / n_in))(n_in, n_out, rng)


SCHEMES: dict[str, Initializer] = {
    "standard deviation 0.01": nn.normal(0.01),
    "LeCun": scaled(1.0),
    "Glorot": nn.glorot_uniform,  # as in the paper
    "He": nn.he_normal,
    "standard deviation 1": nn.normal(1.0),
}


@functools.cache
def digits() -> tuple[Any, ...]:
    """Digits to train on (960, whole batches), to choose a rate on, and to judge by."""
    x_rest, t_rest, x_test, t_test = data.split(*data.digits(), rng=0)
    x, t, x_validation, t_validation = data.split(x_rest, t_rest, rng=1)
    x, x_validation, x_test = data.standardize(x, x_validation, x_test)
    return x[:960], t[:960], x_validation, t_validation, x_test, t_test


def train(
    activation: str, init: Initializer, rate: float, seed: int, settings: Any, norm: bool = False
) -> dict[str, Any]:
    """One run: its training loss by epochs (None once it has diverged), and how it ends."""
    x, t, x_validation, t_validation, x_test, t_test = digits()
    rng, n_in = np.random.default_rng(seed), 64
    layers: list[nn.Layer] = []
    width = settings["width"]
    for _ in range(settings["hidden_layers"]):
        layers += [nn.Dense(n_in, width, rng=rng, init=init)]
        layers += [nn.BatchNorm(width)] if norm else []
        layers += [ACTIVATIONS[activation]()]
        n_in = width
    net = nn.Sequential(*layers, nn.Dense(n_in, 10, rng=rng, init=nn.glorot_normal))
    losses: list[float | None] = [None] * settings["epochs"]
    validation, right = np.inf, 0.0  # a run that diverges has no answers
    options = {"epochs": settings["epochs"], "batch_size": settings["batch_size"], "rng": rng}
    try:
        history = nn.fit(net, nn.CrossEntropy(), nn.SGD(rate), x, t, **options)
        losses = [round(float(value), 3) for value in history.loss]
        validation = nn.evaluate(net, nn.CrossEntropy(), x_validation, t_validation)
        right = round(nn.accuracy(net(x_test), t_test), 3)
    except nn.Diverged as error:
        if error.history is not None:
            before = [round(float(value), 3) for value in error.history.loss]
            losses[: len(before)] = before
    return {"loss": losses, "validation": validation, "right": right}


def at_best_rate(
    activation: str, init: Initializer, settings: Any, norm: bool = False
) -> dict[str, Any]:
    """The runs of all seeds at the rate with the lowest validation loss."""

    def validation(rate: float) -> float:
        seeds = settings["tuning_seeds"]
        runs = [train(activation, init, rate, seed, settings, norm) for seed in seeds]
        return float(np.mean([run["validation"] for run in runs]))

    rate = min(settings["rates"], key=validation)  # the lowest if all diverge
    runs = [train(activation, init, rate, seed, settings, norm) for seed in settings["seeds"]]
    return {
        "rate": rate,
        "loss": [run["loss"] for run in runs],
        "right": [run["right"] for run in runs],
    }


def experiment(settings: dict[str, Any] = SETTINGS) -> dict[str, Any]:
    """Everything that is stored, with the settings it was computed with."""
    curves = {
        activation: {
            name: at_best_rate(activation, init, settings) for name, init in SCHEMES.items()
        }
        for activation in ACTIVATIONS
    }
    scales = {
        activation: {
            kind: [
                at_best_rate(activation, scaled(scale), settings, norm=kind == "batch norm")
                for scale in settings["scales"]
            ]
            for kind in ("plain", "batch norm")
        }
        for activation in ACTIVATIONS
    }
    return {"settings": settings, "curves": curves, "scales": scales}


if __name__ == "__main__":
    stored = json.dumps(experiment())
    Path(__file__).with_suffix(".json").write_text(stored + "\n", encoding="utf-8")
