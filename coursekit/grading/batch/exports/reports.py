"""The files that are made from the gradebook: a CSV table, Gradescope's JSON, and HTML pages.

Each page is a single file: feedback for one student, or a summary for the teacher.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from coursekit.grading.batch.base.records import Grade, TaskGrade, TestGrade
from coursekit.grading.batch.exports import own_words
from coursekit.grading.batch.marks.entry import Entry, Override
from coursekit.grading.judge.report import inline_html
from coursekit.grading.judge.values import printable
from coursekit.grading.judge.verdict import TRY, number
from coursekit.language import language, mark, say, speaking

# The columns of `nbgrader export`.
COLUMNS = [
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
]  # fmt: skip
PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --edge: #888; --right: #00735a; --wrong: #a63a00; }}
@media (prefers-color-scheme: dark) {{ :root {{ --right: #5fd3ae; --wrong: #ff9d5c; }} }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 0 auto; padding: 1rem; }}
h1 {{ font-size: 1.5rem; line-height: 1.2; }} h2 {{ font-size: 1.2rem; margin: 2rem 0 .5rem; }}
h3 {{ font-size: 1rem; margin: 1.2rem 0 .3rem; }}
section {{ border-left: .25rem solid var(--edge); padding-left: .8rem; margin: 1.2rem 0; }}
ul {{ list-style: none; padding: 0; margin: .3rem 0; }} li {{ margin: .3rem 0; }}
code {{ font-size: .9em; overflow-wrap: anywhere; }} summary {{ cursor: pointer; }}
p {{ margin: .3rem 0; }}
pre {{ margin: .3rem 0; overflow-x: auto; }} pre code {{ overflow-wrap: normal; }}
.own {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
.right {{ color: var(--right); }} .wrong {{ color: var(--wrong); }}
table {{ border-collapse: collapse; }} th, td {{ text-align: left; padding: .2rem .8rem .2rem 0; }}
td.n {{ text-align: right; font-variant-numeric: tabular-nums; }}
.wide {{ overflow-x: auto; }}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
_BY_HAND = mark("Your teacher gave {points} points:")
_IN_PLACE = mark("Your teacher gave {points} points in place of {tests}:")
_SIGNS = {
    "passed": ("✓", mark("right")),
    "skipped": ("–", mark("not tried")),
    "missing": ("○", mark("not there")),
}
_NOT_RIGHT = ("✗", mark("not right"))


def counting(entries: Iterable[Entry]) -> list[Entry]:
    """Select the entries that count, at most one for each student and exercise."""
    found = (entry for entry in entries if entry.counts and entry.grade.exercise)
    return sorted(found, key=lambda entry: (entry.grade.student, entry.grade.exercise))


def as_csv(entries: Iterable[Entry]) -> str:
    """Write a table with nbgrader's columns, one row for each student and exercise."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    for entry in counting(entries):
        grade = entry.grade
        table.writerow(
            {
                "assignment": grade.exercise,
                "student_id": harmless(grade.student),
                "duedate": entry.lateness.due,
                "timestamp": entry.about.submitted,
                **_names(grade.name),
                "email": harmless(entry.email),
                "raw_score": number(entry.points_from_tests),
                "late_submission_penalty": number(entry.lateness.deduction),
                "score": number(entry.points),
                "max_score": number(entry.possible),
            }
        )
    return text.getvalue()


def of_points(reached: float, possible: float) -> str:
    """Say how many of the points are reached."""
    of = {"reached": number(reached), "possible": number(possible)}
    return say("{reached} of {possible} points", **of)


def _names(name: str) -> dict[str, str]:
    first, _, last = name.rpartition(" ")
    parts = (first, last) if first.strip() else ("", name)
    return dict(zip(("first_name", "last_name"), map(harmless, parts), strict=True))


def remarks(entry: Entry) -> list[str]:
    """Return what is unusual about an entry, in sentences."""
    notes = [say(text, **fields) for text, fields in entry.notes]
    return [*notes, *filter(None, [entry.lateness.in_words()]), *entry.grade.remarks]


def harmless(text: str) -> str:
    """Escape text that a spreadsheet would evaluate as a formula.

    One that separates by semicolons sees a new field after each of them.
    """
    return re.sub(r"(^|[;,|\t\r\n])(?=\s*[=+@\t\r-])", r"\1'", text)


def as_gradescope(entry: Entry) -> str:
    """Write one submission's ``results.json``, as Gradescope reads it."""
    with speaking(entry.grade.language):
        return _as_gradescope(entry)


def _as_gradescope(entry: Entry) -> str:
    tests = []
    for task in entry.grade.tasks:
        given = entry.overrides.get(task.task)
        lines = [task.mistake or task.error or ""]
        lines += [test.message for test in task.tests if test.message]
        lines += [f"{say(TRY)}\n{test.example}" for test in task.tests if test.example]
        if given:
            lines = [say("Your teacher: {comment}", comment=given.comment), *lines]
        tests.append(
            {
                "number": task.task,
                "name": task.title,
                "score": entry.task_points(task.task),
                "max_score": task.possible,
                "output": "\n".join(dict.fromkeys(filter(None, lines))),
                "visibility": "visible",
            }
        )
    results: dict[str, Any] = {
        "score": entry.points,
        "output": "\n".join([*remarks(entry), *own_words.as_text(entry.grade)]),
        "tests": tests,
    }
    return json.dumps(results, ensure_ascii=False, indent=1) + "\n"


def feedback(entries: Sequence[Entry]) -> str:
    """Write one student's page: for every exercise what was tested and what went wrong.

    It does not show the tests' hidden inputs: examples to try are of the notebook's check.

    Parameters
    ----------
    entries : sequence of Entry
        At least one, all of one student.
    """
    with speaking(entries[-1].grade.language):
        return _feedback(entries)


def _feedback(entries: Sequence[Entry]) -> str:
    name = entries[0].grade.name
    body = [f"<h1>{escape(name)}</h1>"]
    for entry in entries:
        grade = entry.grade
        body.append("<article>")
        if not grade.exercise:
            body.append(f"<h2>{file_name(grade)}</h2>")
        elif not entry.counts:
            body.append(f"<h2>{escape(grade.exercise)}: {file_name(grade)}</h2>")
        else:
            points = of_points(entry.points, entry.possible)
            body.append(f"<h2>{escape(grade.exercise)}: {points}</h2>")
        body += [f"<p>{inline_html(remark)}</p>" for remark in remarks(entry)]
        if entry.whole:
            body.append(_given(entry.whole, entry.points_from_tests, by_hand=not grade.file))
        body += [_task(task, entry) for task in grade.tasks]
        body += own_words.answer(grade)
        body.append("</article>")
    title = say("Feedback for {name}", name=name)
    return PAGE.format(lang=language(), title=escape(title), body="\n".join(body))


def file_name(grade: Grade) -> str:
    """Write the name of a submitted file, which its student has chosen, as HTML."""
    return f"<code>{escape(printable(grade.file))}</code>"


def _task(task: TaskGrade, entry: Entry) -> str:
    given = entry.overrides.get(task.task)
    points = of_points(entry.task_points(task.task), task.possible)
    lines = [f"<section>\n<h3>{escape(f'{task.task} {task.title}')}: {points}</h3>"]
    if given:
        lines.append(_given(given, task.points, by_hand=task.status == "missing"))
    elif task.status == "missing" and entry.grade.file:
        lines.append(f"<p>{say('Not written yet.')}</p>")
    if task.status != "missing" and (task.mistake or task.error):
        lines.append(f"<p><strong>{inline_html(task.mistake or task.error or '')}</strong></p>")
    if task.tests and task.status != "missing":
        lines.append('<ul role="list">')
        for test in task.tests:
            message = f"<br>{inline_html(test.message)}" if test.message else ""
            if test.example:
                code = f"<code>{escape(test.example)}</code>"
                message += f'<br>{say(TRY)}\n<pre tabindex="0">{code}</pre>'
            lines.append(test_item(test, message))
        lines.append("</ul>")
    if task.code:
        lines.append(f"<details open><summary>{say('Your code')}</summary>")
        lines.append(f'<pre tabindex="0"><code>{escape(task.code)}</code></pre></details>')
    return "\n".join([*lines, "</section>"])


def test_item(test: TestGrade, message: str) -> str:
    """Write the item of a list about a test: how it ended, its points, what it tests, a message."""
    sign, word = _SIGNS.get(test.status, _NOT_RIGHT)
    kind = "right" if test.status == "passed" else "wrong"
    return (
        f'<li><span class="{kind}"><span aria-hidden="true">{sign}</span> {say(word)}</span> '
        f"({number(test.points)}): {inline_html(test.tried)}{message}</li>"
    )


def _given(given: Override, tests: float, *, by_hand: bool) -> str:
    text = _BY_HAND if by_hand else _IN_PLACE
    own = say(text, points=number(given.points), tests=number(tests))
    return f"<p><strong>{own}</strong> {escape(given.comment)}</p>"
