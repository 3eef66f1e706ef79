"""Files that a later run no longer finds, because the student has withdrawn or replaced them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from coursekit.grading.batch.base.results import About


def with_withdrawn(
    known: Iterable[tuple[str, str, str, About]], found: Mapping[tuple[str, str], About]
) -> dict[tuple[str, str], About]:
    """Return what is known about all files after a run.

    A file that was not found is withdrawn if it came from a folder or zip of this run, or if its
    student has another file for the same exercise in this run. When a file was submitted stays as a
    platform's table has given it, where this run knows no more than the date of the file; so do
    further ids of the student.

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
            new = replace(new, also=tuple(sorted({*about.also, *new.also})))
            if about.submitted and not about.by_file and (new.by_file or not new.submitted):
                new = replace(new, submitted=about.submitted, by_file=False)
            abouts[student, file] = new
        else:
            gone = about.source in sources or (student, exercise) in replaced
            abouts[student, file] = replace(about, withdrawn=about.withdrawn or gone)
    return abouts
