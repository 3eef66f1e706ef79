"""The question at the end of an exercise that a student answers in their own words.

Nothing judges the answer; a teacher reads it. It is the text of a Markdown cell, such as
``explanation-05``, between the cells ``question-05`` and ``model-answer-05``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from coursekit.grading.course.notebook import Notebook, cell_id, question_part, source_of
from coursekit.language import languages, mark, say, speaking

TO_WRITE = mark("YOUR ANSWER HERE")  # nbgrader's words
MOST = 2_000  # characters: three sentences have a few hundred
_IMAGE = re.compile(r"!\[|<img\b", re.IGNORECASE)
_MISSING = mark("The cell for the explanation is missing.")
_RETYPED = mark("The explanation is in a code cell; it was read as text.")
_SEVERAL = mark("The explanation is in several cells; they were read in the notebook's order.")
_IMAGES = mark("The explanation has an image, which only the notebook shows.")
_LONG = mark("Only the first {most} characters of the explanation are shown.")


@dataclass(frozen=True)
class Explanation:
    """A student's answer to the question.

    Attributes
    ----------
    text : str
        As it was written, which may be anything; empty if nothing is.
    remarks : list of str
        What is unusual about it, in sentences.
    """

    text: str
    remarks: list[str] = field(default_factory=list)


def read_explanation(notebook: Notebook, handed_out: Mapping[str, str]) -> Explanation | None:
    """Find the answer as a person would: people split, retype, move and delete its cell.

    Parameters
    ----------
    notebook : mapping
        As it was submitted.
    handed_out : mapping of str to str
        The sources of the exercise's text cells, by id.

    Returns
    -------
    Explanation or None
        None if the exercise has no such question.
    """
    sources = {id: source.strip() for id, source in handed_out.items() if question_part(id)}
    if "explanation" not in map(question_part, sources):
        return None
    texts: dict[str, None] = {}  # each once: a cell may have been copied
    here = retyped = between = False
    for cell in notebook["cells"]:
        id, source = cell_id(cell), re.sub(r"\r\n?", "\n", source_of(cell)).strip()
        if id not in sources:  # some editors lose ids
            id = next((known for known, text in sources.items() if text in source), id)
        part = question_part(id) if id in sources else None
        own = ""
        if part == "explanation" or (
            part and sources[id] in source
        ):  # or written below the question
            own = source.replace(sources[id], "").strip()
        elif between and cell["cell_type"] != "code" and id not in handed_out:
            own = source
        here = here or part == "explanation"
        retyped = retyped or bool(part and own and cell["cell_type"] == "code")
        between = part == "question" or (between and part != "model-answer")
        texts |= {own: None} if own else {}
    text = "\n\n".join(texts)
    found = {
        _MISSING: not here and not texts,
        _RETYPED: retyped,
        _SEVERAL: len(texts) > 1,
        _IMAGES: _IMAGE.search(text) is not None,
        _LONG: len(text) > MOST,
    }
    return Explanation(text, [say(remark, most=MOST) for remark, holds in found.items() if holds])


def words_to_replace() -> list[str]:
    """Return what the cell holds until a student writes into it, in each language."""
    found = [TO_WRITE]
    for language in languages()[1:]:
        with speaking(language):
            found.append(say(TO_WRITE))
    return found


def asked(handed_out: Mapping[str, str]) -> str:
    """Return the question alone, without its heading and the note on how to answer, or ""."""
    sources = (source for id, source in handed_out.items() if question_part(id) == "question")
    return "\n\n".join(next(sources, "").split("\n\n")[1:-1])
