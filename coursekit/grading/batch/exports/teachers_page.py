"""The page about one student that only the teacher may see: why an answer got no points."""

import shlex
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from coursekit.grading.batch.base.results import TaskGrade
from coursekit.grading.batch.exports.reports import NOT_RIGHT, PAGE, SIGNS, of_points, remarks
from coursekit.grading.batch.marks.entry import Entry
from coursekit.grading.judge.report import inline_html
from coursekit.grading.judge.verdict import number
from coursekit.language import language, mark, say

_WARNING = mark("Don't pass this page on: students must not know the inputs that it is about.")


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
    for entry in entries:
        grade = entry.grade
        points = f": {of_points(entry.points, entry.possible)}" if grade.tasks else ""
        file = f" <code>{escape(grade.file)}</code>" if grade.file else ""
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
        sign, word = SIGNS.get(test.status, NOT_RIGHT)
        kind = "right" if test.status == "passed" else "wrong"
        detail = f"<br>{inline_html(test.detail)}" if test.detail else ""
        yield (
            f'<li><span class="{kind}"><span aria-hidden="true">{sign}</span> {say(word)}</span> '
            f"({number(test.points)}): {inline_html(test.tried)}{detail}</li>"
        )
    yield "</ul></section>"
