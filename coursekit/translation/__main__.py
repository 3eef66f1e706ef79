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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 1 if something is to be mended."""
    parser = argparse.ArgumentParser(
        prog="python -m coursekit.translation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=["update", "check", "waiting"])
    parser.add_argument("language", help="such as ru")
    parser.add_argument("files", nargs="*", type=Path, help="catalogues; default: all")
    options = parser.parse_args(arguments)
    course = find_course()
    lines: Sequence[object]
    try:
        if options.what == "update":
            for line in catalogue.update(course, options.language):
                print(line)
            return 0
        lines = catalogue.waiting(course, options.language)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    print(*lines, sep="\n\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
