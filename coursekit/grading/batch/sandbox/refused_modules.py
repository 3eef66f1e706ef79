"""Empty modules in place of the libraries that an answer must not use.

None of them is in the sandbox. An import that nothing uses costs nothing, as in the notebook's
check; what is taken out of such a module can be named but not used.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.grading.judge.forbidden_imports import REFUSED, refusal

_OWN = "coursekit.grading"  # what this process itself needs of the course


class _Thing:
    """An attribute of a refused module; `__module__` says which."""

    def __init__(self, module: str, name: str) -> None:
        self.__module__, self.__name__ = module, name

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise AnswerError("refused", refusal(self.__module__.partition(".")[0]))

    __call__ = __getattr__ = __getitem__ = __iter__ = __enter__ = _refuse


class _Finder:
    """A finder and a loader, without the classes of `importlib.abc`, which import much."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in REFUSED or name == "coursekit" or _is_own(name):
            return None
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to Python."""

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__

        def get(attribute: str) -> Any:
            if attribute.startswith("__"):
                raise AttributeError(attribute)
            return _Thing(name, attribute)

        module.__dict__["__getattr__"] = get


def _is_own(name: str) -> bool:
    return name == _OWN or name.startswith(f"{_OWN}.")


def install() -> None:
    """Let every later import of a refused library find an empty module."""
    sys.meta_path.insert(0, _Finder())
