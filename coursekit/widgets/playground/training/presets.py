"""A playground for each lecture from the third on: settings to begin with, and a goal."""

from dataclasses import dataclass
from typing import Any

from coursekit.language import mark
from coursekit.widgets.playground.training.goals import Goal

PLAIN = ("x1", "x2")  # the features of a reader who lets the network do the work


@dataclass(frozen=True)
class Preset:
    """Settings, by name, what to reach from them, and the controls that this needs.

    Attributes
    ----------
    title : str
    settings : dict
    goal : Goal
    controls : tuple of str
        Keys of `choices.LABELS`, or "epochs": what the bar above the picture holds, besides play,
        step and reset. The rest is in the drawer.
    """

    title: str
    settings: dict[str, Any]
    goal: Goal
    controls: tuple[str, ...]


PRESETS = {
    "few units": Preset(
        mark("Lecture 03: a disc with few units"),
        {"data": "circle", "hidden": [1], "lr": 0.1, "show_test": True},
        Goal(
            mark("95 % of the test points right with at most 3 hidden units"),
            lambda s: s.measures.test_accuracy >= 0.95 and s.model.n_hidden_units <= 3,
            {"data": "circle", "features": PLAIN},
        ),
        ("lr", "activation", "show_test"),
    ),
    "width": Preset(
        mark("Lecture 04: one hidden layer, ever wider"),
        {"data": "bumps", "hidden": [2], "optimizer": "Adam", "lr": 0.01},
        Goal(
            mark("a test loss of at most 0.03 with a single hidden layer"),
            lambda s: s.measures.test_loss <= 0.03 and len(s.settings.hidden) <= 1,
            {"data": "bumps", "features": PLAIN, "noise": 0},
        ),
        ("lr", "activation", "optimizer"),
    ),
    "paralysis": Preset(
        mark("Lecture 05b: sigmoids on their shoulders"),
        {
            "data": "xor",
            "hidden": [4, 4],
            "activation": "sigmoid",
            "loss": "squared error",
            "init": "normal",
            "init_scale": 10,
            "gradients": True,
        },
        Goal(
            mark("95 % of the training points right, with sigmoids in all hidden layers"),
            lambda s: s.measures.train_accuracy >= 0.95,
            {"data": "xor", "features": PLAIN, "activation": "sigmoid"},
        ),
        ("lr", "loss", "init", "init_scale"),
    ),
    "dead units": Preset(
        mark("Lecture 06: units that die"),
        {
            "data": "circle",
            "hidden": [4, 4, 4],
            "activation": "ReLU",
            "init": "he normal",
            "net_seed": 2,  # all units alive at the start
            "lr": 1.0,
            "gradients": True,
        },
        Goal(
            mark(
                "95 % of the test points right and not one dead unit, with three hidden layers "
                "of four"
            ),
            lambda s: (
                s.measures.test_accuracy >= 0.95
                and not s.model.dead_units.any()
                and len(s.settings.hidden) >= 3
                and s.model.n_hidden_units >= 12
            ),
            {"data": "circle", "features": PLAIN},
        ),
        ("lr", "activation", "init", "gradients"),
    ),
    "optimizers": Preset(
        mark("Lecture 07: the same rate for every optimizer"),
        {"data": "xor", "lr": 0.03},
        Goal(
            mark(
                "a training loss of at most 0.1 within 15 epochs, at the learning rate 0.03 and "
                "with batches of 10"
            ),
            lambda s: s.measures.train_loss <= 0.1 and s.epoch <= 15,
            {"data": "xor", "features": PLAIN, "lr": 0.03, "batch_size": 10},
        ),
        ("lr", "optimizer", "epochs"),
    ),
    "batch norm": Preset(
        mark("Lecture 08: six layers of sigmoids"),
        {"data": "circle", "hidden": [8] * 6, "activation": "sigmoid", "lr": 0.03},
        Goal(
            mark(
                "95 % of the test points right within 50 epochs, with six hidden layers of sigmoids"
            ),
            lambda s: (
                s.measures.test_accuracy >= 0.95 and s.epoch <= 50 and len(s.settings.hidden) >= 6
            ),
            {"data": "circle", "features": PLAIN, "activation": "sigmoid"},
        ),
        ("lr", "batch_norm", "epochs"),
    ),
    "overfitting": Preset(
        mark("Lecture 09b: few points, wrong labels among them"),
        {
            "data": "circle",
            "noise": 20,
            "train_percent": 10,
            "hidden": [8, 8],
            "optimizer": "Adam",
            "show_test": True,
        },
        Goal(
            mark(
                "after 200 epochs or more a test loss of at most 0.25, with 16 hidden units and "
                "these points"
            ),
            lambda s: (
                s.epoch >= 200 and s.measures.test_loss <= 0.25 and s.model.n_hidden_units >= 16
            ),
            {"data": "circle", "noise": 20, "train_percent": 10},
        ),
        ("penalty", "strength", "dropout", "epochs"),
    ),
    "initialisation": Preset(
        mark("Lecture 10: weights that start at zero"),
        {"data": "circle", "init": "zeros", "lr": 0.1},
        Goal(
            mark("95 % of the test points right within 100 epochs, by SGD at the rate 0.1"),
            lambda s: s.measures.test_accuracy >= 0.95 and s.epoch <= 100,
            {"data": "circle", "features": PLAIN, "optimizer": "SGD", "lr": 0.1},
        ),
        ("init", "init_scale", "epochs"),
    ),
    "spiral": Preset(
        mark("Lecture 11: two spirals, all means allowed"),
        {"data": "spiral", "show_test": True},
        Goal(
            mark("95 % of the test points right from x₁ and x₂ alone"),
            lambda s: s.measures.test_accuracy >= 0.95,
            {"data": "spiral", "features": PLAIN, "noise": 0},
        ),
        ("lr", "activation", "optimizer", "batch_size"),
    ),
}
