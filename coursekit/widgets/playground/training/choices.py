"""All that can be chosen in the playground: names, labels and limits."""

from collections.abc import Sequence

CLASSES, REGRESSION, OWN = "classes", "regression", "own"
TWO, SEVERAL = "two", "several"

DATA = {
    "circle": (CLASSES, "circle"),
    "xor": (CLASSES, "XOR"),
    "gauss": (CLASSES, "two clouds"),
    "spiral": (CLASSES, "spirals"),
    "plane": (REGRESSION, "plane"),
    "bumps": (REGRESSION, "bumps"),
    "moons": (CLASSES, "moons"),
    "clouds": (CLASSES, "several clouds"),
    "own": (OWN, "own points"),
}
FEATURES = {
    "x1": "x₁",
    "x2": "x₂",
    "x1^2": "x₁²",
    "x2^2": "x₂²",
    "x1*x2": "x₁x₂",
    "sin(x1)": "sin x₁",
    "sin(x2)": "sin x₂",
}
ACTIVATIONS = ("tanh", "ReLU", "sigmoid", "identity", "leaky ReLU", "ELU", "softplus", "step")
INITIALISERS = (
    "glorot uniform",
    "glorot normal",
    "he uniform",
    "he normal",
    "uniform",
    "normal",
    "zeros",
)
SCALED_INITIALISERS = ("uniform", "normal")
OPTIMIZERS = ("SGD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam")
PENALTIES = ("none", "L1", "L2", "elastic net")
PACES = ("update", "epoch", "fast")
#: The losses that fit each kind of problem, the usual one first.
LOSSES = {
    TWO: ("cross-entropy", "squared error", "hinge", "perceptron"),
    SEVERAL: ("cross-entropy",),
    REGRESSION: ("squared error",),
}
CHOICES: dict[str, Sequence[str]] = {
    "data": tuple(DATA),
    "activation": ACTIVATIONS,
    "init": INITIALISERS,
    "loss": LOSSES[TWO],
    "optimizer": OPTIMIZERS,
    "penalty": PENALTIES,
    "pace": PACES,
}
RATES = (1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
STRENGTHS = (0.0, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
# lowest, highest, step of the control; the step binds nobody who types
WHOLE = {
    "noise": (0, 50, 5),
    "train_percent": (10, 90, 10),
    "classes": (2, 5, 1),
    "batch_size": (1, 500, 1),
    "data_seed": (0, 2**31 - 1, 1),
    "net_seed": (0, 2**31 - 1, 1),
}
NUMBERS = {"lr": (1e-6, 100.0), "strength": (0.0, 100.0), "init_scale": (1e-3, 10.0)}
UNITS, HIDDEN_LAYERS, DROPOUT = (1, 8, 1), (0, 6, 1), (0.0, 0.9, 0.1)
