"""What the handed-out notebook defines: the names and the arguments that the tests ask for."""

import ast
import inspect
from collections.abc import Container, Iterable, Mapping
from typing import Any

from coursekit.language import mark, say

OTHER_ARGUMENTS = mark("`{name}` takes {mine}; the task asks for {asked}.")
Signatures = Mapping[str, tuple[str, ...]]


def signatures(cells: Iterable[str]) -> Signatures:
    """Return the arguments of the functions, classes and methods that a notebook's cells define.

    A method's name is ``"Class.method"``; a class has the arguments of its ``__init__``.
    """
    found: dict[str, tuple[str, ...]] = {}
    for source in cells:
        try:
            tree = ast.parse(source)
        except SyntaxError:  # a notebook's command
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                found[node.name] = _arguments(node)
            elif isinstance(node, ast.ClassDef):
                methods = [one for one in node.body if isinstance(one, ast.FunctionDef)]
                own = {method.name: _arguments(method)[1:] for method in methods}
                found[node.name] = own.get("__init__", ())
                found |= {f"{node.name}.{name}": names for name, names in own.items()}
    return found


def _arguments(function: ast.FunctionDef) -> tuple[str, ...]:
    a = function.args
    return tuple(one.arg for one in (*a.posonlyargs, *a.args, *a.kwonlyargs))


def nearest(name: str, defined: Iterable[str], known: Container[str]) -> str | None:
    """Return the defined name that was probably meant, or None; known names are not misspelt."""
    import difflib  # a sandbox starts faster without it

    folded = {_fold(one): one for one in defined if one not in known}
    close = difflib.get_close_matches(_fold(name), folded, n=1, cutoff=0.75)
    return folded[close[0]] if close else None


def _fold(name: str) -> str:
    return name.replace("_", "").lower()


def own_functions(namespace: Mapping[str, Any]) -> list[str]:
    """Return the names of what a notebook's cells define and can be called."""
    home = namespace.get("__name__")
    found = (n for n, v in namespace.items() if callable(v))
    return [name for name in found if getattr(namespace[name], "__module__", None) == home]


def arguments_of(function: Any) -> tuple[str, ...] | None:
    """Return the names of a function's arguments; None if it takes any, or can't tell."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD) for one in parameters):
        return None
    return tuple(one.name for one in parameters)


def compare_arguments(name: str, function: Any, asked: Signatures) -> str:
    """Return a sentence if a function takes other arguments than the task asks for, or ""."""
    mine, wanted = arguments_of(function), asked.get(name)
    if mine is None or wanted is None or mine == wanted:
        return ""
    taken, given = (f"({', '.join(names)})" for names in (mine, wanted))
    return say(OTHER_ARGUMENTS, name=name.rpartition(".")[2], mine=taken, asked=given)
