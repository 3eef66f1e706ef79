"""Libraries that contain the answers, and how their use in an answer is detected."""

import ast
import dis
from collections.abc import Callable, Iterable
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
    # To read the instructions takes long, and hardly any answer has a name that asks for it.
    return _refused(value, namespace, _all_names) and _refused(value, namespace, _names_used)


_Names = Iterable[tuple[str, bool]]  # and whether a module of this name is imported


def _all_names(code: CodeType) -> _Names:
    return ((name, imported) for name in code.co_names for imported in (True, False))


def _names_used(code: CodeType) -> _Names:
    for step in dis.get_instructions(code):
        if step.opname in ("IMPORT_NAME", "LOAD_GLOBAL", "LOAD_NAME"):
            yield step.argval, step.opname == "IMPORT_NAME"


def _refused(
    value: object, namespace: dict[str, Any], names: Callable[[CodeType], _Names]
) -> str | None:
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
        for name, imported in names(code):
            if imported and _root(name) in REFUSED:
                return _root(name)
            if not imported and name in namespace and (module := look(namespace[name])):
                return module
        inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
        return next(filter(None, map(within, inner)), None)

    return look(value)


def _root(module: str) -> str:
    return module.partition(".")[0]
