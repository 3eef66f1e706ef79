"""What a reader is asked to reach in the playground."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coursekit.widgets.playground.training.session import Session


@dataclass(frozen=True)
class Goal:
    """A goal, checked at the end of every epoch.

    Once reached, it stays reached, whatever is changed afterwards.

    Parameters
    ----------
    text : str
        The goal as the reader sees it, a noun phrase without a full stop.
    holds : function of a Session
        Returns whether the measures are good enough.
    settings : dict, optional
        Settings that must have these values; ``activation`` is that of every hidden layer.

    Examples
    --------
    >>> Goal("a test loss below 0.1", lambda session: session.measures.test_loss < 0.1).text
    'a test loss below 0.1'
    """

    text: str
    holds: Callable[[Session], bool]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def reached(self, session: Session) -> bool:
        """Whether the goal is reached now."""
        chosen = vars(session.settings) | {"activation": None}
        activations = {layer.activation for layer in session.settings.hidden}
        if len(activations) == 1:
            (chosen["activation"],) = activations
        as_wanted = all(chosen[name] == value for name, value in self.settings.items())
        return as_wanted and bool(self.holds(session))
