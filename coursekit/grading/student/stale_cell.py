"""Did the cell that a student wrote last run? A cell with a syntax error leaves the old answer."""

import linecache
import re
from collections.abc import Iterable
from types import FunctionType
from typing import Any


def not_run(names: Iterable[str], namespace: dict[str, Any], shell: Any) -> str | None:
    """Say so when the last cell that defines an answer is not where the answer comes from.

    Parameters
    ----------
    names : iterable of str
        Functions and classes that the tests called.
    namespace : dict
        Where the check was called.
    shell : InteractiveShell or None
        Whose inputs are looked through; without one nothing is known.

    Returns
    -------
    str or None
        A sentence for the student.
    """
    if shell is None or shell.user_ns is not namespace:
        return None
    for name in names:
        definition = re.compile(rf"^(async )?(def|class) +{re.escape(name)}\b", re.MULTILINE)
        typed = [text for text in shell.user_ns.get("In", []) if definition.search(text)]
        if not typed:
            continue
        last = shell.transform_cell(typed[-1]).strip()
        if name not in namespace:
            return f"The last cell that defines `{name}` did not run: see the error below it."
        cell = _cell_of(namespace[name])
        if cell and cell.strip() != last:
            return (
                f"The last cell that defines `{name}` did not run (see the error below it), so "
                "this is the check of an earlier one."
            )
    return None


def _cell_of(value: object) -> str:
    """The text of the cell that a function or a class was defined in."""
    members = [value, *(vars(value).values() if isinstance(value, type) else ())]
    for member in members:
        if isinstance(member, FunctionType):
            return "".join(linecache.getlines(member.__code__.co_filename))
    return ""
