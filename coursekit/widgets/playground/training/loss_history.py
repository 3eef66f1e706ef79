"""The losses of all epochs, in a memory of fixed size."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CAPACITY = 1000


class LossHistory:
    """Rows ``(epoch, values…)``; when full, every second row is dropped, now and from then on.

    Parameters
    ----------
    columns : int
        Number of values in a row besides the epoch; further values are left out.

    Attributes
    ----------
    thinned : int
        How often rows have been dropped; a copy that is only appended to is then out of date.
    """

    def __init__(self, columns: int) -> None:
        self._rows = np.empty((CAPACITY, 1 + columns))
        self.count = 0
        self.thinned = 0

    def add(self, epoch: int, values: Sequence[float]) -> None:
        """Append a row, unless its epoch is one of those dropped."""
        if epoch % 2**self.thinned:
            return
        if self.count == CAPACITY:
            kept = self._rows[::2].copy()
            self._rows[: len(kept)] = kept
            self.count = len(kept)
            self.thinned += 1
            if epoch % 2**self.thinned:
                return
        self._rows[self.count] = (epoch, *values[: self._rows.shape[1] - 1])
        self.count += 1

    def rows(self, start: int = 0) -> NDArray[np.float64]:
        """A copy of the rows from the given one on, (m, 1 + columns)."""
        return self._rows[start : self.count].copy()
