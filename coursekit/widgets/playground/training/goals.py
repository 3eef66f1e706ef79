"""What a lecture asks to be reached, in words that are read as conditions.

``Goal("test accuracy ≥ 0.95, hidden units ≤ 3, data = xor")``. Judged when an epoch ends; once
reached, it stays reached until points or network start afresh.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from coursekit.widgets.base.text import listed
from coursekit.widgets.playground.training.session import Session
from coursekit.widgets.playground.training.settings import Settings

_SIGNS: dict[str, Callable[[float, float], bool]] = {
    "≥": operator.ge,
    "≤": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_TYPED = {">=": "≥", "<=": "≤"}
_CONDITION = re.compile(r"(?P<name>[\w ]+?)\s*(?P<sign>>=|<=|[≥≤><])\s*(?P<value>.+)")

#: What can be measured, as a number.
MEASURES: dict[str, Callable[[Session], float]] = {
    "training loss": lambda s: s.measures.train_loss,
    "test loss": lambda s: s.measures.test_loss,
    "training accuracy": lambda s: s.measures.train_accuracy,
    "test accuracy": lambda s: s.measures.test_accuracy,
    "gap": lambda s: s.measures.test_loss - s.measures.train_loss,
    "epochs": lambda s: s.epoch,
    "hidden layers": lambda s: len(s.model.widths) - 2,
    "hidden units": lambda s: sum(s.model.widths[1:-1]),
    "parameters": lambda s: s.model.net.n_parameters,
    "dead units": lambda s: int(s.model.dead_units.sum()),
    "largest gradient": lambda s: float(np.abs(s.model.net.grad).max()),
    "largest weight": lambda s: float(np.abs(s.model.net.theta * s.model.net.decay_mask).max()),
}


@dataclass(frozen=True)
class Goal:
    """Conditions, all of which must hold at the end of one epoch.

    Parameters
    ----------
    conditions : str
        Separated by commas: a measure, a sign and a number, ``test accuracy ≥ 0.95``, or a setting
        that must stand as it is, ``data = xor``.
    text : str
        How the goal is put to the reader; by default the conditions themselves.

    Raises
    ------
    ValueError
        If there is no such measure, setting or value.
    """

    conditions: str
    text: str = ""
    _tests: tuple[Callable[[Session], bool], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = [part.strip() for part in self.conditions.split(",")]
        object.__setattr__(self, "_tests", tuple(_test(part) for part in parts))
        if not self.text:
            text = self.conditions
            for typed, sign in _TYPED.items():
                text = text.replace(typed, sign)
            object.__setattr__(self, "text", text)

    def holds(self, session: Session) -> bool:
        """Whether all conditions hold now."""
        return all(test(session) for test in self._tests)


def _test(condition: str) -> Callable[[Session], bool]:
    found = _CONDITION.fullmatch(condition)
    if not found and "=" in condition:
        name, value = (part.strip() for part in condition.split("=", 1))
        return _setting(name, value)
    if not found or found["name"] not in MEASURES:
        raise ValueError(f"a goal measures {listed(MEASURES)}; got {condition!r}")
    measure = MEASURES[found["name"]]
    sign = _SIGNS[_TYPED.get(found["sign"], found["sign"])]
    bound = float(found["value"])
    return lambda session: sign(measure(session), bound)


def _setting(name: str, value: str) -> Callable[[Session], bool]:
    """A test that a setting stands at a value, written as text."""
    name = {"learning rate": "lr"}.get(name, name.replace(" ", "_"))
    here = getattr(Settings(), name, None)
    if name == "features":
        wanted: object = Settings().changed(features=value.split()).features
    elif isinstance(here, str | int | float) and not isinstance(here, bool):
        wanted = getattr(Settings().changed(**{name: type(here)(value)}), name)
    else:
        raise ValueError(f"a goal asks for settings of one word or number; got {name!r}")
    if name == "activation":  # of every hidden layer, whatever each was given
        return lambda session: {layer.activation for layer in session.settings.hidden} == {wanted}
    return lambda session: bool(getattr(session.settings, name) == wanted)
