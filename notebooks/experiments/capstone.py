"""The experiments of lecture 11 that need minutes: all 32 recipes, and four rounds of choosing.

``python notebooks/experiments/capstone.py`` from the course's folder writes ``capstone.json``
beside this file; it takes about half an hour. The lecture shows the same functions and runs
a part of them live.

- ``recipes``: every subset of the five ingredients. The learning rate of each is the best of four
  on three tuning seeds; then ten other seeds measure it. A seed decides which development digits
  are validation digits, the first weights, the masks and the order of the batches.
- ``dropout_alone``: the recipes that D makes guess although they do better without it, once more,
  in the same way, D being dropout without the L2 penalty.
- ``regularised``: two recipes without and with dropout, an L2 penalty and decoupled decay. Rate
  and strength are the best of all pairs, by the validation accuracy of two tuning seeds.
- ``rounds``: each quarter of the digits is the test part once. Depth, width, dropout and scaling
  of the full recipe are chosen by validation accuracy among the other digits, and the chosen
  network is trained on these from several seeds. ``parts`` are the mistakes of networks of that
  shape without regularisation, and without batch normalisation as well: a number for each seed.
- ``in_order``: the mistakes of the first round's network if the quarters are those of the file,
  in its order: a number for each seed.
"""

import json
from itertools import combinations, product
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
    "dropout_alone": ["AD", "ARD", "ADI"],
    "regularised": ["AR", "ARI"],
    "strengths": {
        "none": [0.0],
        "dropout": [0.1, 0.2, 0.4],
        "L2 penalty": [1e-5, 1e-4, 1e-3],
        "decoupled decay": [0.01, 0.1, 1.0],
    },
    "parts": ["ARI", "ARBI"],
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


def train(recipe, lr, x, t, rng, epochs=30, anneal=False, l2=1e-3, watch=lambda net: None, **shape):
    """Train on x, t; return the network and what `watch` says of it after each epoch."""
    net = network(recipe, rng, **shape)
    optimizer = nn.Adam(lr) if "A" in recipe else nn.SGD(lr)
    updates = -(-len(x) // 32)  # in an epoch, rounded up
    options = {"epochs": epochs, "batch_size": 32, "rng": rng}
    options["penalty"] = nn.L2(l2) if "D" in recipe else None
    options["schedule"] = nn.cosine(lr, epochs * updates) if anneal else None
    run = nn.train(net, nn.CrossEntropy(), optimizer, x, t, **options)
    return net, [watch(net) for step in run if (step.update + 1) % updates == 0]


def measure(recipe, lr, seed, x, t, epochs=30, l2=1e-3):
    """Validation accuracy after each epoch; the seed also says which digits validate."""
    rng = np.random.default_rng(seed)
    x_train, t_train, x_val, t_val = data.split(x, t, rng=rng)

    def accuracy(net):
        return nn.accuracy(net.infer(x_val), t_val)

    return train(recipe, lr, x_train, t_train, rng, epochs, l2=l2, watch=accuracy)[1]


def compare(recipes, settings, x, t, l2=1e-3):
    """Of each recipe the best rate, and its curves of validation accuracy on the other seeds."""
    results = {}
    for recipe in recipes:

        def curves_at(lr, seeds, recipe=recipe):
            return [measured(recipe, lr, seed, x, t, settings, l2) for seed in seeds]

        rates = settings["rates"]["Adam" if "A" in recipe else "SGD"]
        tuning = [np.mean(curves_at(lr, settings["tuning_seeds"]), axis=0)[-1] for lr in rates]
        lr = rates[int(np.argmax(tuning))]
        curves = curves_at(lr, settings["seeds"])
        results[recipe] = {"lr": lr, "curves": np.round(curves, 3).tolist()}
    return results


def measured(recipe, lr, seed, x, t, settings, l2):
    """As `measure`; a run that diverges counts as guessing."""
    try:
        return measure(recipe, lr, seed, x, t, settings["epochs"], l2)
    except nn.Diverged:
        return [0.1] * settings["epochs"]


def regularised(recipe, kind, strength, lr, seed, x, t, epochs):
    """Accuracy on validation and on training digits with one kind of regularisation."""
    rng = np.random.default_rng(seed)
    x_train, t_train, x_val, t_val = data.split(x, t, rng=rng)
    with_dropout = kind == "dropout"
    letters = "".join(c for c in INGREDIENTS if c in recipe or (c == "D" and with_dropout))
    net = network(letters, rng, p_drop=strength if with_dropout else 0.2)
    decay = strength * net.decay_mask if kind == "decoupled decay" else 0.0
    penalty = nn.L2(strength) if kind == "L2 penalty" else None
    optimizer = nn.Adam(lr, weight_decay=decay)
    options = {"epochs": epochs, "batch_size": 32, "rng": rng, "penalty": penalty}
    nn.fit(net, nn.CrossEntropy(), optimizer, x_train, t_train, **options)
    return nn.accuracy(net.infer(x_val), t_val), nn.accuracy(net.infer(x_train), t_train)


def compare_regularisation(recipe, kind, settings, x, t):
    """The best strength and rate, what each strength reached, and the other seeds' accuracies."""
    strengths, rates = settings["strengths"][kind], settings["rates"]["Adam"][-3:]
    tuning = {
        (strength, lr): np.mean(
            [
                regularised(recipe, kind, strength, lr, seed, x, t, settings["epochs"])[0]
                for seed in settings["tuning_seeds"][:2]
            ]
        )
        for strength, lr in product(strengths, rates)
    }
    strength, lr = max(tuning, key=tuning.get)
    ends = [
        regularised(recipe, kind, strength, lr, seed, x, t, settings["epochs"])
        for seed in settings["seeds"]
    ]
    reached = [max(tuning[strength, lr] for lr in rates) for strength in strengths]
    validation, training = np.round(ends, 3).T.tolist()
    return {
        "strength": strength,
        "lr": lr,
        "reached": np.round(reached, 3).tolist(),
        "validation": validation,
        "training": training,
    }


def final(shape, x_train, t_train, x_test, rng, epochs=30, recipe=INGREDIENTS):
    """Logits of a recipe for x_test; shape is one of the choices."""
    shape = dict(shape)
    if shape.pop("standardize"):
        x_train, x_test = data.standardize(x_train, x_test)
    net, _ = train(recipe, 0.003, x_train, t_train, rng, epochs, anneal=True, **shape)
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
    arrays = x[dev], t[dev], x[test]
    mistakes = [
        wrong_guesses(chosen, arrays, test, t, seed, settings) for seed in settings["choice_seeds"]
    ]
    parts = {
        recipe: [
            len(wrong_guesses(chosen, arrays, test, t, seed, settings, recipe=recipe))
            for seed in settings["choice_seeds"]
        ]
        for recipe in settings["parts"]
    }
    return {"choices": choices, "chosen": chosen, "mistakes": mistakes, "parts": parts}


def wrong_guesses(shape, arrays, test, t, seed, settings, **options):
    """Which test digits the network misreads, and as what: pairs of index and guess."""
    rng = np.random.default_rng(seed)
    guesses = final(shape, *arrays, rng, settings["epochs"], **options).argmax(axis=1)
    wrong = np.flatnonzero(guesses != t[test])
    return [[int(test[i]), int(guesses[i])] for i in wrong]


def in_order(shape, settings, x, t):
    """Mistakes on each quarter of the file, in its order, by networks trained on the others."""
    counts = []
    for test in np.array_split(np.arange(len(t)), 4):
        dev = np.setdiff1d(np.arange(len(t)), test)
        arrays = x[dev], t[dev], x[test]
        wrong = [
            wrong_guesses(shape, arrays, test, t, seed, settings)
            for seed in settings["choice_seeds"]
        ]
        counts.append([len(each) for each in wrong])
    return counts


def experiment(settings):
    """All results, as they are stored."""
    x, t = data.digits()
    x_dev, t_dev, _, _ = data.split(x, t, rng=settings["split"])  # all but the first quarter
    recipes = ["".join(letters) for n in range(6) for letters in combinations(INGREDIENTS, n)]
    rounds = [play_round(k, settings, x, t) for k in range(4)]
    return {
        "settings": settings,
        "recipes": compare(recipes, settings, x_dev, t_dev),
        "dropout_alone": compare(settings["dropout_alone"], settings, x_dev, t_dev, l2=0.0),
        "regularised": {
            recipe: {
                kind: compare_regularisation(recipe, kind, settings, x_dev, t_dev)
                for kind in settings["strengths"]
            }
            for recipe in settings["regularised"]
        },
        "rounds": rounds,
        "in_order": in_order(rounds[0]["chosen"], settings, x, t),
    }


if __name__ == "__main__":
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(experiment(SETTINGS)) + "\n")
