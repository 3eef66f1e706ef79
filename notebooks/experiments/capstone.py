"""The experiments of lecture 11 that need minutes: all 32 recipes, and four rounds of choosing.

``python notebooks/experiments/capstone.py`` from the course's folder writes ``capstone.json``
beside this file; it takes about fifteen minutes. The lecture shows the same functions and runs a
part of them live.

- ``recipes``: every subset of the five ingredients. The learning rate of each is the best of four
  on three tuning seeds; then ten other seeds measure it. A seed decides which development digits
  are validation digits, the first weights, the masks and the order of the batches.
- ``rounds``: each quarter of the digits is the test part once. Depth, width, dropout and scaling
  of the full recipe are chosen by validation accuracy among the other digits, and the chosen
  network is trained on these from several seeds.
"""

import json
from itertools import combinations
from pathlib import Path

import numpy as np

from coursekit import data, nn

INGREDIENTS = "ARDBI"
SETTINGS = {
    "split": 11,
    "epochs": 30,
    "rates": {"SGD": [0.03, 0.1, 0.3, 1.0], "Adam": [0.0003, 0.001, 0.003, 0.01]},
    "tuning_seeds": [100, 101, 102],
    "seeds": list(range(10)),
    "choice_seeds": list(range(5)),
    "choices": [
        {"depth": depth, "width": width, "p_drop": p_drop, "standardize": standardize}
        for depth, width in ((1, 256), (2, 128), (4, 64))
        for p_drop in (0.2, 0.4)
        for standardize in (False, True)
    ],
}


def network(recipe, rng, depth=4, width=64, p_drop=0.2):
    """A network 64 - width - ... - width - 10 with the ingredients whose letters are in recipe."""
    relu = "R" in recipe
    init = nn.normal(0.01)
    if "I" in recipe:
        init = nn.he_normal if relu else nn.glorot_normal
    layers, n_in = [], 64
    for _ in range(depth):
        layers.append(nn.Dense(n_in, width, rng=rng, init=init))
        if "B" in recipe:
            layers.append(nn.BatchNorm(width))
        layers.append(nn.ReLU() if relu else nn.Sigmoid())
        if "D" in recipe:
            layers.append(nn.Dropout(p_drop, rng=rng))
        n_in = width
    return nn.Sequential(*layers, nn.Dense(n_in, 10, rng=rng, init=init))


def train(recipe, lr, x, t, rng, epochs=30, anneal=False, watch=lambda net: None, **shape):
    """Train on x, t; return the network and what `watch` says of it after each epoch."""
    net = network(recipe, rng, **shape)
    optimizer = nn.Adam(lr) if "A" in recipe else nn.SGD(lr)
    penalty = nn.L2(1e-3) if "D" in recipe else None
    updates = -(-len(x) // 32)  # in an epoch, rounded up
    schedule = nn.cosine(lr, epochs * updates) if anneal else None
    run = nn.train(
        net,
        nn.CrossEntropy(),
        optimizer,
        x,
        t,
        epochs=epochs,
        batch_size=32,
        rng=rng,
        penalty=penalty,
        schedule=schedule,
    )
    return net, [watch(net) for step in run if (step.update + 1) % updates == 0]


def measure(recipe, lr, seed, x, t, epochs=30):
    """Validation accuracy after each epoch; the seed also says which digits validate."""
    rng = np.random.default_rng(seed)
    x_train, t_train, x_val, t_val = data.split(x, t, rng=rng)

    def accuracy(net):
        return nn.accuracy(net.infer(x_val), t_val)

    return train(recipe, lr, x_train, t_train, rng, epochs, watch=accuracy)[1]


def compare(recipes, settings, x, t):
    """Of each recipe the best rate, and its curves of validation accuracy on the other seeds."""
    results = {}
    for recipe in recipes:
        rates = settings["rates"]["Adam" if "A" in recipe else "SGD"]
        tuning = [
            np.mean([measured(recipe, lr, s, x, t, settings)[-1] for s in settings["tuning_seeds"]])
            for lr in rates
        ]
        lr = rates[int(np.argmax(tuning))]
        curves = [measured(recipe, lr, s, x, t, settings) for s in settings["seeds"]]
        results[recipe] = {"lr": lr, "curves": np.round(curves, 3).tolist()}
    return results


def measured(recipe, lr, seed, x, t, settings):
    """As `measure`; a run that diverges counts as guessing."""
    try:
        return measure(recipe, lr, seed, x, t, settings["epochs"])
    except nn.Diverged:
        return [0.1] * settings["epochs"]


def final(shape, x_train, t_train, x_test, rng, epochs=30):
    """Logits of the full recipe for x_test; shape is one of the choices."""
    shape = dict(shape)
    if shape.pop("standardize"):
        x_train, x_test = data.standardize(x_train, x_test)
    net, _ = train(INGREDIENTS, 0.003, x_train, t_train, rng, epochs, anneal=True, **shape)
    return net(x_test)


def choose(settings, x, t):
    """Mean validation accuracy of each choice."""
    accuracies = []
    for shape in settings["choices"]:
        values = []
        for seed in settings["choice_seeds"]:
            rng = np.random.default_rng(seed)
            x_train, t_train, x_val, t_val = data.split(x, t, rng=rng)
            y = final(shape, x_train, t_train, x_val, rng, settings["epochs"])
            values.append(nn.accuracy(y, t_val))
        accuracies.append(round(float(np.mean(values)), 4))
    return accuracies


def quarters(t, seed):
    """Indices of four parts of the digits, of equal size and mix."""
    rest, _, first, _ = data.split(np.arange(len(t)), t, rng=seed)
    rest, _, second, _ = data.split(rest, t[rest], test=1 / 3, rng=seed)
    third, _, fourth, _ = data.split(rest, t[rest], test=1 / 2, rng=seed)
    return first, second, third, fourth


def play_round(k, settings, x, t):
    """Choose without quarter k, train without it from several seeds, and list what goes wrong."""
    parts = quarters(t, settings["split"])
    test, dev = parts[k], np.concatenate([*parts[:k], *parts[k + 1 :]])
    choices = choose(settings, x[dev], t[dev])
    chosen = settings["choices"][int(np.argmax(choices))]
    mistakes = [
        wrong_guesses(chosen, dev, test, seed, settings, x, t) for seed in settings["choice_seeds"]
    ]
    return {"choices": choices, "chosen": chosen, "mistakes": mistakes}


def wrong_guesses(shape, dev, test, seed, settings, x, t):
    """Which test digits the network misreads, and as what: pairs of index and guess."""
    rng = np.random.default_rng(seed)
    guesses = final(shape, x[dev], t[dev], x[test], rng, settings["epochs"]).argmax(axis=1)
    wrong = np.flatnonzero(guesses != t[test])
    return [[int(test[i]), int(guesses[i])] for i in wrong]


def experiment(settings):
    """All results, as they are stored."""
    x, t = data.digits()
    x_dev, t_dev, _, _ = data.split(x, t, rng=settings["split"])  # all but the first quarter
    recipes = ["".join(letters) for n in range(6) for letters in combinations(INGREDIENTS, n)]
    return {
        "settings": settings,
        "recipes": compare(recipes, settings, x_dev, t_dev),
        "rounds": [play_round(k, settings, x, t) for k in range(4)],
    }


if __name__ == "__main__":
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(experiment(SETTINGS)) + "\n")
