"""A submitted file as a notebook that can be parsed here, and the exercise that it belongs to."""

from pathlib import Path

from coursekit.grading.batch.base.records import SubmittedFile
from coursekit.grading.course.notebook import Notebook
from coursekit.grading.course.paths import Course, CourseError
from coursekit.grading.course.submission import as_notebook, tasks_in
from coursekit.language import say

MAX_MEMORY = 700_000_000  # bytes that parsing a file may take


def notebook_of(submission: SubmittedFile) -> Notebook:
    """Parse a submission's file.

    Raises
    ------
    CourseError
        If it is not a notebook, or too large to parse.
    """
    content = submission.content
    if parsing_cost(content) > MAX_MEMORY:
        raise CourseError(say("The file is too large: clear its outputs and save it."))
    return as_notebook(content, Path(submission.file).name)


def parsing_cost(content: bytes) -> int:
    """Estimate the memory that parsing a notebook takes, in bytes, without parsing it.

    Text with a rare character, such as an emoji, takes four bytes for each of its characters, as a
    whole and in parts. Each bracket is an object of its own, and so may be what follows a comma;
    a colon follows a key.
    """
    texts = len(content) * (1 + 2 * (1 if content.isascii() else 4))
    objects = {b"[": 240, b"{": 240, b":": 200, b",": 80}
    return texts + sum(size * content.count(sign) for sign, size in objects.items())


def exercise_name(course: Course, notebook: Notebook) -> str:
    """Find from its answer cells, or else from its checks, which exercise a notebook belongs to.

    Raises
    ------
    CourseError
        If it belongs to no exercise of the course.
    """
    numbers = [task[:2] for task in tasks_in(notebook)]
    if not numbers:
        raise CourseError(say("This notebook contains no answer cell of any exercise."))
    return course.name(max(sorted(set(numbers)), key=numbers.count))
