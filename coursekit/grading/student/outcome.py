"""What a check has found about a task, handed over by a kernel to the process that started it."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from coursekit.grading.judge.verdict import Verdict

FILE = "COURSEKIT_OUTCOMES"  # names the file to which the checks of a kernel append
_FILE = os.environ.get(FILE)  # when the kernel began, for a cell can change its environment


@dataclass(frozen=True)
class Outcome:
    """What a check has found.

    Attributes
    ----------
    task : str
        Such as ``"05.2"``.
    status, points, possible, summary
        See `coursekit.grading.judge.verdict.Verdict`.
    remarks : list of str
        What the kernel knew beyond the file, in sentences.
    """

    task: str
    status: str
    points: float
    possible: float
    summary: str = ""
    remarks: list[str] = field(default_factory=list)


def outcome_of(verdict: Verdict) -> Outcome:
    """Keep of a verdict what a table of tasks shows."""
    return Outcome(
        verdict.task,
        verdict.status,
        verdict.points,
        verdict.possible,
        verdict.summary,
        verdict.remarks,
    )


def is_handed_over() -> bool:
    """Whether this kernel was started to hand its outcomes over."""
    return _FILE is not None


def hand_over(kind: str, value: object = None) -> None:
    """Append a line to the file.

    Parameters
    ----------
    kind : str
        ``"begun"`` with a task when its check begins, ``"outcome"`` with what it has found,
        ``"gone"`` if a cell has deleted the name `check`, or ``"lives"`` when asked for it.
    value : str or Outcome, optional
        The task, or the outcome.
    """
    content = asdict(value) if isinstance(value, Outcome) else value
    assert _FILE is not None
    with open(_FILE, "a", encoding="utf-8") as file:
        file.write(json.dumps({"kind": kind, "value": content}) + "\n")


def hand_over_that_check_is_gone(shell: Any) -> None:
    """Let a kernel hand over that a cell has deleted the name `check`, as ``%reset`` does."""
    before = False

    def look(result: object) -> None:
        nonlocal before
        now = "check" in shell.user_ns
        if before and not now:
            hand_over("gone")
        before = now

    shell.events.register("post_run_cell", look)


@dataclass
class HandedOver:
    """What a kernel has handed over.

    Attributes
    ----------
    outcomes : dict
        What the last check of each task has found.
    begun : str or None
        The task whose check has begun and not ended.
    gone : bool
        Whether a cell has deleted the name `check`.
    lives : int
        How often it has answered that it still runs.
    """

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    begun: str | None = None
    gone: bool = False
    lives: int = 0


def read_handed_over(path: Path) -> HandedOver:
    """Read the file to which a kernel appends."""
    found = HandedOver()
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        match json.loads(line):
            case {"kind": "begun", "value": task}:
                found.begun = task
            case {"kind": "outcome", "value": value}:
                outcome = Outcome(**value)
                found.outcomes[outcome.task] = outcome
                found.begun = None
            case {"kind": "gone"}:
                found.gone = True
            case {"kind": "lives"}:
                found.lives += 1
    return found
