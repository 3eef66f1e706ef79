"""Libraries that hold the answers, and how a use of them in an answer is found."""

import ast
import dis
from types import CodeType, FunctionType, ModuleType
from typing import Any

# fmt: off
REFUSED = frozenset({
    "autograd", "chainer", "coursekit", "flax", "haiku", "jax", "keras", "lightning", "mindspore",
    "mxnet", "optax", "paddle", "pytorch_lightning", "sklearn", "skorch", "tensorflow", "theano",
    "tinygrad", "torch", "torchvision",
})
# fmt: on
_FREE = {"check", "progress"}  # names of coursekit that answer nothing


def refusal(module: str) -> str:
    """Say why an answer that uses this module gets no points."""
    return f"An answer must not use {module}: write it with plain Python and NumPy."


def refused_source(source: str) -> str | None:
    """Name the first refused module that a cell imports.

    Parameters
    ----------
    source : str
        The text of an answer cell.

    Returns
    -------
    str or None
        None if there is none, and if the text is no Python.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in ast.walk(tree):
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            free = node.module == "coursekit" and {alias.name for alias in node.names} <= _FREE
            modules = [] if free else [node.module]
        elif isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if called in ("__import__", "import_module"):
                modules = [str(a.value) for a in node.args[:1] if isinstance(a, ast.Constant)]
        for module in modules:
            if _root(module) in REFUSED:
                return _root(module)
    return None


def refused_object(value: object, namespace: dict[str, Any]) -> str | None:
    """Name the refused module that a function or class of an answer comes from, imports or uses.

    Follows the functions of the student's own that it calls by name.

    Parameters
    ----------
    value : object
        What an answer's name stands for.
    namespace : dict
        The globals of the student's code.
    """
    seen: set[int] = set()

    def look(value: object) -> str | None:
        if id(value) in seen:
            return None
        seen.add(id(value))
        home = value.__name__ if isinstance(value, ModuleType) else _home(value)
        if isinstance(home, str) and _root(home) in REFUSED:
            return _root(home)
        if isinstance(value, FunctionType) and value.__globals__ is namespace:
            return within(value.__code__)
        if isinstance(value, type) and value.__module__ == namespace.get("__name__"):
            members = (m for m in vars(value).values() if isinstance(m, FunctionType))
            return next(filter(None, map(look, members)), None)
        return None

    def within(code: CodeType) -> str | None:
        for step in dis.get_instructions(code):
            module = None
            if step.opname == "IMPORT_NAME" and _root(step.argval) in REFUSED:
                module = _root(step.argval)
            elif step.opname in ("LOAD_GLOBAL", "LOAD_NAME") and step.argval in namespace:
                module = look(namespace[step.argval])
            elif isinstance(step.argval, CodeType):
                module = within(step.argval)
            if module:
                return module
        return None

    return look(value)


def _root(module: str) -> str:
    return module.partition(".")[0]


def _home(value: object) -> object:
    if not callable(value) or getattr(value, "__name__", None) in _FREE:
        return None
    return getattr(value, "__module__", None)
