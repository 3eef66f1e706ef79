"""Makes penalties from the names that the settings give them."""

from collections.abc import Callable

import numpy as np

from coursekit import nn
from coursekit.nn.validation import Array
from coursekit.widgets.playground.training.settings import Settings


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
