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
        self._columns = columns
        self._rows: list[tuple[float, ...]] = []
        self.thinned = 0

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self._rows)

    def add(self, epoch: int, values: Sequence[float]) -> None:
        """Append a row, unless its epoch is one of those dropped."""
        if epoch % 2**self.thinned == 0:
            self._rows.append((epoch, *values[: self._columns]))
        if self.count > CAPACITY:
            self._rows = self._rows[::2]
            self.thinned += 1

    def rows(self, start: int = 0) -> NDArray[np.float64]:
        """The rows from the given one on, (m, 1 + columns)."""
        return np.reshape(self._rows[start:], (-1, 1 + self._columns)).astype(np.float64)
