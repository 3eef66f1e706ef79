"""Is what the kernel holds what the notebook's cells would give from top to bottom?

A check judges the names in the kernel's memory. Where the kernel knows that a cell has failed or
changed since, its old names do not count; where a name may be missing in a fresh kernel, a remark
says so.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coursekit.grading.course.notebook import Notebook, code_cells, source_of
from coursekit.grading.course.submission import CHECK
from coursekit.grading.judge.handed_out import OTHER_ARGUMENTS, Signatures, arguments_of
from coursekit.grading.student.kernel_history import CellRun, KernelHistory, names_used
from coursekit.grading.student.lost_checks import lost_checks
from coursekit.language import join, say


class AnswerState:
    """What a kernel's history shows about the names of one task.

    Parameters
    ----------
    history : KernelHistory
        Of the kernel.
    namespace : dict
        The globals of the notebook.
    asked : iterable of str
        The names that the task asks for.
    cells : mapping of str to str
        Its answer cells as they were handed out, by id.
    """

    def __init__(
        self,
        history: KernelHistory,
        namespace: dict[str, Any],
        asked: Iterable[str],
        cells: Mapping[str, str],
    ) -> None:
        self._history, self._namespace, self._cells = history, namespace, cells
        self._asked = list(asked)
        used = (names_used(name, namespace) for name in self._asked)
        self._used = sorted(set().union(*used))

    def stale(self) -> dict[str, str]:
        """Return the names whose cell has failed or changed since, each with a sentence."""
        found = {name: self._why_stale(name) for name in self._used}
        return {name: why for name, why in found.items() if why}

    def _why_stale(self, name: str) -> str:
        origin, attempt = self._history.origin(name), self._history.attempt(name)
        if origin is None or attempt is None:
            return ""
        if attempt is not origin and attempt.error and _same_cell(name, attempt, origin):
            return join(
                say(
                    "The last cell that defines `{name}` did not run, and its earlier version does "
                    "not count.",
                    name=name,
                ),
                attempt.error,
            )
        if origin.cell and self._history.last_run(origin.cell).text != origin.text:
            return say(
                "The cell that defined `{name}` has been changed and no longer does, so its "
                "earlier version does not count.",
                name=name,
            )
        return ""

    def error(self) -> str | None:
        """Return why the cell of an answer failed, if it did and its names are not stale."""
        for name in self._asked:
            attempt, origin = self._history.attempt(name), self._history.origin(name)
            if attempt is None:
                if name not in self._namespace and (error := self._error_above()):
                    return error
                continue
            if attempt.error and (name not in self._namespace or attempt is origin):
                return attempt.error
            if name not in self._namespace and name in attempt.bound:
                return say(
                    "`{name}` was deleted after its cell had run: run the cell again.", name=name
                )
        return self._not_run()

    def _not_run(self) -> str | None:
        """Say that none of the answers in the notebook's file has run, as after a restart."""
        saved, _ = _saved()
        written = {
            id for id, text in self._cells.items() if saved.get(id, text).strip() != text.strip()
        }
        if not written or written & {run.cell for run in self._history.runs}:
            return None
        return say(
            "The cell of your answer has not been run since the kernel started: run it, then this "
            "one again."
        )

    def _error_above(self) -> str:
        """Return why the cell before the check failed, if it is an answer cell or may be one."""
        above = self._history.runs[-2:-1]
        return next((run.error for run in above if run.cell is None or run.cell in self._cells), "")

    def remarks(self, notebook: Notebook, wrong: bool) -> list[str]:
        """Return what may be different in a fresh kernel, in sentences.

        Parameters
        ----------
        notebook : mapping
            The notebook as it was handed out, for the order of its cells.
        wrong : bool
            Whether the answer is not right, so that a redefined name may be the reason.
        """
        found: dict[object, str] = {}  # one for each cell
        saved, when = _saved()
        below = _below(notebook, self._history.runs[-1].cell if self._history.runs else None)
        for name in self._used:
            origin = self._history.origin(name)
            if origin is None:
                continue
            present = self._history.present(name)
            text = saved.get(origin.cell or "", origin.text)
            if when > origin.began and text.strip() != origin.text.strip():
                found.setdefault(
                    origin.cell,
                    say(
                        "The cell that defines `{name}` has been changed since it ran: run it, "
                        "then check again.",
                        name=name,
                    ),
                )
            if origin.cell in self._history.deleted and not present:
                found.setdefault(
                    origin.cell or id(origin),
                    say(
                        "`{name}` comes from a cell that has been deleted: a fresh kernel does not "
                        "have it. Write it again, or restart the kernel and run all cells to see.",
                        name=name,
                    ),
                )
            elif present and all(one.cell in below for one in present):
                found.setdefault(
                    origin.cell or id(origin),
                    say(
                        "`{name}` comes from a cell below this check: when the notebook is run "
                        "from top to bottom, it is not there yet. Move its cell up.",
                        name=name,
                    ),
                )
            elif wrong and name not in self._asked and self._redefined(name, origin):
                found.setdefault(
                    origin.cell or id(origin),
                    say(
                        "`{name}` has been defined again in another cell since the answer's cell "
                        "ran: run the cells from top to bottom, then check again.",
                        name=name,
                    ),
                )
        return [*found.values(), *filter(None, [self._lost_checks(notebook, saved, when)])]

    def _lost_checks(self, notebook: Notebook, saved: dict[str, str], when: float) -> str:
        """Return a sentence about checks that the saved notebook has no longer, or ""."""
        texts = list(saved.values())
        if not any(map(CHECK.search, texts)):  # the checks are run elsewhere
            return ""
        later = (run.text for run in self._history.runs if run.began > when)
        return lost_checks([*texts, *later], CHECK.findall("\n".join(code_cells(notebook))))

    def _redefined(self, name: str, origin: CellRun) -> bool:
        runs = self._history.runs
        answers = filter(None, map(self._history.origin, self._asked))
        ran = max((runs.index(answer) for answer in answers), default=len(runs))
        earlier = [run for run in runs[: ran + 1] if name in run.bound and run.cell]
        return bool(earlier) and runs.index(origin) > ran and earlier[-1].cell != origin.cell

    @contextmanager
    def without(self, names: Iterable[str]) -> Iterator[None]:
        """Take names out of the notebook's globals for a while, as a fresh kernel would."""
        taken = {name: self._namespace.pop(name) for name in names}
        try:
            yield
        finally:
            self._namespace.update(taken)


def _same_cell(name: str, one: CellRun, other: CellRun) -> bool:
    """Whether two runs are of one cell; without ids, whether both define a name."""
    if one.cell is None or other.cell is None:
        return name in one.defines
    return one.cell == other.cell


def _below(notebook: Notebook, check: str | None) -> set[str]:
    """Return the ids of the cells below a check, as the notebook was saved or handed out."""
    for ids in (list(_saved()[0]), [str(cell.get("id", "")) for cell in notebook["cells"]]):
        if check in ids:
            return set(ids[ids.index(check) + 1 :])
    return set()


def _saved() -> tuple[dict[str, str], float]:
    """Return the texts of the cells of the notebook's file, by id, and when it was saved."""
    path = Path(os.environ.get("JPY_SESSION_NAME", ""))  # which Jupyter's server sets
    try:
        cells = json.loads(path.read_bytes())["cells"]
        return {cell["id"]: source_of(cell) for cell in cells}, path.stat().st_mtime
    except (OSError, ValueError, LookupError, TypeError):  # not saved yet, or no notebook
        return {}, 0.0


def exchanged_arguments(names: Iterable[str], namespace: dict[str, Any], asked: Signatures) -> str:
    """Return a sentence if an answer takes the right arguments in another order, or ""."""
    for name in names:
        mine, wanted = arguments_of(namespace.get(name)), asked.get(name)
        if mine and wanted and mine != wanted and sorted(mine) == sorted(wanted):
            taken, given = (f"({', '.join(one)})" for one in (mine, wanted))
            return say(OTHER_ARGUMENTS, name=name, mine=taken, asked=given)
    return ""
