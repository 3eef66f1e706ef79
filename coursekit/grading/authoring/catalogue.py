"""The catalogue of known answers to each task: the mistakes that people make, and other right ways.

An ``answers_NN.py`` is read, not imported: each function or class under a decorator is the text of
an answer cell, and runs after the exercise's setup and the course's own answer to the task, of
which it replaces what it defines. A task that asks for several functions may take a class named
``cell``, whose body is the answer cell.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True)
class Known:
    """One known answer.

    Attributes
    ----------
    task : str
        Such as ``"05.2"``.
    right : bool
        Whether it deserves full marks.
    says : str
        What a tutor would say about the mistake; how a right one is written.
    source : str
        The answer cell.
    """

    task: str
    right: bool
    says: str
    source: str


def wrong(task: str, says: str) -> Callable[[_T], _T]:
    """Mark an answer as a known mistake, with the sentence that a tutor would say."""
    return lambda answer: answer


def right(task: str, says: str) -> Callable[[_T], _T]:
    """Mark an answer as another right one; say how it is written."""
    return lambda answer: answer


def read_catalogue(path: Path) -> list[Known]:
    """Read the known answers of one exercise, in the file's order.

    Raises
    ------
    ValueError
        If a definition has no decorator, or one that is not understood.
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
                pass
            case _:
                place = f"{path.name}, line {node.lineno}"
                raise ValueError(f'{place}: expected @wrong("01.2", "…") or @right("01.2", "…")')
        found.append(Known(task, verdict == "right", says, _cell(node, text)))
    return found


def _cell(node: ast.FunctionDef | ast.ClassDef, text: str) -> str:
    lines = text.splitlines(keepends=True)
    if isinstance(node, ast.ClassDef) and node.name == "cell":
        first = node.body[0]
        decorators = getattr(first, "decorator_list", [])
        start = min([first.lineno, *(decorator.lineno for decorator in decorators)])
        return dedent("".join(lines[start - 1 : node.end_lineno]))
    rest = node.decorator_list[1:]
    start = min([node.lineno, *(decorator.lineno for decorator in rest)])
    return "".join(lines[start - 1 : node.end_lineno])
