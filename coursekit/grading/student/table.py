"""A table of exercises or tasks, as text and as HTML."""

from collections.abc import Sequence
from html import escape

HEAD = ("", "exercise", "tasks", "points")

Row = Sequence[str]


def number(points: float) -> str:
    """Points without needless decimals."""
    return f"{points:g}"


def exercise_row(label: str, title: str, points: Sequence[tuple[float, float]]) -> Row:
    """One row: how many tasks are done, and how many points there are.

    Parameters
    ----------
    label, title : str
        Of the exercise.
    points : sequence of (float, float)
        For each task the points reached and those possible.
    """
    done = sum(reached >= possible for reached, possible in points)
    reached, possible = (sum(column) for column in zip(*points, strict=True)) if points else (0, 0)
    return (
        label,
        title,
        f"{done} of {len(points)}",
        f"{number(round(reached, 6))} of {number(round(possible, 6))}",
    )


def as_text(rows: Sequence[Row], note: str = "") -> str:
    """Columns, with a heading, and a note below."""
    all_rows = [HEAD, *rows]
    widths = [max(len(row[column]) for row in all_rows) for column in range(len(HEAD))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in all_rows
    ]
    return "\n".join([*lines, *([note] if note else [])])


def as_html(rows: Sequence[Row], note: str = "") -> str:
    """The same in HTML."""
    left = 'style="text-align: left"'
    head = "<td></td>" + "".join(f'<th scope="col" {left}>{cell}</th>' for cell in HEAD[1:])
    body = ""
    for label, title, *cells in rows:
        first, *rest = (label, title, *cells) if label else (title, "", *cells)
        body += f'<tr><th scope="row" {left}>{escape(first)}</th>'
        body += "".join(f"<td {left}>{escape(cell)}</td>" for cell in rest) + "</tr>\n"
    caption = "<caption>Your progress</caption>"
    text = f"<p>{escape(note)}</p>\n" if note else ""
    return f"<table>\n{caption}\n<tr>{head}</tr>\n{body}</table>\n{text}"
