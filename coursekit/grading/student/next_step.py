"""What a student does next, as a sentence and a link."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.grading.course.notebook import task_heading
from coursekit.grading.course.paths import Course
from coursekit.grading.judge.recording import Recording, recorded
from coursekit.language import mark, say

_TASK = mark("Next: task {task}, {title}.")
_LECTURE = mark("Next: lecture {number}, {title}, and its exercise.")
_AFTER = mark("Exercise {done} is complete. {next}")
_ALL = mark("All tasks of the course are done.")


@dataclass(frozen=True)
class NextStep:
    """What comes next.

    Attributes
    ----------
    sentence : str
    address : str
        Of the place where it is, for a link in a notebook that runs in the current folder; empty
        if nothing comes next.
    """

    sentence: str
    address: str = ""


def next_step(course: Course, best: Mapping[str, float], after: str = "") -> NextStep:
    """Find the first task that has not all its points.

    Parameters
    ----------
    course : Course
    best : mapping
        The best points so far, by task.
    after : str, optional
        A task, such as ``"01.2"``: look at those after it first, then at the others of its
        exercise, then at the exercises after that one. Default: from the beginning.

    Raises
    ------
    CourseError
        If an exercise has no recording.
    """
    names = course.names
    first = next((n for n, name in enumerate(names) if name[:2] == after[:2]), 0)
    for name in [*names[first:], *names[:first]]:
        recording = recorded(course, name)
        tasks = list(recording.points)
        begin = tasks.index(after) + 1 if after in tasks else 0
        open_tasks = [
            task
            for task in [*tasks[begin:], *tasks[:begin]]
            if best.get(task, 0.0) < recording.points[task]
        ]
        if open_tasks:
            step = _step(course, recording, open_tasks, after if after[:2] == name[:2] else "")
            if after and after[:2] != name[:2]:
                return NextStep(say(_AFTER, done=after[:2], next=step.sentence), step.address)
            return step
    return NextStep(say(_ALL))


def title_of(recording: Recording) -> str:
    """Return the title of an exercise without its number."""
    return recording.title.partition(":")[2].strip() or recording.title


def lectures_of(course: Course, name: str) -> list[Path]:
    """Return the lectures with the number of an exercise, in order."""
    return sorted((course.root / "notebooks").glob(f"{name[:2]}*_*.ipynb"))


def address_of(path: Path, heading: str = "") -> str:
    """Return a link from a notebook of the current folder to a notebook, or to a heading in it."""
    try:
        address = Path(os.path.relpath(path)).as_posix()
    except (ValueError, FileNotFoundError):  # on another drive of Windows's; folder removed
        address = path.as_uri()
    return f"{address}#{heading.replace(' ', '-')}" if heading else address


def _step(course: Course, recording: Recording, tasks: Sequence[str], after: str) -> NextStep:
    """Name the lecture of an exercise in which nothing is done, or else the first of the tasks."""
    lectures = lectures_of(course, recording.name)
    if lectures and not after and len(tasks) == len(recording.points):
        number = recording.name[:2]
        sentence = say(_LECTURE, number=number, title=title_of(recording))
        return NextStep(sentence, address_of(lectures[0]))
    task, title = tasks[0], recording.titles[tasks[0]]
    path = course.exercises / f"{recording.name}.ipynb"
    heading = task_heading(recording.notebook, task)
    return NextStep(say(_TASK, task=task, title=title), address_of(path, heading))
