"""Models, figures, widgets and checks of the course.

The parts are loaded when they are first used, so that ``import coursekit.nn`` loads NumPy
and nothing else.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# name -> module that defines it; a part maps to itself
_WHERE = {
    "nn": "coursekit.nn",
    "data": "coursekit.data",
    "plots": "coursekit.plots",
    "widgets": "coursekit.widgets",
    "show": "coursekit.plots",
    "predict": "coursekit.widgets",
    "check": "coursekit.grading",
    "progress": "coursekit.grading",
    "speak": "coursekit.language",
}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'coursekit' has no attribute {name!r}")
    module = import_module(_WHERE[name])
    return module if module.__name__ == f"coursekit.{name}" else getattr(module, name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
