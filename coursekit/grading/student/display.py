"""What reaches the notebook's page while and after a check."""

import contextlib
import sys
from collections.abc import Iterator
from typing import Any
from unittest import mock


def show(text: str, html: str | None = None) -> None:
    """Display a text, in a notebook with its HTML beside it; elsewhere print it."""
    if current_shell() is None:
        print(text)
        return
    from IPython.display import display

    bundle = {"text/plain": text, **({"text/html": html} if html else {})}
    display(bundle, raw=True)


@contextlib.contextmanager
def quiet_screen() -> Iterator[None]:
    """Keep what answers display and draw off the page, and the kernel alive."""
    shell = current_shell()
    pyplot = sys.modules.get("matplotlib.pyplot")
    before = set(pyplot.get_fignums()) if pyplot else set()
    with contextlib.ExitStack() as stack:
        if shell is not None:
            from IPython.utils.capture import capture_output

            stack.enter_context(capture_output(stdout=False, stderr=False, display=True))
            # exit() in an answer must not end the kernel
            stack.enter_context(mock.patch.object(shell, "ask_exit", sys.exit))
        try:
            yield
        finally:
            pyplot = sys.modules.get("matplotlib.pyplot")
            for number in set(pyplot.get_fignums()) - before if pyplot else ():
                pyplot.close(number)  # type: ignore[union-attr]


def current_shell() -> Any:
    """The running IPython, or None."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module else None
