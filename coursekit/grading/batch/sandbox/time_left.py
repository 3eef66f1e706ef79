"""Time that is left for several calls: of the processor, and by the clock."""

from dataclasses import dataclass

ELAPSED = 5.0  # seconds by the clock for each second of processor time, on a busy machine


@dataclass
class TimeLeft:
    """Seconds that are left, of the processor and by the clock."""

    processor: float
    elapsed: float

    @classmethod
    def of(cls, seconds: float) -> "TimeLeft":
        """So much processor time, and `ELAPSED` times as much by the clock."""
        return cls(seconds, ELAPSED * seconds)

    @property
    def is_over(self) -> bool:
        """Whether there is none."""
        return self.processor <= 0 or self.elapsed <= 0

    def subtract(self, processor: float, elapsed: float) -> None:
        """Take off what a call took."""
        self.processor -= processor
        self.elapsed -= elapsed


def shortest(seconds: float, *left: TimeLeft) -> tuple[float, float]:
    """How much a call may take that may take so much, of the processor and by the clock."""
    seconds = min(seconds, *(time.processor for time in left))
    return seconds, min(ELAPSED * seconds, *(time.elapsed for time in left))
