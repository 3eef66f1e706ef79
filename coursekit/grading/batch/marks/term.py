"""What a teacher sets for a term: the roster, deadlines, and how totals are made.

It is kept in the gradebook, and every command uses it until it is set again.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from coursekit.grading.batch.marks.late import Deadline, LateRule, read_deadlines
from coursekit.grading.batch.marks.people import Person, Roster, read_roster
from coursekit.grading.course.paths import Course, CourseError
from coursekit.language import say

COUNTS = ("best", "latest")


@dataclass(frozen=True)
class Term:
    """The settings of a term.

    Attributes
    ----------
    people : list of Person
        The roster; empty if there is none.
    deadlines : list of Deadline
        Of exercises, and extensions of single students.
    late : str
        The rule for late work; empty if it costs nothing.
    count : str
        Which of several files counts, one of `COUNTS`.
    weights : dict of str to float
        By exercise; without any, each counts by its points.
    best : int
        How many exercises count, those with the highest percentages; 0 if all do.
    pass_mark : float
        Percent of the total; 0 if there is none.
    """

    people: list[Person] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    late: str = ""
    count: str = "best"
    weights: dict[str, float] = field(default_factory=dict)
    best: int = 0
    pass_mark: float = 0.0

    def as_json(self) -> str:
        """Return what `from_json` reads."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Term":
        """Undo `as_json`."""
        code = json.loads(text)
        people = [Person(**{**person, "ids": tuple(person["ids"])}) for person in code["people"]]
        deadlines = [Deadline(**deadline) for deadline in code["deadlines"]]
        return cls(**{**code, "people": people, "deadlines": deadlines})

    @property
    def roster(self) -> Roster:
        """The people, to be found by what they are called."""
        return Roster(self.people)

    @property
    def rule(self) -> LateRule | None:
        """The rule for late work."""
        return LateRule.parse(self.late) if self.late else None

    def changed(
        self,
        course: Course,
        roster: Path | None = None,
        deadlines: Path | None = None,
        late: str | None = None,
        count: str | None = None,
        weights: str | None = None,
        best: int | None = None,
        pass_mark: float | None = None,
    ) -> "Term":
        """Return the settings with those changed that are given.

        Parameters
        ----------
        course : Course
            Whose exercises they are about.
        roster, deadlines : Path, optional
            Tables; see `read_roster` and `read_deadlines`.
        late, count, weights, best, pass_mark : optional
            As on the command line: ``10%/day`` or ``none``, ``latest``, ``01=1,02=2``, 8, 50.

        Raises
        ------
        CourseError
            If one of them is not understood.
        """
        new: dict[str, object] = {"best": best, "count": count, "pass_mark": pass_mark}
        if roster:
            new["people"] = read_roster(roster)
        if deadlines:
            new["deadlines"] = read_deadlines(deadlines, course)
        if late:
            new["late"] = "" if late == "none" else LateRule.parse(late).text
        if weights is not None:
            new["weights"] = _weights(weights, course)
        if best is not None and best < 0:
            raise CourseError(say("--best must be 0 or greater, got {best}.", best=best))
        if pass_mark is not None and not 0 <= pass_mark <= 100:
            raise CourseError(
                say("--pass must be between 0 and 100, got {percent:g}.", percent=pass_mark)
            )
        given = {name: value for name, value in new.items() if value is not None}
        return replace(self, **given)  # type: ignore[arg-type]


def _weights(text: str, course: Course) -> Mapping[str, float]:
    weights = {}
    for part in filter(None, text.replace(" ", "").split(",")):
        number, _, weight = part.partition("=")
        try:
            weights[course.name(number)] = float(weight)
        except ValueError as error:
            raise CourseError(
                say(
                    "{weight!r} is not a weight: write --weights 01=1,02=2, an exercise and its "
                    "weight.",
                    weight=part,
                )
            ) from error
        if not 0 <= weights[course.name(number)] < float("inf"):
            raise CourseError(say("A weight must be 0 or greater, got {weight}.", weight=weight))
    return weights
