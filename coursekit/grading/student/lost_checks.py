"""Tasks whose check is no longer in the notebook, because its cell was deleted."""

from collections.abc import Iterable

from coursekit.grading.course.submission import CHECK
from coursekit.language import list_of, say


def lost_checks(sources: Iterable[str], tasks: Iterable[str]) -> str:
    """Return a sentence about the tasks that have lost their check, or "".

    Parameters
    ----------
    sources : iterable of str
        Of the notebook's code cells.
    tasks : iterable of str
        Of its exercise, such as ``"05.2"``.
    """
    checked = {task for source in sources for task in CHECK.findall(source)}
    lost = [task for task in tasks if task not in checked]
    if not lost:
        return ""
    if len(lost) == 1:
        return say(
            "The check of task {task} is no longer in the notebook; the answer counts without it. "
            'To get it back, write `check("{task}")` into a new code cell below the answer.',
            task=lost[0],
        )
    return say(
        "The checks of tasks {tasks} are no longer in the notebook; the answers count without "
        'them. To get one back, write it into a new code cell, such as `check("{task}")`.',
        tasks=list_of(lost),
        task=lost[0],
    )
