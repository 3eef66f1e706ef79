"""Predictions: asked, answered or not, revealed."""

import pytest

from coursekit import predict
from coursekit.widgets.base.output import VIEW_TYPE

QUESTION = "Is 0 < 1 & 1 < 2?"


def test_question_is_displayed_at_once_with_its_options(displayed):
    guess = predict(QUESTION, ["yes", "no"])
    live, still = displayed.shown
    assert live[VIEW_TYPE]["model_id"] == guess.view.model_id
    assert still["text/plain"] == f"Predict: {QUESTION}\n  ( ) yes\n  ( ) no"
    assert "Is 0 &lt; 1 &amp; 1 &lt; 2?" in still["text/html"]
    assert "<li>yes</li><li>no</li>" in still["text/html"]
    assert repr(guess) == f"Prediction({QUESTION!r}, answer=None)"


def test_the_still_shows_what_is_chosen():
    guess = predict(QUESTION, ["<", "no"])
    guess.answer = "<"
    forms, _ = guess.still()
    assert forms["text/plain"] == f"Predict: {QUESTION}\n  (•) <\n  ( ) no"
    assert "<li><strong>&lt;</strong></li><li>no</li>" in forms["text/html"]


def test_unanswered_it_stays_out_of_the_way(displayed):
    predict(QUESTION, ["yes", "no"]).reveal("yes", "Look & see.")
    assert displayed.shown[2] == {
        "text/plain": "What happened: yes\nLook & see.",
        "text/html": "<p>What happened: <strong>yes</strong><br>Look &amp; see.</p>",
    }


def test_answers_stand_beside_what_happened(displayed):
    guess = predict(QUESTION, [2, 3])
    guess._buttons.value = "3"  # as a click does
    assert guess.answer == "3"
    guess.reveal(3)
    assert displayed.shown[2]["text/plain"] == (
        "You predicted: 3\nWhat happened: 3\nYou saw it coming."
    )
    guess.answer = 2
    guess.reveal(3, "Because.")
    assert displayed.shown[3]["text/plain"] == (
        "You predicted: 2\nWhat happened: 3\nA surprise is worth a second look. Because."
    )


def test_without_a_notebook_it_is_text(capsys):
    predict("Heads?", ["yes", "no"]).reveal("no")
    assert capsys.readouterr().out == "Predict: Heads?\n  ( ) yes\n  ( ) no\nWhat happened: no\n"


@pytest.mark.parametrize("options", [["yes"], [], ["yes", "yes"], [1, "1"]])
def test_refuses_options(options):
    with pytest.raises(ValueError, match="two or more that differ"):
        predict(QUESTION, options)


def test_refuses_what_was_no_option():
    guess = predict(QUESTION, ["yes", "no"])
    with pytest.raises(ValueError, match=r"must be one of yes, no, got 'maybe'"):
        guess.reveal("maybe")
    with pytest.raises(ValueError, match="got 'maybe'"):
        guess.answer = "maybe"
