"""The catalogue of answers to each task: the mistakes that people make, and other right solutions.

An ``answers_NN.py`` is parsed, not imported: each function or class with a decorator is the text of
an answer cell, which is run after the exercise's setup and the course's own answer, and overrides
the functions that it defines. For a task that asks for several functions, the body of a class
named ``cell`` is the answer cell.

Most mistakes are a small change of the course's own answer, or of a right one in the catalogue::

    edit("01.1", "You added w0: a threshold is subtracted.", {"- w0": "+ w0"})
    edit("01.1", "The last point is missing.", {"in x": "in x[:-1]"}, of="with a loop")

Each text to be replaced must stand exactly once in the answer. Edits of the course's own answer
that touch different places can be made together, and such pairs are recorded too.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True)
class CatalogueEntry:
    """One answer of the catalogue.

    Attributes
    ----------
    task : str
        Such as ``"05.2"``.
    right : bool
        Whether it deserves all points.
    says : str
        What a tutor would say about the mistake; for a right answer, how it is written.
    source : str
        The answer cell.
    changes : mapping of str to str
        Texts of the course's own answer and what replaces them; empty if it is written in full.
    line : int
        Its line in the file.
    """

    task: str
    right: bool
    says: str
    source: str
    changes: Mapping[str, str] = field(default_factory=dict, hash=False)
    line: int = 0


def wrong(task: str, says: str) -> Callable[[_T], _T]:
    """Enter an answer in the catalogue as a mistake, with a tutor's sentence about it."""
    return lambda answer: answer


def right(task: str, says: str) -> Callable[[_T], _T]:
    """Enter an answer in the catalogue as a right one; say how it is written."""
    return lambda answer: answer


def edit(task: str, says: str, changes: dict[str, str], of: str = "") -> None:
    """Enter a mistake that changes the course's own answer, or the right one described by `of`."""


def read_catalogue(path: Path, own: Mapping[str, str] | None = None) -> list[CatalogueEntry]:
    """Read the catalogue of one exercise, in the file's order.

    Parameters
    ----------
    path : Path
        The file.
    own : mapping of str to str
        The course's own answer to each task, which edits start from.

    Raises
    ------
    ValueError
        If a definition has no decorator of the catalogue, or an edit does not fit.
    """
    text = path.read_text(encoding="utf-8")
    found: list[CatalogueEntry] = []
    for node in ast.parse(text, str(path)).body:
        place = f"{path.name}, line {node.lineno}"
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                entry = _written(node, text, place)
                _refuse_unknown(entry.task, own, place)
                found.append(entry)
            case ast.Expr(ast.Call(func=ast.Name(id="edit"), args=arguments, keywords=keywords)):
                task, says, changes = (ast.literal_eval(argument) for argument in arguments)
                _refuse_unknown(task, own, place)
                of = ast.literal_eval(keywords[0].value) if keywords else ""
                bases = [
                    e.source for e in found if of and (e.task, e.right, e.says) == (task, True, of)
                ]
                base = bases[0] if bases else (own or {}).get(task, "")
                if of and not bases:
                    raise ValueError(f"{place}: no right answer to {task} before it is {of!r}")
                source = edited(base, changes)
                if source is None:
                    raise ValueError(f"{place}: {_misfit(base, changes)}")
                own_changes = {} if of else changes
                found.append(CatalogueEntry(task, False, says, source, own_changes, node.lineno))
    return found


def _refuse_unknown(task: str, own: Mapping[str, str] | None, place: str) -> None:
    if own is not None and task not in own:
        known = ", ".join(own)
        raise ValueError(f"{place}: there is no task {task} in the notebook, which has {known}")


def _misfit(source: str, changes: Mapping[str, str]) -> str:
    """Say why an edit does not fit an answer."""
    for old in changes:
        if (times := source.count(old)) != 1:
            return (
                f"the text {old!r} must stand once in the answer and stands {times} times there; "
                "docstrings and comments count too"
            )
    return "two of the texts overlap in the answer"


def edited(source: str, changes: Mapping[str, str]) -> str | None:
    """Replace each text by another; None if one does not stand exactly once, or two overlap."""
    places = []
    for old, new in changes.items():
        if source.count(old) != 1:
            return None
        start = source.index(old)
        places.append((start, start + len(old), new))
    places.sort()
    if any(one[1] > other[0] for one, other in pairwise(places)):
        return None
    for start, end, new in reversed(places):
        source = source[:start] + new + source[end:]
    return source


def _written(node: ast.FunctionDef | ast.ClassDef, text: str, place: str) -> CatalogueEntry:
    match node.decorator_list:
        case [
            ast.Call(
                func=ast.Name(id="wrong" | "right" as verdict),
                args=[ast.Constant(value=str(task)), ast.Constant(value=str(says))],
            ),
            *_,
        ]:
            is_right = verdict == "right"
            return CatalogueEntry(task, is_right, says, _cell(node, text), line=node.lineno)
    raise ValueError(f'{place}: needs @wrong("01.2", "…") or @right("01.2", "…")')


def _cell(node: ast.FunctionDef | ast.ClassDef, text: str) -> str:
    first: ast.stmt = node
    decorators = node.decorator_list[1:]
    if isinstance(node, ast.ClassDef) and node.name == "cell":
        first = node.body[0]
        decorators = getattr(first, "decorator_list", [])
    start = min([first.lineno, *(decorator.lineno for decorator in decorators)])
    return dedent("".join(text.splitlines(keepends=True)[start - 1 : node.end_lineno]))
