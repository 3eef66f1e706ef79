"""What an explorer says below its controls, as HTML."""

import html
import re
import traceback

from coursekit.language import mark, say

REACHED = mark("Goal reached.")
REACHED_BEFORE = mark("Goal reached before.")  # and what is shown now does not reach it


def result_html(lines: list[str]) -> str:
    """The lines as paragraphs, which a screen reader reads when they change."""
    paragraphs = []
    for line in lines:
        text = re.sub(r"(\([^ ,()]+,) ([^ ,()]+\))", "\\1\u00a0\\2", html.escape(line))
        if line == say(REACHED):
            bar = "border-left: 4px solid var(--jp-success-color1, #2e7d32); padding-left: 8px"
            text = f'<strong style="{bar}">✓ {text}</strong>'
        elif line == say(REACHED_BEFORE):
            text = f"✓ {text}"
        paragraphs.append(f'<p style="margin: 6px 0; line-height: 1.45">{text}</p>')
    return f'<div role="status" aria-live="polite">{"".join(paragraphs)}</div>'


def error_html(error: Exception) -> str:
    """What was raised, with its traceback to be opened."""
    what = html.escape(f"{type(error).__name__}: {error}")
    where = html.escape("".join(traceback.format_exception(error)))
    happened = say("Where it happened")
    return (
        f'<div role="alert"><p><strong>{what}</strong></p><details><summary>{happened}</summary>'
        f'<pre style="overflow-x: auto">{where}</pre></details></div>'
    )
