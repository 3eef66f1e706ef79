"""How weights move: optimizers and penalties by the names that the settings give them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from coursekit import nn
from coursekit.widgets.playground.training.settings import Settings

Array = NDArray[np.float64]

_OPTIMIZERS: dict[str, Callable[[float], nn.Optimizer]] = {
    "SGD": nn.SGD,
    "Momentum": nn.Momentum,
    "Nesterov": nn.Nesterov,
    "AdaGrad": nn.AdaGrad,
    "RMSProp": nn.RMSProp,
    "Adam": nn.Adam,
}


def optimizer(settings: Settings) -> nn.Optimizer:
    """A new optimizer, with an empty memory."""
    return _OPTIMIZERS[settings.optimizer](settings.lr)


def penalty(settings: Settings) -> nn.Penalty | None:
    """The penalty; the elastic net's strength is shared by its two halves."""
    strength = settings.strength
    if settings.penalty == "none" or strength == 0:
        return None
    if settings.penalty == "elastic net":
        return nn.ElasticNet(strength / 2, strength / 2)
    return nn.L1(strength) if settings.penalty == "L1" else nn.L2(strength)


class Present(nn.Penalty):
    """The penalty of the moment: it may change while `nn.train` runs.

    Parameters
    ----------
    penalty : function without arguments
        Returns a penalty, or None, which stands for a penalty of 0.
    """

    def __init__(self, penalty: Callable[[], nn.Penalty | None]) -> None:
        self.penalty = penalty

    def __call__(self, w: Array) -> tuple[float, Array]:
        present = self.penalty()
        return present(w) if present else (0.0, np.zeros_like(w))
