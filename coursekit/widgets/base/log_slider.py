"""A slider for rates and scales, whose steps are equal factors."""

from typing import Any

import numpy as np

from coursekit.widgets.base.controls import LABEL_WIDTH, Slider


class LogSlider(Slider):
    """A positive number. The slider's steps are equal factors; the box takes what lies between.

    One key press in the box changes the second digit, whatever the size of the number.

    Parameters
    ----------
    label : str
        The name, such as ``learning rate``.
    value, low, high : float
        The first value and the bounds (inclusive).
    steps : int
        From a number to ten times that number.
    """

    def __init__(self, label: str, value: float, low: float, high: float, steps: int) -> None:
        self.per_ten = steps
        super().__init__(label, value, low, high, step=_second_digit(value))
        self.box.min = 0.0  # from which the browser counts the box's steps
        self.box.layout.width = f"calc({LABEL_WIDTH} + 104px)"  # for 0.000316

    def sync_twin(self) -> None:
        super().sync_twin()
        self.box.step = _second_digit(self.value)

    def _accept(self, value: Any) -> None:
        kept = float(np.clip(value, self.low, self.high))
        if kept != value:  # typed
            self._write(self.box, kept)
        super()._accept(kept)

    def _to_tick(self, number: float) -> int:
        return round(self.per_ten * float(np.log10(number)))

    def _to_number(self, tick: int) -> float:
        return float(f"{10 ** (tick / self.per_ten):.3g}")


def _second_digit(number: float) -> float:
    return float(10.0 ** (np.floor(np.log10(number)) - 1))
