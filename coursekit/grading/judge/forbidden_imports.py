"""Libraries that contain the answers, and how their use in an answer is detected."""

import ast
import dis
from types import CodeType, FunctionType, ModuleType
from typing import Any

from coursekit.language import say

# fmt: off
REFUSED = frozenset({
    "autograd", "chainer", "coursekit", "flax", "haiku", "jax", "keras", "lightning", "mindspore",
    "mxnet", "optax", "paddle", "pytorch_lightning", "sklearn", "skorch", "tensorflow", "theano",
    "tinygrad", "torch", "torchvision",
})
# fmt: on
_FREE = {"check", "progress", "speak"}  # names of coursekit that give no answer away


def refusal(module: str) -> str:
    """Return the sentence for an answer that uses this module."""
    return say(
        "An answer must not use {module}: write it with plain Python and NumPy.", module=module
    )


def refused_source(source: str) -> str | None:
    """Name the first refused module that a cell imports.

    Parameters
    ----------
    source : str
        The text of an answer cell.

    Returns
    -------
    str or None
        None if there is none, or if the text is not valid Python.
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
    """Name the refused module that a function or class comes from, imports or uses.

    The student's own functions that it calls by name are followed.

    Parameters
    ----------
    value : object
        The value of an answer's name.
    namespace : dict
        The globals of the student's code.
    """
    seen: set[int] = set()

    def look(value: object) -> str | None:
        if id(value) in seen:
            return None
        seen.add(id(value))
        module = None
        if isinstance(value, ModuleType):
            module = value.__name__
        elif callable(value) and getattr(value, "__name__", None) not in _FREE:
            module = getattr(value, "__module__", None)
        if isinstance(module, str) and _root(module) in REFUSED:
            return _root(module)
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
