"""A playground for each lecture from the third on: settings to begin with, and a goal."""

from dataclasses import dataclass
from typing import Any

from coursekit.widgets.playground.training.goals import Goal


@dataclass(frozen=True)
class Preset:
    """Settings, by name, and what to reach from them."""

    title: str
    settings: dict[str, Any]
    goal: Goal


PRESETS = {
    "few units": Preset(
        "Lecture 03: a disc with few units",
        {"data": "circle", "hidden": [1], "lr": 0.1, "show_test": True},
        Goal(
            "test accuracy ≥ 0.95, hidden units ≤ 3, data = circle, features = x1 x2",
            "95 % of the test points right with at most 3 hidden units",
        ),
    ),
    "width": Preset(
        "Lecture 04: one hidden layer, ever wider",
        {"data": "bumps", "hidden": [2], "optimizer": "Adam", "lr": 0.01},
        Goal(
            "test loss ≤ 0.03, hidden layers ≤ 1, data = bumps, features = x1 x2, noise = 0",
            "a test loss of at most 0.03 with a single hidden layer",
        ),
    ),
    "paralysis": Preset(
        "Lecture 05: sigmoids on their shoulders",
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
            "training accuracy ≥ 0.95, data = xor, activation = sigmoid, features = x1 x2",
            "95 % of the training points right, with sigmoids in all hidden layers",
        ),
    ),
    "dead units": Preset(
        "Lecture 06: units that die",
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
            "test accuracy ≥ 0.95, dead units ≤ 0, hidden layers ≥ 3, hidden units ≥ 12, "
            "data = circle, features = x1 x2",
            "95 % of the test points right and not one dead unit, with three hidden layers of four",
        ),
    ),
    "optimizers": Preset(
        "Lecture 07: the same rate for every optimizer",
        {"data": "xor", "lr": 0.03},
        Goal(
            "training loss ≤ 0.1, epochs ≤ 15, learning rate = 0.03, batch size = 10, data = xor, "
            "features = x1 x2",
            "a training loss of at most 0.1 within 15 epochs, at the learning rate 0.03 and with "
            "batches of 10",
        ),
    ),
    "batch norm": Preset(
        "Lecture 08: six layers of sigmoids",
        {"data": "circle", "hidden": [8] * 6, "activation": "sigmoid", "lr": 0.03},
        Goal(
            "test accuracy ≥ 0.95, epochs ≤ 50, hidden layers ≥ 6, activation = sigmoid, "
            "data = circle, features = x1 x2",
            "95 % of the test points right within 50 epochs, with six hidden layers of sigmoids",
        ),
    ),
    "overfitting": Preset(
        "Lecture 09: few points, wrong labels among them",
        {
            "data": "circle",
            "noise": 20,
            "train_percent": 10,
            "hidden": [8, 8],
            "optimizer": "Adam",
            "show_test": True,
        },
        Goal(
            "epochs ≥ 200, test loss ≤ 0.25, hidden units ≥ 16, data = circle, noise = 20, "
            "train percent = 10",
            "after 200 epochs or more a test loss of at most 0.25, with 16 hidden units and these "
            "points",
        ),
    ),
    "initialisation": Preset(
        "Lecture 10: weights that start at zero",
        {"data": "circle", "init": "zeros", "lr": 0.1},
        Goal(
            "test accuracy ≥ 0.95, epochs ≤ 100, learning rate = 0.1, optimizer = SGD, "
            "data = circle, features = x1 x2",
            "95 % of the test points right within 100 epochs, by SGD at the rate 0.1",
        ),
    ),
    "spiral": Preset(
        "Lecture 11: two spirals, all means allowed",
        {"data": "spiral", "show_test": True},
        Goal(
            "test accuracy ≥ 0.95, data = spiral, noise = 0, features = x1 x2",
            "95 % of the test points right from x₁ and x₂ alone",
        ),
    ),
}
