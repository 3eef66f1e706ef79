"""Run cells in this process, so that a traceback can quote them."""

import linecache
from typing import Any

from coursekit.grading.judge.answer_proxy import AnswerError
from coursekit.grading.judge.limits import limited
from coursekit.grading.judge.local import explain


def run_cell(
    source: str, namespace: dict[str, Any], id: str, seconds: float | None = None
) -> list[str]:
    """Execute a cell.

    Parameters
    ----------
    source : str
        Its text, plain Python.
    namespace : dict
        Its globals.
    id : str
        Its id, for messages.
    seconds : float, optional
        Wall time that it may take.

    Returns
    -------
    list of str
        What it printed and warned.

    Raises
    ------
    AnswerError
        If it doesn't run.
    """
    name = f"<{id}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    with limited(seconds) as sounds:
        try:
            exec(compile(source, name, "exec"), namespace)
        except (SyntaxError, ValueError) as error:
            if isinstance(error, SyntaxError) and error.filename == name:
                raise AnswerError("SyntaxError", _syntax(error, source)) from None
            raise explain(error, namespace) from None
        except BaseException as error:
            raise explain(error, namespace) from None
    return sounds.lines()


def fresh(name: str = "__main__") -> dict[str, Any]:
    """Make an empty namespace, as a kernel has before its first cell."""
    return {"__name__": name, "__builtins__": __builtins__}


def _syntax(error: SyntaxError, source: str) -> str:
    line = error.lineno or 1
    lines = source.splitlines()
    text = lines[line - 1].strip() if line <= len(lines) else ""
    if text.startswith(("%", "!", "?")) or text.endswith("?"):
        return f"Line {line}, `{text}`, is a notebook command: take it out of the answer."
    return f"The cell is no valid Python in line {line}, `{text}`: {error.msg}."
