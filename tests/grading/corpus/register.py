"""The register of arrangements, and what each states."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from .book import Book, full_marks


@dataclass(frozen=True)
class Arrangement:
    """One way in which people arrange, break or save the cells of an exercise notebook.

    Attributes
    ----------
    name : str
        In a few words.
    exercise : str
        The exercise's name.
    content : bytes
        The file.
    points : dict
        For each task what a fair reader gives, and so must the batch.
    check : dict
        For each task what its last check says when the notebook is run from top to bottom, and so
        must `coursekit grade`. Tasks without a check that speaks are not in it; for these the
        command gives `points`, by a check at the end.
    remark : str, bool or None
        What the teacher's table must hold about the file: a remark that names this task; some
        remark (True); none (False); None where either will do.
    says : dict
        For some tasks a word that the sentence about them must hold.
    report : str
        Where somebody met it, ``owner/repository#number``; empty if we did.
    unreadable : str
        If nobody can read the file, a word of the sentence that says so.
    file : str
        Its name, without the ending.
    """

    name: str
    exercise: str
    content: bytes
    points: Mapping[str, float]
    check: Mapping[str, float]
    remark: str | bool | None
    says: Mapping[str, str]
    report: str
    unreadable: str
    file: str


Make = Callable[[Book], bytes | None]
REGISTER: dict[str, Callable[[], Arrangement]] = {}


def arrangement(
    name: str,
    *,
    exercise: str = "01",
    points: Mapping[str, float] | float | None = None,
    check: Mapping[str, float] | float | None = None,
    silent: tuple[str, ...] | bool = (),
    remark: str | bool | None = None,
    says: Mapping[str, str] | None = None,
    report: str = "",
    unreadable: str = "",
    file: str = "",
) -> Callable[[Make], Make]:
    """Register a function that rearranges a solved notebook.

    Parameters
    ----------
    name, remark, says, report, unreadable, file
        See `Arrangement`.
    exercise : str
        The number of the exercise.
    points : dict or float, optional
        Where a fair reader gives less than full marks: for some tasks, or for all of them.
    check : dict or float, optional
        Where the last check of a task says less than `points`.
    silent : tuple of str or bool
        Tasks of which no check says anything; True for all.
    """

    def register(make: Make) -> Make:
        assert name not in REGISTER and make.__doc__, name

        @cache
        def made() -> Arrangement:
            book = Book(exercise)
            content = make(book) or book.to_bytes()
            fair = _lowered(full_marks(book.name), points)
            fair = dict.fromkeys(fair, 0.0) if unreadable else fair
            said = _lowered(fair, check)
            assert all(said[task] <= fair[task] for task in fair), name
            quiet = fair if silent is True or unreadable else silent or ()
            said = {task: mark for task, mark in said.items() if task not in quiet}
            return Arrangement(
                name=name,
                exercise=book.name,
                content=content,
                points=fair,
                check=said,
                remark=remark,
                says=says or {},
                report=report,
                unreadable=unreadable,
                file=file or book.name,
            )

        REGISTER[name] = made
        return make

    return register


def _lowered(
    marks: Mapping[str, float], to: Mapping[str, float] | float | None
) -> dict[str, float]:
    if isinstance(to, int | float):
        return dict.fromkeys(marks, to)
    assert set(to or {}) <= set(marks)
    return {**marks, **(to or {})}
