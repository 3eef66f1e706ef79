"""Write a fresh copy of an exercise notebook, and keep the student's own as a backup."""

from pathlib import Path

from coursekit.grading.course.answer_cells import read_submission
from coursekit.grading.course.notebook import notebook_text, parse, with_answers
from coursekit.grading.course.paths import Course, keep_backup, write_atomically
from coursekit.grading.course.submission import load_notebook
from coursekit.grading.judge.recording import recorded
from coursekit.language import join, mark, say


def reset(course: Course, name: str, *, keep_answers: bool = False) -> str:
    """Write the notebook as it was handed out.

    Parameters
    ----------
    course : Course
        Its folder ``exercises/`` is written to.
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
        If the answers can't be read; nothing is changed.
    """
    path = course.exercises / f"{name}.ipynb"
    notebook = recorded(course, name).notebook
    if keep_answers and path.exists():
        exercise = parse(notebook, name)
        submitted = read_submission(load_notebook(path), exercise)
        answers: dict[str, str] = {}
        for task in exercise.tasks.values():
            found = submitted.answers[task.id]
            answers |= {id: found[id] for id in task.answers if id in found}
            if elsewhere := [text for id, text in found.items() if id not in task.answers]:
                first = next(iter(task.answers))
                answers[first] = "\n\n\n".join([*filter(None, [answers.get(first)]), *elsewhere])
        if submitted.explanation and submitted.explanation.text:
            answers[f"explanation-{name[:2]}"] = submitted.explanation.text
        notebook = with_answers(notebook, answers)
    here = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    fresh = mark("{file} is a fresh copy.")
    done = say(
        mark("{file} is a fresh copy with your answers.") if keep_answers else fresh, file=here
    )
    kept = ""
    if path.exists():
        kept = say("The previous version is kept as {file}.", file=keep_backup(path).name)
    write_atomically(path, notebook_text(notebook))
    return join(done, kept, say("If it is open in JupyterLab, close it and open it again."))
