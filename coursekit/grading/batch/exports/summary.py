"""The teacher's page about the class: results by task, known mistakes, and all remarks."""

from collections import Counter
from collections.abc import Iterable
from html import escape

from coursekit.grading.batch.exports import own_words
from coursekit.grading.batch.exports.reports import PAGE, counted, remarks
from coursekit.grading.batch.marks.entry import Entry
from coursekit.grading.judge.report import inline_html
from coursekit.grading.judge.verdict import number


def summary(entries: Iterable[Entry]) -> str:
    """Write the teacher's page: results by task, and the known mistakes by number of students."""
    entries = list(entries)
    body = ["<h1>Summary</h1>"]
    best = counted(entries)
    for exercise in sorted({entry.grade.exercise for entry in best}):
        body += _exercise(exercise, [entry for entry in best if entry.grade.exercise == exercise])
    odd = [(e.grade.name, e.grade.file, remark) for e in entries for remark in remarks(e)]
    if odd:
        body += ["<h2>Remarks</h2>", '<ul role="list">']
        body += [
            f"<li>{escape(n)}, <code>{escape(f)}</code>: {inline_html(r)}</li>" for n, f, r in odd
        ]
        body.append("</ul>")
    return PAGE.format(title="Summary", body="\n".join(body))


def _exercise(exercise: str, entries: list[Entry]) -> list[str]:
    points = sorted(entry.points for entry in entries)
    students = f"{len(entries)} student{'' if len(entries) == 1 else 's'}"
    middle = (points[(len(points) - 1) // 2] + points[len(points) // 2]) / 2
    head = (
        f"{students}; points from {number(points[0])} to {number(points[-1])} of "
        f"{number(entries[0].possible)}, median {number(middle)}."
    )
    lines = [f"<h2>{escape(exercise)}</h2>", f"<p>{head}</p>", '<div class="wide"><table>']
    heads = ("task", "all points", "some", "none", "not written", "mean")
    lines.append("<tr>" + "".join(f'<th scope="col">{h}</th>' for h in heads) + "</tr>")
    for task in entries[0].grade.tasks:
        grades = [(entry, t) for entry in entries for t in entry.grade.tasks if t.task == task.task]
        reached = [entry.task_points(t.task) for entry, t in grades]
        missing = sum(t.status == "missing" and t.task not in e.overrides for e, t in grades)
        full = sum(p >= task.possible for p in reached)
        some = sum(0 < p < task.possible for p in reached)
        mean = f"{sum(reached) / len(reached):.2f} of {number(task.possible)}"
        numbers = [full, some, len(grades) - full - some - missing, missing, mean]
        cells = "".join(f'<td class="n">{text}</td>' for text in numbers)
        name = f'<th scope="row">{escape(f"{task.task} {task.title}")}</th>'
        lines.append(f"<tr>{name}{cells}</tr>")
    lines.append("</table></div>")
    lines += own_words.all_answers([entry.grade for entry in entries])
    mistakes = Counter(
        (t.task, t.mistake) for entry in entries for t in entry.grade.tasks if t.mistake
    )
    if mistakes:
        lines += ["<h3>Mistakes met</h3>", '<div class="wide"><table>']
        lines.append('<tr><th scope="col">students</th><th scope="col">task</th>')
        lines.append('<th scope="col">mistake</th></tr>')
        for (task_id, says), met in mistakes.most_common():
            lines.append(
                f'<tr><td class="n">{met}</td><td>{task_id}</td><td>{inline_html(says)}</td></tr>'
            )
        lines.append("</table></div>")
    return lines
