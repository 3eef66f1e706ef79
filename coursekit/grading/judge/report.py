"""What a person reads on a page or in a terminal: reports, tables and a progress bar."""

import re
from collections.abc import Sequence
from html import escape
from typing import TextIO

from coursekit.grading.judge.limits import current_shell
from coursekit.grading.judge.verdict import PERHAPS, WORDS, Verdict
from coursekit.language import say

_HTML = """<div style="border-left: 4px solid {edge}; padding: 0.2em 0 0.2em 0.8em">
<p style="margin: 0"><strong>{head}</strong></p>
{body}</div>"""
_EDGES = {"done": "#009E73", "missing": "#888888"}
_LIST = '<ul role="list" style="list-style: none; margin: 0.3em 0; padding: 0">\n{}</ul>\n'


def show(text: str, html: str = "") -> None:
    """Display a text in a notebook, with its HTML version; elsewhere print it."""
    if current_shell() is None:
        print(text)
        return
    from IPython.display import display

    display({"text/plain": text, **({"text/html": html} if html else {})}, raw=True)


def as_html(verdict: Verdict, footer: str = "", link: str = "") -> str:
    """Format a verdict as HTML, for light and dark pages; colour is never the only cue.

    The footer is text, the link below it HTML.
    """
    items = ""
    for result, details in verdict.shown:
        sign, word = WORDS[result.status]
        lines = "".join(
            f'<div style="{_style(text)}">{inline_html(text)}</div>' for text in details
        )
        items += (
            f'<li><span aria-hidden="true">{sign}</span> <strong>{say(word)}:</strong> '
            f"{inline_html(result.line)}{lines}</li>\n"
        )
    body = _paragraphs(verdict.opening) + (_LIST.format(items) if items else "")
    body += _paragraphs(verdict.ending, *verdict.remarks, footer)
    body += f'<p style="margin: 0.3em 0 0">{link}</p>\n' if link else ""
    edge = _EDGES.get(verdict.status, "#D55E00")
    return _HTML.format(edge=edge, head=escape(verdict.headline), body=body)


def _paragraphs(*texts: str) -> str:
    html = "".join(
        f'<p style="margin: 0.3em 0 0">{inline_html(text)}</p>\n' for text in texts if text
    )
    perhaps = say(PERHAPS)
    return html.replace(perhaps, f"<strong>{perhaps}</strong>", 1)


def _style(text: str) -> str:
    as_it_is = text.startswith(("| ", "    "))  # printed, or code
    printed = "; font-family: monospace; white-space: pre-wrap" if as_it_is else ""
    return f"margin-left: 1.5em{printed}"


def inline_html(text: str) -> str:
    """Escape a text for HTML, and format text in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def text_table(rows: Sequence[Sequence[str]]) -> str:
    """Format rows as left-aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)


class ProgressBar:
    """A progress bar, drawn only if the stream is a terminal.

    Parameters
    ----------
    total : int
        Number of steps.
    screen : text stream
        Such as ``sys.stderr``.
    """

    def __init__(self, total: int, screen: TextIO) -> None:
        self.total, self._screen = total, screen

    def draw(self, done: int, text: str) -> None:
        """Draw the bar with a text on its right."""
        filled = 20 * done // self.total
        self._write(f"\r{'█' * filled}{'░' * (20 - filled)} {text}\x1b[K")

    def wipe(self) -> None:
        """Remove the bar."""
        self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        if self._screen.isatty():
            print(text, end="", file=self._screen, flush=True)
