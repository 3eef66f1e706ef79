"""The layers, losses and networks that the tests of `coursekit.nn` run over."""

from collections.abc import Callable

import numpy as np

from coursekit import nn


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def half_mask(n_in: int, n_out: int) -> np.ndarray:
    """Every second connection, like a chessboard."""
    return np.indices((n_in, n_out)).sum(axis=0) % 2


ACTIVATIONS: dict[str, Callable[[], nn.Activation]] = {
    "identity": nn.Identity,
    "step": nn.Step,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky relu": nn.LeakyReLU,
    "leaky relu 0.3": lambda: nn.LeakyReLU(0.3),
    "elu": nn.ELU,
    "elu 0.5": lambda: nn.ELU(0.5),
    "softplus": nn.Softplus,
}

# each takes 4 features, or any number of them
LAYERS: dict[str, Callable[[], nn.Layer]] = {
    **ACTIVATIONS,
    "dense": lambda: nn.Dense(4, 3, rng=rng()),
    "dense to one": lambda: nn.Dense(4, 1, rng=rng(), init=nn.glorot_uniform),
    "dense masked": lambda: nn.Dense(4, 3, rng=rng(), mask=half_mask(4, 3)),
    "maxout": lambda: nn.Maxout(4, 3, rng=rng()),
    "maxout of 4 pieces": lambda: nn.Maxout(4, 2, rng=rng(), pieces=4),
    "batch norm": lambda: nn.BatchNorm(4),
    "batch norm, slow": lambda: nn.BatchNorm(4, decay=0.99, eps=1e-3),
    "dropout": lambda: nn.Dropout(0.4, rng=rng()),
    "dropout of nothing": lambda: nn.Dropout(0.0, rng=rng()),
}

# each takes 4 features to 3
NETWORKS: dict[str, Callable[[], nn.Sequential]] = {
    "linear model": lambda: nn.Sequential(nn.Dense(4, 3, rng=rng())),
    "only an activation before": lambda: nn.Sequential(nn.Tanh(), nn.Dense(4, 3, rng=rng())),
    "tanh": lambda: nn.Sequential(nn.Dense(4, 5, rng=rng()), nn.Tanh(), nn.Dense(5, 3, rng=rng(1))),
    "relu, deep": lambda: nn.Sequential(
        nn.Dense(4, 8, rng=rng()),
        nn.ReLU(),
        nn.Dense(8, 6, rng=rng(1)),
        nn.LeakyReLU(),
        nn.Dense(6, 3, rng=rng(2)),
    ),
    "smooth, deep": lambda: nn.Sequential(
        nn.Dense(4, 5, rng=rng()),
        nn.Sigmoid(),
        nn.Dense(5, 5, rng=rng(1)),
        nn.Softplus(),
        nn.Dense(5, 3, rng=rng(2)),
        nn.ELU(),
    ),
    "masked": lambda: nn.Sequential(
        nn.Dense(4, 6, rng=rng(), mask=half_mask(4, 6)),
        nn.Tanh(),
        nn.Dense(6, 3, rng=rng(1), mask=half_mask(6, 3)),
    ),
    "batch norm before the activation": lambda: nn.Sequential(
        nn.Dense(4, 5, rng=rng()), nn.BatchNorm(5), nn.Tanh(), nn.Dense(5, 3, rng=rng(1))
    ),
    "batch norm at both ends": lambda: nn.Sequential(
        nn.BatchNorm(4), nn.Dense(4, 3, rng=rng()), nn.BatchNorm(3)
    ),
    "dropout": lambda: nn.Sequential(
        nn.Dropout(0.2, rng=rng(5)),
        nn.Dense(4, 8, rng=rng()),
        nn.Tanh(),
        nn.Dropout(0.5, rng=rng(6)),
        nn.Dense(8, 3, rng=rng(1)),
    ),
    "everything": lambda: nn.Sequential(
        nn.Dense(4, 8, rng=rng(), mask=half_mask(4, 8)),
        nn.BatchNorm(8),
        nn.ELU(),
        nn.Dropout(0.3, rng=rng(5)),
        nn.Maxout(8, 5, rng=rng(1), pieces=3),
        nn.Softplus(),
        nn.Dense(5, 3, rng=rng(2)),
    ),
}

LOSSES: dict[str, Callable[[], nn.Loss]] = {
    "mse": nn.MSE,
    "binary cross-entropy": nn.BinaryCrossEntropy,
    "cross-entropy": nn.CrossEntropy,
    "perceptron": nn.PerceptronLoss,
    "hinge": nn.Hinge,
}

PENALTIES: dict[str, nn.Penalty] = {
    "l1": nn.L1(0.3),
    "l2": nn.L2(0.3),
    "elastic net": nn.ElasticNet(0.2, 0.5),
}

OPTIMIZERS: dict[str, Callable[[], nn.Optimizer]] = {
    "sgd": lambda: nn.SGD(0.1),
    "momentum": lambda: nn.Momentum(0.05),
    "nesterov": lambda: nn.Nesterov(0.05),
    "adagrad": lambda: nn.AdaGrad(0.2),
    "rmsprop": lambda: nn.RMSProp(0.02),
    "adam": lambda: nn.Adam(0.05),
    "adam with decay": lambda: nn.Adam(0.05, weight_decay=0.01),
}


def targets(loss: nn.Loss, n: int, n_out: int, seed: int = 7) -> np.ndarray:
    """Targets that `loss` accepts."""
    draw = rng(seed)
    if isinstance(loss, nn.CrossEntropy):
        return draw.integers(0, n_out, n)
    if isinstance(loss, nn.BinaryCrossEntropy):
        return draw.random((n, n_out))
    if isinstance(loss, nn.MSE):
        return draw.normal(size=(n, n_out))
    return draw.choice([-1.0, 1.0], (n, n_out))


def off_zero(shape: tuple[int, ...], seed: int = 3) -> np.ndarray:
    """Numbers between 0.1 and 2 in size, of either sign: away from kinks at 0."""
    draw = rng(seed)
    return draw.uniform(0.1, 2.0, shape) * draw.choice([-1.0, 1.0], shape)


class Rewind:
    """Puts generators and running statistics of layers back to where they were."""

    def __init__(self, layers: tuple[nn.Layer, ...]) -> None:
        self.layers = layers
        self.generators = [
            (layer.rng.bit_generator, layer.rng.bit_generator.state)
            for layer in layers
            if isinstance(layer, nn.Dropout)
        ]
        self.statistics = [
            {name: a.copy() for name, a in layer.statistics.items()} for layer in layers
        ]

    def __call__(self) -> None:
        for generator, state in self.generators:
            generator.state = state
        for layer, kept in zip(self.layers, self.statistics, strict=True):
            layer.statistics.update(kept)


def assert_off_kinks(net: nn.Sequential, x: np.ndarray, margin: float = 1e-4) -> None:
    """Fail where a gradient check of `net` at `x` would step over a kink."""
    rewind = Rewind(net.layers)
    net.forward(x)
    rewind()
    for layer, h in zip(net.layers, net.activations, strict=False):
        if isinstance(layer, nn.ReLU | nn.LeakyReLU | nn.ELU | nn.Step):
            assert np.abs(h).min() > margin, f"{layer!r} is at a kink: choose other numbers"
        if isinstance(layer, nn.Maxout):
            z = np.sort(h @ layer.params["W"] + layer.params["b"][:, None, :], axis=0)
            assert (z[-1] - z[-2]).min() > margin, f"{layer!r} is at a kink: choose other numbers"
