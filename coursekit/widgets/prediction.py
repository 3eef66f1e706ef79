"""A question before an experiment, and the student's answer beside what happened."""

import html
from collections.abc import Mapping, Sequence

import ipywidgets
from IPython.display import display

from coursekit import diary
from coursekit.language import mark, say
from coursekit.nn.validation import check_choice
from coursekit.plots.show import Bundle
from coursekit.widgets.base.controls import Scheduler
from coursekit.widgets.base.output import LiveOutput

_OPEN = mark("What happened? Decide first, then open.")
_SEEN = mark("You saw it coming.")
_SURPRISED = mark("A surprise is worth a second look.")
_MARKS = {diary.SEEN: "✓", diary.SURPRISED: "≠"}
_SIGNS = {_SEEN: _MARKS[diary.SEEN], _SURPRISED: _MARKS[diary.SURPRISED]}
_EDGES = {_SEEN: "#009E73", _SURPRISED: "#D55E00"}
_RUN = mark(
    "Your predictions in this lecture: {marks} ({seen} of {all} seen coming; only you see this)"
)
_answers: dict[tuple[str, ...], str] = {}  # of this kernel, by question and options
_PARAGRAPH = '<p style="margin: 0.4em 0 0">{}</p>'
_CARD = """<details class="ck-reveal"{open} style="border: 1px solid {edge}; border-left-width: 5px;
border-radius: 4px; padding: 0.5em 1em; margin: 0.3em 0; max-width: 54ch">
<summary style="cursor: pointer"><strong>{mark}{head}</strong></summary>
{body}</details>"""


class Prediction:
    """A student's answer to a question; made by :func:`predict`.

    Attributes
    ----------
    question : str
    options : list of str
    view : ipywidgets.Widget
        The question with its radio buttons.
    """

    def __init__(self, question: str, options: Sequence[object]) -> None:
        self.question = question
        self.options = [str(option) for option in options]
        if len(set(self.options)) < max(2, len(self.options)):
            raise ValueError(
                say("options must be two or more that differ, got {got}", got=self.options)
            )
        self._buttons = ipywidgets.RadioButtons(
            options=self.options, value=None, layout={"width": "auto"}
        )
        asked = f"<strong>{say('Predict:')}</strong> {html.escape(question)}"
        self.view = ipywidgets.VBox([ipywidgets.HTMLMath(asked), self._buttons])
        self._output = LiveOutput(self, self.view, self.still)
        self._scheduler = Scheduler()
        self._key = (question, *self.options)
        self._buttons.observe(self._chosen, "value")

    @property
    def answer(self) -> str | None:
        """The option chosen, or None as long as nothing is chosen."""
        chosen: str | None = self._buttons.value
        return chosen

    @answer.setter
    def answer(self, option: object) -> None:
        self._buttons.value = None if option is None else self._known(option)

    def still(self) -> Bundle:
        """The question with the answer so far, as an output of a notebook."""
        chosen = [option == self.answer for option in self.options]
        lines = [f"{say('Predict:')} {self.question}"]
        lines += [f"  ({'•' if c else ' '}) {o}" for c, o in zip(chosen, self.options, strict=True)]
        items = ""
        for yes, option in zip(chosen, self.options, strict=True):
            text = html.escape(option)
            items += f"<li><strong>{text}</strong></li>" if yes else f"<li>{text}</li>"
        question = f"<strong>{say('Predict:')}</strong> {html.escape(self.question)}"
        asked = f"<p>{question}</p><ul>{items}</ul>"
        return {"text/html": asked, "text/plain": "\n".join(lines)}, {}

    def _chosen(self, _: object) -> None:
        if self.answer is not None:
            _answers[self._key] = self.answer
        self._scheduler.schedule(self._answered)

    def _answered(self) -> None:
        self._output.update_later(self._scheduler.loop)

    def reveal(self, actual: object, explanation: str = "") -> None:
        """Show what happened beside what was predicted, on a card.

        The card is folded if nothing was predicted. The first prediction of each question is kept
        for the student's own page of progress.

        Parameters
        ----------
        actual : object
            What happened: one of the options, or a value whose text is one, such as a number.
        explanation : str, optional
            Why it happened. Formulas may be written between dollar signs.

        Raises
        ------
        ValueError
            If what happened is not among the options.
        """
        happened, answer = self._known(actual), self.answer
        rows = {say("What happened"): happened}
        if answer is None:
            display(_Card(_OPEN, rows, explanation, unfolded=False))
            return
        seen = answer == happened
        entries = diary.write(diary.SEEN if seen else diary.SURPRISED, self.question)
        marks = [_MARKS[entry.what] for entry in entries if entry.what in _MARKS]
        rows = {say("You predicted"): answer} | rows
        display(_Card(_SEEN if seen else _SURPRISED, rows, explanation, "".join(marks)))

    def _known(self, option: object) -> str:
        return check_choice(say("an answer"), str(option), self.options)

    def __repr__(self) -> str:
        return f"Prediction({self.question!r}, answer={self.answer!r})"


def predict(question: str, options: Sequence[object]) -> Prediction:
    """Ask a student what will happen; the question appears at once, below the cell.

    Run again in the same kernel, a question keeps its answer: choosing one selects its cell, which
    Shift+Enter then runs once more.

    The experiment's cell ends in ``guess.reveal(what_happened, explanation)``.

    Parameters
    ----------
    question : str
        One sentence. Formulas may be written between dollar signs.
    options : sequence
        Two or more; those that are not text are converted with ``str``.

    Returns
    -------
    Prediction
        Keep it for the reveal.

    Raises
    ------
    ValueError
        If there are fewer than two options, or two are equal.

    Examples
    --------
    >>> guess = predict("How many of the four rows will the best line get right?", [2, 3, 4])
    >>> guess.reveal(3)
    """
    guess = Prediction(question, options)
    guess.answer = _answers.get(guess._key)
    guess._output.display()
    return guess


class _Card:
    """What happened, whether it was predicted, and why: a card that folds.

    Where nothing was predicted it is folded, so that a page to read answers no question before the
    reader wants it to.
    """

    def __init__(
        self,
        head: str,
        rows: Mapping[str, str],
        explanation: str,
        marks: str = "",
        *,
        unfolded: bool = True,
    ) -> None:
        self.head, self.rows, self.explanation = head, rows, explanation
        self.marks, self.unfolded = marks, unfolded

    def __repr__(self) -> str:
        lines = [f"{name}: {value}" for name, value in self.rows.items()]
        head = [say(self.head)] if self.unfolded else []
        return "\n".join([*lines, *filter(None, [" ".join([*head, self.explanation]).strip()])])

    def _repr_html_(self) -> str:
        rows = [f"{n}: <strong>{html.escape(v)}</strong>" for n, v in self.rows.items()]
        body = [_PARAGRAPH.format("<br>".join(rows))]
        if self.explanation:
            body.append(_PARAGRAPH.format(html.escape(self.explanation)))
        if self.marks:
            seen = self.marks.count(_MARKS[diary.SEEN])
            text = say(_RUN, marks=self.marks, seen=seen, all=len(self.marks))
            body.append(_PARAGRAPH.format(f"<small>{text}</small>"))
        return _CARD.format(
            open=" open" if self.unfolded else "",
            edge=_EDGES.get(self.head, "#888888"),
            mark=f"{_SIGNS[self.head]} " if self.head in _SIGNS else "",
            head=html.escape(say(self.head)),
            body="".join(body),
        )
