"""What a cell defines and uses, found without running it.

The analysis runs in the sandbox, because some source texts crash the parser.
"""

import ast
import contextlib
import re
import symtable
from collections.abc import Iterator

_COMMAND = re.compile(r"\s*(?:%|!|\?)|.*\?\s*$")  # lines for IPython, not for Python
_NOTEBOOKS = {"display", "get_ipython", "exit", "quit", "help", "In", "Out", "_", "__", "___"}
_NOT_READ = (SyntaxError, ValueError, RecursionError, MemoryError)
_WRITTEN = re.compile(r"\S.*")  # a line without its indent


def read(source: str) -> dict[str, bool | list[str]]:
    """Analyse a cell.

    Parameters
    ----------
    source : str
        Its text.

    Returns
    -------
    dict
        ``simple`` (whether it only defines things, so that nothing but its names acts on other
        cells, and needs no notebook around it), ``commands`` (the lines that are left out), and
        lists of names: those that the cell ``binds``, and those that it uses without binding them,
        ``first`` (while it runs) and ``later`` (in its functions).
    """
    text, commands = without_commands(source)
    tree = _parsed(text)
    names = _names(tree, text) if tree else {"binds": [], "first": [], "later": []}
    simple = tree is not None and not commands and all(map(_only_defines, tree.body))
    simple = simple and not _NOTEBOOKS & {*names["first"], *names["later"]}
    return {"simple": simple, "commands": commands, **names}


def without_commands(source: str) -> tuple[str, list[str]]:
    """Leave out notebook commands, such as ``%timeit f(x)``, if the rest is valid Python.

    Parameters
    ----------
    source : str
        A cell's text.

    Returns
    -------
    tuple of str and list of str
        The text, with line numbers unchanged, and the lines that are left out.
    """
    if _compiles(source):
        return source, []
    lines = source.splitlines()
    commands = [line for line in lines if _COMMAND.match(line)]
    kept = [_WRITTEN.sub("pass", line) if _COMMAND.match(line) else line for line in lines]
    text = "\n".join(kept)
    return (text, commands) if commands and _compiles(text) else (source, [])


def _only_defines(statement: ast.stmt) -> bool:
    """Whether a statement defines a function or a class, imports, or is a text."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return not statement.decorator_list
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _parsed(source: str) -> ast.Module | None:
    with contextlib.suppress(*_NOT_READ):
        return ast.parse(source) if _compiles(source) else None
    return None


def _compiles(source: str) -> bool:
    with contextlib.suppress(*_NOT_READ):
        compile(source, "<cell>", "exec")
        return True
    return False


def _names(tree: ast.Module, text: str) -> dict[str, list[str]]:
    table = symtable.symtable(text, "<cell>", "exec")
    # Since Python 3.12 the table of the cell lists a comprehension's variables as if bound there,
    # except those that the cell itself mentions.
    variables = {
        node.id
        for inside in ast.walk(tree)
        if isinstance(inside, ast.comprehension)
        for node in ast.walk(inside.target)
        if isinstance(node, ast.Name)
    }
    mentioned = symtable.symtable("\n".join([text, *variables]), "<cell>", "exec")
    binds = {s.get_name() for s in mentioned.get_symbols() if _is_bound(s)}
    later: set[str] = set()
    for inner in _tables(table):
        for symbol in inner.get_symbols():
            if symbol.is_global() and symbol.is_referenced():
                later.add(symbol.get_name())
            if symbol.is_declared_global() and symbol.is_assigned():
                binds.add(symbol.get_name())
    first = {s.get_name() for s in table.get_symbols() if s.is_referenced()} - binds
    bound: set[str] = set()  # so far: a name may be used before the cell itself binds it
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(statement.name)
            continue
        names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
        first |= {node.id for node in names if isinstance(node.ctx, ast.Load)} - bound
        bound |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            bound |= {(a.asname or a.name).partition(".")[0] for a in statement.names}
    return {"binds": sorted(binds), "first": sorted(first), "later": sorted(later - binds)}


def _is_bound(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for inner in table.get_children():
        yield inner
        yield from _tables(inner)
