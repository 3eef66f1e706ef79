"""What the sandbox has found in the texts of cells, checked, and what follows for their tasks."""

from collections.abc import Mapping
from typing import Any

from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.language import say


def needs(
    answers: Mapping[str, Mapping[str, str]],
    analyses: Mapping[str, Mapping[str, Any]],
    predefined: set[str],
) -> dict[str, list[str]]:
    """For each task the earlier ones that bind names which it uses and does not bind."""
    found: dict[str, list[str]] = {}
    bound: dict[str, set[str]] = {}
    for task, cells in answers.items():
        uses: set[str] = set()
        own: set[str] = set()
        read = [analyses[cell] for cell in cells if cell in analyses]
        for cell in read:
            uses |= set(cell["first"]) - own
            own |= set(cell["binds"])
        for cell in read:
            uses |= set(cell["later"]) - own
        direct = [id for id, names in bound.items() if names & uses]
        wanted = {*direct, *(id for before in direct for id in found[before])}
        found[task] = [id for id in bound if id in wanted]
        bound[task] = own - predefined
    return found


def checked_analysis(value: Any) -> dict[str, Any]:
    """Return the analysis of a cell in which everything has the type that it should have."""
    names = ("commands", "binds", "first", "later")
    if type(value) is not dict or set(value) != {"simple", *names}:
        raise AnswerError("stopped", say("The cell can't be analysed."))
    if type(value["simple"]) is not bool or not all(_are_strings(value[n]) for n in names):
        raise AnswerError("stopped", say("The cell can't be analysed."))
    return value


def _are_strings(value: Any) -> bool:
    return type(value) is list and all(type(text) is str for text in value)
