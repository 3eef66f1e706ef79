"""Which earlier tasks a task depends on, by the names that their cells bind and use."""

from collections.abc import Mapping
from typing import Any

from coursekit.grading.judge.answer_proxy import AnswerError


def needs(
    answers: Mapping[str, Mapping[str, str]],
    analyses: Mapping[str, Mapping[str, Any]],
    predefined: set[str],
) -> dict[str, list[str]]:
    """For each task the earlier ones that bind names which it uses and does not bind."""
    needs: dict[str, list[str]] = {}
    bound: dict[str, set[str]] = {}
    for task, cells in answers.items():
        uses: set[str] = set()
        own: set[str] = set()
        for found in (analyses[cell] for cell in cells if cell in analyses):
            uses |= set(found["first"]) - own
            own |= set(found["binds"])
        for found in (analyses[cell] for cell in cells if cell in analyses):
            uses |= set(found["later"]) - own
        direct = [id for id, names in bound.items() if names & uses]
        wanted = {*direct, *(id for before in direct for id in needs[before])}
        needs[task] = [id for id in bound if id in wanted]
        bound[task] = own - predefined
    return needs


def checked_analysis(value: Any) -> dict[str, Any]:
    """Return the analysis of a cell in which everything has the type that it should have."""
    names = ("commands", "binds", "first", "later")
    if type(value) is dict and set(value) == {"refused", *names}:
        refused = value["refused"]
        if (refused is None or type(refused) is str) and all(_are_strings(value[n]) for n in names):
            return value
    raise AnswerError("stopped", "The cell can't be analysed.")


def _are_strings(value: Any) -> bool:
    return type(value) is list and all(type(text) is str for text in value)
