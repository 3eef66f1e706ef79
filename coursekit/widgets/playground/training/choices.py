"""All that can be chosen in the playground: names, labels and limits."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from coursekit import data
from coursekit.language import mark
from coursekit.nn.validation import Array
from coursekit.widgets.base.parts import ACTIVATIONS, INITIALIZERS, OPTIMIZERS

CLASSES, REGRESSION, OWN = "classes", "regression", "own"
TWO, SEVERAL = "two", "several"


class DataSet(NamedTuple):
    """A data set as the playground offers it."""

    kind: str
    label: str
    make: Callable[..., Any] | None  # of n points, with rng and noise; None for the reader's own


DATA = {
    "circle": DataSet(CLASSES, mark("circle"), data.circles),
    "xor": DataSet(CLASSES, mark("XOR"), data.xor),
    "gauss": DataSet(CLASSES, mark("two clouds"), data.blobs),
    "spiral": DataSet(CLASSES, mark("spirals"), data.spirals),
    "plane": DataSet(REGRESSION, mark("plane"), data.plane),
    "bumps": DataSet(REGRESSION, mark("bumps"), data.gaussians),
    "moons": DataSet(CLASSES, mark("moons"), data.moons),
    "clouds": DataSet(CLASSES, mark("several clouds"), data.blobs),
    "own": DataSet(OWN, mark("own points"), None),
}
FEATURES: dict[str, tuple[str, Callable[[Array, Array], Array]]] = {  # label and formula
    "x1": ("x₁", lambda x1, x2: x1),
    "x2": ("x₂", lambda x1, x2: x2),
    "x1^2": ("x₁²", lambda x1, x2: x1 * x1),
    "x2^2": ("x₂²", lambda x1, x2: x2 * x2),
    "x1*x2": ("x₁x₂", lambda x1, x2: x1 * x2),
    "sin(x1)": ("sin x₁", lambda x1, x2: np.sin(x1)),
    "sin(x2)": ("sin x₂", lambda x1, x2: np.sin(x2)),
}
SCALED_INITIALIZERS = ("uniform", "normal")
PENALTIES = (mark("none"), "L1", "L2", mark("elastic net"))
#: The losses that fit each kind of problem, the usual one first.
LOSSES = {
    TWO: (mark("cross-entropy"), mark("squared error"), mark("hinge"), mark("perceptron")),
    SEVERAL: ("cross-entropy",),
    REGRESSION: ("squared error",),
}
CHOICES: dict[str, Sequence[str]] = {
    "data": tuple(DATA),
    "activation": tuple(ACTIVATIONS),
    "init": tuple(INITIALIZERS),
    "loss": LOSSES[TWO],
    "optimizer": tuple(OPTIMIZERS),
    "penalty": PENALTIES,
    "pace": (mark("update"), mark("epoch"), mark("fast")),
}
#: What the page calls the settings, in the order of its drawer.
LABELS = {
    "lr": mark("learning rate"),
    "activation": mark("activation"),
    "noise": mark("noise, %"),
    "train_percent": mark("training data, %"),
    "classes": mark("classes of the clouds"),
    "data_seed": mark("seed of the data"),
    "optimizer": mark("optimizer"),
    "loss": mark("loss"),
    "batch_size": mark("batch size"),
    "penalty": mark("penalty"),
    "strength": mark("penalty strength"),
    "batch_norm": mark("batch norm in all layers"),
    "dropout": mark("dropout in all layers"),
    "init": mark("initialisation"),
    "init_scale": mark("initial scale"),
    "net_seed": mark("seed of the weights"),
    "pace": mark("a picture shows"),
    "show_test": mark("test data (hollow)"),
    "discretize": mark("output as classes only"),
    "gradients": mark("gradients and dead units"),
    "hidden_space": mark("hidden space"),
}
EPOCHS = "epochs"  # among the controls: the number of epochs to run
RATES = (1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
STRENGTHS = (0.0, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
SCALES = (0.001, 0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 3.0, 10.0)
# lowest, highest, step of the control; a number that is typed may lie between two steps
WHOLE = {
    "noise": (0, 50, 5),
    "train_percent": (10, 90, 10),
    "classes": (2, 5, 1),
    "batch_size": (1, 500, 1),
    "data_seed": (0, 2**31 - 1, 1),
    "net_seed": (0, 2**31 - 1, 1),
    "units": (1, 8, 1),
    "hidden_layers": (0, 6, 1),
}
NUMBERS: dict[str, tuple[float, ...]] = {
    "lr": (1e-6, 100.0),
    "strength": (0.0, 100.0),
    "init_scale": (1e-3, 10.0),
    "dropout": (0.0, 0.9, 0.1),
}
MOST_LAYERS, MOST_UNITS = WHOLE["hidden_layers"][1], WHOLE["units"][1]
