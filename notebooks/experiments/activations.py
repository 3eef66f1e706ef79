"""Every activation on digits that are moved to the side, each at its own best learning rate.

    python notebooks/experiments/activations.py

takes a few minutes and writes ``activations.json`` beside it, which lecture 06 shows. Networks of
one and of six hidden layers are trained by plain gradient descent. The sigmoid runs from three
starts: Glorot's weights, four times these, and the start at which it computes what tanh computes.
A learning rate is the best of several on validation digits; the runs that are stored begin at
other seeds.
"""

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np

from coursekit import data, nn

SETTINGS: dict[str, Any] = {
    "depths": [1, 6],
    "width": 32,
    "epochs": 30,
    "batch_size": 64,
    "rates": [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0],
    "tuning_seeds": [100, 101, 102],
    "seeds": list(range(10)),
}
ACTIVATIONS = {
    "identity": nn.Identity,
    "sigmoid": nn.Sigmoid,
    "sigmoid, weights × 4": nn.Sigmoid,
    "sigmoid, as tanh": nn.Tanh,  # see `as_sigmoids`
    "tanh": nn.Tanh,
    "ReLU": nn.ReLU,
    "leaky ReLU": lambda: nn.LeakyReLU(0.1),
    "ELU": nn.ELU,
    "Maxout": None,  # a layer of its own
}


def four_times_glorot(n_in: int, n_out: int, rng: np.random.Generator) -> Any:
    """What Glorot and Bengio's tutorials take for the sigmoid."""
    return 4 * nn.glorot_normal(n_in, n_out, rng)


def initializer(name: str) -> Any:
    """He's rule for ReLU and its relatives, Glorot's for the others."""
    if name == "sigmoid, weights × 4":
        return four_times_glorot
    return nn.he_normal if name in ("ReLU", "leaky ReLU", "ELU") else nn.glorot_normal


def network(name: str, depth: int, width: int, rng: np.random.Generator) -> nn.Sequential:
    """Hidden layers of one activation, and ten outputs."""
    layers: list[nn.Layer] = []
    n_in, init = 64, initializer(name)
    for _ in range(depth):
        make = ACTIVATIONS[name]
        if make is None:
            layers += [nn.Maxout(n_in, width, rng=rng, init=init)]
        else:
            layers += [nn.Dense(n_in, width, rng=rng, init=init), make()]
        n_in = width
    net = nn.Sequential(*layers, nn.Dense(n_in, 10, rng=rng, init=nn.glorot_normal))
    return as_sigmoids(net) if name == "sigmoid, as tanh" else net


def as_sigmoids(net: nn.Sequential) -> nn.Sequential:
    """The network of sigmoids y that computes what this one of tanh h does: h = 2y - 1."""
    layers: list[nn.Layer] = []
    for k in range(0, len(net.layers), 2):
        W, b = net.layers[k].params["W"], net.layers[k].params["b"]
        if k > 0:  # its inputs are outputs of tanh
            W, b = 2 * W, b - W.sum(axis=0)
        if k + 1 < len(net.layers):
            layers += [nn.Dense.from_weights(2 * W, 2 * b), nn.Sigmoid()]
        else:
            layers += [nn.Dense.from_weights(W, b)]
    return nn.Sequential(*layers)


@functools.cache
def digits() -> tuple[Any, ...]:
    """Digits moved by up to two pixels: to train on, to choose a rate on, and to judge by."""
    x, t = data.digits()
    rng = np.random.default_rng(0)
    padded = np.pad(x.reshape(-1, 8, 8), [(0, 0), (2, 2), (2, 2)])
    starts = rng.integers(0, 5, len(x))  # where each image begins: 2 is its old place
    moved = np.array([image[2:10, c : c + 8] for image, c in zip(padded, starts, strict=True)])
    x_rest, t_rest, x_test, t_test = data.split(moved.reshape(-1, 64), t, rng=0)
    x_rest, x_test = data.standardize(x_rest, x_test)
    return (*data.split(x_rest, t_rest, rng=1), x_test, t_test)


def train(name: str, depth: int, rate: float, seed: int, settings: Any) -> nn.Sequential | None:
    """One run; None if it diverges."""
    x, t, *_ = digits()
    rng = np.random.default_rng(seed)
    net = network(name, depth, settings["width"], rng)
    options = {"epochs": settings["epochs"], "batch_size": settings["batch_size"], "rng": rng}
    try:
        nn.fit(net, nn.CrossEntropy(), nn.SGD(rate), x, t, **options)
    except nn.Diverged:
        return None
    return net


def right(net: nn.Sequential | None, x: Any, t: Any) -> float:
    """Share of right answers; a guess for a network that has diverged."""
    if net is None:
        return 0.1
    with np.errstate(all="ignore"):  # a run on its way to divergence may overflow here
        return round(float(nn.accuracy(net(x), t)), 4)


def at_best_rate(name: str, depth: int, settings: Any) -> dict[str, Any]:
    """Validation by rates, the best of these, and the runs of all seeds at it."""
    _, _, x_validation, t_validation, x_test, t_test = digits()
    validation = []
    for rate in settings["rates"]:
        nets = [train(name, depth, rate, seed, settings) for seed in settings["tuning_seeds"]]
        validation.append(float(np.mean([right(net, x_validation, t_validation) for net in nets])))
    rate = settings["rates"][int(np.argmax(validation))]
    nets = [train(name, depth, rate, seed, settings) for seed in settings["seeds"]]
    return {
        "validation": validation,
        "rate": rate,
        "right": [right(net, x_test, t_test) for net in nets],
    }


def experiment(settings: dict[str, Any] = SETTINGS) -> dict[str, Any]:
    """Everything that is stored, with the settings it was computed with."""
    runs = {
        str(depth): {name: at_best_rate(name, depth, settings) for name in ACTIVATIONS}
        for depth in settings["depths"]
    }
    return {"settings": settings, "runs": runs}


if __name__ == "__main__":
    stored = json.dumps(experiment())
    Path(__file__).with_suffix(".json").write_text(stored + "\n", encoding="utf-8")
