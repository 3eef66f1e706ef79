"""What leaves the range of a float while an answer runs, even where the answer has silenced NumPy.

NumPy forgets an overflow that `np.errstate` or a filter of warnings tells it to ignore. So NumPy
writes to a log here, which an answer can't choose.
"""

import contextlib
import sys
from collections.abc import Iterator
from typing import Any
from warnings import warn

import numpy as np
from numpy._core import _ufunc_config  # where np.seterr and np.errstate are

_KINDS = {"divide": "divide", "over": "overflow", "invalid": "invalid"}  # by NumPy's options


class _Log:
    """What NumPy writes to, instead of giving its warnings.

    Parameters
    ----------
    found : dict
        Gets the kinds as keys, in the order in which they come.
    silent : set of str
        The kinds that the answer has silenced: it gets no warning of these.
    """

    def __init__(self, found: dict[str, None], silent: set[str]) -> None:
        self.found, self.silent = found, silent

    def write(self, text: str) -> None:
        """Note a line such as ``"Warning: overflow encountered in exp"``."""
        says = text.removeprefix("Warning: ").rstrip()
        kind = says.partition(" ")[0]
        if kind not in self.silent:
            warn(says, RuntimeWarning, stacklevel=2)  # may be an exception by a filter
        self.found[kind] = None


@contextlib.contextmanager
def noted() -> Iterator[dict[str, None]]:
    """Note what the body computes out of range.

    Yields
    ------
    dict
        Its keys are ``"overflow"``, ``"divide"`` and ``"invalid"``, as far as they came.
    """
    found: dict[str, None] = {}
    with np.errstate(all="log", under="ignore", call=_Log(found, set())):
        yield found


def _logged(**options: Any) -> Any:
    """Build settings for NumPy; those that an answer asks for log all that raises nothing."""
    log, asks = np.geterrcall(), sys._getframe(2).f_globals.get("__name__", "")
    if asks.startswith("numpy.") or not isinstance(log, _Log):  # NumPy's own, or no answer's
        return _make(**options)
    silent = set(log.silent)
    for option, kind in _KINDS.items():
        asked = options.get(option) or options.get("all")
        if asked not in (None, "raise"):
            options[option] = "log"
            silent = silent | {kind} if asked == "ignore" else silent - {kind}
    return _make(**{**options, "call": _Log(log.found, silent)})


_make = vars(_ufunc_config)["_make_extobj"]
vars(_ufunc_config)["_make_extobj"] = _logged  # for good, because threads judge beside one another
