"""Checks in the notebook, the exercises' files, and grading.

The parts are loaded when they are first asked for: what only runs answers needs no pytest.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit.grading.authoring.catalogue import right, wrong
    from coursekit.grading.judge.comparison import close
    from coursekit.grading.student.check import check
    from coursekit.grading.student.progress import progress

__all__ = ["check", "close", "progress", "right", "wrong"]

_WHERE = {
    "check": "student.check",
    "close": "judge.comparison",
    "progress": "student.progress",
    "right": "authoring.catalogue",
    "wrong": "authoring.catalogue",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
