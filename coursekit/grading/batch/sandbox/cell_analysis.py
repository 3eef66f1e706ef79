"""What an answer's cell says, found out without running it.

This is done in the box too: a text can be built so that the mere parsing of it ends the process.
"""

import ast
import re
import symtable
from collections.abc import Iterator

from coursekit.grading.judge.forbidden_imports import refused_source

_COMMAND = re.compile(r"\s*(?:%|!|\?)|.*\?\s*$")  # lines for the notebook, not for Python


def read(source: str) -> dict[str, str | list[str] | None]:
    """Read a cell.

    Parameters
    ----------
    source : str
        Its text.

    Returns
    -------
    dict
        Of ``refused`` (the first refused module that it imports, or None), ``commands`` (the lines
        that are left out), and lists of names: those that the cell ``binds``, those of others that
        it uses ``first`` (while it runs) and ``later`` (in its functions).
    """
    text, commands = without_commands(source)
    names: dict[str, list[str]] = {"binds": [], "first": [], "later": []}
    tree = _parsed(text)
    if tree is not None:
        names = _names(tree, text)
    return {"refused": refused_source(text), "commands": commands, **names}


def without_commands(source: str) -> tuple[str, list[str]]:
    """Leave the notebook's own commands out, such as ``%timeit f(x)``, where that gives Python.

    Parameters
    ----------
    source : str
        A cell's text.

    Returns
    -------
    tuple of str and list of str
        The text, its lines where they were, and the lines that are left out.
    """
    if _parsed(source) is not None:
        return source, []
    lines = source.splitlines()
    commands = [line for line in lines if _COMMAND.match(line)]
    kept = [f"{_margin(line)}pass" if _COMMAND.match(line) else line for line in lines]
    text = "\n".join(kept)
    return (text, commands) if commands and _parsed(text) is not None else (source, [])


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _parsed(source: str) -> ast.Module | None:
    try:
        compile(source, "<cell>", "exec")
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _names(tree: ast.Module, text: str) -> dict[str, list[str]]:
    table = symtable.symtable(text, "<cell>", "exec")
    # Since Python 3.12 a comprehension's variables are in the table of the cell around it, as if
    # bound there, but for those that the cell itself mentions.
    variables = {
        node.id
        for inside in ast.walk(tree)
        if isinstance(inside, ast.comprehension)
        for node in ast.walk(inside.target)
        if isinstance(node, ast.Name)
    }
    mentioned = symtable.symtable("\n".join([text, *variables]), "<cell>", "exec")
    binds = {s.get_name() for s in mentioned.get_symbols() if _bound(s)}
    later: set[str] = set()
    for inner in _tables(table):
        for symbol in inner.get_symbols():
            if symbol.is_global() and symbol.is_referenced():
                later.add(symbol.get_name())
            if symbol.is_declared_global() and symbol.is_assigned():
                binds.add(symbol.get_name())
    first = {s.get_name() for s in table.get_symbols() if s.is_referenced()} - binds
    there: set[str] = set()  # so far: a name may be used before the cell itself binds it
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            there.add(statement.name)
            continue
        names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
        first |= {node.id for node in names if isinstance(node.ctx, ast.Load)} - there
        there |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            there |= {(a.asname or a.name).partition(".")[0] for a in statement.names}
    return {"binds": sorted(binds), "first": sorted(first), "later": sorted(later - binds)}


def _bound(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for inner in table.get_children():
        yield inner
        yield from _tables(inner)
