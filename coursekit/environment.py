"""What the environment lacks for this course, and the command that repairs it."""

import sys
from collections.abc import Iterable
from importlib import metadata

from packaging.requirements import Requirement

from coursekit import __version__
from coursekit.bootstrap import OLDEST
from coursekit.language import mark, say

RESTART = mark("Run this in a new cell, then restart the kernel (menu Kernel, Restart Kernel):")
REBUILD = mark("Close JupyterLab and, in a terminal, in the folder of the course, type:")
REPLACE = mark("Install a newer Python from https://www.python.org, close JupyterLab, and type:")
_LINES = {
    "fine": mark("✓ {name}: fine (needed {needed}, found {found})"),
    "too old": mark("✗ {name}: too old (needed {needed}, found {found})"),
    "unsupported": mark("✗ {name}: unsupported (needed {needed}, found {found})"),
}


class Report(dict[Requirement, str | None]):
    """What the course needs, and which versions are there: None if a package is missing.

    A notebook shows it as lines of text, with the command that repairs what is wrong.
    """

    def state(self, requirement: Requirement) -> str:
        """One of "fine", "missing", "too old" and "unsupported"."""
        found = self[requirement]
        if found is None:
            return "missing"
        # contains(…, True): a pre-release will do
        refused = [s.operator for s in requirement.specifier if not s.contains(found, True)]
        return "fine" if not refused else "too old" if ">=" in refused else "unsupported"

    def __repr__(self) -> str:
        wrong = [requirement for requirement in self if self.state(requirement) != "fine"]
        names = [requirement.name for requirement in wrong]
        if not wrong:
            advice = [say("Everything is installed. You can start.")]
        elif "Python" in names:
            advice = [say(REPLACE), "", "    make lab PYTHON=python3.12"]
        elif "coursekit" in names:
            advice = [say(REBUILD), "", "    make lab"]
        else:
            packages = " ".join(f'"{requirement}"' for requirement in wrong)
            advice = [say(RESTART), "", f"    %pip install --upgrade {packages}"]
        return "\n".join([*map(self._line, self), "", *advice])

    def _line(self, requirement: Requirement) -> str:
        name, state, found = requirement.name, self.state(requirement), self[requirement]
        needed = str(requirement.specifier) or say("any version")
        if needed.startswith(">=") and "," not in needed:
            needed = say("{version} or newer", version=needed[2:])
        if found is None:
            return say("✗ {name}: missing (needed {needed})", name=name, needed=needed)
        return say(_LINES[state], name=name, needed=needed, found=found)


def report(requirements: Iterable[str] | None = None) -> Report:
    """Compare what is installed with what the course needs.

    Parameters
    ----------
    requirements : iterable of str, optional
        Such as ``"numpy>=2.0"``; one whose marker does not hold here is left out. Default: what
        the installed package requires.

    Raises
    ------
    packaging.requirements.InvalidRequirement
        A ValueError: a requirement cannot be read.
    """
    python = Requirement(f"Python>={OLDEST[0]}.{OLDEST[1]}")
    # An older coursekit than this folder's: installed before the course was updated.
    course = Requirement(f"coursekit>={__version__}")
    found = Report({python: ".".join(map(str, sys.version_info[:3])), course: _version(course)})
    if requirements is None:
        requirements = (metadata.requires("coursekit") or []) if found[course] else []
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            requirement.marker = None  # it would only lengthen the command
            found[requirement] = _version(requirement)
    return found


def _version(requirement: Requirement) -> str | None:
    try:
        return metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return None
