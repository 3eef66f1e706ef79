"""The pages for the teacher alone: about a class, and about one student's hidden inputs.

The first has the results by task, and the mistakes that were met; the others show why an
answer got no points.
"""

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from coursekit.grading.batch.base.records import TaskGrade
from coursekit.grading.batch.exports import own_words
from coursekit.grading.batch.exports.reports import (
    PAGE,
    counting,
    file_name,
    of_points,
    remarks,
    test_item,
)
from coursekit.grading.batch.marks.entry import Entry
from coursekit.grading.judge.report import inline_html
from coursekit.grading.judge.verdict import number
from coursekit.language import language, mark, say, say_n

_WARNING = mark("Don't pass this page on: students must not know the inputs that it is about.")


def summary(entries: Iterable[Entry]) -> str:
    """Write the teacher's page: results by task, and the known mistakes by number of students."""
    entries = [entry.for_teacher for entry in entries]
    body = [f"<h1>{say('Summary')}</h1>"]
    best = counting(entries)
    for exercise in sorted({entry.grade.exercise for entry in best}):
        body += _exercise(exercise, [entry for entry in best if entry.grade.exercise == exercise])
    odd = [(e.grade, remark) for e in entries for remark in remarks(e)]
    if odd:
        body += [f"<h2>{say('Remarks')}</h2>", '<ul role="list">']
        body += [
            f"<li>{escape(grade.name)}, {file_name(grade)}: {inline_html(remark)}</li>"
            for grade, remark in odd
        ]
        body.append("</ul>")
    return PAGE.format(lang=language(), title=say("Summary"), body="\n".join(body))


def _exercise(exercise: str, entries: list[Entry]) -> list[str]:
    points = sorted(entry.points for entry in entries)
    middle = (points[(len(points) - 1) // 2] + points[len(points) // 2]) / 2
    head = say_n(
        len(entries),
        "{n} student; points from {lowest} to {highest} of {possible}, median {median}.",
        "{n} students; points from {lowest} to {highest} of {possible}, median {median}.",
        lowest=number(points[0]),
        highest=number(points[-1]),
        possible=number(entries[0].possible),
        median=number(middle),
    )
    heads = (say("all points"), say("some"), say("none"), say("not written"), say("mean"))
    rows = []
    for task in entries[0].grade.tasks:
        grades = [(entry, t) for entry in entries for t in entry.grade.tasks if t.task == task.task]
        reached = [entry.task_points(t.task) for entry, t in grades]
        missing = sum(t.status == "missing" and t.task not in e.overrides for e, t in grades)
        full = sum(p >= task.possible for p in reached)
        some = sum(0 < p < task.possible for p in reached)
        average = sum(reached) / len(reached)
        mean = say("{mean:.2f} of {possible}", mean=average, possible=number(task.possible))
        numbers = [full, some, len(grades) - full - some - missing, missing, mean]
        cells = "".join(f'<td class="n">{text}</td>' for text in numbers)
        name = f'<th scope="row">{escape(f"{task.task} {task.title}")}</th>'
        rows.append(name + cells)
    lines = [
        f"<h2>{escape(exercise)}</h2>",
        f"<p>{head}</p>",
        _table(say("task"), *heads, rows=rows),
    ]
    lines += own_words.all_answers([entry.grade for entry in entries])
    mistakes = Counter(
        (t.task, t.mistake) for entry in entries for t in entry.grade.tasks if t.mistake
    )
    if mistakes:
        rows = [
            f'<td class="n">{met}</td><td>{task_id}</td><td>{inline_html(sentence)}</td>'
            for (task_id, sentence), met in mistakes.most_common()
        ]
        lines.append(f"<h3>{say('Mistakes met')}</h3>")
        lines.append(_table(say("students"), say("task"), say("mistake"), rows=rows))
    return lines


def _table(*heads: str, rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    body = "\n".join(f"<tr>{row}</tr>" for row in (head, *rows))
    return f'<div class="wide"><table>\n{body}\n</table></div>'


def teachers_page(entries: Sequence[Entry], folder: Path) -> str:
    """Write what the tests found with the hidden inputs of each submission, and how to repeat it.

    Parameters
    ----------
    entries : sequence of Entry
        At least one, all of one student.
    folder : Path
        The folder of marks, as the command line names it.
    """
    title = say("{name}, for the teacher", name=entries[0].grade.name)
    body = [f"<h1>{escape(title)}</h1>", f"<p>{say(_WARNING)}</p>"]
    for entry in (one.for_teacher for one in entries):
        grade = entry.grade
        points = f": {of_points(entry.points, entry.possible)}" if grade.tasks else ""
        file = f" {file_name(grade)}" if grade.file else ""
        body.append(f"<h2>{escape(grade.exercise)}{file}{points}</h2>")
        body += [f"<p>{inline_html(remark)}</p>" for remark in remarks(entry)]
        if grade.tasks and grade.file and entry.counts:
            who = f"--to {shlex.quote(str(folder))} --student {shlex.quote(grade.student)}"
            again = f"coursekit grade {who} --task {grade.tasks[0].task}"
            seed = say(
                "Its seed is {seed}. To see the inputs and values of a task:", seed=grade.seed
            )
            body.append(f"<p>{seed} <code>{escape(again)}</code></p>")
        body += [line for task in grade.tasks for line in _task(task)]
    return PAGE.format(lang=language(), title=escape(title), body="\n".join(body))


def _task(task: TaskGrade) -> Iterator[str]:
    points = of_points(task.points, task.possible)
    yield f"<section>\n<h3>{escape(f'{task.task} {task.title}')}: {points}</h3>"
    for text in filter(None, [task.error, task.mistake]):
        yield f"<p><strong>{inline_html(text)}</strong></p>"
    yield '<ul role="list">'
    for test in task.tests:
        yield test_item(test, f"<br>{inline_html(test.detail)}" if test.detail else "")
    yield "</ul></section>"
