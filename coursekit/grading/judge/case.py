"""What one call of a test, or one story, led to on both sides."""

from dataclasses import dataclass, field
from typing import Any

from coursekit.grading.judge.answer_proxy import AnswerError, Call
from coursekit.grading.judge.comparison import Leaf, WrongAnswer
from coursekit.grading.judge.examples import example
from coursekit.grading.judge.shapes import Shapes, wrong_shapes


@dataclass
class Case:
    """What one call, or one story, led to on both sides."""

    target: str
    names: tuple[str, ...]
    arguments: dict[str, Any]
    calls: list[Call] = field(default_factory=list)
    what: list[str] = field(default_factory=list)
    got: list[Any] = field(default_factory=list)
    want: list[Any] = field(default_factory=list)
    leaves: list[list[Leaf]] = field(default_factory=list)
    failure: WrongAnswer | None = None  # an exception, or a wrong kind or shape
    missing: AnswerError | None = None  # not written yet

    @property
    def example(self) -> str:
        return example(self.calls)

    @property
    def size(self) -> int:
        return len(self.example) or 10**6

    @property
    def parts(self) -> list[Leaf]:
        """All values that have the right kind and shape."""
        return [leaf for group in self.leaves for leaf in group]


def wrong_shapes_of(failed: list[Case]) -> list[Shapes]:
    """The shapes that came and were wanted, if only shapes are wrong."""
    found = []
    for case in failed:
        place = len(case.got) - 1
        if not len(case.leaves) <= place < len(case.want):
            return []
        pair = wrong_shapes(case.got[place], case.want[place])
        if pair is None:
            return []
        found.append(Shapes(*pair, case.arguments))
    return found
