"""Lets nbval compare figures by their description and size, not by the bytes of the picture."""

from pathlib import Path

import pytest

RULES = Path(__file__).parent / "tests" / "nbval.cfg"


def pytest_configure(config: pytest.Config) -> None:
    # None: nbval is there and was told nothing else
    if getattr(config.option, "nbval_sanitize_with", "") is None:
        config.option.nbval_sanitize_with = str(RULES)
