"""Checks in the notebook, the exercises' files, and grading.

The parts are loaded when they are first used, because a sandbox must start fast.
"""

from importlib import import_module
from typing import Any

# public name -> module that defines it
_MODULES = {
    "Function": "judge.values",
    "WrongAnswer": "judge.comparison",
    "check": "student.check",
    "close": "judge.comparison",
    "edit": "authoring.answer_catalogue",
    "judge_answer": "judge.judge",
    "parametrize": "judge.decorators",
    "parts": "judge.forms",
    "progress": "student.progress",
    "right": "authoring.answer_catalogue",
    "task": "judge.decorators",
    "wrong": "authoring.answer_catalogue",
}

__all__ = sorted(_MODULES)


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
