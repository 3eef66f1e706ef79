"""Build the book: ``python docs/book/build.py build/book``. Every warning is an error."""

import sys
import tempfile
from pathlib import Path

from sphinx.cmd.build import build_main

HERE = Path(__file__).resolve().parent


def main(target: str) -> int:
    with tempfile.TemporaryDirectory() as parsed:
        settings = ["-c", str(HERE), "-d", parsed]
        strict = ["--fail-on-warning", "--keep-going", "--quiet"]
        return build_main(["-b", "html", *settings, *strict, str(HERE.parents[1]), target])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
