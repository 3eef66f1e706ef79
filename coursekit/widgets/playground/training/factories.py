"""Makes penalties from the names that the settings give them."""

import numpy as np

from coursekit import nn
from coursekit.nn.validation import Array
from coursekit.widgets.playground.training.model import Model
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
    """The penalty that a model's settings choose, which may change while `nn.train` runs."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def __call__(self, w: Array) -> tuple[float, Array]:
        penalty = make_penalty(self._model.settings)
        return penalty(w) if penalty else (0.0, np.zeros_like(w))
