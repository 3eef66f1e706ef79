"""The answers to the question that nothing judges, for the pages that people read."""

from collections.abc import Sequence
from html import escape

from coursekit.grading.batch.base.records import Grade
from coursekit.grading.judge.report import inline_html
from coursekit.language import say


def as_text(grade: Grade) -> list[str]:
    """Write one student's answer as plain text; nothing if the exercise has no question."""
    if not grade.question:
        return []
    if not grade.explanation:
        return [say("The question at the end is not answered (no points).")]
    return [
        say(
            "Your answer to the question at the end (no points): {answer}", answer=grade.explanation
        )
    ]


def answer(grade: Grade) -> list[str]:
    """Write the question and one student's answer as HTML; nothing if there is no question."""
    if not grade.question:
        return []
    text = f'<p class="own">{escape(grade.explanation)}</p>'
    return [
        f"<section>\n<h3>{say('In your own words: no points')}</h3>",
        f"<p>{inline_html(grade.question)}</p>",
        text if grade.explanation else f"<p><strong>{say('Not answered.')}</strong></p>",
        "</section>",
    ]


def all_answers(grades: Sequence[Grade]) -> list[str]:
    """Write all answers to the question of one exercise as HTML that unfolds."""
    question = next((grade.question for grade in grades if grade.question), "")
    if not question:
        return []
    written = [grade for grade in grades if grade.explanation]
    count = say("Answers: {n} of {all}", n=len(written), all=len(grades))
    return [
        f"<h3>{say('In their own words')}</h3>",
        f"<p>{inline_html(question)}</p>",
        f"<details><summary>{count}</summary>",
        *(
            f'<p class="own"><strong>{escape(grade.name)}:</strong> {escape(grade.explanation)}</p>'
            for grade in written
        ),
        "</details>",
    ]
