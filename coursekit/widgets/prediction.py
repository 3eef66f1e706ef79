"""A question before an experiment, and the student's answer beside what happened."""

import html
from collections.abc import Sequence

import ipywidgets
from IPython.display import display

from coursekit.nn.validation import check_choice
from coursekit.plots.show import Bundle
from coursekit.widgets.base.controls import Scheduler
from coursekit.widgets.base.output import LiveOutput


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
            raise ValueError(f"options must be two or more that differ, got {self.options}")
        self._buttons = ipywidgets.RadioButtons(
            options=self.options, value=None, layout={"width": "auto"}
        )
        asked = f"<strong>Predict:</strong> {html.escape(question)}"
        self.view = ipywidgets.VBox([ipywidgets.HTMLMath(asked), self._buttons])
        self._output = LiveOutput(self, self.view, self.still)
        self._scheduler = Scheduler()
        self._buttons.observe(lambda _: self._scheduler.schedule(self._answered), "value")

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
        lines = [f"Predict: {self.question}"]
        lines += [f"  ({'•' if c else ' '}) {o}" for c, o in zip(chosen, self.options, strict=True)]
        items = ""
        for yes, option in zip(chosen, self.options, strict=True):
            text = html.escape(option)
            items += f"<li><strong>{text}</strong></li>" if yes else f"<li>{text}</li>"
        asked = f"<p><strong>Predict:</strong> {html.escape(self.question)}</p><ul>{items}</ul>"
        return {"text/html": asked, "text/plain": "\n".join(lines)}, {}

    def _answered(self) -> None:
        self._output.update_later(self._scheduler.loop)

    def reveal(self, actual: object, explanation: str = "") -> None:
        """Show what happened beside what was predicted, if anything was.

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
        happened = self._known(actual)
        rows = {"What happened": happened}
        if self.answer is not None:
            rows = {"You predicted": self.answer} | rows
            right = self.answer == happened
            comment = "You saw it coming." if right else "A surprise is worth a second look."
            explanation = f"{comment} {explanation}".strip()
        plain = [f"{name}: {value}" for name, value in rows.items()]
        rich = [f"{name}: <strong>{html.escape(value)}</strong>" for name, value in rows.items()]
        if explanation:
            plain.append(explanation)
            rich.append(html.escape(explanation))
        display(_Text("\n".join(plain), f"<p>{'<br>'.join(rich)}</p>"))

    def _known(self, option: object) -> str:
        return check_choice("an answer", str(option), self.options)

    def __repr__(self) -> str:
        return f"Prediction({self.question!r}, answer={self.answer!r})"


def predict(question: str, options: Sequence[object]) -> Prediction:
    """Ask a student what will happen; the question appears at once, below the cell.

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
    guess._output.display()
    return guess


class _Text:
    """Words as an output; a notebook's reader shows the richest form that it knows."""

    def __init__(self, plain: str, rich: str) -> None:
        self.plain, self.rich = plain, rich

    def __repr__(self) -> str:
        return self.plain

    def _repr_html_(self) -> str:
        return self.rich
