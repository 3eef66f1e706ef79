"""Work on a translation of the course.

python -m coursekit.translation update ru            # or: make translate
python -m coursekit.translation check ru [FILE.po …]
python -m coursekit.translation waiting ru
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from coursekit.grading.course.paths import CourseError, find_course
from coursekit.translation import catalogue
from coursekit.translation.catalogue_checks import check, meaning_of
from coursekit.translation.edition import build
from coursekit.translation.language_data import LanguageData, can_spell


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 1 if something is to be mended."""
    parser = argparse.ArgumentParser(
        prog="python -m coursekit.translation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=["update", "check", "waiting", "build"])
    parser.add_argument("language", help="such as ru")
    parser.add_argument("files", nargs="*", type=Path, help="catalogues; default: all")
    parser.add_argument("--to", type=Path, help="the edition's folder; default: build/ru")
    parser.add_argument("--outputs", action="store_true", help="execute the edition's notebooks")
    options = parser.parse_args(arguments)
    course = find_course()
    lines: Sequence[object]
    try:
        if options.what == "update":
            for line in catalogue.update(course, options.language):
                print(line)
            return 0
        if options.what == "check":
            return _check(catalogue.folder(course, options.language), options.files)
        lines = catalogue.waiting(course, options.language)
        if options.what == "build":
            to = options.to or course.root / "build" / options.language
            build(course, options.language, to, outputs=options.outputs)
            print(f"{to}: {len(lines)} texts wait for their translation and are in English")
            return 0
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    print(*lines, sep="\n\n")
    return 1 if lines else 0


def _check(folder: Path, files: list[Path]) -> int:
    all_files = sorted(folder.rglob("*.po"))
    report = check(files or all_files, LanguageData(folder), meaning_of(all_files))
    print(*report.found, sep="\n")
    print(*report.excused, sep="\n")
    counts = f"{len(report.found)} to mend, {len(report.excused)} excused, {report.waiting} waiting"
    print(counts if can_spell() else f"{counts}; spelling: install hunspell and hunspell-ru")
    return 1 if report.found else 0


if __name__ == "__main__":
    sys.exit(main())
