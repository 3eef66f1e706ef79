"""A fresh copy of an exercise notebook; the student's own stays beside it as a backup."""

from itertools import count

from coursekit.grading.authoring.student_version import with_answers
from coursekit.grading.course.files import notebook_text, write_atomically
from coursekit.grading.course.notebook import parse
from coursekit.grading.course.paths import Course
from coursekit.grading.course.submission import load_notebook, read_submission
from coursekit.grading.student.check import recorded


def reset(course: Course, name: str, *, keep_answers: bool = False) -> str:
    """Write the notebook as it was handed out.

    Parameters
    ----------
    course : Course
        Whose ``exercises/`` is written to.
    name : str
        The exercise.
    keep_answers : bool
        Put the student's answers into the fresh copy.

    Returns
    -------
    str
        What was done, a sentence.

    Raises
    ------
    CourseError
        If the answers can't be read; nothing is changed then.
    """
    path = course.exercises / f"{name}.ipynb"
    notebook = recorded(course, name).notebook
    if keep_answers and path.exists():
        submission = read_submission(load_notebook(path), parse(notebook, name))
        answers = {id: text for cells in submission.answers.values() for id, text in cells.items()}
        notebook = with_answers(notebook, answers)
    said = f"exercises/{path.name} is a fresh copy{' with your answers' if keep_answers else ''}."
    if path.exists():
        backups = (path.with_name(f"{name}.backup-{number}.ipynb") for number in count(1))
        backup = next(candidate for candidate in backups if not candidate.exists())
        path.rename(backup)
        said += f" What was there before is kept as {backup.name}."
    write_atomically(path, notebook_text(notebook))
    return said + " If it is open in JupyterLab, close it and open it again."
