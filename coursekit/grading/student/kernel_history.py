"""What a kernel knows and the notebook's file does not: which cells ran, and what they bound."""

import ast
import dis
import inspect
import re
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType, FunctionType
from typing import Any

from coursekit.grading.judge.errors import explain_cell

ALLOW_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_IPYTHONS = re.compile(r"_+|_i+|_i?\d+|_exit_code|_dh|_ih|_oh|In|Out|get_ipython|exit|quit|open")
_RUNS_BODY = re.compile(r"\s*%%(time|capture|prun)\b.*\n")
_BINDS = re.compile(r"^(?:(?:async +)?def|class) +(\w+)|^(\w+) *(?::[^=]+)?=(?!=)", re.MULTILINE)


@dataclass(eq=False)
class CellRun:
    """One run of a cell.

    Attributes
    ----------
    cell : str or None
        The cell's id, if the notebook's editor sends it.
    text : str
        The cell's text.
    binds, defines : set of str
        Names that the text binds at its top level, and those of functions and classes among them.
    bound : set of str
        Names that it has bound.
    error : str
        Why it failed, as a sentence; empty if it did not.
    began : float
        When, in seconds as `time.time` counts.
    """

    cell: str | None
    text: str
    binds: set[str]
    defines: set[str]
    bound: set[str] = field(default_factory=set)
    error: str = ""
    began: float = field(default_factory=time.time)


class KernelHistory:
    """The runs of cells since ``check`` was imported.

    Parameters
    ----------
    shell : InteractiveShell
        Runs the cells.

    Attributes
    ----------
    runs : list of CellRun
        In order; the last one may be running.
    deleted : set of str
        Ids of cells that were deleted and have not been run since, if the editor sends it.
    """

    def __init__(self, shell: Any) -> None:
        self.runs: list[CellRun] = []
        self.deleted: set[str] = set()
        self._shell = shell
        self._streams = {"stdout": sys.stdout, "stderr": sys.stderr}
        self._before = self._identities()
        shell.events.register("pre_run_cell", self._start)
        shell.events.register("post_run_cell", self._end)

    def _start(self, info: Any) -> None:
        request: Any = getattr(self._shell, "get_parent", dict)()  # JupyterLab's message
        cell = getattr(info, "cell_id", None)
        self.deleted |= set(request.get("metadata", {}).get("deletedCells") or ())
        self.deleted.discard(cell)
        binds = _top_level_names(self._shell, info.raw_cell)
        defines = {name for name, _ in _BINDS.findall(info.raw_cell) if name}
        self.runs.append(CellRun(cell, info.raw_cell, binds, defines))
        self._before = self._identities()

    def _end(self, result: Any) -> None:
        for name, stream in self._streams.items():
            try:
                getattr(sys, name).flush()  # as the kernel does, which never replies if it fails
            except Exception:
                setattr(sys, name, stream)
        error = result.error_before_exec or result.error_in_exec
        if not self.runs:  # the cell that imported `check`
            return
        run = self.runs[-1]
        run.bound |= self._changed()
        if error is None:
            run.bound |= run.binds & set(self._shell.user_ns)
        else:
            run.error = self._explain(error, result.info.raw_cell)

    def _explain(self, error: BaseException, text: str) -> str:
        source = None
        if isinstance(error, SyntaxError):
            source = text
            try:  # IPython's own compiler reports less
                compile(self._shell.transform_cell(text), "<cell>", "exec", ALLOW_AWAIT)
            except SyntaxError as plain:
                error = plain
        return explain_cell(error, source, self._shell.user_ns).message

    def origin(self, name: str) -> CellRun | None:
        """Return the run that gave a name its present value; None if it is not known."""
        if self.runs and name in self._changed():
            return self.runs[-1]  # it is still running
        return next((run for run in reversed(self.runs) if name in run.bound), None)

    def attempt(self, name: str) -> CellRun | None:
        """Return the last run of a cell whose text binds a name, whether it failed or not."""
        return next((run for run in reversed(self.runs) if name in run.binds | run.bound), None)

    def last_run(self, cell: str) -> CellRun:
        """Return the last run of a cell."""
        return next(run for run in reversed(self.runs) if run.cell == cell)

    def present(self, name: str) -> list[CellRun]:
        """Return the last runs of those cells that are there and bind a name."""
        there = (run for run in self.runs if run.cell not in self.deleted)
        last = {run.cell or id(run): run for run in there}
        return [run for run in last.values() if name in run.bound]

    def _changed(self) -> set[str]:
        now = self._identities()
        return {name for name, value in now.items() if self._before.get(name) != value}

    def _identities(self) -> dict[str, int]:
        space: Mapping[str, object] = self._shell.user_ns
        return {name: id(v) for name, v in space.items() if not _IPYTHONS.fullmatch(name)}


def _top_level_names(shell: Any, text: str) -> set[str]:
    """Return the names that a cell binds, even if it is not valid Python."""
    text = _RUNS_BODY.sub("", text, count=1)
    try:
        tree = ast.parse(shell.transform_cell(text))
    except (SyntaxError, ValueError, RecursionError):
        return {name for pair in _BINDS.findall(text) for name in pair if name}
    return set(_bound_by(tree))


def _bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
            return
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return
        case ast.alias():
            yield node.asname or node.name.partition(".")[0]
        case ast.Name(ctx=ast.Store()):
            yield node.id
    for child in ast.iter_child_nodes(node):
        yield from _bound_by(child)


def names_used(name: str, namespace: Mapping[str, Any]) -> set[str]:
    """Return a name of the notebook, and those that its functions use, directly or not."""
    names: set[str] = set()
    seen: set[int] = set()

    def follow(value: object) -> None:
        if id(value) in seen:
            return
        seen.add(id(value))
        if isinstance(value, FunctionType):
            if value.__globals__ is namespace:
                within(value.__code__)
            for wrapped in inspect.getclosurevars(value).nonlocals.values():
                follow(wrapped)
            return
        kind = value if isinstance(value, type) else type(value)
        if kind.__module__ == namespace.get("__name__"):
            for member in list(vars(kind).values()):
                follow(member)

    def within(code: CodeType) -> None:
        for step in dis.get_instructions(code):
            if step.opname in ("LOAD_GLOBAL", "LOAD_NAME") and step.argval in namespace:
                names.add(step.argval)
                follow(namespace[step.argval])
            elif isinstance(step.argval, CodeType):
                within(step.argval)

    if name in namespace:
        names.add(name)
        follow(namespace[name])
    return names
