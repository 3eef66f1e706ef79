"""The decorators of tests: which task they belong to, and with which parameters they run."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

_Test = TypeVar("_Test", bound=Callable[..., None])


def task(id: str, points: float = 1, **options: Any) -> Callable[[_Test], _Test]:
    """Assign a test to a task, such as ``"05.2"``; passing it is worth this many points.

    The options are those of `coursekit.grading.judge.cases.Cases`.
    """

    def decorate(test: _Test) -> _Test:
        vars(test)["task"] = (id, float(points))
        vars(test)["options"] = options
        return test

    return decorate


def parametrize(name: str, values: Sequence[Any]) -> Callable[[_Test], _Test]:
    """Run a test once for each value of an argument, like ``pytest.mark.parametrize``."""

    def decorate(test: _Test) -> _Test:
        vars(test).setdefault("parameters", []).append((name, list(values)))
        return test

    return decorate
