"""Whether an edition in ``build/`` is older than the course that it was built from."""

from pathlib import Path

from coursekit.grading.course.paths import Course
from coursekit.language import say

_SOURCES = ("README.md", "coursekit", "docs", "notebooks", "solutions", "tests/exercises")
_KINDS = {".css", ".ipynb", ".js", ".json", ".md", ".mo", ".po", ".py"}
_GENERATED = ("recorded", ".ipynb_checkpoints")


def newer_source(edition: Course) -> Path | None:
    """Return a file that has changed since an edition was built, relative to its course.

    None also for a course that is no edition in ``build/``, such as one that was handed out.
    """
    built, root = edition.root / "LANGUAGE", edition.root.parent.parent
    translations = root / "translations" / edition.language
    if edition.root.parent.name != "build" or not (built.exists() and translations.is_dir()):
        return None
    for folder in (translations, *(root / name for name in _SOURCES)):
        for file in (folder, *sorted(folder.rglob("*"))):
            is_source = file.suffix in _KINDS and file.parent.name not in _GENERATED
            if is_source and file.exists() and file.stat().st_mtime > built.stat().st_mtime:
                return file.relative_to(root)
    return None


def warning(edition: Course) -> str | None:
    """Return a sentence about an edition that is out of date."""
    if (file := newer_source(edition)) is None:
        return None
    return say(
        "{edition} is out of date: {file} has changed since it was built. To build it again: "
        "python -m coursekit.translation build {language}",
        edition=edition.root,
        file=file.as_posix(),
        language=edition.language,
    )
