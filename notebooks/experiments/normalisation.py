"""Networks on the digits with and without batch normalisation, over learning rates and seeds.

    python notebooks/experiments/normalisation.py

takes a few minutes and writes ``normalisation.json`` beside it, which lecture 08 shows:

- `runs`: how many test digits are right after some epochs, and the updates until the loss on the
  test digits is low;
- `small_batches`: right digits with mini-batches of several sizes, each at the rate that was best
  on the first half of the held-out digits;
- `last_batch`: what a small batch at the end of each epoch does, with and without new statistics;
- `together`: the change of the loss by one step, in single layers and in all at once;
- `shaken`: what is left of batch norm's benefit if its outputs are shifted at random;
- `reach`: how far the negative gradient leads downwards from the start.
"""

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np

from coursekit import data, nn

SETTINGS: dict[str, Any] = {
    "width": 32,
    "batch_size": 64,
    "rates": [0.01, 0.03, 0.1, 0.3, 1.0, 3.0],
    "seeds": list(range(6)),
    "epochs": 5,  # after these the right digits are counted
    "low_loss": 0.2,
    "most_epochs": 20,  # in which a run may reach the low loss
    "together_rates": [0.05, 0.5, 2.0],
    "amounts": [0.0, 0.25, 0.5, 1.0],  # of shaking, in standard deviations
    "shaken_epochs": 10,
    "start_seeds": list(range(12)),  # of untrained networks
    "sizes": [2, 4, 16, 64],  # of mini-batches
    "size_rates": [0.01, 0.1, 0.3],
    "size_epochs": 3,
    "last_epochs": 5,
    "last_rate": 0.3,
}
#: Depth and activation of each kind of network.
KINDS: dict[str, tuple[int, Any]] = {
    "2 × ReLU": (2, nn.ReLU),
    "8 × ReLU": (8, nn.ReLU),
    "4 × sigmoid": (4, nn.Sigmoid),
}
#: The networks of the smaller questions, of the same parts.
OTHERS: dict[str, tuple[int, Any]] = {"3 × ReLU": (3, nn.ReLU), "4 × ReLU": (4, nn.ReLU)}


def four_times_glorot(n_in: int, n_out: int, rng: np.random.Generator) -> Any:
    """What Glorot and Bengio's tutorials take for the sigmoid."""
    return 4 * nn.glorot_normal(n_in, n_out, rng)


#: Batch norm or not, and an initialiser of the sigmoids' weights in the place of Glorot's.
VERSIONS: dict[str, tuple[bool, Any]] = {
    "without": (False, None),
    "without, weights × 4": (False, four_times_glorot),
    "with batch norm": (True, None),
}


@functools.cache
def digits(count: int = 1280) -> tuple[Any, ...]:
    """Digits to train on, 20 whole batches of 64 if there are 1,280, and those held out."""
    x_train, t_train, x_test, t_test = data.split(*data.digits(), rng=0)
    x_train, x_test = data.standardize(x_train[:count], x_test)
    return x_train, t_train[:count], x_test, t_test


#: The first half of the held-out digits is for choosing a rate, the second for the result.
HALVES = slice(None, 225), slice(225, None)


def network(
    kind: str, version: str, width: int, seed: int, norm: Any = nn.BatchNorm
) -> nn.Sequential:
    """Hidden layers of this kind, and ten outputs."""
    (depth, activation), (batch_norm, init) = (KINDS | OTHERS)[kind], VERSIONS[version]
    usual = nn.he_normal if activation is nn.ReLU else nn.glorot_normal
    rng, layers, n_in = np.random.default_rng(seed), [], 64
    for _ in range(depth):
        layers += [nn.Dense(n_in, width, rng=rng, init=init or usual)]
        layers += [norm(width)] if batch_norm else []
        layers += [activation()]
        n_in = width
    return nn.Sequential(*layers, nn.Dense(n_in, 10, rng=rng, init=nn.glorot_normal))


def run(kind: str, version: str, rate: float, seed: int, settings: Any) -> tuple[float, int | None]:
    """Share of right test digits after the epochs, and updates until the loss is low."""
    x, t, x_test, t_test = digits()
    net, loss = network(kind, version, settings["width"], seed), nn.CrossEntropy()
    options = {"batch_size": settings["batch_size"], "rng": np.random.default_rng(seed)}
    steps = nn.train(net, loss, nn.SGD(rate), x, t, epochs=settings["most_epochs"], **options)
    right, needed, epoch = 0.1, None, 0
    with np.errstate(all="ignore"):  # a network on its way to divergence
        try:
            for step in steps:
                y, epoch = net.infer(x_test), step.epoch
                if needed is None and loss(y, t_test)[0] < settings["low_loss"]:
                    needed = step.update + 1
                if epoch < settings["epochs"]:
                    right = round(float(np.mean(y.argmax(axis=1) == t_test)), 4)
                elif needed is not None:
                    break
        except nn.Diverged:
            right = right if epoch >= settings["epochs"] else 0.1  # no better than a guess
    return right, needed


def start(kind: str, version: str, seed: int, settings: Any) -> tuple[nn.Sequential, Any, float]:
    """An untrained network with its gradient, a function that measures its loss, and the loss.

    The loss is that of all training digits, normalised by their own statistics.
    """
    x, t, *_ = digits()
    net, loss = network(kind, version, settings["width"], seed), nn.CrossEntropy()
    y, caches = net.forward(x)
    value, error = loss(y, t)
    net.backward(error, caches)
    return net, lambda: loss(net.forward(x)[0], t)[0], value


def together(version: str, rate: float, seed: int, settings: Any) -> list[float]:
    """Change of the loss: summed over steps of single layers, and by all steps at once."""
    net, value, before = start("8 × ReLU", version, seed, settings)
    theta, summed = net.theta.copy(), 0.0
    for layer in net.layers:
        for name in layer.params:
            layer.params[name] -= rate * layer.grads[name]
        summed += value() - before
        net.theta = theta
    net.theta = theta - rate * net.grad
    return [round(summed, 4), round(value() - before, 4)]


def reach(kind: str, version: str, seed: int, settings: Any) -> list[float]:
    """Along the negative gradient until the loss is higher: rate, distance, gradient's length."""
    net, value, before = start(kind, version, seed, settings)
    theta, direction, largest = net.theta.copy(), net.grad.copy(), 0.0
    for rate in 2.0 ** np.arange(-3, 7, 0.25):
        net.theta = theta - rate * direction
        if value() > before:
            break
        largest = rate
    size = float(np.linalg.norm(direction))
    return [round(float(v), 4) for v in (largest, largest * size, size)]


class ShakenBatchNorm(nn.BatchNorm):
    """Batch norm whose outputs are shifted and stretched at random at each training step."""

    def __init__(self, n: int, amount: float, rng: np.random.Generator) -> None:
        super().__init__(n)
        self.amount, self.rng = amount, rng

    def forward(self, x: Any) -> tuple[Any, Any]:
        y, cache = super().forward(x)
        stretch = 1 + self.rng.uniform(-self.amount, self.amount, size=y.shape[1])
        shift = self.rng.uniform(-self.amount, self.amount, size=y.shape[1])
        return stretch * y + shift, (cache, stretch)

    def backward(self, dy: Any, cache: Any) -> Any:
        below, stretch = cache
        return super().backward(stretch * dy, below)


def shaken(amount: float | None, rate: float, seed: int, settings: Any) -> list[float]:
    """Right test digits; and how far a unit's mean score jumps from step to step, in spreads.

    Without batch norm if the amount is None. The scores are those before the seventh layer's
    activation.
    """
    x, t, x_test, t_test = digits()
    shaking = np.random.default_rng([seed, 1])
    norm = functools.partial(ShakenBatchNorm, amount=amount or 0.0, rng=shaking)
    version = "without" if amount is None else "with batch norm"
    net = network("8 × ReLU", version, settings["width"], seed, norm)
    rng, means = np.random.default_rng(seed), []
    options = {"epochs": settings["shaken_epochs"], "batch_size": settings["batch_size"]}
    for _ in nn.train(net, nn.CrossEntropy(), nn.SGD(rate), x, t, rng=rng, **options):
        z = net.activations[13 if amount is None else 20]
        means.append(z.mean(axis=0) / z.std(axis=0))
    right = float(np.mean(net.infer(x_test).argmax(axis=1) == t_test))
    return [round(right, 4), round(float(np.median(np.abs(np.diff(means, axis=0)))), 4)]


def learning(settings: Any) -> dict[str, Any]:
    """Right digits and updates: by network, then by rates (rows) and seeds."""
    runs: dict[str, dict[str, Any]] = {}
    for kind in KINDS:
        for version in VERSIONS:
            if "weights" in version and "sigmoid" not in kind:
                continue
            pairs = [
                [run(kind, version, rate, seed, settings) for seed in settings["seeds"]]
                for rate in settings["rates"]
            ]
            runs.setdefault(kind, {})[version] = {
                "right": [[right for right, _ in row] for row in pairs],
                "updates": [[needed for _, needed in row] for row in pairs],
            }
    return runs


def with_size(version: str, size: int, rate: float, seed: int, settings: Any) -> list[float]:
    """Share of right digits in each half of those held out, after training with small batches."""
    x, t, x_test, t_test = digits()
    net = network("3 × ReLU", version, settings["width"], seed)
    options = {"epochs": settings["size_epochs"], "batch_size": size}
    rng = np.random.default_rng(seed)
    try:
        nn.fit(net, nn.CrossEntropy(), nn.SGD(rate), x, t, rng=rng, **options)
    except nn.Diverged:
        return [0.1, 0.1]  # no better than a guess
    right = net(x_test).argmax(axis=1) == t_test
    return [round(float(right[half].mean()), 4) for half in HALVES]


def small_batches(version: str, size: int, settings: Any) -> dict[str, Any]:
    """The rate that was best on the first half, and the right digits of the second by seeds."""
    by_rate = {
        rate: np.array([with_size(version, size, rate, s, settings) for s in settings["seeds"]])
        for rate in settings["size_rates"]
    }
    rate = max(by_rate, key=lambda rate: by_rate[rate][:, 0].mean())
    return {"rate": rate, "right": by_rate[rate][:, 1].tolist()}


def last_batch(count: int, seed: int, settings: Any) -> list[float]:
    """Right digits as trained and with new statistics; gradients of last and full batches.

    The new running statistics are those of 100 full batches, with the same weights. The gradients
    are the medians of their lengths; if the last batch is a full one, both are of full batches.
    """
    x, t, x_test, t_test = digits(count)
    net, loss = network("4 × ReLU", "with batch norm", settings["width"], seed), nn.CrossEntropy()
    size, lengths = settings["batch_size"], {True: [], False: []}
    options = {"epochs": settings["last_epochs"], "batch_size": size}
    rng = np.random.default_rng(seed)
    for step in nn.train(net, loss, nn.SGD(settings["last_rate"]), x, t, rng=rng, **options):
        lengths[step.samples == size].append(float(np.linalg.norm(net.grad)))
    right = [np.mean(net.infer(x_test).argmax(axis=1) == t_test)]
    rng = np.random.default_rng(1)
    for _ in range(100):
        net.forward(x[rng.choice(len(x), size, replace=False)])
    right.append(np.mean(net.infer(x_test).argmax(axis=1) == t_test))
    grads = [np.median(lengths[False] or lengths[True]), np.median(lengths[True])]
    return [round(float(value), 4) for value in (*right, *grads)]


def experiment(settings: dict[str, Any] = SETTINGS) -> dict[str, Any]:
    """Everything that is stored, with the settings it was computed with."""
    seeds, starts = settings["seeds"], settings["start_seeds"]
    versions = ("without", "with batch norm")
    shakes = [(None, 0.1), *((amount, 1.0) for amount in settings["amounts"])]
    return {
        "settings": settings,
        "runs": learning(settings),
        "small_batches": {
            version: [small_batches(version, size, settings) for size in settings["sizes"]]
            for version in versions
        },
        "last_batch": {
            str(count): [last_batch(count, seed, settings) for seed in seeds]
            for count in (1347, 1344)
        },
        "together": {
            version: [
                [together(version, rate, seed, settings) for seed in starts]
                for rate in settings["together_rates"]
            ]
            for version in versions
        },
        "shaken": [
            {
                "amount": amount,
                "rate": rate,
                "runs": [shaken(amount, rate, seed, settings) for seed in seeds],
            }
            for amount, rate in shakes
        ],
        "reach": {
            kind: {
                version: [reach(kind, version, s, settings) for s in starts] for version in versions
            }
            for kind in ("2 × ReLU", "8 × ReLU")
        },
    }


if __name__ == "__main__":
    stored = json.dumps(experiment())
    Path(__file__).with_suffix(".json").write_text(stored + "\n", encoding="utf-8")
