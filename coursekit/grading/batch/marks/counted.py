"""Which of several files for an exercise counts: the best one, or the latest.

A file that its student has withdrawn or replaced, so that a later run no longer finds it, does not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter

from coursekit.grading.batch.base.records import About
from coursekit.grading.batch.marks.entry import Entry
from coursekit.grading.judge.values import quotable
from coursekit.language import mark

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
_WITHDRAWN = mark("This file was withdrawn or replaced, so that it does not count.")


def counted(entries: Sequence[Entry], count: str) -> list[Entry]:
    """Mark which of several files for an exercise counts, and say so."""
    chosen: dict[str, Entry] = {}
    several: dict[str, list[Entry]] = {}
    for entry in entries:
        exercise = entry.grade.exercise
        if entry.counts and exercise:
            several.setdefault(exercise, []).append(entry)
    for exercise, files in several.items():
        chosen[exercise] = max(files, key=_time if count == "latest" else attrgetter("points"))
    result = []
    for entry in entries:
        files = several.get(entry.grade.exercise, [])
        notes, counts = entry.notes, entry.counts
        if entry.about.withdrawn:
            notes = ((_WITHDRAWN, {}), *notes)
        elif len(files) > 1:
            best = chosen[entry.grade.exercise]
            counts = entry is best
            tie = count == "latest" and sum(_time(e)[0] == _time(best)[0] for e in files) > 1
            text = _COUNTS["tie" if tie else count]
            file = f"`{quotable(best.grade.file)}`"
            notes = ((text, {"number": len(files), "file": file}), *notes)
        result.append(replace(entry, counts=counts, notes=notes))
    return sorted(result, key=lambda e: (e.grade.exercise, not e.counts, e.grade.file))


def _time(entry: Entry) -> tuple[float, float]:
    time = entry.about.submitted
    return (datetime.fromisoformat(time).timestamp() if time else 0.0, entry.points)


def with_withdrawn(
    known: Iterable[tuple[str, str, str, About]], found: Mapping[tuple[str, str], About]
) -> dict[tuple[str, str], About]:
    """Return what is known about all files after a run.

    A file that was not found is withdrawn if it came from a folder or zip of this run, or if its
    student has another file for the same exercise in this run. When a file was submitted stays as a
    platform's table has given it, where this run knows no more than the date of the file; so do
    further ids of the student, and whether a group submitted it.

    Parameters
    ----------
    known : iterable of (str, str, str, About)
        Student, file, exercise and what was known, of every file in the gradebook.
    found : mapping of (str, str) to About
        By student and file, what this run has found.
    """
    known = list(known)
    sources = {about.source for about in found.values()} - {""}
    replaced = {(s, exercise) for s, file, exercise, _ in known if exercise and (s, file) in found}
    abouts = dict(found)
    for student, file, exercise, about in known:
        new = found.get((student, file))
        if new is not None:
            new = replace(new, also=tuple(sorted({*about.also, *new.also})), team=about.team)
            if about.submitted and not about.by_file and (new.by_file or not new.submitted):
                new = replace(new, submitted=about.submitted, by_file=False)
            abouts[student, file] = new
        else:
            gone = about.source in sources or (student, exercise) in replaced
            abouts[student, file] = replace(about, withdrawn=about.withdrawn or gone)
    return abouts
