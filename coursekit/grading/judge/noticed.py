"""What is noticed in a call besides its result: changed arguments, and numbers out of range."""

from collections.abc import Mapping
from typing import Any

from coursekit.grading.judge.answer_proxy import Call
from coursekit.language import mark, say

_NUMERIC = {
    "overflow": mark("Your code computes a number that is too large for a float (overflow)."),
    "divide": mark("Your code divides by 0."),
    "invalid": mark("Your code computes something without a value, such as 0/0 or the log of -1."),
}


def noticed(call: Call, numeric: bool, changes: bool) -> list[str]:
    """Select the notes of a call that count against the answer.

    Parameters
    ----------
    call : Call
        With what its backend noticed.
    numeric : bool
        Whether an overflow, a division by 0 and an invalid operation count.
    changes : bool
        Whether an answer may change its arguments.
    """
    return [note for note in call.notes if (numeric if note in _NUMERIC else not changes)]


def explain_note(call: Call, note: str, arguments: Mapping[str, Any]) -> str:
    """Put a note into a sentence; the arguments are those of the case, with their names."""
    if note in _NUMERIC:
        return say(_NUMERIC[note])
    changed = call.args[int(note.removeprefix("changed "))]
    name = next((name for name, value in arguments.items() if value is changed), None)
    if name is None:
        return say(
            "`{function}` changes its argument: work on a copy, to keep the old values.",
            function=call.target,
        )
    return say(
        "`{function}` changes its argument `{name}`: work on a copy, to keep the old values.",
        function=call.target,
        name=name,
    )
