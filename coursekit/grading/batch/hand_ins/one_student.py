"""A guard: no class becomes one student because its folders are not where they were expected."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from coursekit.grading.batch.hand_ins.owners import NOTEBOOK, Owner
from coursekit.grading.batch.hand_ins.sources import Source, Unreadable
from coursekit.grading.course.paths import CourseError
from coursekit.grading.judge.values import printable
from coursekit.language import say

_ANSWER = re.compile(rb"answer-(\d\d)-|check\(\W{1,3}(\d\d)\.")
_SHOWN = 5  # folders that the message names


def refuse_a_class_as_one_student(owned: Sequence[tuple[Owner, Source]]) -> None:
    """Raise an error if a student has the same exercise in several folders side by side.

    Folders within what a platform has named are the student's own.

    Parameters
    ----------
    owned : sequence of (Owner, Source)
        All files, with whose they are.

    Raises
    ------
    CourseError
        With the folders' names, and the options that say what they are.
    """
    folders: dict[str, dict[str, list[Source]]] = {}
    for owner, source in owned:
        if NOTEBOOK.fullmatch(source.path.name) and "/" in owner.file and not owner.platform:
            folder = PurePosixPath(owner.file).parts[0]
            folders.setdefault(owner.student, {}).setdefault(folder, []).append(source)
    for student, inner in folders.items():
        if len(inner) == 1:
            continue
        where: dict[str, str] = {}  # in which folder an exercise is
        for folder, sources in inner.items():
            for exercise in {_exercise_in(source) for source in sources} - {""}:
                if where.setdefault(exercise, folder) != folder:
                    level = sources[0].path.parts.index(folder)
                    raise CourseError(_sentence(student, exercise, [*inner], level))


def _sentence(student: str, exercise: str, folders: list[str], level: int) -> str:
    names = printable(", ".join(folders[:_SHOWN]) + ", …" * (len(folders) > _SHOWN))
    return say(
        "{student} has exercise {exercise} in several folders: {names}. If these are folders of "
        "different students, add --student-level {deeper}. If they are all of {student}, add "
        "--student-level {level}.",
        student=printable(student),
        exercise=exercise,
        names=names,
        deeper=level + 1,
        level=level,
    )


def _exercise_in(source: Source) -> str:
    """Return the number of a notebook's exercise, as its text shows without parsing it."""
    try:
        text = source.read().replace(b"\0", b"")  # which UTF-16 has between the letters
    except Unreadable:
        return ""
    numbers = Counter(a or b for a, b in _ANSWER.findall(text))
    return numbers.most_common(1)[0][0].decode() if numbers else ""
