"""What one call of a test, or one story, led to on both sides."""

from dataclasses import dataclass, field
from typing import Any

from coursekit.grading.judge.answer_proxy import AnswerError, Call
from coursekit.grading.judge.comparison import Leaf, WrongAnswer
from coursekit.grading.judge.examples import example
from coursekit.grading.judge.shapes import Shapes, wrong_shapes
from coursekit.language import list_of, say_n


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


def empty_calls(cases: list[Case]) -> str:
    """Tell in how many of the calls nothing is returned, if not in all and if it never should."""
    ended = [case for case in cases if case.got]
    empty = sum(case.got[-1] is None for case in ended)
    if not 0 < empty < len(ended) or any(case.want[-1] is None for case in ended):
        return ""
    return say_n(
        empty,
        "{n} of {all} calls returns nothing: does each way through your code end with a `return`?",
        "{n} of {all} calls return nothing: does each way through your code end with a `return`?",
        all=len(ended),
    )


def right_parts(cases: list[Case], wrong: list[tuple[Case, int]]) -> str:
    """Tell which of several returned values are right in every call."""
    names = [case.names for case in cases]
    if len(set(names)) > 1 or any(len(case.parts) != len(case.names) for case in cases):
        return ""
    bad = {place for _, place in wrong}
    right = [name for place, name in enumerate(names[0]) if place not in bad]
    if not right:
        return ""
    return say_n(
        len(right),
        "{names} is right in every call.",
        "{names} are right in every call.",
        names=list_of(right),
    )
