"""Named arrays that can be views of a network's vectors."""

from typing import Any

import numpy as np

from coursekit.language import say
from coursekit.nn.validation import Array


class Arrays(dict[str, Array]):
    """Named arrays; assigning to a name copies into its array, so that views of it stay alive.

    Attributes
    ----------
    owned : bool
        Whether the arrays are views of a network's vector.
    """

    owned = False

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self:
            raise KeyError(say("{name!r}: there are only {names}", name=name, names=list(self)))
        if np.shape(value) != self[name].shape:
            raise ValueError(
                say(
                    "{name} must have the shape {shape}, got {got}",
                    name=name,
                    shape=self[name].shape,
                    got=np.shape(value),
                )
            )
        self[name][...] = value

    def update(self, *others: Any, **named: Any) -> None:
        """Assign several arrays."""
        for name, value in dict(*others, **named).items():
            self[name] = value

    def __ior__(self, other: Any) -> "Arrays":  # type: ignore[override,misc]
        self.update(other)
        return self

    def __reduce__(self) -> Any:
        return Arrays, (dict(self),)  # a copy has arrays of its own, which no network owns yet
