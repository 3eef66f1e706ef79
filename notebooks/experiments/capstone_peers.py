"""Lecture 11's network in PyTorch, and other classifiers of scikit-learn, on the same digits.

PyTorch and scikit-learn are no part of the course. In an environment that has them and the
course, ``python notebooks/experiments/capstone_peers.py`` writes ``capstone_peers.json`` beside
this file in a few minutes. It reads ``capstone.json``, for the chosen networks.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
import torch
from capstone import quarters
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from coursekit import data

NAMES = [
    "PyTorch, the same network",
    "scikit-learn, MLPClassifier",
    "scikit-learn, LogisticRegression",
    "scikit-learn, SVC",
]


def torch_mistakes(shape, epochs, seed, x_train, t_train, x_test, t_test):
    """Mistakes of the same network, trained in the same way by PyTorch."""
    torch.manual_seed(seed)
    torch.set_default_dtype(torch.float64)
    if shape["standardize"]:
        x_train, x_test = data.standardize(x_train, x_test)
    x, t = torch.tensor(x_train), torch.tensor(t_train)

    layers, n_in = [], 64
    for _ in range(shape["depth"]):
        dense = torch.nn.Linear(n_in, shape["width"])
        layers += [dense, torch.nn.BatchNorm1d(shape["width"], momentum=0.1)]
        layers += [torch.nn.ReLU(), torch.nn.Dropout(shape["p_drop"])]
        n_in = shape["width"]
    net = torch.nn.Sequential(*layers, torch.nn.Linear(n_in, 10))
    weights, rest = [], []
    for layer in net:
        if isinstance(layer, torch.nn.Linear):
            torch.nn.init.kaiming_normal_(layer.weight)
            torch.nn.init.zeros_(layer.bias)
            weights.append(layer.weight)
            rest.append(layer.bias)
        else:
            rest += layer.parameters()
    groups = [{"params": weights, "weight_decay": 1e-3}, {"params": rest, "weight_decay": 0.0}]
    optimizer = torch.optim.Adam(groups, lr=0.003)
    updates = epochs * -(-len(x) // 32)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, updates)

    net.train()
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(32):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(net(x[rows]), t[rows]).backward()
            optimizer.step()
            schedule.step()
    net.eval()
    with torch.no_grad():
        guesses = net(torch.tensor(x_test)).argmax(dim=1).numpy()
    return int((guesses != t_test).sum())


def sklearn_mistakes(model, x_train, t_train, x_test, t_test):
    """Mistakes of a classifier of scikit-learn."""
    return int((model.fit(x_train, t_train).predict(x_test) != t_test).sum())


def experiment(settings, shapes):
    """Mistakes of each peer on all digits: four rounds, each with another quarter as test part."""
    x, t = data.digits()
    parts = quarters(t, settings["split"])
    mistakes = {name: [] for name in NAMES}
    for seed in settings["choice_seeds"]:
        sums = dict.fromkeys(NAMES, 0)
        for k, shape in enumerate(shapes):
            test, dev = parts[k], np.concatenate([*parts[:k], *parts[k + 1 :]])
            arrays = x[dev], t[dev], x[test], t[test]
            layers = (shape["width"],) * shape["depth"]
            sums[NAMES[0]] += torch_mistakes(shape, settings["epochs"], seed, *arrays)
            models = [
                MLPClassifier(layers, random_state=seed),
                make_pipeline(StandardScaler(), LogisticRegression()),
                SVC(),
            ]
            for name, model in zip(NAMES[1:], models, strict=True):
                sums[name] += sklearn_mistakes(model, *arrays)
        for name, total in sums.items():
            mistakes[name].append(total)
    return {
        "settings": settings,
        "shapes": shapes,
        "versions": {"torch": torch.__version__.split("+")[0], "scikit-learn": sklearn.__version__},
        "n_test": len(t),
        "mistakes": mistakes,
    }


if __name__ == "__main__":
    here = Path(__file__).parent
    ours = json.loads((here / "capstone.json").read_text())
    settings = {name: ours["settings"][name] for name in ("split", "epochs", "choice_seeds")}
    result = experiment(settings, [played["chosen"] for played in ours["rounds"]])
    (here / "capstone_peers.json").write_text(json.dumps(result) + "\n")
