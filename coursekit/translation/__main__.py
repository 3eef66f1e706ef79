"""Work on a translation of the course.

python -m coursekit.translation update ru            # or: make translate
python -m coursekit.translation check ru [FILE.po …]
python -m coursekit.translation waiting ru
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from coursekit.grading.course.paths import Course, CourseError, find_course
from coursekit.translation import catalogue
from coursekit.translation.catalogue_checks import check, meaning_of
from coursekit.translation.edition import build, write_readme
from coursekit.translation.language_data import can_spell


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
    course, language = find_course(), options.language
    try:
        if options.what == "update":
            for line in catalogue.update(course, language):
                print(line)
            print(write_readme(course, language))
            return 0
        if options.what == "check":
            return _check(course, language, options.files)
        missing = catalogue.waiting(course, language)
        if options.what == "waiting":
            print(*missing, sep="\n\n")
            return 0
        to = options.to or course.root / "build" / language
        build(course, language, to, outputs=options.outputs)
        print(f"{to}: {len(missing)} texts wait for their translation and are in English")
        return 0
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2


def _check(course: Course, language: str, files: list[Path]) -> int:
    """Report what is to be mended; without files also which texts have changed in English."""
    every = sorted(catalogue.folder(course, language).rglob("*.po"))
    meaning = meaning_of(every)
    every += [catalogue.of_package(course, language)]
    report = check(course, language, files or every, meaning)
    print(*report.excused, *report.found, sep="\n")
    missing = [] if files else catalogue.waiting(course, language)
    print(*missing, sep="\n")
    waiting = report.waiting if files else len(missing)
    print(f"{len(report.found)} to mend, {len(report.excused)} excused, {waiting} waiting")
    if not can_spell():
        print("The spelling was not checked: hunspell and its Russian dictionary are missing.")
    return 1 if report.found else 0


if __name__ == "__main__":
    sys.exit(main())
