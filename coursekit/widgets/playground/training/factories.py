"""Makes optimizers and penalties from the names that the settings give them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from coursekit import nn
from coursekit.widgets.base.parts import OPTIMIZERS
from coursekit.widgets.playground.training.settings import Settings

Array = NDArray[np.float64]


def make_optimizer(settings: Settings) -> nn.Optimizer:
    """A new optimizer, with an empty memory."""
    return OPTIMIZERS[settings.optimizer](settings.lr)


def make_penalty(settings: Settings) -> nn.Penalty | None:
    """The penalty; the elastic net divides the strength equally between its two halves."""
    strength = settings.strength
    if settings.penalty == "none" or strength == 0:
        return None
    if settings.penalty == "elastic net":
        return nn.ElasticNet(strength / 2, strength / 2)
    return nn.L1(strength) if settings.penalty == "L1" else nn.L2(strength)


class CurrentPenalty(nn.Penalty):
    """A penalty that may change while `nn.train` runs.

    Parameters
    ----------
    get : function without arguments
        Returns the current penalty, or None for no penalty.
    """

    def __init__(self, get: Callable[[], nn.Penalty | None]) -> None:
        self._get = get

    def __call__(self, w: Array) -> tuple[float, Array]:
        penalty = self._get()
        return penalty(w) if penalty else (0.0, np.zeros_like(w))
