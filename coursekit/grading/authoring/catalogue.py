"""The catalogue of answers to each task: the mistakes that people make, and other right solutions.

An ``answers_NN.py`` is parsed, not imported: each function or class with a decorator is the text of
an answer cell, which is run after the exercise's setup and the course's own answer, and overrides
the functions that it defines. For a task that asks for several functions, the body of a class
named ``cell`` is the answer cell.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
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
    """

    task: str
    right: bool
    says: str
    source: str


def wrong(task: str, says: str) -> Callable[[_T], _T]:
    """Enter an answer in the catalogue as a mistake, with a tutor's sentence about it."""
    return lambda answer: answer


def right(task: str, says: str) -> Callable[[_T], _T]:
    """Enter an answer in the catalogue as a right one; say how it is written."""
    return lambda answer: answer


def read_catalogue(path: Path) -> list[CatalogueEntry]:
    """Read the catalogue of one exercise, in the file's order.

    Raises
    ------
    ValueError
        If a definition has no decorator of the catalogue.
    """
    text = path.read_text(encoding="utf-8")
    found = []
    for node in ast.parse(text, str(path)).body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            continue
        match node.decorator_list:
            case [
                ast.Call(
                    func=ast.Name(id="wrong" | "right" as verdict),
                    args=[ast.Constant(value=str(task)), ast.Constant(value=str(says))],
                ),
                *_,
            ]:
                says_right = verdict == "right"
                found.append(CatalogueEntry(task, says_right, says, _cell(node, text)))
            case _:
                place = f"{path.name}, line {node.lineno}"
                raise ValueError(f'{place}: needs @wrong("01.2", "…") or @right("01.2", "…")')
    return found


def _cell(node: ast.FunctionDef | ast.ClassDef, text: str) -> str:
    first: ast.stmt = node
    decorators = node.decorator_list[1:]
    if isinstance(node, ast.ClassDef) and node.name == "cell":
        first = node.body[0]
        decorators = getattr(first, "decorator_list", [])
    start = min([first.lineno, *(decorator.lineno for decorator in decorators)])
    return dedent("".join(text.splitlines(keepends=True)[start - 1 : node.end_lineno]))
