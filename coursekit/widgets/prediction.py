"""A question to answer before an experiment is run, and the answer set beside what happened."""

import html
from collections.abc import Sequence

import ipywidgets
from IPython.display import display

VIEW_TYPE = "application/vnd.jupyter.widget-view+json"


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
            raise ValueError(f"expected two or more different options, got {self.options}")
        self._buttons = ipywidgets.RadioButtons(
            options=self.options, value=None, layout={"width": "auto"}
        )
        asked = f"<strong>Predict:</strong> {html.escape(question)}"
        self.view = ipywidgets.VBox([ipywidgets.HTMLMath(asked), self._buttons])

    @property
    def answer(self) -> str | None:
        """The option chosen, None as long as there is none."""
        chosen: str | None = self._buttons.value
        return chosen

    @answer.setter
    def answer(self, option: object) -> None:
        self._buttons.value = None if option is None else self._known(option)

    def reveal(self, actual: object, explanation: str = "") -> None:
        """Show what happened, and beside it what was predicted, if anything was.

        Parameters
        ----------
        actual : object
            What happened; its text must be one of the options, so a computed number will do.
        explanation : str, optional
            Why it happened. Formulas may stand between dollar signs.

        Raises
        ------
        ValueError
            If what happened was none of the options.
        """
        happened = self._known(actual)
        rows = [("What happened", happened)]
        if self.answer == happened:
            rows = [("You predicted", self.answer), *rows]
            explanation = f"You saw it coming. {explanation}".strip()
        elif self.answer is not None:
            rows = [("You predicted", self.answer), *rows]
            explanation = f"A surprise is worth a second look. {explanation}".strip()
        plain = [f"{name}: {value}" for name, value in rows]
        rich = [f"{name}: <strong>{html.escape(value)}</strong>" for name, value in rows]
        if explanation:
            plain.append(explanation)
            rich.append(html.escape(explanation))
        display(_Output("\n".join(plain), f"<p>{'<br>'.join(rich)}</p>"))

    def _known(self, option: object) -> str:
        if str(option) not in self.options:
            raise ValueError(f"expected one of {self.options}, got {str(option)!r}")
        return str(option)

    def __repr__(self) -> str:
        return f"Prediction({self.question!r}, answer={self.answer!r})"


def predict(question: str, options: Sequence[object]) -> Prediction:
    """Ask what will happen, at once and in place.

    The question appears below the cell, wherever in it the call stands. The experiment's cell
    ends in ``guess.reveal(what_happened, explanation)``.

    Parameters
    ----------
    question : str
        One sentence. Formulas may stand between dollar signs.
    options : sequence
        Two or more, as text or anything with a text.

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
    lines = [f"Predict: {question}", *(f"  ( ) {option}" for option in guess.options)]
    items = "".join(f"<li>{html.escape(option)}</li>" for option in guess.options)
    asked = f"<p><strong>Predict:</strong> {html.escape(question)}</p><ul>{items}</ul>"
    display(_Output("\n".join(lines), asked, guess.view))
    return guess


class _Output:
    """One output in several forms; the richest that the reader's program knows is shown."""

    def __init__(self, plain: str, rich: str, view: ipywidgets.Widget | None = None) -> None:
        self.plain = plain
        self.forms: dict[str, object] = {"text/plain": plain, "text/html": rich}
        if view is not None:
            self.forms[VIEW_TYPE] = {
                "model_id": view.model_id,
                "version_major": 2,
                "version_minor": 0,
            }

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, object]:
        return self.forms
