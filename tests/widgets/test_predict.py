"""Predictions: asked, answered or not, revealed."""

import asyncio

import pytest

from coursekit import diary, predict, widgets
from coursekit.widgets import prediction
from coursekit.widgets.base.output import VIEW_TYPE

QUESTION = "Is 0 < 1 & 1 < 2?"


@pytest.fixture(autouse=True)
def _new_kernel(monkeypatch):
    monkeypatch.setattr(prediction, "_answers", {})


def test_a_question_that_is_run_again_keeps_its_answer():
    guess = predict(QUESTION, ["yes", "no"])
    guess.answer = "yes"
    assert predict(QUESTION, ["yes", "no"]).answer == "yes"
    assert predict(QUESTION, ["yes", "no", "both"]).answer is None
    assert predict("Another?", ["yes", "no"]).answer is None


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


def test_unanswered_the_card_is_folded(displayed):
    predict(QUESTION, ["yes", "no"]).reveal("yes", "Look & see.")
    card = displayed.shown[2]
    assert card["text/plain"] == "What happened: yes\nLook & see."
    summary, _, body = card["text/html"].partition("</summary>")
    assert summary.startswith('<details class="ck-reveal" style=')
    assert "Decide first, then open." in summary and "yes" not in summary
    assert "What happened: <strong>yes</strong>" in body and "Look &amp; see." in body


@pytest.fixture
def lecture(tmp_path, monkeypatch):
    """A kernel's folder as a lecture has it, and the course around it."""
    for folder in ("notebooks", "exercises"):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    monkeypatch.setenv("JPY_SESSION_NAME", "course/notebooks/05b_more.ipynb")
    return tmp_path


def test_answers_stand_beside_what_happened(displayed, lecture):
    guess = predict(QUESTION, [2, 3])
    guess._buttons.value = "3"  # as a click does
    assert guess.answer == "3"
    guess.reveal(3)
    card = displayed.shown[2]
    assert card["text/plain"] == "You predicted: 3\nWhat happened: 3\nYou saw it coming."
    assert card["text/html"].startswith('<details class="ck-reveal" open style=')
    assert "<strong>✓ You saw it coming.</strong></summary>" in card["text/html"]
    guess.answer = 2
    guess.reveal(3, "Because.")
    assert displayed.shown[3]["text/plain"] == (
        "You predicted: 2\nWhat happened: 3\nA surprise is worth a second look. Because."
    )
    assert (
        "<strong>≠ A surprise is worth a second look.</strong>" in displayed.shown[3]["text/html"]
    )


def test_the_first_answer_to_each_question_is_kept_for_the_student(displayed, lecture):
    for question, answer in [
        ("a?", "no"),
        ("b?", "yes"),
        ("a?", "yes"),
        ("c?", None),
        ("d?", "yes"),
    ]:
        guess = predict(question, ["yes", "no"])
        guess.answer = answer
        guess.reveal("yes")
    said = "Your predictions in this lecture: ≠✓✓ (2 of 3 seen coming; only you see this)"
    assert said in displayed.shown[-1]["text/html"]
    assert [(e.lecture, e.what, e.title) for e in diary.read(lecture)] == [
        ("05b", diary.SURPRISED, "a?"),
        ("05b", diary.SEEN, "b?"),
        ("05b", diary.SEEN, "d?"),
    ]


def test_elsewhere_no_diary_is_kept(displayed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    guess = predict(QUESTION, ["yes", "no"])
    guess.answer = "yes"
    guess.reveal("yes")
    assert "Your predictions" not in displayed.shown[-1]["text/html"]
    assert list(tmp_path.iterdir()) == []


def test_a_goal_that_a_student_reaches_is_kept_and_a_program_s_is_not(displayed, lecture):
    async def scenario():
        explorer = widgets.LineAndGates(gate="or")
        explorer._ipython_display_()
        explorer.set(w1=1, w2=1, threshold=0.5)
        assert explorer.goal_reached and diary.read(lecture) == []
        explorer.controls["threshold"].slider.value += 1
        for _ in range(200):  # a busy machine is not a fault
            await asyncio.sleep(0.05)
            if diary.read(lecture):
                break

    asyncio.run(scenario())
    assert diary.read(lecture) == [diary.Entry("05b", diary.REACHED, "no error on OR")]


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
