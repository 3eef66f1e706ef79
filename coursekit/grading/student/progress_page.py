"""The page of progress: a bar for each exercise, with the predictions and goals of its lecture."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from coursekit.diary import REACHED, SEEN, SURPRISED, Entry
from coursekit.grading.course.paths import Course
from coursekit.grading.judge.recording import Recording, recorded
from coursekit.grading.judge.report import text_table
from coursekit.grading.judge.verdict import number
from coursekit.grading.student.next_step import NextStep, address_of, lectures_of, title_of
from coursekit.language import mark, say

Row = tuple[str, str, str, str]

_DONE = mark("{some} of {all} tasks of exercise {number} are done")
_ALL_DONE = mark("{some} of {all} tasks are done")
_RUN = mark("Predictions seen coming: {seen} of {all}; the longest run: {longest}.")
_PRIVATE = mark(
    "Predictions (✓ seen coming, ≠ a surprise) and goals stay in your copy of the course."
)
_LECTURE = mark("lecture {number}")
_MARKS = {SEEN: "✓", SURPRISED: "≠"}
_LENGTH = 10  # of a bar of letters
_LEFT = 'style="text-align: left; vertical-align: top"'
_CELL = f"<td {_LEFT}>{{}}</td>"
_BAR = (  # an element <progress> has a dark track on light pages
    '<div role="progressbar" aria-label="{label}" aria-valuenow="{some}" aria-valuemax="{all}" '
    'style="display: inline-block; width: 8em; height: 0.7em; border: 1px solid #888888; '
    'border-radius: 4px; overflow: hidden"><div style="width: {percent}%; height: 100%; '
    'background: #009E73"></div></div>'
)


@dataclass(frozen=True)
class Part:
    """An exercise with its lecture.

    Attributes
    ----------
    number, title : str
    address : str
        Of the exercise, for a link.
    lectures : dict of str to str
        Addresses of the lectures, by number.
    points : list of (float, float)
        For each task the points reached and those possible.
    entries : list of Entry
        The lecture's part of the diary.
    """

    number: str
    title: str
    address: str
    lectures: Mapping[str, str]
    points: Sequence[tuple[float, float]]
    entries: Sequence[Entry]

    @classmethod
    def of(
        cls, course: Course, name: str, best: Mapping[str, float], diary: Sequence[Entry]
    ) -> "Part":
        """Collect what is known of an exercise.

        Raises
        ------
        CourseError
            If it has no recording.
        """
        recording = recorded(course, name)
        lectures = lectures_of(course, name)
        return cls(
            name[:2],
            title_of(recording),
            address_of(course.exercises / f"{name}.ipynb"),
            {path.stem.partition("_")[0]: address_of(path) for path in lectures},
            [(min(best.get(task, 0.0), most), most) for task, most in recording.points.items()],
            [entry for entry in diary if entry.lecture[:2] == name[:2]],
        )

    @property
    def done(self) -> int:
        """How many tasks have all their points."""
        return sum(reached >= possible for reached, possible in self.points)

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """Tasks, points, predictions and goals, as words."""
        goals = sum(entry.what == REACHED for entry in self.entries)
        marks = "".join(_MARKS.get(entry.what, "") for entry in self.entries)
        return (*exercise_row(self.number, self.title, self.points)[2:], marks, str(goals or ""))


def head() -> Row:
    """Return the head of a table of exercises."""
    return "", say("exercise"), say("tasks"), say("points")


def exercise_row(label: str, title: str, points: Sequence[tuple[float, float]]) -> Row:
    """Return one row of a table of exercises.

    Parameters
    ----------
    label, title : str
        The number and the heading of the exercise.
    points : sequence of (float, float)
        For each task the points reached and those possible.
    """
    done = sum(reached >= possible for reached, possible in points)
    reached, possible = (number(round(sum(p[k] for p in points), 6)) for k in (0, 1))
    title = title.partition(":")[2].strip() or title
    of = mark("{reached} of {possible}")
    tasks = say(of, reached=done, possible=len(points))
    return label, title, tasks, say(of, reached=reached, possible=possible)


def summary(recording: Recording, best: Mapping[str, float]) -> str:
    """Return one line about an exercise: its points, and how many tasks are done."""
    points = [(min(best.get(t, 0.0), most), most) for t, most in recording.points.items()]
    _, _, tasks, reached = exercise_row("", "", points)
    return say(
        "Best so far in exercise {exercise}: {points} points, {tasks} tasks",
        exercise=recording.name[:2],
        points=reached,
        tasks=tasks,
    )


def progress_page(
    parts: Sequence[Part], diary: Sequence[Entry], step: NextStep, notes: Iterable[str] = ()
) -> tuple[str, str]:
    """Return the page as text and as HTML.

    Parameters
    ----------
    parts : sequence of Part
    diary : sequence of Entry
        All of it.
    step : NextStep
        What comes next.
    notes : iterable of str
        Further sentences; empty ones are left out.
    """
    total = Part("", say("all"), "", {}, [p for part in parts for p in part.points], [])
    rows = [(p.number, p.title, _letters(p), *p.cells) for p in [*parts, total]]
    sentences = [*filter(None, [_run(diary), *notes])]
    _, exercise, *counts = head()
    columns = [exercise, *counts, say("predictions"), say("goals")]
    text_head = ["", exercise, "", *columns[1:]]
    text = "\n".join([text_table([text_head, *rows]), *sentences, step.sentence])
    cells = "".join(f'<th scope="col" {_LEFT}>{name}</th>' for name in columns)
    body = "\n".join(_html_row(part) for part in [*parts, total])
    table = f"<table><caption>{say('Your progress')}</caption>\n<tr>{cells}</tr>\n{body}\n</table>"
    below = [f"<p>{escape(sentence)}</p>" for sentence in sentences]
    if diary:
        below.append(f"<p><small>{say(_PRIVATE)}</small></p>")
    return text, "\n".join([table, f"<p><strong>{link(step)}</strong></p>", *below])


def link(step: NextStep) -> str:
    """Return a step as HTML."""
    sentence = escape(step.sentence)
    return f'<a href="{escape(step.address)}">{sentence}</a>' if step.address else sentence


def _letters(part: Part) -> str:
    filled = _LENGTH * part.done // max(1, len(part.points))
    return "█" * filled + "░" * (_LENGTH - filled)


def _html_row(part: Part) -> str:
    tasks, points, predictions, goals = (escape(cell) for cell in part.cells)
    title = escape(part.title)
    if part.address:
        links = [
            f'<a href="{escape(address)}">{say(_LECTURE, number=name)}</a>'
            for name, address in part.lectures.items()
        ]
        title = f'{part.number} <a href="{escape(part.address)}">{title}</a>'
        title += f"<br><small>{', '.join(links)}</small>" if links else ""
    words = _DONE if part.number else _ALL_DONE
    label = say(words, some=part.done, all=len(part.points), number=part.number)
    percent = 100 * part.done // max(1, len(part.points))
    bar = _BAR.format(some=part.done, all=len(part.points), percent=percent, label=label)
    cells = "".join(_CELL.format(cell) for cell in (f"{bar} {tasks}", points, predictions, goals))
    return f'<tr><th scope="row" {_LEFT}>{title}</th>{cells}</tr>'


def _run(diary: Sequence[Entry]) -> str:
    """Return a sentence about all predictions; empty if there are none."""
    seen = [entry.what == SEEN for entry in diary if entry.what in _MARKS]
    longest = max((len(list(run)) for right, run in groupby(seen) if right), default=0)
    return say(_RUN, seen=sum(seen), all=len(seen), longest=longest) if seen else ""
