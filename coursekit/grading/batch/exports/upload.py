"""Feedback for a platform: a zip of pages, and a text for the column of comments."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from html import escape

from coursekit.grading.batch.base.platform_words import MOODLES_PLACE
from coursekit.grading.batch.base.records import TaskGrade
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
    the file's name (``Assignment#infer_comment_context_from_filename``). A group's number would be
    taken for another student's, so that groups have no page there.
    """
    for exercise in book.exercises:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for student in book.students:
                entries = book.of_exercise(student, exercise)
                own = (e.about.place for e in entries if e.about.place and not e.about.team)
                place = next(own, "")
                if not place or not any(e.counts for e in entries):
                    continue
                join = "/" if MOODLES_PLACE in place else "_"
                info = zipfile.ZipInfo(f"{place}{join}feedback-{exercise[:2]}.html", _LONG_AGO)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, reports.feedback(entries))
            names = archive.namelist()
        if names:
            yield exercise, packed.getvalue()


def comment(entries: Sequence[Entry]) -> str:
    """Write the feedback as a short text: the points of each task, and what is wrong.

    It is HTML, as which Moodle reads it.

    Parameters
    ----------
    entries : sequence of Entry
        Of one student and exercise; those for no exercise are files that can't be read.
    """
    lines: list[str] = []
    for entry in entries:
        with speaking(entry.grade.language):
            lines += _lines(entry)
    return "<br>".join(escape(line, quote=False).replace("\n", "<br>") for line in lines)


def _lines(entry: Entry) -> list[str]:
    if not entry.grade.exercise:
        return reports.remarks(entry)
    if not entry.counts:
        return []
    points = {"reached": number(entry.points), "possible": number(entry.possible)}
    given = entry.whole
    notes = filter(None, [entry.lateness.in_words(), given.comment if given else ""])
    tasks = [_task(task, entry) for task in entry.grade.tasks]
    return [say("{reached} of {possible} points.", **points), *notes, *tasks]


def _task(task: TaskGrade, entry: Entry) -> str:
    given = entry.overrides.get(task.task)
    points = say(
        "{task}: {reached} of {possible}",
        task=task.task,
        reached=number(entry.task_points(task.task)),
        possible=number(task.possible),
    )
    if given:
        return f"{points}. {given.comment}"
    if task.status == "missing" and entry.grade.file:
        return f"{points}. {say('Not written yet.')}"
    failed = (test.message for test in task.tests if test.message)
    return f"{points}. {task.mistake or task.error or next(failed, '')}".rstrip()
