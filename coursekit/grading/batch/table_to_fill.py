"""The copy of a learning platform's table in which the points are filled in."""

from collections.abc import Sequence
from pathlib import Path

from coursekit.grading.batch import lms_table
from coursekit.grading.batch.gradebook import Entry
from coursekit.grading.course.paths import CourseError
from coursekit.grading.judge.values import printable

_OURS = ("gradebook.sqlite", "marks.csv", "summary.html", "feedback", "gradescope")


class Table:
    """A table, read before the grading begins, so that an error comes before the work.

    Parameters
    ----------
    path : Path
        The table that the platform exported.
    folder : Path
        Where the copy goes, under the same name.
    column : str, optional
        The column to fill; see `lms_table.fill`.

    Raises
    ------
    CourseError
        If it can't be read, or the copy would overwrite it or another file of the grader's.
    """

    def __init__(self, path: Path, folder: Path, column: str | None) -> None:
        self._target, self._column = folder / path.name, column
        try:
            self._content = path.read_bytes()
        except OSError as error:
            raise CourseError(f"{path} can't be read: {error.strerror}.") from error
        if self._target.resolve() == path.resolve():
            raise CourseError(f"{path} would be overwritten: keep it outside {folder}.")
        if path.name.lower().startswith(_OURS):
            raise CourseError(f"{self._target} would be overwritten: give {path} another name.")

    def fill(self, counted: Sequence[Entry], only: str | None) -> list[str]:
        """Write the copy; return sentences about it.

        Raises
        ------
        CourseError
            If there are several exercises, the table has another form, or nothing can be written.
        """
        counted = [entry for entry in counted if only in (None, entry.grade.exercise)]
        names = {entry.grade.exercise for entry in counted}
        if len(names) != 1:
            raise CourseError(
                f"--fill needs one exercise; choose one with --only: {sorted(names)}."
            )
        points = {entry.grade.student: entry.points for entry in counted}
        filled = lms_table.fill(self._content, points, counted[0].possible, self._column)
        try:
            self._target.write_bytes(filled.content)
        except OSError as error:
            raise CourseError(f"{self._target} can't be written: {error.strerror}.") from error
        messages = [f"Filled in: {self._target}"]
        if filled.missing:
            messages.append(f"Not in the table: {printable(', '.join(filled.missing))}.")
        if rows := filled.rows_without_submission:
            messages.append(f"Students in the table without a submission: {len(rows)}.")
        return messages
