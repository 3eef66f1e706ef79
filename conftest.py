"""How nbval compares figures, and how it reaches its kernels."""

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from jupyter_client import KernelManager

ROOT = Path(__file__).parent
# An edition in another language is compared with the English outputs by its numbers.
RULES = ROOT / "tests" / ("nbval_numbers.cfg" if (ROOT / "LANGUAGE").exists() else "nbval.cfg")


class SocketKernelManager(KernelManager):
    """A kernel that is reached through socket files of its own.

    Numbers of TCP ports are chosen before the kernel takes them. Two processes that start kernels
    at one time, as parallel tests do, can choose the same one, and then a kernel dies.
    """

    def __init__(self, **options: Any) -> None:
        # not a pytest folder: the path of a socket has room for about 100 letters
        self._folder = tempfile.TemporaryDirectory()
        file = str(Path(self._folder.name, "kernel.json"))
        super().__init__(transport="ipc", connection_file=file, **options)


def pytest_configure(config: pytest.Config) -> None:
    # None: nbval is there and was told nothing else
    if getattr(config.option, "nbval_sanitize_with", "") is None:
        # figures by their description and size, not by the bytes of the picture
        config.option.nbval_sanitize_with = str(RULES)
        if os.name == "posix":
            import nbval.kernel

            nbval.kernel.KernelManager = SocketKernelManager
        if RULES.name == "nbval_numbers.cfg":
            from nbval.plugin import IPyNbCell

            rules = IPyNbCell.sanitize

            def numbers(cell: Any, output: Any) -> Any:
                text = rules(cell, output)
                return sorted({*text.split("|")}) if isinstance(text, str) else text

            IPyNbCell.sanitize = numbers
