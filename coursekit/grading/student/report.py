"""What a check shows: the same report as plain text and as HTML."""

import re
from html import escape

from coursekit.grading.judge.verdict import Outcome, Verdict
from coursekit.grading.student.table import number

_WORDS = {
    "passed": ("✓", "passed"),
    "failed": ("✗", "not yet right"),
    "missing": ("○", "not written yet"),
    "stopped": ("✗", "stopped"),
    "refused": ("✗", "not allowed"),
    "skipped": ("–", "not tried"),
    "fault": ("!", "the test is broken"),
}
_HTML = """<div style="border-left: 4px solid {edge}; padding: 0.2em 0 0.2em 0.8em">
<p style="margin: 0"><strong>{head}</strong></p>
{body}</div>"""
_PERHAPS = "Perhaps this is it:"
_EDGES = {"done": "#009E73", "missing": "#888888"}


def headline(verdict: Verdict) -> str:
    """One line: the task and its points."""
    points = f"{number(verdict.points)} of {number(verdict.possible)} points"
    if verdict.status == "missing":
        return f"Task {verdict.task}: not written yet ({points})"
    return f"Task {verdict.task}: {points}"


def as_text(verdict: Verdict, footer: str = "") -> str:
    """The report as plain text.

    Parameters
    ----------
    verdict : Verdict
        Of one task.
    footer : str
        A last line, such as the progress.
    """
    lines = [headline(verdict), *(f"  {text}" for text in _opening(verdict))]
    for outcome, details in _shown(verdict):
        sign, word = _WORDS[outcome.status]
        lines.append(f"  {sign} {word}: {outcome.tried}{_worth(outcome)}")
        lines += [f"      {text}" for text in details]
    lines += [f"  {text}" for text in _ending(verdict)]
    return "\n".join([*lines, *([footer] if footer else [])])


def as_html(verdict: Verdict, footer: str = "") -> str:
    """The report as HTML, for light and dark pages alike; nothing is said by colour alone."""
    body = _paragraphs(_opening(verdict))
    items = ""
    for outcome, details in _shown(verdict):
        sign, word = _WORDS[outcome.status]
        lines = "".join(f'<div style="{_style(text)}">{_marked(text)}</div>' for text in details)
        items += (
            f'<li><span aria-hidden="true">{sign}</span> <strong>{word}:</strong> '
            f"{_marked(outcome.tried)}{_worth(outcome)}{lines}</li>\n"
        )
    if items:
        style = "list-style: none; margin: 0.3em 0; padding: 0"
        body += f'<ul role="list" style="{style}">\n{items}</ul>\n'
    body += _paragraphs([*_ending(verdict), *([footer] if footer else [])])
    edge = _EDGES.get(verdict.status, "#D55E00")
    return _HTML.format(edge=edge, head=escape(headline(verdict)), body=body)


def _paragraphs(texts: list[str]) -> str:
    return "".join(f'<p style="margin: 0.3em 0 0">{_marked(text)}</p>\n' for text in texts)


def _marked(text: str) -> str:
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
    return html.replace(_PERHAPS, f"<strong>{_PERHAPS}</strong>", 1)


def _style(text: str) -> str:
    printed = "; font-family: monospace; white-space: pre-wrap" if text.startswith("| ") else ""
    return f"margin-left: 1.5em{printed}"


def _opening(verdict: Verdict) -> list[str]:
    if verdict.status == "missing":
        return ["Write the answer, run its cell, then run this one again."]
    if verdict.status == "refused":
        return [verdict.sentence]
    if verdict.status == "fault":
        return ["A test of this task is broken. This is not your fault; please report it."]
    return [verdict.trouble] if verdict.trouble else []


def _shown(verdict: Verdict) -> list[tuple[Outcome, list[str]]]:
    """The tests worth a line, each with the lines below it; what was said is not said again."""
    if verdict.status in ("missing", "refused") or (verdict.trouble and not verdict.points):
        return []
    said: set[str] = set()
    shown = []
    for outcome in verdict.outcomes:
        details = []
        if not outcome.passed and outcome.message:
            details.append("(as above)" if outcome.message in said else outcome.message)
            heard = "\n".join(f"| {text}" for text in outcome.output)
            if heard and heard not in said and outcome.status != "stopped":
                details += ["While it ran, your code printed:", *heard.splitlines()]
            said |= {outcome.message, heard}
        shown.append((outcome, details))
    return shown


def _worth(outcome: Outcome) -> str:
    reached = outcome.points if outcome.passed else 0
    return f" ({number(reached)} of {number(outcome.points)})"


def _ending(verdict: Verdict) -> list[str]:
    return [f"{_PERHAPS} {verdict.mistake}"] if verdict.mistake else []
