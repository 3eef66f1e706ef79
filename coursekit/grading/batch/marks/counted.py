"""Which of several files for an exercise counts: the best one, or the latest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from coursekit.grading.batch.marks.entry import Entry
from coursekit.language import mark, say, speaking

_COUNTS = {
    "best": mark(
        "You submitted {number} files for this exercise; the best one counts, which is {file}."
    ),
    "latest": mark(
        "You submitted {number} files for this exercise; the latest one counts, which is {file}."
    ),
    "tie": mark(
        "You submitted {number} files for this exercise, and the latest ones have the same time "
        "or none; the best of these counts, which is {file}."
    ),
}


def counted(entries: Sequence[Entry], count: str) -> list[Entry]:
    """Mark which of several files for an exercise counts, and say so."""
    chosen: dict[str, Entry] = {}
    several: dict[str, list[Entry]] = {}
    for entry in entries:
        exercise = entry.grade.exercise
        if entry.counts and exercise:
            several.setdefault(exercise, []).append(entry)
    for exercise, files in several.items():
        chosen[exercise] = max(files, key=_time if count == "latest" else _points)
    result = []
    for entry in entries:
        files = several.get(entry.grade.exercise, [])
        note, counts = "", entry.counts
        if entry.about.withdrawn:
            with speaking(entry.grade.language):
                note = say("This file was withdrawn or replaced, so that it does not count.")
        elif len(files) > 1:
            best = chosen[entry.grade.exercise]
            counts = entry is best
            tie = count == "latest" and sum(_time(e)[0] == _time(best)[0] for e in files) > 1
            text = _COUNTS["tie" if tie else count]
            with speaking(entry.grade.language):
                note = say(text, number=len(files), file=f"`{best.grade.file}`")
        result.append(replace(entry, counts=counts, note=note))
    return sorted(result, key=lambda e: (e.grade.exercise, not e.counts, e.grade.file))


def _time(entry: Entry) -> tuple[float, float]:
    time = entry.about.submitted
    return (datetime.fromisoformat(time).timestamp() if time else 0.0, entry.points)


def _points(entry: Entry) -> float:
    return entry.points
