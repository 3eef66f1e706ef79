"""What the environment lacks for this course, and the command that mends it."""

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import metadata

from coursekit import __version__
from coursekit.bootstrap import OLDEST

REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)\s*>=\s*([0-9.]+)")

RESTART = "Run this in a new cell, then restart the kernel (menu Kernel, Restart Kernel):"
REBUILD = "Close JupyterLab and, in a terminal, in the folder of the course, type:"
REPLACE = "Install a newer Python from https://www.python.org, close JupyterLab, and type:"


@dataclass(frozen=True)
class Finding:
    """One thing that the course needs, and what is there.

    Attributes
    ----------
    name : str
        Name of the package, or "Python".
    needed : str
        Oldest version that will do.
    found : str or None
        Version that is there; None if the package is missing.
    """

    name: str
    needed: str
    found: str | None

    @property
    def state(self) -> str:
        """One of "fine", "too old" and "missing"."""
        if self.found is None:
            return "missing"
        return "fine" if _numbers(self.found) >= _numbers(self.needed) else "too old"

    def __str__(self) -> str:
        version = "" if self.found is None else f", found {self.found}"
        sign = "✓" if self.state == "fine" else "✗"
        return f"{sign} {self.name}: {self.state} (needed {self.needed} or newer{version})"


class Report(tuple[Finding, ...]):
    """All findings; shown in a notebook as lines of text, with the commands that mend."""

    @property
    def complete(self) -> bool:
        """Whether nothing is missing and nothing is too old."""
        return all(finding.state == "fine" for finding in self)

    def __repr__(self) -> str:
        lines = [str(finding) for finding in self]
        if self.complete:
            return "\n".join([*lines, "", "All is there. You can start."])
        wrong = [finding for finding in self if finding.state != "fine"]
        names = {finding.name for finding in wrong}
        if "Python" in names:
            return _text(lines, REPLACE, "make lab PYTHON=python3.12")
        if "coursekit" in names:
            return _text(lines, REBUILD, "make lab")
        packages = " ".join(f'"{finding.name}>={finding.needed}"' for finding in wrong)
        return _text(lines, RESTART, f"%pip install --upgrade {packages}")


def report(
    requirements: Iterable[str] | None = None,
    *,
    python: tuple[int, ...] = sys.version_info[:3],
    version: Callable[[str], str] = metadata.version,
) -> Report:
    """Compare what is installed with what the course needs.

    Parameters
    ----------
    requirements : iterable of str, optional
        Lines such as ``"numpy>=2.0"``; those of an extra are left out. Default: what the
        installed package asks for.
    python : tuple of int
        Version of the running Python.
    version : callable
        Gives the installed version of a package, or raises `PackageNotFoundError`.

    Returns
    -------
    Report

    Raises
    ------
    ValueError
        If a requirement is not of the form ``name>=version``.
    """
    findings = [Finding("Python", _dotted(OLDEST), _dotted(python))]
    # Older than the folder's own version: installed before the course was updated.
    findings.append(Finding("coursekit", __version__, _installed("coursekit", version)))
    if requirements is None:
        known = findings[-1].found is not None
        requirements = (metadata.requires("coursekit") or []) if known else []
    for line in requirements:
        if "extra ==" in line:
            continue
        parts = REQUIREMENT.fullmatch(line.strip())
        if parts is None:
            raise ValueError(f"expected a requirement such as 'numpy>=2.0', got {line!r}")
        name, needed = parts.groups()
        findings.append(Finding(name, needed, _installed(name, version)))
    return Report(findings)


def _installed(name: str, version: Callable[[str], str]) -> str | None:
    try:
        return version(name)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers, without zeros at the end: "2.10.0rc1" -> (2, 10)."""
    leading = re.match(r"\d+(?:\.\d+)*", version)
    if leading is None:
        raise ValueError(f"expected a version such as '2.0', got {version!r}")
    numbers = [int(number) for number in leading.group().split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))


def _text(lines: list[str], what_to_do: str, command: str) -> str:
    return "\n".join([*lines, "", what_to_do, "", "    " + command])
