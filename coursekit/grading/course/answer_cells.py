"""Find the answers in a submitted notebook, as a person would who knows the exercise.

An answer is in the cell with its id. What is missing there is looked for in the other cells, by the
names that the task asks for: people split, copy, move and delete cells, and some editors lose ids.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from coursekit.grading.course.explanation import Explanation, read_explanation
from coursekit.grading.course.notebook import (
    Exercise,
    Notebook,
    Task,
    cell_id,
    source_of,
    task_id,
)
from coursekit.grading.course.odd_cells import ODD
from coursekit.grading.course.paths import CourseError
from coursekit.grading.course.same_code import same_code
from coursekit.grading.course.submission import CHECK, defined_names, defines, tasks_in
from coursekit.language import mark, say

MOST = 20  # cells for one task, of which each may be a version of its answer
_TEXT_ENDS = re.compile(r"\r\n?")


@dataclass
class AnswerCells:
    """The answer cells of one submitted notebook.

    Attributes
    ----------
    answers : dict
        For each task the sources of the cells with its answer, by id or by place (``"cell 7"``), in
        the notebook's order.
    errors : dict
        For each task whose answer can't be run, a sentence that says why.
    empty : set of str
        Tasks for which nothing is written.
    remarks : list of str
        What is unusual about the notebook, in sentences.
    cells : list of str
        The sources of the code cells, in the notebook's order; of very many versions of an answer
        only the last.
    plain : bool
        Whether there is no code but the course's own and answers in their own cells.
    explanation : Explanation or None
        The answer to the exercise's question; None if the exercise has none.
    """

    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    plain: bool = True
    explanation: Explanation | None = None


@dataclass(frozen=True)
class _Cell:
    """A cell of a submitted notebook: its place (from 1), its id, its type and its text."""

    place: int
    id: str
    kind: str
    source: str

    @property
    def is_code(self) -> bool:
        return self.kind == "code" and bool(self.source.strip())


def read_submission(notebook: Notebook, exercise: Exercise) -> AnswerCells:
    """Find the answer cells of a notebook.

    Parameters
    ----------
    notebook : mapping
        See `coursekit.grading.course.submission.load_notebook`.
    exercise : Exercise
        As it was handed out.

    Raises
    ------
    CourseError
        If the notebook belongs to another exercise.
    """
    ours = {**exercise.setup}
    for task in exercise.tasks.values():
        ours |= task.answers
    cells = []
    for place, cell in enumerate(notebook["cells"], 1):
        id, source = cell_id(cell), _TEXT_ENDS.sub("\n", source_of(cell))
        same = id in ours and same_code(source, ours[id])  # perhaps in another language
        cells.append(_Cell(place, id, cell["cell_type"], ours[id] if same else source))
    number = exercise.name[:2]
    numbers = {task[:2] for task in tasks_in(notebook)}
    if numbers and number not in numbers:
        raise CourseError(
            say(
                "This notebook belongs to exercise {exercise}, not {asked}.",
                exercise=min(numbers),
                asked=number,
            )
        )
    found = AnswerCells()
    left_out: set[int] = set()  # places
    odd: dict[str, list[str]] = {}
    for task in exercise.tasks.values():
        for kind in _read_task(task, exercise, cells, found, left_out):
            odd.setdefault(kind, []).append(task.id)
    for kind, tasks in odd.items():
        found.remarks.append(say(ODD[kind][len(tasks) > 1], tasks=", ".join(tasks), n=MOST))
    found.cells = [c.source for c in cells if c.is_code and c.place not in left_out]
    found.remarks += _about_the_rest(exercise, cells)
    found.plain = not odd and _is_plain(exercise, cells)
    found.explanation = read_explanation(notebook, exercise.texts)
    found.remarks += found.explanation.remarks if found.explanation else []
    return found


def _read_task(
    task: Task,
    exercise: Exercise,
    cells: Sequence[_Cell],
    found: AnswerCells,
    left_out: set[int],
) -> list[str]:
    """Find the cells of one task; return what is odd about them, and add those to leave out."""
    stubs = {stub.strip() for t in exercise.tasks.values() for stub in t.answers.values()}
    names = sorted(defined_names(task.answers))
    own = [cell for cell in cells if cell.kind == "code" and cell.id in task.answers]
    places = {cell.place for cell in own}  # of perhaps many thousand
    written = [cell for cell in own if cell.is_code and cell.source.strip() not in stubs]
    missing = [name for name in names if not any(defines(c.source, name) for c in written)]
    others = [
        cell
        for cell in cells
        if cell.is_code and cell.place not in places and cell.source.strip() not in stubs
        if (task_id(cell.id) or task.id)[:2] == task.id[:2]  # not another exercise's answer
    ]
    rivals = [cell for cell in others if any(defines(cell.source, name) for name in names)]
    elsewhere = [c for c in rivals if any(defines(c.source, name) for name in missing)]
    chosen = [*written, *elsewhere]
    if chosen:  # a stub beside it says that it is not written yet, unless its names are here
        there = [name for name in names if any(defines(c.source, name) for c in chosen)]
        chosen += [
            cell
            for cell in own
            if cell.source.strip() in stubs
            and not any(defines(cell.source, name) for name in there)
        ]
    chosen = sorted(set(chosen), key=lambda cell: cell.place)
    different = {cell.source.strip(): cell for cell in chosen}  # of copies the last
    versions = sorted(different.values(), key=lambda cell: cell.place)[-MOST:]
    answering = sorted({*chosen, *rivals}, key=lambda cell: cell.place)
    left_out |= {cell.place for cell in answering[:-MOST]} - {cell.place for cell in versions}
    counts = [sum(cell.id == id for cell in own) for id in task.answers]
    found.answers[task.id] = {
        cell.id if cell.place in places and max(counts) == 1 else f"cell {cell.place}": cell.source
        for cell in versions
    }
    odd = ["many"] if answering[MOST:] else []
    if max(counts, default=0) > 1:
        odd.append("doubled")
    if elsewhere:
        odd.append("part found" if written else "found")
    elif own and 0 in counts:
        odd.append("part missing")
    elif rivals:
        odd.append("versions")
    if any(task.id in CHECK.findall(cell.source) for cell in chosen):
        odd.append("checked")
    if not chosen:
        problem = _why_nothing(task, names, own, cells)
        if problem is None:
            found.empty.add(task.id)
        else:
            odd.append(problem)
            found.errors[task.id] = say(ODD[problem][0], tasks=task.id)
    return odd


def _why_nothing(
    task: Task, names: list[str], own: list[_Cell], cells: Sequence[_Cell]
) -> str | None:
    """Say why a task has no answer although something may be written; None for an empty cell."""
    texts = [cell for cell in cells if cell.kind != "code"]
    if not own and any(cell.id in task.answers for cell in texts):
        return "retyped"
    code = [re.compile(rf"^(?:def|class) +{re.escape(name)}\b", re.MULTILINE) for name in names]
    if any(pattern.search(cell.source) for cell in texts for pattern in code):
        return "in text"
    return None if own else "missing"


def _about_the_rest(exercise: Exercise, cells: Sequence[_Cell]) -> Iterator[str]:
    """Describe what is odd about cells that hold no answer to this exercise."""
    texts = {cell.source.strip() for cell in cells if cell.is_code}
    for id, source in exercise.setup.items():
        if source.strip() not in texts:
            here = any(cell.id == id and cell.is_code for cell in cells)
            changed = mark(
                "The course's cell {cell} was changed; answers were run after the course's "
                "own copy."
            )
            missing = mark(
                "The course's cell {cell} is missing; answers were run after the course's own copy."
            )
            yield say(changed if here else missing, cell=id)
    known = [id for task in exercise.tasks.values() for id in task.answers]
    order = [cell.id for cell in cells if cell.kind == "code" and cell.id in known]
    if order != sorted(order, key=known.index):
        yield say("The answers are in a different order; they were run in the exercise's order.")
    number = exercise.name[:2]
    answers = {t[:2] for cell in cells if cell.kind == "code" and (t := task_id(cell.id))}
    for other in sorted(answers - {number}):
        yield say(
            "The notebook also holds answer cells of exercise {exercise}, which do not count here.",
            exercise=other,
        )
    following = _following_checks(cells)
    for cell in cells:
        if cell.kind == "unreadable":
            near = following[cell.place - 1]
            where = mark("Cell {place} of the notebook, near task {task}, can't be read.")
            nowhere = mark("Cell {place} of the notebook can't be read.")
            yield say(where if near else nowhere, place=cell.place, task=near)


def _following_checks(cells: Sequence[_Cell]) -> list[str | None]:
    """For each cell the task of the first check in it or below it."""
    found: list[str | None] = [None]
    for cell in reversed(cells):
        found.append(next(iter(CHECK.findall(cell.source)), found[-1]))
    return found[:0:-1]


def _is_plain(exercise: Exercise, cells: Sequence[_Cell]) -> bool:
    known = [id for task in exercise.tasks.values() for id in task.answers]
    handed_out = {text.strip() for text in {**exercise.setup, **exercise.others}.values()}
    own = [cell for cell in cells if cell.is_code and cell.source.strip() not in handed_out]
    order = [cell.id for cell in cells if cell.is_code and cell.id in known]
    return all(cell.id in known for cell in own) and order == sorted(order, key=known.index)
