"""Feedback for a platform: a zip of pages, and a text for the column of comments."""

import io
import zipfile
from collections.abc import Iterator
from html import escape

from coursekit.grading.batch.exports import reports
from coursekit.grading.batch.marks.class_book import ClassBook
from coursekit.grading.batch.marks.entry import Entry
from coursekit.grading.judge.verdict import number
from coursekit.language import say, speaking

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # one date for all, so that equal pages make an equal zip


def feedback_zips(book: ClassBook) -> Iterator[tuple[str, bytes]]:
    """Yield an exercise and the zip of its pages, named as the platform has named the submissions.

    Moodle finds the student by the folder ("Upload multiple feedback files in a zip":
    ``mod/assign/feedback/file/importziplib.php``), Canvas by the two numbers at the beginning of
    the file's name (``Assignment#infer_comment_context_from_filename``).
    """
    for exercise in book.exercises:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for student in book.students:
                entries = [e for e in student.entries if e.grade.exercise == exercise]
                entry = student.counted(exercise)
                if entry is None or not entry.about.place:
                    continue
                place = entry.about.place
                join = "/" if "_assignsubmission_" in place else "_"
                info = zipfile.ZipInfo(f"{place}{join}feedback-{exercise[:2]}.html", _LONG_AGO)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, reports.feedback(entries))
            names = archive.namelist()
        if names:
            yield exercise, packed.getvalue()


def comment(entry: Entry) -> str:
    """Write the feedback as a short text: the points of each task, and what is wrong."""
    with speaking(entry.grade.language):
        return _comment(entry)


def _comment(entry: Entry) -> str:
    lines = [
        say(
            "{reached} of {possible} points.",
            reached=number(entry.points),
            possible=number(entry.possible),
        )
    ]
    lines += filter(None, [entry.lateness.in_words()])
    for task in entry.grade.tasks:
        given = entry.overrides.get(task.task)
        said = given.comment if given else task.mistake or task.error or ""
        if not said and task.status == "missing":
            said = say("Not written yet.")
        points = say(
            "{task}: {reached} of {possible}",
            task=task.task,
            reached=number(entry.task_points(task.task)),
            possible=number(task.possible),
        )
        lines.append(f"{points}. {said}".rstrip() if said else f"{points}.")
    return escape("\n".join(lines), quote=False)  # Moodle reads it as HTML
