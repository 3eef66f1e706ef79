"""Fixtures of the exercises' tests: ``student``, ``reference`` and ``rng``."""

from coursekit.grading.judge.fixtures import pytest_configure, reference, rng, student

__all__ = ["pytest_configure", "reference", "rng", "student"]
