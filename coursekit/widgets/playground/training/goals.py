"""What a reader is asked to reach in the playground."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from coursekit.widgets.playground.training.session import Session


@dataclass(frozen=True)
class Goal:
    """A goal, checked at the end of every epoch.

    Once reached, it stays reached until the points or the network are replaced.

    Parameters
    ----------
    text : str
        The goal as the reader sees it, a noun phrase without a full stop.
    holds : function of a Session
        Returns whether the goal is reached now.

    Examples
    --------
    >>> Goal("a test loss below 0.1", lambda session: session.measures.test_loss < 0.1).text
    'a test loss below 0.1'
    """

    text: str
    holds: Callable[[Session], bool]


def has_settings(session: Session, **values: Any) -> bool:
    """Whether all these settings have these values.

    ``activation`` is compared with that of every hidden layer, whichever way each was chosen.
    """
    settings = session.settings
    if "activation" in values:
        wanted = values.pop("activation")
        if {layer.activation for layer in settings.hidden} != {wanted}:
            return False
    return all(getattr(settings, name) == value for name, value in values.items())
